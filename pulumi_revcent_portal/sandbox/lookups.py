"""What the sandbox has seen in the DNS, and when it looks again. The questions themselves are the part of asking.py."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_revcent_portal.sandbox.asking import Found, Question
    from pulumi_revcent_portal.sandbox.values import Clock

MAX_AGE: Final = 1.0
"""For how long what was seen is taken for what is, in seconds of the sandbox's time."""
_THREADS: Final = 16
_PATIENCE: Final = 0.05
"""How long the end of the sandbox may go unnoticed by who waits for a look-up, in seconds."""
_RECORD: Final = "{type} {name} {value}"


class Lookups:
    """The look-ups of a sandbox. None of the methods but `refresh` takes any time.

    Args:
        clock: the sandbox's time.
    """

    def __init__(self, clock: Clock) -> None:
        self.own_server = ""
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[Question, tuple[float, Found]] = {}
        self._under_way: dict[Question, threading.Event] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._ended = False

    def questions(self, records: Iterable[Mapping[str, str]], resolver: str | None) -> list[Question]:
        """Return what to ask to find records, once each; none at all where there is no server to ask."""
        from pulumi_revcent_portal.sandbox.asking import Question  # noqa: PLC0415 - dnspython loads with a first look-up

        server = resolver or self.own_server
        asked = dict.fromkeys(Question(server, record["type"], record["name"]) for record in records)
        return list(asked) if server else []

    def missing(self, records: Iterable[Mapping[str, str]], resolver: str | None) -> list[str]:
        """Return the records that the last look-up has not found, as text; all of them when there was none."""
        missing = []
        for record in records:
            problem = ""
            for question in self.questions([record], resolver):
                found = self._found(question)
                if found and record["value"].rstrip(".").lower() in found.values:
                    break
                problem = f" ({question.server}: {found.problem})" if found and found.problem else ""
            else:
                missing.append(_RECORD.format_map(record) + problem)
        return missing

    def _found(self, question: Question) -> Found | None:
        with self._lock:
            seen = self._seen.get(question)
        return seen[1] if seen else None

    def stale(self, questions: Iterable[Question], max_age: float = MAX_AGE) -> list[Question]:
        """Return those of the questions whose answers are older than so many seconds."""
        now = self._clock.now()
        with self._lock:
            return [each for each in questions if each not in self._seen or now - self._seen[each][0] >= max_age]

    def refresh(self, questions: Sequence[Question]) -> None:
        """Ask, and wait for what others ask just now. It takes up to some seconds: hold no lock that others need."""
        from pulumi_revcent_portal.sandbox.asking import ask  # noqa: PLC0415 - dnspython loads with a first look-up

        with self._lock:
            others = [self._under_way[each] for each in questions if each in self._under_way]
            mine = [each for each in dict.fromkeys(questions) if each not in self._under_way]
            done = threading.Event()
            self._under_way |= dict.fromkeys(mine, done)
        try:
            by_server: dict[str, list[Question]] = {}
            for each in mine:
                by_server.setdefault(each.server, []).append(each)
            for asked in by_server.values():
                found = ask(asked)
                with self._lock:
                    self._seen |= {each: (self._clock.now(), found[each]) for each in asked}
        finally:
            with self._lock:
                for each in mine:
                    del self._under_way[each]
            done.set()
        for event in others:
            event.wait()

    async def refreshed(self, questions: Sequence[Question]) -> None:
        """Do the same from an event loop, which goes on meanwhile."""
        if not questions or self._ended:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_THREADS, "revcent-sandbox-lookup")
        looking = asyncio.get_running_loop().run_in_executor(self._pool, self.refresh, questions)
        while not looking.done() and not self._ended:
            await asyncio.wait({looking}, timeout=_PATIENCE)

    def forget(self) -> None:
        """Forget what was seen."""
        with self._lock:
            self._seen.clear()

    def close(self) -> None:
        """Begin no look-up any more, and hold nobody up who waits for one."""
        self._ended = True
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
