"""RevCent customer portals as code."""

from pulumi_revcent_portal.components.portal_domain import PortalDomain
from pulumi_revcent_portal.models.base import InvalidInputs
from pulumi_revcent_portal.models.dns import DnsRecord, OctoDns, Rfc2136, Route53
from pulumi_revcent_portal.models.emails import CustomerEmail, CustomerEmails
from pulumi_revcent_portal.models.filters import CustomerFilters
from pulumi_revcent_portal.models.permissions import CustomerPermissions
from pulumi_revcent_portal.models.recaptcha import RecaptchaKeys
from pulumi_revcent_portal.models.smtp import SmtpProfileRef
from pulumi_revcent_portal.models.url_parameters import UrlParameter
from pulumi_revcent_portal.models.wait import Wait
from pulumi_revcent_portal.resources.account import Account
from pulumi_revcent_portal.resources.customer_portal import CustomerPortal
from pulumi_revcent_portal.resources.dns_records import DnsRecords
from pulumi_revcent_portal.resources.recaptcha import Recaptcha
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile
from pulumi_revcent_portal.resources.tracking_domain import TrackingDomain, TrackingDomainDns, TrackingDomainSsl
from pulumi_revcent_portal.resources.url_parameter_set import UrlParameterSet

__all__ = [
    "Account",
    "CustomerEmail",
    "CustomerEmails",
    "CustomerFilters",
    "CustomerPermissions",
    "CustomerPortal",
    "DnsRecord",
    "DnsRecords",
    "InvalidInputs",
    "OctoDns",
    "PortalDomain",
    "Recaptcha",
    "RecaptchaKeys",
    "Rfc2136",
    "Route53",
    "SmtpProfile",
    "SmtpProfileRef",
    "TrackingDomain",
    "TrackingDomainDns",
    "TrackingDomainSsl",
    "UrlParameter",
    "UrlParameterSet",
    "Wait",
]
