"""Mistakes in a fleet, each by itself in one place and all of them possible at once. A table, not tests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.wrong_declarations import DOMAIN_ID, SECRET_KEY, SENDER, SITE_KEY

KEYS: Final = {"site_key": SITE_KEY, "secret_key": SECRET_KEY}
MAIL: Final = {
    "name": "Mail", "host": "smtp.acme.test", "port": 587, "username": SENDER, "password": "correct-horse-battery",
}  # fmt: skip
COUNT: Final = 40

Fleet = dict[str, Any]
"""What `assemble` takes."""


def key(index: int) -> str:
    return f"b{index:02}"


def brand(index: int, **fields: Any) -> dict[str, Any]:
    """A brand like the others: its customers and its domain are its own."""
    own: dict[str, Any] = {"key": key(index), "name": f"Brand {index}", "domain": f"brand{index}.test"}
    return {**own, "customer_filters": {"campaign": [f"Campaign {index}"]}, **fields}


def fleet(*brands: dict[str, Any], **parts: Any) -> Fleet:
    """A valid fleet."""
    return {
        "brands": list(brands) or [brand(index) for index in range(COUNT)],
        "defaults": {
            "smtp_profile": "main",
            "recaptcha": KEYS,
            "footer_html": "<a href='https://[[ domain ]]/terms'>Terms of [[ brand ]]</a>[[ tagline ]]",
            "customer_emails": {"support_email": "help@acme.test", "confirmation": {"subject": "Hi from [[ brand ]]"}},
            "customer_permissions": {"use_cases": ["payment_method_update"]},
            "variables": {"tagline": "The best"},
        },
        "smtp_profiles": {"main": dict(MAIL), "other": {**MAIL, "name": "Other"}},
        "accounts": {"eu": {"api_key": "key-of-eu"}},
        **parts,
    }


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes:
        place: where it is told.
        make: makes it in a fleet.
        says: what the message holds.
    """

    place: str
    make: Callable[[Fleet], None]
    says: str


def _in(part: str, **fields: Any) -> Callable[[Fleet], None]:
    def make(given: Fleet) -> None:
        for name, value in fields.items():
            given[part][name] = {**given[part][name], **value} if isinstance(value, dict) else value

    return make


def _of(index: int, **fields: Any) -> Callable[[Fleet], None]:
    def make(given: Fleet) -> None:
        given["brands"][index] |= fields

    return make


def _profile(profile: str, **fields: Any) -> Callable[[Fleet], None]:
    def make(given: Fleet) -> None:
        given["smtp_profiles"][profile] = {**MAIL, **fields}

    return make


def _without(index: int, name: str) -> Callable[[Fleet], None]:
    return lambda given: given["brands"][index].pop(name)


def _all(*makes: Callable[[Fleet], None]) -> Callable[[Fleet], None]:
    def make(given: Fleet) -> None:
        for each in makes:
            each(given)

    return make


def _replaced(index: int, value: Any) -> Callable[[Fleet], None]:
    def make(given: Fleet) -> None:
        given["brands"][index] = value

    return make


def _choosing(name: str) -> Callable[[Fleet], None]:
    def make(given: Fleet) -> None:
        given["only"] = [key(0), name]

    return make


