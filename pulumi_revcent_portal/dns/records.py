"""A DNS record that is wanted, and what a server was seen to say about it. Nothing here asks anybody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["Record", "Sighting", "State", "printable"]

_TYPES: Final = ("A", "AAAA", "CNAME", "TXT")
_ADDRESSES: Final = {"A": ipaddress.IPv4Address, "AAAA": ipaddress.IPv6Address}
_LONGEST_SHOWN: Final = 80


class State(StrEnum):
    """What one server says about one record."""

    VISIBLE = "visible"
    NO_NAME = "no name"
    """There is nothing at all of this name (NXDOMAIN)."""
    NO_RECORD = "no record"
    """The name exists, but has no record of this type."""
    OTHER_VALUE = "other value"
    NO_ANSWER = "no answer"
    """No answer that counts: silence, an error, or a server that is not authoritative."""


@dataclass(frozen=True)
class Record:
    """A record that should be visible.

    Args:
        type: `A`, `AAAA`, `CNAME` or `TXT`, in upper case.
        name: the full owner name, with or without the dot at its end; Unicode is welcome.
        value: an address, a host name, or the text.

    Raises:
        ValueError: one of them cannot be.
    """

    type: str
    name: str
    value: str

    def __post_init__(self) -> None:
        from pulumi_revcent_portal.dns.names import parse  # noqa: PLC0415 - loads dnspython

        if self.type not in _TYPES:
            raise ValueError(f"{self.type!r} is no type of record that can be looked for: {', '.join(_TYPES)} are.")
        parse(self.name)
        if self.type == "CNAME":
            parse(self.value)
        address = _ADDRESSES.get(self.type)
        if address is not None:
            try:
                address(self.value)
            except ValueError:
                version = "IPv4" if self.type == "A" else "IPv6"
                raise ValueError(
                    f"The {self.type} record of {self.name} has the value {self.value!r}, "
                    f"which is no {version} address."
                ) from None

    def __str__(self) -> str:
        return f"{self.type} {_without_dot(self.name)}"

    def matches(self, found: str) -> bool:
        """Whether a value that a server gave is the wanted one: hosts are compared case-blind, texts exactly."""
        from pulumi_revcent_portal.dns.names import parse, shown  # noqa: PLC0415 - loads dnspython

        if self.type == "TXT":
            return found == self.value
        if self.type == "CNAME":
            return found.lower() == shown(parse(self.value)).lower()
        return ipaddress.ip_address(found) == ipaddress.ip_address(self.value)


@dataclass(frozen=True)
class Sighting:
    """What one server says about one record.

    Attributes:
        record: the record.
        server: the server's name, with the address behind it where two addresses of it say different things; empty
            where no server could be found to ask.
        state: what it says.
        found: for `OTHER_VALUE` the values that are there instead, with what cannot be printed escaped.
        reason: for `NO_ANSWER` why, in a few words; for `OTHER_VALUE` what led to the values, where it was an alias.
    """

    record: Record
    server: str
    state: State
    found: tuple[str, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        if not self.server:
            return f"{self.record} cannot be looked up: {self.reason}"
        if self.state is State.VISIBLE:
            return f"{self.record} is on {self.server}"
        if self.state is State.NO_NAME:
            return f"{self.record} not on {self.server}"
        if self.state is State.NO_RECORD:
            return f"{self.record} not on {self.server} (the name is there, without such a record)"
        if self.state is State.NO_ANSWER:
            return f"{self.server} does not answer ({self.reason})"
        found = ", ".join(self._shown(value) for value in self.found)
        reason = f" ({self.reason})" if self.reason else ""
        wanted = _without_dot(self.record.value) if self.record.type == "CNAME" else self._shown(self.record.value)
        return f"{self.record} is {found}{reason} on {self.server}, not {wanted}"

    def _shown(self, value: str) -> str:
        """Return a value for a message, in which what others publish must not take all the room."""
        clean = printable(value)
        if len(clean) > _LONGEST_SHOWN:
            clean = clean[:_LONGEST_SHOWN] + "..."
        return f'"{clean}"' if self.record.type == "TXT" else clean


def printable(value: str) -> str:
    """Return a value without what could steer a terminal: others published it."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in value)


def _without_dot(name: str) -> str:
    return name.removesuffix(".")
