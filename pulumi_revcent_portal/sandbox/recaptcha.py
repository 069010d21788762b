"""The answers of a stand-in for Google's reCAPTCHA check, `siteverify`. No HTTP in here.

Fields and error codes are those of https://developers.google.com/recaptcha/docs/verify.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.values import digest

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.switches import Switches

HUMAN: Final = "sandbox-human"
"""The response token that the stand-in takes for a solved challenge."""
TEST_SECRET: Final = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"  # noqa: S105 - published by Google for tests
"""The secret that Google publishes for tests: every response passes with it."""
_SHAPE: Final = re.compile(r"6L[A-Za-z0-9_-]{38}")


def siteverify(switches: Switches, secret: str, response: str, now: float) -> dict[str, Any]:
    """Return what siteverify answers.

    Args:
        switches: say which secrets are known: those of `recaptcha_secrets`, or else every one of a secret's shape, but
            never one of `bad_recaptcha_secrets`.
        secret: the site's secret.
        response: the visitor's token; `sandbox-human` is a solved challenge.
        now: the time, in Unix seconds.
    """
    errors = []
    if not secret:
        errors.append("missing-input-secret")
    elif not _is_known(switches, secret):
        errors.append("invalid-input-secret")
    if not response:
        errors.append("missing-input-response")
    elif not errors and response != HUMAN and secret != TEST_SECRET:
        errors.append("invalid-input-response")
    if errors:
        return {"success": False, "error-codes": errors}
    at = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"success": True, "challenge_ts": at, "hostname": "sandbox.example"}


def _is_known(switches: Switches, secret: str) -> bool:
    kept = digest(secret)
    if kept in switches.bad_recaptcha_secrets:
        return False
    if switches.recaptcha_secrets is not None:
        return kept in switches.recaptcha_secrets
    return _SHAPE.fullmatch(secret) is not None
