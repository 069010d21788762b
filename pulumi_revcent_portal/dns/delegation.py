"""Which servers are authoritative for a name: its zone, the zone's servers, their addresses; remembered for a while.

What the servers say about records is not asked here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
from publicsuffixlist import PublicSuffixList

from pulumi_revcent_portal.dns.names import ancestors, shown
from pulumi_revcent_portal.dns.reading import chain, denied_by, rrset_of, values_of
from pulumi_revcent_portal.dns.transport import Endpoint, Silence

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.dns.network import Network
    from pulumi_revcent_portal.dns.resolvers import Reply, Resolvers

__all__ = ["Delegation", "Delegations", "Server"]

_SHORTEST: Final = 5.0
_LONGEST: Final = 300.0


@dataclass(frozen=True)
class Server:
    """One authoritative server.

    Attributes:
        name: its name; of a resolver that is itself authoritative the address and port.
        endpoints: where it listens.
        problem: what is wrong with it, in a sentence; empty when nothing is known to be.
    """

    name: str
    endpoints: tuple[Endpoint, ...] = ()
    problem: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses, without ports."""
        return tuple(each.address for each in self.endpoints)


@dataclass(frozen=True)
class Delegation:
    """Who answers for a name.

    Attributes:
        name: the name.
        zone: the zone that it is in; empty when none was found.
        servers: the zone's servers.
        problem: what is wrong, in sentences; empty when nothing is known to be.
    """

    name: str
    zone: str
    servers: tuple[Server, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class _Zone:
    """A zone, by whom it was found, and for how long that holds."""

    name: dns.name.Name
    reply: Reply
    ttl: float


class Delegations:
    """Finds delegations and remembers each for its time to live: 5 s at least, 300 s at most.

    Args:
        network: carries questions to resolvers that may be authoritative themselves.
        resolvers: find zones and addresses.
        clock: the time in seconds.
    """

    def __init__(self, network: Network, resolvers: Resolvers, clock: Callable[[], float]) -> None:
        self._network = network
        self._resolvers = resolvers
        self._clock = clock
        self._known: dict[dns.name.Name, tuple[float, Delegation]] = {}

    async def find(self, name: dns.name.Name) -> Delegation:
        """Return who answers for a name; `problem` tells why there are no servers."""
        until, known = self._known.get(name, (0.0, None))
        if known is not None and self._clock() < until:
            return known
        found, ttl = await self._find(name)
        self._known[name] = (self._clock() + min(max(ttl, _SHORTEST), _LONGEST), found)
        return found

    async def _find(self, name: dns.name.Name) -> tuple[Delegation, float]:
        zone = await self._zone_of(name)
        if isinstance(zone, str):
            return Delegation(shown(name), "", problem=zone), 0.0
        own = await self._resolvers_of_their_own(zone)
        if own:
            return Delegation(shown(name), shown(zone.name), own), zone.ttl
        unregistered = _unregistered(name, zone.name)
        if unregistered:
            return Delegation(shown(name), "", problem=unregistered), 0.0
        reply = await self._resolvers.ask(zone.name, dns.rdatatype.NS)
        if isinstance(reply, Silence):
            problem = f"The name servers of {shown(zone.name)} could not be found: {reply.reason}."
            return Delegation(shown(name), "", problem=problem), 0.0
        listed = rrset_of(reply.message, zone.name, dns.rdatatype.NS)
        if listed is None:
            problem = f"The zone {shown(zone.name)} names no name servers."
            return Delegation(shown(name), "", problem=problem), 0.0
        found = await asyncio.gather(*(self._server(host, reply.resolver.port) for host in values_of(listed)))
        servers = tuple(server for server, _ in found)
        problem = " ".join(server.problem for server in servers if server.problem)
        return Delegation(shown(name), shown(zone.name), servers, problem), min(
            zone.ttl, listed.ttl, *(ttl for _, ttl in found)
        )

    async def _zone_of(self, name: dns.name.Name) -> _Zone | str:
        """Return the zone of a name, or why it could not be found."""
        for place in ancestors(name):
            reply = await self._resolvers.ask(place, dns.rdatatype.SOA)
            if isinstance(reply, Silence):
                return f"The zone of {shown(name)} could not be found: {reply.reason}."
            apex = _apex(reply.message, place)
            if apex is not None:
                return _Zone(apex, reply, _soa_ttl(reply.message))
        return f"The zone of {shown(name)} could not be found: the resolvers know no zone above it."

    async def _resolvers_of_their_own(self, zone: _Zone) -> tuple[Server, ...]:
        """Return the resolvers on a port of their own that are authoritative for a zone."""
        candidates = self._resolvers.with_own_port
        if zone.reply.resolver not in candidates or not zone.reply.message.flags & dns.flags.AA:
            return ()
        answers = await asyncio.gather(
            *(self._network.ask(each, zone.name, dns.rdatatype.SOA, recursive=True) for each in candidates)
        )
        return tuple(
            Server(str(each), (each,))
            for each, answer in zip(candidates, answers, strict=True)
            if each == zone.reply.resolver or (not isinstance(answer, Silence) and answer.flags & dns.flags.AA)
        )

    async def _server(self, host: str, port: int) -> tuple[Server, float]:
        """Return a name server with its addresses, and for how long they hold."""
        name = dns.name.from_text(host)
        kinds = (dns.rdatatype.A, dns.rdatatype.AAAA)
        replies = await asyncio.gather(*(self._resolvers.ask(name, kind) for kind in kinds))
        endpoints: list[Endpoint] = []
        times = [_LONGEST]
        reason = "it has no address"
        for kind, reply in zip(kinds, replies, strict=True):
            if isinstance(reply, Silence):
                reason = f"its addresses could not be looked up: {reply.reason}"
                times.append(_SHORTEST)
                continue
            names, ttl = chain(reply.message, name, kind, within=dns.name.root)
            found = rrset_of(reply.message, names[-1], kind)
            if found is not None:
                endpoints += [Endpoint(address, port) for address in values_of(found)]
                times.append(min(ttl, found.ttl))
        if endpoints:
            return Server(host, tuple(endpoints)), min(times)
        return Server(host, problem=f"The name server {host} cannot be asked: {reason}."), _SHORTEST


def _apex(message: dns.message.Message, place: dns.name.Name) -> dns.name.Name | None:
    """Return the zone that an answer about a start of authority tells of, if it is one that holds the place."""
    if rrset_of(message, place, dns.rdatatype.SOA) is not None:
        return place
    if message.answer:  # an alias: what comes with it may be about its target
        return None
    zone = denied_by(message)
    return zone if zone is not None and place.is_subdomain(zone) else None


def _soa_ttl(message: dns.message.Message) -> float:
    return min((rrset.ttl for rrset in (*message.answer, *message.authority)), default=0)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def _unregistered(name: dns.name.Name, zone: dns.name.Name) -> str:
    """Return the problem of a name whose nearest zone is one under which others register their domains."""
    if name == zone:
        return ""
    if zone == dns.name.root:
        return f"There is no top-level domain {shown(dns.name.Name(name.labels[-2:]))}."
    if not _suffixes().is_public(shown(zone).lower()):
        return ""
    domain = dns.name.Name(name.labels[-len(zone.labels) - 1 :])
    return f"{shown(domain)} is not registered, or has no name servers yet: {shown(zone)} does not delegate it."
