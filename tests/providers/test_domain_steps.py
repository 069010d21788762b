"""The steps of a tracking domain: look, act once, look again, and say what is missing. They never wait."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.api.domains import described, zone_lines
from tests.providers.account import Account
from tests.providers.engine import Failed, FakeEngine, Ref, Step, ops
from tests.providers.programs import DOMAIN, IDENTITY, KINDS, brand, declared

BOTH = ("TrackingDomainSsl", "TrackingDomainDns")
DOMAIN_PROGRAM = brand()[:4]


@pytest.fixture
def account() -> Account:
    return Account()


def up_to(engine: FakeEngine, count: int) -> None:
    engine.up(DOMAIN_PROGRAM[:count])


def domain(engine: FakeEngine) -> dict[str, Any]:
    return engine.account.box.object("tracking_domain", engine.stored["domain"].object_id)


def acts(account: Account) -> list[str]:
    return [what for what in account.writes() if "initialize" in what]


def test_both_steps_are_taken_once_and_hand_out_what_follows(account: Account, engine: FakeEngine) -> None:
    engine.up(DOMAIN_PROGRAM)
    assert acts(account) == ["tracking_domain initialize_ssl", "tracking_domain initialize_dns"]
    object_id = engine.stored["domain"].object_id
    assert {engine.stored[name].object_id for name in ("ssl", "ready")} == {object_id}
    assert engine.outputs("ssl")["cname_records"] == domain(engine)["cname_records"]
    assert engine.outputs("ready") | {"tracking_domain_id": object_id, "status": "complete"} == engine.outputs("ready")
    engine.settled(DOMAIN_PROGRAM)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(DOMAIN_PROGRAM)


@pytest.mark.parametrize("kind", BOTH)
def test_a_step_that_was_taken_by_hand_is_not_taken_again(kind: str, account: Account, engine: FakeEngine) -> None:
    object_id = account.box.add("tracking_domain", {**DOMAIN, "ssl_status": "issued", "dns_status": "complete"})
    engine.up([IDENTITY, declared(kind, "step", {"tracking_domain": object_id})])
    assert acts(account) == []
    assert engine.stored["step"].object_id == object_id


def test_a_certificate_takes_its_time_and_up_goes_on_later(account: Account, engine: FakeEngine) -> None:
    account.box.switch(transition={"certificate": {"seconds": 600}})
    with pytest.raises(Failed, match=r"ready: The certificate of 'acme.test' is 'pending' at RevCent") as caught:
        engine.up(DOMAIN_PROGRAM)
    for record in [*domain(engine)["a_records"], *domain(engine)["cname_records"]]:
        assert f"{record['name']}. 300 IN {record['type']} {record['value']}" in str(caught.value)
    assert "run `pulumi up` again" in str(caught.value) or "run `pulumi up`" in str(caught.value)
    account.box.advance(601)
    engine.up(DOMAIN_PROGRAM)
    assert acts(account) == ["tracking_domain initialize_ssl", "tracking_domain initialize_dns"]
    engine.settled(DOMAIN_PROGRAM)


def test_the_dns_takes_its_time_and_the_portal_waits_for_it(account: Account, engine: FakeEngine) -> None:
    """RevCent was asked, so the step is done; whether a portal may use the domain is the portal's affair."""
    account.box.switch(transition={"dns": {"seconds": 600}})
    with pytest.raises(Failed, match=r"portal: tracking_domain 'acme.test' is not ready: .* its DNS is 'pending'"):
        engine.up(brand())
    assert engine.outputs("ready")["status"] == "pending"
    assert [step for step in engine.refresh() if step.op != "same"] == []
    account.box.advance(601)
    assert [step for step in engine.refresh() if step.op != "same"] == []
    assert engine.outputs("ready")["status"] == "complete"
    assert acts(account) == ["tracking_domain initialize_ssl", "tracking_domain initialize_dns"]
    engine.up(brand())
    engine.settled(brand())


