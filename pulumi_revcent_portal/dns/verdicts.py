"""From what servers say to what that means for a record that is wanted. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.exception
import dns.rdatatype

from pulumi_revcent_portal.dns.reading import Kind
from pulumi_revcent_portal.dns.records import Found, Record, Sighting, State

if TYPE_CHECKING:
    from pulumi_revcent_portal.dns.authority import Answers
    from pulumi_revcent_portal.dns.reading import Answer

__all__ = ["as_found", "judged", "type_of"]

_STATES = {Kind.NO_NAME: State.NO_NAME, Kind.NO_RECORD: State.NO_RECORD, Kind.SILENT: State.NO_ANSWER}


def type_of(text: str) -> dns.rdatatype.RdataType:
    """Return a type of record by its name.

    Raises:
        ValueError: there is none of this name.
    """
    try:
        return dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError):
        raise ValueError(f"{text!r} is no type of DNS record.") from None


def judged(record: Record, server: str, answers: Answers) -> Sighting:
    """Return what one server says about a record: all is well only when all its answers are."""
    sightings = [_judged(record, server, answer) for answer in answers]
    return next((each for each in sightings if each.state is not State.VISIBLE), sightings[0])


def _judged(record: Record, server: str, answer: Answer) -> Sighting:
    if answer.kind is Kind.SILENT:
        return Sighting(record, answer.at or server, State.NO_ANSWER, reason=answer.reason)
    if answer.kind is Kind.FOUND:
        if any(record.matches(value) for value in answer.values):
            return Sighting(record, server, State.VISIBLE)
        return Sighting(record, server, State.OTHER_VALUE, answer.values, _through(answer))
    if answer.aliases:
        return Sighting(record, server, State.OTHER_VALUE, answer.aliases[:1], _dead_end(answer, record.type))
    return Sighting(record, server, _STATES[answer.kind])


def as_found(server: str, answers: Answers, type: str) -> Found:  # noqa: A002 - the DNS's own word
    """Return what one server has: of answers that disagree the first that is not a set of values."""
    answer = next((each for each in answers if each.kind is not Kind.FOUND), answers[0])
    if answer.kind is Kind.FOUND:
        return Found(server, State.VISIBLE, answer.values, _through(answer))
    if answer.kind is Kind.SILENT:
        return Found(answer.at or server, State.NO_ANSWER, reason=answer.reason)
    return Found(server, _STATES[answer.kind], reason=_dead_end(answer, type) if answer.aliases else "")


def _through(answer: Answer) -> str:
    return f"through the CNAME to {answer.aliases[-1]}" if answer.aliases else ""


def _dead_end(answer: Answer, type: str) -> str:  # noqa: A002 - see above
    """Return why a CNAME led to no value."""
    if answer.reason:
        return answer.reason
    if answer.kind is Kind.NO_NAME:
        return f"a CNAME, and {answer.aliases[-1]} does not exist"
    return f"a CNAME, and {answer.aliases[-1]} has no {type} record"
