"""What a program may read from a resource: what is stored as an output, and nothing else."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from tests.providers.programs import MAIL, PORTAL
from tests.resources.program import run
from tests.resources.test_registration import DECLARE, whole_brand

NOT_READABLE = {
    "TrackingDomain": {"adopt", "adopt_id"},
    "TrackingDomainSsl": {"wait", "done"},
    "TrackingDomainDns": {"wait", "done"},
    "SmtpProfile": {"password", "adopt", "adopt_id"},
    "Recaptcha": {"verify", "verify_url"},
    "CustomerPortal": {"recaptcha", "footer_html", "smtp_sender", "portal_url", "adopt", "adopt_id"},
    "UrlParameterSet": {"adopt", "adopt_id"},
}


def annotated(resource: type) -> set[str]:
    """The attributes that type checkers know of, which are not there at run time."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(resource)))
    annotations = [node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(each.target) for each in annotations if "pulumi.Output[" in ast.unparse(each.annotation)} - {
        "given"
    }


@pytest.mark.parametrize("kind", DECLARE)
def test_attributes_are_what_the_class_declares(kind: str) -> None:
    made = run(DECLARE[kind]).result
    declared = annotated(getattr(revcent, kind))
    readable = {name for name, value in vars(made).items() if isinstance(value, pulumi.Output) and name[:1] != "_"}
    # A campaign that was not given is no attribute; type checkers are told so by its absence.
    assert readable - {"id", "urn"} == declared
    assert not readable & (NOT_READABLE[kind] | {"__owner", "__provider"})


def test_a_portal_shows_its_settings() -> None:
    portal = run(lambda: vars(revcent.CustomerPortal("one", **PORTAL))).result
    assert portal["name"] == "Acme portal"
    assert portal["customer_permissions"]["contact_modify"] is True
    assert portal["customer_permissions"]["trial_cancel"] is False


def test_in_a_preview_nothing_is_known_of_what_is_new() -> None:
    done = run(whole_brand, preview=True)
    for name, key in (("portal", "tracking_domain"), ("portal", "smtp_profile"), ("ready", "tracking_domain")):
        assert type(done.resources[name].inputs[key]).__name__ == "Unknown"
    assert done.resources["portal"].inputs["__owner"]["dry"] is True


def test_numbers_are_whole_and_what_revcent_does_not_answer_is_none() -> None:
    def program() -> dict[str, Any]:
        portal = revcent.CustomerPortal("portal", **PORTAL)
        mail = revcent.SmtpProfile("mail", **MAIL)
        return {"created": portal.created_date, "url": portal.url, "logo": portal.logo, "port": mail.port}

    answered = {"created_date": 1795431283.0, "url": "https://acme.test/p", "logo": ""}
    assert run(program, answers={"portal": answered}).result == {
        "created": 1795431283,
        "url": "https://acme.test/p",
        "logo": None,
        "port": 587,
    }
    assert repr(run(program, answers={"portal": answered}).result["port"]) == "587"
    unread = run(program, answers={"portal": {"created_date": 0, "url": "", "logo": ""}}).result
    assert (unread["created"], unread["url"]) == (None, None)


@pytest.mark.parametrize(
    ("inputs", "sender"),
    [
        ({}, "portal@acme.test"),
        ({"sender": "other@acme.test"}, "other@acme.test"),
        ({"username": "acme-portal"}, None),
        ({"username": pulumi.Output.from_input("acme-portal")}, None),
        ({"username": pulumi.Output.from_input("portal@acme.test")}, "portal@acme.test"),
    ],
)
def test_the_sender_of_a_profile_is_known_in_the_program(inputs: dict[str, Any], sender: str | None) -> None:
    def program() -> dict[str, Any]:
        return {"sender": revcent.SmtpProfile("mail", **{**MAIL, **inputs}).sender}

    assert run(program, preview=True).result == {"sender": sender}


def test_an_output_cannot_be_set() -> None:
    def program() -> None:
        revcent.CustomerPortal("portal", **PORTAL).url = "https://acme.test"  # type: ignore[assignment]

    with pytest.raises(AttributeError, match=r"CustomerPortal.url is an output"):
        run(program)
    assert "Mapped" in repr(revcent.CustomerPortal.url)
