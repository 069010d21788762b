from __future__ import annotations

import dataclasses
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from pulumi_revcent_portal.api.client import Client, Created
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.contract_file import dump_contract
from pulumi_revcent_portal.api.errors import (
    BadAnswer,
    ContractFileError,
    KeyRefused,
    MissingSetting,
    NotFound,
    Offline,
    PermissionMissing,
    RateLimited,
    Refused,
    RevCentError,
    ServerFailed,
    Unreachable,
)
from pulumi_revcent_portal.api.settings import Settings
from tests.api.fake_revcent import CALL, DOMAIN, KEY, PORTAL, FakeRevCent, failed, ok, page

BASE = "/v2"


def offering(*places: tuple[str, str]) -> Contract:
    """Return the default contract with further operations offered."""
    default = Contract.default()
    offered = {place: dataclasses.replace(default.operations[place], offered=True) for place in places}
    return Contract({**default.operations, **offered})


DELETING = offering(("customer_portal", "delete"))


# --- one request ---------------------------------------------------------------------------------------------


def test_a_create_sends_the_key_and_a_body_and_answers_the_id() -> None:
    fake = FakeRevCent(
        ok(tracking_domain_id=DOMAIN, a_records=[{"type": "A", "name": "acme.com", "value": "192.0.2.1"}])
    )
    created = fake.client().create("tracking_domain", {"name": "Acme", "domain": "acme.com", "description": None})
    assert created == Created(DOMAIN, {"a_records": [{"type": "A", "name": "acme.com", "value": "192.0.2.1"}]}, CALL)
    assert fake.seen == ["POST /v2/tracking_domains"]
    assert fake.body() == {"name": "Acme", "domain": "acme.com"}
    headers = fake.requests[0].headers
    assert headers["x-api-key"] == KEY
    assert headers["accept"] == "application/json"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("pulumi-revcent-portal/")


def test_a_get_sends_no_body_and_answers_our_names() -> None:
    fake = FakeRevCent(ok(id=PORTAL, name="Acme", tracking_domain={"id": DOMAIN}))
    assert fake.client().get("customer_portal", PORTAL) == {"id": PORTAL, "name": "Acme", "tracking_domain": DOMAIN}
    assert fake.seen == [f"GET /v2/customer_portals/{PORTAL}"]
    assert fake.requests[0].content == b""
    assert "content-type" not in fake.requests[0].headers


def test_an_answer_without_an_id_gets_the_one_that_was_asked_for() -> None:
    assert FakeRevCent(ok(name="Acme")).client().get("customer_portal", PORTAL)["id"] == PORTAL


def test_another_object_than_the_one_asked_for_is_no_answer() -> None:
    with pytest.raises(BadAnswer, match=f"Asked for {PORTAL}.*{DOMAIN}"):
        FakeRevCent(ok(id=DOMAIN)).client().get("customer_portal", PORTAL)


def test_an_edit_sends_what_changes_and_text_as_it_is() -> None:
    fake = FakeRevCent(ok(customer_portal_id=PORTAL))
    fake.client().edit("customer_portal", PORTAL, {"enabled": False, "display_name": "Ämne 活"})
    assert fake.seen == [f"POST /v2/customer_portals/{PORTAL}"]
    assert fake.body() == {"enabled": False, "display_name": "Ämne 活"}


def test_an_action_sends_an_empty_object_and_answers_what_it_started() -> None:
    record = {"type": "CNAME", "name": "_a.acme.com", "value": "b.acm"}
    fake = FakeRevCent(ok(ssl={"cname_records": [record], "status": "pending"}))
    assert fake.client().act("tracking_domain", DOMAIN, "initialize_ssl") == {
        "cname_records": [record],
        "ssl_status": "pending",
    }
    assert fake.seen == [f"POST /v2/tracking_domains/{DOMAIN}/initialize_ssl"]
    assert fake.body() == {}


def test_a_text_that_is_no_proper_unicode_reaches_revcent_as_it_is() -> None:
    fake = FakeRevCent(ok())
    fake.client().edit("customer_portal", PORTAL, {"display_name": "a\ud800b"})
    assert fake.body() == {"display_name": "a\ud800b"}


def test_the_base_url_is_the_configured_one() -> None:
    fake = FakeRevCent(ok(id=PORTAL))
    fake.client(base_url="http://127.0.0.1:8787/api/v2").get("customer_portal", PORTAL)
    assert str(fake.requests[0].url) == f"http://127.0.0.1:8787/api/v2/customer_portals/{PORTAL}"


