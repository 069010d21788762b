"""Work is done once for all who want it at the same time."""

from __future__ import annotations

import asyncio

import pytest

from pulumi_revcent_portal.dns.flight import SingleFlight


class Work:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.runs = 0
        self.cancelled = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> int:
        self.runs += 1
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.runs


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_callers_at_the_same_time_share_a_run_and_later_ones_get_their_own() -> None:
    async def scenario() -> None:
        flights, work = SingleFlight[int](), Work()
        callers = [asyncio.create_task(flights.run("key", work)) for _ in range(3)]
        await _settle()
        work.may_end.set()
        assert await asyncio.gather(*callers) == [1, 1, 1]
        assert await flights.run("key", work) == 2

    asyncio.run(scenario())


def test_different_keys_share_nothing() -> None:
    async def scenario() -> None:
        flights, work = SingleFlight[int](), Work()
        work.may_end.set()
        first, second = await asyncio.gather(flights.run("a", work), flights.run("b", work))
        assert (first, second) == (1, 2)

    asyncio.run(scenario())


def test_a_caller_that_leaves_does_not_end_the_work_of_the_others() -> None:
    async def scenario() -> None:
        flights, work = SingleFlight[int](), Work()
        leaves, stays = (asyncio.create_task(flights.run("key", work)) for _ in range(2))
        await _settle()
        leaves.cancel()
        await _settle()
        assert leaves.cancelled()
        work.may_end.set()
        assert await stays == 1

    asyncio.run(scenario())


def test_the_last_caller_to_leave_ends_the_work_and_who_comes_then_gets_new_work() -> None:
    async def scenario() -> None:
        flights, work = SingleFlight[int](), Work()
        first, second = (asyncio.create_task(flights.run("key", work)) for _ in range(2))
        await _settle()
        first.cancel()
        second.cancel()
        await _settle()
        assert (work.runs, work.cancelled) == (1, 1)
        work.may_end.set()
        assert await flights.run("key", work) == 2

    asyncio.run(scenario())


def test_a_failure_reaches_every_caller() -> None:
    async def fail() -> int:
        await asyncio.sleep(0)
        raise KeyError("broken")

    async def scenario() -> None:
        flights = SingleFlight[int]()
        outcomes = await asyncio.gather(*(flights.run("key", fail) for _ in range(2)), return_exceptions=True)
        assert [type(each) for each in outcomes] == [KeyError, KeyError]
        with pytest.raises(KeyError):
            await flights.run("key", fail)

    asyncio.run(scenario())
