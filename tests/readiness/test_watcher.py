"""Waiting: for what, how often it is looked at, what people are told meanwhile, and how it ends."""

from __future__ import annotations

import itertools

import pytest

from pulumi_revcent_portal.api.errors import KeyRefused, NotFound, RevCentError, Unreachable
from pulumi_revcent_portal.dns.records import State
from pulumi_revcent_portal.readiness.steps import Step
from tests.readiness.clockwork import DOMAIN_ID, ISSUED, NEW, PENDING, READY, Clockwork

NAMES = ("acme.com", "_x.acme.com")


# --- ready ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "domain"), [(Step.CERTIFICATE, PENDING), (Step.DNS, ISSUED), (Step.SERVICE, READY), (Step.DNS, READY)]
)
def test_a_domain_that_is_far_enough_costs_the_shared_list_and_nothing_else(step: Step, domain: object) -> None:
    others = {f"other{number:03}".ljust(20, "0"): [(0.0, domain)] for number in range(40)}
    clockwork = Clockwork({DOMAIN_ID: [(0.0, domain)], **others}, dns={})
    assert clockwork.until(*(clockwork.wish(step, each) for each in clockwork.account.stages)) == [""] * 41
    assert clockwork.account.shared_calls == 1
    assert clockwork.account.asked == []
    assert clockwork.dns
    assert clockwork.dns.looks == 0
    assert clockwork.lines == []


def test_the_certificate_can_be_asked_for_as_soon_as_the_records_are_visible() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, NEW)]}, dns={"acme.com": 12.0})
    assert clockwork.until(clockwork.wish(Step.CERTIFICATE)) == [""]
    assert 12 <= clockwork.now < 14
    assert clockwork.lines[0][1] == "waiting 0s of 20m: A acme.com not on ns2.example.net"
    assert clockwork.lines[-1][1].startswith(("waiting 11s of 20m: ", "waiting 12s of 20m: "))


def test_without_looking_into_the_dns_revcent_is_asked_at_once() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, NEW)]})
    assert clockwork.until(clockwork.wish(Step.CERTIFICATE)) == [""]
    assert clockwork.now == 0


def test_a_certificate_takes_as_long_as_revcent_needs_whatever_is_visible() -> None:
    visible = dict.fromkeys(NAMES, 0.0)
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (300.0, ISSUED)]}, dns=visible)
    assert clockwork.until(clockwork.wish(Step.DNS)) == [""]
    assert 300 <= clockwork.now <= 315
    assert clockwork.lines[0][1] == "waiting 0s of 20m: the certificate is 'pending' at RevCent"


def test_a_portal_waits_for_certificate_and_dns() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (10.0, ISSUED | {"dns_status": "pending"}), (20.0, READY)]})
    assert clockwork.until(clockwork.wish(Step.SERVICE)) == [""]
    said = " ".join(text for _, text, _ in clockwork.lines)
    assert "the certificate is 'pending' at RevCent" in said
    assert "the DNS is 'pending' at RevCent" in said


def test_records_that_are_removed_again_are_waited_for_again() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (60.0, ISSUED)]}, dns=dict.fromkeys(NAMES, 0.0))
    assert clockwork.dns
    clockwork.dns.from_["_x.acme.com"] = 40.0
    assert clockwork.until(clockwork.wish(Step.DNS)) == [""]
    details = [text.partition(": ")[2] for _, text, _ in clockwork.lines]
    assert details[0] == "CNAME _x.acme.com not on ns2.example.net"
    assert details[-1] == "the certificate is 'pending' at RevCent"


def test_a_certificate_that_the_dns_forbids_is_told_once_all_records_are_visible() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (30.0, ISSUED)]}, dns=dict.fromkeys(NAMES, 10.0))
    assert clockwork.dns
    clockwork.dns.forbidden = 'CAA of acme.com (0 issue ";") forbids a certificate'
    assert clockwork.until(clockwork.wish(Step.DNS)) == [""]
    assert clockwork.dns.caa_looks == 1
    assert "CAA" not in clockwork.lines[0][1]
    said = "the certificate is 'pending' at RevCent; CAA of acme.com (0 issue \";\") forbids a certificate"
    assert clockwork.lines[-1][1].endswith(said)


# --- how often ------------------------------------------------------------------------------------------------------


