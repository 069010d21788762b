"""Wrong declarations, at least one for every input of every resource and for every rule of RevCent's guide.

A table, not tests: `tests/models/test_wrong_declarations.py` holds it against the models, and fails when an input is
added without an entry here. Tests that drive the engine run the same table through a preview.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.models import (
    Model,
    RecaptchaInputs,
    SmtpProfileInputs,
    SmtpProfileRef,
    TrackingDomainInputs,
    TrackingDomainStepInputs,
    UrlParameter,
    UrlParameterSetInputs,
)
from pulumi_revcent_portal.models.dns import DnsRecord, DnsRecordsInputs
from pulumi_revcent_portal.models.portal import CustomerPortalInputs
from pulumi_revcent_portal.models.publishers import OctoDns, Rfc2136, Route53

if TYPE_CHECKING:
    from collections.abc import Mapping

LEFT_OUT = object()
"""As a value: the input is not given at all."""

DOMAIN_ID, PROFILE_ID, CAMPAIGN_ID, SHOP_ID, SET_ID = (mark * 20 for mark in "DPCSU")
SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"  # Google's public test keys, which let everybody pass
SECRET_KEY = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"
SENDER = "portal@acme.test"
TSIG_SECRET = "Y2FuYXJ5LWtleS1zZWNyZXQ="
SECRETS = ("hunter2-canary", SECRET_KEY, "6Lcanary-canary-canary-canary-canary-ca!", TSIG_SECRET)

MODELS: dict[str, type[Model]] = {
    "TrackingDomain": TrackingDomainInputs,
    "TrackingDomainSsl": TrackingDomainStepInputs,
    "TrackingDomainDns": TrackingDomainStepInputs,
    "SmtpProfile": SmtpProfileInputs,
    "SmtpProfileRef": SmtpProfileRef,
    "Recaptcha": RecaptchaInputs,
    "CustomerPortal": CustomerPortalInputs,
    "DnsRecords": DnsRecordsInputs,
    "DnsRecord": DnsRecord,
    "Route53": Route53,
    "Rfc2136": Rfc2136,
    "OctoDns": OctoDns,
    "UrlParameterSet": UrlParameterSetInputs,
    "UrlParameter": UrlParameter,
}
"""What a program declares, and the model of its inputs."""

VALUES = ("SmtpProfileRef", "DnsRecord", "Route53", "Rfc2136", "OctoDns", "UrlParameter")
"""Those that are no resources, but inputs of one."""

_EMAIL = {
    "from_address": SENDER,
    "from_name": "Acme",
    "subject": "Your code",
    "cc": [],
    "bcc": [],
    "html": "<p>{{email_code}}</p>",
}

_RECORD = {"type": "A", "name": "www.acme.test", "value": "192.0.2.1"}
_PARAMETER = {"url_parameter": "utm_source", "metadata_name": "source"}

VALID: dict[str, dict[str, Any]] = {
    "TrackingDomain": {"domain": "acme.test", "url_parameter_sets": [SET_ID]},
    "TrackingDomainSsl": {"tracking_domain": DOMAIN_ID},
    "TrackingDomainDns": {"tracking_domain": DOMAIN_ID},
    "SmtpProfile": {
        "name": "Acme mail",
        "host": "smtp.acme.test",
        "port": 587,
        "secure": "starttls",
        "username": SENDER,
        "password": "hunter2-canary",
        "sender": SENDER,
    },
    "SmtpProfileRef": {"id": PROFILE_ID, "sender": SENDER},
    "Recaptcha": {"site_key": SITE_KEY, "secret_key": SECRET_KEY},
    "CustomerPortal": {
        "name": "Acme portal",
        "tracking_domain": DOMAIN_ID,
        "smtp_profile": PROFILE_ID,
        "smtp_sender": SENDER,
        "recaptcha": {"site_key": SITE_KEY, "secret_key": SECRET_KEY},
        "customer_emails": {"confirmation": copy.deepcopy(_EMAIL), "password_reset": copy.deepcopy(_EMAIL)},
        "customer_permissions": {},
        "customer_filters": {},
    },
    "DnsRecords": {
        "zone": "acme.test",
        "records": [_RECORD],
        "publisher": {"kind": "route53", "hosted_zone_id": "Z01"},
    },
    "DnsRecord": _RECORD,
    "Route53": {"hosted_zone_id": "Z01"},
    "Rfc2136": {"server": "ns1.acme.test", "key_name": "portal.", "key_secret": TSIG_SECRET},
    "OctoDns": {"provider": "octodns_cloudflare.CloudflareProvider", "secrets": {"token": "hunter2-canary"}},
    "UrlParameterSet": {"name": "Ads", "url_parameters": [_PARAMETER]},
    "UrlParameter": _PARAMETER,
}
"""A valid declaration of each, from which the wrong ones differ in one input.

