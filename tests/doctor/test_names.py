from __future__ import annotations

from typing import TYPE_CHECKING

import dns.resolver
import pytest
from dns.rcode import Rcode

from pulumi_revcent_portal.doctor.catalogue import plan
from pulumi_revcent_portal.doctor.inventory import Inventory
from pulumi_revcent_portal.doctor.names import Names, NoAnswerError
from pulumi_revcent_portal.doctor.results import Status
from tests.dns.servers import garbage, silence, with_rcode
from tests.doctor.listening import run
from tests.doctor.looking import look

if TYPE_CHECKING:
    from tests.dns.servers import World


def test_answers_are_read_once_and_absence_is_an_empty_answer(dns: World) -> None:
    dns.zone("acme.test", '@ 300 TXT "a" "b"\n@ 300 A 192.0.2.1\n@ 300 AAAA 2001:db8::1\n@ 300 MX 5 mail\n')

    async def ask() -> None:
        names = Names([str(dns.resolver)], 2.0)
        assert names.are_given
        assert await names.texts("acme.test.") == await names.texts("ACME.test") == ("ab",)
        assert await names.addresses("acme.test") == ("192.0.2.1", "2001:db8::1")
        assert await names.mail_servers("acme.test") == ("mail.acme.test",)
        assert await names.texts("nothing.acme.test") == ()
        assert await names.mail_servers("ns1.acme.test") == ()
        await names.close()

    run(ask())
    assert dns.resolver.questions("TXT").count("acme.test") == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [(silence, "within 0.6 s"), (with_rcode(Rcode.SERVFAIL), "Every resolver failed"), (garbage, "acme.test")],
)
def test_resolvers_that_do_not_answer_are_an_error_in_words(dns: World, fault: object, words: str) -> None:
    dns.zone("acme.test")
    dns.resolver.behave(fault)  # type: ignore[arg-type]
    with pytest.raises(NoAnswerError, match=words):
        run(Names([str(dns.resolver)], 0.6).texts("acme.test"))


def test_a_name_that_is_none_is_an_error_in_words(dns: World) -> None:
    with pytest.raises(NoAnswerError, match="cannot be looked up"):
        run(Names([str(dns.resolver)], 1.0).texts("a..b"))


def test_a_machine_without_a_resolver_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_arguments: object, **_options: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr("dns.resolver.BaseResolver.read_resolv_conf", nothing)
    names = Names([], 1.0)
    assert not names.are_given
    with pytest.raises(NoAnswerError, match="no DNS resolver configured"):
        run(names.texts("acme.test"))


def test_one_look_up_that_is_given_up_does_not_disturb_the_end(dns: World) -> None:
    dns.resolver.behave(silence)
    (job, *_) = plan(Inventory(senders=("a@acme.test",)), frozenset({"spf"}))
    verdict = look(job.look, dns, seconds=0.3)
    assert verdict.status is Status.FAILED
    assert "--resolver" in verdict.cure
