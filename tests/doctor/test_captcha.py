from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pulumi_revcent_portal.doctor.captcha import check_recaptcha
from pulumi_revcent_portal.doctor.inventory import Captcha, Secret
from pulumi_revcent_portal.doctor.results import Status, Verdict
from tests.doctor.exports import CAPTCHA_SECRET, SITE_KEY
from tests.doctor.listening import rude, saying
from tests.doctor.looking import look

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox


def ask(url: str, secret: Secret | None = None, *, own_url: str = "") -> Verdict:
    captcha = Captcha(SITE_KEY, secret or Secret(CAPTCHA_SECRET), own_url)
    verdict = look(partial(check_recaptcha, captcha), siteverify_url=url)
    assert CAPTCHA_SECRET not in repr(verdict)
    return verdict


def test_a_secret_that_the_service_knows_is_well(sandbox: Sandbox) -> None:
    assert ask(sandbox.siteverify_url).status is Status.OK
    assert ask("", own_url=sandbox.siteverify_url).status is Status.OK


def test_a_secret_that_the_service_does_not_know_is_a_failure(sandbox: Sandbox) -> None:
    sandbox.switch(bad_recaptcha_secrets=[CAPTCHA_SECRET])
    verdict = ask(sandbox.siteverify_url)
    assert verdict.status is Status.FAILED
    assert "does not know the secret key" in verdict.seen
    assert "https://www.google.com/recaptcha/admin" in verdict.cure


def test_a_service_without_a_verdict_is_a_failure_to_look() -> None:
    with rude() as port:
        verdict = ask(f"http://127.0.0.1:{port}/")
    assert verdict.status is Status.FAILED
    assert "gave no verdict on the secret key (" in verdict.seen
    for body in ("[]", '{"error-codes": 5}', "<html>"):
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
        with saying("", lambda _line, answer=answer: answer) as port:  # type: ignore[misc]
            assert "gave no verdict" in ask(f"http://127.0.0.1:{port}/").seen


def test_a_secret_that_cannot_be_read_is_not_asked_about() -> None:
    verdict = ask("http://127.0.0.1:1/", Secret(missing="it is encrypted"))
    assert verdict.status is Status.SKIPPED
    assert "it is encrypted" in verdict.seen
