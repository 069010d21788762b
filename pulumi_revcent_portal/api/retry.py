"""Decides which failed request is made again and when; it knows nothing of HTTP or of what a request means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_revcent_portal.api.errors import RateLimited, RevCentError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

    from pulumi_revcent_portal.api.clock import Clock

__all__ = ["RetryPolicy"]

T = TypeVar("T")


@dataclass(frozen=True)
class RetryPolicy:
    """How often and after which pauses a request is repeated.

    Attributes:
        retries: repetitions after the first attempt.
        first_wait: seconds before the first repetition; doubled each time.
        longest_wait: seconds that no pause exceeds, not even one that RevCent asks for.
        jitter: up to so many seconds are added at random, so that parallel threads do not return together.
    """

    retries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0
    jitter: float = 0.5

    def run(
        self,
        attempt: Callable[[], T],
        *,
        repeatable: bool,
        clock: Clock,
        on_wait: Callable[[RevCentError, float], Any],
    ) -> T:
        """Make attempts until one succeeds, or may not be repeated, or the repetitions are used up.

        Args:
            attempt: one request.
            repeatable: whether doing the work twice is harmless. If not, only what certainly was not done is repeated:
                nothing was sent, or RevCent declined to work (429).
            clock: the time; a `ManualClock` is the switch by which tests do not wait.
            on_wait: told of each error and of the seconds until the next attempt, before the pause.

        Raises:
            RevCentError: that of the last attempt.
        """
        from tenacity import Retrying, retry_if_exception, stop_after_attempt  # noqa: PLC0415 - at the first request

        def announce(state: RetryCallState) -> None:
            on_wait(_error(state), state.upcoming_sleep)

        retrying = Retrying(
            retry=retry_if_exception(lambda error: _may_repeat(error, repeatable=repeatable)),
            stop=stop_after_attempt(self.retries + 1),
            wait=self._pause,
            before_sleep=announce,
            sleep=clock.sleep,
            reraise=True,
        )
        return retrying(attempt)

    def _pause(self, state: RetryCallState) -> float:
        from tenacity import wait_exponential, wait_random  # noqa: PLC0415 - at the first request

        asked = _error(state).retry_after
        if asked is not None:
            return min(asked, self.longest_wait)
        growing = wait_exponential(multiplier=self.first_wait, max=self.longest_wait)
        return min(growing(state) + wait_random(0, self.jitter)(state), self.longest_wait)


def _error(state: RetryCallState) -> RevCentError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, RevCentError)  # noqa: S101 - tenacity waits only after an error that may be repeated
    return error


def _may_repeat(error: BaseException, *, repeatable: bool) -> bool:
    if not isinstance(error, RevCentError) or error.permanent:
        return False
    nothing_done = isinstance(error, RateLimited) or (isinstance(error, Unreachable) and not error.ambiguous)
    return nothing_done or (repeatable and error.ambiguous)
