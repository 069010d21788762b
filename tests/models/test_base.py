from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.output import UNKNOWN
from pydantic import ValidationError

from pulumi_revcent_portal.models import (
    CustomerEmail,
    CustomerFilters,
    CustomerPermissions,
    CustomerPortalInputs,
    InvalidInputs,
    Problem,
    RecaptchaKeys,
    SmtpProfileInputs,
    validate,
)
from pulumi_revcent_portal.models.base import model_of, plain_text
from tests.wrong_declarations import SECRET_KEY, SENDER, SITE_KEY, VALID


def test_a_problem_prints_its_field_first() -> None:
    assert str(Problem("name", "is blank.")) == "name: is blank."
    assert str(Problem("", "nothing fits.")) == "nothing fits."


@pytest.mark.parametrize(
    ("field", "path", "joined"),
    [("html", "confirmation", "confirmation.html"), ("[1]", "cc", "cc[1]"), ("", "cc", "cc"), ("html", "", "html")],
)
def test_a_problem_seen_from_above(field: str, path: str, joined: str) -> None:
    assert Problem(field, "no.").below(path) == Problem(joined, "no.")


def test_inputs_of_the_engine_are_refused_line_by_line() -> None:
    with pytest.raises(InvalidInputs) as caught:
        validate(SmtpProfileInputs, {**VALID["SmtpProfile"], "port": 0, "host": "a b", "x": 1})
    assert [problem.field for problem in caught.value.problems] == ["host", "port", "x"]
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]


def test_a_constructor_names_the_line_of_the_program() -> None:
    with pytest.raises(InvalidInputs) as caught:
        CustomerEmail(from_address="acme", html="no code")
    first, *rest = str(caught.value).splitlines()
    line = caught.traceback[0].lineno + 1
    assert first == f"{Path(__file__).name}:{line}: CustomerEmail(...) is not valid:"
    assert rest == [f"  {problem}" for problem in caught.value.problems]
    assert [problem.field for problem in caught.value.problems] == ["from_address", "html"]


def test_a_wrong_declaration_ends_a_program_without_a_traceback() -> None:
    with pytest.raises(pulumi.RunError):
        CustomerFilters(campaign=["Acme "])
    with pytest.raises(ValueError, match="Acme"):
        CustomerFilters(campaign=["Acme "])


def test_a_wrong_value_deep_inside_has_its_whole_path() -> None:
    emails = {"confirmation": {"from_address": SENDER, "html": "{{email_code}}", "cc": [SENDER, UNKNOWN, 3]}}
    with pytest.raises(InvalidInputs) as caught:
        validate(CustomerPortalInputs, {**VALID["CustomerPortal"], "customer_emails": emails})
    assert {problem.field for problem in caught.value.problems} == {
        "customer_emails.confirmation.cc[2]",
        "customer_emails.password_reset",
    }


def test_no_cause_that_would_print_values_is_kept() -> None:
    with pytest.raises(InvalidInputs) as caught:
        RecaptchaKeys(site_key=SITE_KEY, secret_key=f"{SECRET_KEY}x")
    assert caught.value.__cause__ is None
    assert not isinstance(caught.value.__context__, ValidationError)


def test_an_instance_of_another_model_is_refused_by_name() -> None:
    with pytest.raises(
        InvalidInputs, match=r"must be CustomerFilters\(\.\.\.\), or a dict.*CustomerPermissions object"
    ):
        validate(CustomerPortalInputs, {**VALID["CustomerPortal"], "customer_filters": CustomerPermissions()})


def test_a_key_that_is_no_string_is_an_unknown_input() -> None:
    data: Any = {**VALID["TrackingDomain"], 1: 2}
    with pytest.raises(InvalidInputs, match="there is no input '1' here"):
        validate(CustomerFilters, data)


def test_relations_say_nothing_about_a_field_that_is_wrong_by_itself() -> None:
    portal = {**VALID["CustomerPortal"], "smtp_sender": "other@acme.test"}
    portal["customer_emails"] = {
        "confirmation": {"from_address": "acme", "html": "{{email_code}}"},
        "password_reset": {"from_address": SENDER, "html": "no code"},
    }
    with pytest.raises(InvalidInputs) as caught:
        validate(CustomerPortalInputs, portal)
    assert [(problem.field, "is not the sender" in problem.message) for problem in caught.value.problems] == [
        ("customer_emails.confirmation.from_address", False),
        ("customer_emails.password_reset.html", False),
        ("customer_emails.password_reset.from_address", True),
    ]


@pytest.mark.parametrize("hidden", ["smtp_sender", "customer_emails"])
def test_relations_skip_what_is_not_known(hidden: str) -> None:
    portal = {**VALID["CustomerPortal"], "smtp_sender": "other@acme.test", hidden: UNKNOWN}
    assert validate(CustomerPortalInputs, portal).dump()[hidden] is UNKNOWN


def test_relations_look_into_models_and_dicts() -> None:
    email = CustomerEmail(from_address=SENDER, html="{{email_code}}")
    assert plain_text({"a": {"b": email}}, "a", "b", "from_address") == SENDER
    assert plain_text({"a": email}, "a", "nothing") is None
    assert plain_text({"a": "text"}, "a", "b") is None
    assert plain_text({"a": UNKNOWN}, "a") is None
    with pytest.raises(InvalidInputs, match="is not the sender"):
        validate(
            CustomerPortalInputs,
            {
                **VALID["CustomerPortal"],
                "smtp_sender": "other@acme.test",
                "customer_emails": {"confirmation": email, "password_reset": email},
            },
        )


def test_model_of_finds_the_model_behind_the_annotation() -> None:
    fields = CustomerPortalInputs.model_fields
    assert model_of(fields["customer_filters"]) is CustomerFilters
    assert model_of(fields["name"]) is None
