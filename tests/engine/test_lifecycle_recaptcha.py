"""The life of a pair of reCAPTCHA keys, which exist in portals only: verified, changed, replaced, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared
from tests.engine.declarations import BRAND, but, declare, without
from tests.engine.programs import SECRET_KEY, SITE_KEY
from tests.engine.properties import OTHER_SECRET_KEY, OTHER_SITE_KEY

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


def test_a_pair_of_keys_is_replaced_in_the_portal_that_uses_it(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    as_declared(stack.settled(), sandbox, BRAND)
    portal_id = stack.resources()["portal"]["id"]

    secret = but(BRAND, {("captcha", "secret_key"): OTHER_SECRET_KEY})
    assert shown.preview(declare(stack, secret)).keys() == {"captcha", "portal"}
    stack.up().require()
    as_declared(stack.settled(), sandbox, secret)

    both = but(secret, {("captcha", "site_key"): OTHER_SITE_KEY})
    planned = shown.preview(declare(stack, both))
    assert planned["portal"] == ("update", frozenset({"recaptcha.site_key"}))
    stack.up().require()
    assert stack.resources()["captcha"]["id"] == OTHER_SITE_KEY
    assert stack.resources()["portal"]["id"] == portal_id
    as_declared(stack.settled(), sandbox, both)

    keys = {"site_key": SITE_KEY, "secret_key": SECRET_KEY}
    inline = without(but(BRAND, {("portal", "recaptcha"): keys}), "captcha")
    declare(stack, inline).up().require()
    as_declared(stack.settled(), sandbox, inline)


def test_keys_are_verified_when_they_are_made_or_changed_and_never_else(stack: Stack, sandbox: Sandbox) -> None:
    asked = but(BRAND, {("captcha", "verify"): True, ("captcha", "verify_url"): sandbox.siteverify_url})
    sandbox.switch(bad_recaptcha_secrets=[SECRET_KEY])
    said = declare(stack, asked).up().require(ok=False)
    said.says("secret_key is not known to the siteverify service", "reCAPTCHA admin console")
    assert SECRET_KEY not in said.out

    sandbox.switch(bad_recaptcha_secrets=[OTHER_SECRET_KEY])
    stack.up().require()
    as_declared(stack.settled(), sandbox, asked)

    changed = but(asked, {("captcha", "secret_key"): OTHER_SECRET_KEY})
    said = declare(stack, changed).up().require(ok=False)
    said.says("secret_key is not known to the siteverify service")
    as_declared(declare(stack, asked).settled(), sandbox, asked)
