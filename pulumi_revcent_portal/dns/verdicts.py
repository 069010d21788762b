"""From what servers say to what that means for a record that is wanted. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_revcent_portal.dns.reading import Kind
from pulumi_revcent_portal.dns.records import Record, Sighting, State, printable

if TYPE_CHECKING:
    from pulumi_revcent_portal.dns.authority import Answers
    from pulumi_revcent_portal.dns.reading import Answer

__all__ = ["judged"]

_STATES = {Kind.NO_NAME: State.NO_NAME, Kind.NO_RECORD: State.NO_RECORD, Kind.SILENT: State.NO_ANSWER}


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
        return Sighting(record, server, State.OTHER_VALUE, tuple(map(printable, answer.values)), _through(answer))
    if answer.aliases:
        return Sighting(record, server, State.OTHER_VALUE, answer.aliases[:1], _dead_end(answer, record.type))
    return Sighting(record, server, _STATES[answer.kind])


def _through(answer: Answer) -> str:
    return f"through the CNAME to {answer.aliases[-1]}" if answer.aliases else ""


def _dead_end(answer: Answer, record_type: str) -> str:
    """Return why a CNAME led to no value."""
    if answer.reason:
        return answer.reason
    if answer.kind is Kind.NO_NAME:
        return f"a CNAME, and {answer.aliases[-1]} does not exist"
    return f"a CNAME, and {answer.aliases[-1]} has no {record_type} record"
