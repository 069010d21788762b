"""Time as the client sees it, so that a test can move it on instead of waiting."""

from __future__ import annotations

import datetime as dt
import threading
import time

__all__ = ["Clock", "ManualClock"]


class Clock:
    """The machine's own time."""

    def now(self) -> float:
        """Return seconds that only grow, from an unknown start."""
        return time.monotonic()

    def today(self) -> dt.datetime:
        """Return the date and time, with its zone."""
        return dt.datetime.now(dt.UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for some seconds."""
        time.sleep(seconds)


class ManualClock(Clock):
    """A clock for tests: it stands still, and sleeping moves it on at once.

    Attributes:
        sleeps: every pause that was asked for, in seconds.
    """

    def __init__(self) -> None:
        self.sleeps: list[float] = []
        self._lock = threading.Lock()
        self._seconds = 0.0

    def now(self) -> float:
        """Return the seconds slept so far."""
        return self._seconds

    def today(self) -> dt.datetime:
        """Return the first minute of 2026, moved on by the seconds slept."""
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=self._seconds)

    def sleep(self, seconds: float) -> None:
        """Move the clock on."""
        with self._lock:
            self.sleeps.append(seconds)
            self._seconds += seconds
