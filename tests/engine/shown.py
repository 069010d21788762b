"""What a preview or a refresh shows, property by property. Not a test."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.engine.comparison import NAMED

if TYPE_CHECKING:
    from tests.engine.stack import Result, Stack

Shown = dict[str, tuple[str, frozenset[str]]]
"""Resource name to operation (update, create, replace, ...) and the dotted paths of the properties it names."""

_INDEX = re.compile(r"\[\d+\]")
_QUIET = {"same", "refresh", "read"}


def preview(stack: Stack, *words: str) -> Shown:
    return _shown(stack.pulumi("preview", "--json", "--stack", stack.name, *words))


def refresh(stack: Stack, *words: str) -> Shown:
    """Look for drift, without writing anything into the state."""
    return _shown(stack.pulumi("refresh", "--preview-only", "--json", "--stack", stack.name, *words))


def updates(properties: dict[str, str]) -> Shown:
    """One property changed in place per resource."""
    return {name: ("update", frozenset({path})) for name, path in properties.items()}


def _property(path: str) -> str:
    """Return a property without the item of the list, or the half of the pair, in which it differs."""
    bare = _INDEX.sub("", path)
    head, _, last = bare.rpartition(".")
    return head if head in NAMED and last in {"id", "name"} else bare


def _shown(result: Result) -> Shown:
    steps: list[dict[str, Any]] = json.loads(result.require().out)["steps"]
    return {
        step["urn"].rsplit("::", 1)[1]: (
            step["op"],
            frozenset(map(_property, step["detailedDiff"] or {})),
        )
        for step in steps
        if step["op"] not in _QUIET
    }
