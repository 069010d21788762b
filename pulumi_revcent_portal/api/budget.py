"""Keeps the requests of one account and process under a number per minute; it neither sends nor repeats anything."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyrate_limiter import InMemoryBucket

    from pulumi_revcent_portal.api.clock import Clock

__all__ = ["Budget"]

_MINUTE_MS: Final = 60_000


class Budget:
    """A sliding window of requests, shared by all threads.

    The window is pyrate-limiter's bucket. Its `Limiter` is not used: that starts a thread that never ends, which would
    keep a provider process busy; here the bucket is emptied whenever somebody asks for a place in it.

    Args:
        per_minute: how many requests may begin within any 60 seconds.
        clock: the time.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._bucket: InMemoryBucket | None = None
        self._paused_until = -float("inf")

    def acquire(self) -> None:
        """Return when the next request may begin."""
        while (wait := self._try()) > 0:
            self._clock.sleep(wait)

    def pause(self, seconds: float) -> None:
        """Let no thread begin a request for some seconds, because RevCent asked for that."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)

    def _try(self) -> float:
        """Take a place in the window and return 0, or return the seconds after which trying again makes sense."""
        from pyrate_limiter import InMemoryBucket, Rate, RateItem  # noqa: PLC0415 - only who makes requests pays for it

        with self._lock:
            now = self._clock.now()
            if now < self._paused_until:
                return self._paused_until - now
            if self._bucket is None:
                self._bucket = InMemoryBucket([Rate(self._per_minute, _MINUTE_MS)])
            item = RateItem("request", int(now * 1000))
            self._bucket.leak(item.timestamp)
            if self._bucket.put(item):
                return 0.0
            wait = self._bucket.waiting(item)
            return max(1, wait if isinstance(wait, int) else 1) / 1000
