"""Questions to a DNS server over real UDP, many at once: the sandbox's own way to see what is in the DNS. No memory."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dns.message import QueryMessage

TIMEOUT: Final = 1.0
"""How long an answer is waited for, in seconds."""
ATTEMPTS: Final = 2
_AT_ONCE: Final = 64
_PAYLOAD: Final = 1232


class Question(NamedTuple):
    """What is asked, and where: a server such as "127.0.0.1:8053", a type such as "A", a name."""

    server: str
    type: str
    name: str


@dataclass(frozen=True)
class Found:
    """What was found: values without the dot at their end and in lower case, or the problem that kept them away."""

    values: frozenset[str] = frozenset()
    problem: str = ""


_SILENCE: Final = "no answer"
_NO_NAME: Final = Found(problem="no domain name")


def ask(questions: Sequence[Question]) -> dict[Question, Found]:
    """Ask all questions, which must be for one server, and return what was found; it takes a few seconds at most."""
    found: dict[Question, Found] = {}
    for first in range(0, len(questions), _AT_ONCE):
        found |= (batch := _asked(questions[first : first + _AT_ONCE]))
        if all(each.problem == _SILENCE for each in batch.values()):
            # A server that does not answer at all is not waited for again and again.
            found |= dict.fromkeys(questions[first + _AT_ONCE :], Found(problem=_SILENCE))
            break
    return found


def _asked(questions: Sequence[Question]) -> dict[Question, Found]:
    found: dict[Question, Found] = {}
    for _ in range(ATTEMPTS):
        open_ones = [question for question in questions if question not in found]
        if open_ones:
            try:
                found |= _round(open_ones)
            except OSError as error:
                return dict.fromkeys(open_ones, Found(problem=error.strerror or "unreachable")) | found
    return dict.fromkeys(questions, Found(problem=_SILENCE)) | found


def _round(questions: Sequence[Question]) -> dict[Question, Found]:
    found: dict[Question, Found] = {}
    host, _, port = questions[0].server.rpartition(":")
    host = host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((host, int(port)))
        sent = _queries(questions)
        for _, query in sent.values():
            sender.send(query.to_wire())
        last = time.monotonic() + TIMEOUT
        while len(found) < len(sent) and (left := last - time.monotonic()) > 0:
            sender.settimeout(left)
            try:
                answer = dns.message.from_wire(sender.recv(65535))
            except TimeoutError:
                break
            except dns.exception.DNSException:
                continue  # not an answer to anything; the right one may yet come
            if answer.id in sent:
                question, query = sent[answer.id]
                if query.is_response(answer):
                    found[question] = _found(query, answer, host, int(port))
    return dict.fromkeys(set(questions) - {question for question, _ in sent.values()}, _NO_NAME) | found


def _queries(questions: Sequence[Question]) -> dict[int, tuple[Question, QueryMessage]]:
    made: dict[int, tuple[Question, QueryMessage]] = {}
    for question in questions:
        try:
            query = dns.message.make_query(question.name, question.type, use_edns=0, payload=_PAYLOAD)
        except (dns.exception.DNSException, UnicodeError):
            continue
        while query.id in made:
            query.id = (query.id + 1) % 65536
        made[query.id] = question, query
    return made


def _found(query: QueryMessage, answer: dns.message.Message, host: str, port: int) -> Found:
    if answer.flags & dns.flags.TC:
        try:
            answer = dns.query.tcp(query, host, TIMEOUT, port)
        except (OSError, EOFError, dns.exception.DNSException):
            return Found(problem="no answer over TCP")
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return Found(problem=dns.rcode.to_text(answer.rcode()))
    try:
        # The response to a query is of its class, as the check above and dnspython's own have seen to it.
        last = cast("QueryMessage", answer).resolve_chaining().answer
    except dns.exception.DNSException:
        return Found(problem="an answer that makes no sense")
    return Found(frozenset(item.to_text().rstrip(".").lower() for item in last or ()))
