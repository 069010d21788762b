"""The README, the pages of `docs/` and those of the examples, taken apart. Not a test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CODE_SPAN = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")


class Page:
    """One page.

    Attributes:
        name: its path from the root of the checkout.
        text: all of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(CHECKOUT).as_posix()
        self.text = path.read_text(encoding="utf-8")

    def __repr__(self) -> str:
        return self.name

    def blocks(self, language: str) -> list[str]:
        """The fenced blocks of a language."""
        return [body for kind, body in _FENCE.findall(self.text) if kind == language]

    @property
    def program(self) -> str:
        """The Python blocks, which are one program together."""
        return "\n".join(self.blocks("python"))

    @property
    def prose(self) -> str:
        """The text without fenced blocks."""
        return _FENCE.sub("", self.text)

    def code_spans(self) -> Iterator[str]:
        """What stands between backticks in the prose."""
        for _, code in _CODE_SPAN.findall(self.prose):
            yield code.strip()

    def commands(self) -> Iterator[str]:
        """Shell commands: the lines of shell blocks without their comments, and code spans."""
        for block in (*self.blocks("sh"), *self.blocks("")):
            for line in block.splitlines():
                yield from re.split(r"\s&&\s", re.sub(r"(^|\s)#.*", "", line))
        yield from self.code_spans()

    def links(self) -> list[str]:
        """Where the page's links and pictures point to."""
        return _LINK.findall(self.prose)

    def messages(self) -> Iterator[str]:
        """The error messages in tables headed "message"; `…` stands for a value."""
        for table in re.findall(r"^\| message \|.*\n\|.*\n((?:\|.*\n)+)", self.text, re.MULTILINE):
            for row in table.splitlines():
                yield next(code for _, code in _CODE_SPAN.findall(row)).strip()


def pages() -> list[Page]:
    """Every page that speaks to users."""
    paths = [
        CHECKOUT / "README.md",
        CHECKOUT / "CONTRIBUTING.md",
        CHECKOUT / "SECURITY.md",
        *sorted((CHECKOUT / "docs").rglob("*.md")),
        *sorted((CHECKOUT / "examples").glob("*/README.md")),
    ]
    return [Page(path) for path in paths]
