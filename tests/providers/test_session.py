"""What the providers of one process share: a client made late, domains read once, evidence of the right account."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.errors import ContractFileError, KeyRefused, NotFound, RevCentError, Unreachable
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.providers.session import FRESH_SECONDS, SCAN_LIMIT, Session, session_for
from pulumi_revcent_portal.providers.tracking_domain import TrackingDomainProvider
from tests.providers.account import Account, contract
from tests.providers.programs import DOMAIN_ID, PROFILE_ID, SET_ID
from tests.providers.world import READY, furnish

MARK = "[pulumi acme/dev/x theword #nonce]"


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def reads(account: Account) -> list[str]:
    return [what for _, what in account.calls()]


# --- the client -----------------------------------------------------------------------------------------------------


def test_the_client_is_made_once_and_late() -> None:
    session = Session(Settings())
    made = []
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: session.client, range(8)))
    assert {id(client) for client in made} == {id(session.client)}
    assert session.client.contract.supports("customer_portal", "create")


def test_equal_settings_share_a_session() -> None:
    assert session_for(Settings(api_key="a")) is session_for(Settings(api_key="a"))
    assert session_for(Settings(api_key="a")) is not session_for(Settings(api_key="b"))


def test_a_contract_file_that_cannot_be_used_is_named() -> None:
    with pytest.raises(ContractFileError, match=r"nowhere.json"):
        _ = Session(Settings(contract="/nowhere.json")).client


# --- what a preview asks --------------------------------------------------------------------------------------------


def test_a_preview_does_without_an_answer(account: Account) -> None:
    session = account.session()

    def ask(_: Client) -> list[Any]:
        raise KeyRefused("no")

    assert session.in_preview(ask) is None
    assert session.in_preview(lambda client: client.list("campaign")) == [], "the next one may succeed"


def test_a_preview_asks_an_unreachable_revcent_once(account: Account) -> None:
    session = account.session()
    asked = []

    def ask(_: Client) -> None:
        asked.append(1)
        raise Unreachable("no network")

    assert session.in_preview(ask) is None
    assert session.in_preview(ask) is None
    assert len(asked) == 1


# --- domains --------------------------------------------------------------------------------------------------------


def timed(account: Account) -> tuple[Session, Time]:
    time = Time()
    own = account.settings
    client = Client(own, contract=contract(), transport=account.transport(), clock=ManualClock())
    return Session(own, client=client, clock=time), time


def test_a_domain_is_read_at_most_once_a_minute(account: Account) -> None:
    session, time = timed(account)
    first = session.domain(DOMAIN_ID)
    first["name"] = "changed by a careless caller"
    assert session.domain(DOMAIN_ID)["name"] != first["name"]
    assert len(account.calls()) == 1
    time.seconds = FRESH_SECONDS
    session.domain(DOMAIN_ID)
    assert len(account.calls()) == 2
    session.domain(DOMAIN_ID, fresh=True)
    assert len(account.calls()) == 3
    session.forget_domain(DOMAIN_ID)
    session.domain(DOMAIN_ID)
    assert len(account.calls()) == 4


def test_a_domain_is_read_by_one_thread_while_the_others_wait(account: Account) -> None:
    session = account.session()
    start = threading.Barrier(4)

    def look(_: int) -> str:
        start.wait(5)
        return str(session.domain(DOMAIN_ID)["id"])

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(look, range(4))) == [DOMAIN_ID] * 4
    assert reads(account) == ["tracking_domain get"]


def test_what_an_action_answered_is_added_to_what_is_known(account: Account) -> None:
    session = account.session()
    session.domain(DOMAIN_ID)
    merged = session.merge_domain(DOMAIN_ID, {"dns_status": "pending"})
    assert (merged["id"], merged["dns_status"]) == (DOMAIN_ID, "pending")
    assert session.domain(DOMAIN_ID)["dns_status"] == "pending"
    assert session.merge_domain("X" * 20, {"dns_status": "pending"}) == {"dns_status": "pending"}


def test_a_domain_that_seems_not_ready_is_looked_at_once_more(account: Account) -> None:
    object_id = account.box.add("tracking_domain", {"domain": "raw.test"})
    session = account.session()
    session.domain(object_id)
    account.box.change("tracking_domain", object_id, READY)
    ready, found = session.domain_is_ready(object_id)
    assert ready
    assert found["ssl_status"] == "issued"
    assert len(account.calls()) == 2
    assert session.domain_is_ready(object_id)[0]
    assert len(account.calls()) == 2


def test_a_domain_needs_both_its_certificate_and_its_dns(account: Account) -> None:
    half = account.box.add("tracking_domain", {"domain": "half.test", "ssl_status": "issued"})
    assert not account.session().domain_is_ready(half)[0]


def test_a_domain_that_was_written_is_read_anew_even_if_reading_it_back_failed(account: Account) -> None:
    session = account.session(max_retries=0)
    core = TrackingDomainProvider.core(session, account.warn)
    made = core.create({"domain": "acme.test", "name": "acme.test"})
    object_id = str(made.object_id)
    account.box.fault("status", "GET", after=1, status=503)
    core.update(object_id, made.outputs, {"domain": "acme.test", "name": "Acme"})
    assert session.domain(object_id)["name"] == "Acme"


# --- what this process did ------------------------------------------------------------------------------------------


def test_only_another_nonce_means_that_an_object_was_given_away() -> None:
    session = Session(Settings())
    assert not session.replaced_here("id", "old")
    session.remember("id", "old")
    assert not session.replaced_here("id", "old")
    session.remember("id", "new")
    assert session.replaced_here("id", "old")


def test_a_name_belongs_to_who_declared_it_first() -> None:
    session = Session(Settings())
    assert session.declared_by("customer_portal", "Acme") is None
    assert session.declare("customer_portal", "Acme", "urn:a") is None
    assert session.declare("customer_portal", "Acme", "urn:a") is None
    assert session.declare("customer_portal", "Acme", "urn:b") == "urn:a"
    assert session.declared_by("customer_portal", "Acme") == "urn:a"
    assert session.declared_by("smtp_profile", "Acme") is None


# --- is it the right account? ---------------------------------------------------------------------------------------


def test_an_object_out_of_the_state_is_evidence(account: Account) -> None:
    session = account.session()
    assert not session.is_right_account(None)
    session.saw_own()
    assert session.is_right_account(None)
    assert account.calls() == []


@pytest.mark.parametrize("entity", ["tracking_domain", "customer_portal", "url_parameter_set"])
@pytest.mark.parametrize("slim", [True, False])
def test_a_mark_of_the_stack_is_evidence_and_is_looked_for_once(entity: str, slim: bool, account: Account) -> None:
    account.box.switch(slim_lists=slim)
    account.box.add(entity, {"name": "marked", "description": MARK})
    session = account.session()
    assert session.is_right_account("theword")
    made = len(account.calls())
    assert session.is_right_account("theword")
    assert len(account.calls()) == made


@pytest.mark.parametrize("identity", ["otherword", "word", "heword", "nonce"])
def test_the_mark_of_another_stack_is_none(identity: str, account: Account) -> None:
    account.box.add("customer_portal", {"name": "marked", "description": MARK})
    assert not account.session().is_right_account(identity)


def test_a_scan_reads_a_bounded_number_of_objects(account: Account) -> None:
    account.box.switch(slim_lists=True)
    for number in range(SCAN_LIMIT + 5):
        account.box.add("tracking_domain", {"domain": f"many{number}.test"})
    assert not account.session().is_right_account("theword")
    assert reads(account).count("tracking_domain get") == SCAN_LIMIT


def test_a_scan_passes_over_what_it_cannot_read(account: Account) -> None:
    account.box.switch(slim_lists=True)
    account.box.add("customer_portal", {"name": "marked", "description": MARK})
    account.box.fault("status", "GET", "^/tracking_domains", times=None, status=404)
    assert account.session().is_right_account("theword")
    account.box.fault("status", "GET", "^/customer_portals/", times=None, status=404)
    assert not account.session().is_right_account("theword")


def test_a_key_that_may_list_nothing_finds_no_evidence(account: Account) -> None:
    account.box.add("customer_portal", {"name": "marked", "description": MARK})
    session = account.session(api_key=account.box.add_key("narrow", allow=[]))
    assert not session.is_right_account("theword")
    assert not session.is_right_account("theword"), "a list that was refused is not asked for again"
    assert len(account.calls()) == 3


def test_whether_something_is_listed_is_asked_anew(account: Account) -> None:
    session = account.session()
    assert session.is_listed("tracking_domain", DOMAIN_ID)
    account.box.remove("tracking_domain", DOMAIN_ID)
    with pytest.raises(NotFound):
        session.domain(DOMAIN_ID)


# --- who uses a mail profile? ---------------------------------------------------------------------------------------


def test_the_users_of_a_profile_are_its_enabled_portals(account: Account) -> None:
    for name, profile, enabled in (
        ("B", PROFILE_ID, True),
        ("A", PROFILE_ID, True),
        ("off", PROFILE_ID, False),
        ("other", "O" * 20, True),
    ):
        account.box.add("customer_portal", {"name": name, "smtp_profile": profile, "enabled": enabled})
    session = account.session()
    assert session.portals_using(PROFILE_ID) == ["A", "B"]
    assert session.portals_using("O" * 20) == ["other"]
    assert reads(account) == ["customer_portal list"], "one scan"


def test_what_this_process_writes_is_known_to_the_scan(account: Account) -> None:
    portal = account.box.add("customer_portal", {"name": "A", "smtp_profile": PROFILE_ID})
    session = account.session()
    session.note_portal(portal, enabled=False)  # before the scan it is of no use: the scan sees it
    assert session.portals_using(PROFILE_ID) == ["A"]
    session.note_portal(portal, enabled=False)
    session.note_portal("N" * 20, name="New", enabled=True, smtp_profile=PROFILE_ID)
    assert session.portals_using(PROFILE_ID) == ["New"]


def test_a_portal_that_vanishes_during_the_scan_uses_nothing(account: Account) -> None:
    account.box.switch(slim_lists=True)
    account.box.add("customer_portal", {"name": "A", "smtp_profile": PROFILE_ID})
    account.box.fault("status", "GET", "^/customer_portals/", status=404)
    assert account.session().portals_using(PROFILE_ID) == []


def test_a_scan_that_fails_is_made_again(account: Account) -> None:
    account.box.add("customer_portal", {"name": "A", "smtp_profile": PROFILE_ID})
    session = account.session(max_retries=0)
    account.box.fault("status", "GET", "^/customer_portals", status=503)
    with pytest.raises(RevCentError):
        session.portals_using(PROFILE_ID)
    assert session.portals_using(PROFILE_ID) == ["A"]


# --- who uses a URL parameter set? ----------------------------------------------------------------------------------


def with_sets(account: Account, domain: str, *sets: str, **fields: Any) -> str:
    return account.box.add("tracking_domain", {"domain": domain, "url_parameter_sets": list(sets), **fields})


def test_the_users_of_a_parameter_set_are_the_domains_in_service(account: Account) -> None:
    with_sets(account, "b.test", SET_ID, "O" * 20)
    with_sets(account, "a.test", SET_ID, description=f"Ours {MARK}")
    with_sets(account, "gone.test", SET_ID, description=MARK.replace("[pulumi ", "[pulumi retired "))
    session = account.session()
    assert session.domains_using(SET_ID) == ["a.test", "b.test"]
    assert session.domains_using("O" * 20) == ["b.test"]
    assert session.domains_using("N" * 20) == []
    assert reads(account) == ["tracking_domain list"], "one list"


@pytest.mark.parametrize("slim", [True, False])
def test_what_this_process_writes_is_known_of_domains(slim: bool, account: Account) -> None:
    account.box.switch(slim_lists=slim)
    furnish(account.box, {"url_parameter_sets": [SET_ID]})
    mine = with_sets(account, "a.test", SET_ID)
    with_sets(account, "b.test", SET_ID)
    session = account.session()
    assert session.domains_using(SET_ID) == ["a.test", "b.test"]
    session.client.edit("tracking_domain", mine, {"url_parameter_sets": []})
    session.client.create("tracking_domain", {"name": "c", "domain": "c.test", "url_parameter_sets": [SET_ID]})
    assert session.domains_using(SET_ID) == ["b.test", "c"]
    session.client.edit("tracking_domain", mine, {"url_parameter_sets": [SET_ID]})
    session.client.edit("tracking_domain", mine, {"description": MARK.replace("[pulumi ", "[pulumi retired ")})
    assert session.domains_using(SET_ID) == ["b.test", "c"]
    assert reads(account).count("tracking_domain list") == 1


def test_domains_that_the_list_shows_in_part_are_read_once_each(account: Account) -> None:
    account.box.switch(slim_lists=True)
    domains = account.box.objects("tracking_domain")
    with_sets(account, "a.test", SET_ID)
    session = account.session()
    assert session.domains_using(SET_ID) == ["a.test"]
    assert session.domains_using("O" * 20) == []
    assert reads(account) == ["tracking_domain list"] + ["tracking_domain get"] * (len(domains) + 1)


def test_a_domain_that_does_not_say_which_sets_it_uses_may_use_any(account: Account) -> None:
    account.box.switch(omit=["tracking_domain.url_parameter_sets"])
    names = [found["name"] for found in account.box.objects("tracking_domain")]
    assert account.session().domains_using(SET_ID) == names


def test_a_domain_that_vanishes_during_the_scan_uses_nothing(account: Account) -> None:
    account.box.switch(slim_lists=True)
    account.box.fault("status", "GET", "^/tracking_domains/", times=None, status=404)
    assert account.session().domains_using(SET_ID) == []


def test_domains_that_could_not_be_read_are_asked_for_again(account: Account) -> None:
    account.box.switch(slim_lists=True)
    with_sets(account, "a.test", SET_ID)
    session = account.session(max_retries=0)
    account.box.fault("status", "GET", "^/tracking_domains/", status=503)
    with pytest.raises(RevCentError):
        session.domains_using(SET_ID)
    assert session.domains_using(SET_ID) == ["a.test"]
