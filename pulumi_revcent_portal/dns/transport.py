"""One question to one DNS server over UDP, or TCP when the answer does not fit; no retries, no meaning of answers.

The sockets are asyncio's own and connected, so that the kernel passes on "nobody listens" and "no route" at once and
keeps away what comes from elsewhere. They are closed however an exchange ends, by a cancellation as well.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import dns.exception
import dns.flags
import dns.message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["Endpoint", "Silence", "exchange"]

_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
_STANDARD_PORT: Final = 53


@dataclass(frozen=True)
class Endpoint:
    """Where a server listens."""

    address: str
    port: int = _STANDARD_PORT

    def __str__(self) -> str:
        if self.port == _STANDARD_PORT:
            return self.address
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    @property
    def is_ipv6(self) -> bool:
        """Whether the address is one of IPv6."""
        return ":" in self.address

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        return ipaddress.ip_address(self.address).is_loopback


@dataclass(frozen=True)
class Silence:
    """Why there is no answer.

    Attributes:
        reason: in a few words.
        no_route: this machine cannot reach the address at all.
        late: nothing came in time, so that asking again may help.
    """

    reason: str
    no_route: bool = False
    late: bool = False


async def exchange(endpoint: Endpoint, question: dns.message.Message, seconds: float) -> dns.message.Message | Silence:
    """Ask a server once.

    Args:
        endpoint: the server.
        question: what to ask.
        seconds: how long to wait for an answer over UDP, and again over TCP.
    """
    answer = await _within(seconds, _over_udp, endpoint, question)
    if isinstance(answer, Silence) or not answer.flags & dns.flags.TC:
        return answer
    answer = await _within(seconds, _over_tcp, endpoint, question)
    if isinstance(answer, Silence):
        return Silence(f"{answer.reason} over TCP, which its long answer needs")
    return answer


class _Ear:
    """Knows the answer to a question among all that may come."""

    def __init__(self, question: dns.message.Message) -> None:
        self.question = question
        self.heard_nonsense = False

    def understand(self, wire: bytes) -> dns.message.Message | None:
        """Return the answer, or None for what is not one: no DNS message, or one to another question."""
        try:
            message = dns.message.from_wire(wire, ignore_trailing=True, raise_on_truncation=True)
        except dns.message.Truncated as truncated:
            message = cast("dns.message.Message", truncated.kwargs["message"])
        except (dns.exception.DNSException, ValueError, IndexError, struct.error):  # whatever a parser may stumble over
            self.heard_nonsense = True
            return None
        if self.question.is_response(message):
            return message
        self.heard_nonsense = True
        return None


async def _within(
    seconds: float,
    way: Callable[[Endpoint, bytes, _Ear], Awaitable[dns.message.Message]],
    endpoint: Endpoint,
    question: dns.message.Message,
) -> dns.message.Message | Silence:
    ear = _Ear(question)
    try:
        async with asyncio.timeout(seconds):
            return await way(endpoint, question.to_wire(), ear)
    except TimeoutError:
        if ear.heard_nonsense:
            return Silence("its answers make no sense")
        return Silence(f"timed out after {seconds:g} s", late=True)
    except EOFError:
        return Silence("closed the connection")
    except OSError as error:
        return _unreachable(error, endpoint)


def _unreachable(error: OSError, endpoint: Endpoint) -> Silence:
    if error.errno in _NO_ROUTE:
        return Silence(f"this machine has no route to {endpoint.address}", no_route=True)
    return Silence((os.strerror(error.errno) if error.errno else str(error)).lower())


class _Datagrams(asyncio.DatagramProtocol):
    """Hands on the answer, or what the kernel says instead."""

    def __init__(self, ear: _Ear, answer: asyncio.Future[dns.message.Message | OSError]) -> None:
        self._ear = ear
        self._answer = answer

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the socket is connected
        message = self._ear.understand(data)
        if message is not None:
            self._end(message)

    def error_received(self, exc: Exception) -> None:
        self._end(exc if isinstance(exc, OSError) else OSError(str(exc)))

    def _end(self, outcome: dns.message.Message | OSError) -> None:
        if not self._answer.done():
            self._answer.set_result(outcome)


async def _over_udp(endpoint: Endpoint, wire: bytes, ear: _Ear) -> dns.message.Message:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[dns.message.Message | OSError] = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(ear, answer), remote_addr=(endpoint.address, endpoint.port)
    )
    try:
        transport.sendto(wire)
        outcome = await answer
    finally:
        transport.abort()
    if isinstance(outcome, OSError):
        raise outcome
    return outcome


async def _over_tcp(endpoint: Endpoint, wire: bytes, ear: _Ear) -> dns.message.Message:
    reader, writer = await asyncio.open_connection(endpoint.address, endpoint.port)
    try:
        writer.write(struct.pack("!H", len(wire)) + wire)
        while True:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            message = ear.understand(await reader.readexactly(length))
            if message is not None:
                return message
    finally:
        writer.transport.abort()  # nothing is left to be sent, and a cancelled exchange must not wait for a peer
