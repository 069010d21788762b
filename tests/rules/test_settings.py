"""The switches of rules, as a stack's configuration holds them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.models.base import Problem
from pulumi_revcent_portal.rules import RULES
from pulumi_revcent_portal.rules.settings import SETTINGS, read_rule_settings, setting_problems

settings = st.dictionaries(st.sampled_from(sorted(RULES)), st.sampled_from(SETTINGS))
HOW = "Write it like 'two-senders=off, nothing-allowed=error'."


@given(settings)
def test_both_spellings_are_read_alike(wanted: dict[str, str]) -> None:
    assert read_rule_settings(", ".join(f"{rule}={setting}" for rule, setting in wanted.items())) == wanted
    assert read_rule_settings(json.dumps(wanted)) == wanted
    assert list(setting_problems(wanted)) == []


@pytest.mark.parametrize("text", ["", "  ", ",", "{}", " { } "])
def test_nothing_switches_nothing(text: str) -> None:
    assert read_rule_settings(text) == {}


def test_white_space_and_empty_parts_do_not_matter() -> None:
    assert read_rule_settings("\n two-senders = off ,, nothing-allowed=error,") == {
        "two-senders": "off",
        "nothing-allowed": "error",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("two-senders", f"'two-senders' has no setting. {HOW}"),
        (
            "two-senders=off two-senders",
            "two-senders: must be off, warning or error, not the string 'off two-senders'.",
        ),
        ("two-senders=warn", "two-senders: must be off, warning or error, not the string 'warn'."),
        ("two-senders=", "two-senders: must be off, warning or error, not the string ''."),
        ("two-sender=off", "two-sender: there is no rule 'two-sender'. Did you mean 'two-senders'?"),
        ("x=off, two-senders=no", "x: there is no rule 'x'. Known are: "),
        ("x=off, two-senders=no", "two-senders: must be off, warning or error, not the string 'no'."),
        ("{two-senders: off}", f"is no JSON object. {HOW}"),
        ('{"two-senders": false}', "two-senders: must be off, warning or error, not False. Put it between quotes."),
        ('{"two-senders": {"a": 1}}', "two-senders: must be off, warning or error, not a dict."),
        ('{"two-senders": null}', "two-senders: must be off, warning or error, not None."),
        ('["two-senders"]', "has no setting."),
    ],
)
def test_what_cannot_be_read_is_told_with_the_rule_and_the_cure(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"\.$|\?") as caught:
        read_rule_settings(text)
    assert says in str(caught.value)


@pytest.mark.parametrize("setting", [True, 1, None, ["off"], {}, "OFF"])
def test_settings_of_other_types_are_problems_of_their_rule(setting: Any) -> None:
    (problem,) = setting_problems({"two-senders": setting})
    assert isinstance(problem, Problem)
    assert problem.field == "two-senders"