`smtp_sender` is a hidden input: a program gives it with `smtp_profile=SmtpProfileRef(id=..., sender=...)`.
"""


@dataclass(frozen=True)
class Wrong:
    """One wrong declaration.

    Attributes:
        resource: Which resource, a key of `VALID`.
        path: The input that is wrong, with dots. It may not exist.
        value: What stands there instead of the valid value, or `LEFT_OUT`.
        says: Words that the message must hold.
        cure: Words of the cure that the message must hold.
        rule: The rule of the guide that it breaks, a key of `GUIDE_RULES`, or "".
    """

    resource: str
    path: str
    value: Any
    says: tuple[str, ...]
    cure: str
    rule: str = ""

    @property
    def id(self) -> str:
        """A short name for test reports."""
        shown = "left out" if self.value is LEFT_OUT else repr(self.value)
        return f"{self.resource}.{self.path}={shown[:40]}"

    def declaration(self, valid: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole wrong declaration.

        Args:
            valid: A valid one to start from, `VALID[self.resource]` by default.
        """
        inputs = copy.deepcopy(dict(VALID[self.resource] if valid is None else valid))
        *parents, last = self.path.split(".")
        inner = inputs
        for key in parents:
            inner = inner.setdefault(key, {})
        if self.value is LEFT_OUT:
            inner.pop(last, None)
        else:
            inner[last] = self.value
        return inputs


GUIDE_RULES: dict[str, str] = {
    "portal-name": "a portal has a name",
    "portal-domain": "a portal has a tracking domain",
    "portal-smtp": "a portal has an SMTP profile",
    "portal-recaptcha": "a portal has reCAPTCHA keys",
    "recaptcha-site-key": "reCAPTCHA needs a site key",
    "recaptcha-secret-key": "reCAPTCHA needs a secret key",
    "recaptcha-v2": "the keys are those of reCAPTCHA v2",
    "portal-emails": "a portal has its emails",
    "confirmation": "the account confirmation email is configured",
    "password-reset": "the password reset email is configured",
    "confirmation-code": "the account confirmation email holds {{email_code}}",
    "password-reset-code": "the password reset email holds {{email_code}}",
    "confirmation-from": "the account confirmation email has a from address",
    "password-reset-from": "the password reset email has a from address",
    "confirmation-sender": "the confirmation comes from the address of the SMTP profile",
    "password-reset-sender": "the password reset comes from the address of the SMTP profile",
    "permissions": "the permissions are the twelve that exist",
    "filters": "the filters are campaign and third-party shop",
    "root-domain": "a tracking domain is a root domain",
}
"""The rules of RevCent's guide that can be known when a program is run. The others are warnings, or need RevCent."""


