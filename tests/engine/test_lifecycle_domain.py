"""A domain's life, and that of its steps: not ready, ready, come undone, replaced, retired, disappeared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared, mark_of
from tests.engine.declarations import BRAND, but, declare, domain, without

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


def test_a_domain_gets_ready_step_by_step(stack: Stack, sandbox: Sandbox) -> None:
    """Without waiting, so that each run ends with what is missing."""
    sandbox.switch(transition="never", require_ready_domain=False)
    at_once = but(BRAND, {(name, "wait"): False for name in ("ssl", "ready", "portal")})
    hasty = but(at_once, {("portal", "tracking_domain"): "$domain"})
    said = declare(stack, hasty).up("--continue-on-error").require(ok=False)
    state = stack.resources()
    assert {"domain", "ssl", "ready", "portal"} & state.keys() == {"domain", "ssl"}
    assert sandbox.objects("customer_portal") == []
    (found,) = sandbox.objects("tracking_domain")
    assert state["domain"]["outputs"]["a_records"] == found["a_records"]
    records = [*found["a_records"], *found["cname_records"]]
    said.says("'acme.com' is not ready yet: the certificate is 'pending'", *[record["value"] for record in records])

    sandbox.change("tracking_domain", found["id"], {"ssl_status": "issued"})
    said = declare(stack, at_once).up().require(ok=False)
    said.says("'acme.com' is not ready yet: the DNS is 'pending' at RevCent")
    assert "ready" in stack.resources(), "RevCent was asked, and works on it"

    sandbox.change("tracking_domain", found["id"], {"dns_status": "complete"})
    stack.up().require()
    as_declared(stack.settled(), sandbox, at_once)


def test_a_certificate_that_failed_is_asked_for_again(stack: Stack, sandbox: Sandbox) -> None:
    sandbox.switch(transition={"certificate": "failed"})
    said = declare(stack, BRAND).up().require(ok=False)
    said.says("The certificate of 'acme.com' is 'failed' at RevCent", "run `pulumi up --refresh`")

    said = stack.up("--refresh").require(ok=False)
    said.says("RevCent does not prepare the certificate of 'acme.com' (status 'failed'): it is not complete yet. These")

    sandbox.switch(transition="immediate")
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, BRAND)


def test_what_came_undone_is_done_again(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    object_id = stack.resources()["domain"]["id"]

    sandbox.change("tracking_domain", object_id, {"dns_status": "failed"})
    stack.refresh().require()
    assert {"ready"} <= shown.preview(stack).keys() <= {"ready", "portal"}  # the portal waits for what ready says
    stack.up().require()
    as_declared(stack.settled(), sandbox, BRAND)

    sandbox.change("tracking_domain", object_id, {"ssl_status": "failed"})
    stack.refresh().require()
    assert {"ssl", "ready"} <= shown.preview(stack).keys() <= {"ssl", "ready", "portal"}
    stack.up().require()
    as_declared(stack.settled(), sandbox, BRAND)


def test_another_domain_replaces_and_the_portal_moves_to_it(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    state = stack.resources()
    portal_id, domain_id, mark = state["portal"]["id"], state["domain"]["id"], mark_of("domain", state, stack)

    moved = but(BRAND, {("domain", "domain"): "acme.net"})
    said = declare(stack, moved).up().require()
    said.says("RevCent cannot delete tracking domains: 'acme.com'", "marked as retired")
    assert stack.resources()["portal"]["id"] == portal_id
    retired = sandbox.object("tracking_domain", domain_id)
    assert retired["description"] == mark.replace("[pulumi ", "[pulumi retired ")
    as_declared(stack.settled(), sandbox, moved, remaining=[domain_id])

    declare(stack, BRAND).up().require()
    assert stack.resources()["domain"]["id"] == domain_id
    gone = {each["id"] for each in sandbox.objects("tracking_domain")} - {domain_id}
    as_declared(stack.settled(), sandbox, BRAND, remaining=gone)

    named = but(BRAND, {("domain", "name"): "Acme's domain"})
    declare(stack, named).up().require()
    refused = declare(stack, but(named, {("domain", "domain"): "acme.org"})).preview().require(ok=False)
    refused.says("name: 'Acme's domain' still belongs to the domain 'acme.com'", "Change name too, or leave it out")
    assert not [each for each in sandbox.objects("tracking_domain") if each["domain"] == "acme.org"]
    as_declared(declare(stack, named).settled(), sandbox, named, remaining=gone)


def test_a_domain_is_retired_with_its_steps_and_taken_back(stack: Stack, sandbox: Sandbox) -> None:
    both = BRAND | domain("acme.net", "other-")
    declare(stack, both).up().require()
    object_id = stack.resources()["other-domain"]["id"]

    declare(stack, BRAND).up().require().says("'acme.net'", "remains, marked as retired")
    as_declared(stack.settled(), sandbox, BRAND, remaining=[object_id])
    declare(stack, both).up().require()
    assert stack.resources()["other-domain"]["id"] == object_id
    as_declared(stack.settled(), sandbox, both)


def test_a_domain_that_disappeared_is_made_anew_and_the_portal_moves_to_it(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    state = stack.resources()
    sandbox.remove("tracking_domain", state["domain"]["id"])

    gone = ("delete", frozenset[str]())
    assert shown.refresh(stack) == {"domain": gone, "ssl": gone, "ready": gone}
    stack.refresh().require()
    stack.up().require()
    assert stack.resources()["portal"]["id"] == state["portal"]["id"]
    as_declared(stack.settled(), sandbox, BRAND)
    assert without(BRAND, "portal").keys() <= stack.resources().keys()