@pytest.mark.parametrize("word", ["failed", "not_initialized"])
def test_a_dns_that_is_no_longer_under_way_is_asked_for_again(word: str, account: Account, engine: FakeEngine) -> None:
    account.box.switch(transition={"dns": {"seconds": 600}})
    engine.up(DOMAIN_PROGRAM)
    account.box.change("tracking_domain", engine.stored["domain"].object_id, {"dns_status": word})
    assert [step for step in engine.refresh() if step.op != "same"] == [Step("ready", "update")]
    engine.up(DOMAIN_PROGRAM)
    assert acts(account).count("tracking_domain initialize_dns") == 2
    engine.settled(DOMAIN_PROGRAM)


def test_a_dns_that_fails_at_once_gives_revcents_word(account: Account, engine: FakeEngine) -> None:
    account.box.switch(transition={"dns": "failed"})
    with pytest.raises(
        Failed, match=r"The DNS of 'acme.test' is 'failed' at RevCent: it is not complete yet"
    ) as caught:
        engine.up(DOMAIN_PROGRAM)
    assert "Run `pulumi up` again in a few minutes" in str(caught.value)
    assert "300 IN CNAME" in str(caught.value)


def test_a_certificate_that_failed_is_asked_for_again_after_a_refresh(account: Account, engine: FakeEngine) -> None:
    account.box.switch(transition={"certificate": {"reads": 1, "outcome": "failed"}})
    with pytest.raises(Failed):
        engine.up(DOMAIN_PROGRAM)
    with pytest.raises(Failed, match="'failed'") as caught:
        engine.up(DOMAIN_PROGRAM)
    assert "`pulumi up --refresh`" in str(caught.value)
    account.box.switch(transition="immediate")
    assert Step("ssl", "update") in engine.refresh()
    engine.up(DOMAIN_PROGRAM)
    assert acts(account).count("tracking_domain initialize_ssl") == 2
    engine.settled(DOMAIN_PROGRAM)


def test_a_certificate_that_revcent_does_not_prepare_names_the_records(account: Account, engine: FakeEngine) -> None:
    account.box.fault("status", "POST", "initialize_ssl", times=None, status=422)
    with pytest.raises(Failed, match=r"RevCent does not prepare the certificate of 'acme.test'") as caught:
        engine.up(DOMAIN_PROGRAM)
    assert "acme.test. 300 IN A 203.0.113.10" in str(caught.value)
    assert "must be visible in the DNS first" in str(caught.value)


def test_a_dns_that_revcent_refuses_gives_its_reason(account: Account, engine: FakeEngine) -> None:
    up_to(engine, 3)
    account.box.fault("status", "POST", "initialize_dns", times=None, status=422)
    with pytest.raises(Failed, match=r"The DNS of 'acme.test' is 'not_initialized' at RevCent: .*internal error"):
        engine.up(DOMAIN_PROGRAM)


@pytest.mark.parametrize("fault", ["drop_after", "truncated", "empty", "not_json"])
def test_a_step_whose_answer_was_lost_is_seen_to_be_taken(fault: str, account: Account, engine: FakeEngine) -> None:
    for action in ("initialize_ssl", "initialize_dns"):
        account.box.fault(fault, "POST", action)
    engine.up(DOMAIN_PROGRAM)
    assert acts(account) == ["tracking_domain initialize_ssl", "tracking_domain initialize_dns"]
    engine.settled(DOMAIN_PROGRAM)


@pytest.mark.parametrize("action", ["initialize_ssl", "initialize_dns"])
def test_a_step_that_was_not_taken_fails_and_is_taken_next_time(
    action: str, account: Account, engine: FakeEngine
) -> None:
    account.box.fault("drop_before", "POST", action)
    with pytest.raises(Failed, match="connection to RevCent broke"):
        engine.up(DOMAIN_PROGRAM)
    engine.up(DOMAIN_PROGRAM)
    engine.settled(DOMAIN_PROGRAM)


def test_a_refused_step_that_is_done_by_now_is_done(account: Account, engine: FakeEngine) -> None:
    """Somebody else took it between the look and the act."""
    up_to(engine, 2)
    account.box.fault("status", "POST", "initialize_ssl", status=422, work=True)
    engine.up(DOMAIN_PROGRAM)
    engine.settled(DOMAIN_PROGRAM)


@pytest.mark.parametrize("kind", BOTH)
def test_a_domain_that_does_not_exist_is_named(kind: str, engine: FakeEngine) -> None:
    with pytest.raises(Failed, match=r"tracking_domain: there is no tracking domain X{20} in this account"):
        engine.up([IDENTITY, declared(kind, "step", {"tracking_domain": "X" * 20})])


