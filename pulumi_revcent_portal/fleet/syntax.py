"""What is wrong with a text that is no YAML, in words for the person who wrote it. It reads no YAML itself.

PyYAML's messages come from libyaml or from its Python twin, whose words differ; both are matched. No message repeats
anything of the file but single characters of YAML's own: what is misread may be a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import yaml

_QUOTED: Final = "Put the text in quotes."

ESCAPE: Final = (
    "a backslash in double quotes begins an escape, and this is none. Write two backslashes, or use single quotes."
)
TAG: Final = (
    "'!' begins a tag, and tags mean nothing here. For a secret write a reference: config:NAME or env:NAME. "
    "Put text that begins with '!' in quotes."
)
ALIAS_OF_NOTHING: Final = (
    "'*' begins an alias, and no anchor of that name ('&' and the name) stands above it. "
    "Correct the name, or put text that begins with '*' in quotes."
)
ANCHOR_OF_NOTHING: Final = (
    "'&' begins an anchor, and no value follows it. Put text that begins with '&' in quotes, or write null."
)
ALIAS_OF_ITSELF: Final = "the alias stands inside of what it stands for, which would never end. Remove it."
QUOTES_FOR_BRACES: Final = "Put text that begins with '{' or '[', such as '{{email_code}}', in quotes or below a '|'."

# All line breaks that editors do not count are refused too, so that lines are what the editor says.
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NO_SPACES = re.compile("[ ]*([\t\xa0\u2000-\u200b\u3000])")


class Stop(Exception):  # noqa: N818  # it reads as what it is
    """A text cannot be read any further; `line` and `column` are counted from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


class _Rule(NamedTuple):
    words: str
    """A pattern of what PyYAML says: `while scanning an alias: expected ...`."""
    message: str
    at: Literal["stop", "beginning", "open value"] = "stop"
    """Where to look: where reading stopped, where the unfinished thing begins, or where the unfinished value does."""


_RULES: Final = (
    _Rule(r"escape|hexdecimal|hexadecimal", ESCAPE),
    _Rule(
        r"quoted scalar: .*(end of stream|document)",
        "the quote that opens here is never closed. Close it; within single quotes an apostrophe is written twice.",
        at="beginning",
    ),
    _Rule(
        r"a flow ", f"the bracket that opens here is not closed, or lacks a comma. {QUOTES_FOR_BRACES}", "open value"
    ),
    _Rule(
        r"simple key: ",
        "this line has no 'key: value'. Add the colon and a space behind it; a text of several lines goes below a '|', "
        "indented.",
        at="beginning",
    ),
    _Rule(r"an alias: ", "'*' begins an alias, and this is no name of one. Put text that begins with '*' in quotes."),
    _Rule(r"an anchor: ", "'&' begins an anchor, and this is no name of one. Put text that begins with '&' in quotes."),
    _Rule(r"a tag: |tag handle", TAG),
    _Rule(r"block scalar: ", "behind '|' or '>' nothing more can stand. Begin the text in the next line, indented."),
    _Rule(
        r"sequence entries are not allowed",
        "'- ' begins an item of a list, which cannot stand behind its key. Begin it in a line of its own, "
        "or put text that begins with '- ' in quotes.",
    ),
    _Rule(r"mapping keys are not allowed", f"'? ' begins a key in YAML, which cannot stand here. {_QUOTED}"),
    _Rule(
        r"block collection: |block sequence: ",
        "this line is no item of the list above it. Begin it with '- ', or correct its indentation.",
    ),
    _Rule(
        r"document start|directive|incompatible YAML",
        "a line that begins with '%', '---' or '...' has a meaning of its own in YAML. Remove it, or put the text in "
        "quotes.",
    ),
)

_INDICATORS: Final = frozenset("@`%|>,]}")
_SECOND_COLON: Final = f"a second ': ' stands in this line. {_QUOTED}"
_KEY_IN_A_VALUE: Final = (
    "a key stands where the value above it goes on. Indent it like the keys above, or correct the line before it: "
    "a colon lacks the space behind it, or a text its quotes."
)
_ITEM_AMONG_KEYS: Final = "an item of a list stands among keys. Indent it below its key, or give it a key."
_BETWEEN_COLUMNS: Final = "this line is indented like none above it. Begin the keys of one mapping in the same column."
_BEHIND: Final = {
    **dict.fromkeys(
        "'\"",
        "something follows behind the closing quote. Put the whole text between the quotes; within single quotes an "
        "apostrophe is written twice.",
    ),
    **dict.fromkeys("]}", f"something follows behind the closing bracket. {QUOTES_FOR_BRACES}"),
}
"""What is wrong behind a character."""


def require_printable(text: str) -> None:
    """Refuse characters that YAML does not allow, and line breaks that editors do not count.

    Raises:
        Stop: At the first one.
    """
    found = _NOT_PRINTABLE.search(text)
    if found:
        before = _lines(text[: found.start()])
        message = f"holds the character U+{ord(found[0]):04X}, which nobody can see. Remove it."
        raise Stop(len(before), len(before[-1]) + 1, message)


def explained(error: yaml.MarkedYAMLError, text: str, begun: tuple[int, int]) -> Stop:
    """Say what is wrong where PyYAML could not go on.

    Args:
        error: PyYAML's error.
        text: The text that it read.
        begun: Where the innermost list or mapping begins that was not read to its end: line and column, from 1.
    """
    said = f"{error.context or ''}: {error.problem or ''}"
    stop = _position(error.problem_mark)
    places = {"stop": stop, "beginning": _position(error.context_mark), "open value": begun}
    written = [*_lines(text), ""][stop[0] - 1]  # libyaml ends a text in a line of its own
    blank = _NO_SPACES.match(written)
    if blank:
        name = "a tab" if blank[1] == "\t" else f"the space U+{ord(blank[1]):04X}"
        message = f"the line is indented with {name}, and YAML takes only plain spaces. Replace it by spaces."
        return Stop(stop[0], blank.start(1) + 1, message)
    for rule in _RULES:
        if re.search(rule.words, said):
            return Stop(*places[rule.at], rule.message)
    return Stop(*stop, _by_its_line(said, written, stop[1] - 1))


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def _position(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _by_its_line(said: str, written: str, column: int) -> str:
    """What is wrong among the keys of a block: PyYAML's words tell less than what stands before the place."""
    before, here = written[:column].rstrip(), written[column : column + 1]
    if "cannot start any token" in said or "node content" in said:
        if here == "\t":
            return "a tab stands where YAML takes only spaces. Replace it by spaces."
        return f"{f'text cannot begin with {here!r}' if here in _INDICATORS else 'no value begins'} here. {_QUOTED}"
    if "mapping values are not allowed" in said:
        return _SECOND_COLON if re.search(r":\s", before) else _KEY_IN_A_VALUE
    if before:
        return _BEHIND.get(before[-1], f"this does not belong to the text before it. {_QUOTED}")
    return _ITEM_AMONG_KEYS if here == "-" else _BETWEEN_COLUMNS
