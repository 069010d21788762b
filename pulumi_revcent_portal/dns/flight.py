"""One run of the same work for all who want its result at the same time; it keeps no results."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable
    from typing import Any

__all__ = ["SingleFlight"]

Result = TypeVar("Result")


@dataclass
class _Flight(Generic[Result]):
    task: asyncio.Task[Result]
    passengers: int = 0


class SingleFlight(Generic[Result]):
    """Work that is under way, by its key; for one event loop."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[Result]] = {}

    async def run(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Return the result of the work: of the run that is under way, or else of a new one.

        A caller that is cancelled leaves the others alone; the last one to leave ends the work, and waits for its end.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(work()))
            flight.task.add_done_callback(lambda _: self._land(key, flight))
        flight.passengers += 1
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            if flight.passengers == 1 and not flight.task.done():
                self._land(key, flight)  # nobody may board it any more
                flight.task.cancel()
                await asyncio.wait([flight.task])
            raise
        finally:
            flight.passengers -= 1

    def _land(self, key: Hashable, flight: _Flight[Result]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
