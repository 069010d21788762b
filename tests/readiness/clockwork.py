"""A watcher whose time is moved by its own pauses, and an account and a DNS that are told what to say. Not a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from pulumi_revcent_portal.api.errors import RevCentError
from pulumi_revcent_portal.dns.records import Record, Sighting, State
from pulumi_revcent_portal.readiness.steps import Step
from pulumi_revcent_portal.readiness.watcher import Watcher, Wish

DOMAIN_ID = "domain".ljust(20, "0")
A = {"type": "A", "name": "acme.com", "value": "203.0.113.10"}
CNAME = {"type": "CNAME", "name": "_x.acme.com", "value": "_y.cert.example"}
NEW: dict[str, Any] = {"id": DOMAIN_ID, "domain": "acme.com", "a_records": [A], "ssl_status": "none", "dns_status": ""}
PENDING = NEW | {"ssl_status": "pending", "cname_records": [CNAME]}
ISSUED = PENDING | {"ssl_status": "issued"}
READY = ISSUED | {"dns_status": "complete"}


@dataclass
class Account:
    """Says of a domain what it is at the time."""

    time: Callable[[], float]
    stages: dict[str, list[tuple[float, Any]]]
    unlisted: dict[str, list[tuple[float, Any]]] = field(default_factory=dict)
    first: RevCentError | None = None
    shared_calls: int = 0
    asked: list[tuple[float, list[str]]] = field(default_factory=list)

    def at(self, domain_id: str) -> Any:
        stages = self.stages.get(domain_id) or self.unlisted[domain_id]
        return [stage for begin, stage in stages if begin <= self.time()][-1]

    def shared(self) -> dict[str, Any]:
        self.shared_calls += 1
        if self.first is not None:
            raise self.first
        return {each: self.at(each) for each in self.stages if not isinstance(self.at(each), RevCentError)}

    def cost(self, wanted: int) -> int:
        return min(wanted, 1)

    def fresh(self, ids: Collection[str]) -> dict[str, Any]:
        self.asked.append((self.time(), sorted(ids)))
        return {each: self.at(each) for each in ids}


@dataclass
class Dns:
    """Shows each record from a time on."""

    time: Callable[[], float]
    from_: dict[str, float] = field(default_factory=dict)
    state: State = State.NO_NAME
    looks: int = 0
    forbidden: str = ""
    caa_looks: int = 0

    async def caa(self, name: str) -> list[str]:
        assert name == "acme.com"
        self.caa_looks += 1
        return [self.forbidden] if self.forbidden else []

    async def missing(self, records: Iterable[Record]) -> list[Sighting]:
        self.looks += 1
        reason = "timed out after 2 s" if self.state is State.NO_ANSWER else ""
        return [
            Sighting(each, "ns2.example.net", self.state, reason=reason)
            for each in records
            if self.time() < self.from_.get(each.name, float("inf"))
        ]


class Clockwork:
    """A program's watcher.

    Args:
        stages: by domain ID, what RevCent says from which second on.
        dns: from which second on each name is visible; None looks nothing up.
        chatty: as the watcher's.
    """

    def __init__(
        self,
        stages: dict[str, list[tuple[float, Any]]],
        dns: dict[str, float] | None = None,
        *,
        chatty: bool = True,
    ) -> None:
        self.now = 0.0
        self.account = Account(lambda: self.now, stages)
        self.dns = Dns(lambda: self.now, dns) if dns is not None else None
        self.lines: list[tuple[float, str, bool]] = []
        self.chatty = chatty

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def tell(self, text: str, passing: bool) -> None:
        self.lines.append((self.now, text, passing))

    def wish(self, step: Step, domain_id: str = DOMAIN_ID, timeout: float = 1200, **more: Any) -> Wish:
        return Wish(step, domain_id, timeout, self.tell, **{"by_hand": False, **more})

    def until(self, *wishes: Wish) -> list[str]:
        """Run until each wish has its verdict, and return them."""

        async def all_of_them() -> list[str]:
            watcher = Watcher(
                self.account,  # type: ignore[arg-type]
                self.dns,  # type: ignore[arg-type]
                clock=lambda: self.now,
                sleep=self._sleep,
                chatty=self.chatty,
            )
            return list(await asyncio.gather(*(watcher.until(each) for each in wishes)))

        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(all_of_them())
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