def _email(name: str) -> list[Wrong]:
    rule = name.replace("_", "-")
    at = f"customer_emails.{name}"
    return [
        Wrong("CustomerPortal", at, LEFT_OUT, ("is required", at), "sent when a customer", rule),
        Wrong("CustomerPortal", at, "<p>{{email_code}}</p>", ("CustomerEmail(...)",), "from_address, from_name"),
        Wrong(
            "CustomerPortal", f"{at}.from_address", LEFT_OUT, ("is required",), "the sender's address", f"{rule}-from"
        ),
        Wrong("CustomerPortal", f"{at}.from_address", "portal.acme.test", ("not an email address",), "portal@acme.com"),
        Wrong("CustomerPortal", f"{at}.from_address", f"Acme <{SENDER}>", ("more than the address",), "from_name"),
        Wrong(
            "CustomerPortal",
            f"{at}.from_address",
            "x@old.test",
            ("'x@old.test' is not the sender 'portal@acme.test'",),
            "Change it, or set sender='x@old.test'",
            f"{rule}-sender",
        ),
        Wrong("CustomerPortal", f"{at}.from_name", "Acme\nBcc: all@acme.test", ("line break",), "on one line"),
        Wrong("CustomerPortal", f"{at}.from_name", ["Acme"], ("must be a string, not a list",), "a string"),
        Wrong("CustomerPortal", f"{at}.subject", "  ", ("is blank",), "at least one visible character"),
        Wrong("CustomerPortal", f"{at}.subject", " Code", ("white space",), "Write 'Code'"),
        Wrong("CustomerPortal", f"{at}.cc", "a@acme.test", ("must be a list",), "['a@acme.test']"),
        Wrong("CustomerPortal", f"{at}.cc", ["a@acme.test", "a@ACME.test"], ("more than once",), "Leave one"),
        Wrong("CustomerPortal", f"{at}.bcc", ["a@acme.test", "acme"], (f"{at}.bcc[1]", "'acme'"), "portal@acme.com"),
        Wrong("CustomerPortal", f"{at}.bcc", {"a@acme.test"}, ("must be a list, not a set",), "a list"),
        Wrong("CustomerPortal", f"{at}.html", LEFT_OUT, ("is required",), "{{email_code}}"),
        Wrong("CustomerPortal", f"{at}.html", "<p>Hello</p>", ("does not show",), "{{email_code}}", f"{rule}-code"),
        Wrong("CustomerPortal", f"{at}.html", "<p>{email_code}</p>", ("'{email_code}'",), "Write {{email_code}}"),
        Wrong("CustomerPortal", f"{at}.html", "<!-- {{email_code}} -->", ("cannot read it",), "into the visible text"),
    ]


def _permission(name: str) -> list[Wrong]:
    at = f"customer_permissions.{name}"
    return [Wrong("CustomerPortal", at, "yes", ("must be True or False", "'yes'"), "without quotes")]


def _step(resource: str) -> list[Wrong]:
    return [
        Wrong(resource, "tracking_domain", LEFT_OUT, ("is required",), "the ID of the tracking domain"),
        Wrong(resource, "tracking_domain", "acme.com", ("'acme.com'", "20 letters and digits"), "TrackingDomain"),
        *_waiting(resource),
    ]


def _waiting(resource: str) -> list[Wrong]:
    return [
        Wrong(resource, "wait", 20, ("must be a Wait or False", "20"), 'revcent.Wait(timeout="20m")'),
        Wrong(resource, "wait.timeout", "20", ("'20' is no duration",), "Write it like 90s, 20m or 1h30m"),
        Wrong(resource, "wait.timeout", "0s", ("between a second and a week",), "wait=False does not wait at all"),
    ]


def _steering(resource: str) -> list[Wrong]:
    return [
        Wrong(resource, "adopt", "true", ("must be True or False", "'true'"), "without quotes"),
        Wrong(resource, "adopt_id", "Acme", ("'Acme'", "20 letters and digits"), "copy its ID"),
    ]


