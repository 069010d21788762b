"""An update: writes what changed, after looking whose object it is by now."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.account import Account
from tests.providers.engine import Failed, FakeEngine, Step, ops
from tests.providers.programs import (
    DOMAIN,
    IDENTITY,
    MAIL,
    PORTAL,
    SET_ID,
    brand,
    declared,
    single,
)
from tests.providers.world import furnish, mark, require_held

PROGRAM = single("CustomerPortal", PORTAL)


def portal(**changes: Any) -> list[Any]:
    return single("CustomerPortal", PORTAL | changes)


def sent(account: Account) -> dict[str, Any]:
    """The body of the only edit."""
    (call,) = [call for call in account.box.calls if call["action"] == "edit"]
    body: dict[str, Any] = call["body"]
    return body


def test_only_what_changed_is_sent_nested_settings_whole(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    changed = PORTAL["customer_permissions"] | {"trial_cancel": True}
    assert engine.up(portal(customer_permissions=changed))[-1] == Step("one", "update", ("customer_permissions",))
    assert sent(account).keys() == {"customer_permissions"}
    assert len(sent(account)["customer_permissions"]) == 12


def test_a_setting_that_is_taken_out_of_the_program_is_cleared(account: Account, engine: FakeEngine) -> None:
    furnish(account.box, {"campaign": "C" * 20})
    engine.up(portal(campaign="C" * 20, create_non_existing_customer=True))
    engine.up(portal(create_non_existing_customer=True))
    assert sent(account) == {"campaign": ""}
    assert account.box.object("customer_portal", engine.stored["one"].object_id)["campaign"] is None
    engine.settled(portal(create_non_existing_customer=True))
    assert {step.op for step in engine.refresh()} == {"same"}


def test_a_setting_that_revcent_does_not_clear_is_no_drift_for_ever(account: Account, engine: FakeEngine) -> None:
    furnish(account.box, {"campaign": "C" * 20})
    engine.up(portal(campaign="C" * 20))
    account.alter = lambda payload: payload | {"campaign": "C" * 20}
    engine.up(PROGRAM)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(PROGRAM)


def test_the_order_of_a_list_is_no_change(account: Account, engine: FakeEngine) -> None:
    furnish(account.box, {"customer_filters": {"campaign": ["A" * 20, "B" * 20]}})
    engine.up(portal(customer_filters={"campaign": ["A" * 20, "B" * 20]}))
    assert list(ops(engine.preview(portal(customer_filters={"campaign": ["B" * 20, "A" * 20]})))) == []


@pytest.mark.parametrize("steering", [{"adopt": True}, {"adopt_id": "P" * 20}])
def test_inputs_that_only_steer_make_no_difference(steering: dict[str, Any], engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    engine.settled(portal(**steering))
    engine.up(portal(**steering))
    engine.settled(PROGRAM)


def test_a_setting_of_ours_changes_without_a_write(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    assert engine.outputs("one")["embed_html"] == ""
    created = engine.outputs("one")["created_date"]
    account.box.clear_calls()
    changed = portal(portal_url="https://acme.test/portal?a=1&b=2")
    assert list(ops(engine.up(changed))) == [("one", "update")]
    assert account.writes() == []
    assert 'src="https://acme.test/portal?a=1&amp;b=2"' in engine.outputs("one")["embed_html"]
    assert engine.outputs("one")["created_date"] == created > 0, "nothing was read, so it is what it was"
    engine.settled(changed)


def test_the_sender_of_a_profile_changes_without_a_write(account: Account, engine: FakeEngine) -> None:
    engine.up(single("SmtpProfile", MAIL))
    account.box.clear_calls()
    assert list(ops(engine.up(single("SmtpProfile", MAIL | {"sender": "new@acme.test"})))) == [("one", "update")]
    assert account.calls() == []
    engine.settled(single("SmtpProfile", MAIL | {"sender": "new@acme.test"}))


def test_a_changed_secret_is_an_update_that_shows_no_secret(account: Account, engine: FakeEngine) -> None:
    engine.up(single("SmtpProfile", MAIL))
    changed = single("SmtpProfile", MAIL | {"password": "another-password"})
    assert engine.up(changed)[-1] == Step("one", "update", ("password",))
    require_held(account.box, "SmtpProfile", engine.stored["one"].object_id, MAIL | {"password": "another-password"})
    assert "another-password" not in engine.exported()
    engine.settled(changed)


def test_another_domain_replaces_the_domain_and_what_depends_on_it() -> None:
    account = Account()
    engine = FakeEngine(account)
    engine.up(brand())
    old = {name: each.object_id for name, each in engine.stored.items()}
    other = brand(domain={"domain": "other.test"})
    expected = [("domain", "replace"), ("ssl", "replace"), ("ready", "replace"), ("portal", "update")]
    assert list(ops(engine.preview(other))) == expected
    assert list(ops(engine.up(other))) == expected
    assert engine.stored["portal"].object_id == old["portal"]
    assert engine.stored["domain"].object_id != old["domain"]
    assert mark(account.box.object("tracking_domain", old["domain"])).retired
    found = account.box.object("customer_portal", old["portal"])
    assert found["tracking_domain"] == engine.stored["domain"].object_id
    engine.settled(other)
    assert {step.op for step in engine.refresh()} == {"same"}


def test_another_domain_under_the_same_explicit_name_is_refused_when_planning(engine: FakeEngine) -> None:
    engine.up(single("TrackingDomain", DOMAIN | {"name": "Acme"}))
    with pytest.raises(Failed, match=r"'Acme' still belongs to the domain 'acme.test'") as caught:
        engine.preview(single("TrackingDomain", {"domain": "other.test", "name": "Acme"}))
    assert "Change name too, or leave it out" in str(caught.value)


def test_the_rest_of_a_domain_is_changed_in_place(account: Account, engine: FakeEngine) -> None:
    furnish(account.box, {"url_parameter_sets": [SET_ID]})
    changed = DOMAIN | {"name": "Acme", "description": "Ours", "url_parameter_sets": [SET_ID]}
    engine.up(single("TrackingDomain", DOMAIN))
    assert engine.up(single("TrackingDomain", changed))[-1].op == "update"
    require_held(account.box, "TrackingDomain", engine.stored["one"].object_id, changed)
    engine.settled(single("TrackingDomain", changed))


def test_a_domain_that_is_not_ready_cannot_be_given_to_a_portal(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    raw = account.box.add("tracking_domain", {"domain": "raw.test"})
    account.box.clear_calls()
    with pytest.raises(Failed, match=r"tracking_domain 'raw.test' is not ready") as caught:
        engine.up(portal(tracking_domain=raw))
    assert "its certificate is 'not_initialized' and its DNS is 'not_initialized'" in str(caught.value)
    assert "Pass the TrackingDomainDns resource" in str(caught.value)
    with pytest.raises(Failed, match=r"there is no tracking domain X{20} in this account"):
        engine.up(portal(tracking_domain="X" * 20))
    assert account.writes() == []


# --- whose is it by now? --------------------------------------------------------------------------------------------


def test_what_another_stack_adopted_is_not_changed(
    account: Account, engine: FakeEngine, other_engine: FakeEngine
) -> None:
    engine.up(PROGRAM)
    theirs = single("CustomerPortal", PORTAL | {"adopt": True, "display_name": "Theirs"}, stack="prod")
    other_engine.up(theirs)
    account.box.clear_calls()
    with pytest.raises(Failed, match="belongs to acme/prod/one by now, another Pulumi stack or resource") as caught:
        engine.up(portal(display_name="Ours"))
    assert "`pulumi state delete '" in str(caught.value)
    assert "adopt=True" in str(caught.value)
    assert account.writes() == []
    other_engine.settled(theirs)


@pytest.mark.parametrize("name", ["one", "renamed"])
def test_what_this_very_resource_took_over_in_a_lost_run_is_its_own(
    name: str, account: Account, engine: FakeEngine
) -> None:
    """The state was not saved, so the nonce is another one; the resource may have been renamed, with an alias."""
    engine.up(PROGRAM)
    engine.stored["one"].outputs["__live"]["nonce"] = "lost"
    engine.stored[name] = engine.stored.pop("one")
    changed = single("CustomerPortal", PORTAL | {"display_name": "New"}, name=name)
    assert list(ops(engine.up(changed))) == [(name, "update")]
    found = account.box.object("customer_portal", engine.stored[name].object_id)
    assert mark(found).label == f"acme/dev/{name}"
    assert (mark(found).nonce == "lost") is (name == "one"), "another label is another owner to copies of the state"
    engine.settled(changed)


def test_what_another_stack_adopted_is_taken_back_on_purpose(
    account: Account, engine: FakeEngine, other_engine: FakeEngine
) -> None:
    furnish(account.box, {"campaign": "C" * 20})
    engine.up(PROGRAM)
    other_engine.up(single("CustomerPortal", PORTAL | {"adopt": True, "campaign": "C" * 20}, stack="prod"))
    engine.up(portal(display_name="Ours", adopt=True))
    object_id = engine.stored["one"].object_id
    require_held(account.box, "CustomerPortal", object_id, PORTAL | {"display_name": "Ours"})
    assert mark(account.box.object("customer_portal", object_id)).label == "acme/dev/one"
    engine.settled(portal(display_name="Ours"))
    assert other_engine.refresh()[-1] == Step("one", "update", ("campaign", "description", "display_name"))


def test_what_was_retired_behind_our_back_is_put_into_service_again(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    before = dict(engine.stored)
    engine.destroy()
    engine.stored = before  # an old copy of the state
    engine.up(portal(display_name="Ours"))
    object_id = engine.stored["one"].object_id
    require_held(account.box, "CustomerPortal", object_id, PORTAL | {"display_name": "Ours"})
    assert not mark(account.box.object("customer_portal", object_id)).retired


def test_a_missing_mark_is_written_with_the_next_change(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    account.box.change("customer_portal", object_id, {"description": ""})
    engine.up(portal(display_name="Ours"))
    assert mark(account.box.object("customer_portal", object_id)).label == "acme/dev/one"


@pytest.mark.parametrize("kind", ["CustomerPortal", "SmtpProfile"])
def test_marks_can_be_switched_off_and_on(kind: str, account: Account, engine: FakeEngine) -> None:
    inputs = {"CustomerPortal": PORTAL, "SmtpProfile": MAIL}[kind]
    entity = {"CustomerPortal": "customer_portal", "SmtpProfile": "smtp_profile"}[kind]
    for marked in (True, False, True):
        program = single(kind, inputs, marked=marked)
        engine.up(program)
        description = account.box.object(entity, engine.stored["one"].object_id)["description"]
        assert description.startswith("[pulumi ") is marked
        engine.settled(program)
        assert {step.op for step in engine.refresh()} == {"same"}


def test_a_renamed_stack_rewrites_the_marks(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    renamed = single("CustomerPortal", PORTAL, stack="prod")
    assert list(ops(engine.up(renamed))) == [("one", "update")]
    assert mark(account.box.object("customer_portal", engine.stored["one"].object_id)).label == "acme/prod/one"
    engine.settled(renamed)


def test_what_a_copy_of_the_state_took_along_is_left_alone(
    account: Account, engine: FakeEngine, other_engine: FakeEngine
) -> None:
    """A state that was exported from one stack and imported into another holds the same word and the same nonces."""
    engine.up(PROGRAM)
    other_engine.stored = dict(engine.stored)
    moved = single("CustomerPortal", PORTAL, stack="prod")
    assert list(ops(other_engine.up(moved))) == [("one", "update")]
    account.box.clear_calls()
    with pytest.raises(Failed, match="belongs to acme/prod/one by now, another Pulumi stack or resource"):
        engine.up(portal(display_name="Ours"))
    engine.destroy()
    assert account.writes() == []
    assert "was left as it is: it belongs to acme/prod/one by now" in account.warnings[-1][1]
    other_engine.settled(moved)
    assert {step.op for step in other_engine.refresh()} == {"same"}


# --- what is not there ----------------------------------------------------------------------------------------------


def test_what_disappeared_is_not_changed_but_refreshed(account: Account, engine: FakeEngine) -> None:
    both = [*PROGRAM, declared("TrackingDomain", "domain", DOMAIN)]
    engine.up(both)
    account.box.remove("customer_portal", engine.stored["one"].object_id)
    with pytest.raises(Failed, match=r"is no longer in RevCent. Run `pulumi refresh`"):
        engine.up([*portal(display_name="New"), both[-1]])


def test_a_profile_that_disappeared_is_noticed_by_its_update(account: Account, engine: FakeEngine) -> None:
    both = [IDENTITY, declared("SmtpProfile", "one", MAIL), declared("TrackingDomain", "domain", DOMAIN)]
    engine.up(both)
    account.box.remove("smtp_profile", engine.stored["one"].object_id)
    changed = [IDENTITY, declared("SmtpProfile", "one", MAIL | {"port": 25}), both[-1]]
    with pytest.raises(Failed, match=r"is no longer in RevCent. Run `pulumi up --replace '.*SmtpProfile::one'`"):
        engine.up(changed)
    engine.up(changed, replacing=["one"])
    require_held(account.box, "SmtpProfile", engine.stored["one"].object_id, MAIL | {"port": 25})
    assert engine.pending == []
    engine.settled(changed)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "truncated", "empty"])
def test_an_edit_whose_answer_was_lost_is_made_again(fault: str, account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    account.box.fault(fault, "POST")
    engine.up(portal(display_name="New"))
    require_held(account.box, "CustomerPortal", engine.stored["one"].object_id, PORTAL | {"display_name": "New"})
    engine.settled(portal(display_name="New"))


def test_an_update_that_cannot_be_read_back_is_kept(account: Account, engine: FakeEngine) -> None:
    account.box.switch(normalise=True, omit=["customer_emails.confirmation.html"])
    engine.up(PROGRAM)
    account.box.fault("status", "GET", "^/customer_portals/", after=1, times=None, status=503)
    changed = portal(display_name="New", footer_html=" <b>New</b> ")
    engine.up(changed)
    assert "reading it back failed" in account.warnings[-1][1]
    account.box.clear_faults()
    engine.settled(changed)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(changed)
    account.box.change("customer_portal", engine.stored["one"].object_id, {"footer_html": "drift"})
    assert engine.refresh()[-1].op == "update"


def test_an_update_after_one_that_could_not_be_read_back_reads_everything(account: Account, engine: FakeEngine) -> None:
    account.box.switch(normalise=True)
    account.box.fault("status", "GET", "^/customer_portals/", times=None, status=503)
    program = portal(footer_html=" <b>Old</b> ")
    engine.up(program)
    account.box.clear_faults()
    changed = portal(footer_html=" <b>Old</b> ", display_name="New")
    engine.up(changed)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(changed)
