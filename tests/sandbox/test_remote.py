"""The control API and its client: a sandbox elsewhere has the same methods, and refuses in the same words."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox import RemoteSandbox, Sandbox, SandboxUnreachableError
from pulumi_revcent_portal.sandbox.control import METHODS, PROPERTIES
from pulumi_revcent_portal.sandbox.controls import Controls
from pulumi_revcent_portal.sandbox.dns_controls import DnsControls

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.http_api import Api


@pytest.fixture
def remote(sandbox: Sandbox) -> RemoteSandbox:
    return Sandbox.connect(sandbox.url + "/")


class TestSameness:
    def test_the_client_has_every_public_member(self) -> None:
        public = {name for part in (Controls, DnsControls) for name in vars(part) if not name.startswith("_")}
        assert public - {"close", "latest_calls", "questions", "waiting", "worlds"} == {*METHODS, *PROPERTIES}
        assert {*METHODS, *PROPERTIES} <= {name for name in vars(RemoteSandbox) if not name.startswith("_")}

    @pytest.mark.parametrize("name", METHODS)
    def test_a_method_takes_the_same_arguments(self, name: str) -> None:
        assert inspect.signature(getattr(RemoteSandbox, name)) == inspect.signature(getattr(Controls, name))

    def test_the_addresses_are_the_same(self, sandbox: Sandbox, remote: RemoteSandbox) -> None:
        assert (remote.url, remote.api_url, remote.siteverify_url, remote.api_key) == (
            sandbox.url,
            sandbox.api_url,
            sandbox.siteverify_url,
            sandbox.api_key,
        )


class TestMethods:
    def test_objects(self, sandbox: Sandbox, remote: RemoteSandbox) -> None:
        profile_id = remote.add("smtp_profile", {"name": "m", "password": "canary"})
        remote.change("smtp_profile", profile_id, {"host": "h"})
        assert remote.object("smtp_profile", profile_id) == sandbox.object("smtp_profile", profile_id)
        assert remote.objects("smtp_profile") == sandbox.objects("smtp_profile")
        assert remote.objects("smtp_profile", account="other") == []
        remote.remove("smtp_profile", profile_id)
        assert sandbox.objects("smtp_profile") == []

    def test_behaviour(self, remote: RemoteSandbox, api: Api) -> None:
        remote.switch(delete=True, transition={"reads": 3})
        assert (remote.switches["delete"], remote.switches["transition"]) == (True, {"reads": 3})
        remote.fault("status", status=503, path="campaigns")
        assert api.http.get("/campaigns").status_code == 503
        remote.fault("status")
        remote.clear_faults()
        assert api.list("/campaigns")["current_count"] == 3
        assert [call["status"] for call in remote.calls] == [503, 200]
        remote.clear_calls()
        assert remote.calls == []

    def test_time_keys_and_the_way_back(
        self, sandbox: Sandbox, remote: RemoteSandbox, api_with: Callable[[str], Api]
    ) -> None:
        remote.advance(100)
        assert sandbox.revcent.clock.offset == 100
        key = remote.add_key("reader", allow=("GetCampaigns",))
        assert api_with(key).list("/campaigns")["current_count"] == 3
        assert api_with(remote.add_key("any")).list("/user_shops")["current_count"] == 2
        remote.revoke(key)
        assert api_with(key).http.get("/campaigns").status_code == 401
        remote.reset()
        assert sandbox.revcent.clock.offset == 0

    def test_refusals_are_the_same(self, sandbox: Sandbox, remote: RemoteSandbox) -> None:
        wrong: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
            ("switch", (), {"deletes": True}),
            ("fault", ("explode",), {}),
            ("object", ("campaign", "x" * 20), {}),
            ("add", ("campaign", {"title": "x"}), {}),
            ("revoke", ("unknown",), {}),
        ]
        for name, arguments, named in wrong:
            with pytest.raises((ValueError, KeyError)) as near:
                getattr(sandbox, name)(*arguments, **named)
            with pytest.raises((ValueError, KeyError)) as far:
                getattr(remote, name)(*arguments, **named)
            assert (far.type, far.value.args) == (near.type, near.value.args)

    def test_a_sandbox_without_a_live_key(self) -> None:
        with Sandbox.start(seed={}) as sandbox:
            remote = Sandbox.connect(sandbox.url)
            with pytest.raises(ValueError, match="no live key"):
                _ = remote.api_key


class TestOverHttp:
    def post(self, sandbox: Sandbox, path: str, **request: Any) -> httpx.Response:
        return httpx.post(f"{sandbox.url}/_sandbox/{path}", trust_env=False, **request)

    def test_as_documented(self, sandbox: Sandbox) -> None:
        answer = self.post(sandbox, "objects", json={"entity": "campaign"})
        assert [item["name"] for item in answer.json()["result"]] == ["Acme US", "Acme EU", "Bolt"]
        assert httpx.get(f"{sandbox.url}/_sandbox/switches", trust_env=False).json()["result"]["delete"] is False

    @pytest.mark.parametrize(
        ("path", "content", "status", "word"),
        [
            ("explode", b"{}", 404, "no method 'explode'"),
            ("__init__", b"{}", 404, "no method"),
            ("calls", b"{}", 404, "no method"),
            ("reset", b"", 400, "JSON object"),
            ("reset", b"[" * 100_000, 400, "JSON object"),
            ("reset", b"[]", 400, "JSON object"),
            ("reset", b'{"really": true}', 400, "reset: got an unexpected keyword argument 'really'"),
            ("objects", b"{}", 400, "missing a required argument: 'entity'"),
            ("advance", b'{"seconds": "x"}', 400, "not supported"),
        ],
    )
    def test_wrong_calls(self, sandbox: Sandbox, path: str, content: bytes, status: int, word: str) -> None:
        answer = self.post(sandbox, path, content=content, headers={"content-type": "application/json"})
        assert answer.status_code == status
        assert word in answer.json()["error"]

    def test_a_page_from_elsewhere_cannot_give_orders(self, sandbox: Sandbox) -> None:
        sandbox.add("campaign", {"name": "Extra"})
        answer = self.post(sandbox, "reset", content=b"{}", headers={"content-type": "text/plain"})
        assert answer.status_code == 415
        assert len(sandbox.objects("campaign")) == 4

    def test_what_cannot_be_read(self, sandbox: Sandbox) -> None:
        answer = httpx.get(f"{sandbox.url}/_sandbox/gateway", trust_env=False)
        assert answer.status_code == 404
        assert "no 'gateway' to read" in answer.json()["error"]


class TestReach:
    def test_nobody_there(self) -> None:
        with Sandbox.start() as sandbox:
            url = sandbox.url
        with pytest.raises(SandboxUnreachableError, match="revcent-portal sandbox"):
            Sandbox.connect(url)

    def test_somebody_else_there(self, sandbox: Sandbox) -> None:
        with pytest.raises(SandboxUnreachableError, match="HTTP 401"):
            Sandbox.connect(sandbox.api_url)
        with pytest.raises(SandboxUnreachableError, match="HTTP 404"):
            Sandbox.connect(sandbox.url + "/elsewhere")

    @pytest.mark.parametrize("url", ["nonsense", "", "file:///etc/hostname"])
    def test_no_address(self, url: str) -> None:
        with pytest.raises(SandboxUnreachableError, match="no HTTP address"):
            Sandbox.connect(url)

    def test_a_proxy_is_not_asked(self, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "")
        assert Sandbox.connect(sandbox.url).api_key == sandbox.api_key
