"""Every input of every resource: changed in place, changed in RevCent and mended, each on an object of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import comparison, shown
from tests.engine.comparison import ENTITIES, MODELS, OURS, as_declared, at, expected
from tests.engine.declarations import Declaration, but, declare
from tests.engine.properties import (
    CHANGES,
    PARAMETER_SETS,
    REPLACING,
    STEERING,
    is_seen,
    paths,
    table,
    with_values,
)

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack


@pytest.mark.parametrize("kind", MODELS)
def test_the_table_knows_every_input(kind: str) -> None:
    beside = {path for other, path in (*REPLACING, *STEERING) if other == kind}
    assert CHANGES[kind].keys() | beside == paths(MODELS[kind])


def test_the_table_steers_by_what_the_comparison_leaves_out() -> None:
    assert {path for _, path in STEERING} == comparison.STEERING


def test_the_values_of_the_table_differ() -> None:
    assert not [name for name, (_, _, change) in table().items() if change.before == change.after]


@pytest.mark.engine
def test_each_input_is_changed_in_place_and_drift_of_each_is_seen_and_mended(stack: Stack, sandbox: Sandbox) -> None:
    for number, object_id in enumerate(PARAMETER_SETS):
        sandbox.add("url_parameter_set", {"id": object_id, "name": f"set {number}"})
    before, after = with_values("before"), with_values("after")
    declare(stack, before).up().require()
    as_declared(stack.settled(), sandbox, before)

    drift(stack, sandbox, after)
    stack.refresh().require()
    stack.up().require()
    as_declared(stack.settled(), sandbox, before)

    declare(stack, after)
    assert shown.preview(stack) == shown.updates({name: path for name, (_, path, _) in table().items()})
    sandbox.clear_calls()
    stack.up().require()
    writes = {call["path"].rsplit("/", 1)[1]: call["body"] for call in sandbox.calls if call["method"] == "POST"}
    state = stack.resources()
    sent = {name for name, (kind, path, _) in table().items() if kind in ENTITIES and path not in OURS}
    assert {object_id: len(body) for object_id, body in writes.items()} == {state[name]["id"]: 1 for name in sent}
    as_declared(stack.settled(), sandbox, after)

    drift(stack, sandbox, before)
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, after)

    declare(stack, steer(after)).settled()


def drift(stack: Stack, sandbox: Sandbox, found: Declaration) -> None:
    """Change each setting in RevCent, and assert that a refresh shows each by its name, and nothing else."""
    state = stack.resources()
    seen = {}
    for name, (kind, path, _) in table().items():
        if not is_seen(kind, path):
            continue
        *parents, last = path.split(".")
        fields = {last: at(expected(name, found, state), path)}
        for key in reversed(parents):
            fields = {key: fields}
        sandbox.change(ENTITIES[kind], state[name]["id"], fields)
        seen[name] = path
    assert shown.refresh(stack) == shown.updates(seen)


def steer(declaration: Declaration) -> Declaration:
    """Return the declaration with every steering input set."""
    given = {
        (name, path): value
        for name, each in declaration.items()
        for (kind, path), value in STEERING.items()
        if each.kind == kind
    }
    return but(declaration, given)
