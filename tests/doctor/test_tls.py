from __future__ import annotations

import socket
import ssl
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.doctor.results import Status, Verdict
from pulumi_revcent_portal.doctor.tls import Certificate, check_certificate, connection_problem, trust_problem
from tests.dns.servers import World, silence
from tests.doctor.certificates import Authority
from tests.doctor.listening import rude, silent, tls_server
from tests.doctor.looking import look

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

HOST = "portal.acme.test"


def certificate(authority: Authority, server: AbstractContextManager[int], host: str = HOST) -> Verdict:
    with server as port:
        return look(
            partial(check_certificate, host), ca_file=str(authority.file), connect=("127.0.0.1", port), seconds=1.0
        )


def test_a_good_certificate_is_shown(authority: Authority) -> None:
    verdict = certificate(authority, tls_server(authority.context(HOST, "www.acme.test")))
    assert verdict.status is Status.OK
    assert "for portal.acme.test, www.acme.test, issued by Test Authority, until 20" in verdict.seen


def test_a_certificate_with_many_names_shows_some(authority: Authority) -> None:
    names = [f"n{number}.acme.test" for number in range(9)]
    verdict = certificate(authority, tls_server(authority.context(HOST, *names)))
    assert "n4.acme.test and 4 more" in verdict.seen


@pytest.mark.parametrize(("days", "status"), [(20.5, Status.WARNING), (21.5, Status.OK)])
def test_a_certificate_that_ends_within_21_days_is_a_warning(authority: Authority, days: float, status: Status) -> None:
    verdict = certificate(authority, tls_server(authority.context(HOST, days=days)))
    assert verdict.status is status
    assert ("ends in 20 days" in verdict.seen) is (status is Status.WARNING)


def test_an_expired_certificate_is_shown_with_its_end(authority: Authority) -> None:
    verdict = certificate(authority, tls_server(authority.context(HOST, days=-2)))
    assert verdict.status is Status.FAILED
    assert "it has expired. It is for portal.acme.test, issued by Test Authority, until 20" in verdict.seen
    assert "CNAME records" in verdict.cure


def test_a_certificate_for_another_name_is_shown_with_its_names(authority: Authority) -> None:
    verdict = certificate(authority, tls_server(authority.context("other.example")))
    assert verdict.status is Status.FAILED
    assert "it is for another name (Hostname mismatch" in verdict.seen
    assert "It is for other.example" in verdict.seen
    assert "leads to RevCent" in verdict.cure


def test_a_self_signed_certificate_is_shown_with_who_made_it(authority: Authority) -> None:
    verdict = certificate(authority, tls_server(authority.context(HOST, self_signed=True)))
    assert "it is self-signed. It is for portal.acme.test, issued by Owner of portal.acme.test" in verdict.seen


def test_a_certificate_of_an_unknown_authority_names_it(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "Stranger")
    verdict = certificate(authority, tls_server(stranger.context(HOST)))
    assert "nobody whom this machine trusts has signed it (unable to get local issuer certificate)" in verdict.seen
    assert "issued by Stranger" in verdict.seen
    assert "--ca-file" in verdict.cure


def test_a_certificate_that_is_not_valid_yet_points_to_the_clock(authority: Authority) -> None:
    verdict = certificate(authority, tls_server(authority.context(HOST, begins=1)))
    assert "it is not valid yet" in verdict.seen
    assert "clock" in verdict.cure


def test_this_machine_s_own_trust_is_the_default(authority: Authority) -> None:
    with tls_server(authority.context(HOST)) as port:
        verdict = look(partial(check_certificate, HOST), connect=("127.0.0.1", port))
    assert "nobody whom this machine trusts" in verdict.seen


def test_servers_without_a_certificate_are_told_apart(authority: Authority) -> None:
    assert "it does not answer in time" in certificate(authority, silent()).seen
    assert "the connection is cut" in certificate(authority, rude()).seen
    with silent() as port:
        pass
    verdict = look(partial(check_certificate, HOST), connect=("127.0.0.1", port))
    assert "nothing listens there" in verdict.seen
    assert "A records" in verdict.cure


def test_a_certificate_that_nobody_shows_a_second_time_is_refused_without_its_content(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_arguments: object, **_options: object) -> None:
        raise ConnectionResetError

    trust = ssl.create_default_context
    stranger = SimpleNamespace(wrap_socket=cut)
    monkeypatch.setattr(ssl, "create_default_context", lambda cafile=None: trust(cafile=cafile) if cafile else stranger)
    verdict = certificate(authority, tls_server(authority.context(HOST, days=-2)))
    assert verdict.seen.endswith("it has expired.")


def test_every_address_of_the_host_is_asked(authority: Authority, dns: World) -> None:
    with tls_server(authority.context(HOST), address="127.0.0.5") as port:
        options: dict[str, Any] = {"ca_file": str(authority.file), "tls_port": port}
        dns.zone("acme.test", "portal 300 A 127.0.0.5\n")
        assert look(partial(check_certificate, HOST), dns, **options).status is Status.OK
        dns[1].set(HOST, "A", "127.0.0.5", "127.0.0.6")
        verdict = look(partial(check_certificate, HOST), dns, **options)
    assert verdict.status is Status.FAILED
    assert f"127.0.0.6:{port} shows no certificate for portal.acme.test: nothing listens there." in verdict.seen
    assert "127.0.0.5" not in verdict.seen


def test_a_host_without_an_address_is_a_failure(dns: World) -> None:
    dns.zone("acme.test")
    verdict = look(partial(check_certificate, HOST), dns)
    assert "has no address, so no browser finds the portal" in verdict.seen
    assert look(partial(check_certificate, "nowhere.invalid")).seen == verdict.seen.replace(HOST, "nowhere.invalid")


def test_resolvers_that_do_not_answer_are_no_verdict_on_the_host(dns: World) -> None:
    dns.resolver.behave(silence)
    assert "No resolver answered" in look(partial(check_certificate, HOST), dns, seconds=0.5).seen


def test_a_host_that_is_an_address_or_known_to_this_machine_is_asked_there(authority: Authority) -> None:
    with tls_server(authority.context("localhost")) as port:
        options: dict[str, Any] = {"ca_file": str(authority.file), "tls_port": port}
        assert "it is for another name" in look(partial(check_certificate, "127.0.0.1"), **options).seen
        assert f"127.0.0.1:{port}" in look(partial(check_certificate, "localhost"), **options).seen


def test_a_certificate_without_names_or_issuer_can_be_shown() -> None:
    decoded = {"notBefore": "Jan  5 09:34:43 2026 GMT", "notAfter": "Jan  5 09:34:43 2027 GMT"}
    assert str(Certificate.read(decoded)) == "for no name at all, issued by nobody, until 2027-01-05"


def test_problems_have_words() -> None:
    revoked = SimpleNamespace(verify_code=23, verify_message="certificate revoked.")
    assert trust_problem(revoked) == "certificate revoked"  # type: ignore[arg-type] # Python lets nobody else make one
    assert connection_problem(socket.gaierror(-2, "x")) == "the name has no address"
    assert connection_problem(ssl.SSLError(1, "x")) == "the encryption fails (no reason given)"
    assert connection_problem(OSError(101, "Network is unreachable")) == "Network is unreachable"
    assert connection_problem(ValueError("s3cret")) == "ValueError"
