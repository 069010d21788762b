"""One brand's portal outside of a fleet: what it registers, and what it refuses before it registers anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from tests.components.mistakes import KEYS, MAIL
from tests.providers.engine import Secret
from tests.resources.program import Run, run
from tests.wrong_declarations import DOMAIN_ID, PROFILE_ID, SECRET_KEY, SENDER

BRAND: dict[str, Any] = {"key": "acme", "name": "Acme", "domain": "acme.test", "recaptcha": KEYS}
REF = revcent.SmtpProfileRef(id=PROFILE_ID, sender=SENDER)
CONFIG = {"revcent:apiKey": "key", "revcent:resolvers": "none", "revcent:offline": "true"}
mistaken: Any = revcent.BrandPortal
"""The class to whoever does not listen to type checkers."""


def declared(program: Callable[[], Any], *, preview: bool = True) -> Run:
    return run(program, preview=preview, config=CONFIG)


def refusal(**given: Any) -> revcent.InvalidInputs:
    registered: list[str] = []
    with pytest.raises(revcent.InvalidInputs) as caught:
        registered += declared(lambda: mistaken("acme", **given)).names
    assert registered == []
    return caught.value


def places(**given: Any) -> list[str]:
    return [problem.field for problem in refusal(**given).problems]


def test_a_brand_is_a_portal_on_a_domain_of_its_own() -> None:
    done = declared(lambda: mistaken("acme", brand=BRAND, smtp_profile=REF))
    assert [name for name in done.names if name.startswith("acme")] == [
        "acme", "acme-domain", "acme-domain-domain", "acme-domain-certificate", "acme-domain-ready", "acme-portal",
    ]  # fmt: skip
    inputs = done.resources["acme-portal"].inputs
    assert (inputs["name"], inputs["display_name"], inputs["smtp_profile"]) == (
        "Acme customer portal",
        "Acme",
        PROFILE_ID,
    )
    assert inputs["recaptcha"]["secret_key"] == Secret(SECRET_KEY)
    assert inputs["customer_emails"]["confirmation"]["from_address"] == SENDER
    assert done.resources["acme-domain-domain"].inputs["domain"] == "acme.test"


def test_models_and_dicts_declare_the_same() -> None:
    as_dict = declared(lambda: mistaken("acme", brand=BRAND, smtp_profile=REF, defaults={"footer_html": "[[ key ]]"}))
    as_model = declared(
        lambda: revcent.BrandPortal(
            "acme",
            brand=revcent.Brand(**BRAND),
            smtp_profile=REF,
            defaults=revcent.BrandDefaults(footer_html="[[ key ]]"),
        )
    )
    assert as_dict.names == as_model.names
    one, other = (done.resources["acme-portal"].inputs for done in (as_dict, as_model))
    assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} <= {
        "__owner", "tracking_domain",
    }, "which a preview does not know"  # fmt: skip
    assert one["footer_html"] == "acme"


@pytest.mark.parametrize("said", [{"tracking_domain": DOMAIN_ID}, {}])
def test_a_brand_may_be_served_on_a_domain_that_is_there(said: dict[str, str]) -> None:
    brand = {name: value for name, value in BRAND.items() if name != "domain"} | said
    more = {} if said else {"tracking_domain": DOMAIN_ID}
    done = declared(lambda: mistaken("acme", brand=brand, smtp_profile=REF, **more), preview=False)
    assert [name for name in done.names if name.startswith("acme")] == ["acme", "acme-portal"]
    assert done.resources["acme-portal"].inputs["tracking_domain"] == DOMAIN_ID


def test_the_domain_that_is_passed_is_used_and_the_brands_own_names_it() -> None:
    brand = {**BRAND, "footer_html": "[[ domain ]]"}
    done = declared(lambda: mistaken("acme", brand=brand, smtp_profile=REF, tracking_domain=DOMAIN_ID), preview=False)
    assert "acme-domain" not in done.names
    assert done.resources["acme-portal"].inputs["footer_html"] == "acme.test"


def test_a_portal_is_protected_and_the_rest_is_not() -> None:
    def program() -> list[Any]:
        made = mistaken("acme", brand={**BRAND, "protect": True}, smtp_profile=REF)
        return [made.portal._protect, made._domain._protect]

    assert declared(program).result[0] is True


def test_what_a_portal_needs_is_named_in_the_order_in_which_it_is_made() -> None:
    def program() -> list[list[str]]:
        mail = revcent.SmtpProfile("mail", **MAIL)  # type: ignore[arg-type]
        ready = revcent.PortalDomain("shared", domain="acme.test")
        one = mistaken("one", brand=BRAND, smtp_profile=mail)
        two = mistaken("two", brand={**BRAND, "portal_name": "Two"}, smtp_profile=REF, tracking_domain=ready)
        domain = revcent.TrackingDomain("three", domain="other.test")
        steps = revcent.TrackingDomainDns("three", tracking_domain=domain)
        three = mistaken("three", brand={**BRAND, "portal_name": "3"}, smtp_profile=REF, tracking_domain=steps)
        four = mistaken("four", brand={**BRAND, "portal_name": "4"}, smtp_profile=REF, tracking_domain=DOMAIN_ID)
        return [[what for what, _ in each.needs()] for each in (one, two, three, four)]

    assert declared(program).result == [
        [
            "TrackingDomain one-domain-domain", "TrackingDomainSsl one-domain-certificate",
            "TrackingDomainDns one-domain-ready", "SmtpProfile mail",
        ],
        ["TrackingDomain shared-domain", "TrackingDomainSsl shared-certificate", "TrackingDomainDns shared-ready"],
        ["TrackingDomainDns three"],
        [],
    ]  # fmt: skip


def test_rules_of_the_brand_are_those_of_its_portal() -> None:
    brand = {**BRAND, "rules": {"nothing-allowed": "off", "same-display-name": "error"}}
    assert "nothing-allowed" in str(declared(lambda: mistaken("acme", brand=brand, smtp_profile=REF)).resources)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_registered() -> None:
    error = refusal(
        brand={"key": "a b", "name": "Acme", "ttl": "5m"}, defaults={"zone": "*.acme.test"}, smtp_profile="main"
    )
    assert str(error).splitlines()[0].endswith(': BrandPortal "acme" is not valid:')
    assert [problem.field for problem in error.problems] == [
        "brand.ttl",
        "brand.key",
        "defaults.zone",
        "smtp_profile",
    ]
    assert isinstance(error, pulumi.RunError)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"brand": {**BRAND, "domain": None}}, "brand.domain"),
        ({"brand": {**BRAND, "portal_name": "[[ nope ]]"}}, "brand.portal_name"),
        ({"brand": BRAND, "defaults": {"portal_name": "[[ nope ]]"}}, "brand.portal_name"),
        ({"brand": {**BRAND, "rules": {"nobody": "off"}}}, "brand.rules.nobody"),
        ({"brand": {**BRAND, "account": "eu"}}, "brand.account"),
        ({"brand": BRAND, "defaults": {"account": "eu"}}, "brand.account"),
        ({"brand": {**BRAND, "customer_emails": {"from_address": "x@old.test"}}}, "brand.customer_emails.from_address"),
        ({"brand": "acme"}, "brand"),
        ({"brand": None}, "brand"),
        ({"brand": BRAND, "defaults": ["x"]}, "defaults"),
        ({"brand": BRAND, "smtp_profile": "main"}, "smtp_profile"),
    ],
)
def test_each_problem_names_its_field(given: dict[str, Any], field: str) -> None:
    assert places(**{"smtp_profile": REF, **given}) == [field]


def test_a_missing_profile_and_a_misspelt_argument_are_explained() -> None:
    assert places(brand=BRAND) == ["smtp_profile"]
    assert "there is no input 'branb' here. Did you mean 'brand'?" in str(refusal(branb=BRAND, smtp_profile=REF))


def test_a_brand_of_a_fleet_does_not_say_its_account_in_vain() -> None:
    (problem,) = refusal(brand={**BRAND, "account": "eu"}, smtp_profile=REF).problems
    assert "opts=pulumi.ResourceOptions(provider=account)" in problem.message
