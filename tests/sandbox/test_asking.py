"""The sandbox's questions to a DNS server: what it takes for an answer, and what it waits on for."""

from __future__ import annotations

import itertools
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dns.message
import dns.rrset
import pytest

from pulumi_revcent_portal.sandbox.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dns.message import Message

    Reply = Callable[[Message], list[bytes]]


@contextmanager
def server(reply: Reply) -> Iterator[str]:
    """A server on a free port that sends what `reply` makes of each query."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                wire, peer = listening.recvfrom(65535)
                if not wire:
                    return
                for answer in reply(dns.message.from_wire(wire)):
                    listening.sendto(answer, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = listening.getsockname()
        yield f"{host}:{port}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))
        thread.join()


def answered(query: Message, value: str = "192.0.2.1", name: str = "") -> Message:
    response = dns.message.make_response(query)
    response.answer.append(dns.rrset.from_text(name or query.question[0].name, 60, "IN", "A", value))
    return response


def test_only_the_answer_to_the_question_counts() -> None:
    def reply(query: Message) -> list[bytes]:
        stranger = answered(query, "192.0.2.66")
        stranger.id = (query.id + 1) % 65536
        other = answered(dns.message.make_query("other.example", "A", id=query.id), "192.0.2.66")
        return [b"garbage", stranger.to_wire(), other.to_wire(), answered(query).to_wire()]

    with server(reply) as address:
        question = Question(address, "A", "acme.example")
        assert ask([question])[question].values == {"192.0.2.1"}


def test_questions_with_the_same_number_get_another(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.chain([65535, 65535, 65535], itertools.count())
    monkeypatch.setattr("dns.entropy.random_16", lambda: next(numbers))
    with server(
        lambda query: [answered(query, f"192.0.2.{len(query.question[0].name.labels[0])}").to_wire()]
    ) as address:
        questions = [Question(address, "A", f"{label}.example") for label in ("a", "aa", "aaa")]
        found = ask(questions)
    assert [found[question].values for question in questions] == [{"192.0.2.1"}, {"192.0.2.2"}, {"192.0.2.3"}]


def test_no_question_is_no_work() -> None:
    assert ask([]) == {}


def test_records_of_another_name_are_no_answer() -> None:
    with server(lambda query: [answered(query, name="other.example.").to_wire()]) as address:
        question = Question(address, "A", "acme.example")
        found = ask([question])[question]
        assert (found.values, found.problem) == (frozenset(), "")
