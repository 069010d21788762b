"""The fake engine passes values as the SDK and the engine do."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.output import Unknown
from pulumi.runtime import rpc

from tests.providers import engine as fake
from tests.providers.engine import Secret, changed_keys, shown, unknown, with_secrets

KEYS = st.text("abc", min_size=1, max_size=3)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**50), 2**50), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def without_none(value: Any) -> Any:
    """The engine drops keys without a value; the SDK's own round trip keeps them where they are nested."""
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value] if isinstance(value, list) else value


def through_the_sdk(bag: dict[str, Any]) -> Any:
    loop = asyncio.new_event_loop()
    try:
        struct = loop.run_until_complete(rpc.serialize_properties(bag, {}))
    finally:
        loop.close()
    return without_none(rpc.deserialize_properties(struct, keep_unknowns=True))


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_values_arrive_as_the_sdk_sends_them(bag: dict[str, Any]) -> None:
    arrived, sent = fake.given(bag), through_the_sdk(bag)
    assert json.dumps(arrived, sort_keys=True) == json.dumps(sent, sort_keys=True), "types count too"


def test_what_the_sdk_cannot_send_the_fake_cannot_either() -> None:
    with pytest.raises(TypeError):
        fake.given({"a": {1, 2}})


def test_unknowns_arrive_at_any_depth() -> None:
    arrived = fake.given({"a": [unknown(), {"b": unknown()}]})
    assert isinstance(arrived["a"][0], Unknown)
    assert isinstance(arrived["a"][1]["b"], Unknown)


def test_secrets_come_back_at_their_own_path_only() -> None:
    inputs = {"password": Secret("x"), "keys": {"site": "a", "secret": Secret("b")}, "list": [Secret("c")]}
    outputs = fake.given({**inputs, "copy": Secret("x")})
    assert with_secrets(outputs, inputs) == {
        "password": Secret("x"),
        "keys": {"site": "a", "secret": Secret("b")},
        "list": Secret(["c"]),
        "copy": "x",
    }
    assert shown(with_secrets(outputs, inputs))["copy"] == "x"


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ({"a": 1.0}, {"a": 1.0}, ()),
        ({"a": [1.0, 2.0]}, {"a": [2.0, 1.0]}, ("a",)),
        ({"a": 1.0}, {}, ("a",)),
        ({}, {"a": {"b": 1.0}}, ("a",)),
        ({"a": "x"}, {"a": Secret("x")}, ("a",)),
        ({"a": "x", "b": 1.0}, {"a": unknown(), "b": 1.0}, ("a",)),
    ],
)
def test_inputs_are_compared_as_the_engine_compares(
    old: dict[str, Any], new: dict[str, Any], keys: tuple[str, ...]
) -> None:
    assert changed_keys(old, new) == keys
