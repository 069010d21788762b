"""The server by itself: starting, failing to start, stopping."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, cast

import pytest
import uvicorn

from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.server import Connections
from pulumi_revcent_portal.sandbox.sockets import PortInUseError

if TYPE_CHECKING:
    import asyncio


def test_a_stopped_sandbox_lets_its_port_go() -> None:
    with Sandbox.start() as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(PortInUseError, match=f"port {port}"):
            Sandbox.start(port=port)
    with Sandbox.start(port=port) as second:
        assert second.url == first.url


def test_a_server_that_does_not_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda _server, sockets: sockets.clear())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(RuntimeError, match="did not start"):
        Sandbox.start(port=port)
    socket.create_server(("127.0.0.1", port)).close()


def test_a_client_that_left_before_it_was_let_in_is_no_connection() -> None:
    class Gone:
        def get_extra_info(self, _name: str) -> None:
            return None

    connections = Connections()
    connections.opened(cast("asyncio.Transport", Gone()))
    connections.cut_all()
    with pytest.raises(KeyError):
        connections.cut(("127.0.0.1", 1))
