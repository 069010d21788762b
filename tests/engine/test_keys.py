"""The wrong API key: nothing is lost, nothing is changed, and the message names the cause."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from tests.engine.account import changes, require_one_brand, the
from tests.engine.programs import HEAD, MAIL, WHOLE, but
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

CHANGED = but(WHOLE, 'display_name="Acme"', 'display_name="Acme Inc."')
LISTS = {operation for operation in OPERATIONS if operation.startswith("Get") and operation.endswith("s")}


def known(stack: Stack) -> dict[str, Any]:
    """What the state knows, secrets included."""
    kept = ("id", "inputs", "outputs")
    return {name: {key: found.get(key) for key in kept} for name, found in stack.resources("--show-secrets").items()}


def require_nothing_lost(stack: Stack, sandbox: Sandbox, before: dict[str, Any], *words: str) -> None:
    """Assert that refresh, an update and destroy fail with these words, and leave state and account as they are."""
    with changes(sandbox) as changed:
        stack.refresh().require(ok=False).says(*words)
        stack.write(CHANGED).up().require(ok=False).says(*words)
        stack.destroy().require(ok=False).says(*words)
    assert changed == {}
    assert known(stack) == before


def test_keys_that_see_nothing(stack: Stack, sandbox: Sandbox) -> None:
    sandbox.add("tracking_domain", {"domain": "bolt.com"}, account="bolt")
    stack.write(WHOLE).up().require()
    good = stack.environment.pop("REVCENT_API_KEY")
    revoked = sandbox.add_key("revoked")
    sandbox.revoke(revoked)
    another = (
        "this key sees none of the objects of this stack: another account, or a test key?",
        "Nothing was changed",
    )
    refused = ("RevCent does not accept the API key", "REVCENT_API_KEY")
    before = known(stack)
    unset = ("No RevCent API key is configured", "pulumi config set --secret revcent:apiKey")
    require_nothing_lost(stack, sandbox, before, *unset)
    for key, words in (
        (sandbox.add_key("another", account="bolt"), another),
        (sandbox.add_key("test", mode="test"), another),
        (revoked, refused),
    ):
        stack.environment["REVCENT_API_KEY"] = key
        require_nothing_lost(stack, sandbox, before, *words)
    assert [each["domain"] for each in sandbox.objects("tracking_domain", account="bolt")] == ["bolt.com"]
    assert sandbox.objects("customer_portal", account="bolt") == []

    stack.environment["REVCENT_API_KEY"] = good
    stack.write(WHOLE).settled()
    require_one_brand(sandbox)


def test_a_mail_profile_alone_is_not_lost_either(stack: Stack, sandbox: Sandbox) -> None:
    """It can neither be read nor listed, so only writing shows that the account is another one."""
    stack.write(HEAD + MAIL).up().require()
    stack.environment["REVCENT_API_KEY"] = sandbox.add_key("another", account="bolt")
    before = known(stack)
    with changes(sandbox) as changed:
        stack.write(HEAD + but(MAIL, "port=587", "port=588"))
        stack.up().require(ok=False).says("this key sees none of the objects of this stack")
        stack.destroy().require(ok=False).says("this key sees none of the objects of this stack")
    assert changed == {}
    assert known(stack) == before


def test_a_rotated_key(stack: Stack, sandbox: Sandbox) -> None:
    old, new = sandbox.add_key("old"), sandbox.add_key("new")
    del stack.environment["REVCENT_API_KEY"]
    stack.pulumi("config", "set", "revcent:apiKey", old).require()
    stack.write(WHOLE).up().require().says("revcent:apiKey was configured without --secret", "--secret revcent:apiKey")
    stack.pulumi("config", "set", "--secret", "revcent:apiKey", new).require()
    sandbox.revoke(old)

    before = known(stack)
    words = ("RevCent does not accept the API key", "came from revcent:apiKey", "--run-program")
    with changes(sandbox) as changed:
        stack.refresh().require(ok=False).says(*words)
        stack.destroy().require(ok=False).says(*words)
        assert known(stack) == before
        stack.refresh("--run-program").require()
        assert "without --secret" not in stack.write(WHOLE).up().require().out
        stack.refresh().require()
    assert changed == {}
    stack.settled()
    require_one_brand(sandbox)


def test_a_key_that_may_not_list(
    new_stack: Callable[..., Stack], environment: dict[str, str], sandbox: Sandbox
) -> None:
    blind = {**environment, "REVCENT_API_KEY": sandbox.add_key("blind", allow=OPERATIONS - LISTS)}
    stack = new_stack(environment=blind).write(WHOLE)
    stack.up().require()
    stack.refresh().require()
    stack.settled()
    require_one_brand(sandbox)

    twin = new_stack(name="twin", environment=blind)
    with changes(sandbox) as changed:
        told = twin.write(WHOLE).up("--continue-on-error").require(ok=False)
        told.says("create a tracking domain", "already exists", "aliases=", "adopt_id=")
    assert changed == {}

    portal = the(sandbox, "customer_portal")
    sandbox.remove("customer_portal", portal["id"])
    may_not = "the API key may not list customer portals, so it cannot be confirmed that it is gone"
    require_nothing_lost(stack, sandbox, known(stack), may_not, "pulumi state delete")
    stack.environment = environment
    stack.write(WHOLE).refresh().require()
    assert "portal" not in stack.resources()
    stack.up().require()
    require_one_brand(sandbox)
    stack.settled()


def test_the_last_object_was_removed_by_hand(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(HEAD + 'revcent.TrackingDomain("domain", domain="acme.com")\n').up().require()
    removed = the(sandbox, "tracking_domain")["id"]
    sandbox.remove("tracking_domain", removed)
    told = stack.refresh().require(ok=False)
    told.says("another account, or a test key?", "If the object was removed by hand and was the last one of this stack")
    cure = re.search(r"run `pulumi (state delete) '([^']+)'`", told.flat)
    assert cure is not None
    stack.pulumi(*cure[1].split(), cure[2], "--yes", "--stack", stack.name).require()
    stack.refresh().require()
    stack.up().require()
    assert the(sandbox, "tracking_domain")["id"] != removed
    stack.settled()
