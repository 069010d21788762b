from __future__ import annotations

import datetime as dt

from pulumi_revcent_portal.api.clock import Clock, ManualClock


def test_a_manual_clock_moves_by_sleeping() -> None:
    clock = ManualClock()
    start, day = clock.now(), clock.today()
    clock.sleep(90)
    assert clock.now() - start == 90
    assert clock.today() - day == dt.timedelta(seconds=90)
    assert clock.sleeps == [90]


def test_the_real_clock_is_the_machines() -> None:
    clock = Clock()
    before = clock.now()
    clock.sleep(0.01)
    assert clock.now() - before >= 0.01
    assert abs(clock.today() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
