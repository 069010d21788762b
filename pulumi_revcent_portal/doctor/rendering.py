"""A report for people, on a terminal or in a pipe: a line per check, under it the cure; it decides nothing."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from rich.text import Text

from pulumi_revcent_portal.doctor.results import Status, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from pulumi_revcent_portal.doctor.results import Report, Result

__all__ = ["print_report"]

_STYLES: Final = {Status.OK: "green", Status.WARNING: "yellow", Status.FAILED: "bold red", Status.SKIPPED: "dim"}
_WORDS: Final = {Status.OK: "ok", Status.WARNING: "warning", Status.FAILED: "FAILED", Status.SKIPPED: "skipped"}
_STATUS_WIDTH: Final = 9
_CHECK_WIDTH: Final = 13
_MARGIN: Final = 2
_WIDEST: Final = 120
_CURE: Final = "cure: "
_INDENT: Final = 4
"""Before what is to be copied: little, because records are long and must not be torn."""
_TOO_NARROW: Final = 40
"""A text column with less than this is worth no column at all."""


def print_report(report: Report, console: Console) -> None:
    """Print a report: what is well first, what is not last, next to the prompt.

    Args:
        report: the results.
        console: where to; texts are wrapped on a terminal only, and what is to be copied never is.
    """
    width = min(console.width, _WIDEST) if console.is_terminal else 0
    groups: dict[str, list[Result]] = {}
    for result in report.results:
        groups.setdefault(result.subject, []).append(result)
    for subject, results in sorted(groups.items(), key=lambda group: _has_failed(group[1])):
        _print(console, Text(subject, style="bold"))
        for result in results:
            for line in _lines(result, width):
                _print(console, line)
        _print(console, Text())
    _print(console, _summary(report))


def _has_failed(results: list[Result]) -> bool:
    return any(result.status is Status.FAILED for result in results)


def _print(console: Console, line: Text) -> None:
    console.print(line, soft_wrap=True)


def _lines(result: Result, width: int) -> Iterator[Text]:
    left = _MARGIN + _STATUS_WIDTH + _CHECK_WIDTH
    room = width - left if width - left >= _TOO_NARROW else 0
    verdict, is_skipped = result.verdict, result.status is Status.SKIPPED
    head = Text(" " * _MARGIN)
    head.append(f"{_WORDS[result.status]:<{_STATUS_WIDTH}}", style=_STYLES[result.status])
    head.append(f"{result.check:<{_CHECK_WIDTH}}", style="dim" if is_skipped else "bold")
    # What was skipped is no trouble, and gets one line.
    seen = f"{verdict.seen} {verdict.cure}" if is_skipped else verdict.seen
    yield from _block(head, _wrapped(seen, room), left, "dim" if is_skipped else "")
    if verdict.cure and not is_skipped:
        head = Text(" " * left).append(_CURE, style="cyan")
        yield from _block(head, _wrapped(verdict.cure, room and room - len(_CURE)), left + len(_CURE), "")
    for line in verdict.lines:
        yield Text(f"{' ' * _INDENT}{line}", style="cyan")


def _block(head: Text, lines: list[str], left: int, style: str) -> Iterator[Text]:
    for number, line in enumerate(lines):
        yield (head if number == 0 else Text(" " * left)) + Text(line, style=style)


def _wrapped(text: str, room: int) -> list[str]:
    """Return the lines of a text; one line where there is no width to keep. Names and numbers are not torn."""
    if not room:
        return [text]
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]


def _summary(report: Report) -> Text:
    parts = [Text(f"{count} {status.value}", style=_STYLES[status]) for status, count in report.counts.items() if count]
    line = Text(", ").join(parts) if parts else Text("nothing")
    return line + Text(f" ({counted(len(report.results), 'check')} in {report.seconds:.1f} s)")
