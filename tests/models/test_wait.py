"""How long a program waits: durations as people write them, and what is none."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.models import InvalidInputs, TrackingDomainStepInputs, Wait, validate
from pulumi_revcent_portal.models.wait import seconds_of

DOMAIN_ID = "0123456789abcdefghij"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90s", 90), ("20m", 1200), ("1h", 3600), ("1h30m", 5400), ("1h1m1s", 3661), (" 20M ", 1200), ("168h", 604800)],
)
def test_a_duration_is_written_as_people_do(written: str, seconds: int) -> None:
    assert seconds_of(written) == seconds
    assert Wait(timeout=written).seconds == seconds


@pytest.mark.parametrize("written", ["", "20", "m", "20 minutes", "-5m", "1.5h", "0s", "0m", "169h", "5s1m"])
def test_what_is_no_duration_is_refused_with_the_cure(written: str) -> None:
    with pytest.raises(InvalidInputs, match="timeout: ") as caught:
        Wait(timeout=written)
    assert "Write it like 90s" in str(caught.value) or "wait=False does not wait at all" in str(caught.value)


def test_without_a_timeout_it_is_twenty_minutes() -> None:
    assert Wait().seconds == 1200


def step(**given: Any) -> TrackingDomainStepInputs:
    return validate(TrackingDomainStepInputs, {"tracking_domain": DOMAIN_ID, **given})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, None),
        ({"wait": None}, None),
        ({"wait": False}, False),
        ({"wait": True}, Wait()),
        ({"wait": {"timeout": "5m"}}, Wait(timeout="5m")),
        ({"wait": Wait(timeout="5m")}, Wait(timeout="5m")),
    ],
)
def test_a_step_takes_a_wait_or_false(given: dict[str, Any], kept: object) -> None:
    assert step(**given).wait == kept


@pytest.mark.parametrize("wait", [0, 30, "20m"])
def test_what_is_no_wait_is_refused_with_the_cure(wait: object) -> None:
    with pytest.raises(InvalidInputs, match=r"^wait: must be a Wait or False.*revcent.Wait\(timeout="):
        step(wait=wait)


def test_a_wrong_timeout_is_named_with_its_place() -> None:
    with pytest.raises(InvalidInputs, match=r"^wait\.timeout: 'soon' is no duration"):
        step(wait={"timeout": "soon"})
