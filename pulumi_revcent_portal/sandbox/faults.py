"""Faults that a test arms: what they are, and which request they meet. How they are felt is the part of routes.py."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "delay": {"seconds": 1.0},
        "rate_limit": {"retry_after": None},
        "status": {"status": 500, "work": False, "retry_after": None},
        "drop_before": {},
        "drop_after": {},
        "truncated": {"work": True, "status": None},
        "not_json": {"work": True, "status": None},
        "empty": {"work": True, "status": None},
    }
)
"""The kinds of faults with their parameters' defaults.

`work`: whether the request is carried out all the same; `status`: the HTTP status, None for that of the real answer.
"""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_FITS: Final[Mapping[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "seconds": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value >= 0,
        "status": lambda value: value is None or (_is_count(value) and 100 <= value <= 599),  # noqa: PLR2004 - HTTP's
        "retry_after": lambda value: value is None or isinstance(value, str) or _is_count(value),
        "work": lambda value: isinstance(value, bool),
    }
)


@dataclass
class Fault:
    """One fault; `after` and `times` count down as requests meet it.

    Raises:
        ValueError: the kind or a parameter does not exist (the text lists what there is), a value cannot be, or the
            path is no regular expression.
    """

    kind: str
    method: str | None = None
    path: str | None = None
    after: int = 0
    times: int | None = 1
    parameters: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in PARAMETERS:
            raise ValueError(f"There is no fault {self.kind!r}. There are: {', '.join(PARAMETERS)}.")
        known = PARAMETERS[self.kind]
        for name in self.parameters:
            if name not in known:
                has = ", ".join(known) or "no parameters"
                raise ValueError(f"The fault {self.kind!r} has no {name!r}. It has: {has}.")
            if not _FITS[name](self.parameters[name]):
                raise ValueError(f"The fault {self.kind!r} cannot have {name}={self.parameters[name]!r}.")
        if not _is_count(self.after) or (self.times is not None and not (_is_count(self.times) and self.times)):
            raise ValueError("'after' is a number of requests from 0, 'times' one from 1 or None for all.")
        self.parameters = {**known, **self.parameters}
        try:
            re.compile(self.path or "")
        except re.error as error:
            raise ValueError(f"The path {self.path!r} is no regular expression: {error}.") from error

    def meets(self, method: str, path: str) -> bool:
        """Tell whether this request is one of those that the fault is for."""
        if self.method is not None and self.method.upper() != method:
            return False
        return self.path is None or re.search(self.path, path) is not None

    @property
    def works(self) -> bool:
        """Whether the request is carried out although its answer is spoilt."""
        return bool(self.parameters.get("work", self.kind == "drop_after"))


class Faults:
    """All faults that are armed, in the order of arming."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Arm one fault."""
        self._armed.append(fault)

    def take(self, method: str, path: str) -> tuple[float, Fault | None]:
        """Return what this request meets: a delay in seconds, and at most one other fault, the first that was armed."""
        delay, met = 0.0, None
        for fault in list(self._armed):
            if not fault.meets(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.kind == "delay":
                delay += fault.parameters["seconds"]
            elif met is None:
                met = fault
            else:
                continue
            self._count(fault)
        return delay, met

    def _count(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._armed.remove(fault)

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()
