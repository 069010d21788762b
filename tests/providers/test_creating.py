"""A create: of something new, of a name that is taken, and after an end that says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.providers.ownership import Mark
from tests.providers.account import KEY, Account
from tests.providers.engine import Declared, Failed, FakeEngine, Ref, ops
from tests.providers.programs import CAMPAIGN_ID, DOMAIN, IDENTITY, MAIL, PARAMETER_SET, PORTAL, declared, single
from tests.providers.world import ENTITIES, furnish, mark, require_held

INPUTS = {"TrackingDomain": DOMAIN, "CustomerPortal": PORTAL, "UrlParameterSet": PARAMETER_SET}
of_each_kind = pytest.mark.parametrize("kind", INPUTS)


def only(account: Account, kind: str) -> dict[str, Any]:
    """The one object of a kind that is no furniture."""
    (found,) = [found for found in account.box.objects(ENTITIES[kind]) if not found["name"].startswith("furniture")]
    return found


def named(kind: str) -> str:
    return str(INPUTS[kind].get("name", INPUTS[kind].get("domain")))


def by_hand(account: Account, kind: str, **fields: Any) -> str:
    """What somebody made in RevCent, under the name that the program wants."""
    if kind == "TrackingDomain":
        return account.box.add("tracking_domain", {"name": named(kind), "domain": "acme.test", **fields})
    if kind == "UrlParameterSet":
        return account.box.add("url_parameter_set", {"name": named(kind), "enabled": False, **fields})
    return account.box.add("customer_portal", {"name": named(kind), "campaign": CAMPAIGN_ID, **fields})


def program(kind: str, *, name: str = "one", **inputs: Any) -> list[Declared]:
    return single(kind, INPUTS[kind] | inputs, name=name)


def refused(engine: FakeEngine, wanted: list[Declared]) -> str:
    """What a preview and an `up` say, which is the same; nothing but the attempt is written."""
    with pytest.raises(Failed) as early:
        engine.preview(wanted)
    engine.account.box.clear_calls()
    with pytest.raises(Failed) as late:
        engine.up(wanted)
    (attempt,) = engine.account.writes()
    assert attempt.endswith(" create")
    assert str(early.value) == str(late.value)
    return str(late.value)


# --- a name that is taken -------------------------------------------------------------------------------------------


@of_each_kind
def test_what_somebody_made_by_hand_is_not_taken(kind: str, account: Account, engine: FakeEngine) -> None:
    object_id = by_hand(account, kind, description="ours")
    said = refused(engine, program(kind))
    assert f"named '{named(kind)}' exists already in RevCent ({object_id})" in said
    assert "carries no ownership mark" in said
    assert "adopt=True" in said
    assert only(account, kind)["description"] == "ours"


@of_each_kind
def test_what_another_stack_made_is_not_taken(kind: str, engine: FakeEngine, other_engine: FakeEngine) -> None:
    other_engine.up(single(kind, INPUTS[kind], name="theirs", stack="prod"))
    said = refused(engine, program(kind))
    assert "belongs to acme/prod/theirs, another Pulumi stack" in said
    assert "adopt=True" in said
    other_engine.settled(single(kind, INPUTS[kind], name="theirs", stack="prod"))


@of_each_kind
def test_what_another_resource_of_the_stack_made_is_not_taken(kind: str, engine: FakeEngine) -> None:
    engine.up(program(kind, name="old"))
    with pytest.raises(Failed, match="belongs to the resource acme/dev/old of this stack") as caught:
        engine.up(program(kind, name="new"))
    assert "aliases=[pulumi.Alias" in str(caught.value)
    engine.settled(program(kind, name="old"))


@of_each_kind
def test_what_a_stack_made_whose_state_was_lost_is_adopted_on_purpose(
    kind: str, account: Account, engine: FakeEngine, other_engine: FakeEngine
) -> None:
    other_engine.up(program(kind))
    assert "another Pulumi stack" in refused(engine, program(kind))
    engine.up(program(kind, adopt=True))
    engine.settled(program(kind, adopt=True))
    engine.settled(program(kind))
    assert mark(only(account, kind)).identity == engine.outputs(IDENTITY.name)["identity"]


@of_each_kind
@pytest.mark.parametrize("how", ["adopt", "adopt_id"])
def test_a_take_over_writes_everything_and_clears_the_rest(
    kind: str, how: str, account: Account, engine: FakeEngine
) -> None:
    furnish(account.box, {"campaign": CAMPAIGN_ID})
    object_id = by_hand(account, kind, description="old text")
    steering: dict[str, Any] = {how: True if how == "adopt" else object_id}
    wanted = program(kind, **steering)
    assert list(ops(engine.preview(wanted)))[-1] == ("one", "create")
    engine.up(wanted)
    assert engine.stored["one"].object_id == object_id
    require_held(account.box, kind, object_id, INPUTS[kind])
    engine.settled(wanted)
    engine.settled(program(kind))
    assert {step.op for step in engine.refresh()} == {"same"}


@of_each_kind
def test_what_was_retired_is_taken_back(
    kind: str, account: Account, engine: FakeEngine, other_engine: FakeEngine
) -> None:
    other_engine.up(program(kind, name="theirs"))
    other_engine.destroy()
    retired = only(account, kind)
    assert mark(retired).retired
    engine.up(program(kind))
    assert engine.stored["one"].object_id == retired["id"]
    assert not mark(only(account, kind)).retired
    require_held(account.box, kind, retired["id"], INPUTS[kind])
    engine.settled(program(kind))


@of_each_kind
def test_what_an_interrupted_run_made_is_taken_silently(kind: str, account: Account, engine: FakeEngine) -> None:
    engine.up(program(kind))
    lost = engine.stored.pop("one")
    before = mark(only(account, kind))
    assert list(ops(engine.preview(program(kind)))) == [("one", "create")]
    engine.up(program(kind))
    assert engine.stored["one"].object_id == lost.object_id
    assert mark(only(account, kind)).nonce != before.nonce
    engine.settled(program(kind))


@of_each_kind
def test_a_forced_replacement_keeps_the_object(kind: str, account: Account, engine: FakeEngine) -> None:
    engine.up(program(kind))
    before = engine.stored["one"].object_id
    assert list(ops(engine.up(program(kind), replacing=["one"]))) == [("one", "replace")]
    assert engine.stored["one"].object_id == before
    assert engine.pending == []
    assert not mark(only(account, kind)).retired
    assert "its replacement took it over" in account.warnings[-1][1]
    engine.settled(program(kind))


@of_each_kind
def test_without_marks_nothing_is_ever_taken_silently(kind: str, account: Account, engine: FakeEngine) -> None:
    unmarked = single(kind, INPUTS[kind], marked=False)
    engine.up(unmarked)
    assert only(account, kind)["description"] == ""
    engine.settled(unmarked)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.stored.pop("one")
    assert "carries no ownership mark" in refused(engine, unmarked)


def test_a_domain_with_another_domain_name_is_never_taken(account: Account, engine: FakeEngine) -> None:
    object_id = account.box.add("tracking_domain", {"name": "acme.test", "domain": "other.test"})
    for how in ({}, {"adopt": True}, {"adopt_id": object_id}):
        with pytest.raises(Failed, match=r"with domain 'other.test', which RevCent cannot change to 'acme.test'"):
            engine.up(program("TrackingDomain", **how))
    assert only(account, "TrackingDomain")["description"] == ""


@of_each_kind
def test_an_id_that_does_not_exist_cannot_be_adopted(kind: str, engine: FakeEngine) -> None:
    with pytest.raises(Failed, match=r"There is no .* with the ID XXXXXXXXXXXXXXXXXXXX in this account") as caught:
        engine.up(program(kind, adopt_id="X" * 20))
    assert "Correct or remove adopt_id" in str(caught.value)


def test_a_profile_that_does_not_exist_cannot_be_adopted_although_it_cannot_be_looked_up(engine: FakeEngine) -> None:
    with pytest.raises(Failed, match=r"There is no SMTP profile with the ID X{20} in this account"):
        engine.up(single("SmtpProfile", MAIL | {"adopt_id": "X" * 20}))


def test_a_profile_whose_name_is_taken_names_every_cure(account: Account, engine: FakeEngine) -> None:
    account.box.add("smtp_profile", {"name": "Acme mail", "host": "old.acme.test"})
    with pytest.raises(Failed, match="already exists") as caught:
        engine.up(single("SmtpProfile", MAIL))
    for cure in ('adopt_id="<the ID shown in RevCent>"', "aliases=", "choose another name"):
        assert cure in str(caught.value)


def test_a_profile_is_adopted_by_its_id(account: Account, engine: FakeEngine) -> None:
    object_id = account.box.add("smtp_profile", {"name": "old", "host": "old.acme.test", "enabled": False})
    engine.up(single("SmtpProfile", MAIL | {"adopt_id": object_id}))
    require_held(account.box, "SmtpProfile", object_id, MAIL)
    engine.settled(single("SmtpProfile", MAIL))


# --- the preview's early word ---------------------------------------------------------------------------------------


def test_a_preview_asks_about_names_only_when_something_is_new(account: Account, engine: FakeEngine) -> None:
    engine.preview(program("CustomerPortal"))
    assert ("GET", "customer_portal list") in account.calls()
    engine.up(program("CustomerPortal"))
    account.box.clear_calls()
    engine.preview(program("CustomerPortal", display_name="New"))
    assert account.calls() == []


@pytest.mark.parametrize(
    ("settings", "inputs"),
    [({"offline": True}, {}), ({}, {"adopt": True}), ({}, {"adopt_id": "P" * 20}), ({"api_key": ""}, {})],
)
def test_a_preview_that_cannot_or_need_not_ask_about_the_name_does_not(
    settings: dict[str, Any], inputs: dict[str, Any], account: Account
) -> None:
    by_hand(account, "CustomerPortal")
    FakeEngine(account, settings=settings).preview(program("CustomerPortal", **inputs))
    assert ("GET", "customer_portal list") not in account.calls()


def test_a_key_that_may_not_list_previews_and_creates(account: Account) -> None:
    key = account.box.add_key("narrow", allow=["CreateCustomerPortal", "GetCustomerPortal", "GetTrackingDomain"])
    engine = FakeEngine(account, settings={"api_key": key})
    engine.preview(program("CustomerPortal"))
    engine.up(program("CustomerPortal"))
    engine.settled(program("CustomerPortal"))


def test_a_key_that_may_not_list_is_told_what_a_taken_name_could_mean(account: Account) -> None:
    by_hand(account, "CustomerPortal")
    key = account.box.add_key("narrow", allow=["CreateCustomerPortal", "GetCustomerPortal", "GetTrackingDomain"])
    with pytest.raises(Failed, match="adopt_id="):
        FakeEngine(account, settings={"api_key": key}).up(program("CustomerPortal"))


# --- an end that says nothing ---------------------------------------------------------------------------------------

BROKEN = [
    ("drop_before", {}),
    ("drop_after", {}),
    ("status", {"status": 500, "work": False}),
    ("status", {"status": 502, "work": True}),
    ("truncated", {}),
    ("not_json", {}),
    ("empty", {}),
]


@of_each_kind
@pytest.mark.parametrize(("fault", "how"), BROKEN)
def test_a_create_whose_answer_was_lost_makes_one_object(
    kind: str, fault: str, how: dict[str, Any], account: Account, engine: FakeEngine
) -> None:
    account.box.fault(fault, "POST", f"^/{ENTITIES[kind]}s$", **how)
    try:
        engine.up(program(kind))
    except Failed:
        assert fault == "drop_before" or not how.get("work", True), "RevCent did it, and the list says so"
        engine.up(program(kind))
    require_held(account.box, kind, only(account, kind)["id"], INPUTS[kind])
    assert engine.stored["one"].object_id == only(account, kind)["id"]
    engine.settled(program(kind))
    assert account.writes().count(f"{ENTITIES[kind]} edit") == 0, "it is complete: it needs no take-over"


def test_a_create_that_is_neither_answered_nor_found_says_what_to_do(account: Account, engine: FakeEngine) -> None:
    account.box.fault("drop_after", "POST")
    account.box.fault("status", "GET", "^/customer_portals$", times=None, status=503)
    with pytest.raises(
        Failed, match="It is not known whether RevCent made the customer portal 'Acme portal'"
    ) as caught:
        engine.up(program("CustomerPortal"))
    assert "looking for it failed too" in str(caught.value)
    assert 'adopt_id="<the ID shown in RevCent>"' in str(caught.value)
    account.box.clear_faults()
    engine.up(program("CustomerPortal"))
    assert engine.stored["one"].object_id == only(account, "CustomerPortal")["id"]
    engine.settled(program("CustomerPortal"))


def test_a_profile_that_may_have_been_made_is_adopted_by_its_id(account: Account, engine: FakeEngine) -> None:
    account.box.fault("drop_after", "POST")
    with pytest.raises(Failed, match="RevCent offers this key no look-up by name") as caught:
        engine.up(single("SmtpProfile", MAIL))
    assert 'adopt_id="<the ID shown in RevCent>"' in str(caught.value)
    engine.up(single("SmtpProfile", MAIL | {"adopt_id": only(account, "SmtpProfile")["id"]}))
    require_held(account.box, "SmtpProfile", only(account, "SmtpProfile")["id"], MAIL)
    engine.settled(single("SmtpProfile", MAIL))


@of_each_kind
def test_an_object_that_cannot_be_read_back_is_kept_with_a_warning(
    kind: str, account: Account, engine: FakeEngine
) -> None:
    account.box.switch(normalise=True)
    account.box.fault("status", "GET", f"^/{ENTITIES[kind]}s/", times=None, status=503)
    engine.up(program(kind))
    (warning,) = [said for name, said in account.warnings if "reading it back failed" in said]
    assert "The next refresh looks again." in warning
    account.box.clear_faults()
    engine.settled(program(kind))
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(program(kind))


def test_a_refusal_is_passed_on_with_revcents_own_words(engine: FakeEngine) -> None:
    inputs = PORTAL | {"smtp_profile": "Z" * 20}
    with pytest.raises(Failed, match=r"there is no SMTP profile Z{20}") as caught:
        engine.up(single("CustomerPortal", inputs))
    assert "[RevCent call " in str(caught.value)


def test_a_wrong_key_is_named_as_such(account: Account) -> None:
    engine = FakeEngine(account, settings={"api_key": f"{KEY}x"})
    with pytest.raises(Failed, match="API key"):
        engine.up(program("TrackingDomain"))
    assert account.writes() == ["tracking_domain create"]


def test_a_mark_is_written_as_people_read_it(account: Account, engine: FakeEngine) -> None:
    engine.up(single("CustomerPortal", PORTAL | {"description": "Ours"}))
    found = only(account, "CustomerPortal")
    identity, nonce = engine.outputs(IDENTITY.name)["identity"], engine.outputs("one")["__live"]["nonce"]
    assert found["description"] == f"Ours {Mark('acme/dev/one', identity, nonce)}"


def test_a_renamed_resource_with_an_alias_rewrites_its_mark(account: Account, engine: FakeEngine) -> None:
    engine.up(program("CustomerPortal", name="old"))
    engine.stored["new"] = engine.stored.pop("old")  # what the engine does for an alias
    assert list(ops(engine.up([IDENTITY, declared("CustomerPortal", "new", PORTAL)]))) == [("new", "update")]
    assert mark(only(account, "CustomerPortal")).label == "acme/dev/new"
    engine.settled([IDENTITY, declared("CustomerPortal", "new", PORTAL)])


def test_a_domain_that_is_not_known_yet_is_not_held_against_one_that_exists(
    account: Account, engine: FakeEngine
) -> None:
    account.box.add("tracking_domain", {"name": "Acme", "domain": "acme.test"})
    unknown = declared("TrackingDomain", "one", {"name": "Acme"}, links={"domain": Ref("registered", "identity")})
    registered = declared_identity("registered")
    with pytest.raises(Failed, match="carries no ownership mark"):
        engine.preview([IDENTITY, registered, unknown])
    adopted = declared(
        "TrackingDomain", "one", {"name": "Acme", "adopt": True}, links={"domain": Ref("registered", "identity")}
    )
    assert {step.op for step in engine.preview([IDENTITY, registered, adopted])} == {"create"}


def declared_identity(name: str) -> Declared:
    """A resource whose output is unknown until it was created."""
    return Declared(name, IDENTITY.provider, {})


def test_a_portal_on_a_domain_that_is_not_ready_is_not_even_tried(account: Account, engine: FakeEngine) -> None:
    raw = account.box.add("tracking_domain", {"domain": "raw.test"})
    with pytest.raises(Failed, match=r"tracking_domain 'raw.test' is not ready"):
        engine.up(program("CustomerPortal", tracking_domain=raw))
    assert account.writes() == []


# --- a RevCent that answers otherwise -------------------------------------------------------------------------------


@of_each_kind
def test_a_revcent_that_keeps_no_marks_is_noticed_and_is_no_drift(
    kind: str, account: Account, engine: FakeEngine
) -> None:
    def without_mark(payload: dict[str, Any]) -> dict[str, Any]:
        return payload | {"description": payload.get("description", "").partition("[pulumi")[0].strip()}

    account.alter = without_mark
    engine.up(program(kind, description="Ours"))
    assert engine.outputs("one")["__live"]["unmarked"] is True
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(program(kind, description="Ours"))
    engine.up(program(kind, description="New"))
    assert {step.op for step in engine.refresh()} == {"same"}


def test_of_a_revcent_that_answers_as_asked_hardly_anything_is_kept(account: Account, engine: FakeEngine) -> None:
    engine.up(program("CustomerPortal"))
    assert engine.outputs("one")["__live"].keys() == {"nonce", "digests"}
    blank = {"url": "", "logo": "", "embed_html": ""}
    assert engine.outputs("one") | blank == engine.outputs("one"), "what is left out is unknown in every preview"
    account.box.switch(smtp_get=True)
    account.offers["smtp_get"] = True
    engine.up([*program("CustomerPortal"), declared("SmtpProfile", "mail", MAIL)])
    assert engine.outputs("mail")["__live"].keys() == {"nonce"}
