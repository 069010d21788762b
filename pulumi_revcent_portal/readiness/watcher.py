"""Waits for domains: one loop for all that a program waits for, whoever asks. It registers nothing and decides nothing.

What RevCent says is asked for once a round for all domains together; the DNS is asked for what RevCent wants to see.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pulumi_revcent_portal.api.errors import NotFound, RevCentError
from pulumi_revcent_portal.readiness import report
from pulumi_revcent_portal.readiness.schedule import SHORTEST, pause
from pulumi_revcent_portal.readiness.steps import Outlook, Step, outlook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pulumi_revcent_portal.dns.lookup import Lookup
    from pulumi_revcent_portal.dns.records import Sighting
    from pulumi_revcent_portal.readiness.source import Domain, Source

GATHER = 0.2
"""Seconds between two rounds that newcomers may cause, so that those who come together are looked after together.

It is taken times the square of what a round costs, so that a large account is not asked all the time.
"""


@dataclass(frozen=True)
class Wish:
    """What one resource waits for.

    Attributes:
        step: what is to be done.
        domain_id: the domain.
        timeout: seconds; 0 looks once.
        tell: shows progress.
        by_hand: whether a person publishes the records, and has to be told them.
        records: the domain's A records, as far as the program knows them.
        settled: whether the step before this one saw the domain ready.
    """

    step: Step
    domain_id: str
    timeout: float
    tell: Callable[[str, bool], Awaitable[None]]
    by_hand: bool = True
    records: tuple[Mapping[str, str], ...] = ()
    settled: bool = False


@dataclass(eq=False)
class _Waiter:
    wish: Wish
    began: float
    verdict: asyncio.Future[str]
    looks: int = 0
    told: bool = False
    last_line: float = field(default=-1e9)
    last_detail: str = ""
    forbidden: str | None = None
    """Why no certificate may be issued by the DNS; None until that was looked at."""


class Watcher:
    """Looks after the domains of one account for one program.

    Args:
        source: reads domains; blocks, so it is called in a thread.
        lookup: looks into the DNS; None leaves that to RevCent.
        clock: seconds that only grow.
        sleep: waits.
        chatty: whether a line may be told every second; else only what is new, and once a minute.
    """

    def __init__(
        self,
        source: Source,
        lookup: Lookup | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chatty: bool = True,
    ) -> None:
        self._source = source
        self._lookup = lookup
        self._clock = clock
        self._sleep = sleep
        self._chatty = chatty
        self._waiting: set[_Waiter] = set()
        self._newcomer = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._shared: asyncio.Task[dict[str, Domain]] | None = None

    async def until(self, wish: Wish) -> str:
        """Return when the domain is far enough, or it is certain that it will not be.

        Returns:
            Why the step cannot be taken, or an empty text.
        """
        try:
            known = await self._shared_list()
        except RevCentError as error:
            return str(error)
        domain = known.get(wish.domain_id)
        if (domain is not None and outlook(wish.step, domain).ready) or await self._is_far_enough(wish):
            return ""
        waiter = _Waiter(wish, self._clock(), asyncio.get_running_loop().create_future())
        self._waiting.add(waiter)
        self._newcomer.set()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._rounds())
        try:
            return await waiter.verdict
        finally:
            self._waiting.discard(waiter)

    async def _is_far_enough(self, wish: Wish) -> bool:
        """Tell it by what the program knows, without asking RevCent: its list is older than what was made in this run.

        Were it wrong, the provider would refuse, which looks before it writes.
        """
        if wish.step is not Step.CERTIFICATE or not wish.records:
            return wish.settled
        return not await self._missing(Outlook(records=wish.records, visible_is_enough=True))

    async def _shared_list(self) -> dict[str, Domain]:
        if self._shared is None:
            self._shared = asyncio.create_task(asyncio.to_thread(self._source.shared))
        return await asyncio.shield(self._shared)

    async def _rounds(self) -> None:
        while self._waiting:
            self._newcomer.clear()
            began = self._clock()
            await self._round(list(self._waiting))
            if self._waiting:
                await self._rest(began)

    async def _rest(self, began: float) -> None:
        """Pause until the next look of anybody is due, or somebody has come; never less than it takes to gather."""
        now = self._clock()
        due = min(min(pause(now - each.began), _left(each, now)) for each in self._waiting)
        gather = GATHER * self._source.cost(len({each.wish.domain_id for each in self._waiting})) ** 2
        until = began + max(gather, due)
        await self._sleep(max(0.0, min(began + gather, until) - now))
        while not self._newcomer.is_set() and (left := until - self._clock()) > 0:
            await self._sleep(min(left, GATHER if left < SHORTEST else SHORTEST))
            await asyncio.gather(*(self._say(each, each.last_detail) for each in self._waiting))

    async def _round(self, waiters: list[_Waiter]) -> None:
        ids = sorted({each.wish.domain_id for each in waiters})
        found = await asyncio.to_thread(self._source.fresh, ids)
        await asyncio.gather(*(self._look(each, found[each.wish.domain_id]) for each in waiters))

    async def _look(self, waiter: _Waiter, domain: Domain | RevCentError) -> None:
        waiter.looks += 1
        if isinstance(domain, RevCentError):
            await self._not_answered(waiter, domain)
            return
        view = outlook(waiter.wish.step, domain)
        missing = await self._missing(view)
        if not missing and waiter.wish.step is Step.DNS:
            view = await self._with_caa(waiter, domain, view)
        if view.ready or (view.visible_is_enough and not missing):
            self._end(waiter, "")
        elif view.failure:
            self._end(waiter, view.failure)
        elif _left(waiter, self._clock()) <= 0:
            self._end(waiter, report.gave_up(domain, self._clock() - waiter.began, view, missing))
        else:
            if waiter.wish.by_hand and missing and not waiter.told:
                waiter.told = True
                await waiter.wish.tell(report.to_add(domain, view), False)
            await self._say(waiter, report.detail(view, missing))

    async def _with_caa(self, waiter: _Waiter, domain: Domain, view: Outlook) -> Outlook:
        """Say once all records are visible whether the DNS forbids the certificate; looked at once."""
        if view.ready or view.failure or self._lookup is None or not domain.get("domain"):
            return view
        if waiter.forbidden is None:
            findings = await self._lookup.caa(str(domain["domain"]))
            waiter.forbidden = str(findings[0]) if findings else ""
        return replace(view, pending=f"{view.pending}; {waiter.forbidden}") if waiter.forbidden else view

    async def _missing(self, view: Outlook) -> list[Sighting]:
        if view.ready or view.failure or self._lookup is None or not view.records:
            return []
        from pulumi_revcent_portal.dns.records import Record  # noqa: PLC0415 - loads dnspython, when it is needed

        wanted = []
        for each in view.records:
            with contextlib.suppress(ValueError):  # of a kind that nobody can look for: RevCent sees to it
                wanted.append(Record(each["type"], each["name"], each["value"]))
        return await self._lookup.missing(wanted)

    async def _not_answered(self, waiter: _Waiter, error: RevCentError) -> None:
        if isinstance(error, NotFound):
            gone = f"there is no tracking domain {waiter.wish.domain_id} in this account"
            self._end(waiter, f"tracking_domain: {gone}. [{error}]")
        elif waiter.looks == 1 or error.permanent or _left(waiter, self._clock()) <= 0:
            self._end(waiter, str(error))
        else:
            await self._say(waiter, f"RevCent does not answer: {error}")

    async def _say(self, waiter: _Waiter, what: str) -> None:
        """Show what is missing, at once when it is another thing than before, and else as time goes by."""
        now = self._clock()
        gone = now - waiter.began
        every = (1.0 if gone < 60 else 5.0) if self._chatty else 60.0  # noqa: PLR2004 - seconds of a minute
        if waiter.verdict.done() or not what or (what == waiter.last_detail and now - waiter.last_line < every):
            return
        waiter.last_detail, waiter.last_line = what, now
        await waiter.wish.tell(report.progress(gone, waiter.wish.timeout, what), True)

    @staticmethod
    def _end(waiter: _Waiter, verdict: str) -> None:
        if not waiter.verdict.done():
            waiter.verdict.set_result(verdict)


def _left(waiter: _Waiter, now: float) -> float:
    return waiter.began + waiter.wish.timeout - now
