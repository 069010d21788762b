"""How questions go out: repeated, shared, limited."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import pytest

from pulumi_revcent_portal.dns.network import Network
from pulumi_revcent_portal.dns.transport import Endpoint, Silence
from tests.dns.clock import Clock
from tests.dns.servers import NameServer, silence, with_rcode

NAME = dns.name.from_text("acme.test")
TXT = dns.rdatatype.TXT


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer().zone("acme.test", "@ TXT text\n") as server:
        yield server


@pytest.fixture
def network() -> Network:
    return Network(0.5, Clock())


def at(server: NameServer) -> Endpoint:
    return Endpoint(server.address, server.port)


def test_a_question_that_is_lost_is_asked_once_more(server: NameServer, network: Network) -> None:
    server.behave(silence, times=1)
    assert not isinstance(asyncio.run(network.ask(at(server), NAME, TXT)), Silence)
    assert network.questions == len(server.asked) == 2


def test_two_losses_are_silence(server: NameServer, network: Network) -> None:
    server.behave(silence)
    assert asyncio.run(network.ask(at(server), NAME, TXT)) == Silence("timed out after 0.5 s", late=True)
    assert network.questions == 2


def test_a_clear_no_is_not_asked_again(server: NameServer, network: Network) -> None:
    server.behave(with_rcode(dns.rcode.SERVFAIL))
    answer = asyncio.run(network.ask(at(server), NAME, TXT))
    assert not isinstance(answer, Silence)
    assert answer.rcode() == dns.rcode.SERVFAIL
    assert network.questions == 1


def test_a_server_that_knows_no_edns_is_asked_without(server: NameServer, network: Network) -> None:
    server.behave(with_rcode(dns.rcode.FORMERR), times=1)
    answer = asyncio.run(network.ask(at(server), NAME, TXT))
    assert not isinstance(answer, Silence)
    assert answer.rcode() == dns.rcode.NOERROR
    assert [each.edns for each in server.asked] == [True, False]


def test_a_server_that_still_understands_nothing_is_not_asked_for_ever(server: NameServer, network: Network) -> None:
    server.behave(with_rcode(dns.rcode.FORMERR))
    answer = asyncio.run(network.ask(at(server), NAME, TXT))
    assert not isinstance(answer, Silence)
    assert answer.rcode() == dns.rcode.FORMERR
    assert network.questions == 2


@pytest.mark.parametrize("recursive", [False, True])
def test_only_resolvers_are_asked_to_recurse(server: NameServer, network: Network, recursive: bool) -> None:
    flags: list[int] = []

    def note(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del tcp
        flags.append(question.flags)
        return answer.to_wire()

    server.behave(note)
    asyncio.run(network.ask(at(server), NAME, TXT, recursive=recursive))
    assert [bool(each & dns.flags.RD) for each in flags] == [recursive]


def test_callers_at_the_same_time_share_a_question(server: NameServer, network: Network) -> None:
    server.delay = 0.05

    async def scenario() -> None:
        await asyncio.gather(*(network.ask(at(server), NAME, TXT) for _ in range(10)))
        assert network.questions == 1
        await network.ask(at(server), NAME, TXT)
        assert network.questions == 2

    asyncio.run(scenario())


def test_no_more_than_64_questions_are_on_their_way(server: NameServer) -> None:
    network = Network(5, Clock())
    server.delay = 0.05
    names = [dns.name.from_text(f"n{number}.acme.test") for number in range(200)]

    async def scenario() -> None:
        await asyncio.gather(*(network.ask(at(server), name, TXT) for name in names))

    asyncio.run(scenario())
    assert 32 < server.most_at_once <= 64
    assert network.questions == 200


def test_one_network_serves_one_event_loop_after_the_other(server: NameServer) -> None:
    network = Network(5, Clock())

    async def scenario() -> None:
        names = [dns.name.from_text(f"n{number}.acme.test") for number in range(100)]
        await asyncio.gather(*(network.ask(at(server), name, TXT) for name in names))

    for _ in range(2):
        asyncio.run(scenario())
    assert network.questions == 200


def test_an_address_that_cannot_be_reached_is_tried_once_in_a_process(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_route = Silence("this machine has no route to 2001:db8::1", no_route=True)
    tried = []

    async def unreachable(endpoint: Endpoint, *_: object) -> Silence:
        tried.append(endpoint)
        return no_route

    monkeypatch.setattr("pulumi_revcent_portal.dns.network.exchange", unreachable)
    for _ in range(2):
        assert asyncio.run(network.ask(Endpoint("2001:db8::1"), NAME, TXT)) == no_route
    assert len(tried) == 1


def test_an_address_that_is_given_up_for_a_while_is_tried_again_afterwards(server: NameServer) -> None:
    clock = Clock()
    network = Network(0.5, clock)
    network.give_up(at(server), Silence("silent"), seconds=10)
    assert asyncio.run(network.ask(at(server), NAME, TXT)) == Silence("silent")
    clock.seconds += 10
    assert not isinstance(asyncio.run(network.ask(at(server), NAME, TXT)), Silence)


@pytest.mark.parametrize(("address", "works"), [("2001:db8::1", True), ("::1", False), ("192.0.2.1", False)])
def test_ipv6_works_once_another_machine_answered_over_it(
    address: str, works: bool, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answering(endpoint: Endpoint, question: dns.message.Message, seconds: float) -> dns.message.Message:
        del endpoint, seconds
        return dns.message.make_response(question)

    monkeypatch.setattr("pulumi_revcent_portal.dns.network.exchange", answering)
    asyncio.run(network.ask(Endpoint(address), NAME, TXT))
    assert network.ipv6_works is works
