"""Waiting for a domain on the real engine: it holds up nothing else, is shown, ends in every way, and resumes."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.comparison import as_declared
from tests.engine.declarations import BRAND, Declaration, but, declare, domain, mail, portal
from tests.engine.stack import Stack, end_session

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox

pytestmark = pytest.mark.engine

PATIENCE = 60.0
STEPS = ("ssl", "ready", "portal")


def patient(declaration: Declaration, timeout: str, *names: str) -> Declaration:
    """Let resources wait no longer than this."""
    return but(declaration, {(name, "wait"): {"timeout": timeout} for name in names or STEPS})


def certificates(sandbox: Sandbox) -> dict[str, Any]:
    return {each["domain"]: each for each in sandbox.objects("tracking_domain")}


def until(condition: Any) -> None:
    """Wait for something that a running command does."""
    last = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < last, "it never happened"
        time.sleep(0.05)


def test_one_up_goes_from_nothing_to_a_portal_and_says_what_it_waits_for(stack: Stack, sandbox: Sandbox) -> None:
    sandbox.switch(transition={"certificate": {"seconds": 4}, "dns": {"seconds": 2}})
    declaration = BRAND | {"other": mail("Other mail")}
    said = declare(stack, declaration).up().require()
    said.says("of 20m: the certificate is 'pending' at RevCent", "of 20m: the DNS is 'pending' at RevCent")
    as_declared(stack.settled(), sandbox, declaration)

    made = {call["path"]: call["at"] for call in reversed(sandbox.calls) if call["method"] == "POST"}
    begun = min(made.values())
    assert made["/smtp_profiles"] - begun < 3, "nothing else waits"
    assert made["/customer_portals"] - begun >= 6

    sandbox.clear_calls()
    stack.up().require().says("9 unchanged")
    assert [(call["action"], call["entity"]) for call in sandbox.calls] == [("list", "tracking_domain")]


def test_one_domain_that_never_gets_ready_fails_alone_and_is_resumed(stack: Stack, sandbox: Sandbox) -> None:
    sandbox.switch(transition={"certificate": "never"})
    slow = domain("acme.net", "slow-")
    both = (
        patient(BRAND, "30s")
        | patient(slow, "3s", "slow-ssl", "slow-ready")
        | {"slow-portal": portal("Slow portal", tracking_domain="$slow-ready")}
    )
    process = declare(stack, both).popen("up", "--yes", "--skip-preview", "--continue-on-error", "--stack", stack.name)
    until(
        lambda: (
            len(certificates(sandbox)) == 2 and all(each["cname_records"] for each in certificates(sandbox).values())
        )
    )
    sandbox.change("tracking_domain", certificates(sandbox)["acme.com"]["id"], {"ssl_status": "issued"})
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    flat = " ".join(out.split())
    record = certificates(sandbox)["acme.net"]["cname_records"][0]
    assert "before hook \"domain is ready\" failed: 'acme.net' is not ready after 3s" in flat, out
    assert f"{record['name']}. 300 IN CNAME {record['value']}." in flat
    assert [each["name"] for each in sandbox.objects("customer_portal")] == ["Acme customer portal"]
    assert "Traceback" not in out

    sandbox.change("tracking_domain", certificates(sandbox)["acme.net"]["id"], {"ssl_status": "issued"})
    stack.up().require()
    as_declared(stack.settled(), sandbox, both)


def test_a_failure_ends_the_wait_with_revcents_word(stack: Stack, sandbox: Sandbox) -> None:
    sandbox.switch(
        transition={"certificate": {"seconds": 2, "outcome": "failed"}}, status_words={"failed": "Validation timed out"}
    )
    begun = time.monotonic()
    said = declare(stack, BRAND).up().require(ok=False)
    said.says("The certificate of 'acme.com' is 'Validation timed out' (failed) at RevCent", "`pulumi up --refresh`")
    assert time.monotonic() - begun < PATIENCE, "and not after 20 minutes"
    sandbox.switch(transition="immediate")
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, BRAND)


@pytest.mark.parametrize("how", ["interrupted", "killed"])
def test_a_run_that_ends_in_the_middle_of_waiting_is_resumed(stack: Stack, sandbox: Sandbox, how: str) -> None:
    sandbox.switch(transition={"certificate": "never"})
    process = declare(stack, BRAND).popen("up", "--yes", "--skip-preview", "--stack", stack.name)
    until(lambda: any(each["cname_records"] for each in certificates(sandbox).values()))
    time.sleep(2)
    if how == "interrupted":
        begun = time.monotonic()
        os.kill(process.pid, signal.SIGINT)  # the first Ctrl-C, as the CLI gets it
        process.communicate(timeout=PATIENCE)
        assert time.monotonic() - begun < 10
    end_session(process)
    stack.pulumi("cancel", "--yes", "--stack", stack.name)
    assert stack.export()["deployment"].get("pending_operations", []) == []

    sandbox.change("tracking_domain", certificates(sandbox)["acme.com"]["id"], {"ssl_status": "issued"})
    stack.up().require()
    as_declared(stack.settled(), sandbox, BRAND)


def test_a_portal_waits_for_another_domain_and_can_be_changed_whatever_becomes_of_its_own(
    stack: Stack, sandbox: Sandbox
) -> None:
    declare(stack, BRAND).up().require()
    sandbox.switch(transition={"certificate": "never"})
    moved = patient(domain("acme.net", "other-"), "2s", "other-ssl", "other-ready") | BRAND
    direct = but(moved, {("portal", "tracking_domain"): "$other-domain", ("portal", "wait"): {"timeout": "2s"}})
    said = declare(stack, direct).up("--continue-on-error").require(ok=False)
    said.says("'acme.net' is not ready after 2s", "the certificate is 'pending' at RevCent")
    (found,) = sandbox.objects("customer_portal")
    assert found["tracking_domain"] == certificates(sandbox)["acme.com"]["id"]

    sandbox.change("tracking_domain", certificates(sandbox)["acme.com"]["id"], {"ssl_status": "expired"})
    stopped = but(BRAND, {("portal", "enabled"): False, ("portal", "wait"): False})
    declare(stack, stopped).up().require()
    (found,) = sandbox.objects("customer_portal")
    assert found["enabled"] is False


def test_not_waiting_fails_at_once_with_what_is_missing(stack: Stack, sandbox: Sandbox) -> None:
    sandbox.switch(transition={"certificate": "never"})
    hasty = but(BRAND, {(name, "wait"): False for name in STEPS})
    begun = time.monotonic()
    said = declare(stack, hasty).up().require(ok=False)
    said.says("'acme.com' is not ready yet: the certificate is 'pending' at RevCent")
    assert "of 20m" not in said.out
    assert time.monotonic() - begun < PATIENCE


def test_what_is_missing_in_the_dns_is_named_server_by_server(stack: Stack, sandbox: Sandbox) -> None:
    """By hand: nobody publishes the records but a person, in several sittings."""
    sandbox.switch(transition={"lookup": {"issue_seconds": 1}})
    stack.environment["REVCENT_RESOLVERS"] = sandbox.dns_address
    slow = domain("acme.example")
    wanted = patient(slow, "2s", "ssl", "ready")

    sandbox.dns_fault("servfail", times=None)
    said = declare(stack, wanted).up().require(ok=False)
    said.says("'acme.example' is not ready after 2s", "SERVFAIL", "pulumi config set revcent:resolvers none")
    sandbox.clear_faults()

    said = stack.up().require(ok=False)
    said.says("Add these records at the DNS host of 'acme.example': acme.example. 300 IN A 203.0.113.10")
    said.says("A acme.example not on", "(and 1 more)", "acme.example. 300 IN A 203.0.113.20", "no such record")

    sandbox.set_record("acme.example", "A", ["192.0.2.9"])
    stack.up().require(ok=False).says("A acme.example is 192.0.2.9 on", "not 203.0.113.10")

    sandbox.set_record("acme.example", "A", ["203.0.113.10", "203.0.113.20"])
    said = stack.up().require(ok=False)
    first, second = certificates(sandbox)["acme.example"]["cname_records"]
    said.says(f"CNAME {first['name']} not on", f"{second['name']}. 300 IN CNAME {second['value']}.", "no such name")

    for record in (first, second):
        sandbox.set_record(record["name"], "CNAME", [record["value"]])
    declare(stack, slow).up().require()
    as_declared(stack.settled(), sandbox, slow)
