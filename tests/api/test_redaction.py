from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.api.redaction import Redactor

SECRET = "pä/ss \"w&rd'+<x>\\ 1"


@pytest.mark.parametrize(
    "spelt",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        json.dumps({"message": json.dumps({"password": SECRET})}),
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        html.escape(SECRET),
        html.escape(SECRET, quote=False),
        repr(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        SECRET.upper(),
    ],
)
def test_a_secret_is_hidden_however_it_is_spelt(spelt: str) -> None:
    cleaned = Redactor([SECRET]).clean(f"password {spelt} refused")
    assert spelt not in cleaned
    assert SECRET not in cleaned
    assert "[secret]" in cleaned
    assert cleaned.startswith("password ")
    assert cleaned.endswith(" refused")


def test_a_slash_escaped_as_some_servers_do_is_found() -> None:
    assert "word" not in Redactor(["pass/word"]).clean(r"pass\/word")


def test_the_longer_of_two_secrets_is_hidden_whole() -> None:
    assert Redactor(["abcd", "abcdefgh"]).clean("abcdefgh and abcd") == "[secret] and [secret]"


def test_blanks_around_a_secret_do_not_save_it() -> None:
    assert "hunter22" not in Redactor([" hunter22\n"]).clean("got hunter22")


@pytest.mark.parametrize("text", ["a1 is wrong", "wrong: a1"])
def test_a_text_with_a_very_short_secret_is_withheld_as_a_whole(text: str) -> None:
    assert Redactor(["a1"]).clean(text) == "(withheld, because it holds a secret of the request)"
    assert Redactor(["a1"]).clean("nothing here") == "nothing here"


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_secrets_nothing_changes(secrets: list[str]) -> None:
    assert Redactor(secrets).clean("all of it") == "all of it"


@given(secret=st.text(min_size=1, max_size=30), before=st.text(max_size=10), after=st.text(max_size=10))
def test_no_secret_survives(secret: str, before: str, after: str) -> None:
    cleaned = Redactor([secret]).clean(before + secret + after)
    assert cleaned != before + secret + after
    assert secret not in cleaned.replace("[secret]", "").replace(
        "(withheld, because it holds a secret of the request)", ""
    )