def test_all_domains_are_looked_at_together_and_ever_more_rarely() -> None:
    stages = {f"d{number:03}".ljust(20, "0"): [(0.0, PENDING), (1000.0, ISSUED)] for number in range(50)}
    clockwork = Clockwork(stages)
    assert clockwork.until(*(clockwork.wish(Step.DNS, each) for each in stages)) == [""] * 50
    times = [at for at, ids in clockwork.account.asked if len(ids) == 50]
    assert len(times) == len(clockwork.account.asked), "nobody is asked about alone"
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert max(gaps[:10]) <= 1.5
    assert max(gaps) <= 15.2
    assert len(times) < 150
    assert clockwork.now <= 1015


def test_who_comes_later_is_looked_after_without_waiting_for_the_next_round() -> None:
    late = "late".ljust(20, "0")
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (900.0, ISSUED)], late: [(0.0, NEW)]})

    async def tell(text: str, passing: bool) -> None:
        del text, passing

    wish = clockwork.wish(Step.DNS)
    assert clockwork.until(wish, clockwork.wish(Step.CERTIFICATE, late)) == ["", ""]
    assert clockwork.account.asked[0][1] == sorted([DOMAIN_ID, late])


# --- what people are told ---------------------------------------------------------------------------------------------


def test_a_line_is_told_every_second_at_first_and_vanishes() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (30.0, ISSUED)]})
    clockwork.until(clockwork.wish(Step.DNS))
    assert 20 <= len(clockwork.lines) <= 35
    assert {passing for _, _, passing in clockwork.lines} == {True}


def test_a_pipeline_is_told_what_is_new_and_else_once_a_minute() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (300.0, ISSUED)]}, dns=dict.fromkeys(NAMES, 70.0), chatty=False)
    clockwork.until(clockwork.wish(Step.DNS))
    assert len(clockwork.lines) <= 8
    assert len({text.partition(": ")[2] for _, text, _ in clockwork.lines}) == 2


def test_who_publishes_by_hand_is_told_the_records_once() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, NEW)]}, dns={"acme.com": 60.0})
    clockwork.until(clockwork.wish(Step.CERTIFICATE, by_hand=True))
    kept = [text for _, text, passing in clockwork.lines if not passing]
    assert kept == ["Add these records at the DNS host of 'acme.com':\n    acme.com. 300 IN A 203.0.113.10"]


# --- how it ends otherwise --------------------------------------------------------------------------------------------


def test_after_the_time_is_up_the_records_are_named_in_two_forms() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING)]}, dns={"acme.com": 0.0})
    (verdict,) = clockwork.until(clockwork.wish(Step.DNS, timeout=90))
    assert 90 <= clockwork.now < 96
    assert verdict.splitlines() == [
        (
            "'acme.com' is not ready after 1m30s: CNAME _x.acme.com not on ns2.example.net. Run `pulumi up` again: it "
            "goes on where this run stopped. Records to add, as lines of a zone file:"
        ),
        "    _x.acme.com. 300 IN CNAME _y.cert.example.",
        "    type   name         value            name server      found there",
        "    CNAME  _x.acme.com  _y.cert.example  ns2.example.net  no such name",
    ]


def test_not_waiting_looks_once_and_names_the_same() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, NEW)]}, dns={})
    (verdict,) = clockwork.until(clockwork.wish(Step.CERTIFICATE, timeout=0))
    assert clockwork.now < 1
    assert verdict.startswith("'acme.com' is not ready yet: A acme.com not on ns2.example.net.")
    assert "acme.com. 300 IN A 203.0.113.10" in verdict


def test_a_network_without_dns_is_told_the_way_round() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, NEW)]}, dns={})
    assert clockwork.dns
    clockwork.dns.state = State.NO_ANSWER
    (verdict,) = clockwork.until(clockwork.wish(Step.CERTIFICATE, timeout=5))
    assert "pulumi config set revcent:resolvers none" in verdict
    assert "no answer: timed out after 2 s" in verdict


@pytest.mark.parametrize(
    ("step", "failed"),
    [
        (Step.DNS, {"ssl_status": "validation_timed_out"}),
        (Step.SERVICE, {"ssl_status": "failed"}),
        (Step.SERVICE, {"ssl_status": "issued", "dns_status": "error"}),
    ],
)
def test_a_failure_ends_the_wait_at_once_with_revcents_words(step: Step, failed: dict[str, str]) -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (5.0, PENDING | failed)]})
    (verdict,) = clockwork.until(clockwork.wish(step))
    assert clockwork.now < 7
    assert next(word for word in failed.values() if word != "issued") in verdict
    assert "`pulumi up --refresh`" in verdict
    assert "300 IN CNAME" in verdict


