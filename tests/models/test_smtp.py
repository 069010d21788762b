from __future__ import annotations

from typing import Any

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import InvalidInputs, SmtpProfileInputs, SmtpProfileRef, validate
from tests.wrong_declarations import PROFILE_ID, SENDER, VALID


def profile(**changed: Any) -> dict[str, Any]:
    given = {key: value for key, value in VALID["SmtpProfile"].items() if key != "sender"}
    return validate(SmtpProfileInputs, {**given, **changed}).dump()


@pytest.mark.parametrize(
    "host",
    [
        "smtp.acme.com",
        "SMTP.acme.com",
        "mail",
        "mail_1.acme.test",
        "192.0.2.7",
        "2001:db8::1",
        "a-b.example",
        "3com.com",
    ],
)
def test_hosts_are_kept_as_written(host: str) -> None:
    assert profile(host=host)["host"] == host


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("", "neither a host name nor an IP address"),
        ("smtp acme", "neither a host name nor an IP address"),
        ("smtp..acme.com", "neither a host name nor an IP address"),
        ("-smtp.acme.com", "neither a host name nor an IP address"),
        ("192.0.2.300", "neither a host name nor an IP address"),
        ("192.0.2", "neither a host name nor an IP address"),
        (f"{'a' * 64}.com", "neither a host name nor an IP address"),
        (".".join(["a" * 60] * 5), "neither a host name nor an IP address"),
        ("smtp.acme.com:abc", "neither a host name nor an IP address"),
        ("[abc]", "neither a host name nor an IP address"),
        ("[192.0.2.7]", "neither a host name nor an IP address"),
        ("smtp.acme.com:587", "host='smtp.acme.com' and port=587"),
        ("tls://smtp.acme.com", "secure="),
        ("[2001:db8::1]", "Write '2001:db8::1'"),
        ("portal@acme.com", "the name of the mail server"),
    ],
)
def test_hosts_refused(host: str, words: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        profile(host=host)
    assert words in str(caught.value)


def test_the_username_is_the_sender_when_it_is_an_address() -> None:
    assert profile(username=SENDER)["sender"] == SENDER
    assert profile(username=SENDER, sender="other@acme.test")["sender"] == "other@acme.test"
    assert "sender" not in profile(username="apikey")


def test_an_unknown_username_leaves_the_sender_unknown() -> None:
    assert profile(username=UNKNOWN)["sender"] is UNKNOWN
    assert profile(username=UNKNOWN, sender=SENDER)["sender"] == SENDER
    assert "sender" not in profile(username=Output.from_input(SENDER))


def test_a_reference_needs_no_sender() -> None:
    assert validate(SmtpProfileRef, {"id": PROFILE_ID}).dump() == {"id": PROFILE_ID}
    assert SmtpProfileRef(id=PROFILE_ID, sender=SENDER).sender == SENDER
