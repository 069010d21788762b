"""A portal's life beside the change of its properties: retired, taken back, disappeared, made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared, mark_of
from tests.engine.declarations import BRAND, but, declare, without

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


def test_a_portal_is_retired_and_taken_back(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    as_declared(stack.settled(), sandbox, BRAND)
    state = stack.resources()
    portal_id, mark = state["portal"]["id"], mark_of("portal", state, stack)
    before = sandbox.object("customer_portal", portal_id)

    rest = without(BRAND, "portal")
    said = declare(stack, rest).up().require()
    said.says("'Acme customer portal'", portal_id, "was disabled and keeps its name")
    retired = {"enabled": False, "description": mark.replace("[pulumi ", "[pulumi retired ")}
    assert sandbox.object("customer_portal", portal_id) == before | retired
    as_declared(stack.settled(), sandbox, rest, remaining=[portal_id])

    declare(stack, BRAND).up().require()
    state = stack.resources()
    assert state["portal"]["id"] == portal_id
    assert mark_of("portal", state, stack) != mark
    as_declared(stack.settled(), sandbox, BRAND)

    stack.destroy().require().says("was disabled")
    assert sandbox.object("customer_portal", portal_id)["enabled"] is False


def test_a_portal_that_disappeared_is_made_anew(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    state = stack.resources()
    sandbox.remove("customer_portal", state["portal"]["id"])

    other = but(BRAND, {("portal", "display_name"): "Acme & Co."})
    said = declare(stack, other).up().require(ok=False)
    said.says("is no longer in RevCent", "Run `pulumi refresh`")
    assert stack.resources()["portal"]["id"] == state["portal"]["id"]

    assert shown.refresh(stack) == {"portal": ("delete", frozenset())}
    stack.refresh().require()
    assert "portal" not in stack.resources()
    stack.up().require()
    as_declared(stack.settled(), sandbox, other)