def test_a_certificate_that_failed_may_be_asked_for_again() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING | {"ssl_status": "failed"})]}, dns=dict.fromkeys(NAMES, 3.0))
    assert clockwork.until(clockwork.wish(Step.CERTIFICATE)) == [""]


def test_an_unknown_word_is_pending_and_shown_as_it_stands() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING | {"ssl_status": "Brewing"}), (5.0, ISSUED)]})
    assert clockwork.until(clockwork.wish(Step.DNS)) == [""]
    assert "the certificate is 'Brewing' at RevCent" in clockwork.lines[0][1]


def test_a_domain_that_is_gone_is_not_waited_for() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (5.0, NotFound("RevCent has no such domain."))]})
    (verdict,) = clockwork.until(clockwork.wish(Step.DNS))
    assert f"there is no tracking domain {DOMAIN_ID} in this account. [RevCent has no such domain.]" in verdict
    assert clockwork.now < 7


@pytest.mark.parametrize("error", [Unreachable("Nobody there."), KeyRefused("Not with this key.")])
def test_who_cannot_even_begin_to_look_says_why(error: RevCentError) -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, NEW)]})
    clockwork.account.first = error
    assert clockwork.until(clockwork.wish(Step.DNS), clockwork.wish(Step.SERVICE)) == [str(error)] * 2
    assert clockwork.account.shared_calls == 1


def test_a_revcent_that_is_silent_for_a_while_is_waited_for() -> None:
    silent = Unreachable("Nobody there.", ambiguous=True)
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (5.0, silent), (30.0, ISSUED)]})
    assert clockwork.until(clockwork.wish(Step.DNS)) == [""]
    assert any("RevCent does not answer: Nobody there." in text for _, text, _ in clockwork.lines)


def test_a_revcent_that_stays_silent_is_the_verdict() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (5.0, Unreachable("Nobody there.", ambiguous=True))]})
    assert clockwork.until(clockwork.wish(Step.DNS, timeout=60)) == ["Nobody there."]


def test_one_that_never_gets_ready_stops_no_other() -> None:
    never = "never".ljust(20, "0")
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING), (10.0, ISSUED)], never: [(0.0, PENDING)]})
    first, second = clockwork.until(clockwork.wish(Step.DNS, timeout=60), clockwork.wish(Step.DNS, never, timeout=60))
    assert first == ""
    assert "is not ready after 1m" in second


# --- domains that were made in this run -------------------------------------------------------------------------------

MADE = "made".ljust(20, "0")
RECORDS = ({"type": "A", "name": "acme.com", "value": "203.0.113.10"},)


def test_a_new_domain_whose_records_are_visible_costs_no_request_of_its_own() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, READY)]}, dns={"acme.com": 0.0})
    assert clockwork.until(clockwork.wish(Step.CERTIFICATE, MADE, records=RECORDS)) == [""]
    assert clockwork.account.asked == []


def test_a_new_domain_whose_records_are_not_visible_is_waited_for() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, READY)]}, dns={"acme.com": 5.0})
    clockwork.account.unlisted[MADE] = [(0.0, NEW)]
    assert clockwork.until(clockwork.wish(Step.CERTIFICATE, MADE, records=RECORDS)) == [""]
    assert 5 <= clockwork.now < 7


def test_a_new_domain_that_its_last_step_saw_ready_costs_no_request_of_its_own() -> None:
    clockwork = Clockwork({DOMAIN_ID: [(0.0, READY)]})
    assert clockwork.until(clockwork.wish(Step.SERVICE, MADE, settled=True)) == [""]
    assert clockwork.account.asked == []


def test_what_was_seen_in_this_run_is_newer_than_the_list() -> None:
    """Were it not, the provider would look before it writes."""
    clockwork = Clockwork({DOMAIN_ID: [(0.0, PENDING)]})
    assert clockwork.until(clockwork.wish(Step.SERVICE, settled=True)) == [""]
    assert clockwork.account.asked == []
