"""What is valid in a declaration: pydantic models without any I/O, and without the Pulumi engine."""

from pulumi_revcent_portal.models.base import (
    In,
    InvalidInputs,
    ListOf,
    Model,
    Problem,
    is_plain,
    long_paths,
    secret_paths,
    validate,
)
from pulumi_revcent_portal.models.domain import TrackingDomainInputs, TrackingDomainStepInputs
from pulumi_revcent_portal.models.emails import CustomerEmail, CustomerEmails
from pulumi_revcent_portal.models.filters import CustomerFilters
from pulumi_revcent_portal.models.permissions import USE_CASES, CustomerPermissions
from pulumi_revcent_portal.models.portal import CustomerPortalInputs
from pulumi_revcent_portal.models.recaptcha import RecaptchaInputs, RecaptchaKeys
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs, SmtpProfileRef
from pulumi_revcent_portal.models.url_parameters import UrlParameter, UrlParameterSetInputs
from pulumi_revcent_portal.models.wait import Wait

__all__ = [
    "USE_CASES",
    "CustomerEmail",
    "CustomerEmails",
    "CustomerFilters",
    "CustomerPermissions",
    "CustomerPortalInputs",
    "In",
    "InvalidInputs",
    "ListOf",
    "Model",
    "Problem",
    "RecaptchaInputs",
    "RecaptchaKeys",
    "SmtpProfileInputs",
    "SmtpProfileRef",
    "TrackingDomainInputs",
    "TrackingDomainStepInputs",
    "UrlParameter",
    "UrlParameterSetInputs",
    "Wait",
    "is_plain",
    "long_paths",
    "secret_paths",
    "validate",
]
