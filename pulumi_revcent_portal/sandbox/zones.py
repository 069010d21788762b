"""The zones of the sandbox's name server: which name holds which records. No sockets and no messages in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dns.name import Name
    from dns.rdataset import Rdataset
    from dns.rdatatype import RdataType

    from pulumi_revcent_portal.sandbox.store import Store

TTL: Final = 300
"""How long an answer may be remembered unless a record says otherwise, in seconds."""
_SOA: Final = "ns1.{0} hostmaster.{0} 1 3600 600 604800 5"
_LARGEST_SERIAL: Final = 2**32 - 1
_LONGEST_STRING: Final = 255
_HOLDS_A_NAME: Final = ("CNAME", "NS", "PTR", "DNAME")


class Zone:
    """One zone: its record sets by owner and type. There is always a SOA record at its origin."""

    def __init__(self, origin: Name, sets: dict[Name, dict[RdataType, Rdataset]]) -> None:
        self.origin = origin
        self._sets = sets

    @classmethod
    def new(cls, origin: Name) -> Self:
        """Return a zone that has but a SOA record and its one name server, `ns1` below the origin."""
        zone = cls(origin, {})
        zone.put(origin, record_set("SOA", [_SOA.format(origin)]))
        zone.put(origin, record_set("NS", [f"ns1.{origin}"]))
        return zone

    @classmethod
    def load(cls, origin: Name, kept: Iterable[Any]) -> Self:
        """Return a zone from what `dump` gave."""
        zone = cls(origin, {})
        for owner, kind, ttl, values in kept:
            zone.put(dns.name.from_text(owner), record_set(kind, values, ttl))
        return zone

    def dump(self) -> list[Any]:
        """Return the zone as JSON values: owner, type, TTL and values of every record set."""
        return [
            [owner.to_text(), dns.rdatatype.to_text(kept.rdtype), kept.ttl, [item.to_text() for item in kept]]
            for owner, kept in self
        ]

    def copy(self) -> Zone:
        """Return another zone with the same records, for changes that may yet come to nothing."""
        return Zone(self.origin, {owner: dict(sets) for owner, sets in self._sets.items()})

    def __iter__(self) -> Iterator[tuple[Name, Rdataset]]:
        for owner in sorted(self._sets):
            for kind in sorted(self._sets[owner]):
                yield owner, self._sets[owner][kind]

    def at(self, owner: Name) -> dict[RdataType, Rdataset]:
        """Return what a name holds, by type; nothing when nobody has put anything there."""
        return self._sets.get(owner, {})

    def exists(self, name: Name) -> bool:
        """Tell whether there is a record at a name or below it."""
        return name in self._sets or any(owner.is_subdomain(name) for owner in self._sets)

    def put(self, owner: Name, wanted: Rdataset) -> None:
        """Set the records of one type at a name, whatever it held of this type before."""
        self._sets.setdefault(owner, {})[wanted.rdtype] = wanted

    def put_alone(self, owner: Name, wanted: Rdataset) -> None:
        """Set the records of one type at a name; a ValueError says when a CNAME would stand beside others."""
        others = {dns.rdatatype.to_text(kind) for kind in self.at(owner) if kind != wanted.rdtype}
        if others and (wanted.rdtype == dns.rdatatype.CNAME or "CNAME" in others):
            raise ValueError(f"A CNAME cannot stand beside other records: {shown_name(owner)} has {', '.join(others)}.")
        self.put(owner, wanted)

    def drop(self, owner: Name, kind: RdataType) -> None:
        """Remove the records of one type at a name, if there are any."""
        self.at(owner).pop(kind, None)
        if not self.at(owner):
            self._sets.pop(owner, None)

    def same_as(self, other: Zone) -> bool:
        """Tell whether another zone holds the same records with the same TTLs."""
        return self.dump() == other.dump()

    @property
    def soa(self) -> Rdataset:
        """The SOA record set."""
        return self._sets[self.origin][dns.rdatatype.SOA]

    @property
    def serial(self) -> int:
        """The serial number, which goes up with each change."""
        return int(self.soa[0].serial)

    def count_up(self) -> None:
        """Raise the serial number; after the largest it begins at 1 again (RFC 1982 leaves 0 out of it)."""
        raised = self.soa[0].replace(serial=self.serial % _LARGEST_SERIAL + 1)
        self.put(self.origin, dns.rdataset.from_rdata(self.soa.ttl, raised))


class Zones:
    """All zones of a sandbox.

    Args:
        store: where they are kept; every change is written at once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._address = "127.0.0.1"
        self._zones: dict[Name, Zone] = {}
        for name, kept in store.kept_zones():
            origin = dns.name.from_text(name)
            self._zones[origin] = Zone.load(origin, kept)

    def __iter__(self) -> Iterator[Zone]:
        return iter(self._zones.values())

    def add(self, name: str) -> None:
        """Make a zone with this origin; one that is there stays as it is. A ValueError says when it is no name."""
        origin = owner_name(name)
        if origin == dns.name.root:
            raise ValueError("The root cannot be a zone of this sandbox.")
        if origin not in self._zones:
            self.save(self._addressed(Zone.new(origin)))

    def serve_at(self, address: str) -> None:
        """Let `ns1` of every zone, present and future, be at the address where the name server listens."""
        self._address = address
        for zone in list(self):
            self.save(self._addressed(zone.copy()))

    def _addressed(self, zone: Zone) -> Zone:
        server = dns.name.from_text("ns1", zone.origin)
        zone.drop(server, dns.rdatatype.A)
        zone.drop(server, dns.rdatatype.AAAA)
        zone.put(server, record_set("AAAA" if ":" in self._address else "A", [self._address]))
        return zone

    def named(self, origin: Name) -> Zone | None:
        """Return the zone with this origin, or None."""
        return self._zones.get(origin)

    def holding(self, name: Name) -> Zone | None:
        """Return the zone that a name belongs to: of several the one with the longest origin; None: none of these."""
        while name not in self._zones:
            if name == dns.name.root:
                return None
            name = name.parent()
        return self._zones[name]

    def save(self, zone: Zone) -> None:
        """Keep a new zone, or a changed copy of one: under a new serial number, unless its maker has raised it."""
        before = self._zones.get(zone.origin)
        if before is not None:
            if zone.same_as(before):
                return
            if zone.serial == before.serial:
                zone.count_up()
        self._zones[zone.origin] = zone
        self._store.save_zone(zone.origin.to_text(), zone.dump())

    def clear(self) -> None:
        """Forget every zone."""
        self._zones.clear()


