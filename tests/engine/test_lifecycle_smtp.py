"""An SMTP profile's life where RevCent shows none: kept while in use, retired under another name, never looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared, mark_of
from tests.engine.declarations import BRAND, but, declare, mail, without

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

TWO = without(BRAND, "portal") | {"other": mail("Other mail"), "portal": BRAND["portal"]}
MOVED = without(but(TWO, {("portal", "smtp_profile"): "$other"}), "mail")


def test_a_profile_is_retired_under_another_name_and_its_name_is_free(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, TWO).up().require()
    as_declared(stack.settled(), sandbox, TWO)
    state = stack.resources()
    object_id, mark = state["mail"]["id"], mark_of("mail", state, stack)
    before = sandbox.object("smtp_profile", object_id)

    said = declare(stack, MOVED).up().require()
    after = sandbox.object("smtp_profile", object_id)
    said.says(f"RevCent cannot delete SMTP profiles: {object_id} was disabled and renamed to '{after['name']}'")
    assert after["name"].startswith("Acme mail (retired ")
    retired = {"enabled": False, "description": mark.replace("[pulumi ", "[pulumi retired "), "name": after["name"]}
    assert after == before | retired
    as_declared(stack.settled(), sandbox, MOVED, remaining=[object_id])

    declare(stack, TWO).up().require()
    assert stack.resources()["mail"]["id"] != object_id
    as_declared(stack.settled(), sandbox, TWO, remaining=[object_id])


def test_a_profile_stays_while_a_portal_that_is_not_ours_uses_it(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, TWO).up().require()
    state = stack.resources()
    others = {
        "name": "Somebody's portal",
        "tracking_domain": state["domain"]["id"],
        "smtp_profile": state["mail"]["id"],
    }
    portal_id = sandbox.add("customer_portal", others)
    before = sandbox.object("smtp_profile", state["mail"]["id"])

    said = declare(stack, MOVED).up().require()
    said.says("SMTP profile 'Acme mail'", "was left as it is: enabled portals use it: Somebody's portal")
    assert sandbox.object("smtp_profile", state["mail"]["id"]) == before
    as_declared(stack.settled(), sandbox, MOVED, remaining=[before["id"], portal_id])


def test_a_profile_that_disappeared_is_noticed_by_the_next_write(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    state = stack.resources()
    object_id, urn = state["mail"]["id"], state["mail"]["urn"]
    sandbox.remove("smtp_profile", object_id)

    assert shown.refresh(stack) == {}
    stack.refresh().require().says(f"RevCent's API does not show SMTP profiles: the last known settings of {object_id}")
    stack.settled()

    other = but(BRAND, {("mail", "port"): 2525})
    said = declare(stack, other).up().require(ok=False)
    said.says(f"The SMTP profile {object_id} is no longer in RevCent", f"pulumi up --replace '{urn}'")
    stack.up("--replace", urn).require()
    assert stack.resources()["portal"]["id"] == state["portal"]["id"]
    as_declared(stack.settled(), sandbox, other)