def test_what_the_contract_does_not_have_is_not_sent() -> None:
    fake = FakeRevCent()
    client = fake.client()
    with pytest.raises(ValueError, match="not known to offer"):
        client.delete("customer_portal", PORTAL)
    with pytest.raises(ValueError, match="'domain' cannot be sent"):
        client.edit("tracking_domain", DOMAIN, {"domain": "other.com"})
    assert fake.requests == []


def test_a_create_without_an_id_in_the_answer_may_have_created_something() -> None:
    with pytest.raises(BadAnswer, match=f"which customer portal was created.*{CALL}") as caught:
        FakeRevCent(ok()).client().create("customer_portal", {"name": "n"})
    assert caught.value.ambiguous


@pytest.mark.parametrize(
    ("reason", "message"), [({"offline": True}, "revcent:offline"), ({"api_key": ""}, "REVCENT_API_KEY")]
)
def test_what_is_not_configured_is_not_asked(reason: dict[str, Any], message: str) -> None:
    fake = FakeRevCent()
    clock = ManualClock()
    with pytest.raises((Offline, MissingSetting), match=message) as caught:
        fake.client(clock=clock, **reason).get("customer_portal", PORTAL)
    assert "pulumi config" in str(caught.value)
    assert not caught.value.ambiguous
    assert fake.requests == []
    assert clock.sleeps == []


def test_requests_are_counted_with_their_repetitions() -> None:
    fake = FakeRevCent(failed(status=500), ok(id=PORTAL))
    client = fake.client()
    assert client.requests_made == 0
    client.get("customer_portal", PORTAL)
    assert client.requests_made == 2


def test_a_closed_client_can_go_on() -> None:
    fake = FakeRevCent(ok(id=PORTAL), ok(id=PORTAL))
    client = fake.client()
    client.close()
    client.get("customer_portal", PORTAL)
    client.close()
    assert client.get("customer_portal", PORTAL)["id"] == PORTAL
    client.close()


def test_the_contract_file_of_the_settings_is_used(tmp_path: Any) -> None:
    path = tmp_path / "contract.json"
    path.write_text(dump_contract(DELETING), encoding="utf-8")
    assert Client(Settings(api_key=KEY, contract=str(path))).contract.supports("customer_portal", "delete")
    assert not Client(Settings(api_key=KEY)).contract.supports("customer_portal", "delete")
    with pytest.raises(ContractFileError, match="revcent:contract"):
        Client(Settings(contract=str(tmp_path / "absent.json")))


# --- failures and repetitions --------------------------------------------------------------------------------

BROKEN: list[httpx.Response | Exception] = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.DecodingError("bad gzip"),
    failed(status=500),
    httpx.Response(502, content=b"<html>"),
    httpx.Response(200, content=b""),
    httpx.Response(200, content=b'{"code": 1, "cust'),
]
UNSENT: list[httpx.Response | Exception] = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("busy"),
    httpx.ProxyError("no"),
    failed("Too many", status=429),
]


@pytest.mark.parametrize("reply", BROKEN + UNSENT, ids=repr)
def test_a_get_and_an_edit_are_repeated(reply: httpx.Response | Exception) -> None:
    fake = FakeRevCent(reply, ok(id=PORTAL), reply, ok())
    client = fake.client()
    client.get("customer_portal", PORTAL)
    client.edit("customer_portal", PORTAL, {"enabled": True})
    assert len(fake.requests) == 4


@pytest.mark.parametrize("reply", UNSENT, ids=repr)
def test_a_create_and_an_action_are_repeated_when_nothing_was_done(reply: httpx.Response | Exception) -> None:
    fake = FakeRevCent(reply, ok(customer_portal_id=PORTAL), reply, ok())
    client = fake.client()
    assert client.create("customer_portal", {"name": "n"}).id == PORTAL
    client.act("tracking_domain", DOMAIN, "initialize_dns")
    assert len(fake.requests) == 4


@pytest.mark.parametrize("reply", BROKEN, ids=repr)
def test_a_create_and_an_action_are_not_repeated_when_they_may_have_worked(reply: httpx.Response | Exception) -> None:
    fake = FakeRevCent(reply, reply)
    client = fake.client()
    with pytest.raises(RevCentError) as created:
        client.create("customer_portal", {"name": "n"})
    with pytest.raises(RevCentError) as acted:
        client.act("tracking_domain", DOMAIN, "initialize_ssl")
    assert created.value.ambiguous
    assert acted.value.ambiguous
    assert len(fake.requests) == 2


