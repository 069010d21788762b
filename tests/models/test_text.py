from __future__ import annotations

from typing import Any

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN
from pydantic import TypeAdapter, ValidationError

from pulumi_revcent_portal.models import text


def accepts(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (error,) = caught.value.errors()
    return str(error["msg"])


@pytest.mark.parametrize("value", ["Acme", "Ärzte & Söhne", "日本", "a  b", "{{x}}", "\u200bzero width"])
def test_names(value: str) -> None:
    assert accepts(text.Name, value) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "is blank"),
        ("\u3000", "is blank"),
        ("Acme\u00a0", "Write 'Acme'"),
        ("a\rb", "on one line"),
        ("a\u2028b", "on one line"),
        ("a\x7fb", "control character"),
        ("a\ud800b", "surrogate"),
    ],
)
def test_names_refused(value: str, words: str) -> None:
    assert words in refusal(text.Name, value)


def test_a_line_may_be_empty_and_a_description_may_have_lines() -> None:
    assert accepts(text.Line, "") == ""
    assert accepts(text.Description, "one\ntwo") == "one\ntwo"
    assert accepts(text.Description, "[pulumi]") == "[pulumi]"


def test_html_and_secrets_are_never_altered() -> None:
    assert accepts(text.Html, " \r\n<p>\ufeff ") == " \r\n<p>\ufeff "
    assert accepts(text.SecretText, " a b\n") == " a b\n"
    assert "NUL" in refusal(text.Html, "a\x00b")
    assert "surrogate" in refusal(text.SecretText, "\udfff")


@pytest.mark.parametrize("value", [1, 0, "true", None])
def test_flags_are_booleans_only(value: object) -> None:
    assert refusal(text.Flag, value)


@pytest.mark.parametrize(("value", "port"), [(1, 1), (65535, 65535), (587.0, 587)])
def test_ports(value: float, port: int) -> None:
    assert accepts(text.Port, value) == port
    assert type(accepts(text.Port, value)) is int


@pytest.mark.parametrize("value", [True, float("inf"), float("nan"), "587", 587.5, None])
def test_ports_are_whole_numbers(value: object) -> None:
    assert "whole number" in refusal(text.Port, value)


@pytest.mark.parametrize("value", [0, -1, 65536, 70000.0])
def test_ports_have_a_range(value: float) -> None:
    assert f"{int(value)} is not a TCP port" in refusal(text.Port, value)


@pytest.mark.parametrize("value", ["a" * 19, "a" * 21, "a" * 19 + "-", "a" * 19 + "é", "a" * 20 + "\n"])
def test_ids_are_twenty_letters_and_digits(value: str) -> None:
    assert "20 letters and digits" in refusal(text.ObjectId, value)


KINDS_OF_STRINGS = [text.Name, text.Line, text.Description, text.Html, text.SecretText, text.NameOrId, text.HttpsUrl]


@pytest.mark.parametrize("kind", KINDS_OF_STRINGS)
def test_the_unknown_of_another_stack_is_recognised(kind: Any) -> None:
    told = refusal(kind, "04da6b54-80e4-46f7-96ec-b56ff0331ba9")
    assert "Run `pulumi up` there first" in told
    assert "04da" not in told


@pytest.mark.parametrize("kind", KINDS_OF_STRINGS)
def test_an_output_in_an_f_string_is_recognised(kind: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pulumi.log.warn", lambda _: None)  # there is no engine that could show it
        written = f"<p>{Output.from_input('x')}</p>"
    assert "Use pulumi.Output.concat(...)" in refusal(kind, written)


@pytest.mark.parametrize(
    "value",
    ["portal@acme.com", "Portal+X@ACME.Com", "a@acme.test", "a@shop.example", "a@sub.acme.TEST", "postfach@bücher.de"],
)
def test_addresses_are_kept_as_written(value: str) -> None:
    assert accepts(text.EmailAddress, value) == value
    assert text.is_email_address(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("acme", "@-sign"),
        ("a@test", "not an email address"),
        ("a@localhost", "not an email address"),
        ("a@acme.invalid", "not an email address"),
        ("a@acme.local", "not an email address"),
        (" a@acme.com", "not an email address"),
        ("Acme <a@acme.com>", "between < and >"),
        ("a@acme.com; b@acme.com", "several addresses"),
        ("", "not an email address"),
    ],
)
def test_addresses_refused(value: str, words: str) -> None:
    assert words in refusal(text.EmailAddress, value)
    assert not text.is_email_address(value)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "api.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback(host: str) -> None:
    assert text.is_loopback(host)


@pytest.mark.parametrize("host", ["acme.com", "10.0.0.1", "localhost.acme.com", ""])
def test_not_loopback(host: str) -> None:
    assert not text.is_loopback(host)


@pytest.mark.parametrize("value", ["https://acme.com", "https://acme.com:8443/a?b=c#d", "https://[2001:db8::1]/"])
def test_https_urls(value: str) -> None:
    assert accepts(text.HttpsUrl, value) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("http://acme.com", "not an https URL"),
        ("http://127.0.0.1/", "not an https URL"),
        ("acme.com/portal", "not an https URL"),
        ("https://", "not an https URL"),
        ("", "not an https URL"),
        ("https://acme.com:port/", "is not a URL"),
        ("https://acme.com:99999/", "is not a URL"),
        ("https://[::1/", "is not a URL"),
        ("https://acme.com/a b", "white space"),
        (" https://acme.com", "white space"),
        ("https://me:hunter2@acme.com", "user name or a password"),
    ],
)
def test_https_urls_refused(value: str, words: str) -> None:
    told = refusal(text.HttpsUrl, value)
    assert words in told
    assert "hunter2" not in told


def test_plain_http_only_for_this_machine_and_only_where_it_may() -> None:
    assert text.web_address_problem("http://localhost:8000/x", loopback=True) is None
    assert text.web_address_problem("http://[::1]:8000/x", loopback=True) is None
    assert text.web_address_problem("http://localhost:8000/x", loopback=False) is not None
    assert text.web_address_problem("http://acme.com/x", loopback=True) is not None
    assert text.web_address_problem("ftp://localhost/x", loopback=True) is not None


def test_only_strings_are_addresses() -> None:
    assert not text.is_email_address(None)
    assert not text.is_email_address(UNKNOWN)
