"""Keeps one list per type for the whole process, fetched once however many threads ask; it knows no HTTP."""

from __future__ import annotations

import math
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pulumi_revcent_portal.api.errors import RevCentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.api.clock import Clock

__all__ = ["ListCache"]

Item: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class _Fetch:
    """One fetch: its number within its type, the time at which it began, and its end, for those who wait for it."""

    number: int
    began: float
    end: Future[None] = field(default_factory=Future)


@dataclass(frozen=True)
class _Need:
    """What a caller accepts: a fetch that began after the call, or not too long before it."""

    after: int
    not_before: float

    def takes(self, fetch: _Fetch | None) -> bool:
        return fetch is not None and (fetch.number > self.after or fetch.began >= self.not_before)


@dataclass
class _Slot:
    """What is known of one type's list."""

    items: dict[str, Item] = field(default_factory=dict)
    fetched: _Fetch | None = None
    running: _Fetch | None = None
    fetches: int = 0
    written_meanwhile: list[tuple[str, Item | None]] = field(default_factory=list)

    def begin(self, now: float) -> _Fetch:
        self.fetches += 1
        self.running = _Fetch(self.fetches, now)
        self.written_meanwhile.clear()
        return self.running

    def take(self, fetched: list[Item]) -> None:
        self.items, self.fetched = {item["id"]: item for item in fetched}, self.running
        for object_id, fields in self.written_meanwhile:
            self.apply(object_id, fields)

    def apply(self, object_id: str, fields: Item | None) -> None:
        if fields is None:
            self.items.pop(object_id, None)
        else:
            self.items[object_id] = {"id": object_id} | self.items.get(object_id, {}) | fields

    def copies(self) -> list[Item]:
        return [dict(item) for item in self.items.values()]


class ListCache:
    """Lists by type, shared by threads and kept true by what this process itself writes.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}

    def items(self, entity: str, fetch: Callable[[], list[Item]], *, not_older_than: float | None) -> list[Item]:
        """Return the list of a type, fetched by one thread while the others wait.

        Args:
            entity: the type.
            fetch: gets the complete list.
            not_older_than: how many seconds ago the fetch may have begun at most; 0 means that only one which begins
                after this call will do. None accepts any age.

        Returns:
            Copies of the items, one level deep: what is nested in them must not be changed.

        Raises:
            RevCentError: what `fetch` raised; threads that waited for it raise a copy.
        """
        oldest = -math.inf if not_older_than is None else self._clock.now() - not_older_than
        need = None
        while True:
            with self._lock:
                slot = self._slots.setdefault(entity, _Slot())
                # a clock may stand still for a moment, so only the number says which fetch began after this call
                need = need or _Need(slot.fetches, math.inf if not_older_than == 0 else oldest)
                if need.takes(slot.fetched):
                    return slot.copies()
                running = slot.running
                if running is None:
                    mine = slot.begin(self._clock.now())
            if running is None:
                self._run(slot, mine, fetch)
                continue
            failure = running.end.exception()
            if isinstance(failure, RevCentError) and need.takes(running):
                raise failure.again()

    def _run(self, slot: _Slot, mine: _Fetch, fetch: Callable[[], list[Item]]) -> None:
        try:
            fetched = fetch()
        except BaseException as failure:
            with self._lock:
                slot.running = None
            mine.end.set_exception(failure)
            raise
        with self._lock:
            slot.take(fetched)
            slot.running = None
        mine.end.set_result(None)

    def write(self, entity: str, object_id: str, fields: Item | None) -> None:
        """Note that this process created or edited an object (its new fields), or deleted it (None)."""
        with self._lock:
            slot = self._slots.setdefault(entity, _Slot())
            if slot.running is not None:
                slot.written_meanwhile.append((object_id, fields))
            slot.apply(object_id, fields)
