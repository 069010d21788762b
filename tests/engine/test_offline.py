"""What a preview needs of RevCent: nothing, unless something is new, and even then it can do without."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared
from tests.engine.declarations import BRAND, but, declare, domain, portal
from tests.engine.properties import ACME_EU

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


def test_an_unchanged_stack_previews_without_network_key_or_permission(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    sandbox.clear_calls()

    stack.environment["REVCENT_API_KEY"] = sandbox.add_key("may nothing", allow=[])
    stack.settled()
    assert sandbox.calls == []

    stack.environment["REVCENT_BASE_URL"] = closed_port()
    stack.settled()
    stack.up().require().says("8 unchanged")

    del stack.environment["REVCENT_API_KEY"]
    stack.settled()


def test_a_refresh_that_reaches_nobody_loses_nothing(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    stack.environment |= {"REVCENT_BASE_URL": closed_port(), "REVCENT_MAX_RETRIES": "0"}
    stack.refresh().require(ok=False).says("could not be reached")
    as_declared(stack.settled(), sandbox, BRAND)

    stack.environment["REVCENT_BASE_URL"] = sandbox.api_url
    assert shown.refresh(stack) == {}


def test_what_is_new_or_changed_previews_without_network(stack: Stack) -> None:
    declare(stack, BRAND).up().require()
    stack.environment |= {"REVCENT_BASE_URL": closed_port(), "REVCENT_MAX_RETRIES": "0"}
    changed = but(BRAND, {("portal", "display_name"): "New", ("portal", "customer_filters.campaign"): [ACME_EU]})
    more = changed | {"second": portal("Second portal")} | domain("acme.net", "other-")

    planned = shown.preview(declare(stack, more))
    assert planned["portal"] == ("update", frozenset({"display_name", "customer_filters.campaign"}))
    assert {name for name, (op, _) in planned.items() if op == "create"} == more.keys() - BRAND.keys()

    stack.environment["REVCENT_OFFLINE"] = "true"
    assert shown.preview(stack) == planned


def test_an_offline_preview_asks_nothing(stack: Stack, sandbox: Sandbox) -> None:
    stack.environment["REVCENT_OFFLINE"] = "true"
    assert shown.preview(declare(stack, BRAND)).keys() >= BRAND.keys()
    assert sandbox.calls == []


def closed_port() -> str:
    """Return a base URL at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v2"
