"""Faults that a test arms: what they are and which request they meet. How they are felt on the wire is routes.py's part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "delay": {"seconds": 1.0},
        "rate_limit": {"retry_after": None},
        "status": {"status": 500, "work": False},
        "drop_before": {},
        "drop_after": {},
        "truncated": {"work": True},
        "not_json": {"work": True},
        "empty": {"work": True},
    }
)
"""The kinds of faults with their parameters' defaults. `work`: whether the request is carried out all the same."""


@dataclass
class Fault:
    """One armed fault; `after` and `times` count down as requests meet it."""

    kind: str
    method: str | None
    path: re.Pattern[str] | None
    after: int
    times: int | None
    parameters: dict[str, Any] = field(default_factory=dict)

    def meets(self, method: str, path: str) -> bool:
        """Tell whether this request is one of those that the fault is for."""
        return (self.method is None or self.method == method) and (self.path is None or bool(self.path.search(path)))

    @property
    def works(self) -> bool:
        """Whether the request is carried out although its answer is spoilt."""
        return bool(self.parameters.get("work", self.kind in ("delay", "drop_after")))

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as JSON values."""
        return {
            "kind": self.kind,
            "method": self.method,
            "path": self.path and self.path.pattern,
            "after": self.after,
            "times": self.times,
            **self.parameters,
        }


class Faults:
    """All faults that are armed, in the order of arming."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(
        self, kind: str, method: str | None, path: str | None, after: int, times: int | None, parameters: dict[str, Any]
    ) -> None:
        """Arm one fault; a ValueError lists the kinds or the parameters there are."""
        if kind not in PARAMETERS:
            raise ValueError(f"There is no fault {kind!r}. There are: {', '.join(PARAMETERS)}.")
        known = PARAMETERS[kind]
        for name in parameters:
            if name not in known:
                raise ValueError(f"The fault {kind!r} has no {name!r}. It has: {', '.join(known) or 'no parameters'}.")
        pattern = None if path is None else re.compile(path)
        verb = None if method is None else method.upper()
        self._armed.append(Fault(kind, verb, pattern, after, times, {**known, **parameters}))

    def take(self, method: str, path: str) -> tuple[float, Fault | None]:
        """Return what this request meets: a delay in seconds, and at most one other fault.

        Every armed fault that is for such a request counts it, even when another one spoils it.
        """
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
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._armed.remove(fault)
        return delay, met

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()

    def as_list(self) -> list[dict[str, Any]]:
        """Return what is armed, as JSON values."""
        return [fault.as_dict() for fault in self._armed]
