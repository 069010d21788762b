from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.rules import Finding, Rule
from pulumi_revcent_portal.rules.base import NotKnown, Place, known, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _loud(inputs: Mapping[str, Any], volume: int) -> Iterator[Place]:
    yield "name", "It is loud."
    if known(inputs, "noise", "level") > volume:
        yield "noise", "It is too loud."


LOUD = Rule(id="loud", severity="warning", reason="Ears.", cure="Turn it down.", check=_loud)


def test_findings_hold_sentence_and_cure() -> None:
    assert (
        run([LOUD, LOUD], {"noise": {"level": 5}}, 9)
        == [Finding("loud", "warning", "name", "It is loud. Turn it down.")] * 2
    )
    assert [finding.field for finding in run([LOUD], {"noise": {"level": 5}}, 1)] == ["name", "noise"]


@pytest.mark.parametrize("inputs", [{"noise": UNKNOWN}, {"noise": {"level": UNKNOWN}}])
def test_a_rule_that_meets_an_unknown_finds_nothing(inputs: dict[str, Any]) -> None:
    assert run([LOUD], inputs, 1) == []
    with pytest.raises(NotKnown):
        known(inputs, "noise", "level")


def test_known_gives_none_for_what_is_not_there() -> None:
    assert known({"a": {}}, "a", "b") is None
