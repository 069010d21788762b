"""Marks: written at the end of any description, found again, and telling owners apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.providers.ownership import (
    OWNER_KEY,
    Mark,
    Owner,
    new_nonce,
    random_word,
    split_mark,
    with_mark,
)
from tests.providers.engine import unknown
from tests.strategies import descriptions

URN = "urn:pulumi:dev::acme::pulumi-python:dynamic/revcent:CustomerPortal::portal"
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
WORDS = st.text("abcdefghijkmnpqrstuvwxyz23456789", min_size=4, max_size=12)


def test_an_owner_is_read_from_the_hidden_input() -> None:
    assert Owner.of({OWNER_KEY: {"urn": URN, "identity": "word"}}) == Owner(URN, "word")


@pytest.mark.parametrize("value", [None, {}, {"urn": unknown(), "identity": unknown()}])
def test_what_is_not_known_of_an_owner_counts_as_absent(value: object) -> None:
    assert Owner.of({OWNER_KEY: value}) == Owner("", None)
    assert Owner("", None).mark("nonce") is None


@pytest.mark.parametrize(
    ("urn", "label"),
    [
        (URN, "acme/dev/portal"),
        ("urn:pulumi:dev::acme::a:b:Brand$a:c:Pair$pulumi-python:dynamic/revcent:X::p", "acme/dev/Brand$Pair$p"),
        ("urn:pulumi:a b::c/d::t::e]f #g", "c%2Fd/a%20b/e%5Df%20%23g"),
        ("urn:pulumi:dev::acme::t::a::b", "acme/dev/a%3A%3Ab"),
        ("", "//"),
    ],
)
def test_a_label_is_project_stack_and_name(urn: str, label: str) -> None:
    assert Owner(urn, None).label == label


def test_a_mark_reads_as_people_and_programs_need_it() -> None:
    mark = Owner(URN, "k3x9").mark("abcd")
    assert str(mark) == "[pulumi acme/dev/portal k3x9 #abcd]"
    retired = Owner(URN, "k3x9").mark("abcd", retired=True)
    assert str(retired) == "[pulumi retired acme/dev/portal k3x9 #abcd]"


@given(descriptions(), st.tuples(NAMES, NAMES, NAMES), st.tuples(WORDS, WORDS), st.booleans())
def test_a_mark_is_found_again_whatever_the_names_and_the_text(
    text: str, names: tuple[str, str, str], words: tuple[str, str], retired: bool
) -> None:
    mark = Owner("urn:pulumi:{}::{}::t::{}".format(*names), words[0]).mark(words[1], retired=retired)
    assert split_mark(with_mark(text, mark)) == (text, mark)
    assert split_mark(f"{with_mark(text, mark)} \n") == (text, mark), "RevCent may add white space"


def test_where_marks_are_off_a_description_stays_as_it_is() -> None:
    assert with_mark("text", None) == "text"
    assert split_mark("text") == ("text", None)


@pytest.mark.parametrize(
    "description",
    [
        "[pulumi acme/dev/portal k3x9 #abcd] and then text",
        "[pulumi acme/dev/portal k3x9]",
        "[pulumi: ownership mark missing]",
        "[pulumi retired k3x9 #abcd",
    ],
)
def test_what_only_looks_like_a_mark_is_text(description: str) -> None:
    assert split_mark(description) == (description, None)


def test_a_mark_belongs_to_its_resource_after_stack_and_project_were_renamed() -> None:
    mark = Mark("acme/dev/portal", "k3x9", "abcd")
    assert mark.belongs_to(Owner(URN, "k3x9"))
    assert mark.belongs_to(Owner("urn:pulumi:prod::acme2::t::portal", "k3x9"))
    assert not mark.belongs_to(Owner("urn:pulumi:dev::acme::t::other", "k3x9"))
    assert not mark.belongs_to(Owner("urn:pulumi:dev::acme::a:b:Brand$t::portal", "k3x9"))
    assert not mark.belongs_to(Owner(URN, "other"))
    assert not mark.belongs_to(Owner(URN, None))


def test_words_are_random_and_can_be_read_aloud() -> None:
    words = {random_word(12) for _ in range(200)}
    assert len(words) == 200
    assert not set("".join(words)) & set("lo01ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert len(new_nonce()) == 8
