from __future__ import annotations

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import CustomerEmail, CustomerEmails, InvalidInputs, validate
from tests.wrong_declarations import SENDER

HTML = "{{email_code}}"


def test_each_email_has_its_own_default_subject() -> None:
    email = CustomerEmail(from_address=SENDER, html=HTML)
    dumped = CustomerEmails(confirmation=email, password_reset=email).dump()
    assert dumped["confirmation"] == {
        "from_address": SENDER,
        "from_name": "",
        "subject": "Confirm your account",
        "cc": [],
        "bcc": [],
        "html": HTML,
    }
    assert dumped["password_reset"]["subject"] == "Reset your password"
    assert email.subject is None


def test_a_subject_that_is_given_stays() -> None:
    emails = {
        "confirmation": {"from_address": SENDER, "html": HTML, "subject": "Welcome"},
        "password_reset": {"from_address": SENDER, "html": HTML, "subject": UNKNOWN},
    }
    dumped = validate(CustomerEmails, emails).dump()
    assert dumped["confirmation"]["subject"] == "Welcome"
    assert dumped["password_reset"]["subject"] is UNKNOWN


def test_an_email_that_is_not_known_yet_passes() -> None:
    emails = {"confirmation": UNKNOWN, "password_reset": UNKNOWN}
    assert validate(CustomerEmails, emails).dump() == emails


def test_branded_reports_its_own_arguments() -> None:
    with pytest.raises(InvalidInputs) as caught:
        CustomerEmails.branded(brand="{{brand}}", from_address="acme", accent="red", cc=["x"], support_email="y")
    assert str(caught.value).startswith("test_emails.py:")
    assert "CustomerEmails.branded(...) is not valid" in str(caught.value)
    assert [problem.field for problem in caught.value.problems] == [
        "brand",
        "from_address",
        "accent",
        "support_email",
        "cc[0]",
    ]


def test_branded_passes_copies_and_names_on() -> None:
    output = Output.from_input("c@acme.test")
    emails = CustomerEmails.branded(
        brand="Acme", from_address=SENDER, from_name="Acme team", cc=["a@acme.test"], bcc=("b@acme.test", output)
    ).dump()
    for email in emails.values():
        assert (email["from_address"], email["from_name"]) == (SENDER, "Acme team")
        assert (email["cc"], email["bcc"]) == (["a@acme.test"], ["b@acme.test", output])
