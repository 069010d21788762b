"""Every input of every resource: changed in place, changed in RevCent and mended, each on an object of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import comparison, shown
from tests.engine.comparison import ENTITIES, MODELS, OURS, as_declared, at, expected
from tests.engine.declarations import Declaration, but, declare, nested
from tests.engine.properties import (
    CHANGES,
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
from tests.engine.worlds import ALL, World, enter


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
    enter(World(), stack, sandbox)
    before, after = with_values("before"), with_values("after")
    declare(stack, before).up().require()
    as_declared(stack.settled(), sandbox, before)

    seen = drift(stack, sandbox, after)
    assert shown.refresh(stack) == seen
    stack.refresh().require()
    stack.up().require()
    as_declared(stack.settled(), sandbox, before)

    declare(stack, after)
    assert shown.preview(stack) == shown.updates({name: path for name, (_, path, _) in table().items()})
    sandbox.clear_calls()
    stack.up().require()
    state = stack.resources()
    written = [name for name, (kind, path, _) in table().items() if kind in ENTITIES and path not in OURS]
    assert edits(sandbox) == {state[name]["id"]: 1 for name in written}
    as_declared(stack.settled(), sandbox, after)

    seen = drift(stack, sandbox, before)
    assert shown.preview(stack, "--refresh") == seen
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, after)
    declare(stack, steer(after)).settled()


@pytest.mark.engine
def test_the_same_where_revcent_is_other_than_expected(stack: Stack, sandbox: Sandbox) -> None:
    switches = {name: value for name, value in ALL.items() if name != "omit"}
    enter(World(switches, described=True), stack, sandbox)
    before, after = with_values("before"), with_values("after")
    declare(stack, before).up().require()
    as_declared(stack.settled(), sandbox, before)

    seen = drift(stack, sandbox, after, profiles=True)
    assert shown.refresh(stack) == seen
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, before)

    declare(stack, after).up().require()
    as_declared(stack.settled(), sandbox, after)


def drift(stack: Stack, sandbox: Sandbox, found: Declaration, *, profiles: bool = False) -> shown.Shown:
    """Change each setting in RevCent to what is found there then; return what a refresh must show, and nothing else."""
    state = stack.resources()
    seen = {}
    for name, (kind, path, _) in table().items():
        if is_seen(kind, path, profiles=profiles):
            fields = nested(path, at(expected(name, found, state), path))
            sandbox.change(ENTITIES[kind], state[name]["id"], fields)
            seen[name] = path
    return shown.updates(seen)


def edits(sandbox: Sandbox) -> dict[str, int]:
    """Return how many settings were written at once to each object."""
    return {call["path"].rsplit("/", 1)[1]: len(call["body"]) for call in sandbox.calls if call["method"] == "POST"}


def steer(declaration: Declaration) -> Declaration:
    """Return the declaration with every steering input set."""
    given = {
        (name, path): value
        for name, each in declaration.items()
        for (kind, path), value in STEERING.items()
        if each.kind == kind
    }
    return but(declaration, given)
