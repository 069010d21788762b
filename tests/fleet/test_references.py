from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.fleet.references import (
    Reference,
    is_reference,
    parse_reference,
    require_reference,
    resolve,
)

SECRET = "hunter2-and-more"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("config:smtpPassword", Reference("config", "smtpPassword")),
        ("config:acme.smtp-password_1", Reference("config", "acme.smtp-password_1")),
        ("config:shared:smtpPassword", Reference("config", "shared:smtpPassword")),
        ("env:ACME_KEY", Reference("env", "ACME_KEY")),
        ("env:_key1", Reference("env", "_key1")),
    ],
)
def test_a_reference_is_read_and_written_the_same(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference
    assert require_reference(text) == reference
    assert str(reference) == text
    assert is_reference(text)


@pytest.mark.parametrize(
    "text", ["", "smtpPassword", "Config:x", "ENV:X", " config:x", "configuration:x", "${X}", "x env:Y"]
)
def test_other_text_is_no_reference(text: str) -> None:
    assert parse_reference(text) is None
    assert not is_reference(text)


@pytest.mark.parametrize("value", [None, True, 3, 0.5, ["config:x"], {"config": "x"}, b"config:x"])
def test_what_is_no_text_is_no_reference(value: object) -> None:
    assert not is_reference(value)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        *((f"config:{name}", "like config:smtpPassword or") for name in ("", " x", "x y", ":", "a:", ":a", "a:b:c")),
        *((f"env:{name}", "like env:ACME_SMTP_PASSWORD.") for name in ("", " X", "1A B", "1A", "A-B", "A\n", "A:B")),
    ],
)  # fmt: skip
def test_a_malformed_reference_is_told_with_the_cure(text: str, cure: str) -> None:
    assert not is_reference(text)
    for read in (parse_reference, require_reference):
        with pytest.raises(ValueError, match=r"^begins with '(config|env):', and no ") as caught:
            read(text)
        assert cure in str(caught.value)


@given(
    st.one_of(st.just(""), st.sampled_from(["config: ", "env:1", "config:a:b:"])).map(
        lambda start: start + SECRET + " "
    )
)
def test_a_malformed_reference_is_told_without_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="Write ") as caught:
        require_reference(text)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (SECRET, "a string"),
        (1234567890, "a number or a truth value"),
        (True, "a number or a truth value"),
        (None, "None"),
        ([SECRET], "a list"),
        ({SECRET: SECRET}, "a dict"),
    ],
)
def test_a_plain_value_at_the_place_of_a_secret_is_told_by_its_kind_only(value: object, kind: str) -> None:
    with pytest.raises(ValueError, match="must be a reference") as caught:
        require_reference(value)
    assert str(caught.value) == (
        f"must be a reference, not {kind}: no secret belongs in this file. Write config:NAME and set it with "
        "'pulumi config set --secret NAME', or write env:NAME for an environment variable."
    )


def test_a_reference_is_looked_up_where_it_points_to() -> None:
    configuration = {"smtpPassword": "one", "shared:smtpPassword": "two", "ACME_KEY": "wrong"}
    environment = {"ACME_KEY": "three", "smtpPassword": "wrong"}

    def found(text: str) -> str:
        return resolve(require_reference(text), config=configuration.get, environment=environment)

    assert found("config:smtpPassword") == "one"
    assert found("config:shared:smtpPassword") == "two"
    assert found("env:ACME_KEY") == "three"


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_not_set_is_told_with_the_command(value: str | None) -> None:
    for text, message in {
        "config:shared:smtpPassword": "config:shared:smtpPassword is not set. Set it with "
        "'pulumi config set --secret shared:smtpPassword'.",
        "env:ACME_KEY": "the environment variable ACME_KEY is not set. Set it where pulumi runs.",
    }.items():
        environment = {} if value is None else {"ACME_KEY": value}
        with pytest.raises(ValueError, match="is not set") as caught:
            resolve(require_reference(text), config=lambda _: value, environment=environment)
        assert str(caught.value) == message
