"""Keeps one list per type for the whole process, fetched once however many threads ask; it knows no HTTP."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pulumi_revcent_portal.api.errors import RevCentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.api.clock import Clock

__all__ = ["ListCache"]

Item: TypeAlias = dict[str, Any]


@dataclass
class _Slot:
    """What is known of one type's list."""

    items: dict[str, Item] | None = None
    started: float = -float("inf")
    fetching_since: float | None = None
    failed_since: float = -float("inf")
    failure: RevCentError | None = None
    written_meanwhile: list[tuple[str, Item | None]] = field(default_factory=list)


class ListCache:
    """Lists by type, shared by threads and kept true by what this process itself writes.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._condition = threading.Condition()
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
        asked = self._clock.now()
        oldest = -float("inf") if not_older_than is None else asked - not_older_than
        with self._condition:
            slot = self._slots.setdefault(entity, _Slot())
            while True:
                if slot.items is not None and slot.started >= oldest:
                    return [dict(item) for item in slot.items.values()]
                if slot.fetching_since is None:
                    break
                awaited = slot.fetching_since
                self._condition.wait_for(lambda awaited=awaited: slot.fetching_since != awaited)  # type: ignore[misc]
                if slot.failure is not None and slot.failed_since == awaited >= oldest:
                    raise slot.failure.again()
            slot.fetching_since = self._clock.now()
            slot.written_meanwhile.clear()
        return self._fetch(slot, fetch)

    def _fetch(self, slot: _Slot, fetch: Callable[[], list[Item]]) -> list[Item]:
        fetched: list[Item] | None = None
        failure: RevCentError | None = None
        try:
            fetched = fetch()
        except RevCentError as error:
            failure = error
            raise
        finally:
            with self._condition:
                started = slot.fetching_since
                assert started is not None  # noqa: S101 - only the thread that set it gets here
                slot.fetching_since = None
                slot.failure, slot.failed_since = failure, started
                if fetched is not None:
                    slot.items, slot.started = {item["id"]: item for item in fetched}, started
                    for object_id, fields in slot.written_meanwhile:
                        _apply(slot.items, object_id, fields)
                self._condition.notify_all()
        with self._condition:
            return [dict(item) for item in (slot.items or {}).values()]

    def write(self, entity: str, object_id: str, fields: Item | None) -> None:
        """Note that this process created or edited an object (its new fields), or deleted it (None)."""
        with self._condition:
            slot = self._slots.get(entity)
            if slot is None:
                return
            if slot.fetching_since is not None:
                slot.written_meanwhile.append((object_id, fields))
            if slot.items is not None:
                _apply(slot.items, object_id, fields)


def _apply(items: dict[str, Item], object_id: str, fields: Item | None) -> None:
    if fields is None:
        items.pop(object_id, None)
    else:
        items[object_id] = {"id": object_id} | items.get(object_id, {}) | fields
