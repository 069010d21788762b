"""The sandbox on a socket: a real HTTP server in a thread, whose connections can really be cut. It knows no RevCent."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from pulumi_revcent_portal.sandbox.sockets import bound

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp

_START_SECONDS: Final = 10.0


class Connections:
    """The open connections of a server by the client's address, so that one can be cut."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, transport: asyncio.Transport) -> None:
        """Remember a connection, and forget those that have ended."""
        self._transports = {peer: kept for peer, kept in self._transports.items() if not kept.is_closing()}
        peer = transport.get_extra_info("peername")
        if peer:  # a client may have gone before it was let in
            self._transports[peer[0], peer[1]] = transport

    def cut(self, peer: tuple[str, int]) -> None:
        """Cut the connection of a client at once; what was not sent yet never is."""
        self._transports[peer].abort()

    def close(self, peer: tuple[str, int]) -> None:
        """Close the connection of a client after what was written so far."""
        self._transports[peer].close()

    def cut_all(self) -> None:
        """Cut every connection."""
        for transport in self._transports.values():
            transport.abort()


class _Uvicorn(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self._connections = connections

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Answers that a fault holds back would hold the end back too.
        self._connections.cut_all()
        await super().shutdown(sockets)


class Server:
    """An ASGI application on a socket, served from a thread of its own.

    Args:
        make_app: makes the application from the connections that it may cut.
        host: the address to listen on.
        port: the port; 0 lets the system choose one.

    Raises:
        PortInUseError: the port cannot be had.
    """

    def __init__(self, make_app: Callable[[Connections], ASGIApp], host: str, port: int) -> None:
        self._socket = bound(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        connections = Connections()

        class Protocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                connections.opened(transport)
                super().connection_made(transport)

        config = uvicorn.Config(
            make_app(connections),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
        self._server = _Uvicorn(config, connections)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="revcent-sandbox", daemon=True
        )

    def start(self) -> None:
        """Begin to serve; returns when requests are answered."""
        self._thread.start()
        last = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > last:
                self.stop()
                raise RuntimeError("The sandbox's server did not start.")
            time.sleep(0.002)

    def stop(self) -> None:
        """End serving and let the port go."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_START_SECONDS)
        self._socket.close()
