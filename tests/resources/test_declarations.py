"""A wrong declaration ends the program with a sentence per problem and the program's line, before anything happens."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from tests.providers.programs import CAPTCHA, DOMAIN, MAIL, PORTAL, PROFILE_ID
from tests.resources.program import run
from tests.wrong_declarations import GUIDE_RULES, LEFT_OUT, SECRETS, VALID, WRONG, Wrong
from tests.wrong_programs import declare, field_told

mistaken: Any = revcent
"""The package to whoever does not listen to type checkers."""


def refusal(program: Callable[[], Any]) -> revcent.InvalidInputs:
    """What a program ends with; nothing may have been registered before."""
    registered: list[str] = []
    with pytest.raises(revcent.InvalidInputs) as caught:
        registered += run(program).names
    assert registered == []
    return caught.value


def line_of(needle: str) -> str:
    """`file:line` where a piece of this module stands for the first time."""
    lines = inspect.getsource(inspect.getmodule(line_of)).splitlines()  # type: ignore[arg-type]
    return f"test_declarations.py:{next(number for number, line in enumerate(lines, 1) if needle in line)}"


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_every_wrong_declaration_is_refused_with_field_and_cure(wrong: Wrong) -> None:
    error = refusal(lambda: declare(wrong))
    assert str(error).startswith("wrong_programs.py:"), "where the declaration stands"
    for words in (field_told(wrong), *wrong.says, wrong.cure):
        assert words in str(error)
    for secret in SECRETS:
        assert secret not in f"{error} {error!r}"


def test_the_table_is_not_empty() -> None:
    assert {wrong.resource for wrong in WRONG} == VALID.keys()
    assert len(WRONG) > 100
    assert GUIDE_RULES.keys() == {wrong.rule for wrong in WRONG if wrong.rule}
    assert any(wrong.value is LEFT_OUT for wrong in WRONG)


def test_all_problems_are_told_at_once_at_the_line_of_the_program() -> None:
    error = refusal(lambda: revcent.SmtpProfile("mail", **{**MAIL, "port": 0, "host": "", "name": " x"}))
    first, *problems = str(error).splitlines()
    assert first == f'{line_of("MAIL, " + chr(34) + "port" + chr(34) + ": 0")}: SmtpProfile "mail" is not valid:'
    assert [problem.split(":")[0] for problem in problems] == ["  name", "  host", "  port"]
    assert [problem.field for problem in error.problems] == ["name", "host", "port"]


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: revcent.CustomerEmail(from_address="x", html="y"), "CustomerEmail(...)"),
        (lambda: revcent.CustomerEmails.branded(brand="", from_address="x"), "CustomerEmails.branded(...)"),
        (lambda: revcent.CustomerPermissions.for_use_cases("x"), "CustomerPermissions.for_use_cases(...)"),
        (lambda: mistaken.CustomerPermissions(x=True), "CustomerPermissions(...)"),
        (lambda: revcent.CustomerFilters(campaign="x"), "CustomerFilters(...)"),
        (lambda: revcent.RecaptchaKeys(site_key="x", secret_key="y"), "RecaptchaKeys(...)"),
        (lambda: revcent.SmtpProfileRef(id="x"), "SmtpProfileRef(...)"),
        (lambda: revcent.TrackingDomainSsl("ssl", tracking_domain="x"), 'TrackingDomainSsl "ssl"'),
        (lambda: revcent.TrackingDomainDns("dns", tracking_domain="x"), 'TrackingDomainDns "dns"'),
    ],
)
def test_a_refusal_says_what_was_called_and_ends_a_program_without_a_traceback(
    make: Callable[[], Any], what: str
) -> None:
    error = refusal(make)
    assert re.match(rf"test_declarations\.py:\d+: {re.escape(what)} is not valid:\n  ", str(error))
    assert isinstance(error, pulumi.RunError), "by which the language host knows what needs no traceback"
    assert isinstance(error, ValueError)


def test_a_problem_of_a_nested_dict_is_told_with_its_whole_path() -> None:
    emails = {**PORTAL["customer_emails"], "confirmation": {"from_address": "x"}}
    error = refusal(lambda: revcent.CustomerPortal("one", **{**PORTAL, "customer_emails": emails}))
    assert {problem.field for problem in error.problems} == {
        "customer_emails.confirmation.from_address",
        "customer_emails.confirmation.html",
    }


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: mistaken.TrackingDomain("d", doman="acme.test"),
            "doman: there is no input 'doman' here. Did you mean 'domain'?",
        ),
        (lambda: mistaken.SmtpProfile("m", **MAIL, pasword="x"), "Did you mean 'password'?"),
        (lambda: mistaken.Recaptcha("c", **CAPTCHA, key="x"), "there is no input 'key' here"),
        (lambda: mistaken.CustomerEmails.branded(brand="A", from_adress="a@b.test"), "Did you mean 'from_address'?"),
        (lambda: mistaken.TrackingDomain("d"), "domain: is required: the root domain"),
        (lambda: mistaken.CustomerEmails.branded(brand="A"), "from_address: is required"),
    ],
)
def test_a_wrong_keyword_is_explained_as_any_wrong_input(make: Callable[[], Any], says: str) -> None:
    assert says in str(refusal(make))


def test_keywords_keep_their_signature_for_editors() -> None:
    parameters = inspect.signature(revcent.TrackingDomain.__init__).parameters
    assert list(parameters)[:4] == ["self", "resource_name", "domain", "name"]


def test_a_resource_without_a_name_is_pythons_own_affair() -> None:
    with pytest.raises(TypeError, match="resource_name"):
        run(lambda: mistaken.TrackingDomain(**DOMAIN))


def test_an_unknown_input_of_a_resource_without_a_name_is_told_first() -> None:
    error = refusal(lambda: mistaken.TrackingDomain(doman="acme.test"))
    assert "TrackingDomain.__init__(...) is not valid" in str(error)


def test_what_an_output_holds_is_left_to_the_provider() -> None:
    done = run(lambda: revcent.SmtpProfile("mail", **{**MAIL, "host": pulumi.Output.from_input("wrong:25")}))
    assert done.resources["mail"].inputs["host"] == "wrong:25"


def test_one_except_catches_them_all() -> None:
    def program() -> int:
        refused = 0
        for make in (
            lambda: revcent.CustomerPortal("one", **{**PORTAL, "name": ""}),
            lambda: revcent.SmtpProfileRef(id=PROFILE_ID[:-1]),
            lambda: revcent.CustomerPermissions.for_use_cases("none"),
        ):
            try:
                make()
            except revcent.InvalidInputs:
                refused += 1
        return refused

    assert run(program).result == 3
