"""The sandbox's name server on its sockets: UDP and TCP on one port, in a thread of its own. It reads no message."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.sockets import bound_for_dns

if TYPE_CHECKING:
    from collections.abc import Callable

_STOP_SECONDS: Final = 10.0
_LENGTH: Final = 2


class NameServer:
    """A name server on a port.

    Args:
        answer: gives the answer to a message that came over "udp" or "tcp"; None: nothing is sent.
        host: the address to listen on.
        port: the port; 0 lets the system choose one.

    Raises:
        PortInUseError: the port cannot be had.
    """

    def __init__(self, answer: Callable[[bytes, str], bytes | None], host: str, port: int) -> None:
        self._answer = answer
        self._udp, self._tcp = bound_for_dns(host, port)
        self.port: int = self._udp.getsockname()[1]
        self.host = _reachable(self._udp.getsockname()[0])
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="revcent-sandbox-dns", daemon=True)

    @property
    def address(self) -> str:
        """Where clients on this machine find it, such as "127.0.0.1:8053"."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def start(self) -> None:
        """Begin to serve; returns when messages are answered."""
        self._thread.start()
        self._ready.wait(_STOP_SECONDS)

    def stop(self) -> None:
        """End serving and let the port go."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(_STOP_SECONDS)
        self._udp.close()
        self._tcp.close()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        open_ones: set[asyncio.Transport] = set()
        datagrams, _ = await self._loop.create_datagram_endpoint(lambda: _Udp(self._answer), sock=self._udp)
        server = await self._loop.create_server(lambda: _Tcp(self._answer, open_ones), sock=self._tcp)
        self._ready.set()
        await self._end.wait()
        server.close()
        datagrams.abort()
        for connection in list(open_ones):
            connection.abort()
        await asyncio.sleep(0)  # so that they are closed before the loop ends


def _reachable(host: str) -> str:
    """Return the address itself, and of one that stands for all of this machine the loopback address."""
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return host
    return "::1" if address.version == 6 else "127.0.0.1"  # noqa: PLR2004 - the version of the protocol


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[bytes, str], bytes | None]) -> None:
        self._answer = answer
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        answer = self._answer(data, "udp")
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)


class _Tcp(asyncio.Protocol):
    """One connection: any number of messages, each behind its length in two bytes (RFC 7766)."""

    def __init__(self, answer: Callable[[bytes, str], bytes | None], open_ones: set[asyncio.Transport]) -> None:
        self._answer = answer
        self._open_ones = open_ones
        self._received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._open_ones.add(transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self._open_ones.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while len(self._received) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._received[:_LENGTH], "big")
            if len(self._received) < end:
                return
            answer = self._answer(self._received[_LENGTH:end], "tcp")
            self._received = self._received[end:]
            if answer is not None:
                self._transport.write(len(answer).to_bytes(_LENGTH, "big") + answer)
