"""For every input of every resource two values, and which inputs cannot be changed in place or be seen. Not a test.

What there must be is derived from the models, so that a new input without an entry fails `test_properties`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi_revcent_portal.models import CustomerEmails, CustomerPermissions
from pulumi_revcent_portal.models.base import Model, model_of, secret_paths
from tests.engine.comparison import ENTITIES, MODELS, OURS
from tests.engine.declarations import CLICK, SOURCE, Declaration, Declared, but, domain, html, mail, parameters, portal
from tests.engine.programs import SECRET_KEY, SITE_KEY

OTHER_SITE_KEY = "6LeOtherSiteKeyAAAAAJcZVRqyHh71UMIEGNQ_M"
OTHER_SECRET_KEY = "6LeOtherSecretAAAAAGG-vFI1TnRWxMZNFuojJ4"
ACME_US, ACME_EU, BOLT = "campaignAcmeUS000001", "campaignAcmeEU000001", "campaignBolt00000001"
WOO, SHOPIFY = "shopAcmeWoo000000001", "shopBoltShopify00001"

REPLACING = {
    ("TrackingDomain", "domain"),
    ("TrackingDomainSsl", "tracking_domain"),
    ("TrackingDomainDns", "tracking_domain"),
    ("Recaptcha", "site_key"),
}
"""Inputs of which another value is another object."""

STEERING: dict[tuple[str, str], Any] = {
    **{(kind, "adopt"): True for kind in ENTITIES},
    **{(kind, "adopt_id"): "0123456789abcdefghij" for kind in ENTITIES},
    **{(kind, "wait.timeout"): "5m" for kind in ("TrackingDomainSsl", "TrackingDomainDns", "CustomerPortal")},
    ("CustomerPortal", "rules"): {"two-senders": "off"},
    ("Recaptcha", "verify"): True,
    ("Recaptcha", "verify_url"): "http://127.0.0.1:1/siteverify",
}
"""Inputs that say how to act, with a value that may make no difference to what exists."""


@dataclass(frozen=True)
class Change:
    """Two values of one input; None leaves it out.

    Attributes:
        before: the first.
        after: the second.
        argument: what the program calls it, where that is not the model's path.
    """

    before: Any
    after: Any
    argument: str = ""


_EMAIL = {
    "from_address": Change("portal@acme.com", "service@acme.com"),
    "from_name": Change(None, "Acme's service"),
    "subject": Change(None, "Ihr Code für Acme"),
    "cc": Change(["a@acme.com"], ["a@acme.com", "b@acme.com"]),
    "bcc": Change(None, ["audit@acme.com"]),
    "html": Change(html("Your code"), html("Your new code <i>& nothing else</i>")),
}

CHANGES: dict[str, dict[str, Change]] = {
    "TrackingDomain": {
        "name": Change(None, "The domain's name"),
        "description": Change(None, "What it is for\n(second line)"),
        "url_parameter_sets": Change(["$set"], ["$set", "$other-set"]),
    },
    "SmtpProfile": {
        "name": Change("Mail before", "Mail after"),
        "description": Change(None, "What it is for"),
        "enabled": Change(None, False),
        "host": Change("smtp.acme.com", "smtp.acme.net"),
        "port": Change(587, 2525),
        "secure": Change("starttls", "tls"),
        "username": Change("someone", "someone else"),
        "password": Change("a password", "another password"),
        "sender": Change("a@acme.com", "b@acme.com"),
    },
    "UrlParameterSet": {
        "name": Change("Set before", "Set after"),
        "description": Change(None, "What it is for"),
        "enabled": Change(None, False),
        "url_parameters": Change([SOURCE], [SOURCE, CLICK]),
    },
    "Recaptcha": {"secret_key": Change(SECRET_KEY, OTHER_SECRET_KEY)},
    "TrackingDomainSsl": {},
    "TrackingDomainDns": {},
    "CustomerPortal": {
        "name": Change("Portal before", "Portal after"),
        "description": Change("What it is for", "What it is for now"),
        "enabled": Change(None, False),
        "tracking_domain": Change("$ready", "$other-ready"),
        "smtp_profile": Change("$mail.id", "$other-mail.id"),
        "smtp_sender": Change(
            {"$SmtpProfileRef": {"id": "$mail.id"}},
            {"$SmtpProfileRef": {"id": "$mail.id", "sender": "portal@acme.com"}},
            argument="smtp_profile",
        ),
        "recaptcha.site_key": Change(SITE_KEY, OTHER_SITE_KEY),
        "recaptcha.secret_key": Change(SECRET_KEY, OTHER_SECRET_KEY),
        **{
            f"customer_emails.{email}.{path}": change
            for email in CustomerEmails.model_fields
            for path, change in _EMAIL.items()
        },
        **{f"customer_permissions.{name}": Change(False, True) for name in CustomerPermissions.model_fields},
        "customer_filters.campaign": Change([ACME_US], [ACME_EU, BOLT]),
        "customer_filters.third_party_shop": Change([WOO], [WOO, SHOPIFY]),
        "display_name": Change(None, "Acme & Söhne"),
        "footer_html": Change("<p>Terms</p>", "<p>Terms <br> and more</p>"),
        "create_non_existing_customer": Change(False, True),
        "campaign": Change(None, ACME_US),
        "portal_url": Change("https://acme.com/portal", "https://acme.com/service"),
    },
}


def paths(model: type[Model], prefix: str = "") -> set[str]:
    """Return every input of a model by its dotted path."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = None if "Sequence" in str(field.annotation) else model_of(field)  # a list changes as a whole
        found |= paths(inner, f"{prefix}{name}.") if inner else {prefix + name}
    return found


def is_seen(kind: str, path: str, *, profiles: bool = False) -> bool:
    """Whether a refresh can see that the setting was changed in RevCent.

    Args:
        kind: the resource class.
        path: the input.
        profiles: whether SMTP profiles can be read.
    """
    if path in OURS or kind == "Recaptcha" or tuple(path.split(".")) in secret_paths(MODELS[kind]):
        return False
    return profiles or kind != "SmtpProfile"


Table = dict[str, tuple[str, str, Change]]


def table() -> Table:
    """Return a resource name for each input that can be changed in place, with class, path, and both values."""
    return {
        f"{kind}.{path}": (kind, path, change) for kind, changes in CHANGES.items() for path, change in changes.items()
    }


def with_values(which: str) -> Declaration:
    """Declare one resource for each input of the table, with the value `before` or `after`."""
    declaration: Declaration = {
        **domain("acme.com"),
        **domain("acme.net", "other-"),
        "mail": mail("Acme mail"),
        "other-mail": mail("Other mail"),
        "set": parameters("A set"),
        "other-set": parameters("Another set"),
    }
    for number, (name, (kind, path, change)) in enumerate(table().items()):
        declaration[name] = _base(kind, name, number)
        declaration = but(declaration, {(name, change.argument or path): getattr(change, which)})
    return declaration


def _base(kind: str, name: str, number: int) -> Declared:
    if kind == "TrackingDomain":
        return Declared(kind, {"domain": f"acme-{number}.com"})
    if kind == "Recaptcha":
        return Declared(kind, {"site_key": SITE_KEY})
    if kind == "UrlParameterSet":
        return parameters(name)
    return mail(name) if kind == "SmtpProfile" else portal(name, smtp_profile="$mail.id")
