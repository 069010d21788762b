"""reCAPTCHA keys: kept as they are, and verified when asked."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.providers.account import Account
from tests.providers.engine import Failed, FakeEngine, Step
from tests.providers.programs import CAPTCHA, SECRET_KEY, SITE_KEY, single

OTHER_KEY = "6L" + "o" * 38
LOCAL = "http://127.0.0.1:1/siteverify"


def keys(**changes: Any) -> list[Any]:
    return single("Recaptcha", CAPTCHA | changes)


def test_the_keys_are_kept_and_nothing_is_asked(account: Account, engine: FakeEngine) -> None:
    engine.up(keys())
    assert engine.stored["one"].object_id == SITE_KEY
    assert engine.outputs("one") | CAPTCHA == engine.outputs("one")
    assert not {"verify", "verify_url"} & engine.stored["one"].inputs.keys(), "which says nothing"
    engine.settled(keys())
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.destroy()
    assert account.calls() == []


def test_another_secret_is_an_update_and_another_site_key_another_pair(engine: FakeEngine) -> None:
    engine.up(keys())
    assert engine.up(keys(secret_key=OTHER_KEY))[-1] == Step("one", "update", ("secret_key",))
    assert engine.outputs("one")["secret_key"] == OTHER_KEY
    engine.settled(keys(secret_key=OTHER_KEY))
    assert engine.up(keys(site_key=OTHER_KEY))[-1] == Step("one", "replace", ("secret_key", "site_key"))
    assert engine.stored["one"].object_id == OTHER_KEY


def test_no_key_leaves_its_path(engine: FakeEngine) -> None:
    engine.up(keys())
    assert SECRET_KEY not in engine.exported()


def test_wrong_keys_are_refused_without_showing_them(engine: FakeEngine) -> None:
    program = keys()
    wrong = program[1].props | {"site_key": "short-canary"}
    with pytest.raises(Failed, match="site_key: is no key of reCAPTCHA v2") as caught:
        engine.preview([program[0], type(program[1])("one", program[1].provider, wrong)])
    assert "canary" not in str(caught.value)


def test_asking_to_verify_later_makes_no_difference(engine: FakeEngine) -> None:
    engine.up(keys())
    engine.settled(keys(verify=True, verify_url=LOCAL))


@pytest.fixture(scope="module")
def siteverify() -> Any:
    with Sandbox.start() as sandbox:
        sandbox.switch(recaptcha_secrets=[SECRET_KEY])
        yield sandbox.siteverify_url


def test_a_real_secret_is_verified(siteverify: str, engine: FakeEngine) -> None:
    verified = keys(verify=True, verify_url=siteverify)
    engine.up(verified)
    engine.settled(verified)


def test_an_unknown_secret_is_refused_when_it_is_created_or_changed(siteverify: str, engine: FakeEngine) -> None:
    wrong = keys(secret_key=OTHER_KEY, verify=True, verify_url=siteverify)
    with pytest.raises(Failed, match="secret_key is not known to the siteverify service") as caught:
        engine.up(wrong)
    assert "Copy the secret key" in str(caught.value)
    assert OTHER_KEY not in str(caught.value)
    engine.up(keys(verify=True, verify_url=siteverify))
    with pytest.raises(Failed, match="secret_key is not known"):
        engine.up(wrong)
    assert engine.outputs("one")["secret_key"] == SECRET_KEY


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 500, "json": {}},
        {"status_code": 200, "text": "<html>"},
        {"status_code": 200, "json": ["not", "an", "object"]},
        {"status_code": 200, "json": {"error-codes": 5}},
    ],
)
def test_an_answer_that_is_no_verdict_says_what_to_do(
    answer: dict[str, Any], engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(url: str, **_: Any) -> httpx.Response:
        return httpx.Response(request=httpx.Request("POST", url), **answer)

    monkeypatch.setattr(httpx, "post", post)
    with pytest.raises(Failed, match="answered no verdict") as caught:
        engine.up(keys(verify=True, verify_url=LOCAL))
    assert "Try again, or set verify=False" in str(caught.value)
    assert SECRET_KEY not in str(caught.value)


@pytest.mark.parametrize("codes", [None, [], ["missing-input-response"]])
def test_a_service_that_objects_to_the_answer_only_knows_the_secret(
    codes: Any, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def post(url: str, **kwargs: Any) -> httpx.Response:
        asked.append((url, kwargs["data"], kwargs["trust_env"]))
        return httpx.Response(200, request=httpx.Request("POST", url), json={"error-codes": codes})

    monkeypatch.setattr(httpx, "post", post)
    engine.up(keys(verify=True))
    assert asked == [("https://www.google.com/recaptcha/api/siteverify", {"secret": SECRET_KEY, "response": ""}, True)]


def test_a_service_that_cannot_be_reached_says_so(engine: FakeEngine) -> None:
    with pytest.raises(Failed, match=r"answered no verdict \(ConnectError\)"):
        engine.up(keys(verify=True, verify_url=LOCAL))
