"""Resolvers: which ones, and what happens when one of them has no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import pytest

from pulumi_revcent_portal.dns.network import Network
from pulumi_revcent_portal.dns.resolvers import Reply, Resolvers, endpoint
from pulumi_revcent_portal.dns.transport import Endpoint, Silence
from tests.dns.clock import Clock
from tests.dns.servers import NameServer, silence, with_rcode

NAME = dns.name.from_text("acme.test")
TXT = dns.rdatatype.TXT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.53", Endpoint("192.0.2.53", 53)),
        (" 192.0.2.53:5353 ", Endpoint("192.0.2.53", 5353)),
        ("2001:db8::53", Endpoint("2001:db8::53", 53)),
        ("[2001:db8::53]", Endpoint("2001:db8::53", 53)),
        ("[::1]:5353", Endpoint("::1", 5353)),
    ],
)
def test_a_resolver_is_an_address_with_or_without_a_port(text: str, expected: Endpoint) -> None:
    assert endpoint(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "ns1.example.net", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53:dns", "[::1", "[::1]:x"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no address of a DNS resolver\. Write it like 192\.0\.2\.53"):
        endpoint(text)


@pytest.fixture
def two() -> Iterator[tuple[NameServer, NameServer]]:
    with NameServer() as first, NameServer() as second:
        for each in (first, second):
            each.zone("acme.test", "@ TXT text\n")
        yield first, second


def asking(two: tuple[NameServer, NameServer]) -> Resolvers:
    return Resolvers(Network(0.5, Clock()), [Endpoint(each.address, each.port) for each in two])


def test_the_first_resolver_that_answers_is_enough(two: tuple[NameServer, NameServer]) -> None:
    reply = asyncio.run(asking(two).ask(NAME, TXT))
    assert isinstance(reply, Reply)
    assert reply.resolver.port == two[0].port
    assert two[1].asked == []


def refer(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
    del answer, tcp
    return dns.message.make_response(question).to_wire()


@pytest.mark.parametrize("twist", [silence, with_rcode(dns.rcode.REFUSED), with_rcode(dns.rcode.SERVFAIL), refer])
def test_the_next_one_is_asked_when_one_has_no_answer(two: tuple[NameServer, NameServer], twist: object) -> None:
    two[0].behave(twist)  # type: ignore[arg-type] # the list has more than one type
    reply = asyncio.run(asking(two).ask(NAME, TXT))
    assert isinstance(reply, Reply)
    assert reply.resolver.port == two[1].port


def test_a_silent_resolver_costs_its_time_out_only_once(two: tuple[NameServer, NameServer]) -> None:
    two[0].behave(silence)
    resolvers = asking(two)
    for _ in range(3):
        asyncio.run(resolvers.ask(NAME, TXT))
    assert len(two[0].asked) == 2
    assert len(two[1].asked) == 3


def test_a_resolver_that_refuses_one_question_is_asked_the_next(two: tuple[NameServer, NameServer]) -> None:
    two[0].behave(with_rcode(dns.rcode.REFUSED), times=1)
    resolvers = asking(two)
    for _ in range(2):
        asyncio.run(resolvers.ask(NAME, TXT))
    assert len(two[0].asked) == 2


def test_when_nobody_answers_the_first_one_is_told(two: tuple[NameServer, NameServer]) -> None:
    two[0].behave(with_rcode(dns.rcode.REFUSED))
    two[1].behave(silence)
    assert asyncio.run(asking(two).ask(NAME, TXT)) == Silence(f"the resolver {two[0]}: refused")


def test_a_server_that_only_refers_to_others_is_no_resolver(two: tuple[NameServer, NameServer]) -> None:
    two[0].behave(refer)
    outcome = asyncio.run(asking((two[0], two[0])).ask(NAME, TXT))
    assert outcome == Silence(f"the resolver {two[0]}: does not resolve names")


def test_a_denial_that_names_its_zone_is_an_answer_from_whomever(two: tuple[NameServer, NameServer]) -> None:
    def deny(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del question, tcp
        answer.flags &= ~(dns.flags.AA | dns.flags.RA)
        return answer.to_wire()

    two[0].behave(deny)
    reply = asyncio.run(asking(two).ask(dns.name.from_text("other.acme.test"), TXT))
    assert isinstance(reply, Reply)
    assert reply.resolver.port == two[0].port


def test_without_any_the_systems_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class System:
        nameservers = ("192.0.2.53", "2001:db8::53")
        port = 53

    monkeypatch.setattr(dns.resolver, "Resolver", System)
    resolvers = Resolvers(Network(0.5, Clock()), [])
    assert resolvers._endpoints == (Endpoint("192.0.2.53"), Endpoint("2001:db8::53"))
    assert resolvers.with_own_port == ()


def test_a_system_without_resolvers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", nothing)
    outcome = asyncio.run(Resolvers(Network(0.5, Clock()), []).ask(NAME, TXT))
    assert outcome == Silence("this system names no DNS resolver")