@pytest.mark.parametrize("reply", UNSENT[:4], ids=repr)
def test_it_is_known_when_nothing_was_sent(reply: httpx.Response | Exception) -> None:
    fake = FakeRevCent(reply, endless=True)
    with pytest.raises(Unreachable, match="could not be reached to create a customer portal") as caught:
        fake.client(max_retries=2).create("customer_portal", {"name": "n"})
    assert not caught.value.ambiguous
    assert caught.value.request == "POST /customer_portals"
    assert len(fake.requests) == 3


@pytest.mark.parametrize(
    ("reply", "kind", "text"),
    [
        (httpx.ReadTimeout("slow"), Unreachable, "revcent:timeout"),
        (httpx.ReadError("reset by peer"), Unreachable, "reset by peer"),
        (httpx.ReadError(""), Unreachable, "ReadError"),
        (failed("Boom", status=500), ServerFailed, "Boom"),
        (httpx.Response(200, content=b"<html>"), BadAnswer, "not JSON"),
        (failed("Slow down", status=429), RateLimited, "fewer requests"),
    ],
)
def test_the_last_failure_is_told_when_repetitions_are_used_up(
    reply: httpx.Response | Exception, kind: type[RevCentError], text: str
) -> None:
    fake = FakeRevCent(reply, endless=True)
    with pytest.raises(kind, match=text):
        fake.client(max_retries=3).get("customer_portal", PORTAL)
    assert len(fake.requests) == 4


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failed("Invalid API key", status=401), KeyRefused),
        (failed("x", status=403), PermissionMissing),
        (failed("x", status=404), NotFound),
        (failed("Name is taken"), Refused),
        (httpx.Response(302), BadAnswer),
    ],
)
def test_a_clear_no_is_not_asked_again(reply: httpx.Response, kind: type[RevCentError]) -> None:
    fake = FakeRevCent(reply)
    with pytest.raises(kind):
        fake.client().get("customer_portal", PORTAL)


def test_a_certificate_that_does_not_fit_is_told_at_once() -> None:
    fake = FakeRevCent(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"))
    with pytest.raises(Unreachable, match="certificate authority"):
        fake.client().get("customer_portal", PORTAL)


def test_a_redirect_is_not_followed_with_the_key() -> None:
    fake = FakeRevCent(httpx.Response(307, headers={"location": "https://elsewhere.example/"}))
    with pytest.raises(BadAnswer, match="redirect"):
        fake.client().get("customer_portal", PORTAL)
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("header", "pause"), [("7", 7.0), ("Thu, 01 Jan 2026 00:00:11 GMT", 11.0), ("300", 30.0)])
def test_retry_after_is_obeyed(header: str, pause: float) -> None:
    clock = ManualClock()
    fake = FakeRevCent(failed(status=429, retry_after=header), ok(customer_portal_id=PORTAL))
    fake.client(clock=clock).create("customer_portal", {"name": "n"})
    assert clock.now() == pause


def test_without_retry_after_pauses_grow_and_differ() -> None:
    clock = ManualClock()
    fake = FakeRevCent(failed(status=429), failed(status=429), failed(status=429), ok(id=PORTAL))
    fake.client(clock=clock).get("customer_portal", PORTAL)
    first, second, third = clock.sleeps
    assert 0.5 <= first <= 1.0 <= second <= 1.5
    assert 2.0 <= third <= 2.5


def test_a_429_holds_the_other_threads_too() -> None:
    clock = ManualClock()
    waiting = threading.Event()

    class Watched(ManualClock):
        def sleep(self, seconds: float) -> None:
            waiting.set()  # the first thread pauses here, and has told the budget before
            assert resumed.wait(10)
            super().sleep(seconds)

    resumed = threading.Event()
    clock = Watched()
    fake = FakeRevCent(failed(status=429, retry_after="20"), ok(id=PORTAL), ok(id=PORTAL))
    client = fake.client(clock=clock)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(client.get, "customer_portal", PORTAL)
        assert waiting.wait(10)
        second = pool.submit(client.get, "customer_portal", PORTAL)
        resumed.set()
        first.result(10)
        second.result(10)
    assert clock.sleeps.count(20.0) >= 1
    assert clock.now() >= 20.0


