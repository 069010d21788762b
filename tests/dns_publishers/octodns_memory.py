"""A provider of octoDNS that keeps its zones in this process. Not a test."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from octodns.provider.base import BaseProvider
from octodns.provider.plan import Plan
from octodns.record import Record


class MemoryProvider(BaseProvider):  # type: ignore[misc]  # octoDNS publishes no types
    """Zones by name: records by relative name and type, as octoDNS's configuration writes them.

    Args:
        id: octoDNS's name for the provider.
        token: its secret.
        fail_after: how many changes it carries out before it fails.
        retries: a number that must be whole.
        apply_disabled: octoDNS's own switch.
    """

    SUPPORTS: ClassVar[set[str]] = {"A", "AAAA", "CNAME", "TXT", "MX", "ALIAS"}
    SUPPORTS_GEO = False
    SUPPORTS_DYNAMIC = True
    zones: ClassVar[dict[str, dict[tuple[str, str], dict[str, Any]]]] = {}
    applied: ClassVar[list[list[str]]] = []

    def __init__(
        self,
        id: str,  # noqa: A002 - octoDNS's name for it
        token: str,
        fail_after: int | None = None,
        retries: int = 3,
        *,
        apply_disabled: bool = False,
    ) -> None:
        if not isinstance(retries, int):
            raise TypeError(f"retries is {retries!r}")
        if token != "canary-token":
            raise ValueError(f"the token {token} is wrong")
        self.log = logging.getLogger("memory")
        super().__init__(id, apply_disabled=apply_disabled)
        self.token = token
        self.fail_after = fail_after

    def populate(self, zone: Any, *, target: bool = False, lenient: bool = False) -> bool:
        assert target
        if zone.name == "broken.test.":
            raise RuntimeError(f"401 for {self.token}")
        for (name, kind), data in self.zones.get(zone.name, {}).items():
            record = Record.new(zone, name, {"type": kind, **data}, source=self, lenient=lenient)
            zone.add_record(record, lenient=lenient)
        return zone.name in self.zones

    def _apply(self, plan: Plan) -> None:
        records = self.zones[plan.desired.name]
        told = [f"{type(each).__name__} {each.record.fqdn} {each.record._type}" for each in plan.changes]
        self.applied.append(told)
        for number, change in enumerate(plan.changes):
            if number == self.fail_after:
                raise RuntimeError(f"500 for {self.token}")
            record = change.existing or change.new
            records.pop((record.name, record._type), None)
            if change.new is not None:
                records[record.name, record._type] = change.new.data
