"""Faults as a real HTTP client feels them: what it sees, and whether the work was done."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.sandbox.http_api import Api

if TYPE_CHECKING:
    from collections.abc import Callable

DOMAIN = {"name": "acme", "domain": "acme.com"}


def domains(sandbox: Sandbox) -> int:
    return len(sandbox.objects("tracking_domain"))


class TestCutConnections:
    @pytest.mark.parametrize(("kind", "done"), [("drop_before", 0), ("drop_after", 1)])
    def test_no_answer_comes(self, sandbox: Sandbox, api: Api, kind: str, done: int) -> None:
        sandbox.fault(kind)
        with pytest.raises(httpx.TransportError):
            api.http.post("/tracking_domains", json=DOMAIN)
        assert domains(sandbox) == done
        assert [(call["status"], call["fault"]) for call in sandbox.calls] == [(None, kind)]

    @pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
    def test_not_a_byte_reaches_the_socket(self, sandbox: Sandbox, kind: str) -> None:
        sandbox.fault(kind)
        host, port = sandbox.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as raw:
            raw.sendall(f"GET /v2/campaigns?limit=1&page=1 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            try:
                received = raw.recv(1)
            except ConnectionResetError:
                received = b""
        assert received == b""

    def test_other_connections_live_on(self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]) -> None:
        other = api_with(sandbox.api_key)
        other.list("/campaigns")
        sandbox.fault("drop_after", path="user_shops")
        with pytest.raises(httpx.TransportError):
            api.list("/user_shops")
        assert other.list("/campaigns")["current_count"] == 3
        assert api.list("/user_shops")["current_count"] == 2


class TestSpoiltBodies:
    def test_a_truncated_body(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("truncated")
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            api.http.post("/tracking_domains", json=DOMAIN)
        assert domains(sandbox) == 1

    @pytest.mark.parametrize("work", [True, False])
    def test_a_body_that_is_not_json(self, sandbox: Sandbox, api: Api, work: bool) -> None:
        sandbox.fault("not_json", work=work, status=200)
        answer = api.http.post("/tracking_domains", json=DOMAIN)
        assert answer.status_code == 200
        with pytest.raises(ValueError, match="Expecting value"):
            answer.json()
        assert domains(sandbox) == int(work)
        assert sandbox.calls[0]["status"] == 200

    def test_an_empty_body(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("empty")
        answer = api.http.post("/tracking_domains", json=DOMAIN)
        assert (answer.status_code, answer.content) == (200, b"")
        assert domains(sandbox) == 1

    def test_a_refusal_can_be_spoilt_too(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("empty")
        assert api.http.post("/tracking_domains", json={}).status_code == 400


class TestStatuses:
    @pytest.mark.parametrize("after", [None, 3, "Mon, 23 Nov 2026 12:00:00 GMT"])
    def test_too_many_requests(self, sandbox: Sandbox, api: Api, after: object) -> None:
        sandbox.fault("rate_limit", retry_after=after)
        answer = api.http.post("/tracking_domains", json=DOMAIN)
        assert answer.status_code == 429
        assert answer.headers.get("retry-after") == (None if after is None else str(after))
        assert (answer.json()["code"], answer.json()["error_code"]) == (0, "rate_limited")
        assert domains(sandbox) == 0
        assert sandbox.calls[0]["status"] == 429

    @pytest.mark.parametrize("work", [True, False])
    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_broken_server(self, sandbox: Sandbox, api: Api, status: int, work: bool) -> None:
        sandbox.fault("status", status=status, work=work)
        answer = api.http.post("/tracking_domains", json=DOMAIN)
        assert answer.status_code == status
        assert answer.json()["code"] == 0
        assert "tracking_domain_id" not in answer.json()
        assert domains(sandbox) == int(work)
        assert sandbox.calls[0]["status"] == status

    def test_a_busy_server_says_when_to_come_back(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("status", status=503, retry_after=7)
        assert api.http.get("/campaigns").headers["retry-after"] == "7"


class TestDelay:
    def test_the_answer_comes_late(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("delay", seconds=0.2)
        began = time.monotonic()
        assert api.list("/campaigns")["current_count"] == 3
        assert time.monotonic() - began >= 0.2
        assert sandbox.calls[0]["fault"] == "delay"

    def test_the_work_is_done_although_the_client_leaves(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("delay", seconds=30)
        with pytest.raises(httpx.ReadTimeout):
            api.http.post("/tracking_domains", json=DOMAIN, timeout=0.1)
        assert domains(sandbox) == 1

    def test_others_need_not_wait(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("delay", path="campaigns", seconds=1)
        with ThreadPoolExecutor() as pool:
            slow = pool.submit(api.list, "/campaigns")
            while not sandbox.calls:
                time.sleep(0.005)
            api.list("/user_shops")
            assert not slow.done()
            assert slow.result()["current_count"] == 3

    def test_a_delay_and_another_fault_meet_the_same_request(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("delay", seconds=0.1)
        sandbox.fault("status", status=503)
        began = time.monotonic()
        assert api.http.get("/campaigns").status_code == 503
        assert time.monotonic() - began >= 0.1

    def test_a_stop_does_not_wait_for_it(self) -> None:
        with Sandbox.start() as sandbox, Api(sandbox) as api, ThreadPoolExecutor() as pool:
            sandbox.fault("delay", seconds=60)
            waiting = pool.submit(api.http.get, "/campaigns")
            while not sandbox.calls:
                time.sleep(0.005)
            began = time.monotonic()
            sandbox.stop()
            assert time.monotonic() - began < 5
            with pytest.raises(httpx.TransportError):
                waiting.result()


class TestAiming:
    def statuses(self, api: Api, *paths: str) -> list[int]:
        query = {"limit": 25, "page": 1}
        return [api.http.get(path, params=query).status_code for path in paths]

    def test_by_method_and_path(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("status", method="get", path="^/user_shops$")
        assert self.statuses(api, "/campaigns", "/user_shops/shopBoltShopify00001") == [200, 400]
        assert api.http.post("/user_shops", json={}).status_code == 404
        assert self.statuses(api, "/user_shops", "/user_shops") == [500, 200]

    def test_after_and_times(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("status", after=1, times=2)
        assert self.statuses(api, *["/campaigns"] * 5) == [200, 500, 500, 200, 200]

    def test_for_ever_until_cleared(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("status", times=None)
        assert self.statuses(api, *["/campaigns"] * 3) == [500] * 3
        sandbox.clear_faults()
        assert self.statuses(api, "/campaigns") == [200]

    def test_one_after_the_other(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("status", status=502)
        sandbox.fault("status", status=503)
        assert self.statuses(api, *["/campaigns"] * 3) == [502, 503, 200]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"kind": "explode"}, "no fault 'explode'.*drop_after"),
            ({"kind": "delay", "second": 1}, "no 'second'. It has: seconds"),
            ({"kind": "drop_after", "work": True}, "It has: no parameters"),
            ({"kind": "empty", "path": "("}, "no regular expression"),
            ({"kind": "delay", "seconds": "1"}, "cannot have seconds='1'"),
            ({"kind": "delay", "seconds": -1}, "cannot have seconds=-1"),
            ({"kind": "status", "status": 99}, "cannot have status=99"),
            ({"kind": "status", "work": 1}, "cannot have work=1"),
            ({"kind": "rate_limit", "retry_after": 1.5}, "cannot have retry_after=1.5"),
            ({"kind": "empty", "after": -1}, "'after' is a number"),
            ({"kind": "empty", "times": 0}, "'times' one from 1"),
            ({"kind": "empty", "times": True}, "'times' one from 1"),
        ],
    )
    def test_a_wrong_fault_says_what_there_is(self, sandbox: Sandbox, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            sandbox.fault(**arguments)