def test_the_budget_counts_repetitions() -> None:
    clock = ManualClock()
    fake = FakeRevCent(failed(status=500), failed(status=500), ok(id=PORTAL), ok(id=PORTAL))
    client = fake.client(clock=clock, requests_per_minute=3)
    client.get("customer_portal", PORTAL)
    assert clock.now() < 60
    client.get("customer_portal", PORTAL)
    assert clock.now() >= 60


# --- delete --------------------------------------------------------------------------------------------------


def test_a_delete_is_one_request() -> None:
    fake = FakeRevCent(ok())
    fake.client(contract=DELETING).delete("customer_portal", PORTAL)
    assert fake.seen == [f"POST /v2/customer_portals/{PORTAL}/delete"]
    assert fake.body() == {}


def test_a_repeated_delete_that_finds_nothing_has_worked() -> None:
    fake = FakeRevCent(httpx.ReadError("reset"), failed("Not found", status=404))
    fake.client(contract=DELETING).delete("customer_portal", PORTAL)
    assert len(fake.requests) == 2


def test_a_delete_of_nothing_says_so() -> None:
    with pytest.raises(NotFound):
        FakeRevCent(failed("Not found", status=404)).client(contract=DELETING).delete("customer_portal", PORTAL)


def test_a_real_http_delete_sends_no_body() -> None:
    place = ("customer_portal", "delete")
    operation = dataclasses.replace(DELETING.operations[place], method="DELETE", path="/customer_portals/{id}")
    fake = FakeRevCent(ok())
    fake.client(contract=Contract({**DELETING.operations, place: operation})).delete("customer_portal", PORTAL)
    assert fake.seen == [f"DELETE /v2/customer_portals/{PORTAL}"]
    assert fake.requests[0].content == b""


# --- lists ---------------------------------------------------------------------------------------------------


def campaigns(start: int, count: int) -> list[dict[str, Any]]:
    return [{"id": f"c{number}", "name": f"Campaign {number}"} for number in range(start, start + count)]


@pytest.mark.parametrize(("sizes", "pages"), [([0], 1), ([24], 1), ([25, 0], 2), ([25, 25, 3], 3)])
def test_pages_are_read_until_a_short_one(sizes: list[int], pages: int) -> None:
    fake = FakeRevCent(*(page(campaigns(25 * index, size)) for index, size in enumerate(sizes)))
    items = fake.client().list("campaign")
    assert items == campaigns(0, sum(sizes))
    assert fake.seen == [f"GET /v2/campaigns?limit=25&page={number}" for number in range(1, pages + 1)]


def test_a_server_that_ignores_the_page_is_not_asked_for_ever() -> None:
    fake = FakeRevCent(page(campaigns(0, 25)), endless=True)
    assert len(fake.client().list("campaign")) == 25
    assert len(fake.requests) == 2


def test_an_object_that_slips_to_the_next_page_is_listed_once() -> None:
    fake = FakeRevCent(page(campaigns(0, 25)), page(campaigns(24, 2)))
    assert fake.client().list("campaign") == campaigns(0, 26)


def test_items_without_an_id_are_left_out() -> None:
    assert FakeRevCent(page([{"name": "n"}, {"id": "c1"}])).client().list("campaign") == [{"id": "c1"}]


def test_a_list_without_results_is_no_answer() -> None:
    with pytest.raises(BadAnswer, match="no list"):
        FakeRevCent(ok()).client().list("campaign")


def test_names_are_looked_up_in_one_list() -> None:
    fake = FakeRevCent(page(campaigns(0, 3)), page(campaigns(0, 4)))
    client = fake.client()
    assert client.find("campaign", "Campaign 2") == {"id": "c2", "name": "Campaign 2"}
    assert client.find("campaign", "Campaign 3") is None
    assert client.find("campaign", "campaign 2") is None
    assert len(fake.requests) == 1
    assert client.find("campaign", "Campaign 3", fresh=True) == {"id": "c3", "name": "Campaign 3"}
    assert len(fake.requests) == 2


