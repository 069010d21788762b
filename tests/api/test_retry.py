from __future__ import annotations

import pytest

from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.errors import (
    BadAnswer,
    NotFound,
    RateLimited,
    Refused,
    RevCentError,
    ServerFailed,
    Unreachable,
)
from pulumi_revcent_portal.api.retry import RetryPolicy

POLICY = RetryPolicy(retries=3, first_wait=1.0, longest_wait=30.0, jitter=0.0)


def attempts(*errors: Exception, repeatable: bool, policy: RetryPolicy = POLICY) -> tuple[int, list[float]]:
    """Return how many attempts were made, and the pauses between them, when the first ones end in these errors."""
    clock = ManualClock()
    left = list(errors)
    made = 0

    def attempt() -> str:
        nonlocal made
        made += 1
        if left:
            raise left.pop(0)
        return "done"

    told: list[tuple[RevCentError, float]] = []
    ended: Exception | None = None
    try:
        policy.run(attempt, repeatable=repeatable, clock=clock, on_wait=lambda error, wait: told.append((error, wait)))
    except Exception as error:  # noqa: BLE001 - any of the given ones
        ended = error
    assert ended is (errors[made - 1] if made <= len(errors) else None)
    assert [wait for _, wait in told] == clock.sleeps
    assert [error for error, _ in told] == list(errors[: len(told)])
    return made, clock.sleeps


@pytest.mark.parametrize("error", [Unreachable("x"), RateLimited("x")])
@pytest.mark.parametrize("repeatable", [True, False])
def test_what_was_certainly_not_done_is_always_repeated(error: RevCentError, repeatable: bool) -> None:
    assert attempts(error, repeatable=repeatable) == (2, [1.0])


@pytest.mark.parametrize("kind", [Unreachable, ServerFailed, BadAnswer])
def test_what_may_have_been_done_is_repeated_only_when_harmless(kind: type[RevCentError]) -> None:
    assert attempts(kind("x", ambiguous=True), repeatable=True) == (2, [1.0])
    assert attempts(kind("x", ambiguous=True), repeatable=False) == (1, [])


@pytest.mark.parametrize(
    "error",
    [
        Refused("x"),
        NotFound("x"),
        BadAnswer("x"),
        Unreachable("x", permanent=True),
        ValueError("x"),
    ],
)
def test_what_would_fail_again_is_not_repeated(error: Exception) -> None:
    assert attempts(error, repeatable=True) == (1, [])


def test_pauses_double_up_to_a_limit_and_attempts_end() -> None:
    policy = RetryPolicy(retries=6, first_wait=2.0, longest_wait=30.0, jitter=0.0)
    errors = [Unreachable(str(number)) for number in range(9)]
    assert attempts(*errors, repeatable=True, policy=policy) == (7, [2.0, 4.0, 8.0, 16.0, 30.0, 30.0])


def test_without_retries_there_is_one_attempt() -> None:
    assert attempts(Unreachable("x"), repeatable=True, policy=RetryPolicy(retries=0)) == (1, [])


@pytest.mark.parametrize(("asked", "waited"), [(7.0, 7.0), (0.0, 0.0), (120.0, 30.0)])
def test_revcents_own_wish_is_obeyed_up_to_the_limit(asked: float, waited: float) -> None:
    assert attempts(RateLimited("x", retry_after=asked), repeatable=False) == (2, [waited])


def test_jitter_spreads_the_pauses_of_threads() -> None:
    policy = RetryPolicy(retries=1, first_wait=1.0, jitter=1.0)
    waits = {attempts(Unreachable("x"), repeatable=True, policy=policy)[1][0] for _ in range(20)}
    assert len(waits) > 1
    assert all(1.0 <= wait <= 2.0 for wait in waits)
