"""The main job: one brand from nothing, and a second preview that shows no change."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.programs import WHOLE
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


def test_a_portal_is_made_and_a_second_preview_is_empty(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE).preview().require()
    stack.up().require()
    sandbox.clear_calls()
    stack.settled()
    assert sandbox.calls == []
    (portal,) = sandbox.objects("customer_portal")
    assert portal["id"] == stack.outputs()["portal_id"]
