"""RevCent customer portals as code."""

from pulumi_revcent_portal.components.brand_portal import BrandPortal
from pulumi_revcent_portal.components.portal_domain import PortalDomain
from pulumi_revcent_portal.components.portal_fleet import PortalFleet
from pulumi_revcent_portal.models.base import InvalidInputs
from pulumi_revcent_portal.models.dns import DnsRecord, OctoDns, Rfc2136, Route53
from pulumi_revcent_portal.models.emails import CustomerEmail, CustomerEmails
from pulumi_revcent_portal.models.filters import CustomerFilters
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults, BrandEmail, BrandEmails, BrandPermissions
from pulumi_revcent_portal.models.found import (
    Campaign,
    FoundCustomerPortal,
    FoundTrackingDomain,
    Listing,
    ThirdPartyShop,
)
from pulumi_revcent_portal.models.permissions import CustomerPermissions
from pulumi_revcent_portal.models.recaptcha import RecaptchaKeys
from pulumi_revcent_portal.models.smtp import SmtpProfileRef
from pulumi_revcent_portal.models.url_parameters import UrlParameter
from pulumi_revcent_portal.models.wait import Wait
from pulumi_revcent_portal.resources.account import Account
from pulumi_revcent_portal.resources.customer_portal import CustomerPortal
from pulumi_revcent_portal.resources.dns_records import DnsRecords
from pulumi_revcent_portal.resources.lookups import (
    get_campaigns,
    get_customer_portals,
    get_third_party_shops,
    get_tracking_domains,
)
from pulumi_revcent_portal.resources.recaptcha import Recaptcha
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile
from pulumi_revcent_portal.resources.tracking_domain import TrackingDomain, TrackingDomainDns, TrackingDomainSsl
from pulumi_revcent_portal.resources.url_parameter_set import UrlParameterSet

__all__ = [
    "Account",
    "Brand",
    "BrandDefaults",
    "BrandEmail",
    "BrandEmails",
    "BrandPermissions",
    "BrandPortal",
    "Campaign",
    "CustomerEmail",
    "CustomerEmails",
    "CustomerFilters",
    "CustomerPermissions",
    "CustomerPortal",
    "DnsRecord",
    "DnsRecords",
    "FoundCustomerPortal",
    "FoundTrackingDomain",
    "InvalidInputs",
    "Listing",
    "OctoDns",
    "PortalDomain",
    "PortalFleet",
    "Recaptcha",
    "RecaptchaKeys",
    "Rfc2136",
    "Route53",
    "SmtpProfile",
    "SmtpProfileRef",
    "ThirdPartyShop",
    "TrackingDomain",
    "TrackingDomainDns",
    "TrackingDomainSsl",
    "UrlParameter",
    "UrlParameterSet",
    "Wait",
    "get_campaigns",
    "get_customer_portals",
    "get_third_party_shops",
    "get_tracking_domains",
]
