from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pulumi_revcent_portal.doctor.inventory import Mail, Secret
from pulumi_revcent_portal.doctor.mail import check_smtp
from pulumi_revcent_portal.doctor.results import Status, Verdict
from tests.doctor.certificates import Authority
from tests.doctor.listening import MailServer, rude, saying, silent
from tests.doctor.looking import look

USER, PASSWORD = "portal@acme.test", "canary mail/password+1"  # fmt: skip


def mail(port: int, secure: str = "starttls", **changes: object) -> Mail:
    made = Mail("Acme mail", "localhost", port, secure, USER, Secret(PASSWORD))
    return replace(made, **changes)  # type: ignore[arg-type]


def log_in(profile: Mail, authority: Authority | None = None, seconds: float = 3.0) -> Verdict:
    verdict = look(partial(check_smtp, profile), ca_file=str(authority.file) if authority else "", seconds=seconds)
    for secret in (PASSWORD, base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()):
        assert secret not in repr(verdict)
    return verdict


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_log_in_that_is_encrypted_is_well_and_sends_no_mail(authority: Authority, way: str) -> None:
    server = MailServer(USER, PASSWORD)
    with server.running(**{way: authority.context("localhost")}) as port:
        verdict = log_in(mail(port, way), authority)
    assert verdict.status is Status.OK
    assert f"localhost:{port} let portal@acme.test in by {way.upper()} (TLSv1" in verdict.seen
    assert len(server.logins) == 1
    assert server.handler.mails == []


def test_a_server_that_knows_only_the_method_login_is_understood(authority: Authority) -> None:
    server = MailServer(USER, PASSWORD)
    with server.running(starttls=authority.context("localhost"), auth_exclude_mechanism=["PLAIN"]) as port:
        assert log_in(mail(port), authority).status is Status.OK
    assert server.logins == ["LOGIN"]


def test_a_log_in_in_the_clear_is_a_warning(authority: Authority) -> None:
    with MailServer(USER, PASSWORD).running() as port:
        verdict = log_in(mail(port, "none"))
    assert verdict.status is Status.WARNING
    assert "travelled in the clear" in verdict.seen
    assert "offer STARTTLS" in verdict.cure
    with MailServer(USER, PASSWORD).running(starttls=authority.context("localhost"), auth_require_tls=False) as port:
        assert 'secure="starttls"' in log_in(mail(port, "none")).cure


def test_a_wrong_password_is_a_failure_in_the_server_s_words(authority: Authority) -> None:
    with MailServer(USER, "another").running(starttls=authority.context("localhost")) as port:
        verdict = log_in(mail(port), authority)
    assert verdict.status is Status.FAILED
    assert "does not let portal@acme.test in: 535 5.7.8" in verdict.seen
    assert "app password" in verdict.cure


def test_certificates_that_are_not_trusted_are_named_and_get_no_password(authority: Authority, tmp_path: Path) -> None:
    cases = [
        (authority.context("other.test"), "it is for another name"),
        (authority.context("localhost", days=-1), "it has expired"),
        (authority.context("localhost", self_signed=True), "it is self-signed"),
        (Authority(tmp_path, "Stranger").context("localhost"), "nobody whom this machine trusts"),
    ]
    for context, words in cases:
        for way in ("starttls", "tls"):
            server = MailServer(USER, PASSWORD)
            with server.running(**{way: context}) as port:
                verdict = log_in(mail(port, way), authority)
            assert words in verdict.seen
            assert "The password was not sent." in verdict.seen
            assert server.logins == []


def test_a_server_without_starttls_gets_no_password() -> None:
    server = MailServer(USER, PASSWORD)
    with server.running() as port:
        verdict = log_in(mail(port))
    assert "offers no STARTTLS. The password was not sent." in verdict.seen
    assert server.logins == []


def test_a_server_without_a_log_in_is_a_failure(authority: Authority) -> None:
    with MailServer(USER, PASSWORD).running(starttls=authority.context("localhost")) as port:
        assert "offers no log-in unencrypted" in log_in(mail(port, "none")).seen


def test_a_method_that_nobody_here_knows_is_a_failure() -> None:
    with saying("220 hello\r\n", lambda _line: "250-me\r\n250 AUTH GSSAPI\r\n") as port:
        verdict = log_in(mail(port, "none"))
    assert verdict.status is Status.FAILED
    assert "does not take the log-in: No suitable authentication method found" in verdict.seen


def test_servers_of_other_kinds_are_told_apart(authority: Authority) -> None:
    with silent() as port:
        assert "does not answer in time" in log_in(mail(port), seconds=0.5).seen
    assert "nothing listens there" in log_in(mail(port)).seen
    with rude() as port:
        verdict = log_in(mail(port))
        assert "localhost" in verdict.seen
        assert verdict.status is Status.FAILED
    with saying("554 go away\r\n", lambda _line: "") as port:
        assert "554 go away" in log_in(mail(port)).seen
    with MailServer(USER, PASSWORD).running() as port:
        assert "the encryption fails (wrong version number)" in log_in(mail(port, "tls"), authority).seen
    assert "the name has no address" in log_in(mail(25, host="mail.invalid")).seen


def test_a_server_that_repeats_the_password_cannot_make_it_shown() -> None:
    plain = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()

    def answer(line: str) -> str:
        if line.upper().startswith("EHLO"):
            return "250-me\r\n250 AUTH PLAIN\r\n"
        return f"535 refused: {line.strip()} {plain} {PASSWORD}\r\n"

    with saying("220 hello\r\n", answer) as port:
        verdict = log_in(mail(port, "none"))
    assert "does not let portal@acme.test in: 535 refused: AUTH PLAIN [secret]" in verdict.seen
    assert "portal@acme.test" in verdict.seen


def test_a_temporary_refusal_is_to_be_tried_again() -> None:
    def answer(line: str) -> str:
        return "250-me\r\n250 AUTH PLAIN\r\n" if line.upper().startswith("EHLO") else "454 4.7.0 later\r\n"

    with saying("220 hello\r\n", answer) as port:
        assert "Try again" in log_in(mail(port, "none")).cure


def test_the_wrong_encryption_for_a_usual_port_is_said() -> None:
    closed = {"host": "127.0.0.9"}
    for secure, port, words in (("starttls", 465, 'secure="tls"'), ("tls", 587, 'secure="starttls"')):
        verdict = log_in(mail(port, secure, **closed))
        assert words in verdict.cure
        assert f"Port {port}" in verdict.seen
    assert "587 with starttls" in log_in(mail(587, **closed)).cure


def test_without_a_password_no_log_in_is_tried() -> None:
    verdict = look(partial(check_smtp, mail(1, password=Secret(missing="it is encrypted"))))
    assert verdict.status is Status.SKIPPED
    assert "it is encrypted" in verdict.seen
    assert "--show-secrets" in verdict.cure


def test_a_user_that_no_server_could_take_is_a_failure_without_its_text() -> None:
    with MailServer(USER, PASSWORD).running() as port:
        verdict = log_in(mail(port, "none", username="ünknown"))
    assert verdict.status is Status.FAILED
