"""Programs for the fake engine: what the resource classes register for given inputs. Not a test.

`tests/resources` holds it against what the classes really register.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_revcent_portal.models import (
    CustomerPortalInputs,
    Model,
    RecaptchaInputs,
    SmtpProfileInputs,
    TrackingDomainInputs,
    TrackingDomainStepInputs,
    UrlParameterSetInputs,
    secret_paths,
    validate,
)
from pulumi_revcent_portal.models.dns import DnsRecordsInputs
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.customer_portal import CustomerPortalProvider
from pulumi_revcent_portal.providers.dns_records import DnsRecordsProvider
from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY
from pulumi_revcent_portal.providers.planning import without_idle_steering
from pulumi_revcent_portal.providers.recaptcha import RecaptchaProvider
from pulumi_revcent_portal.providers.smtp_profile import SmtpProfileProvider
from pulumi_revcent_portal.providers.stack_identity import StackIdentityProvider
from pulumi_revcent_portal.providers.tracking_domain import TrackingDomainProvider
from pulumi_revcent_portal.providers.tracking_domain_dns import TrackingDomainDnsProvider
from pulumi_revcent_portal.providers.tracking_domain_ssl import TrackingDomainSslProvider
from pulumi_revcent_portal.providers.url_parameter_set import UrlParameterSetProvider
from tests.providers.engine import Declared, IsPreview, Ref, Secret, unknown

KINDS: dict[str, tuple[type[Provider], type[Model]]] = {
    "TrackingDomain": (TrackingDomainProvider, TrackingDomainInputs),
    "TrackingDomainSsl": (TrackingDomainSslProvider, TrackingDomainStepInputs),
    "TrackingDomainDns": (TrackingDomainDnsProvider, TrackingDomainStepInputs),
    "SmtpProfile": (SmtpProfileProvider, SmtpProfileInputs),
    "Recaptcha": (RecaptchaProvider, RecaptchaInputs),
    "CustomerPortal": (CustomerPortalProvider, CustomerPortalInputs),
    "DnsRecords": (DnsRecordsProvider, DnsRecordsInputs),
    "UrlParameterSet": (UrlParameterSetProvider, UrlParameterSetInputs),
}
NOT_OWNED = ("Recaptcha",)
IDENTITY = Declared("revcent-identity", StackIdentityProvider, {})

DOMAIN_ID, PROFILE_ID, CAMPAIGN_ID, SHOP_ID, SET_ID = (mark * 20 for mark in "DPCSU")
SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"
SECRET_KEY = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"

MAIL: dict[str, Any] = {
    "name": "Acme mail",
    "host": "smtp.acme.test",
    "port": 587,
    "username": "portal@acme.test",
    "password": "mail-password",
}
CAPTCHA: dict[str, Any] = {"site_key": SITE_KEY, "secret_key": SECRET_KEY}
DOMAIN: dict[str, Any] = {"domain": "acme.test"}
PARAMETER_SET: dict[str, Any] = {
    "name": "Ads",
    "url_parameters": [
        {"url_parameter": "utm_source", "metadata_name": "source"},
        {"url_parameter": "gclid", "metadata_name": "click"},
    ],
}
_EMAIL = {"from_address": "portal@acme.test", "html": "<p>{{email_code}}</p>"}
PORTAL: dict[str, Any] = {
    "name": "Acme portal",
    "display_name": "Acme",
    "tracking_domain": DOMAIN_ID,
    "smtp_profile": PROFILE_ID,
    "recaptcha": CAPTCHA,
    "customer_emails": {"confirmation": _EMAIL, "password_reset": _EMAIL},
    "customer_permissions": {"contact_modify": True},
    "footer_html": "<a href='https://acme.test/terms'>Terms</a>",
}


def urn(kind: str, name: str, stack: str = "dev") -> str:
    return f"urn:pulumi:{stack}::acme::pulumi-python:dynamic/revcent:{kind}::{name}"


def declared(
    kind: str,
    name: str,
    inputs: Mapping[str, Any],
    *,
    links: Mapping[str, Any] | None = None,
    stack: str = "dev",
    marked: bool = True,
) -> Declared:
    """One resource.

    Args:
        kind: the name of the resource class.
        name: the Pulumi name.
        inputs: as a program writes them.
        links: inputs that are outputs of other resources, instead of those in `inputs`.
        stack: the name of the stack.
        marked: whether the stack marks what it owns.
    """
    provider, model = KINDS[kind]
    links = links or {}
    values = without_idle_steering(validate(model, {**inputs, **dict.fromkeys(links, unknown())}).dump()) | dict(links)
    for path in secret_paths(model):
        _make_secret(values, path)
    owner: dict[str, Any] = {"urn": urn(kind, name, stack), DRY_KEY: IsPreview()}
    if marked and kind not in NOT_OWNED:
        owner["identity"] = Ref(IDENTITY.name, "identity")
    return Declared(name, provider, {**values, OWNER_KEY: owner})


def _make_secret(values: dict[str, Any], path: tuple[str, ...]) -> None:
    *parents, last = path
    for key in parents:
        values[key] = dict(values[key])
        values = values[key]
    values[last] = Secret(values[last])


def brand(
    portal: Mapping[str, Any] = PORTAL, mail: Mapping[str, Any] = MAIL, domain: Mapping[str, Any] = DOMAIN, **how: Any
) -> list[Declared]:
    """Everything a portal needs, and the portal, wired as a program wires it."""
    keys = portal["recaptcha"]
    return [
        IDENTITY,
        declared("TrackingDomain", "domain", domain, **how),
        declared("TrackingDomainSsl", "ssl", {}, links={"tracking_domain": Ref("domain")}, **how),
        declared("TrackingDomainDns", "ready", {}, links={"tracking_domain": Ref("ssl")}, **how),
        declared("SmtpProfile", "mail", mail, **how),
        declared("Recaptcha", "captcha", keys, **how),
        declared(
            "CustomerPortal",
            "portal",
            portal,
            links={
                "tracking_domain": Ref("ready", "tracking_domain_id"),
                "smtp_profile": Ref("mail"),
                "smtp_sender": Ref("mail", "sender"),
                "recaptcha": {
                    "site_key": Ref("captcha", "site_key"),
                    "secret_key": Ref("captcha", "secret_key"),
                },
            },
            **how,
        ),
    ]


def single(kind: str, inputs: Mapping[str, Any], *, name: str = "one", **how: Any) -> list[Declared]:
    """One resource whose references are IDs, and the stack's identity."""
    return [IDENTITY, declared(kind, name, inputs, **how)]
