"""What a check says: its status, what was seen, the cure; it looks at nothing itself."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_revcent_portal.api.redaction import Redactor

__all__ = ["FORMAT", "Report", "Result", "Status", "Verdict", "counted", "failed", "ok", "skipped", "warning", "worst"]

FORMAT: Final = 1
"""The version of the JSON; it changes when a key goes away or means something else."""
_LONGEST: Final = 1000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Status(StrEnum):
    """How a check ended; the order of their weight is the order here, lightest first."""

    SKIPPED = "skipped"
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


_WEIGHT: Final = {status: weight for weight, status in enumerate(Status)}


@dataclass(frozen=True)
class Verdict:
    """The answer of one check.

    Attributes:
        status: how it ended.
        seen: what was seen, one sentence or a few.
        cure: what to do, as an order; empty where there is nothing to do.
        lines: what the cure speaks of, to be copied as it stands, such as lines of a zone file.
    """

    status: Status
    seen: str
    cure: str = ""
    lines: tuple[str, ...] = ()


def ok(seen: str) -> Verdict:
    """Return the verdict that all is well."""
    return Verdict(Status.OK, seen)


def warning(seen: str, cure: str, lines: Sequence[str] = ()) -> Verdict:
    """Return the verdict that something will or may go wrong, or that somebody may do what nobody should."""
    return Verdict(Status.WARNING, seen, cure, tuple(lines))


def failed(seen: str, cure: str, lines: Sequence[str] = ()) -> Verdict:
    """Return the verdict that something does not work, or that nobody can say whether it does."""
    return Verdict(Status.FAILED, seen, cure, tuple(lines))


def skipped(why: str, cure: str = "") -> Verdict:
    """Return the verdict that nothing was looked at, and why."""
    return Verdict(Status.SKIPPED, why, cure)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return several verdicts as one: the heaviest status, and everything that is as heavy or has a cure."""
    given = list(dict.fromkeys(verdicts))
    heaviest = max((verdict.status for verdict in given), key=_WEIGHT.__getitem__)
    kept = [verdict for verdict in given if verdict.status is heaviest or verdict.cure]
    kept.sort(key=lambda verdict: -_WEIGHT[verdict.status])
    return Verdict(
        heaviest,
        " ".join(dict.fromkeys(verdict.seen for verdict in kept)),
        " ".join(dict.fromkeys(verdict.cure for verdict in kept if verdict.cure)),
        tuple(dict.fromkeys(line for verdict in kept for line in verdict.lines)),
    )


@dataclass(frozen=True)
class Result:
    """The verdict of one check on one thing.

    Attributes:
        check: the check's id.
        subject: the domain, portal, mail profile, ... that was looked at.
        verdict: the answer.
    """

    check: str
    subject: str
    verdict: Verdict

    @property
    def status(self) -> Status:
        """How the check ended."""
        return self.verdict.status

    def clean(self, redactor: Redactor) -> Result:
        """Return the result as people may see it: without secrets, and without what would steer a terminal.

        The texts of servers are in it, and a server may say anything.
        """

        def text(raw: str) -> str:
            line = " ".join(_CONTROL.sub(" ", redactor.clean(raw)).split())
            return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."

        verdict = self.verdict
        lines = tuple(text(line) for line in verdict.lines)
        return Result(
            self.check, text(self.subject), Verdict(verdict.status, text(verdict.seen), text(verdict.cure), lines)
        )


@dataclass(frozen=True)
class Report:
    """All results, in the order of the plan.

    Attributes:
        results: one per check and thing.
        seconds: how long the looking took.
    """

    results: tuple[Result, ...]
    seconds: float = 0.0
    counts: dict[Status, int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        counts = Counter(result.status for result in self.results)
        object.__setattr__(self, "counts", {status: counts[status] for status in reversed(Status)})

    @property
    def status(self) -> Status:
        """The heaviest status of all."""
        return max((result.status for result in self.results), key=_WEIGHT.__getitem__, default=Status.SKIPPED)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values; the page of the command documents the keys."""
        return {
            "version": FORMAT,
            "status": self.status.value,
            "seconds": round(self.seconds, 3),
            "counts": {status.value: count for status, count in self.counts.items()},
            "checks": [
                {
                    "check": result.check,
                    "subject": result.subject,
                    "status": result.status.value,
                    "seen": result.verdict.seen,
                    "cure": result.verdict.cure,
                    "lines": list(result.verdict.lines),
                }
                for result in self.results
            ],
        }


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 record`, `2 records`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
