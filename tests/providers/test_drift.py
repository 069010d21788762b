"""Settings as paths: taken apart, put together, compared as RevCent would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.providers.drift import (
    ABSENT,
    digest,
    flatten,
    get_path,
    returned_otherwise,
    same,
    set_path,
    without,
)

LEAVES = st.one_of(st.text(max_size=4), st.booleans(), st.integers(-9, 9), st.lists(st.text(max_size=3), max_size=3))
KEYS = st.text("abc", min_size=1, max_size=2)
NESTED = st.recursive(
    st.dictionaries(KEYS, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(LEAVES, inner), min_size=1, max_size=3),
    max_leaves=6,
)


def test_nested_settings_become_paths_and_lists_are_leaves() -> None:
    assert flatten({"a": {"b": {"c": 1}, "d": []}, "e": [{"f": 1}]}) == {"a.b.c": 1, "a.d": [], "e": [{"f": 1}]}


@given(NESTED)
def test_what_was_taken_apart_can_be_put_together(settings: dict[str, object]) -> None:
    again: dict[str, object] = {}
    for path, value in flatten(settings).items():
        set_path(again, path, value)
        assert get_path(settings, path) == value
    assert again == settings


def test_there_is_nothing_at_a_path_that_leads_nowhere() -> None:
    assert get_path({"a": {"b": 1}}, "a.b.c") is None
    assert get_path({}, "a.b") is None


def test_paths_are_left_out_of_a_copy_only() -> None:
    settings = {"a": {"b": 1, "c": {"d": 2}}, "e": 3}
    copy = without(settings, ["a.c", "e", "x.y"])
    assert copy == {"a": {"b": 1}}
    copy["a"]["b"] = 9
    assert settings["a"] == {"b": 1, "c": {"d": 2}}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["a", "b"], ["b", "a"]),
        ([], None),
        ([], ""),
        ("", None),
        (587, 587.0),
    ],
)
def test_these_mean_the_same_to_revcent(left: object, right: object) -> None:
    assert same(left, right)
    assert digest(left) == digest(right)


@pytest.mark.parametrize(
    ("left", "right"), [("a", "A"), ("a", "a "), (False, None), (False, ""), (["a"], ["a", "a"]), (1.5, 1), ("1", 1)]
)
def test_these_do_not(left: object, right: object) -> None:
    assert not same(left, right)
    assert digest(left) != digest(right)


def test_a_digest_is_short_and_never_the_one_of_absence() -> None:
    assert len(digest("x" * 10_000)) == 16
    assert digest("") != ABSENT


def test_only_what_comes_back_otherwise_is_noted() -> None:
    sent = {"same": "a", "other": "A", "gone": "b", "blank": "", "off": False, "list": ["x", "y"], "number": 5}
    answered = {"same": "a", "other": "a", "list": ["y", "x"], "number": 5.0, "extra": "z"}
    assert returned_otherwise(sent, answered) == {"other": digest("a"), "gone": ABSENT}
