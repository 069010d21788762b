"""Finds the CAA records that hold for a name by climbing to the nearest name that has any: RFC 8659, section 3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.name
import dns.rdatatype

from pulumi_revcent_portal.dns.caa import CaaFinding, judge, record
from pulumi_revcent_portal.dns.names import ancestors, parse, shown
from pulumi_revcent_portal.dns.reading import Answer, Kind, chain, rrset_of, values_of
from pulumi_revcent_portal.dns.transport import Silence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.dns.authority import Answers, Authority
    from pulumi_revcent_portal.dns.delegation import Delegation
    from pulumi_revcent_portal.dns.resolvers import Resolvers

__all__ = ["climb"]


async def climb(
    authority: Authority,
    resolvers: Resolvers,
    delegation: Delegation,
    name: dns.name.Name,
    issuers: tuple[str, ...],
) -> list[CaaFinding]:
    """Return what would keep a certificate for a name from being issued.

    Args:
        authority: asks the servers of the zone.
        resolvers: are asked above the zone.
        delegation: the servers of the name.
        name: the name, with `*` as its first label for a wildcard.
        issuers: the certificate authorities that may be used.
    """
    wildcard = name.is_wild()
    start = name.parent() if wildcard else name
    if not delegation.servers:
        return [CaaFinding(shown(name), shown(start), "", (), delegation.problem.rstrip("."))]
    zone = parse(delegation.zone)
    findings: list[CaaFinding] = []
    for place in ancestors(start):
        if place.is_subdomain(zone):
            said = await authority.ask(delegation, place, dns.rdatatype.CAA)
        else:
            said = [("", (await _resolved(resolvers, place),))]
        here = _gathered(said)
        if here.silence and not here.sets and not here.empty:
            return [*findings, CaaFinding(shown(name), shown(place), "", (), here.silence)]
        for values, servers in here.sets.items():
            records = tuple(filter(None, map(record, values)))
            reason = judge(records, wildcard=wildcard, issuers=issuers)
            if reason:
                differs = len(here.sets) > 1 or here.empty
                server = ", ".join(servers) if differs else ""
                findings.append(CaaFinding(shown(name), shown(place), server, records, reason))
        if not here.empty:
            break
    return findings


@dataclass
class _Said:
    """What the servers say at one place.

    Attributes:
        sets: each set of values, with the servers that have it.
        empty: whether a server has none, so that what is above holds.
        silence: why one does not answer.
    """

    sets: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    empty: bool = False
    silence: str = ""


def _gathered(said: Iterable[tuple[str, Answers]]) -> _Said:
    here = _Said()
    for server, answers in said:
        for answer in answers:
            if answer.kind is Kind.FOUND:
                here.sets.setdefault(answer.values, []).append(server)
            elif answer.kind is Kind.SILENT:
                here.silence = here.silence or f"{answer.at or server}: {answer.reason}"
            else:
                here.empty = True
    return here


async def _resolved(resolvers: Resolvers, place: dns.name.Name) -> Answer:
    reply = await resolvers.ask(place, dns.rdatatype.CAA)
    if isinstance(reply, Silence):
        return Answer(Kind.NO_RECORD)
    names, _ = chain(reply.message, place, dns.rdatatype.CAA, within=dns.name.root)
    found = rrset_of(reply.message, names[-1], dns.rdatatype.CAA)
    return Answer(Kind.NO_RECORD) if found is None else Answer(Kind.FOUND, values_of(found))
