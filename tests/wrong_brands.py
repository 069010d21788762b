"""Wrong brands, at least one for every field of a brand and of what brands share.

A table, not tests: `tests/models/test_fleet.py` holds it against the models, and fails when a field is added without an
entry here. What is wrong with a fleet of them stands in `tests/components/mistakes.py`.
"""

from __future__ import annotations

from typing import Any, Final

from tests.wrong_declarations import (
    CAMPAIGN_ID,
    DOMAIN_ID,
    LEFT_OUT,
    SECRET_KEY,
    SECRETS,
    SENDER,
    SHOP_ID,
    SITE_KEY,
    TSIG_SECRET,
    Wrong,
)

KEYS: Final = {"site_key": SITE_KEY, "secret_key": SECRET_KEY}

SHARED: Final[dict[str, Any]] = {
    "account": "eu",
    "domain": "acme.test",
    "dns": {"kind": "rfc2136", "server": "ns1.acme.test", "key_name": "portal.", "key_secret": TSIG_SECRET},
    "zone": "acme.test",
    "ttl": 300,
    "overwrite": False,
    "wait": {"timeout": "5m"},
    "url_parameter_sets": ["Ads"],
    "smtp_profile": "main",
    "recaptcha": KEYS,
    "portal_name": "[[ brand ]] portal",
    "display_name": "[[ brand ]]",
    "description": "The portal of [[ brand ]]",
    "footer_html": "<a href='https://[[ domain ]]/terms'>Terms</a>",
    "customer_emails": {
        "from_address": SENDER,
        "from_name": "[[ brand ]]",
        "accent": "#0b6e4f",
        "support_email": "help@acme.test",
        "logo_url": "https://acme.test/logo.png",
        "cc": ["copies@acme.test"],
        "bcc": ["archive@acme.test"],
        "confirmation": {
            "subject": "Welcome to [[ brand ]]",
            "html": "<p>{{email_code}}</p>",
            "cc": ["one@acme.test"],
            "bcc": ["two@acme.test"],
        },
        "password_reset": {"subject": "New password", "html": "<p>{{email_code}}</p>"},
    },
    "customer_permissions": {"use_cases": ["payment_method_update"], "contact_modify": True},
    "customer_filters": {"campaign": ["Acme US"], "third_party_shop": ["acme-woo"]},
    "create_non_existing_customer": True,
    "campaign": "Acme US",
    "portal_url": "https://acme.test/portal",
    "enabled": True,
    "adopt": False,
    "protect": True,
    "retain_on_delete": True,
    "variables": {"tagline": "Best", "featured": True, "founded": 1990},
    "rules": {"nothing-allowed": "error"},
}
"""A valid value of everything that brands may share."""

BRAND: Final[dict[str, Any]] = {"key": "acme", "name": "Acme", "former_keys": ["acme-old"], "group": "emea", **SHARED}
"""A valid brand, from which the wrong ones differ in one field."""


def _flag(path: str) -> Wrong:
    return Wrong("Brand", path, "yes", ("must be True or False", "'yes'"), "without quotes")


def _addresses(path: str) -> tuple[Wrong, ...]:
    return (
        Wrong("Brand", path, SENDER, ("must be a list",), f"['{SENDER}']"),
        Wrong("Brand", path, ["acme"], (f"{path}[0]", "not an email address"), "portal@acme.com"),
        Wrong("Brand", path, [SENDER, SENDER], ("more than once",), "Leave one"),
    )


def _email(name: str) -> tuple[Wrong, ...]:
    at = f"customer_emails.{name}"
    return (
        Wrong("Brand", at, "<p>{{email_code}}</p>", ("must be BrandEmail(...)",), "subject, html, cc, bcc"),
        Wrong("Brand", f"{at}.from_address", SENDER, ("no input 'from_address'",), "Known are: subject"),
        Wrong("Brand", f"{at}.subject", " ", ("is blank",), "visible character"),
        Wrong("Brand", f"{at}.subject", "One\nTwo", ("line break",), "on one line"),
        Wrong("Brand", f"{at}.html", 5, ("must be a string, not 5",), "a string"),
        *_addresses(f"{at}.cc"),
        *_addresses(f"{at}.bcc"),
    )


