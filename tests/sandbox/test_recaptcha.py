"""The stand-in for Google's siteverify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox.recaptcha import HUMAN, TEST_SECRET

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox

SECRET = "6L" + "x" * 38


def asked(sandbox: Sandbox, **form: str) -> Any:
    answer = httpx.post(sandbox.siteverify_url, data=form, trust_env=False)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({}, ["missing-input-secret", "missing-input-response"]),
        ({"response": "r"}, ["missing-input-secret"]),
        ({"secret": SECRET}, ["missing-input-response"]),
        ({"secret": "made-up", "response": "r"}, ["invalid-input-secret"]),
        ({"secret": "made-up", "response": HUMAN}, ["invalid-input-secret"]),
        ({"secret": SECRET, "response": "r"}, ["invalid-input-response"]),
    ],
)
def test_refusals(sandbox: Sandbox, form: dict[str, str], errors: list[str]) -> None:
    assert asked(sandbox, **form) == {"success": False, "error-codes": errors}


@pytest.mark.parametrize("form", [{"secret": SECRET, "response": HUMAN}, {"secret": TEST_SECRET, "response": "any"}])
def test_success(sandbox: Sandbox, form: dict[str, str]) -> None:
    answer = asked(sandbox, **form)
    assert answer["success"] is True
    assert answer["challenge_ts"].endswith("Z")


def test_listed_secrets(sandbox: Sandbox) -> None:
    sandbox.switch(recaptcha_secrets=["listed"])
    assert asked(sandbox, secret="listed", response="r")["error-codes"] == ["invalid-input-response"]
    assert asked(sandbox, secret=SECRET, response="r")["error-codes"] == ["invalid-input-secret"]
    sandbox.switch(recaptcha_secrets=None, bad_recaptcha_secrets=[SECRET])
    assert asked(sandbox, secret=SECRET, response="r")["error-codes"] == ["invalid-input-secret"]
    assert asked(sandbox, secret=TEST_SECRET, response="r")["success"] is True


def test_it_is_posted_and_leaves_no_trace_in_the_log(sandbox: Sandbox) -> None:
    assert httpx.get(sandbox.siteverify_url, trust_env=False).status_code == 405
    asked(sandbox, secret=SECRET, response="r")
    assert sandbox.calls == []
