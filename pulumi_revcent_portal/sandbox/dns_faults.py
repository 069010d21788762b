"""Faults of the sandbox's name server that a test arms, and which message meets them. They are felt elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DNS_FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "timeout": "no answer, an update is not carried out",
        "timeout_after": "no answer, an update is carried out",
        "servfail": "SERVFAIL",
        "refused": "REFUSED",
        "truncate": "over UDP nothing but the flag that says to ask again over TCP",
    }
)
"""The kinds of faults, and what the client meets."""


@dataclass
class DnsFault:
    """One fault; `after` and `times` count down as messages meet it.

    Raises:
        ValueError: there is no such kind, the name is no regular expression, or a number cannot be.
    """

    kind: str
    name: str | None = None
    after: int = 0
    times: int | None = 1

    def __post_init__(self) -> None:
        if self.kind not in DNS_FAULTS:
            raise ValueError(f"There is no DNS fault {self.kind!r}. There are: {', '.join(DNS_FAULTS)}.")
        if not _is_count(self.after) or (self.times is not None and not (_is_count(self.times) and self.times)):
            raise ValueError("'after' is a number of messages from 0, 'times' one from 1 or None for all.")
        try:
            re.compile(self.name or "")
        except re.error as error:
            raise ValueError(f"The name {self.name!r} is no regular expression: {error}.") from error

    def meets(self, names: Sequence[str], transport: str) -> bool:
        """Tell whether a message about these names, over "udp" or "tcp", is one of those that the fault is for."""
        if self.kind == "truncate" and transport != "udp":
            return False
        return self.name is None or any(re.search(self.name, name) for name in names)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class DnsFaults:
    """All faults that are armed, in the order of arming."""

    def __init__(self) -> None:
        self._armed: list[DnsFault] = []

    def arm(self, fault: DnsFault) -> None:
        """Arm one fault."""
        self._armed.append(fault)

    def take(self, names: Sequence[str], transport: str) -> str | None:
        """Return the kind of the first fault that a message meets; None: it meets none."""
        for fault in self._armed:
            if not fault.meets(names, transport):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._armed.remove(fault)
            return fault.kind
        return None

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()
