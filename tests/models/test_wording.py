from __future__ import annotations

import pytest

from pulumi_revcent_portal.models import wording


def test_long_values_are_cut() -> None:
    assert wording.shown("a" * 80) == repr("a" * 80)
    assert wording.shown("a" * 81) == repr("a" * 80 + "...")


@pytest.mark.parametrize(
    ("value", "told", "told_of_secrets"),
    [
        (None, "None", "None"),
        (True, "True", "a number or a truth value"),
        (587.5, "587.5", "a number or a truth value"),
        ("x", "the string 'x'", "a string"),
        ({"a": 1}, "a dict", "a dict"),
        ([1], "a list", "a list"),
        ({1}, "a set", "a set"),
        (b"x", "a bytes object", "a bytes object"),
    ],
)
def test_kind_shows_values_unless_they_are_secret(value: object, told: str, told_of_secrets: str) -> None:
    assert wording.kind(value) == told
    assert wording.kind(value, secret=True) == told_of_secrets


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("customer_email", "customer_emails"),
        ("Customer-Emails", "customer_emails"),
        ("customer filters", "customer_filters"),
        ("NAME", "name"),
        ("colour", None),
    ],
)
def test_nearest(word: str, meant: str | None) -> None:
    assert wording.nearest(word, ["name", "customer_emails", "customer_filters"]) == meant


def test_what_is_known_is_listed_when_nothing_is_near() -> None:
    assert wording.unknown_key("colour", ["name", "port"]) == "there is no input 'colour' here. Known are: name, port."
    assert wording.unknown_key("prot", ["name", "port"]) == "there is no input 'prot' here. Did you mean 'port'?"


def test_only_the_domain_of_an_address_has_no_case() -> None:
    assert wording.sameness("Portal@ACME.com") == "Portal@acme.com"
    assert wording.sameness("Portal@acme.com") != wording.sameness("portal@acme.com")
    assert wording.sameness("aBcD") == "aBcD"
