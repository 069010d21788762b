"""What the sandbox's name server answers to a query, from its zones alone, as an authoritative server does (RFC 1034).

It knows neither keys nor sockets, and asks nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.flags
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from dns.message import Message
    from dns.name import Name
    from dns.rdataset import Rdataset
    from dns.rdatatype import RdataType

    from pulumi_revcent_portal.sandbox.zones import Zone, Zones


def answer_query(zones: Zones, response: Message) -> None:
    """Fill a response in whose question is the query's: a CNAME is followed as long as it stays in its zone."""
    asked = response.question[0]
    zone = zones.holding(asked.name)
    if zone is None or (dns.rdatatype.is_metatype(asked.rdtype) and asked.rdtype != dns.rdatatype.ANY):
        response.set_rcode(dns.rcode.REFUSED)
        return
    response.flags |= dns.flags.AA
    owner, met = asked.name, set[dns.name.Name]()
    while owner not in met:
        met.add(owner)
        here = _sets(zone, owner)
        alias = here.get(dns.rdatatype.CNAME)
        if alias is None or asked.rdtype in (dns.rdatatype.CNAME, dns.rdatatype.ANY):
            _answer_last(zone, response, owner, _wanted(here, asked.rdtype))
            return
        response.answer.append(_named(owner, alias))
        owner = alias[0].target
        if zones.holding(owner) is not zone:
            return


def _wanted(here: dict[RdataType, Rdataset], rdtype: RdataType) -> list[Rdataset]:
    if rdtype == dns.rdatatype.ANY:
        return list(here.values())
    return [here[rdtype]] if rdtype in here else []


def _answer_last(zone: Zone, response: Message, owner: Name, found: list[Rdataset]) -> None:
    response.answer += [_named(owner, each) for each in found]
    for each in found:
        if each.rdtype == dns.rdatatype.NS:
            response.additional += [_named(item.target, address) for item in each for address in _addresses(zone, item)]
    if not found:
        if not zone.exists(owner) and not _sets(zone, owner):
            response.set_rcode(dns.rcode.NXDOMAIN)
        response.authority.append(_negative(zone))


def _addresses(zone: Zone, server: object) -> list[Rdataset]:
    here = zone.at(server.target)  # type: ignore[attr-defined] # a record of type NS has one
    return [here[kind] for kind in (dns.rdatatype.A, dns.rdatatype.AAAA) if kind in here]


def _sets(zone: Zone, owner: Name) -> dict[RdataType, Rdataset]:
    """What a name holds, or what the wildcard holds that stands for it (RFC 4592)."""
    if zone.exists(owner):
        return zone.at(owner)
    above = owner.parent()
    while not zone.exists(above):
        above = above.parent()
    return zone.at(dns.name.from_text("*", above))


def _negative(zone: Zone) -> dns.rrset.RRset:
    # How long "there is none" may be remembered is the smaller of the two (RFC 2308, section 3).
    soa = _named(zone.origin, zone.soa)
    soa.ttl = min(zone.soa.ttl, zone.soa[0].minimum)
    return soa


def _named(owner: Name, found: Rdataset) -> dns.rrset.RRset:
    return dns.rrset.from_rdata_list(owner, found.ttl, list(found))
