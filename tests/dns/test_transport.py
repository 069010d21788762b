"""One exchange with a server that does what servers do."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterator

import dns.message
import pytest

from pulumi_revcent_portal.dns.transport import Endpoint, Silence, _Datagrams, _Ear, _within, exchange
from tests.dns.servers import HANG_UP, NameServer, Twist, garbage, silence, truncated, wrong_id


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer().zone("acme.test", "@ TXT text\n") as server:
        yield server


def ask(server: NameServer, seconds: float = 0.3) -> dns.message.Message | Silence:
    question = dns.message.make_query("acme.test", "TXT")
    return asyncio.run(exchange(Endpoint(server.address, server.port), question, seconds))


def answered(outcome: dns.message.Message | Silence) -> bool:
    return not isinstance(outcome, Silence) and "text" in outcome.answer[0].to_text()


def test_an_answer_over_udp(server: NameServer) -> None:
    assert answered(ask(server))
    assert [each.tcp for each in server.asked] == [False]


def test_a_truncated_answer_is_fetched_over_tcp(server: NameServer) -> None:
    server.behave(truncated)
    assert answered(ask(server))
    assert [each.tcp for each in server.asked] == [False, True]


def test_silence_over_tcp_after_a_truncated_answer_is_told(server: NameServer) -> None:
    server.behave(lambda question, answer, tcp: None if tcp else truncated(question, answer, tcp))
    assert ask(server) == Silence("timed out after 0.3 s over TCP, which its long answer needs")


def test_a_connection_that_closes_without_an_answer_is_told(server: NameServer) -> None:
    server.behave(lambda question, answer, tcp: HANG_UP if tcp else truncated(question, answer, tcp))
    assert ask(server) == Silence("closed the connection over TCP, which its long answer needs")


def test_an_answer_to_another_question_is_waited_out_until_the_right_one_comes(server: NameServer) -> None:
    server.behave(lambda question, answer, tcp: [wrong_id(question, answer, tcp), _right(question, answer)])
    assert answered(ask(server))


def test_the_same_over_tcp(server: NameServer) -> None:
    def both(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes | list[bytes]:
        if not tcp:
            return truncated(question, answer, tcp)
        return [wrong_id(question, answer, tcp), _right(question, answer)]

    server.behave(both)
    assert answered(ask(server))


def _right(question: dns.message.Message, answer: dns.message.Message) -> bytes:
    answer.id = question.id
    return answer.to_wire()


@pytest.mark.parametrize("twist", [wrong_id, garbage])
def test_only_nonsense_is_no_answer(server: NameServer, twist: Twist) -> None:
    server.behave(twist)
    assert ask(server) == Silence("its answers make no sense")


def test_silence_is_told_with_how_long_it_lasted(server: NameServer) -> None:
    server.behave(silence)
    assert ask(server) == Silence("timed out after 0.3 s", late=True)


def test_nobody_listening_is_told_at_once(server: NameServer) -> None:
    server.stop()
    assert ask(server, seconds=30) == Silence("connection refused")


@pytest.mark.parametrize("code", [errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_an_address_without_a_route_is_told_apart(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_route(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_datagram_endpoint", no_route)
    outcome = ask(NameServer("2001:db8::1", 53))
    assert outcome == Silence("this machine has no route to 2001:db8::1", no_route=True)


def test_an_error_without_a_number_is_told_in_its_own_words() -> None:
    async def scenario() -> dns.message.Message | Silence:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[dns.message.Message | OSError] = loop.create_future()
        question = dns.message.make_query("acme.test", "TXT")
        _Datagrams(_Ear(question), answer).error_received(RuntimeError("Cable is cut"))
        _Datagrams(_Ear(question), answer).error_received(OSError("told too late"))

        async def way(endpoint: Endpoint, wire: bytes, ear: _Ear) -> dns.message.Message:
            del endpoint, wire, ear
            failure = await answer
            assert isinstance(failure, OSError)
            raise failure

        return await _within(1, way, Endpoint("192.0.2.1"), question)

    assert asyncio.run(scenario()) == Silence("cable is cut")


@pytest.mark.parametrize("tcp", [False, True])
def test_a_cancelled_exchange_closes_its_sockets(server: NameServer, tcp: bool) -> None:
    server.behave(lambda question, answer, over: truncated(question, answer, over) if tcp and not over else None)

    async def scenario() -> None:
        before = _open_sockets()
        question = dns.message.make_query("acme.test", "TXT")
        task = asyncio.create_task(exchange(Endpoint(server.address, server.port), question, 30))
        while not any(each.tcp is tcp for each in server.asked):  # noqa: ASYNC110 - the server has a thread of its own
            await asyncio.sleep(0.01)
        assert len(_open_sockets() - before) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)
        assert _open_sockets() - before == set()

    asyncio.run(scenario())


def _open_sockets() -> set[int]:
    """The sockets of this thread's loop: the server's own ones are in another."""
    selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined] # the only list that there is
    return set(selector.get_map())


def test_an_answer_over_ipv6() -> None:
    try:
        with NameServer("::1").zone("acme.test", "@ TXT text\n") as server:
            assert answered(ask(server))
    except OSError:
        pytest.skip("needs IPv6: this machine has no ::1")


@pytest.mark.parametrize(
    ("endpoint", "text"),
    [
        (Endpoint("192.0.2.1"), "192.0.2.1"),
        (Endpoint("192.0.2.1", 5353), "192.0.2.1:5353"),
        (Endpoint("2001:db8::1"), "2001:db8::1"),
        (Endpoint("2001:db8::1", 5353), "[2001:db8::1]:5353"),
    ],
)
def test_an_address_is_shown_with_a_port_of_its_own(endpoint: Endpoint, text: str) -> None:
    assert str(endpoint) == text
