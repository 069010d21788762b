from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import SmtpProfileInputs, validate
from pulumi_revcent_portal.rules import SMTP_RULES, smtp_findings
from tests.strategies import smtp_profiles
from tests.wrong_declarations import VALID


def profile(**changed: Any) -> dict[str, Any]:
    return validate(SmtpProfileInputs, {**VALID["SmtpProfile"], **changed}).dump()


def found(**changed: Any) -> list[str]:
    return [finding.rule_id for finding in smtp_findings(profile(**changed))]


MISMATCH, IN_THE_CLEAR, NO_SENDER = (rule.id for rule in SMTP_RULES)


@pytest.mark.parametrize(
    ("port", "secure", "expected"),
    [
        (465, "tls", []),
        (465, "starttls", [MISMATCH]),
        (465, "none", [MISMATCH, IN_THE_CLEAR]),
        (587, "starttls", []),
        (587, "tls", [MISMATCH]),
        (587, "none", [IN_THE_CLEAR]),
        (25, "starttls", []),
        (25, "tls", [MISMATCH]),
        (25, "none", [IN_THE_CLEAR]),
        (2525, "tls", []),
        (2525, "starttls", []),
        (UNKNOWN, "tls", []),
        (UNKNOWN, "none", [IN_THE_CLEAR]),
        (465, UNKNOWN, []),
    ],
)
def test_port_and_encryption(port: Any, secure: Any, expected: list[str]) -> None:
    assert found(port=port, secure=secure) == expected


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", UNKNOWN])
def test_this_machine_needs_no_encryption(host: Any) -> None:
    assert found(host=host, secure="none") == []


def test_a_profile_without_a_sender() -> None:
    assert found(username="apikey", sender=None) == [NO_SENDER]
    assert found(username="apikey", sender="portal@acme.test") == []
    assert found(username=UNKNOWN, sender=None) == []


def test_messages_name_the_setting_and_the_cure() -> None:
    (finding,) = smtp_findings(profile(port=465))
    assert (finding.field, finding.severity) == ("secure", "warning")
    assert "port 465" in finding.message
    assert "secure='tls'" in finding.message


@given(smtp_profiles(), st.data())
def test_rules_take_any_valid_profile_and_show_no_password(inputs: dict[str, Any], data: st.DataObject) -> None:
    secret = "canary-canary-canary"
    canonical = validate(SmtpProfileInputs, {**inputs, "password": secret}).dump()
    known = smtp_findings(canonical)
    assert secret not in repr(known)
    unknown = data.draw(st.sampled_from(sorted(canonical)))
    assert set(smtp_findings({**canonical, unknown: UNKNOWN})) <= set(known)
