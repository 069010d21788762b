"""Planning: what is wrong is told with its field, what is unlikely is warned about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY, RULES_KEY
from pulumi_revcent_portal.providers.results import noun_of
from tests.providers.account import Account
from tests.providers.engine import Declared, Failed, FakeEngine, Ref, Secret, ops
from tests.providers.programs import DOMAIN, IDENTITY, MAIL, PORTAL, brand, declared, single

BOTH_FILTERS: dict[str, list[str]] = {"campaign": [], "third_party_shop": []}


def warned(account: Account) -> str:
    return " ".join(sentence for name, sentence in account.warnings if name == "one")


def raw(kind: str, inputs: dict[str, Any], **changes: Any) -> list[Declared]:
    """A resource whose inputs only the provider sees, such as they are."""
    identity, one = single(kind, inputs)
    props = {**one.props, **changes}
    return [identity, replace(one, props={key: value for key, value in props.items() if value is not None})]


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_all_problems_are_told_with_their_fields_and_without_secrets(engine: FakeEngine) -> None:
    wrong = raw("SmtpProfile", MAIL, port="587", host="", password=Secret(""), pasword="canary")
    with pytest.raises(Failed) as caught:
        engine.preview(wrong)
    said = str(caught.value)
    for field in ("host", "port", "password", "pasword"):
        assert f"{field}: " in said
    assert "Did you mean 'password'?" in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("kind", "inputs", "noun"),
    [
        ("CustomerPortal", PORTAL, "customer portals"),
        ("SmtpProfile", MAIL, "SMTP profiles"),
        ("TrackingDomain", DOMAIN, "tracking domains"),
    ],
)
def test_a_name_that_the_program_gives_twice_is_found_before_anything_is_made(
    kind: str, inputs: dict[str, Any], noun: str, account: Account, engine: FakeEngine
) -> None:
    twice = [*single(kind, inputs), declared(kind, "two", inputs)]
    with pytest.raises(Failed, match=rf"two: name: '.*' is the name of acme/dev/one too, and RevCent's {noun} have"):
        engine.preview(twice)
    assert account.writes() == []
    with pytest.raises(Failed, match=r"^two: "):  # RevCent's refusal, which ends nothing but this resource
        engine.up(twice)
    assert "one" in engine.stored


def test_two_resources_may_swap_their_names(engine: FakeEngine) -> None:
    def both(first: str, second: str) -> list[Declared]:
        return [
            *single("CustomerPortal", PORTAL | {"name": first}),
            declared("CustomerPortal", "two", PORTAL | {"name": second}),
        ]

    engine.up(both("Acme", "Bolt"))
    assert list(ops(engine.preview(both("Bolt", "Acme")))) == [("one", "update"), ("two", "update")]


@pytest.mark.parametrize(("entity", "noun"), [("smtp_profile", "SMTP profile"), ("customer_portal", "customer portal")])
def test_things_have_the_names_that_people_use(entity: str, noun: str) -> None:
    assert noun_of(entity) == noun


# --- what is missing because its source failed ----------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["smtp_profile", "tracking_domain"])
def test_in_an_up_a_missing_input_is_that_resources_own_failure(
    missing: str, account: Account, engine: FakeEngine
) -> None:
    """`--continue-on-error` goes on after a failure, and a problem found by `check` would end it all."""
    incomplete = raw("CustomerPortal", PORTAL, **{missing: None})
    with pytest.raises(Failed, match=rf"one: {missing}: is required"):
        engine.preview(incomplete)
    with pytest.raises(Failed, match=r"Did the resource that it comes from fail\? Nothing was written."):
        engine.up(incomplete)
    assert account.writes() == []
    engine.up(single("CustomerPortal", PORTAL))
    before = engine.stored["one"]
    account.box.clear_calls()
    with pytest.raises(Failed, match=f"{missing}: is required"):
        engine.up(incomplete)
    assert account.writes() == []
    assert engine.stored["one"] == before
    engine.settled(single("CustomerPortal", PORTAL))


def test_a_missing_key_of_a_missing_recaptcha_is_one_too(account: Account, engine: FakeEngine) -> None:
    incomplete = raw("CustomerPortal", PORTAL, recaptcha={"site_key": PORTAL["recaptcha"]["site_key"]})
    with pytest.raises(Failed, match=r"recaptcha.secret_key: is required.*Nothing was written"):
        engine.up(incomplete)
    assert account.writes() == []


def test_what_is_wrong_beside_what_is_missing_is_still_a_problem(engine: FakeEngine) -> None:
    wrong = raw("CustomerPortal", PORTAL, smtp_profile=None, display_name=5)
    with pytest.raises(Failed, match="display_name: must be a string") as caught:
        engine.up(wrong)
    assert "smtp_profile" not in str(caught.value)


@pytest.mark.parametrize("kind", ["TrackingDomainSsl", "TrackingDomainDns"])
def test_a_step_without_its_domain_fails_by_itself(kind: str, account: Account, engine: FakeEngine) -> None:
    with pytest.raises(Failed, match="tracking_domain: is required"):
        engine.up([IDENTITY, declared(kind, "step", {}, links={"tracking_domain": None})])
    assert account.writes() == []


# --- what is unlikely -----------------------------------------------------------------------------------------------


def test_a_portal_open_to_everybody_is_pointed_out_where_the_account_has_several_brands(
    account: Account, engine: FakeEngine
) -> None:
    for name in ("Acme US", "Bolt"):
        account.box.add("campaign", {"name": name})
    engine.preview(single("CustomerPortal", PORTAL))
    assert "Every customer of the account may enter, and the account has 2 campaigns" in warned(account)
    account.warnings.clear()
    account.box.clear_calls()
    engine.up(single("CustomerPortal", PORTAL))
    engine.preview(single("CustomerPortal", PORTAL | {"display_name": "New"}))
    assert "Every customer" not in warned(account)
    assert ("GET", "campaign list") not in account.calls(), "only a preview asks, and only about a new portal"


def test_only_what_is_new_in_the_filters_is_looked_up(account: Account, engine: FakeEngine) -> None:
    for name, mark in (("Acme US", "C"), ("Bolt", "B")):
        account.box.add("campaign", {"name": name, "id": mark * 20})
    filtered = PORTAL | {"customer_filters": {"campaign": ["C" * 20]}}
    engine.preview(single("CustomerPortal", filtered))
    assert [what for _, what in account.calls() if what.endswith("list")] == ["campaign list", "customer_portal list"]
    engine.up(single("CustomerPortal", filtered))
    account.box.clear_calls()
    engine.preview(single("CustomerPortal", filtered | {"display_name": "New"}))
    assert account.calls() == []


def test_a_portal_whose_filters_are_removed_is_looked_at_again(account: Account, engine: FakeEngine) -> None:
    for name, mark in (("Acme US", "C"), ("Bolt", "B")):
        account.box.add("campaign", {"name": name, "id": mark * 20})
    engine.up(single("CustomerPortal", PORTAL | {"customer_filters": {"campaign": ["C" * 20]}}))
    account.warnings.clear()
    engine.preview(single("CustomerPortal", PORTAL | {"customer_filters": BOTH_FILTERS}))
    assert "Every customer of the account may enter" in warned(account)


@pytest.mark.parametrize("how", [{"offline": True}, {"api_key": ""}])
def test_a_preview_that_cannot_ask_does_not_mind(how: dict[str, Any], account: Account) -> None:
    FakeEngine(account, settings=how).preview(single("CustomerPortal", PORTAL))
    assert account.warnings == []


def test_warnings_land_on_the_resource(account: Account, engine: FakeEngine) -> None:
    engine.up(single("SmtpProfile", MAIL | {"port": 465, "secure": "starttls"}))
    assert "Servers expect TLS from the first byte at port 465" in warned(account)


def test_a_wrong_declaration_is_not_warned_about(account: Account, engine: FakeEngine) -> None:
    with pytest.raises(Failed):
        engine.preview(raw("SmtpProfile", MAIL, port=465.0, host=""))
    assert account.warnings == []


# --- what differs ---------------------------------------------------------------------------------------------------


def test_an_unchanged_stack_is_planned_offline(account: Account, engine: FakeEngine) -> None:
    engine.up(brand())
    account.box.clear_calls()
    engine.settings = {"api_key": "", "base_url": "http://127.0.0.1:1/v2"}
    engine.settled(brand())
    assert account.calls() == []


def test_an_identity_that_is_not_known_yet_is_no_reason_to_fail(engine: FakeEngine) -> None:
    engine.up(single("CustomerPortal", PORTAL))
    engine.stored.pop(IDENTITY.name)
    assert list(ops(engine.preview(single("CustomerPortal", PORTAL)))) == [
        (IDENTITY.name, "create"),
        ("one", "update"),
    ]


def test_a_name_that_is_not_known_yet_is_not_looked_for(account: Account, engine: FakeEngine) -> None:
    source = Declared("source", IDENTITY.provider, {})
    unnamed = declared("CustomerPortal", "one", PORTAL, links={"name": Ref("source", "identity")})
    assert {step.op for step in engine.preview([IDENTITY, source, unnamed])} == {"create"}
    assert ("GET", "customer_portal list") not in account.calls()


def test_the_owner_is_an_input_and_the_preview_is_not(engine: FakeEngine) -> None:
    engine.up(single("TrackingDomain", DOMAIN))
    inputs = engine.stored["one"].inputs
    assert inputs[OWNER_KEY]["identity"] == engine.outputs(IDENTITY.name)["identity"]
    assert DRY_KEY not in inputs[OWNER_KEY]


@pytest.mark.parametrize("steering", ["adopt", "adopt_id"])
def test_steering_inputs_that_say_nothing_are_not_kept(steering: str, engine: FakeEngine) -> None:
    engine.up(single("TrackingDomain", DOMAIN))
    assert steering not in engine.stored["one"].inputs


# --- rules ----------------------------------------------------------------------------------------------------------


def ruled(**rules: str) -> list[Declared]:
    """A portal without permissions, and what becomes of what rules find in it."""
    identity, one = single("CustomerPortal", PORTAL | {"customer_permissions": {}})
    owner = {**one.props[OWNER_KEY], RULES_KEY: {rule.replace("_", "-"): setting for rule, setting in rules.items()}}
    return [identity, replace(one, props={**one.props, OWNER_KEY: owner})]


def test_a_finding_names_its_rule(account: Account, engine: FakeEngine) -> None:
    engine.up(ruled())
    assert warned(account).endswith("[rule nothing-allowed]")
    assert RULES_KEY not in engine.stored["one"].inputs[OWNER_KEY]


def test_a_rule_that_is_switched_off_says_nothing(account: Account, engine: FakeEngine) -> None:
    engine.up(ruled(nothing_allowed="off"))
    assert account.warnings == []
    engine.settled(ruled(nothing_allowed="warning"))


def test_a_rule_that_is_an_error_fails_the_plan(account: Account, engine: FakeEngine) -> None:
    with pytest.raises(Failed, match=r"customer_permissions: Customers can .* \[rule nothing-allowed\]"):
        engine.preview(ruled(nothing_allowed="error"))
    assert account.writes() == []
