from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.api.budget import Budget
from pulumi_revcent_portal.api.clock import Clock, ManualClock


def test_the_budget_may_be_spent_at_once_and_then_waits_for_the_window() -> None:
    clock = ManualClock()
    budget = Budget(3, clock)
    for _ in range(3):
        budget.acquire()
    assert clock.sleeps == []
    budget.acquire()
    assert 60.0 <= clock.now() < 60.1


def test_places_come_back_one_by_one_as_they_grow_old() -> None:
    clock = ManualClock()
    budget = Budget(2, clock)
    budget.acquire()
    clock.sleep(40)
    budget.acquire()
    budget.acquire()
    assert 60.0 <= clock.now() < 60.1
    budget.acquire()
    assert 100.0 <= clock.now() < 100.1


@given(limit=st.integers(1, 5), gaps=st.lists(st.floats(0, 50), min_size=1, max_size=40))
def test_no_minute_ever_holds_more_than_the_budget(limit: int, gaps: list[float]) -> None:
    clock = ManualClock()
    budget = Budget(limit, clock)
    begun: list[float] = []
    for gap in gaps:
        clock.sleep(gap)
        budget.acquire()
        begun.append(clock.now())
    for first, later in zip(begun, begun[limit:], strict=False):
        assert later - first >= 59.99  # the window counts in milliseconds


def test_a_pause_holds_everybody_until_it_is_over() -> None:
    clock = ManualClock()
    budget = Budget(100, clock)
    budget.pause(5)
    budget.pause(2)
    budget.acquire()
    assert clock.now() == 5
    budget.acquire()
    assert clock.now() == 5


def test_threads_share_the_budget_and_none_is_left_behind() -> None:
    clock = ManualClock()
    budget = Budget(50, clock)
    before = threading.active_count()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: budget.acquire(), range(50)))
    assert clock.sleeps == []
    assert threading.active_count() == before
    budget.acquire()
    assert clock.now() >= 60


def test_the_real_clock_waits_for_a_pause() -> None:
    clock = Clock()
    budget = Budget(10, clock)
    budget.pause(0.05)
    before = clock.now()
    budget.acquire()
    assert clock.now() - before >= 0.05