def owner_name(text: str) -> Name:
    """Return a domain name, with or without the dot at its end; a ValueError says when it is none."""
    try:
        return dns.name.from_text(text).canonicalize()
    except (dns.exception.DNSException, UnicodeError, AttributeError) as error:
        raise ValueError(f"{text!r} is no domain name.") from error


def record_type(text: str) -> RdataType:
    """Return a type of records that a zone can hold; a ValueError says when there is none of this name."""
    try:
        kind = dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError, AttributeError) as error:
        raise ValueError(f"There is no type of DNS records {text!r}.") from error
    if dns.rdatatype.is_metatype(kind):
        raise ValueError(f"A zone cannot hold records of type {text}.")
    return kind


def record_set(kind: str, values: Iterable[str], ttl: int = TTL) -> Rdataset:
    """Return a record set.

    Args:
        kind: the type, such as "A".
        values: as in a zone file, but that names are complete with or without the dot at their end, and that a TXT
            value may be the plain text without quotation marks.
        ttl: how long it may be remembered, in seconds.

    Raises:
        ValueError: there is no such type, a value is not one of it, or there are several where one can be.
    """
    rdtype = record_type(kind)
    values = list(values)
    if len(values) > 1 and dns.rdatatype.is_singleton(rdtype):
        raise ValueError(f"A name can have one record of type {kind} only.")
    found = dns.rdataset.Rdataset(dns.rdataclass.IN, rdtype, ttl=ttl)
    for value in values:
        try:
            shown = _quoted(value) if kind.upper() == "TXT" and not value.startswith('"') else value
            item = dns.rdata.from_text(dns.rdataclass.IN, rdtype, shown, dns.name.root, relativize=False)
        except (dns.exception.DNSException, ValueError, AttributeError) as error:
            raise ValueError(f"{value!r} is not the value of a record of type {kind}.") from error
        found.add(item, ttl)
    return found


def _quoted(text: str) -> str:
    raw = text.encode()
    parts = [raw[at : at + _LONGEST_STRING] for at in range(0, max(len(raw), 1), _LONGEST_STRING)]
    return " ".join('"' + "".join(_escaped(byte) for byte in part) + '"' for part in parts)


def _escaped(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03d}"  # noqa: PLR2004 - printable ASCII


def shown_values(found: Rdataset) -> list[str]:
    """Return the values as people write them: names without the dot at their end, TXT without quotation marks."""
    kind = dns.rdatatype.to_text(found.rdtype)
    if kind == "TXT":
        return [b"".join(item.strings).decode(errors="replace") for item in found]
    values = [item.to_text() for item in found]
    return [value.rstrip(".") for value in values] if kind in _HOLDS_A_NAME else values


def shown_set(owner: Name, found: Rdataset) -> dict[str, Any]:
    """Return a record set as people write it: name, type, ttl, values."""
    kind = dns.rdatatype.to_text(found.rdtype)
    return {"name": shown_name(owner), "type": kind, "ttl": found.ttl, "values": shown_values(found)}


def shown_name(name: Name) -> str:
    """Return a name as people write it, without the dot at its end."""
    return name.to_text(omit_final_dot=True)
