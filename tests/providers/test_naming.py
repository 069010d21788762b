"""Names of campaigns, shops and URL parameter sets: resolved once, kept as pairs, refused with the nearest."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.providers.naming import with_ids
from tests.providers.account import KEY, Account
from tests.providers.engine import Failed, FakeEngine, Step, ops
from tests.providers.programs import DOMAIN, PORTAL, single

US, EU, BOLT, WOO = (mark * 20 for mark in "CEBW")
CAMPAIGNS = {"Acme US": US, "Acme EU": EU, "Bolt": BOLT}
FILTERED = PORTAL | {"customer_filters": {"campaign": ["Acme US"], "third_party_shop": ["acme-woo"]}}


@pytest.fixture(autouse=True)
def furnished(account: Account) -> None:
    for name, object_id in CAMPAIGNS.items():
        account.box.add("campaign", {"name": name, "id": object_id})
    account.box.add("third_party_shop", {"name": "acme-woo", "id": WOO})
    account.box.clear_calls()


def portal(**changes: Any) -> list[Any]:
    return single("CustomerPortal", PORTAL | changes)


def by_name(*names: str) -> list[Any]:
    return portal(customer_filters={"campaign": list(names)})


def lists(account: Account) -> list[str]:
    return [what for _, what in account.calls() if what.endswith(" list")]


def held(account: Account, engine: FakeEngine) -> dict[str, Any]:
    return account.box.object("customer_portal", engine.stored["one"].object_id)


# --- resolving ------------------------------------------------------------------------------------------------------


def test_names_become_pairs_in_the_state_and_ids_at_revcent(account: Account, engine: FakeEngine) -> None:
    program = single(
        "CustomerPortal", FILTERED | {"create_non_existing_customer": True, "campaign": "Acme EU", "enabled": False}
    )
    engine.up(program)
    found = held(account, engine)
    assert found["customer_filters"] == {"campaign": [US], "third_party_shop": [WOO]}
    assert found["campaign"] == EU
    for props in (engine.stored["one"].inputs, engine.outputs("one")):
        assert props["customer_filters"] == {
            "campaign": [{"id": US, "name": "Acme US"}],
            "third_party_shop": [{"id": WOO, "name": "acme-woo"}],
        }
        assert props["campaign"] == {"id": EU, "name": "Acme EU"}
    engine.settled(program)
    engine.refresh()
    engine.settled(program)


def test_url_parameter_sets_of_a_domain_have_names_too(account: Account, engine: FakeEngine) -> None:
    account.box.add("url_parameter_set", {"name": "utm", "id": "U" * 20})
    program = single("TrackingDomain", DOMAIN | {"url_parameter_sets": ["utm"]})
    engine.up(program)
    found = account.box.object("tracking_domain", engine.stored["one"].object_id)
    assert found["url_parameter_sets"] == ["U" * 20]
    assert engine.outputs("one")["url_parameter_sets"] == [{"id": "U" * 20, "name": "utm"}]
    engine.settled(program)


def test_each_list_is_asked_for_once_however_many_portals_name_something(account: Account, engine: FakeEngine) -> None:
    filters = {"campaign": ["Acme US", "Acme EU"], "third_party_shop": ["acme-woo"]}
    many = portal(customer_filters=filters)
    many += [
        each
        for number in range(5)
        for each in single("CustomerPortal", FILTERED | {"name": f"Portal {number}"}, name=f"portal{number}")[1:]
    ]
    engine.preview(many)
    assert lists(account).count("campaign list") == lists(account).count("third_party_shop list") == 1


def test_an_unchanged_declaration_is_planned_by_a_key_that_may_list_nothing(
    account: Account, engine: FakeEngine
) -> None:
    program = by_name("Acme US", EU)
    engine.up(program)
    account.box.clear_calls()
    engine.settings = {"offline": True}
    engine.settled(program)
    assert account.calls() == []


def test_something_new_beside_what_is_known_is_looked_up(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name("Acme US"))
    account.box.clear_calls()
    assert engine.preview(by_name("Acme US", "Bolt"))[-1] == Step("one", "update", ("customer_filters",))
    assert lists(account) == ["campaign list"]
    engine.up(by_name("Acme US", "Bolt"))
    assert held(account, engine)["customer_filters"]["campaign"] == [US, BOLT]
    engine.settled(by_name("Bolt", "Acme US"))


def test_writing_the_name_where_the_id_stood_writes_nothing_to_revcent(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name(US))
    assert engine.stored["one"].inputs["customer_filters"]["campaign"] == [{"id": US}]
    assert engine.outputs("one")["customer_filters"]["campaign"] == [{"id": US}]
    assert engine.outputs("one")["__live"]["names"] == {US: "Acme US"}
    engine.settled(by_name(US))
    account.box.clear_calls()
    engine.up(by_name("Acme US"))
    assert account.writes() == []
    engine.settled(by_name("Acme US"))
    engine.up(by_name(US))
    assert account.writes() == []
    engine.settled(by_name(US))


def test_a_name_of_20_letters_is_found_although_it_looks_like_an_id(account: Account, engine: FakeEngine) -> None:
    account.box.add("campaign", {"name": "SummerSale2026AcmeUS", "id": "S" * 20})
    engine.up(by_name("SummerSale2026AcmeUS"))
    assert held(account, engine)["customer_filters"]["campaign"] == ["S" * 20]


def test_a_state_of_bare_ids_is_understood() -> None:
    assert with_ids({"customer_filters": {"campaign": [US]}, "campaign": US}, ["customer_filters.campaign", "campaign"])
    bare = {"customer_filters": {"campaign": [US, {"id": US, "name": "Acme US"}, {"id": EU}, {"name": "new"}]}}
    assert with_ids(bare, ["customer_filters.campaign", "campaign"]) == {
        "customer_filters": {"campaign": [US, EU, "new"]}
    }


# --- refusing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["Acme UK"], ("customer_filters.campaign[0]: there is no campaign 'Acme UK'", "'Acme US' (CCCCC")),
        (["acme us"], ("no campaign 'acme us'", "Near are: 'Acme US'")),
        (["Bolt", "Volt"], ("customer_filters.campaign[1]: there is no campaign 'Volt'", "'Bolt' (BBBB")),
        (["Zebra"], ("no campaign 'Zebra' in this account", "It has 3, such as 'Acme EU', 'Acme US', 'Bolt'.")),
        (["X" * 20], ("no campaign with the ID or the name", "It has 3")),
        (["campaignAcmeUS00001"], ("no campaign 'campaignAcmeUS00001'", "An ID has 20 letters and digits, and this")),
        (["Acme US", US], ("customer_filters.campaign[1]: 'CCCCC", "is the campaign of customer_filters.campaign[0]")),
    ],
)
def test_what_the_account_does_not_have_is_refused_in_a_preview(
    names: list[str], says: tuple[str, ...], account: Account, engine: FakeEngine
) -> None:
    with pytest.raises(Failed) as caught:
        engine.preview(by_name(*names))
    for words in says:
        assert words in str(caught.value)
    assert account.writes() == []


def test_all_wrong_names_of_a_portal_are_told_at_once(engine: FakeEngine) -> None:
    wrong = PORTAL | {
        "campaign": "Nobody",
        "customer_filters": {"campaign": ["No", "Never"], "third_party_shop": ["x"]},
    }
    with pytest.raises(Failed) as caught:
        engine.preview(single("CustomerPortal", wrong))
    for name in ("'Nobody'", "'No'", "'Never'", "'x'"):
        assert f" {name} in this account" in str(caught.value)


def test_a_list_is_asked_for_again_before_a_name_is_called_missing(account: Account, engine: FakeEngine) -> None:
    session = account.session()
    assert len(session.planned_list("campaign", fresh=False)) == 3
    account.box.add("campaign", {"name": "Brand new", "id": "N" * 20})
    assert len(session.planned_list("campaign", fresh=False)) == 3
    engine.up(by_name("Brand new"))
    assert held(account, engine)["customer_filters"]["campaign"] == ["N" * 20]


def test_two_campaigns_of_one_name_are_told_by_their_ids(account: Account, engine: FakeEngine) -> None:
    account.box.add("campaign", {"name": "Acme US", "id": "Z" * 20, "enabled": False})
    with pytest.raises(Failed, match=f"2 campaigns are called 'Acme US'.*{US} or {'Z' * 20} \\(disabled\\)"):
        engine.preview(by_name("Acme US"))
    engine.up(by_name("Z" * 20))
    assert held(account, engine)["customer_filters"]["campaign"] == ["Z" * 20]


def test_a_second_campaign_of_the_name_changes_nothing_for_what_is_resolved(
    account: Account, engine: FakeEngine
) -> None:
    engine.up(by_name("Acme US"))
    account.box.add("campaign", {"name": "Acme US", "id": "Z" * 20})
    engine.settled(by_name("Acme US"))


def test_an_empty_account_is_asked_about_first(account: Account, engine: FakeEngine) -> None:
    account.box.remove("third_party_shop", WOO)
    with pytest.raises(Failed, match="It has no third-party shops at all: is it the right account\\?"):
        engine.preview(portal(customer_filters={"third_party_shop": ["acme-woo"]}))


def test_in_an_up_only_the_resource_with_the_wrong_name_fails(account: Account, engine: FakeEngine) -> None:
    with pytest.raises(Failed, match=r"^one: .*customer_filters.campaign\[0\]: there is no campaign 'Acme UK'"):
        engine.up(by_name("Acme UK"))
    assert account.writes() == []
    engine.up(by_name("Acme US"))
    account.box.clear_calls()
    with pytest.raises(Failed, match="there is no campaign 'Acme UK'"):
        engine.up(by_name("Acme UK"))
    assert account.writes() == []
    engine.settled(by_name("Acme US"))


# --- when nobody can be asked ---------------------------------------------------------------------------------------


def test_a_key_that_may_not_list_needs_ids(account: Account, engine: FakeEngine) -> None:
    everything_else = ["CreateCustomerPortal", "GetCustomerPortal", "EditCustomerPortal", "GetTrackingDomain"]
    engine.settings = {"api_key": account.box.add_key("narrow", allow=everything_else)}
    planned = engine.preview(by_name("Acme US"))
    assert list(ops(planned))[-1] == ("one", "create")
    (warning,) = [sentence for name, sentence in account.warnings if name == "one"]
    assert "customer_filters.campaign[0]: 'Acme US' is a name, and this API key may not list campaigns" in warning
    assert "Give the key GetCampaigns, or write the campaign's ID." in warning
    with pytest.raises(Failed, match="'Acme US' is a name, and this API key may not list campaigns"):
        engine.up(by_name("Acme US"))
    engine.up(by_name(US))
    assert engine.outputs("one")["customer_filters"]["campaign"] == [{"id": US}]
    engine.settled(by_name(US))


def test_offline_a_new_name_is_not_known_yet(account: Account, engine: FakeEngine) -> None:
    engine.settings = {"offline": True}
    assert list(ops(engine.preview(by_name("Acme UK"))))[-1] == ("one", "create")
    assert account.calls() == []
    assert account.warnings == []


def test_what_a_preview_could_not_look_up_an_up_finds(account: Account, engine: FakeEngine) -> None:
    account.box.fault("status", "GET", "/campaigns", times=4, status=500)
    engine.preview(by_name("Acme US"))
    account.box.clear_faults()
    engine.up(by_name("Acme US"))
    assert held(account, engine)["customer_filters"]["campaign"] == [US]
    engine.settled(by_name("Acme US"))


# --- renaming -------------------------------------------------------------------------------------------------------


def test_a_renamed_campaign_shows_as_renamed(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name("Acme US"))
    account.box.change("campaign", US, {"name": "Acme America"})
    engine.settled(by_name("Acme US"))  # nothing asks before a refresh

    assert [step for step in engine.refresh() if step.op != "same"] == [Step("one", "update", ("customer_filters",))]
    with pytest.raises(Failed, match="The one declared until now is called 'Acme America': if it was renamed, write"):
        engine.preview(by_name("Acme US"))

    account.box.clear_calls()
    engine.settled(by_name("Acme America"))
    assert account.calls() == []


def test_a_new_name_in_the_program_is_stored_without_a_write(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name("Acme US"))
    account.box.change("campaign", US, {"name": "Acme America"})
    account.box.clear_calls()
    assert engine.preview(by_name("Acme America"))[-1] == Step("one", "update", ("customer_filters",))
    engine.up(by_name("Acme America"))
    assert account.writes() == []
    engine.settled(by_name("Acme America"))


def test_a_renamed_campaign_declared_by_its_id_needs_no_change(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name(US))
    account.box.change("campaign", US, {"name": "Acme America"})
    engine.refresh()
    assert engine.outputs("one")["__live"]["names"] == {US: "Acme America"}
    engine.settled(by_name(US))


def test_a_filter_changed_by_hand_is_drift_with_names(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name("Acme US"))
    account.box.change(
        "customer_portal", engine.stored["one"].object_id, {"customer_filters": {"campaign": [EU, BOLT]}}
    )
    engine.refresh()
    assert engine.stored["one"].inputs["customer_filters"]["campaign"] == [
        {"id": EU, "name": "Acme EU"},
        {"id": BOLT, "name": "Bolt"},
    ]
    engine.up(by_name("Acme US"))
    assert held(account, engine)["customer_filters"]["campaign"] == [US]
    engine.settled(by_name("Acme US"))


def test_refresh_by_a_key_that_may_not_list_keeps_the_names(account: Account, engine: FakeEngine) -> None:
    engine.up(by_name("Acme US"))
    engine.settings = {"api_key": account.box.add_key("narrow", allow=["GetCustomerPortal"])}
    engine.refresh()
    assert engine.outputs("one")["customer_filters"]["campaign"] == [{"id": US, "name": "Acme US"}]
    engine.settled(by_name("Acme US"))
    assert KEY not in engine.exported()
