"""DNS records and record sets as publishers read and write them, in canonical form. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, Final, Protocol

import idna

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXCLUSIVE: Final = frozenset({"A", "AAAA", "CNAME"})
"""The types whose record sets have one owner: what they say is one answer."""

Key = tuple[str, str]
"""The name and the type of a record set."""


def canonical_name(name: str) -> str:
    """Return a domain name in lower case and punycode, without the dot of the root."""
    # Label by label: those that begin with an underscore, and the asterisk, are no names by the rules of IDNA.
    labels = name.lower().removesuffix(".").split(".")
    return ".".join(each if each.isascii() else idna.encode(each, uts46=True).decode() for each in labels)


def canonical_value(record_type: str, value: str) -> str:
    """Return a value as it is compared; an address that is none is left as it is."""
    try:
        if record_type == "A":
            return str(IPv4Address(value))
        if record_type == "AAAA":
            return str(IPv6Address(value))
    except AddressValueError:
        return value
    return canonical_name(value) if record_type == "CNAME" else value


@dataclass(frozen=True, order=True)
class Record:
    """One record in canonical form."""

    name: str
    type: str
    value: str

    @classmethod
    def of(cls, declared: Mapping[str, Any]) -> Record:
        """Take a record as a person wrote it."""
        record_type = str(declared["type"])
        return cls(canonical_name(declared["name"]), record_type, canonical_value(record_type, str(declared["value"])))

    @property
    def key(self) -> Key:
        """The record set that it belongs to."""
        return self.name, self.type

    def dump(self) -> dict[str, str]:
        """Return it as plain values."""
        return {"type": self.type, "name": self.name, "value": self.value}


@dataclass(frozen=True)
class RecordSet:
    """All records of one name and type.

    Attributes:
        name: the owner name, canonical.
        type: the type; of types that are not published here only the presence is known, and `values` is empty.
        values: the canonical values.
        ttl: the time to live in seconds.
        special: what makes the set more than its values, such as "an alias of ..."; nobody may touch such a set.
        raw: the set as its publisher knows it.
    """

    name: str
    type: str
    values: frozenset[str]
    ttl: int
    special: str = ""
    raw: Any = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> Key:
        """Its name and type."""
        return self.name, self.type

    def says(self) -> str:
        """What it says, for a message."""
        return self.special or values_text(self.values)


Sets = dict[Key, RecordSet]


@dataclass(frozen=True)
class Change:
    """One record set before and after; None where there is none."""

    before: RecordSet | None
    after: RecordSet | None

    @property
    def key(self) -> Key:
        """The record set that changes."""
        both = self.after or self.before
        assert both is not None  # noqa: S101 - a change from nothing to nothing is never made
        return both.key


def values_text(values: Iterable[str]) -> str:
    """Return values for a message, sorted."""
    return " and ".join(sorted(values))


class Publisher(Protocol):
    """Reads and writes record sets of one zone."""

    @property
    def where(self) -> str:
        """What people call the place: `name server 192.0.2.53`, `hosted zone Z012...`."""

    def read(self, names: Iterable[str]) -> Sets:
        """Return every record set of these names, of whatever type.

        Raises:
            PublisherError: they cannot be read.
        """

    def apply(self, changes: Iterable[Change]) -> None:
        """Carry out all changes, or none where the place can do that.

        Raises:
            Stale: the sets are no longer what `before` says, and nothing was written.
            Unsure: nobody answered what became of it.
            PublisherError: it was refused.
        """
