"""Which servers are authoritative for a name: its zone, the zone's servers, their addresses; remembered for a while.

What the servers say about records is not asked here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
from publicsuffixlist import PublicSuffixList

from pulumi_revcent_portal.dns.names import ancestors, shown
from pulumi_revcent_portal.dns.reading import chain, denied_by, failure, rrset_of, values_of
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
        reason: why it has no endpoints, in a few words.
        problem: what is wrong with it, in a sentence; empty when nothing is known to be.
    """

    name: str
    endpoints: tuple[Endpoint, ...] = ()
    reason: str = ""
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
    """A zone, by which answer it was found, and for how long that holds."""

    name: dns.name.Name
    reply: Reply
    ttl: float


@dataclass(frozen=True)
class _Served:
    """Who serves a zone, or what is wrong with it, and until when that may be remembered.

    Attributes:
        final: that holds for all names below as well.
    """

    zone: dns.name.Name | None
    servers: tuple[Server, ...] = ()
    problem: str = ""
    final: bool = False
    until: float = 0.0


class Delegations:
    """Finds delegations and remembers each for its time to live: 5 s at least, 300 s at most.

    A resolver remembers as well that a name does not exist. So it is asked about the domain that somebody registered,
    and about a name below that only when the servers of what is above say that it is a zone of its own: a record that
    is about to be published must not be hidden by the question.

    Args:
        network: carries questions to the servers of zones.
        resolvers: find zones and addresses.
        clock: the time in seconds.
    """

    def __init__(self, network: Network, resolvers: Resolvers, clock: Callable[[], float]) -> None:
        self._network = network
        self._resolvers = resolvers
        self._clock = clock
        self._by_name: dict[dns.name.Name, _Served] = {}
        self._by_zone: dict[dns.name.Name, _Served] = {}

    async def find(self, name: dns.name.Name) -> Delegation:
        """Return who answers for a name; `problem` tells why there are no servers."""
        served = await self._find(name)
        zone = "" if served.zone is None else shown(served.zone)
        return Delegation(shown(name), zone, served.servers, served.problem)

    async def _find(self, name: dns.name.Name) -> _Served:
        known = self._by_name.get(name)
        if known is None or known.until <= self._clock():
            known = self._by_name[name] = await self._look(name)
        return known

    async def _look(self, name: dns.name.Name) -> _Served:
        if _is_registered(name):
            return await self._asked(name)
        above = await self._find(name.parent())
        if above.final or await self._holds(above, name):
            return above
        found = await self._asked(name)
        if above.servers and not found.servers:
            return replace(above, until=min(above.until, found.until))  # its servers can say why there are none
        return found

    async def _holds(self, above: _Served, name: dns.name.Name) -> bool:
        """Whether the zone above a name holds the name too, by what its servers say."""
        endpoints = [endpoint for server in above.servers for endpoint in server.endpoints]
        for some in (endpoints[:1], endpoints[1:]):  # the others only when the first one has no answer
            asked = (self._network.ask(each, name, dns.rdatatype.SOA) for each in some)
            for message in await asyncio.gather(*asked):
                if not isinstance(message, Silence) and not failure(message):
                    own_zone = rrset_of(message, name, dns.rdatatype.SOA) is not None
                    return bool(message.flags & dns.flags.AA) and not own_zone
        return False

    async def _asked(self, name: dns.name.Name) -> _Served:
        """Ask the resolvers who serves a name."""
        for place in ancestors(name):
            reply = await self._resolvers.ask(place, dns.rdatatype.SOA)
            if isinstance(reply, Silence):
                return self._without(f"The zone of {shown(name)} could not be found: {reply.reason}.", final=reply.late)
            apex = _apex(reply.message, place)
            if apex is not None:
                known = self._by_zone.get(apex)
                if known is not None and known.until > self._clock():
                    return known
                unregistered = "" if reply.message.flags & dns.flags.AA else _unregistered(name, apex)
                if unregistered:
                    return self._without(unregistered, final=True)
                found = await self._served(_Zone(apex, reply, _shortest_ttl(reply.message)))
                self._by_zone[apex] = found
                return found
        return self._without(f"The zone of {shown(name)} could not be found: the resolvers know of none.")

    def _without(self, problem: str, *, final: bool = False) -> _Served:
        return _Served(None, problem=problem, final=final, until=self._clock() + _SHORTEST)

    async def _served(self, zone: _Zone) -> _Served:
        own = await self._resolvers_of_their_own(zone)
        if own:
            return _Served(zone.name, own, until=self._until(zone.ttl))
        reply = await self._resolvers.ask(zone.name, dns.rdatatype.NS)
        if isinstance(reply, Silence):
            return self._without(
                f"The name servers of {shown(zone.name)} could not be found: {reply.reason}.", final=reply.late
            )
        listed = rrset_of(reply.message, zone.name, dns.rdatatype.NS)
        if listed is None:
            return self._without(f"The zone {shown(zone.name)} names no name servers.")
        found = await asyncio.gather(*(self._server(host, reply.resolver.port) for host in values_of(listed)))
        servers = tuple(server for server, _ in found)
        problem = " ".join(server.problem for server in servers if server.problem)
        ttl = min(zone.ttl, listed.ttl, *(ttl for _, ttl in found))
        return _Served(zone.name, servers, problem, until=self._until(ttl))

    def _until(self, ttl: float) -> float:
        return self._clock() + min(max(ttl, _SHORTEST), _LONGEST)

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
        return Server(host, (), reason, f"The name server {host} cannot be asked: {reason}."), _SHORTEST


def _apex(message: dns.message.Message, place: dns.name.Name) -> dns.name.Name | None:
    """Return the zone that an answer about a start of authority tells of, if it is one that holds the place."""
    if rrset_of(message, place, dns.rdatatype.SOA) is not None:
        return place
    if message.answer:  # an alias: what comes with it may be about its target
        return None
    zone = denied_by(message)
    return zone if zone is not None and place.is_subdomain(zone) else None


def _shortest_ttl(message: dns.message.Message) -> float:
    return min((rrset.ttl for rrset in (*message.answer, *message.authority)), default=0)


@cache
def _suffixes(*, accept_unknown: bool) -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=accept_unknown, only_icann=True)


def _is_registered(name: dns.name.Name) -> bool:
    """Whether a name is one that somebody registers, below a public suffix or an unknown top-level domain, or above."""
    domain = _suffixes(accept_unknown=True).privatesuffix(shown(name).lower())
    return domain is None or domain == shown(name).lower()


def _unregistered(name: dns.name.Name, zone: dns.name.Name) -> str:
    """Return the problem of a name whose nearest zone is one under which others register their domains."""
    if zone == dns.name.root:
        return f"There is no top-level domain {shown(dns.name.Name(name.labels[-2:]))}."
    if name == zone or not _suffixes(accept_unknown=False).is_public(shown(zone).lower()):
        return ""
    domain = dns.name.Name(name.labels[-len(zone.labels) - 1 :])
    return f"{shown(domain)} is not registered, or has no name servers yet: {shown(zone)} does not delegate it."
