"""A run is killed (SIGKILL) at a moment that a delayed answer makes certain, and the documented recipe mends it."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.docs.pages import CHECKOUT, Page
from tests.engine.account import changes, require_one_brand, the
from tests.engine.programs import HEAD, MAIL, WHOLE, but
from tests.engine.stack import Result, Stack, end_session

pytestmark = pytest.mark.engine

PATIENCE = 60.0
"""Seconds after which a test gives up waiting for a run to get somewhere."""


def recipe(*, last: str = "up") -> list[list[str]]:
    """The commands of the documentation, word by word; the last one is for who ran `up`."""
    (block,) = Page(CHECKOUT / "docs/recovery.md").blocks("sh")
    commands = [shlex.split(line, comments=True) for line in block.splitlines()]
    assert [command[:2] for command in commands] == [["pulumi", "cancel"], ["pulumi", "refresh"], ["pulumi", "up"]]
    commands[-1][1] = last
    return [command[1:] for command in commands]


def recover(stack: Stack, **how: str) -> Result:
    """Follow the recipe; return what its last command says."""
    *first, last = recipe(**how)
    for command in first:
        stack.pulumi(*command, "--stack", stack.name).require()
    result = stack.pulumi(*last, "--stack", stack.name)
    assert "pending" not in result.out
    return result


@contextmanager
def interrupted(
    stack: Stack, sandbox: Sandbox, method: str, path: str, *words: str, seconds: float = PATIENCE
) -> Iterator[subprocess.Popen[str]]:
    """Start a command (`up` by default) and go on when RevCent has carried a request out but not answered it yet."""
    sandbox.clear_calls()
    sandbox.fault("delay", method, path, seconds=seconds)
    process = stack.popen(*(words or ("up",)), "--yes", "--skip-preview", "--stack", stack.name)
    try:
        wait_for_call(sandbox, process, fault="delay")
        yield process
    finally:
        end_session(process)


def kill(stack: Stack, sandbox: Sandbox, method: str, path: str, *words: str) -> None:
    """Kill a command with all its processes between a request and its answer."""
    with interrupted(stack, sandbox, method, path, *words) as process:
        end_session(process)


def wait_for_call(sandbox: Sandbox, process: subprocess.Popen[str] | None, **wanted: object) -> None:
    """Wait until RevCent was asked something; fail when the command ends before."""
    last = time.monotonic() + PATIENCE
    while not any(wanted.items() <= call.items() for call in sandbox.calls):
        assert process is None or process.poll() is None, "the command ended by itself"
        assert time.monotonic() < last, f"RevCent was not asked: {wanted}"
        time.sleep(0.02)


def test_killed_while_a_portal_is_made(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE)
    kill(stack, sandbox, "POST", "^/customer_portals$")
    made = the(sandbox, "customer_portal")["id"]
    assert "portal" not in stack.resources()
    stack.up().require(ok=False).says("locked", "pulumi cancel")
    recover(stack).require()
    assert the(sandbox, "customer_portal")["id"] == made
    require_one_brand(sandbox)
    stack.settled()


def begin_with_the_mail_profile(stack: Stack) -> None:
    """Make what would be under way beside the killed request, and cannot be looked up afterwards."""
    stack.write(HEAD + MAIL).up().require()
    stack.write(WHOLE)


def test_the_provider_outlives_the_killed_command_and_ends_its_work(stack: Stack, sandbox: Sandbox) -> None:
    begin_with_the_mail_profile(stack)
    with interrupted(stack, sandbox, "POST", "^/tracking_domains$", seconds=1.0) as process:
        process.kill()
        wait_for_call(sandbox, None, method="GET", entity="tracking_domain")  # what ends a create
        made = the(sandbox, "tracking_domain")["id"]
        recover(stack).require()
    assert the(sandbox, "tracking_domain")["id"] == made
    require_one_brand(sandbox)
    stack.settled()


def test_killed_while_a_certificate_is_started(stack: Stack, sandbox: Sandbox) -> None:
    begin_with_the_mail_profile(stack)
    kill(stack, sandbox, "POST", "/initialize_ssl$")
    recover(stack).require()
    assert [call for call in sandbox.calls if call["action"] == "initialize_ssl"][1:] == []
    require_one_brand(sandbox)
    stack.settled()


def test_killed_while_a_mail_profile_is_made(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE)
    kill(stack, sandbox, "POST", "^/smtp_profiles$")
    made = the(sandbox, "smtp_profile")["id"]
    recover(stack).require(ok=False).says("refused to create an SMTP profile", 'adopt_id="<the ID shown in RevCent>"')
    stack.write(but(WHOLE, "port=587", f'port=587, adopt_id="{made}"')).up().require()
    assert the(sandbox, "smtp_profile")["id"] == made
    require_one_brand(sandbox)
    stack.write(WHOLE).settled()


def test_killed_while_something_is_changed_then_while_it_is_destroyed(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(but(WHOLE, 'display_name="Acme"', 'display_name="Acme Inc."')).up().require()
    stack.write(WHOLE)
    kill(stack, sandbox, "POST", r"^/customer_portals/\w+$")
    recover(stack).require()
    require_one_brand(sandbox)
    stack.settled()

    with changes(sandbox) as changed:
        kill(stack, sandbox, "POST", r"^/customer_portals/\w+$", "destroy")
    assert changed == {"customer_portal 'Acme customer portal'": {"enabled", "description"}}
    with changes(sandbox) as changed:
        recover(stack).require()  # somebody thinks better of it
    assert changed == {"customer_portal 'Acme customer portal'": {"enabled", "description"}}
    require_one_brand(sandbox)
    stack.settled()

    kill(stack, sandbox, "POST", r"^/customer_portals/\w+$", "destroy")
    recover(stack, last="destroy").require()
    assert the(sandbox, "customer_portal")["enabled"] is False
    assert the(sandbox, "smtp_profile")["enabled"] is False
    assert stack.resources() == {}
