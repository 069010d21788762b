"""Refresh: drift is shown setting by setting, what is gone is believed only when it is certain."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.providers.ownership import MISSING_MARK
from tests.providers.account import KEY, Account
from tests.providers.engine import Failed, FakeEngine, Secret, Step, ops
from tests.providers.programs import DOMAIN, IDENTITY, MAIL, PORTAL, SECRET_KEY, brand, declared, single
from tests.providers.world import mark, require_held

PROGRAM = single("CustomerPortal", PORTAL)


def refreshed(engine: FakeEngine, name: str = "one") -> Step:
    (step,) = [step for step in engine.refresh() if step.name == name]
    return step


# --- drift ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"display_name": "Other"}, ("display_name",)),
        ({"enabled": False}, ("enabled",)),
        ({"footer_html": "Other"}, ("footer_html",)),
        ({"customer_permissions": {"subscription_cancel": True}}, ("customer_permissions",)),
        ({"customer_emails": {"confirmation": {"cc": ["new@acme.test"]}}}, ("customer_emails",)),
        ({"customer_emails": {"password_reset": {"html": "Other {{email_code}}"}}}, ("customer_emails",)),
        ({"recaptcha": {"site_key": "6L" + "x" * 38}}, ("recaptcha",)),
        ({"name": "Other"}, ("name",)),
    ],
)
def test_drift_is_shown_as_the_setting_that_changed(
    change: dict[str, Any], keys: tuple[str, ...], account: Account, engine: FakeEngine
) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    account.box.change("customer_portal", object_id, change)
    assert refreshed(engine) == Step("one", "update", keys)
    assert list(ops(engine.preview(PROGRAM))) == [("one", "update")]
    assert "html" not in str(engine.outputs("one")["customer_emails"]), "a text is shown as an input only"
    assert engine.stored["one"].inputs["recaptcha"]["secret_key"] == Secret(SECRET_KEY)
    assert SECRET_KEY not in engine.exported()
    account.box.clear_calls()
    engine.up(PROGRAM)
    assert account.writes() == ["customer_portal edit"]
    require_held(account.box, "CustomerPortal", object_id, PORTAL)
    engine.settled(PROGRAM)


def test_drift_that_goes_away_by_itself_leaves_no_trace(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    account.box.change("customer_portal", object_id, {"display_name": "Other"})
    engine.refresh()
    account.box.change("customer_portal", object_id, {"display_name": "Acme"})
    engine.refresh()
    engine.settled(PROGRAM)


def test_a_mark_removed_by_hand_is_drift_and_is_written_again(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    account.box.change("customer_portal", object_id, {"description": "by hand"})
    assert refreshed(engine) == Step("one", "update", ("description",))
    assert engine.outputs("one")["description"] == f"by hand {MISSING_MARK}"
    engine.up(PROGRAM)
    assert mark(account.box.object("customer_portal", object_id)).label == "acme/dev/one"
    engine.settled(PROGRAM)


def test_another_owners_mark_is_drift(engine: FakeEngine, other_engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    other_engine.up(single("CustomerPortal", PORTAL | {"adopt": True}, stack="prod"))
    assert refreshed(engine) == Step("one", "update", ("description",))
    assert engine.outputs("one")["description"].startswith("[pulumi acme/prod/one ")


def test_a_revcent_that_keeps_no_mark_shows_no_drift(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    engine.stored["one"].outputs["__live"]["unmarked"] = True  # as after a create that was answered without the mark
    account.box.change("customer_portal", object_id, {"description": ""})
    assert refreshed(engine).op == "same"


def test_texts_that_revcent_never_answers_survive_the_drift_of_others(account: Account, engine: FakeEngine) -> None:
    account.box.switch(omit=["customer_emails.confirmation.html", "footer_html"])
    engine.up(PROGRAM)
    account.box.change("customer_portal", engine.stored["one"].object_id, {"display_name": "Other"})
    assert refreshed(engine) == Step("one", "update", ("display_name",))
    assert engine.stored["one"].inputs["footer_html"] == PORTAL["footer_html"]


def test_drift_beside_a_text_that_is_answered_no_more_is_mended_all_the_same(
    account: Account, engine: FakeEngine
) -> None:
    engine.up(PROGRAM)
    object_id = engine.stored["one"].object_id
    account.box.switch(omit=["footer_html"])
    account.box.change("customer_portal", object_id, {"display_name": "Other"})
    inputs = engine.stored["one"].inputs
    assert refreshed(engine).op == "update"
    assert engine.stored["one"].inputs == inputs, "half of the truth would look like a removed footer"
    engine.up(PROGRAM)
    require_held(account.box, "CustomerPortal", object_id, PORTAL)
    engine.settled(PROGRAM)


def test_a_profile_that_cannot_be_looked_up_keeps_its_settings(account: Account, engine: FakeEngine) -> None:
    engine.up(single("SmtpProfile", MAIL))
    before = engine.stored["one"]
    account.box.change("smtp_profile", before.object_id, {"host": "other.acme.test"})
    assert refreshed(engine).op == "same"
    assert engine.stored["one"] == before
    assert "the last known settings" in account.warnings[-1][1]


def test_a_profile_that_can_be_looked_up_shows_its_drift_and_keeps_its_password() -> None:
    account = Account(offers={"smtp_get": True})
    engine, program = FakeEngine(account), single("SmtpProfile", MAIL)
    engine.up(program)
    account.box.change("smtp_profile", engine.stored["one"].object_id, {"port": 25})
    assert refreshed(engine) == Step("one", "update", ("port",))
    assert engine.outputs("one")["password"] == MAIL["password"]
    engine.up(program)
    require_held(account.box, "SmtpProfile", engine.stored["one"].object_id, MAIL)
    engine.settled(program)


def test_a_domain_is_read_once_for_the_three_resources_that_look_at_it() -> None:
    account = Account()
    engine = FakeEngine(account)
    engine.up(brand())
    account.box.clear_calls()
    engine.refresh()
    assert sorted(what for _, what in account.calls()) == ["customer_portal get", "tracking_domain get"]


# --- gone? ----------------------------------------------------------------------------------------------------------

TWO = [*single("CustomerPortal", PORTAL), declared("TrackingDomain", "domain", DOMAIN)]


@pytest.mark.parametrize("slim", [True, False])
def test_what_disappeared_leaves_the_state_and_is_made_anew(slim: bool, account: Account, engine: FakeEngine) -> None:
    account.box.switch(slim_lists=slim)
    engine.up(TWO)
    account.box.remove("customer_portal", engine.stored["one"].object_id)
    assert refreshed(engine) == Step("one", "delete")
    engine.up(TWO)
    require_held(account.box, "CustomerPortal", engine.stored["one"].object_id, PORTAL)
    engine.settled(TWO)


@pytest.mark.parametrize("name", ["domain", "ssl", "ready"])
def test_a_domain_that_disappeared_takes_its_steps_with_it_whichever_is_read_first(name: str) -> None:
    account = Account()
    engine = FakeEngine(account)
    engine.up(brand())
    account.box.remove("tracking_domain", engine.stored["domain"].object_id)
    engine.stored = {name: engine.stored.pop(name), **engine.stored}
    assert list(ops(engine.refresh())) == [
        (name, "delete") for name in engine_order(name) if name in ("domain", "ssl", "ready")
    ]


def engine_order(first: str) -> list[str]:
    return [first, *(name for name in ("domain", "ssl", "ready") if name != first)]


@pytest.mark.parametrize("command", ["refresh", "up", "destroy"])
@pytest.mark.parametrize("where", [{"account": "other"}, {"mode": "test"}])
def test_a_key_of_another_account_loses_nothing(
    command: str, where: dict[str, str], account: Account, engine: FakeEngine
) -> None:
    engine.up(TWO)
    before = dict(engine.stored)
    engine.settings = {"api_key": account.box.add_key("foreign", **where)}
    changed = [*single("CustomerPortal", PORTAL | {"display_name": "New"}), TWO[-1]]
    with pytest.raises(Failed, match=r"another account, or a test key\?") as caught:
        {"refresh": engine.refresh, "up": lambda: engine.up(changed), "destroy": engine.destroy}[command]()
    assert "Nothing was changed" in str(caught.value)
    assert engine.stored == before


def test_the_last_portal_of_a_stack_is_gone_where_its_domain_is_found(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    account.box.remove("customer_portal", engine.stored["one"].object_id)
    engine.refresh()
    assert "one" not in engine.stored


def test_the_last_object_of_a_stack_is_forgotten_by_hand_only(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    account.box.remove("customer_portal", engine.stored["one"].object_id)
    account.box.remove("tracking_domain", str(PORTAL["tracking_domain"]))
    with pytest.raises(Failed) as caught:
        engine.refresh()
    urn = engine.outputs("one")["__owner"]["urn"]
    assert f"`pulumi state delete '{urn}'`" in str(caught.value)


def test_a_key_that_may_not_list_cannot_confirm_that_something_is_gone(account: Account, engine: FakeEngine) -> None:
    engine.up(TWO)
    account.box.remove("customer_portal", engine.stored["one"].object_id)
    key = account.box.add_key("narrow", allow=["GetCustomerPortal", "GetTrackingDomain", "GetTrackingDomains"])
    engine.settings = {"api_key": key}
    with pytest.raises(Failed, match="may not list customer portals, so it cannot be confirmed") as caught:
        engine.refresh()
    assert "Allow the key to list them" in str(caught.value)


def test_what_is_listed_but_not_answered_is_not_gone(account: Account, engine: FakeEngine) -> None:
    engine.up(TWO)
    account.box.fault("status", "GET", f"^/customer_portals/{engine.stored['one'].object_id}", times=None, status=404)
    with pytest.raises(Failed, match=r"lists the customer portal .* but does not answer it. Try again"):
        engine.refresh()


def test_a_revoked_key_says_so(account: Account, engine: FakeEngine) -> None:
    engine.up(TWO)
    account.box.revoke(KEY)
    for command in (engine.refresh, engine.destroy):
        with pytest.raises(Failed, match="key"):
            command()
    assert IDENTITY.name in engine.stored
    assert {"one", "domain"} <= engine.stored.keys()


def test_a_step_whose_domain_is_there_is_evidence_of_the_right_account(account: Account, engine: FakeEngine) -> None:
    """Without marks nothing else is."""
    step = declared("TrackingDomainDns", "ready", {"tracking_domain": PORTAL["tracking_domain"]}, marked=False)
    program = [step, declared("CustomerPortal", "one", PORTAL, marked=False)]
    engine.up(program)
    account.box.remove("customer_portal", engine.stored["one"].object_id)
    assert list(ops(engine.refresh())) == [("one", "delete")]


@pytest.mark.parametrize("value", ["description", "customer_permissions", "footer_html"])
def test_what_revcent_never_answers_is_not_known_to_drift(value: str, account: Account, engine: FakeEngine) -> None:
    account.box.switch(omit=[value])
    engine.up(PROGRAM)
    assert refreshed(engine).op == "same"
    account.box.change("customer_portal", engine.stored["one"].object_id, {"display_name": "Other"})
    assert refreshed(engine) == Step("one", "update", ("display_name",))
    engine.up(PROGRAM)
    require_held(account.box, "CustomerPortal", engine.stored["one"].object_id, PORTAL)
    engine.settled(PROGRAM)
