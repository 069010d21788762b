"""Questions on their way to servers: repeated, limited, shared by all who ask the same; no meaning of answers."""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Final

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from pulumi_revcent_portal.dns.flight import SingleFlight
from pulumi_revcent_portal.dns.transport import Endpoint, Silence, exchange

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Network"]

_AT_ONCE: Final = 64
_ATTEMPTS: Final = 2
_PAYLOAD: Final = 1232
"""The UDP size that DNS flag day 2020 chose, which passes without fragments nearly everywhere."""
_KNOWS_NO_EDNS: Final = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)
_GIVEN_UP_SECONDS: Final = 300.0


class _Loop:
    """What belongs to one event loop."""

    def __init__(self) -> None:
        self.slots = asyncio.Semaphore(_AT_ONCE)
        self.flights: SingleFlight[dns.message.Message | Silence] = SingleFlight()


class Network:
    """Asks servers.

    Args:
        timeout: seconds that an attempt may take.
        clock: the time in seconds.

    Attributes:
        questions: how many were sent, repetitions included.
        ipv6_works: whether a server that is not this machine has answered over IPv6.
    """

    def __init__(self, timeout: float, clock: Callable[[], float]) -> None:
        self.questions = 0
        self.ipv6_works = False
        self._timeout = timeout
        self._clock = clock
        self._loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Loop] = weakref.WeakKeyDictionary()
        self._given_up: dict[Endpoint, tuple[float, Silence]] = {}

    async def ask(
        self, endpoint: Endpoint, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, *, recursive: bool = False
    ) -> dns.message.Message | Silence:
        """Ask one server one question, once more when no answer comes in time."""
        until, silence = self._given_up.get(endpoint, (0.0, None))
        if silence is not None and self._clock() < until:
            return silence
        mine = self._loops.setdefault(asyncio.get_running_loop(), _Loop())
        key = (endpoint, name, rdtype, recursive)
        return await mine.flights.run(key, lambda: self._ask(mine.slots, endpoint, name, rdtype, recursive=recursive))

    async def _ask(
        self,
        slots: asyncio.Semaphore,
        endpoint: Endpoint,
        name: dns.name.Name,
        rdtype: dns.rdatatype.RdataType,
        *,
        recursive: bool,
    ) -> dns.message.Message | Silence:
        async with slots:
            edns = True
            answer: dns.message.Message | Silence = Silence("was not asked")
            for _ in range(_ATTEMPTS):
                answer = await self._exchange(endpoint, _question(name, rdtype, recursive=recursive, edns=edns))
                if not isinstance(answer, Silence) and edns and answer.rcode() in _KNOWS_NO_EDNS:
                    edns = False
                elif not (isinstance(answer, Silence) and answer.late):
                    break
        if isinstance(answer, Silence):
            if answer.no_route:
                self.give_up(endpoint, answer, float("inf"))
        elif endpoint.is_ipv6 and not endpoint.is_loopback:
            self.ipv6_works = True
        return answer

    async def _exchange(self, endpoint: Endpoint, question: dns.message.Message) -> dns.message.Message | Silence:
        self.questions += 1
        return await exchange(endpoint, question, self._timeout)

    def give_up(self, endpoint: Endpoint, silence: Silence, seconds: float = _GIVEN_UP_SECONDS) -> None:
        """Ask an address no more for a while: it is this machine that cannot reach it."""
        self._given_up[endpoint] = (self._clock() + seconds, silence)


def _question(
    name: dns.name.Name, rdtype: dns.rdatatype.RdataType, *, recursive: bool, edns: bool
) -> dns.message.Message:
    question = dns.message.make_query(name, rdtype, use_edns=0 if edns else False, payload=_PAYLOAD)
    if not recursive:
        question.flags &= ~dns.flags.RD
    return question
