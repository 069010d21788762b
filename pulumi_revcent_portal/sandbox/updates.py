"""Dynamic updates of the sandbox's zones (RFC 2136): prerequisites, then all changes or none. No keys in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype

from pulumi_revcent_portal.sandbox.zones import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dns.name import Name
    from dns.rcode import Rcode
    from dns.rdata import Rdata
    from dns.rdatatype import RdataType
    from dns.rrset import RRset
    from dns.update import UpdateMessage

    from pulumi_revcent_portal.sandbox.zones import Zone, Zones

_HALF_OF_ALL_SERIALS = 2**31


def carry_out(zones: Zones, zone: Zone, message: UpdateMessage) -> Rcode:
    """Change one of the zones as an update asks, and return the response's code."""
    refused = _unmet(zone, message.prerequisite) or _malformed(zone, message.update)
    if refused:
        return refused
    changed = zone.copy()
    for record in message.update:
        _change(changed, record)
    zones.save(changed)
    return dns.rcode.NOERROR


def described(message: UpdateMessage) -> list[str]:
    """Return the changes that an update asks for, a line each, as the log keeps them."""
    lines = []
    for record in message.update:
        sign = "+" if record.deleting is None else "-"
        value = [str(record.ttl)] if record.deleting is None else []
        kind = dns.rdatatype.to_text(record.rdtype)
        lines.append(" ".join([sign, shown_name(record.name), *value, kind, *(item.to_text() for item in record)]))
    return lines


def _unmet(zone: Zone, prerequisites: Iterable[RRset]) -> Rcode | None:
    """Section 3.2: the code that says which prerequisite is not met."""
    exact: dict[tuple[Name, RdataType], set[Rdata]] = {}
    for asked in prerequisites:
        if not asked.name.is_subdomain(zone.origin):
            return dns.rcode.NOTZONE
        if asked.ttl:
            return dns.rcode.FORMERR
        if asked.deleting is None:
            exact.setdefault((asked.name, asked.rdtype), set()).update(asked)
            continue
        of_any_type = asked.rdtype == dns.rdatatype.ANY
        found = bool(zone.at(asked.name)) if of_any_type else asked.rdtype in zone.at(asked.name)
        if asked.deleting == dns.rdataclass.ANY and not found:
            return dns.rcode.NXDOMAIN if of_any_type else dns.rcode.NXRRSET
        if asked.deleting == dns.rdataclass.NONE and found:
            return dns.rcode.YXDOMAIN if of_any_type else dns.rcode.YXRRSET
    for (name, kind), wanted in exact.items():
        if set(zone.at(name).get(kind, ())) != wanted:
            return dns.rcode.NXRRSET
    return None


def _malformed(zone: Zone, changes: Iterable[RRset]) -> Rcode | None:
    """Section 3.4.1: the code that says that a change cannot be meant."""
    for asked in changes:
        if not asked.name.is_subdomain(zone.origin):
            return dns.rcode.NOTZONE
        takes_any = asked.deleting == dns.rdataclass.ANY and asked.rdtype == dns.rdatatype.ANY
        if asked.rdclass != dns.rdataclass.IN or (dns.rdatatype.is_metatype(asked.rdtype) and not takes_any):
            return dns.rcode.FORMERR
        if asked.deleting is not None and asked.ttl:
            return dns.rcode.FORMERR
    return None


def _change(zone: Zone, asked: RRset) -> None:
    """Section 3.4.2: one change. What would leave a zone without its SOA or its name servers is passed over."""
    if asked.deleting is None:
        _add(zone, asked)
        return
    protected = {dns.rdatatype.SOA, dns.rdatatype.NS} if asked.name == zone.origin else set[dns.rdatatype.RdataType]()
    here = zone.at(asked.name)
    if asked.deleting == dns.rdataclass.ANY:
        kinds = list(here) if asked.rdtype == dns.rdatatype.ANY else [asked.rdtype]
        for kind in kinds:
            if kind not in protected:
                zone.drop(asked.name, kind)
    elif asked.rdtype in here and asked.rdtype != dns.rdatatype.SOA:
        left = [item for item in here[asked.rdtype] if item not in asked]
        if left:
            zone.put(asked.name, dns.rdataset.from_rdata_list(here[asked.rdtype].ttl, left))
        elif asked.rdtype not in protected:
            zone.drop(asked.name, asked.rdtype)


def _add(zone: Zone, asked: RRset) -> None:
    here = zone.at(asked.name)
    if asked.rdtype == dns.rdatatype.SOA:
        if asked.name == zone.origin and 0 < (asked[0].serial - zone.serial) % 2**32 < _HALF_OF_ALL_SERIALS:
            zone.put(asked.name, asked.to_rdataset())
        return
    aliased = dns.rdatatype.CNAME in here
    if here and aliased != (asked.rdtype == dns.rdatatype.CNAME):
        return
    # The TTL is that of the set, and the last one given counts; of a type with one record only the last one stays.
    zone.put(asked.name, dns.rdataset.from_rdata_list(asked.ttl, [*here.get(asked.rdtype, ()), *asked]))
