from __future__ import annotations

import pytest
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import InvalidInputs, RecaptchaInputs, validate
from tests.wrong_declarations import SECRET_KEY, SITE_KEY, VALID


def test_googles_test_keys_are_keys() -> None:
    assert validate(RecaptchaInputs, VALID["Recaptcha"]).dump() == {
        "site_key": SITE_KEY,
        "secret_key": SECRET_KEY,
        "verify": False,
        "verify_url": "https://www.google.com/recaptcha/api/siteverify",
    }


@pytest.mark.parametrize("field", ["site_key", "secret_key"])
@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "is blank"),
        ("6L" + "x" * 37, "39 characters"),
        ("6L" + "x" * 39, "41 characters"),
        ("7L" + "x" * 38, "this one does not"),
        ("6L" + "x" * 37 + "!", "this one does not"),
        ("6L" + "x" * 37 + "é", "this one does not"),
        (" 6L" + "x" * 38, "white space"),
    ],
)
def test_a_wrong_key_is_described_and_not_shown(field: str, key: str, words: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        validate(RecaptchaInputs, {**VALID["Recaptcha"], field: key})
    (problem,) = caught.value.problems
    assert problem.field == field
    assert words in problem.message
    assert not key.strip() or key.strip() not in problem.message


@pytest.mark.parametrize("unknown", ["site_key", "secret_key"])
def test_an_unknown_key_is_not_compared(unknown: str) -> None:
    keys = {"site_key": SITE_KEY, "secret_key": SITE_KEY, unknown: UNKNOWN}
    assert validate(RecaptchaInputs, keys).dump()[unknown] is UNKNOWN


@pytest.mark.parametrize("url", ["http://127.0.0.1:1234/siteverify", "https://recaptcha.net/recaptcha/api/siteverify"])
def test_another_verification_service(url: str) -> None:
    assert validate(RecaptchaInputs, {**VALID["Recaptcha"], "verify_url": url}).dump()["verify_url"] == url
