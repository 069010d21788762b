from __future__ import annotations

import http.server
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.api import transport
from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.errors import SettingError, Unreachable
from pulumi_revcent_portal.api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PORTAL = "Portal78901234567890"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.peers.add(self.client_address)
        body = json.dumps({"api_call_id": "c", "code": 1, "id": self.path.rpartition("/")[2]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        pass


class Server(http.server.ThreadingHTTPServer):
    peers: set[Any]


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server(("127.0.0.1", 0), Handler)
    served.peers = set()
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join(10)


def client_of(port: int, **settings: Any) -> Client:
    made = Settings(api_key="k3y", base_url=f"http://127.0.0.1:{port}/v2", **settings)
    return Client(made, clock=ManualClock())


def test_connections_are_used_again(server: Server) -> None:
    client = client_of(server.server_address[1])
    for _ in range(5):
        assert client.get("customer_portal", PORTAL)["id"] == PORTAL
    assert len(server.peers) == 1
    client.close()


def test_four_threads_get_through_with_few_connections(server: Server) -> None:
    client = client_of(server.server_address[1])
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: client.get("customer_portal", PORTAL), range(40)))
    assert len(server.peers) <= 4
    assert client.requests_made == 40
    client.close()


def test_a_proxy_does_not_stand_between_the_machine_and_itself(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    client = client_of(server.server_address[1])
    assert client.get("customer_portal", PORTAL)["id"] == PORTAL
    client.close()


def test_a_proxy_of_the_environment_is_used_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        seen: list[bytes] = []

        def refuse() -> None:
            connection, _ = proxy.accept()
            with connection:
                seen.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        client = Client(Settings(api_key="k3y", base_url="https://api.revcent.example/v2", max_retries=0))
        with pytest.raises(Unreachable, match="could not be reached") as caught:
            client.get("customer_portal", PORTAL)
        thread.join(10)
        client.close()
    assert not caught.value.ambiguous
    assert seen[0].startswith(b"CONNECT api.revcent.example:443")
    assert b"k3y" not in seen[0]


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("SSL_CERT_FILE", "/no/such/file.pem", "No such file"),
        ("HTTPS_PROXY", "odd://user:pa55w0rd@proxy:1", "ValueError"),
        ("ALL_PROXY", "socks5://127.0.0.1:9", "socksio"),
    ],
)
def test_an_environment_that_cannot_be_used_is_named(
    variable: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv(variable, value)
    client = Client(Settings(api_key="k3y", base_url="https://api.revcent.example/v2"))
    with pytest.raises(SettingError, match=reason) as caught:
        client.get("customer_portal", PORTAL)
    assert variable in str(caught.value)
    assert "pa55w0rd" not in f"{caught.value!r}"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = client_of(port, max_retries=2)
    with pytest.raises(Unreachable, match="Connection refused") as caught:
        client.create("customer_portal", {"name": "n"})
    assert not caught.value.ambiguous
    assert client.requests_made == 3
    client.close()


def test_the_timeout_is_the_configured_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = client_of(silent.getsockname()[1], timeout=0.05, max_retries=0)
        with pytest.raises(Unreachable, match="revcent:timeout") as caught:
            client.create("customer_portal", {"name": "n"})
        client.close()
    assert caught.value.ambiguous


def test_a_package_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_DISTRIBUTION", "no-such-distribution")
    transport._user_agent.cache_clear()
    try:
        assert transport._user_agent().startswith("no-such-distribution/unreleased python/3.")
    finally:
        transport._user_agent.cache_clear()
