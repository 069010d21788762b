"""Saved plans: `preview --save-plan`, then `up --plan`, never finds itself violated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.comparison import as_declared
from tests.engine.declarations import BRAND, but, declare, portal, without
from tests.engine.properties import ACME_EU, ACME_US, OTHER_SECRET_KEY

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Result, Stack

pytestmark = pytest.mark.engine

TWO = BRAND | {"spare": portal("Spare portal")}
CHANGED = but(
    TWO,
    {
        ("portal", "footer_html"): "<p>Changed</p>",
        ("portal", "customer_permissions.contact_modify"): True,
        ("portal", "customer_filters.campaign"): [ACME_US, ACME_EU],
        ("mail", "password"): "second password",
        ("captcha", "secret_key"): OTHER_SECRET_KEY,
        ("domain", "description"): "The domain",
    },
)


def test_a_saved_plan_is_never_violated(stack: Stack, sandbox: Sandbox) -> None:
    by_plan(declare(stack, TWO)).says("9 created")
    as_declared(stack.settled(), sandbox, TWO)

    by_plan(stack).says("9 unchanged")

    by_plan(declare(stack, CHANGED)).says("4 updated", "5 unchanged")
    as_declared(stack.settled(), sandbox, CHANGED)

    state = stack.resources()
    found = {"display_name": "Drift", "customer_emails": {"confirmation": {"html": "<p>Drift {{email_code}}</p>"}}}
    sandbox.change("customer_portal", state["portal"]["id"], found)
    sandbox.remove("customer_portal", state["spare"]["id"])
    stack.refresh().require()
    by_plan(stack).says("1 created", "1 updated", "7 unchanged")
    as_declared(stack.settled(), sandbox, CHANGED)

    spare_id = stack.resources()["spare"]["id"]
    moved = without(but(CHANGED, {("domain", "domain"): "acme.net"}), "spare")
    by_plan(declare(stack, moved)).says("3 replaced", "1 updated", "1 deleted")
    as_declared(stack.settled(), sandbox, moved, remaining=[state["domain"]["id"], spare_id])


def by_plan(stack: Stack) -> Result:
    stack.preview("--save-plan", "plan.json").require()
    return stack.up("--plan", "plan.json").require()