PERMISSIONS: Final = (
    "contact_modify", "credit_card_add", "credit_card_remove", "credit_card_set_default", "shipping_modify_ship_to",
    "subscription_renew", "subscription_activate", "subscription_suspend", "subscription_cancel", "trial_expire",
    "trial_cancel", "salvage_transaction_process",
)  # fmt: skip

WRONG_BRANDS: Final[tuple[Wrong, ...]] = (
    Wrong("Brand", "key", LEFT_OUT, ("is required",), "the names of its resources"),
    Wrong("Brand", "key", "a key", ("'a key' is no key",), "letters, digits, hyphens and underscores"),
    Wrong("Brand", "key", "-acme", ("'-acme' is no key",), "at both ends"),
    Wrong("Brand", "key", "acme.com", ("'acme.com' is no key",), "hyphens and underscores"),
    Wrong("Brand", "key", "k" * 64, ("is no key",), "up to 63"),
    Wrong("Brand", "key", 7, ("must be a string, not 7",), "a string"),
    Wrong("Brand", "name", LEFT_OUT, ("is required",), "as customers know it"),
    Wrong("Brand", "name", "", ("is blank",), "visible character"),
    Wrong("Brand", "name", " Acme", ("white space",), "Write 'Acme'"),
    Wrong("Brand", "name", "Acme {{first_name}}", ("holds '{{'",), "Write it without"),
    Wrong("Brand", "former_keys", "acme-old", ("must be a list",), "['acme-old']"),
    Wrong("Brand", "former_keys", ["acme old"], ("former_keys[0]", "is no key"), "letters, digits"),
    Wrong("Brand", "former_keys", ["a", "a"], ("'a' more than once",), "Leave one"),
    Wrong("Brand", "group", "emea/apac", ("is no key",), "letters, digits"),
    Wrong("Brand", "account", "e u", ("is no key",), "letters, digits"),
    Wrong("Brand", "acount", "eu", ("no input 'acount'",), "Did you mean 'account'?"),
    Wrong("Brand", "domain", "shop.acme.com", ("sub-domain",), "Write 'acme.com'"),
    Wrong("Brand", "tracking_domain", DOMAIN_ID, ("stands beside domain",), "Leave one"),
    Wrong("Brand", "tracking_domain", "acme.test", ("'acme.test'", "20 letters and digits"), "TrackingDomain"),
    Wrong("Brand", "dns", "hunter2-canary", ("not a string",), "Rfc2136(...)"),
    Wrong("Brand", "dns", {"kind": "bind"}, ("needs a key kind",), "Known are: route53"),
    Wrong("Brand", "dns.key_secret", "hunter2-canary", ("is not base64",), "tsig-keygen"),
    Wrong("Brand", "zone", "*.acme.test", ("wildcard",), "the name of the zone"),
    Wrong("Brand", "ttl", "5m", ("whole number of seconds",), "without quotes"),
    _flag("overwrite"),
    Wrong("Brand", "wait", 20, ("must be a Wait or False", "20"), "Wait(timeout="),
    Wrong("Brand", "wait.timeout", "soon", ("'soon' is no duration",), "like 90s, 20m"),
    Wrong("Brand", "url_parameter_sets", "Ads", ("must be a list",), "['Ads']"),
    Wrong("Brand", "url_parameter_sets", ["Ads", "Ads"], ("more than once",), "Leave one"),
    Wrong("Brand", "smtp_profile", ["main"], ("must be a string, not a list",), "a string"),
    Wrong("Brand", "recaptcha", SECRET_KEY, ("not a string",), "RecaptchaKeys(...)"),
    Wrong("Brand", "recaptcha.site_key", "key", ("3 characters",), "google.com/recaptcha/admin"),
    Wrong("Brand", "recaptcha.secret_key", LEFT_OUT, ("is required",), "the secret key"),
    Wrong("Brand", "recaptcha.secret_key", SITE_KEY, ("is the site key once more",), "the other one"),
    Wrong("Brand", "recaptcha.secret_key", SECRETS[2], ("no key of reCAPTCHA v2",), "google.com/recaptcha"),
    Wrong("Brand", "portal_name", "", ("is blank",), "visible character"),
    Wrong("Brand", "display_name", "Acme ", ("white space",), "Write 'Acme'"),
    Wrong("Brand", "description", 5, ("must be a string, not 5",), "a string"),
    Wrong("Brand", "footer_html", {"file": "footer.html"}, ("must be a string, not a dict",), "a string"),
    Wrong("Brand", "customer_emails", SENDER, ("must be BrandEmails(...)",), "from_address, from_name"),
    Wrong("Brand", "customer_emails.from_address", f"Acme <{SENDER}>", ("more than the address",), "from_name"),
    Wrong("Brand", "customer_emails.from_name", "Acme\nBcc: x", ("line break",), "on one line"),
    Wrong("Brand", "customer_emails.accent", "red", ("'red' is not a colour",), "#1f4e8c"),
    Wrong("Brand", "customer_emails.accent", "#abc", ("in short",), "Write '#aabbcc'"),
    Wrong("Brand", "customer_emails.support_email", "help", ("not an email address",), "portal@acme.com"),
    Wrong("Brand", "customer_emails.logo_url", "http://acme.test/x.png", ("not an https URL",), "https://acme.com"),
    *_addresses("customer_emails.cc"),
    *_addresses("customer_emails.bcc"),
    *_email("confirmation"),
    *_email("password_reset"),
    Wrong("Brand", "customer_permissions", ["contact_modify"], ("not a list",), "BrandPermissions(...)"),
    Wrong("Brand", "customer_permissions.use_cases", "trial_management", ("must be a list",), "['trial_management']"),
    Wrong(
        "Brand",
        "customer_permissions.use_cases",
        ["trial_managment"],
        ("use_cases[0]", "no use case 'trial_managment'"),
        "Did you mean 'trial_management'?",
    ),
    Wrong("Brand", "customer_permissions.subscription_cancle", True, ("no input",), "'subscription_cancel'"),
    *(_flag(f"customer_permissions.{name}") for name in PERMISSIONS),
    Wrong("Brand", "customer_filters", "Acme US", ("'Acme US'",), "CustomerFilters(...)"),
    Wrong("Brand", "customer_filters.campaign", "Acme US", ("must be a list",), "['Acme US']"),
    Wrong("Brand", "customer_filters.campaign", [CAMPAIGN_ID] * 2, ("more than once",), "Leave one"),
    Wrong("Brand", "customer_filters.third_party_shop", [" "], ("is blank",), "visible character"),
    Wrong("Brand", "customer_filters.shop", [SHOP_ID], ("no input 'shop'",), "third_party_shop"),
    _flag("create_non_existing_customer"),
    Wrong("Brand", "campaign", " Acme US", ("' Acme US'",), "Write 'Acme US'"),
    Wrong("Brand", "portal_url", "http://acme.test", ("not an https URL",), "https://acme.com"),
    _flag("enabled"),
    _flag("adopt"),
    _flag("protect"),
    _flag("retain_on_delete"),
    Wrong("Brand", "variables", ["tagline"], ("must be a dict, not a list",), "a dict"),
    Wrong("Brand", "variables.tagline", ["Best"], ("not a list",), "a string, a whole number, True or False"),
    Wrong("Brand", "variables.tagline", 1.5, ("not 1.5",), "a string, a whole number"),
    Wrong("Brand", "variables.tagline", "a\x00b", ("NUL",), "Remove it"),
    Wrong("Brand", "variables.tag-line", "Best", ("'tag-line' is no name of a variable",), "letters, digits"),
    Wrong("Brand", "variables.brand", "Acme", ("'brand' is a variable already",), "another name"),
    Wrong("Brand", "rules", "nothing-allowed", ("must be a dict",), "a dict"),
    Wrong("Brand", "rules.nothing-allowed", "warn", ("must be 'off'",), "Did you mean 'warning'?"),
    Wrong("Brand", "rules.nothing-allowed", False, ("must be 'off'", "False"), "'off', 'warning' or 'error'"),
)
"""Every entry, in the order of the fields."""
