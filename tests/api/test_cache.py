from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_revcent_portal.api.cache import ListCache
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.errors import Refused, RevCentError

Item = dict[str, Any]


class Source:
    """Counts fetches, and can hold one until it is told to go on."""

    def __init__(self, *answers: list[Item] | RevCentError) -> None:
        self.answers = list(answers)
        self.fetches = 0
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self) -> list[Item]:
        self.fetches += 1
        answer = self.answers.pop(0)
        self.begun.set()
        assert self.go_on.wait(10)
        if isinstance(answer, RevCentError):
            raise answer
        return answer


def names(items: list[Item]) -> dict[str, str]:
    return {item["id"]: item["name"] for item in items}


def test_a_list_is_fetched_once() -> None:
    cache, source = ListCache(ManualClock()), Source([{"id": "1", "name": "a"}])
    assert names(cache.items("x", source, not_older_than=None)) == {"1": "a"}
    assert names(cache.items("x", source, not_older_than=None)) == {"1": "a"}
    assert source.fetches == 1


def test_types_are_kept_apart() -> None:
    cache = ListCache(ManualClock())
    assert names(cache.items("x", Source([{"id": "1", "name": "a"}]), not_older_than=None)) == {"1": "a"}
    assert cache.items("y", Source([]), not_older_than=None) == []


def test_an_old_list_is_fetched_again_when_age_matters() -> None:
    clock = ManualClock()
    cache, source = ListCache(clock), Source([{"id": "1", "name": "a"}], [], [])
    cache.items("x", source, not_older_than=None)
    clock.sleep(10)
    assert cache.items("x", source, not_older_than=10) != []
    assert cache.items("x", source, not_older_than=9) == []
    assert cache.items("x", source, not_older_than=None) == []
    cache.items("x", source, not_older_than=0)
    assert source.fetches == 3


def test_callers_cannot_damage_the_list() -> None:
    cache, source = ListCache(ManualClock()), Source([{"id": "1", "name": "a"}])
    first = cache.items("x", source, not_older_than=None)
    first[0]["name"] = "spoilt"
    first.clear()
    assert names(cache.items("x", source, not_older_than=None)) == {"1": "a"}


def test_writes_are_seen_in_the_list() -> None:
    cache, source = (
        ListCache(ManualClock()),
        Source([{"id": "1", "name": "a", "enabled": True}, {"id": "2", "name": "b"}]),
    )
    cache.items("x", source, not_older_than=None)
    cache.write("x", "1", {"name": "renamed"})
    cache.write("x", "2", None)
    cache.write("x", "3", {"name": "new"})
    cache.write("x", "4", None)
    assert cache.items("x", source, not_older_than=None) == [
        {"id": "1", "name": "renamed", "enabled": True},
        {"id": "3", "name": "new"},
    ]
    assert source.fetches == 1


def test_a_write_before_anything_was_fetched_needs_no_list() -> None:
    cache, source = ListCache(ManualClock()), Source([{"id": "1", "name": "a"}])
    cache.write("x", "2", {"name": "b"})
    assert names(cache.items("x", source, not_older_than=None)) == {"1": "a"}


def test_writes_during_a_fetch_are_not_lost() -> None:
    cache, source = ListCache(ManualClock()), Source([{"id": "1", "name": "a"}, {"id": "2", "name": "b"}])
    source.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(cache.items, "x", source, not_older_than=None)
        assert source.begun.wait(10)
        cache.write("x", "3", {"name": "c"})
        cache.write("x", "1", {"name": "renamed"})
        cache.write("x", "2", None)
        source.go_on.set()
        assert names(fetched.result(10)) == {"1": "renamed", "3": "c"}


def test_threads_wait_for_one_fetch() -> None:
    cache, source = ListCache(ManualClock()), Source([{"id": "1", "name": "a"}])
    source.go_on.clear()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(cache.items, "x", source, not_older_than=None) for _ in range(4)]
        assert source.begun.wait(10)
        source.go_on.set()
        assert [names(task.result(10)) for task in waiting] == [{"1": "a"}] * 4
    assert source.fetches == 1


def test_a_failure_reaches_every_thread_that_waited_and_the_next_call_tries_again() -> None:
    cache, source = ListCache(ManualClock()), Source(Refused("No.", api_call_id="c"), [])
    source.go_on.clear()
    waiting_threads = 3
    with ThreadPoolExecutor(waiting_threads) as pool:
        tasks = [pool.submit(cache.items, "x", source, not_older_than=None) for _ in range(waiting_threads)]
        assert source.begun.wait(10)
        running = cache._slots["x"].running
        assert running is not None
        end = running.end
        while len(end._condition._waiters) < waiting_threads - 1:  # type: ignore[attr-defined]
            threading.Event().wait(0.005)  # until the others wait for the end of the fetch
        source.go_on.set()
        errors = [task.exception(10) for task in tasks]
    assert all(isinstance(error, Refused) and str(error) == "No. [RevCent call c]" for error in errors)
    assert len({id(error) for error in errors}) == waiting_threads
    assert source.fetches == 1
    assert cache.items("x", source, not_older_than=None) == []


def test_a_fetch_that_began_too_early_is_waited_for_but_not_believed() -> None:
    clock = ManualClock()
    cache, early, fresh = ListCache(clock), Source([]), Source([{"id": "1", "name": "a"}])
    early.go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.items, "x", early, not_older_than=None)
        assert early.begun.wait(10)
        clock.sleep(1)
        second = pool.submit(cache.items, "x", fresh, not_older_than=0)
        assert not fresh.begun.wait(0.1)
        early.go_on.set()
        assert first.result(10) == []
        assert names(second.result(10)) == {"1": "a"}


def test_a_failure_of_a_fetch_that_began_too_early_is_nobody_elses() -> None:
    clock = ManualClock()
    cache, early, fresh = ListCache(clock), Source(Refused("No.")), Source([{"id": "1", "name": "a"}])
    early.go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.items, "x", early, not_older_than=None)
        assert early.begun.wait(10)
        clock.sleep(1)
        second = pool.submit(cache.items, "x", fresh, not_older_than=0)
        early.go_on.set()
        assert isinstance(first.exception(10), Refused)
        assert names(second.result(10)) == {"1": "a"}


def test_a_failure_leaves_the_older_list_in_place() -> None:
    clock = ManualClock()
    cache, source = ListCache(clock), Source([{"id": "1", "name": "a"}], Refused("No."))
    cache.items("x", source, not_older_than=None)
    clock.sleep(1)
    with pytest.raises(Refused):
        cache.items("x", source, not_older_than=0)
    assert names(cache.items("x", source, not_older_than=None)) == {"1": "a"}


def test_an_error_of_another_kind_blocks_nobody() -> None:
    cache = ListCache(ManualClock())

    def broken() -> list[Item]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.items("x", broken, not_older_than=None)
    assert cache.items("x", Source([]), not_older_than=None) == []


def test_an_error_of_another_kind_is_not_passed_to_those_who_wait() -> None:
    cache, source = ListCache(ManualClock()), Source([{"id": "1", "name": "a"}])
    begun, go_on = threading.Event(), threading.Event()

    def broken() -> list[Item]:
        begun.set()
        assert go_on.wait(10)
        raise ZeroDivisionError

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.items, "x", broken, not_older_than=None)
        assert begun.wait(10)
        second = pool.submit(cache.items, "x", source, not_older_than=None)
        go_on.set()
        assert isinstance(first.exception(10), ZeroDivisionError)
        assert names(second.result(10)) == {"1": "a"}