def test_own_writes_are_seen_without_another_request() -> None:
    fake = FakeRevCent(
        page([{"id": PORTAL, "name": "Old", "description": "d"}]), ok(customer_portal_id="New"), ok(), ok()
    )
    client = fake.client(contract=DELETING)
    client.list("customer_portal")
    client.create(
        "customer_portal",
        {"name": "Created", "recaptcha": {"site_key": "s", "secret_key": "hidden"}, "campaign": None},
    )
    client.edit("customer_portal", PORTAL, {"name": "Renamed"})
    assert client.find("customer_portal", "Created") == {"id": "New", "name": "Created", "recaptcha": {"site_key": "s"}}
    assert client.find("customer_portal", "Renamed") == {"id": PORTAL, "name": "Renamed", "description": "d"}
    assert client.find("customer_portal", "Old") is None
    client.delete("customer_portal", "New")
    assert client.find("customer_portal", "Created") is None
    assert sum(line.startswith("GET") for line in fake.seen) == 1


def test_what_a_caller_does_to_its_settings_afterwards_is_not_in_the_list() -> None:
    fake = FakeRevCent(page([]), ok(customer_portal_id=PORTAL))
    client = fake.client()
    client.list("customer_portal")
    settings: dict[str, Any] = {"name": "n", "customer_filters": {"campaign": ["a"]}}
    client.create("customer_portal", settings)
    settings["customer_filters"]["campaign"].append("b")
    assert client.list("customer_portal")[0]["customer_filters"] == {"campaign": ["a"]}


def test_a_failed_edit_does_not_change_the_list() -> None:
    fake = FakeRevCent(page([{"id": PORTAL, "name": "Old"}]), failed("No"))
    client = fake.client()
    client.list("customer_portal")
    with pytest.raises(Refused):
        client.edit("customer_portal", PORTAL, {"name": "New"})
    assert client.find("customer_portal", "Old") is not None


def test_a_list_that_the_key_may_not_have_is_asked_for_once() -> None:
    fake = FakeRevCent(failed("No permission", status=403), page([]))
    client = fake.client()
    assert client.may_list("campaign")
    with pytest.raises(PermissionMissing) as first:
        client.list("campaign")
    assert not client.may_list("campaign")
    with pytest.raises(PermissionMissing) as second:
        client.find("campaign", "x", fresh=True)
    assert str(second.value) == str(first.value)
    assert len(fake.requests) == 1
    assert client.list("third_party_shop") == []
    assert client.may_list("third_party_shop")


def test_mail_profiles_cannot_be_listed_unless_the_contract_says_so() -> None:
    assert not FakeRevCent().client().may_list("smtp_profile")
    assert FakeRevCent().client(contract=offering(("smtp_profile", "list"))).may_list("smtp_profile")


def test_threads_share_one_list() -> None:
    fake = FakeRevCent(page(campaigns(0, 3)))
    client = fake.client()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: client.find("campaign", f"Campaign {number % 3}"), range(12)))
    assert all(found)
    assert len(fake.requests) == 1


# --- secrets -------------------------------------------------------------------------------------------------

PASSWORD = 'hunter22"/ä'


def echo(request: httpx.Request) -> httpx.Response:
    text = f"{request.headers['x-api-key']} sent {request.content.decode()} to {request.url}"
    return failed(f"Invalid: {text}", error_code=request.headers["x-api-key"])


@pytest.mark.parametrize(
    ("entity", "settings"),
    [
        ("smtp_profile", {"name": "n", "password": PASSWORD}),
        ("customer_portal", {"name": "n", "recaptcha": {"site_key": "s", "secret_key": PASSWORD}}),
    ],
)
def test_what_revcent_repeats_of_a_secret_reaches_nobody(
    entity: str, settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    fake = FakeRevCent(echo, httpx.ReadError(f"{KEY} {PASSWORD}"), endless=True)
    client = fake.client()
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            with pytest.raises(RevCentError) as caught:
                client.create(entity, settings)
            error = caught.value
            seen = f"{error} {error!r} {vars(error)} {error.__cause__!r} {error.__context__!r} {client!r}"
            assert KEY not in seen
            assert "hunter22" not in seen
    assert KEY not in caplog.text
    assert "hunter22" not in caplog.text


def test_the_key_is_sent_once_and_never_in_an_address() -> None:
    fake = FakeRevCent(ok(id=PORTAL))
    fake.client().get("customer_portal", PORTAL)
    request = fake.requests[0]
    assert KEY not in str(request.url)
    assert [name for name, value in request.headers.items() if KEY in value] == ["x-api-key"]