WRONG: tuple[Wrong, ...] = (
    # TrackingDomain
    Wrong("TrackingDomain", "domain", LEFT_OUT, ("is required",), "the root domain"),
    Wrong("TrackingDomain", "domain", "shop.acme.com", ("sub-domain",), "Write 'acme.com'", "root-domain"),
    Wrong("TrackingDomain", "domain", "co.uk", ("public suffix",), "acme.co.uk"),
    Wrong("TrackingDomain", "domain", "https://acme.com", ("scheme",), "only the root domain"),
    Wrong("TrackingDomain", "domain", "acme.com/portal", ("path",), "only the root domain"),
    Wrong("TrackingDomain", "domain", "acme.com:443", ("port",), "only the root domain"),
    Wrong("TrackingDomain", "domain", "*.acme.com", ("wildcard",), "only the root domain"),
    Wrong("TrackingDomain", "name", "", ("is blank",), "leave the input out"),
    Wrong("TrackingDomain", "description", "ours [pulumi a/b/c]", ("reserved",), "Remove it"),
    Wrong("TrackingDomain", "url_parameter_sets", ["utm "], ("url_parameter_sets[0]", "'utm '"), "Write 'utm'"),
    Wrong("TrackingDomain", "url_parameter_set", [], ("no input 'url_parameter_set'",), "'url_parameter_sets'"),
    *_steering("TrackingDomain"),
    # TrackingDomainSsl, TrackingDomainDns
    *_step("TrackingDomainSsl"),
    *_step("TrackingDomainDns"),
    # SmtpProfile
    Wrong("SmtpProfile", "name", LEFT_OUT, ("is required",), "the profile's name"),
    Wrong("SmtpProfile", "name", "Acme mail ", ("white space",), "Write 'Acme mail'"),
    Wrong("SmtpProfile", "description", 5, ("must be a string, not 5",), "a string"),
    Wrong("SmtpProfile", "enabled", "yes", ("must be True or False",), "without quotes"),
    Wrong("SmtpProfile", "host", LEFT_OUT, ("is required",), "a host name or an IP address"),
    Wrong("SmtpProfile", "host", "smtp://smtp.acme.com", ("scheme",), "only the host name"),
    Wrong("SmtpProfile", "host", "smtp.acme.com:587", ("port",), "host='smtp.acme.com' and port=587"),
    Wrong("SmtpProfile", "host", "[::1]", ("brackets",), "Write '::1'"),
    Wrong("SmtpProfile", "host", "portal@acme.com", ("email address",), "smtp.acme.com"),
    Wrong("SmtpProfile", "port", LEFT_OUT, ("is required",), "1 to 65535"),
    Wrong("SmtpProfile", "port", 0, ("0 is not a TCP port",), "1 to 65535"),
    Wrong("SmtpProfile", "port", 65536, ("65536 is not a TCP port",), "1 to 65535"),
    Wrong("SmtpProfile", "port", "587", ("whole number", "'587'"), "without quotes"),
    Wrong("SmtpProfile", "port", 587.5, ("whole number", "587.5"), "such as 587"),
    Wrong("SmtpProfile", "secure", "start_tls", ("'none', 'starttls' or 'tls'",), "Did you mean 'starttls'?"),
    Wrong("SmtpProfile", "secure", True, ("not True",), "'none', 'starttls' or 'tls'"),
    Wrong("SmtpProfile", "username", LEFT_OUT, ("is required",), "who logs in"),
    Wrong("SmtpProfile", "username", "   ", ("is blank",), "at least one visible character"),
    Wrong("SmtpProfile", "password", LEFT_OUT, ("is required",), "the password for the mail server"),
    Wrong("SmtpProfile", "password", "", ("is blank",), "config.require_secret"),
    Wrong("SmtpProfile", "password", ["hunter2-canary"], ("must be a string",), "a string"),
    Wrong("SmtpProfile", "pasword", "hunter2-canary", ("no input 'pasword'",), "'password'"),
    Wrong("SmtpProfile", "sender", "acme", ("'acme' is not an email address",), "portal@acme.com"),
    *_steering("SmtpProfile"),
    Wrong("SmtpProfileRef", "id", "Acme mail", ("'Acme mail'", "20 letters and digits"), "SmtpProfile"),
    Wrong("SmtpProfileRef", "sender", "a@acme.test, b@acme.test", ("several addresses",), "Write one"),
    # Recaptcha
    Wrong("Recaptcha", "site_key", LEFT_OUT, ("is required",), "the public key", "recaptcha-site-key"),
    Wrong("Recaptcha", "site_key", SITE_KEY[:-1], ("39 characters",), "google.com/recaptcha/admin", "recaptcha-v2"),
    Wrong("Recaptcha", "secret_key", LEFT_OUT, ("is required",), "the secret key", "recaptcha-secret-key"),
    Wrong("Recaptcha", "secret_key", SECRETS[2], ("no key of reCAPTCHA v2",), "google.com/recaptcha/admin"),
    Wrong("Recaptcha", "secret_key", f"{SECRET_KEY}\n", ("white space",), "Remove it"),
    Wrong("Recaptcha", "secret_key", SITE_KEY, ("is the site key once more",), "google.com/recaptcha/admin"),
    Wrong("Recaptcha", "verify", 1, ("must be True or False, without quotes, not 1",), "True or False"),
    Wrong("Recaptcha", "verify_url", "http://example.com/siteverify", ("not an https URL",), "this machine"),
    # CustomerPortal
    *_waiting("CustomerPortal"),
    Wrong("CustomerPortal", "name", LEFT_OUT, ("is required",), "the portal's name", "portal-name"),
    Wrong("CustomerPortal", "name", "", ("is blank",), "at least one visible character"),
    Wrong("CustomerPortal", "name", "Acme\tportal", ("control character",), "on one line"),
    Wrong("CustomerPortal", "description", " ours", ("white space",), "Write 'ours'"),
    Wrong("CustomerPortal", "description", "[pulumi x]", ("reserved",), "Remove it"),
    Wrong("CustomerPortal", "enabled", "no", ("must be True or False",), "without quotes"),
    Wrong("CustomerPortal", "tracking_domain", LEFT_OUT, ("is required",), "an active certificate", "portal-domain"),
    Wrong("CustomerPortal", "tracking_domain", "acme.com", ("'acme.com'",), "TrackingDomain"),
    Wrong("CustomerPortal", "smtp_profile", LEFT_OUT, ("is required",), "the SMTP profile", "portal-smtp"),
    Wrong("CustomerPortal", "smtp_profile", "Acme mail", ("'Acme mail'",), "SmtpProfile"),
    Wrong("CustomerPortal", "smtp_sender", "acme", ("'acme' is not an email address",), "portal@acme.com"),
    Wrong("CustomerPortal", "recaptcha", LEFT_OUT, ("is required",), "the reCAPTCHA v2 keys", "portal-recaptcha"),
    Wrong("CustomerPortal", "recaptcha", SECRET_KEY, ("not a string",), "RecaptchaKeys(...)"),
    Wrong("CustomerPortal", "recaptcha.site_key", LEFT_OUT, ("is required",), "the public key"),
    Wrong("CustomerPortal", "recaptcha.site_key", "key", ("3 characters",), "google.com/recaptcha/admin"),
    Wrong("CustomerPortal", "recaptcha.secret_key", LEFT_OUT, ("is required",), "the secret key"),
    Wrong("CustomerPortal", "recaptcha.secret_key", SITE_KEY, ("is the site key once more",), "the other one"),
    Wrong("CustomerPortal", "recaptcha.secret_key", SECRETS[2], ("no key of reCAPTCHA v2",), "google.com/recaptcha"),
    Wrong("CustomerPortal", "recaptcha.secretkey", SECRET_KEY, ("no input 'secretkey'",), "'secret_key'"),
    Wrong("CustomerPortal", "customer_emails", LEFT_OUT, ("is required",), "the two emails", "portal-emails"),
    Wrong("CustomerPortal", "customer_emails", [_EMAIL], ("not a list",), "confirmation, password_reset"),
    Wrong(
        "CustomerPortal", "customer_emails.passwort_reset", _EMAIL, ("no input 'passwort_reset'",), "'password_reset'"
    ),
    *_email("confirmation"),
    *_email("password_reset"),
    Wrong("CustomerPortal", "customer_permissions", ["contact_modify"], ("not a list",), "CustomerPermissions(...)"),
    Wrong(
        "CustomerPortal",
        "customer_permissions.subscription_cancle",
        True,
        ("no input 'subscription_cancle'",),
        "'subscription_cancel'",
        "permissions",
    ),
    *_permission("contact_modify"),
    *_permission("credit_card_add"),
    *_permission("credit_card_remove"),
    *_permission("credit_card_set_default"),
    *_permission("shipping_modify_ship_to"),
    *_permission("subscription_renew"),
    *_permission("subscription_activate"),
    *_permission("subscription_suspend"),
    *_permission("subscription_cancel"),
    *_permission("trial_expire"),
    *_permission("trial_cancel"),
    *_permission("salvage_transaction_process"),
    Wrong("CustomerPortal", "customer_filters", "Acme US", ("'Acme US'",), "CustomerFilters(...)"),
    Wrong("CustomerPortal", "customer_filters.shop", [SHOP_ID], ("no input 'shop'",), "third_party_shop", "filters"),
    Wrong("CustomerPortal", "customer_filters.campaign", ["Acme\nUS"], ("line break",), "on one line"),
    Wrong("CustomerPortal", "customer_filters.campaign", [CAMPAIGN_ID] * 2, ("more than once",), "Leave one"),
    Wrong("CustomerPortal", "customer_filters.third_party_shop", [" "], ("is blank",), "visible character"),
    Wrong("CustomerPortal", "customer_filters.third_party_shop", SHOP_ID, ("must be a list",), f"['{SHOP_ID}']"),
    Wrong("CustomerPortal", "display_name", "Acme ", ("white space",), "Write 'Acme'"),
    Wrong("CustomerPortal", "display_nane", "Acme", ("no input 'display_nane'",), "'display_name'"),
    Wrong("CustomerPortal", "footer_html", 1, ("must be a string, not 1",), "a string"),
    Wrong("CustomerPortal", "create_non_existing_customer", "false", ("must be True or False",), "without quotes"),
    Wrong("CustomerPortal", "rules", "two-senders", ("must be a dict", "'two-senders'"), "must be a dict"),
    Wrong("CustomerPortal", "rules.two-senders", "no", ("rules.two-senders", "'no'"), "'off', 'warning' or 'error'"),
    Wrong("CustomerPortal", "campaign", " Acme US", ("' Acme US'",), "Write 'Acme US'"),
    Wrong("CustomerPortal", "portal_url", "http://acme.com/portal", ("not an https URL",), "https://acme.com/portal"),
    Wrong("CustomerPortal", "portal_url", "https://a:b@acme.com", ("password",), "without them"),
    *_steering("CustomerPortal"),
    # DnsRecords, and what it takes
    Wrong("DnsRecords", "zone", LEFT_OUT, ("is required",), "such as acme.com"),
    Wrong("DnsRecords", "zone", "https://acme.test", ("is not a domain name",), "Write it in full, like"),
    Wrong("DnsRecords", "zone", "*.acme.test", ("wildcard",), "the name of the zone"),
    Wrong("DnsRecords", "records", LEFT_OUT, ("is required",), "a_records"),
    Wrong("DnsRecords", "records", _RECORD, ("must be a list, not a dict",), "in brackets"),
    Wrong("DnsRecords", "records", [_RECORD, _RECORD], ("records[0] once more",), "Leave one"),
    Wrong("DnsRecords", "records", [_RECORD | {"name": "www.acme.com"}], ("not inside of the zone",), "its own zone"),
    Wrong(
        "DnsRecords",
        "records",
        [_RECORD | {"name": "acme.test", "type": "CNAME", "value": "a.example"}],
        ("no CNAME can stand",),
        "Use A",
    ),
    Wrong("DnsRecords", "publisher", LEFT_OUT, ("is required",), "Amazon Route 53"),
    Wrong("DnsRecords", "publisher", "hunter2-canary", ("not a string",), "Route53(...), Rfc2136(...) or OctoDns(...)"),
    Wrong("DnsRecords", "publisher", {"kind": "route35"}, ("needs a key kind",), "Did you mean 'route53'?"),
    Wrong("DnsRecords", "publisher.key_secret", "hunter2-canary", ("no input 'key_secret'",), "hosted_zone_id"),
    Wrong("DnsRecords", "ttl", "5m", ("whole number of seconds",), "without quotes"),
    Wrong("DnsRecords", "ttl", 0, ("0 is no time to live",), "60 to 86400"),
    Wrong("DnsRecords", "overwrite", "yes", ("must be True or False",), "without quotes"),
    Wrong("DnsRecords", "adopt", "yes", ("must be True or False",), "without quotes"),
    Wrong("DnsRecord", "type", "MX", ("not the string 'MX'",), "'A', 'AAAA', 'CNAME' or 'TXT'"),
    Wrong("DnsRecord", "type", LEFT_OUT, ("is required",), "the type of the record"),
    Wrong("DnsRecord", "name", LEFT_OUT, ("is required",), "such as www.acme.com"),
    Wrong("DnsRecord", "name", "@", ("is not a domain name",), "Write it in full"),
    Wrong("DnsRecord", "value", LEFT_OUT, ("is required",), "an IPv4 address for A"),
    Wrong("DnsRecord", "value", "www.acme.test", ("is not an IPv4 address",), "Write it like 192.0.2.1"),
    Wrong("DnsRecord", "value", "2001:db8::1", ("is an IPv6 address",), "Its type is AAAA"),
    Wrong("Route53", "kind", "rfc2136", ("must be 'route53'",), "'route53'"),
    Wrong("Route53", "hosted_zone_id", LEFT_OUT, ("is required",), "the ID of the hosted zone"),
    Wrong("Route53", "hosted_zone_id", "acme.test", ("not the ID of a hosted zone",), "Route 53 console"),
    Wrong("Route53", "region", "Ireland", ("is not an AWS region",), "us-east-1"),
    Wrong("Route53", "profile", " ", ("is blank",), "leave the input out"),
    Wrong("Route53", "role_arn", "dns", ("is not the ARN of a role",), "arn:aws:iam::123456789012:role/dns"),
    Wrong("Route53", "endpoint_url", "http://example.com", ("not an https URL",), "this machine"),
    Wrong("Rfc2136", "kind", "bind", ("must be 'rfc2136'",), "'rfc2136'"),
    Wrong("Rfc2136", "server", LEFT_OUT, ("is required",), "a host name or an IP address"),
    Wrong("Rfc2136", "server", "ns1.acme.test:5353", ("holds a port",), "server='ns1.acme.test' and port=5353"),
    Wrong("Rfc2136", "port", 65536, ("65536 is not a TCP port",), "1 to 65535"),
    Wrong("Rfc2136", "key_name", LEFT_OUT, ("is required",), "as the server knows it"),
    Wrong("Rfc2136", "key_name", "a key", ("is not a domain name",), "Write it in full"),
    Wrong("Rfc2136", "key_secret", LEFT_OUT, ("is required",), "in base64"),
    Wrong("Rfc2136", "key_secret", "hunter2-canary", ("is not base64",), "tsig-keygen"),
    Wrong("Rfc2136", "key_algorithm", "sha256", ("must be 'hmac-sha256'",), "'hmac-sha512'"),
    Wrong("OctoDns", "kind", 1, ("must be 'octodns'",), "'octodns'"),
    Wrong("OctoDns", "provider", LEFT_OUT, ("is required",), "octodns_cloudflare.CloudflareProvider"),
    Wrong("OctoDns", "provider", "Cloudflare", ("is not the path of a class",), "CloudflareProvider"),
    Wrong("OctoDns", "settings", ["zone"], ("must be a dict",), "not a list"),
    Wrong("OctoDns", "settings.token", "hunter2-canary", ("stands in secrets too",), "Leave one"),
    Wrong("OctoDns", "settings.api_key", "hunter2-canary", ("looks like a secret",), "secrets={'api_key': ...}"),
    Wrong("OctoDns", "secrets", "hunter2-canary", ("must be a dict",), "not a string"),
    # UrlParameterSet
    Wrong("UrlParameterSet", "name", LEFT_OUT, ("is required",), "the set's name"),
    Wrong("UrlParameterSet", "name", "Ads ", ("white space",), "Write 'Ads'"),
    Wrong("UrlParameterSet", "url_parameters", LEFT_OUT, ("is required",), "at least one"),
    Wrong("UrlParameterSet", "url_parameters", [], ("is empty",), "Name at least one parameter"),
    Wrong("UrlParameterSet", "url_parameters", _PARAMETER, ("must be a list, not a dict",), "in brackets"),
    Wrong("UrlParameterSet", "url_parameters", ["utm_source"], ("url_parameters[0]",), "UrlParameter(...)"),
    Wrong(
        "UrlParameterSet",
        "url_parameters",
        [_PARAMETER, {"url_parameter": "utm_source"}],
        ("url_parameters[1]: is 'utm_source' once more", "after url_parameters[0]"),
        "Leave one of them",
    ),
    Wrong("UrlParameterSet", "description", "[pulumi x]", ("reserved",), "Remove it"),
    Wrong("UrlParameterSet", "enabled", "no", ("must be True or False", "'no'"), "without quotes"),
    *_steering("UrlParameterSet"),
    Wrong("UrlParameter", "url_parameter", LEFT_OUT, ("is required",), "such as utm_source"),
    Wrong("UrlParameter", "url_parameter", "utm_source=ad", ("it holds '='",), "Write the name alone"),
    Wrong("UrlParameter", "url_parameter", "utm source", ("it holds ' '",), "like utm_source"),
    Wrong("UrlParameter", "metadata_name", " ", ("is blank",), "leave the input out"),
    Wrong("UrlParameter", "metadata_name", "a\nb", ("line break",), "on one line"),
)
"""Every entry, in the order of the resources and their inputs."""