def test_a_step_that_came_undone_is_shown_and_taken_again(account: Account, engine: FakeEngine) -> None:
    engine.up(DOMAIN_PROGRAM)
    account.box.change("tracking_domain", engine.stored["domain"].object_id, {"dns_status": "failed"})
    assert [step for step in engine.refresh() if step.op != "same"] == [Step("ready", "update")]
    assert engine.outputs("ready")["status"] == "failed"
    assert list(ops(engine.preview(DOMAIN_PROGRAM))) == [("ready", "update")]
    engine.up(DOMAIN_PROGRAM)
    assert domain(engine)["dns_status"] == "complete"
    engine.settled(DOMAIN_PROGRAM)


def test_a_step_of_another_domain_is_another_step(account: Account, engine: FakeEngine) -> None:
    first, second = (account.box.add("tracking_domain", {"domain": name}) for name in ("a.test", "b.test"))
    engine.up([IDENTITY, declared("TrackingDomainSsl", "ssl", {"tracking_domain": first})])
    other = [IDENTITY, declared("TrackingDomainSsl", "ssl", {"tracking_domain": second})]
    assert list(ops(engine.up(other))) == [("ssl", "replace")]
    assert engine.stored["ssl"].object_id == second
    engine.settled(other)


def test_steps_own_nothing_and_delete_nothing(account: Account, engine: FakeEngine) -> None:
    engine.up(DOMAIN_PROGRAM)
    account.box.clear_calls()
    assert list(ops(engine.up(DOMAIN_PROGRAM[:2]))) == [("ssl", "delete"), ("ready", "delete")]
    assert account.calls() == []


def test_a_wrong_step_is_refused_by_check(engine: FakeEngine) -> None:
    wrong = declared("TrackingDomainDns", "ready", {}, links={"tracking_domain": "acme.test"})
    with pytest.raises(Failed, match=r"tracking_domain: 'acme.test' is not the ID of a tracking domain"):
        engine.preview([IDENTITY, wrong])


def test_an_unknown_domain_of_a_preview_passes(engine: FakeEngine) -> None:
    wanted = [IDENTITY, *brand()[1:3], declared("TrackingDomainDns", "x", {}, links={"tracking_domain": Ref("ssl")})]
    assert {step.op for step in engine.preview(wanted)} == {"create"}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (None, "nothing yet"),
        ("", "nothing yet"),
        ("Issued", "'Issued'"),
        ("failed", "'failed'"),
        ("EXPIRED", "'EXPIRED' (failed)"),
        ("brewing", "'brewing'"),
    ],
)
def test_a_status_is_revcents_own_word(word: str | None, said: str) -> None:
    assert described({"ssl_status": word}, "ssl_status", "nothing yet") == said


def test_records_are_lines_of_a_zone_file() -> None:
    records = [
        {"type": "A", "name": "acme.test.", "value": "203.0.113.10"},
        {"type": "cname", "name": "_x.acme.test", "value": "_y.cert.example"},
    ]
    assert zone_lines(records) == (
        "    acme.test. 300 IN A 203.0.113.10\n    _x.acme.test. 300 IN cname _y.cert.example."
    )
    assert zone_lines([]) == "    (RevCent names no records)"


def test_what_became_ready_meanwhile_is_not_asked_for_again(account: Account) -> None:
    object_id = account.box.add("tracking_domain", {"domain": "acme.test"})
    session = account.session()
    session.domain(object_id)  # as the resource before this one left it
    account.box.change("tracking_domain", object_id, {"ssl_status": "issued", "dns_status": "complete"})
    core = KINDS["TrackingDomainDns"][0].core(session, account.warn)
    assert core.create({"tracking_domain": object_id}).outputs["status"] == "complete"
    assert acts(account) == []


def test_records_that_are_answered_no_more_stay_in_the_outputs(account: Account, engine: FakeEngine) -> None:
    engine.up(DOMAIN_PROGRAM)
    records = engine.outputs("ssl")["cname_records"]
    account.box.switch(omit=["cname_records"])
    engine.refresh()
    assert engine.outputs("ssl")["cname_records"] == records
    engine.settled(DOMAIN_PROGRAM)
