"""A delete: retires what is ours, as far as RevCent allows, and touches nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from tests.providers.account import Account
from tests.providers.engine import Failed, FakeEngine, Ref, Step
from tests.providers.programs import DOMAIN, IDENTITY, MAIL, PARAMETER_SET, PORTAL, brand, declared, single
from tests.providers.world import ENTITIES, furnish, mark

PROGRAM = single("CustomerPortal", PORTAL)
EVERYTHING = {"delete": True, "smtp_get": True}


def objects(account: Account) -> dict[str, list[dict[str, Any]]]:
    kinds = ("tracking_domain", "smtp_profile", "customer_portal", "url_parameter_set")
    return {kind: account.box.objects(kind) for kind in kinds}


def warning(account: Account, name: str = "one") -> str:
    """What the last command warned about a resource."""
    said = [sentence for other, sentence in account.warnings if other == name]
    assert len(said) == 1, said
    return said[0]


# --- what retiring is -----------------------------------------------------------------------------------------------


def test_a_portal_is_disabled_marked_and_keeps_its_name(account: Account, engine: FakeEngine) -> None:
    engine.up(single("CustomerPortal", PORTAL | {"description": "Ours"}))
    object_id = engine.stored["one"].object_id
    engine.destroy()
    found = account.box.object("customer_portal", object_id)
    assert (found["enabled"], found["name"]) == (False, "Acme portal")
    assert found["description"].startswith("Ours [pulumi retired acme/dev/one ")
    assert f"'Acme portal' ({object_id}) was disabled and keeps its name" in warning(account)


def test_a_domain_is_marked_only(account: Account, engine: FakeEngine) -> None:
    engine.up(single("TrackingDomain", DOMAIN))
    before = account.box.object("tracking_domain", engine.stored["one"].object_id)
    engine.destroy()
    after = account.box.object("tracking_domain", before["id"])
    assert mark(after).retired
    assert {key for key in after if after[key] != before[key]} == {"description"}
    assert "remains, marked as retired" in warning(account)
    assert "DNS records may be removed" in warning(account)


def test_a_profile_is_disabled_and_gives_its_name_up(account: Account, engine: FakeEngine) -> None:
    engine.up(single("SmtpProfile", MAIL))
    object_id = engine.stored["one"].object_id
    engine.destroy()
    found = account.box.object("smtp_profile", object_id)
    assert not found["enabled"]
    assert re.fullmatch(r"Acme mail \(retired \d{4}-\d\d-\d\d [a-z0-9]{4}\)", found["name"])
    assert mark(found).retired
    assert f"{object_id} was disabled and renamed to '{found['name']}'" in warning(account)


def test_a_whole_brand_is_retired_in_one_go_and_comes_back(account: Account, engine: FakeEngine) -> None:
    engine.up(brand())
    account.warnings.clear()
    engine.destroy()
    assert [name for name, _ in account.warnings] == ["portal", "mail", "domain"]
    engine.up(brand())
    engine.settled(brand())
    assert account.box.object("customer_portal", engine.stored["portal"].object_id)["enabled"]


def test_without_marks_a_portal_is_disabled_and_its_description_stays(account: Account, engine: FakeEngine) -> None:
    engine.up(single("CustomerPortal", PORTAL | {"description": "Ours"}, marked=False))
    object_id = engine.stored["one"].object_id
    engine.destroy()
    found = account.box.object("customer_portal", object_id)
    assert (found["enabled"], found["description"]) == (False, "Ours")


def test_where_revcent_can_delete_objects_are_deleted() -> None:
    account = Account(offers=EVERYTHING)
    engine = FakeEngine(account)
    engine.up(brand())
    engine.settled(brand())
    account.warnings.clear()
    engine.destroy()
    assert not any(objects(account).values())
    assert account.warnings == []


def test_where_only_profiles_can_be_deleted_but_not_read_they_are() -> None:
    account = Account(offers={"delete": True})
    engine = FakeEngine(account)
    engine.up(single("SmtpProfile", MAIL))
    engine.destroy()
    assert account.box.objects("smtp_profile") == []


# --- what is left alone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offers", [{}, EVERYTHING])
@pytest.mark.parametrize("kind", ["CustomerPortal", "TrackingDomain", "UrlParameterSet"])
def test_what_another_stack_adopted_is_left_as_it_is(kind: str, offers: dict[str, bool]) -> None:
    account = Account(offers=offers)
    furnish(account.box, PORTAL)
    engine, other_engine = FakeEngine(account), FakeEngine(account)
    inputs = {"CustomerPortal": PORTAL, "TrackingDomain": DOMAIN, "UrlParameterSet": PARAMETER_SET}[kind]
    engine.up(single(kind, inputs))
    other_engine.up(single(kind, inputs | {"adopt": True}, name="theirs", stack="prod"))
    before = objects(account)
    engine.destroy()
    assert objects(account) == before
    assert "was left as it is: it belongs to acme/prod/theirs by now" in warning(account)
    assert engine.stored == {}


def test_an_object_without_its_mark_is_retired(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    account.box.change("customer_portal", object_id, {"description": "by hand"})
    engine.destroy()
    found = account.box.object("customer_portal", object_id)
    assert not found["enabled"]
    assert found["description"].startswith("by hand [pulumi retired ")


@pytest.mark.parametrize("offers", [{}, EVERYTHING])
@pytest.mark.parametrize("revcent", [{}, {"slim_lists": True}, {"omit": ["smtp_profile"]}, {"omit": ["enabled"]}])
def test_a_profile_that_a_live_portal_uses_is_left_as_it_is(revcent: dict[str, Any], offers: dict[str, bool]) -> None:
    account = Account(offers=offers)
    account.box.switch(**revcent)
    engine, other_engine = FakeEngine(account), FakeEngine(account)
    engine.up(single("SmtpProfile", MAIL))
    object_id = engine.stored["one"].object_id
    furnish(account.box, {"tracking_domain": PORTAL["tracking_domain"]})
    other_engine.up(single("CustomerPortal", PORTAL | {"smtp_profile": object_id}))
    before = objects(account)
    engine.destroy()
    assert objects(account) == before
    assert "was left as it is: enabled portals use it: Acme portal." in warning(account)


def test_a_profile_that_only_disabled_portals_use_is_retired(account: Account, engine: FakeEngine) -> None:
    engine.up(single("SmtpProfile", MAIL))
    object_id = engine.stored["one"].object_id
    FakeEngine(account).up(single("CustomerPortal", PORTAL | {"smtp_profile": object_id, "enabled": False}))
    engine.destroy()
    assert not account.box.object("smtp_profile", object_id)["enabled"]


@pytest.mark.parametrize("offers", [{}, EVERYTHING])
def test_a_portal_that_went_after_the_scan_uses_its_profile_no_more(offers: dict[str, bool]) -> None:
    account = Account(offers=offers)
    furnish(account.box, PORTAL)
    engine = FakeEngine(account)
    program = [IDENTITY]
    for name in ("b", "a"):
        program.append(declared("SmtpProfile", f"mail-{name}", MAIL | {"name": f"Mail {name}"}))
        program.append(
            declared("CustomerPortal", name, PORTAL | {"name": name}, links={"smtp_profile": Ref(f"mail-{name}")})
        )
    engine.up(program)
    engine.destroy()  # portal a, mail a with the scan, portal b, mail b
    assert not any("left as it is" in said for _, said in account.warnings)
    assert account.calls().count(("GET", "customer_portal list")) == 1


def test_profiles_are_left_with_a_key_that_cannot_tell_who_uses_them(account: Account, engine: FakeEngine) -> None:
    two = [IDENTITY, declared("SmtpProfile", "one", MAIL), declared("SmtpProfile", "two", MAIL | {"name": "Two"})]
    engine.up(two)
    key = account.box.add_key("narrow", allow=set(OPERATIONS) - {"GetCustomerPortals"})
    engine.settings = {"api_key": key}
    before = objects(account)
    engine.destroy()
    assert objects(account) == before
    for name in ("one", "two"):
        assert "was left as it is: this key cannot tell which enabled portals use it" in warning(account, name)


def test_a_scan_that_breaks_off_is_no_scan(account: Account, engine: FakeEngine) -> None:
    """Else the second profile would be retired because the first could not find out who uses it."""
    account.box.switch(slim_lists=True)
    two = [IDENTITY, declared("SmtpProfile", "one", MAIL), declared("SmtpProfile", "two", MAIL | {"name": "Two"})]
    engine.up(two)
    furnish(account.box, PORTAL)
    user = PORTAL | {"smtp_profile": engine.stored["one"].object_id}
    FakeEngine(account).up(single("CustomerPortal", user))
    account.box.fault("status", "GET", "^/customer_portals/", times=2, status=403)  # one attempt each, in this test
    engine.destroy()
    assert account.box.object("smtp_profile", user["smtp_profile"])["enabled"]
    assert len(account.warnings) == 2


def test_a_profile_replaced_by_force_gives_way_to_its_successor() -> None:
    """The name is taken, the profile cannot be looked up: `adopt_id` takes it over, and the delete must see that."""
    account = Account()
    engine = FakeEngine(account)
    engine.up(single("SmtpProfile", MAIL))
    object_id = engine.stored["one"].object_id
    again = single("SmtpProfile", MAIL | {"adopt_id": object_id})
    engine.up(again, replacing=["one"])
    assert account.box.object("smtp_profile", object_id)["enabled"]
    assert "its replacement took it over" in warning(account)
    engine.settled(again)


def test_what_a_renamed_resource_wants_is_not_retired_although_its_create_failed(
    account: Account, engine: FakeEngine
) -> None:
    """`pulumi up --continue-on-error` goes on to delete what had the old name in the program."""
    engine.up(single("SmtpProfile", MAIL, name="old"))
    object_id = engine.stored["old"].object_id
    with pytest.raises(Failed, match=r"dev/new declares the name 'Acme mail' too") as caught:
        delete_after_failed_create(engine, single("SmtpProfile", MAIL, name="new"), "old")
    assert "aliases=" in str(caught.value)
    assert account.box.object("smtp_profile", object_id)["enabled"]


def delete_after_failed_create(engine: FakeEngine, program: list[Any], name: str) -> None:
    process = engine._process()
    _, wanted = program
    props = {**wanted.props, "__owner": {"urn": wanted.props["__owner"]["urn"], "identity": "word"}}
    process[wanted.provider].check({}, {**props, "password": MAIL["password"]})
    stored = engine.stored[name]
    try:
        process[stored.provider].delete(stored.object_id, engine.outputs(name))
    except Exception as error:
        raise Failed(name, str(error)) from error


# --- what is gone already -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offers", [{}, {"delete": True}, EVERYTHING])
@pytest.mark.parametrize("kind", ["CustomerPortal", "TrackingDomain", "SmtpProfile", "UrlParameterSet"])
def test_what_is_gone_already_is_forgotten(kind: str, offers: dict[str, bool]) -> None:
    account = Account(offers=offers)
    furnish(account.box, PORTAL)
    engine = FakeEngine(account)
    inputs = {
        "CustomerPortal": PORTAL,
        "TrackingDomain": DOMAIN,
        "SmtpProfile": MAIL,
        "UrlParameterSet": PARAMETER_SET,
    }[kind]
    witness = declared("TrackingDomain", "witness", {"domain": "witness.test"})
    engine.up([*single(kind, inputs), witness])
    account.box.remove(ENTITIES[kind], engine.stored["one"].object_id)
    assert Step("one", "delete") in engine.up([IDENTITY, witness])
    assert engine.stored.keys() == {IDENTITY.name, "witness"}


def test_a_delete_that_cannot_be_carried_out_keeps_the_state(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    account.box.fault("status", "POST", times=None, status=500)
    with pytest.raises(Failed):
        engine.destroy()
    assert "one" in engine.stored
    account.box.clear_faults()
    engine.destroy()
    assert engine.stored == {}
