"""A fleet before anything is registered: every mistake is told once, where it was made, and nothing that follows."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.output import UNKNOWN, Unknown

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.components.roster import Roster, assemble
from pulumi_revcent_portal.components.telling import Subject, Telling, says
from pulumi_revcent_portal.models.base import validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults, BrandEmail, BrandEmails
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs, SmtpProfileOfStack, SmtpProfileRef
from pulumi_revcent_portal.resources.program import program_rules
from tests.components.mistakes import MAIL, MISTAKES, Fleet, Mistake, brand, fleet, key, with_mistakes
from tests.resources.program import run
from tests.wrong_brands import BRAND, SHARED, WRONG_BRANDS
from tests.wrong_declarations import DOMAIN_ID, LEFT_OUT, PROFILE_ID, SECRETS, SENDER, Wrong

mistaken: Any = assemble
"""The function to whoever does not listen to type checkers."""


def told(given: Fleet, **more: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in mistaken(**given, **more).problems]


def places(given: Fleet, **more: Any) -> list[str]:
    return [place for place, _ in told(given, **more)]


def two(one: dict[str, Any] | None = None, other: dict[str, Any] | None = None, **parts: Any) -> Fleet:
    """A fleet of two brands."""
    given = fleet(brand(0), brand(1), **parts)
    given["brands"][0] |= one or {}
    given["brands"][1] |= other or {}
    return given


# --- mistakes -------------------------------------------------------------------------------------------------------


def test_a_fleet_without_mistakes_has_no_problems_and_no_warnings() -> None:
    roster = assemble(**fleet())
    assert (roster.problems, roster.findings) == ([], [])
    assert [placed.brand.key for placed in roster.brands] == [key(index) for index in range(40)]
    assert roster.chosen == roster.brands


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.place)
def test_a_mistake_is_told_once_and_where_it_was_made(mistake: Mistake) -> None:
    ((place, message),) = told(with_mistakes(mistake))
    assert place == mistake.place
    assert mistake.says in message
    assert "canary" not in message


def test_all_mistakes_together_are_told_each_once() -> None:
    found = told(with_mistakes(*MISTAKES))
    assert sorted(place for place, _ in found) == sorted(mistake.place for mistake in MISTAKES)
    for mistake in MISTAKES:
        assert mistake.says in dict(found)[mistake.place]


@given(st.sets(st.sampled_from(range(len(MISTAKES)))))
def test_any_mistakes_together_are_told_each_once(chosen: set[int]) -> None:
    mistakes = [MISTAKES[index] for index in sorted(chosen)]
    assert sorted(places(with_mistakes(*mistakes))) == sorted(mistake.place for mistake in mistakes)


@pytest.mark.parametrize("wrong", WRONG_BRANDS, ids=lambda wrong: wrong.id)
def test_a_wrong_field_of_a_brand_is_the_only_problem_of_a_fleet(wrong: Wrong) -> None:
    strict = dict.fromkeys(("nothing-allowed", "open-beside-filtered", "campaign-without-registration"), "error")
    given = fleet(brand(0, key="acme"), brand(1), rules=strict)
    given["defaults"]["footer_html"] = "[[ support_email ]] [[ domain ]] [[ tagline ]] [[ accent ]]"
    valid = given["brands"][0] | {
        "recaptcha": given["defaults"]["recaptcha"], "dns": BRAND["dns"],
    }  # fmt: skip
    if wrong.path == "tracking_domain" and wrong.value != DOMAIN_ID:
        valid |= {"domain": None, "footer_html": "[[ tagline ]]"}
    given["brands"][0] = wrong.declaration(valid)
    found = told(given)
    secret_left_out = wrong.path == "recaptcha.secret_key" and wrong.value is LEFT_OUT
    (place, message) = found[0]
    assert len(found) == 1, found
    assert place.startswith("brands[0].key" if wrong.path == "key" and not isinstance(wrong.value, str) else "brands.")
    assert f".{wrong.path}" in place or wrong.path == "key"
    assert all(word in f"{place}: {message}" for word in wrong.says) or secret_left_out
    assert [secret for secret in SECRETS if secret in message] == []


@pytest.mark.parametrize(
    "wrong", [each for each in WRONG_BRANDS if each.path in fleet()["defaults"]], ids=lambda wrong: wrong.id
)
def test_a_wrong_default_is_told_once_for_all_brands(wrong: Wrong) -> None:
    given = fleet()
    given["defaults"] = wrong.declaration(given["defaults"])
    ((place, _),) = told(given)
    assert place.startswith(f"defaults.{wrong.path}")


def test_problems_are_the_same_for_models_and_dicts() -> None:
    given = two({"portal_name": "Same"}, {"portal_name": "Same", "footer_html": "[[ nope ]]"})
    as_models = copy.deepcopy(given)
    as_models["brands"] = [validate(Brand, each) for each in given["brands"]]
    as_models["defaults"] = validate(BrandDefaults, given["defaults"])
    as_models["smtp_profiles"]["main"] = validate(SmtpProfileInputs, MAIL)
    assert told(as_models) == told(given)
    assert len(told(given)) == 2


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("brands", {"acme": {"name": "Acme"}}, "must be a list of brands, not a dict. Each brand has its key among"),
        ("brands", "canary", "must be a list of brands, not a string."),
        ("brands", {"a", "b"}, "must be a list of brands, not a set."),
        ("defaults", ["x"], "must be BrandDefaults(...), or a dict of its fields, not a list."),
        ("smtp_profiles", [MAIL], "must be a dict by key, not a list."),
        ("accounts", "canary", "must be a dict by key, not a string."),
        ("only", "acme", "must be a list of keys of brands, not the string 'acme'."),
        ("only", b"acme", "must be a list of keys of brands, not a bytes object."),
        ("only", 7, "must be a list of keys of brands, not 7."),
        ("group", 7, "there is no group '7' in this fleet."),
    ],
)
def test_a_part_of_another_type_is_told(part: str, value: Any, says: str) -> None:
    found = dict(told({**fleet(brand(0)), part: value}))
    assert found[part].startswith(says)
    assert "canary" not in str(found)


def test_nothing_is_said_of_what_a_broken_part_would_hold() -> None:
    given = two({"smtp_profile": "main"}, {"account": "eu"})
    assert places({**given, "smtp_profiles": ["x"]}) == ["smtp_profiles"]
    assert places({**given, "accounts": ["x"]}) == ["accounts"]
    given["defaults"] = {"smtp_profile": "main"}
    assert set(places(given, told=["defaults"])) == set(), "recaptcha may stand there"
    assert set(places(given)) == {"brands.b00.recaptcha", "brands.b01.recaptcha"}


def test_nothing_is_said_of_fields_that_are_told_elsewhere() -> None:
    given = fleet(brand(0, recaptcha={"site_key": "x"}, domain=None, customer_emails={"accent": "red"}))
    assert set(places(given)) == {
        "brands.b00.recaptcha.site_key", "brands.b00.customer_emails.accent", "brands.b00.recaptcha.secret_key",
        "brands.b00.domain",
    }  # fmt: skip
    elsewhere = ["brands.b00.recaptcha", "brands.b00.domain.x", "brands.b00.customer_emails.accent", ""]
    assert places(given, told=elsewhere) == []


def test_a_brand_whose_key_is_wrong_is_checked_with_the_others() -> None:
    given = fleet(brand(0, key=None, name=None), brand(1, key=None, name=None, enabled="yes"), brand(2))
    assert set(places(given)) == {
        "brands[0].key", "brands[0].name", "brands[1].key", "brands[1].name", "brands[1].enabled",
    }  # fmt: skip


GARBAGE: tuple[Any, ...] = (
    None, 0, 1.5, True, "", " ", "x" * 300, b"x", (), [], [None], [[]], {}, {"a": 1}, {1: 2}, {"": ""}, {"a"}, object(),
    "[[", "[[ x", "{{", "[% if %]", "\x00", 10**30, ["x", "x"], {"kind": "x"}, {"id": 1}, {"stack": 1},
)  # fmt: skip


def paths_in(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *itertools.chain.from_iterable(paths_in(item, *path, key) for key, item in items)]


@settings(max_examples=300)
@given(st.data())
def test_whatever_stands_in_a_fleet_is_told_and_not_raised(data: st.DataObject) -> None:
    given = copy.deepcopy({**fleet(brand(0, **SHARED), brand(1)), "only": ["b00"], "group": "x"})
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(paths_in(given)[1:]))
        inner: Any = given
        for step in parents:
            inner = inner[step]
        odd = parents and isinstance(inner, dict) and data.draw(st.booleans())
        inner[data.draw(st.sampled_from([7, None, "", "a.b", "a[0]", "zz"])) if odd else last] = copy.deepcopy(
            data.draw(st.sampled_from(GARBAGE))
        )
    assert all(str(problem) for problem in mistaken(**given).problems)


# --- what the defaults say, and brands have ------------------------------------------------------------------------


def test_a_problem_of_some_brands_with_the_defaults_names_them() -> None:
    brands = [brand(index, variables={"city": "Ulm"} if index else {}) for index in range(3)]
    given = fleet(*brands)
    given["defaults"]["footer_html"] = "[[ city ]]"
    ((place, message),) = told(given)
    assert place == "defaults.footer_html"
    assert message.endswith("It concerns the brand 'b00'.")
    given["brands"] = [brand(index) for index in range(5)] + [brand(5, variables={"city": "Ulm"})]
    ((_, message),) = told(given)
    assert message.endswith("It concerns the brands 'b00', 'b01', 'b02' and 2 more.")
    given["brands"] = given["brands"][:5]
    ((_, message),) = told(given)
    assert "concern" not in message, "all of them"


def test_a_default_that_a_brand_overrides_is_not_its_problem() -> None:
    given = two({"footer_html": "Fine"})
    given["defaults"]["footer_html"] = "[[ nope ]]"
    ((_, message),) = told(given)
    assert message.endswith("It concerns the brand 'b01'.")


def test_an_address_in_the_defaults_is_held_against_each_profile() -> None:
    given = two(
        {"smtp_profile": "other"},
        smtp_profiles={"main": MAIL, "other": {**MAIL, "name": "Other", "sender": "hi@acme.test"}},
    )
    given["defaults"]["customer_emails"]["from_address"] = SENDER
    ((place, message),) = told(given)
    assert place == "defaults.customer_emails.from_address"
    assert "is not the sender 'hi@acme.test'" in message
    assert message.endswith("It concerns the brand 'b00'.")


def test_a_template_in_the_defaults_is_told_at_the_first_brand_in_all_its_words() -> None:
    given = two({"variables": {"city": "Ulm"}}, {"variables": {"town": "Ulm"}})
    given["defaults"]["footer_html"] = "[[ nope ]]"
    assert places(given) == ["defaults.footer_html"], "though the variables that are known differ"


# --- brands beside each other ---------------------------------------------------------------------------------------


def test_brands_share_a_domain_that_both_describe_alike() -> None:
    same = {"domain": "acme.test", "zone": "acme.test", "ttl": 300, "dns": {"kind": "route53", "hosted_zone_id": "Z01"}}
    assert places(two(same, same)) == []
    assert places(two(same, {**same, "ttl": 600, "dns": {"kind": "route53", "hosted_zone_id": "Z02"}})) == [
        "brands.b01.dns",
        "brands.b01.ttl",
    ]
    assert places(two(same, {"domain": "acme.test", "ttl": 300})) == ["brands.b01.dns", "brands.b01.zone"]
    assert places(two({**same, "account": "eu"}, {"domain": "acme.test"})) == []
    assert places(two(same, {**same, "ttl": "5m"})) == ["brands.b01.ttl"]
    assert places(two({**same, "ttl": "5m"}, same)) == ["brands.b00.ttl"]
    assert places(two({**same, "dns": {"kind": "x"}}, same)) == ["brands.b00.dns"]


def test_what_the_defaults_say_of_a_domain_is_no_conflict() -> None:
    given = two({"domain": "acme.test"}, {"domain": "acme.test"})
    given["defaults"]["ttl"] = 300
    assert places(given) == []
    given["brands"][0]["ttl"] = 600
    assert places(given) == ["defaults.ttl"], "which the second brand has from there"


def test_portals_have_a_name_each_in_an_account() -> None:
    assert places(two({"portal_name": "One"}, {"portal_name": "One"})) == ["brands.b01.portal_name"]
    assert places(two({"portal_name": "One"}, {"portal_name": "One", "account": "eu"})) == []
    given = fleet(*map(brand, range(3)))
    given["defaults"]["portal_name"] = "The portal"
    ((place, message),) = told(given)
    assert place == "defaults.portal_name"
    assert message.endswith("It concerns the brands 'b01', 'b02'.")
    assert places(two({"name": "Same"}, {"name": "Same"})) == ["brands.b01.portal_name"]


def test_a_former_key_is_one_brands_and_no_other_ones_key() -> None:
    assert places(two({"former_keys": ["old"]})) == []
    for wrong in (["b00"], ["b01"], ["old", "b01"]):
        assert places(two({"former_keys": wrong})) == [f"brands.b00.former_keys[{len(wrong) - 1}]"]
    assert places(two({"former_keys": ["old"]}, {"former_keys": ["old"]})) == ["brands.b01.former_keys[0]"]
    assert places(two({"former_keys": ["b01"]}, {"domain": "wrong"})) == [
        "brands.b01.domain",
        "brands.b00.former_keys[0]",
    ]


def test_conflicts_of_brands_that_are_wrong_otherwise_are_told_too() -> None:
    given = two({"portal_name": "One", "ttl": "5m"}, {"portal_name": "One", "footer_html": "[[ nope ]]"})
    assert set(places(given)) == {"brands.b00.ttl", "brands.b01.footer_html", "brands.b01.portal_name"}


# --- mail profiles --------------------------------------------------------------------------------------------------


def sender_of(profiles: Any, **own: Any) -> Any:
    given = fleet(brand(0, **own), smtp_profiles=profiles)
    given["defaults"].pop("smtp_profile")
    roster = assemble(**given)
    assert roster.problems == []
    return roster.brands[0].brand.portal["customer_emails"]["confirmation"]["from_address"]


def test_a_profile_may_be_described_or_referred_to() -> None:
    assert sender_of({"main": MAIL}) == SENDER
    assert sender_of({"main": validate(SmtpProfileInputs, MAIL)}) == SENDER
    assert sender_of({"main": {**MAIL, "sender": "hi@acme.test"}}) == "hi@acme.test"
    assert sender_of({"main": {"id": PROFILE_ID, "sender": "hi@acme.test"}}) == "hi@acme.test"
    assert sender_of({"main": SmtpProfileRef(id=PROFILE_ID, sender="hi@acme.test")}) == "hi@acme.test"
    assert sender_of({"main": MAIL, "other": {"id": PROFILE_ID, "sender": "o@acme.test"}}, smtp_profile="other") == (
        "o@acme.test"
    )
    assert isinstance(sender_of({"main": {"stack": "acme/mail/live"}}), Unknown)
    assert isinstance(sender_of({"main": SmtpProfileOfStack(stack="acme/mail/live")}), Unknown)
    address = {"from_address": "hi@acme.test"}
    assert sender_of({}, smtp_profile=PROFILE_ID, customer_emails=address) == "hi@acme.test"


def test_a_profile_may_be_a_resource() -> None:
    def program() -> Roster:
        mail = revcent.SmtpProfile("mail", **MAIL)  # type: ignore[arg-type]
        return assemble(**fleet(brand(0), smtp_profiles={"main": mail}))

    roster: Roster = run(program, config={"revcent:apiKey": "k"}).result
    assert roster.problems == []
    assert roster.brands[0].brand.portal["customer_emails"]["confirmation"]["from_address"] == SENDER


@pytest.mark.parametrize(
    ("profiles", "own", "place", "says"),
    [
        ({}, {}, "smtp_profile", "is required: the mail profile that sends its emails. Declare one in smtp_profiles."),
        ({"a": MAIL, "b": MAIL}, {}, "smtp_profile", "Known are: a, b."),
        ({"main": MAIL}, {"smtp_profile": "mian"}, "smtp_profile", "there is no mail profile 'mian' in this fleet."),
        ({}, {"smtp_profile": "main"}, "smtp_profile", "The fleet declares no mail profiles."),
        ({"a": {**MAIL, "username": "login"}}, {}, "customer_emails.from_address", "the mail profile names no sender"),
        ({"a": {"id": PROFILE_ID}}, {}, "customer_emails.from_address", "the mail profile names no sender"),
        ({}, {"smtp_profile": PROFILE_ID}, "customer_emails.from_address", "the mail profile names no sender"),
    ],
)
def test_a_brand_needs_a_profile_and_an_address(profiles: Any, own: Any, place: str, says: str) -> None:
    given = fleet(brand(0, **own), smtp_profiles=profiles)
    given["defaults"].pop("smtp_profile")
    ((found, message),) = told(given)
    assert found == f"brands.b00.{place}"
    assert says in message


def test_a_profile_that_is_missing_in_the_defaults_is_told_once() -> None:
    given = fleet()
    given["defaults"]["smtp_profile"] = "mian"
    assert places(given) == ["defaults.smtp_profile"]


@pytest.mark.parametrize(
    ("profile", "place"),
    [
        ("a string", "smtp_profiles.main"),
        (None, "smtp_profiles.main"),
        ({**MAIL, "username": ""}, "smtp_profiles.main.username"),
        ({**MAIL, "sender": "x"}, "smtp_profiles.main.sender"),
        ({**MAIL, "pasword": "x"}, "smtp_profiles.main.pasword"),
        ({"id": "x", "sender": SENDER}, "smtp_profiles.main.id"),
        ({"id": PROFILE_ID, "sender": SENDER, "sendr": "x"}, "smtp_profiles.main.sendr"),
        ({"stack": ""}, "smtp_profiles.main.stack"),
    ],
)
def test_a_wrong_profile_is_its_own_problem_and_not_its_brands(profile: Any, place: str) -> None:
    address = {"from_address": "hi@old.test"} if place.endswith(("username", "sender")) else {}
    given = fleet(brand(0, customer_emails=address), smtp_profiles={"main": profile, "other": MAIL})
    assert places(given) == [place]


def test_the_sender_of_a_profile_that_is_otherwise_wrong_is_looked_at() -> None:
    given = fleet(brand(0, customer_emails={"from_address": "hi@old.test"}))
    given["smtp_profiles"]["main"]["port"] = 0
    assert places(given) == ["smtp_profiles.main.port", "brands.b00.customer_emails.from_address"]


# --- accounts -------------------------------------------------------------------------------------------------------


def test_accounts_are_resources_or_options() -> None:
    def program() -> Roster:
        made = revcent.Account("eu", api_key="k")
        return assemble(**two({"account": "eu"}, {"account": "us"}, accounts={"eu": made, "us": {"api_key": "k"}}))

    roster: Roster = run(program).result
    assert roster.problems == []
    assert [placed.account for placed in roster.brands] == ["eu", "us"]


def test_an_account_is_named_by_its_key() -> None:
    given = two({"account": "uk"}, accounts={})
    assert told(given) == [
        ("brands.b00.account", "there is no account 'uk' in this fleet. The fleet declares no accounts.")
    ]
    given = fleet()
    given["defaults"]["account"] = "uk"
    assert places(given) == ["defaults.account"]


def test_all_that_is_wrong_with_an_account_is_told_without_its_key() -> None:
    wrong = {"api_key": "canary with blanks", "timeout": 0, "max_retries": 11, "apikey": "canary"}
    found = told(two(accounts={"eu": wrong}))
    assert {place for place, _ in found} == {f"accounts.eu.{name}" for name in wrong}
    assert "canary" not in str(found)


# --- which brands ---------------------------------------------------------------------------------------------------


def chosen(given: Fleet, **how: Any) -> list[str]:
    roster = assemble(**given, **how)
    assert roster.problems == []
    return [placed.brand.key for placed in roster.chosen]


def test_brands_are_chosen_by_key_and_by_group() -> None:
    given = fleet(brand(0, group="emea"), brand(1), brand(2, group="emea"))
    assert chosen(given) == ["b00", "b01", "b02"]
    assert chosen(given, only=["b02", "b01"]) == ["b01", "b02"]
    assert chosen(given, only=("b02",)) == ["b02"]
    assert chosen(given, only=[]) == []
    assert chosen(given, group="emea") == ["b00", "b02"]
    assert chosen(given, group="emea", only=["b02"]) == ["b02"]


def test_a_key_or_a_group_that_does_not_exist_is_told_with_the_likely_one() -> None:
    given = fleet(brand(0, group="emea"), brand(1))
    (problem,) = told(given, only=["b00", "b0"])
    assert problem[0] == "only[1]"
    assert "there is no brand 'b0' in this fleet. Did you mean 'b0" in problem[1]
    (problem,) = told(given, group="emae")
    assert problem == ("group", "there is no group 'emae' in this fleet. Did you mean 'emea'?")
    (problem,) = told(given, group="emea", only=["b01"])
    assert problem[0] == "group"
    assert problem[1].startswith("no brand of only is in the group 'emea'.")


def test_what_is_wrong_with_a_brand_does_not_hide_its_key_and_its_group() -> None:
    given = fleet(brand(0, group="emea", domain="x"), {"key": "b01"}, brand(2))
    assert not {"only[0]", "group"} & set(places(given, only=["b01"]))
    assert places(given, group="emea", only=["b00", "nobody"])[-1] == "only[1]"


def test_brands_that_are_not_chosen_are_checked_all_the_same() -> None:
    given = two({}, {"domain": "x"})
    assert places(given, only=["b00"]) == ["brands.b01.domain"]


def test_a_brand_that_is_left_out_is_checked_as_far_as_it_is_known() -> None:
    given = two({}, {"domain": UNKNOWN, "ttl": "5m", "portal_name": "One"})
    how: dict[str, Any] = {"told": ["brands.b01.domain"], "left_out": ["b01"], "only": ["b00"]}
    assert places(given, **how) == ["brands.b01.ttl"]
    given["brands"][1].pop("ttl")
    roster = assemble(**given, **how)
    assert roster.problems == []
    assert [placed.brand.key for placed in roster.brands] == ["b00"]


# --- rules ----------------------------------------------------------------------------------------------------------

LEVELS = (None, "off", "warning", "error")


def outcome(given: Fleet, rule: str, rules: dict[str, str]) -> str:
    roster = assemble(**given, rules=rules)
    problems = [problem for problem in roster.problems if problem.message.endswith(f"[rule {rule}]")]
    findings = [finding for finding in roster.findings if finding.rule_id == rule]
    assert len(problems) + len(findings) <= 1
    assert len(roster.problems) == len(problems)
    return "error" if problems else "warning" if findings else "off"


@pytest.mark.parametrize(("own", "shared", "stack"), list(itertools.product(LEVELS, repeat=3)))
def test_a_brand_has_the_last_word_on_a_rule_and_then_the_defaults(
    own: str | None, shared: str | None, stack: str | None
) -> None:
    expected = own or shared or stack or "warning"
    found_by: dict[str, dict[str, Any]] = {
        "same-display-name": {"display_name": "Brand 0"},
        "nothing-allowed": {"customer_permissions": {"use_cases": []}},
    }
    for rule, fields in found_by.items():
        given = two({}, fields | ({"rules": {rule: own}} if own else {}))
        given["defaults"]["rules"] = {rule: shared} if shared else {}
        found = outcome(given, rule, {rule: stack} if stack else {})
        if rule == "nothing-allowed" and expected != "error":
            assert found == "off", "of a portal by itself the provider warns, which knows more of it"
        else:
            assert found == expected


def test_another_brands_switch_does_not_matter() -> None:
    given = two({"rules": {"same-display-name": "error"}}, {"display_name": "Brand 0"})
    assert outcome(given, "same-display-name", {}) == "warning"


def test_a_finding_is_told_where_the_brand_or_the_defaults_say_it() -> None:
    given = fleet(*map(brand, range(3)), rules={"nothing-allowed": "error"})
    given["defaults"]["customer_permissions"] = {"contact_modify": False}
    ((place, message),) = told(given)
    assert place == "defaults.customer_permissions"
    assert message.endswith("[rule nothing-allowed]")
    given["defaults"].pop("customer_permissions")
    assert places(given) == [f"brands.{key(index)}.customer_permissions" for index in range(3)]


def test_rules_compare_the_portals_of_each_account_by_themselves() -> None:
    given = two({"display_name": "One"}, {"display_name": "One", "account": "eu"})
    assert assemble(**given).findings == []
    given["brands"][1].pop("account")
    (finding,) = assemble(**given).findings
    assert finding.field == "brands.b01.display_name"


def test_warnings_are_about_brands_that_are_chosen() -> None:
    given = two({"display_name": "One"}, {"display_name": "One"})
    assert assemble(**given, only=["b00"]).findings == []
    assert len(assemble(**given, only=["b01"]).findings) == 1


@pytest.mark.parametrize("level", ["rules", "defaults", "brand"])
def test_a_rule_that_does_not_exist_is_told_where_it_is_switched(level: str) -> None:
    if level == "rules":
        with pytest.raises(pulumi.RunError, match=r"revcent:rules: nobody: there is no rule 'nobody'"):
            run(program_rules, config={"revcent:rules": "nobody=off"})
        return
    given = two()
    target = given["defaults"] if level == "defaults" else given["brands"][0]
    target["rules"] = {"nobody": "off"}
    assert places(given) == ["defaults.rules.nobody" if level == "defaults" else "brands.b00.rules.nobody"]


# --- what is not known yet ------------------------------------------------------------------------------------------


def fleet_of_outputs() -> Roster:
    def later(value: Any) -> Any:
        return pulumi.Output.from_input(value)

    own = {
        "recaptcha": {"site_key": later("x"), "secret_key": later("x")}, "footer_html": later("x"),
        "customer_filters": {"campaign": [later("x")]}, "enabled": later(True), "variables": {"tagline": later("x")},
        "customer_permissions": {"contact_modify": later(True)}, "campaign": later("x"),
        "customer_emails": {"from_address": later("x"), "confirmation": {"html": later("x")}},
    }  # fmt: skip
    profile = {**MAIL, "username": later("x"), "password": later("x")}
    rules = dict.fromkeys(("open-beside-filtered", "same-origin-twice", "nothing-allowed", "two-senders"), "error")
    given = two(own, own, smtp_profiles={"main": profile}, accounts={"eu": {"api_key": later("k")}}, rules=rules)
    return assemble(**given)


def test_outputs_are_no_problem_anywhere() -> None:
    roster: Roster = run(fleet_of_outputs).result
    assert (roster.problems, roster.findings) == ([], [])


# --- telling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("ttl", True),
        ("zone", False),
        ("customer_emails", True),
        ("customer_emails.accent", False),
        ("customer_emails.confirmation.subject", True),
        ("customer_emails.confirmation.cc[1]", False),
        ("customer_filters.campaign[3]", True),
        ("ttl.inside", True),
    ],
)
def test_what_is_said_of_a_field(field: str, *, said: bool) -> None:
    given = {
        "ttl": 300, "customer_filters": {"campaign": ["x"]},
        "customer_emails": BrandEmails(confirmation=BrandEmail(subject="x")),
    }  # fmt: skip
    assert says(given, field) is said


def test_nothing_more_is_told_at_in_or_around_a_field() -> None:
    telling = Telling(["brands.a.recaptcha.secret_key"])
    for place in ("brands.a.recaptcha", "brands.a.recaptcha.secret_key", "brands.a.recaptcha.secret_key.x", "brands"):
        telling.tell(place, "no")
    telling.tell("brands.a.recaptcha.site_key", "yes")
    telling.tell("brands.a.recaptcha.site_key", "once")
    telling.tell("brands.ab", "yes")
    assert [(problem.field, problem.message) for problem in telling.problems()] == [
        ("brands.a.recaptcha.site_key", "yes"),
        ("brands.ab", "yes"),
    ]


def test_a_problem_that_a_brand_has_from_the_defaults_is_told_there() -> None:
    telling = Telling(["defaults.zone"])
    telling.shared = {"ttl": 5, "customer_emails": {"accent": "x"}}
    acme, bolt = (Subject(name, f"brands.{name}", {"customer_emails": {"cc": []}}) for name in ("acme", "bolt"))
    for subject in (acme, bolt):
        for name in ("ttl", "zone", "domain", "customer_emails.accent", "customer_emails.cc[0]"):
            telling.tell_of(subject, name, "wrong.")
    assert [problem.field for problem in telling.problems(2)] == [
        "defaults.ttl", "brands.acme.domain", "defaults.customer_emails.accent", "brands.acme.customer_emails.cc[0]",
        "brands.bolt.domain", "brands.bolt.customer_emails.cc[0]",
    ]  # fmt: skip
    assert {problem.message for problem in telling.problems(2)} == {"wrong."}
    assert telling.is_told_of(acme, "zone")
    assert not telling.is_told_of(Subject("c", "brands.c", {"zone": "x"}), "zone")