MISTAKES: Final = (
    # what all brands share: told once
    Mistake("defaults.footer_html", _in("defaults", footer_html="[[ domian ]]"), "no variable 'domian'"),
    Mistake("defaults.customer_emails.accent", _in("defaults", customer_emails={"accent": "red"}), "not a colour"),
    Mistake("defaults.recaptcha.secret_key", _in("defaults", recaptcha={"secret_key": "canary"}), "6 characters"),
    Mistake("defaults.ttl", _in("defaults", ttl="5m"), "number of seconds"),
    Mistake(
        "defaults.customer_permissions.use_cases[0]",
        _in("defaults", customer_permissions={"use_cases": ["payment_metod_update"]}),
        "Did you mean 'payment_method_update'?",
    ),
    Mistake("defaults.variables.tagline", _in("defaults", variables={"tagline": ["Best"]}), "not a list"),
    Mistake("defaults.rules", _in("defaults", rules="off"), "must be a dict"),
    Mistake("defaults.brand", _in("defaults", brand="Acme"), "no input 'brand'"),
    Mistake("smtp_profiles.main.port", _in("smtp_profiles", main={"port": "587"}), "without quotes"),
    Mistake("smtp_profiles.other.host", _in("smtp_profiles", other={"host": "smtp://x.test"}), "holds a scheme"),
    Mistake("smtp_profiles.third", lambda given: given["smtp_profiles"].update(third="canary"), "SmtpProfile(...)"),
    Mistake("smtp_profiles.a b", lambda given: given["smtp_profiles"].update({"a b": MAIL}), "is no key"),
    Mistake("accounts.eu.timeout", _in("accounts", eu={"timeout": 0}), "number of seconds"),
    Mistake("accounts.uk", lambda given: given["accounts"].update(uk="canary"), "must be an Account"),
    Mistake("accounts.a.b", lambda given: given["accounts"].update({"a.b": {"api_key": "k"}}), "is no key"),
    # a brand by itself
    Mistake("brands.b01.domain", _of(1, domain="shop.acme.com"), "Write 'acme.com'"),
    Mistake("brands.b02.tracking_domain", _of(2, tracking_domain=DOMAIN_ID), "stands beside domain"),
    Mistake("brands.b03.name", _without(3, "name"), "is required"),
    Mistake("brands.b 04.key", _of(4, key="b 04"), "'b 04' is no key"),
    Mistake("brands[6].key", _of(6, key=key(5)), "the key 'b05' is another brand's already"),
    Mistake("brands[7].key", _without(7, "key"), "is required"),
    Mistake("brands[8]", _replaced(8, "Acme"), "must be Brand(...)"),
    Mistake("brands.b09.domain", _without(9, "domain"), "or tracking_domain with the ID of one"),
    Mistake("brands.b10.smtp_profile", _of(10, smtp_profile="mian"), "Did you mean 'main'?"),
    Mistake("brands.b11.account", _of(11, account="us"), "there is no account 'us'"),
    Mistake("brands.b12.customer_filters.campaign", _of(12, customer_filters={"campaign": "x"}), "must be a list"),
    Mistake("brands.b13.customer_emails.cc[0]", _of(13, customer_emails={"cc": ["x"]}), "not an email address"),
    Mistake(
        "brands.b14.customer_emails.confirmation.html",
        _of(14, customer_emails={"confirmation": {"html": "<p>[[ brand ]]</p>"}}),
        "does not show {{email_code}}",
    ),
    Mistake("brands.b15.customer_emails", _of(15, customer_emails=SENDER), "BrandEmails(...)"),
    Mistake("brands.b16.wait.timeout", _of(16, wait={"timeout": "soon"}), "no duration"),
    Mistake("brands.b17.variables.brand", _of(17, variables={"brand": "x"}), "is a variable already"),
    Mistake(
        "brands.b18.customer_emails.from_address", _of(18, customer_emails={"from_address": "x@old.test"}),
        f"is not the sender '{SENDER}'",
    ),
    Mistake("brands.b19.description", _of(19, description="[pulumi x]"), "reserved"),
    Mistake("brands.b20.enabled", _of(20, enabled="yes"), "without quotes"),
    Mistake("brands.b21.portal_nane", _of(21, portal_nane="x"), "Did you mean 'portal_name'?"),
    Mistake("brands.b22.rules.same-origin", _of(22, rules={"same-origin": "off"}), "Did you mean 'same-origin-twice'?"),
    Mistake("brands.b23.group", _of(23, group="e/u"), "is no key"),
    Mistake("brands.b24.dns", _of(24, dns={"kind": "bind"}), "needs a key kind"),
    Mistake("brands.b25.footer_html", _of(25, footer_html="[% if brand %]"), "[% endif %]"),
    Mistake("brands.b26.former_keys[0]", _of(26, former_keys=["a b"]), "is no key"),
    # brands beside each other: told at the later one
    Mistake("brands.b28.portal_name", _all(_of(27, portal_name="One"), _of(28, portal_name="One")), "of 'b27' too"),
    Mistake(
        "brands.b30.zone",
        _all(_of(29, domain="shared.test", group="a"), _of(30, domain="shared.test", group="a", zone="acme.test")),
        "the brand 'b29' shares the domain shared.test and says another zone",
    ),
    Mistake("brands.b31.former_keys[1]", _of(31, former_keys=["old", key(32)]), "'b32' is the key of a brand"),
    Mistake(
        "brands.b34.former_keys[0]", _all(_of(33, former_keys=["older"]), _of(34, former_keys=["older"])),
        "a former key of 'b33' too",
    ),
    Mistake(
        "smtp_profiles.double.name", _all(_profile("double", name="Other"), _of(39, smtp_profile="double"),
        _of(0, smtp_profile="other")), "'Other' is the name of the mail profile 'other' too",
    ),
    # rules that are errors
    Mistake(
        "brands.b35.customer_permissions",
        _of(35, rules={"nothing-allowed": "error"}, customer_permissions={"use_cases": []}),
        "[rule nothing-allowed]",
    ),
    Mistake(
        "brands.b36.campaign", _of(36, rules={"campaign-without-registration": "error"}, campaign="Campaign 36"),
        "[rule campaign-without-registration]",
    ),
    Mistake(
        "brands.b38.display_name",
        _all(_of(37, display_name="One"), _of(38, display_name="One", rules={"same-display-name": "error"})),
        "[rule same-display-name]",
    ),
    # what is chosen
    Mistake("only[1]", _choosing("b40"), "there is no brand 'b40'"),
    Mistake("group", lambda given: given.update(group="no-group"), "there is no group 'no-group'"),
)  # fmt: skip
"""Every mistake; those of brands are in brands of their own."""


def with_mistakes(*mistakes: Mistake) -> Fleet:
    """A fleet that is valid but for some mistakes."""
    given = copy.deepcopy(fleet())
    for mistake in mistakes:
        mistake.make(given)
    return given
