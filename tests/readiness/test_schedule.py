"""Pauses and times."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.readiness.schedule import pause, spoken


@pytest.mark.parametrize(("gone", "wanted"), [(0, 1), (20, 1), (60, 3), (200, 10), (300, 15), (10_000, 15)])
def test_pauses_grow_with_the_time_gone(gone: float, wanted: float) -> None:
    assert pause(gone) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(0.4, "0s"), (45.9, "45s"), (60, "1m"), (130, "2m10s"), (1200, "20m"), (3600, "1h"), (3900, "1h5m")],
)
def test_times_are_written_as_people_do(seconds: float, wanted: str) -> None:
    assert spoken(seconds) == wanted
