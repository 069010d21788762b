"""A DNS host in this process, whose zones a test looks into and whose failures it chooses. Not a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_revcent_portal.dns.publishers.errors import PublisherError, Stale
from pulumi_revcent_portal.dns.publishers.planning import outcome
from pulumi_revcent_portal.dns.publishers.records import Change, Record, RecordSet, Sets


@dataclass
class Zone:
    """One zone, and what happens to those who ask for it.

    Attributes:
        sets: its record sets.
        refuses: why it can be neither read nor written.
        breaks: what the next changes raise, one after the other; a pair (error, n) carries out n changes first.
        applied: how many changes were sent.
    """

    sets: Sets = field(default_factory=dict)
    refuses: PublisherError | None = None
    breaks: list[tuple[PublisherError, int]] = field(default_factory=list)
    applied: int = 0

    def put(self, kind: str, name: str, *values: str, special: str = "", ttl: int = 600) -> None:
        """What somebody else does; no value removes the set."""
        if values or special:
            self.sets[name, kind] = RecordSet(name, kind, frozenset(values), ttl, special)
        else:
            self.sets.pop((name, kind), None)

    def says(self, kind: str, name: str) -> set[str]:
        found = self.sets.get((name, kind))
        return set(found.values) if found else set()


@dataclass(frozen=True)
class MemoryPublisher:
    """One way to a zone."""

    where: str
    zone: Zone

    def read(self, names: Iterable[str]) -> Sets:
        if self.zone.refuses:
            raise self.zone.refuses
        return {key: found for key, found in self.zone.sets.items() if key[0] in set(names)}

    def apply(self, changes: Iterable[Change]) -> None:
        changes = list(changes)
        if self.zone.refuses:
            raise self.zone.refuses
        self.zone.applied += 1
        if self.zone.breaks:
            error, done = self.zone.breaks.pop(0)
            self.zone.sets = outcome(self.zone.sets, changes[:done])
            raise error
        for change in changes:
            if self.zone.sets.get(change.key) != change.before:
                raise Stale("changed meanwhile.")
        self.zone.sets = outcome(self.zone.sets, changes)


@dataclass
class Hosts:
    """Every zone by the server of its publisher: several servers may lead to one zone."""

    zones: dict[str, Zone] = field(default_factory=dict)

    def open(self, zone: str, described: Mapping[str, Any]) -> MemoryPublisher:
        server = described["server"]
        return MemoryPublisher(f"name server {server}", self.zones[f"{server} {zone}"])


def records(*written: str) -> list[dict[str, str]]:
    """Records from lines such as `A www.acme.test 192.0.2.1`."""
    return [dict(zip(("type", "name", "value"), line.split(" ", 2), strict=True)) for line in written]


def record(written: str) -> Record:
    return Record.of(records(written)[0])
