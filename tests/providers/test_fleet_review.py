"""A fleet held against its account: what is new is looked at, what is known is not; nothing is ever written."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.providers.fleet_review import FleetReviewCore
from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem
from tests.providers.account import Account

US, EU, WOO = (mark * 20 for mark in "CEW")


@pytest.fixture
def account() -> Account:
    made = Account()
    made.box.add("campaign", {"name": "Acme US", "id": US})
    made.box.add("campaign", {"name": "Acme EU", "id": EU})
    made.box.add("third_party_shop", {"name": "acme-woo", "id": WOO, "url": "https://shop.acme.example"})
    made.box.clear_calls()
    return made


def brand(key: str, *campaigns: str, **fields: Any) -> dict[str, Any]:
    return {"key": key, "names": {"customer_filters.campaign": list(campaigns)}, **fields}


def check(
    account: Account, *brands: dict[str, Any], olds: dict[str, Any] | None = None, preview: bool = True, **settings: Any
) -> Checked:
    core = FleetReviewCore(account.session(**settings), account.warn)
    news = {"brands": list(brands), OWNER_KEY: {"urn": "urn:pulumi:dev::acme::x::review", DRY_KEY: preview}}
    return core.check(olds or {}, {**news, "whole": True})


BOTH = (brand("us", "Acme US"), brand("eu", "Acme EU"))


def test_a_fleet_that_fits_is_kept_as_a_digest_per_brand(account: Account) -> None:
    checked = check(account, *BOTH)
    assert checked.problems == []
    assert checked.inputs.keys() == {"brands"}
    assert checked.inputs["brands"].keys() == {"us", "eu"}
    assert "Acme" not in str(checked.inputs)
    assert account.warnings == []
    assert account.writes() == []
    assert sorted(what for _, what in account.calls()) == ["campaign list", "third_party_shop list"]


def test_what_was_reviewed_is_not_asked_about_again(account: Account) -> None:
    olds = check(account, *BOTH).inputs
    account.box.clear_calls()
    assert check(account, *reversed(BOTH), olds=olds).inputs == olds
    moved = [{**each, "lines": {"customer_filters.campaign": "brands.yaml:99"}} for each in BOTH]
    assert check(account, *moved, olds=olds).inputs == olds
    assert account.calls() == []


def test_names_of_new_brands_are_told_all_at_once_with_their_lines(account: Account) -> None:
    wrong = brand("uk", "Acme UK", "Acme US", lines={"customer_filters.campaign": "brands.yaml:7"})
    both = brand("nl", "Acme NL"), wrong
    problems = check(account, *both).problems
    assert [problem.partition(" Near")[0] for problem in problems] == [
        "brands.nl.customer_filters.campaign[0]: there is no campaign 'Acme NL' in this account.",
        "brands.yaml:7: brands.uk.customer_filters.campaign[0]: there is no campaign 'Acme UK' in this account.",
    ]


def test_a_name_that_vanished_is_no_problem_of_a_brand_that_did_not_change(account: Account) -> None:
    olds = check(account, *BOTH).inputs
    account.box.change("campaign", EU, {"name": "Acme Europe"})
    assert check(account, *BOTH, brand("new", "Acme US"), olds=olds).problems == []
    assert check(account, BOTH[0], brand("eu", "Acme EU", "Acme US"), olds=olds).problems != []


def test_in_an_up_names_are_left_to_the_portals(account: Account) -> None:
    checked = check(account, brand("uk", "Acme UK"), preview=False)
    assert checked.problems == []
    assert "problem" not in checked.inputs


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"names": {"customer_filters.third_party_shop": ["acme-woo"]}, "domain": "acme.com"},
            "The shop 'acme-woo' is at shop.acme.example, and the portal is served on acme.com",
        ),
        ({"names": {"customer_filters.campaign": [US, "Acme EU"]}}, ""),
        (
            {"names": {"customer_filters.campaign": [US]}},
            "No portal admits customers of the campaign 'Acme EU'.",
        ),
    ],
)
def test_rules_that_need_the_account_warn(fields: dict[str, Any], says: str, account: Account) -> None:
    assert check(account, {"key": "acme", **fields}).problems == []
    assert [says in sentence for _, sentence in account.warnings] == ([True] if says else [])


def test_a_name_and_an_id_are_known_to_be_the_same_campaign(account: Account) -> None:
    check(account, brand("one", "Acme US"), brand("two", US, "Acme EU"))
    assert "Customers of the campaign 'Acme US' fit this portal and the one of one" in account.warnings[0][1]


def test_what_is_told_without_the_account_is_not_told_again(account: Account) -> None:
    check(account, brand("one", "Acme US"), brand("two", "Acme US", "Acme EU"))
    assert account.warnings == []


@pytest.mark.parametrize(("preview", "told"), [(True, 1), (False, 0)])
def test_a_rule_that_is_an_error_fails_the_plan_or_the_update(account: Account, *, preview: bool, told: int) -> None:
    strict = brand("us", "Acme US", rules={"origin-admitted-nowhere": "error"})
    checked = check(account, strict, preview=preview)
    assert len(checked.problems) == told
    core = FleetReviewCore(account.session(), account.warn)
    if not preview:
        assert core.diff("review", {}, checked.inputs) == Difference(changes=True)
        with pytest.raises(ProviderProblem, match="No portal admits customers of the campaign 'Acme EU'"):
            core.create(checked.inputs)
        with pytest.raises(ProviderProblem, match="No portal admits customers of the campaign 'Acme EU'"):
            core.update("review", {}, checked.inputs)


def test_a_rule_can_be_switched_off(account: Account) -> None:
    check(account, brand("us", "Acme US", rules={"origin-admitted-nowhere": "off"}))
    assert account.warnings == []


def test_a_campaign_that_is_not_known_yet_may_be_any(account: Account) -> None:
    later: dict[str, Any] = {"key": "later", "names": {"customer_filters.campaign": ["Acme US", None]}}
    assert check(account, later).problems == []
    assert account.warnings == [], "nobody knows yet whom no portal admits"


def test_brands_of_other_stacks_count_and_their_names_do_not(account: Account) -> None:
    checked = check(account, brand("us", "Acme US"), brand("other", "Acme XX", "Acme EU", elsewhere=True))
    assert checked.problems == []
    assert account.warnings == []


def test_a_part_of_a_fleet_says_nothing_of_who_is_left_out(account: Account) -> None:
    core = FleetReviewCore(account.session(), account.warn)
    news = {"brands": [brand("us", "Acme US")], OWNER_KEY: {"urn": "u", DRY_KEY: True}, "whole": False}
    assert core.check({}, news).problems == []
    assert account.warnings == []


@pytest.mark.parametrize("settings", [{"offline": True}, {"api_key": ""}])
def test_who_cannot_ask_finds_nothing(settings: dict[str, Any], account: Account) -> None:
    assert check(account, brand("uk", "Acme UK"), **settings).problems == []
    assert account.warnings == []
    assert account.calls() == []


def test_it_shows_no_change_and_keeps_nothing_but_that_it_looked(account: Account) -> None:
    core = FleetReviewCore(account.session(), account.warn)
    inputs = check(account, *BOTH).inputs
    state = core.create(inputs)
    assert state.outputs == {"reviewed": True}
    assert core.diff("review", state.outputs, check(account, BOTH[0]).inputs) == Difference(changes=False)
    assert core.read("review", state.outputs).outputs == state.outputs
    assert core.update("review", state.outputs, inputs).outputs == state.outputs
    core.delete("review", state.outputs)
    assert account.writes() == []
