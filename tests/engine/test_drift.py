"""What counts as drift and what does not, beside the single properties that `test_properties` changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared
from tests.engine.declarations import BRAND, but, declare
from tests.engine.programs import SECRET_KEY
from tests.engine.properties import ACME_EU, ACME_US

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

FILTERED = but(BRAND, {("portal", "customer_filters.campaign"): [ACME_US, ACME_EU]})


def test_what_revcent_adds_or_sorts_is_no_drift(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, FILTERED).up().require()
    state = stack.resources()
    sandbox.change("customer_portal", state["portal"]["id"], {"customer_filters": {"campaign": [ACME_EU, ACME_US]}})
    assert shown.refresh(stack) == {}

    sandbox.switch(url=True)
    records = [{"type": "A", "name": "acme.com", "value": "203.0.113.99"}]
    sandbox.change("tracking_domain", state["domain"]["id"], {"a_records": records})
    stack.refresh().require()
    outputs = {name: each["outputs"] for name, each in stack.resources().items() if "outputs" in each}
    url = sandbox.object("customer_portal", state["portal"]["id"])["url"]
    assert outputs["portal"]["url"] == url
    assert f'src="{url}"' in outputs["portal"]["embed_html"]
    assert outputs["domain"]["a_records"] == records
    sandbox.clear_calls()
    stack.settled()
    assert sandbox.calls == []


def test_drift_in_many_places_is_mended_and_keeps_the_secrets(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    portal_id = stack.resources()["portal"]["id"]
    found = {
        "enabled": False,
        "display_name": "Not Acme",
        "footer_html": "",
        "customer_emails": {"confirmation": {"html": "<p>{{email_code}} changed by hand</p>"}},
        "customer_permissions": {"credit_card_remove": True},
    }
    sandbox.change("customer_portal", portal_id, found)
    stack.refresh().require()
    state = stack.export()
    assert SECRET_KEY not in json.dumps(state)
    texts = ("<p>{{email_code}} changed by hand</p>", "email_code")
    outputs = json.dumps([each.get("outputs") for each in state["deployment"]["resources"]])
    assert not [text for text in texts if text in outputs]

    drifted = {"enabled", "display_name", "footer_html"}
    drifted |= {"customer_emails.confirmation.html", "customer_permissions.credit_card_remove"}
    assert shown.preview(stack) == {"portal": ("update", frozenset(drifted))}
    stack.up().require()
    as_declared(stack.settled(), sandbox, BRAND)


def test_drift_that_the_program_takes_over_is_settled(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    portal_id = stack.resources()["portal"]["id"]
    html = "<p>Better: {{email_code}}</p>"
    found = {"display_name": "Acme's customers", "customer_emails": {"password_reset": {"html": html}}}
    sandbox.change("customer_portal", portal_id, found)
    stack.refresh().require()

    sandbox.clear_calls()
    taken = but(
        BRAND,
        {("portal", "display_name"): "Acme's customers", ("portal", "customer_emails.password_reset.html"): html},
    )
    declare(stack, taken).settled()
    assert sandbox.calls == []
    stack.up().require()
    as_declared(stack.settled(), sandbox, taken)

    other = replace(taken["portal"], inputs=taken["portal"].inputs | {"footer_html": "<p>Also new</p>"})
    declare(stack, taken | {"portal": other}).up().require()
    as_declared(stack.settled(), sandbox, taken | {"portal": other})
