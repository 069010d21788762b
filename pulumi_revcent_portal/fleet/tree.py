"""The values of a YAML text with the lines where they stand, made from PyYAML's events.

PyYAML's own composer is not used: the one in C descends as deep as the text does, without a limit, and both stop at the
first thing that they do not like. How values are read is documented in `document`, the words for syntax errors stand in
`syntax`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from pulumi_revcent_portal.fleet import syntax
from pulumi_revcent_portal.fleet.places import FileProblem, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SIZE: Final = 5_000_000
"""How large a file may be, in bytes, and what its aliases stand for, in characters."""
MAX_DEPTH: Final = 100
"""How deep values may be nested, aliases included."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # where PyYAML was built without libyaml, the slow one
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_AS_TEXT: Final = frozenset({"!", "tag:yaml.org,2002:str"})
_MERGE: Final = "<<"

Scalar = str | int | float | bool | None


class Spot(NamedTuple):
    """A place in the text; both are counted from 1."""

    line: int
    column: int


class Entry(NamedTuple):
    """A value below a key, and where that field stands."""

    spot: Spot
    value: Node


@dataclass(slots=True, eq=False)
class Node:
    """A value. Aliases of it are the same object.

    Attributes:
        spot: Where it is written.
        content: The scalar, the items, or the values below their keys.
        size: How many characters and values it is, aliases written out.
        height: How many levels are nested in it.
    """

    spot: Spot
    content: Scalar | list[Node] | dict[str, Entry]
    size: int = 1
    height: int = 0


def plain(node: Node) -> Any:
    """A value without places; what aliases share is copied."""
    content = node.content
    if isinstance(content, dict):
        return {key: plain(entry.value) for key, entry in content.items()}
    if isinstance(content, list):
        return [plain(item) for item in content]
    return content


def sort_of(content: object) -> str:
    """What a value is, in YAML's terms and without the value."""
    if content is None:
        return "nothing"
    if isinstance(content, bool):
        return "a truth value"
    if isinstance(content, int | float):
        return "a number"
    return "a string" if isinstance(content, str) else "a list" if isinstance(content, list) else "a mapping"


def deepest(root: Node, field: str) -> Spot:
    """Where a field stands, or the deepest of its parents that exists; `Document.place` documents it."""
    return _deepest(root.spot, root, field)[1]


def _deepest(spot: Spot, node: Node, rest: str) -> tuple[int, Spot]:
    best = len(rest), spot
    for entry, further in _steps(node.content, rest):
        best = min(best, _deepest(*entry, further), key=lambda found: found[0])  # the first of equals
        if best[0] == 0:
            break
    return best


def _steps(content: object, rest: str) -> Iterator[tuple[Entry, str]]:
    if isinstance(content, dict):
        ends = [len(rest), *(at for at in range(len(rest) - 1, 0, -1) if rest[at] in ".[")]
        yield from ((content[rest[:end]], rest[end:].removeprefix(".")) for end in ends if rest[:end] in content)
    elif isinstance(content, list):
        index = re.match(r"\[([0-9]{1,9})\]\.?", rest)
        if index and int(index[1]) < len(content):
            item = content[int(index[1])]
            yield Entry(item.spot, item), rest[index.end() :]


def compose(text: str, file: str) -> tuple[Node | None, tuple[FileProblem, ...]]:
    """Read a text.

    Args:
        text: What stands in the file.
        file: The file as it is shown to people.

    Returns:
        The value of the (first) document, or None when the text could not be read to its end, and the problems.
    """
    composer = _Composer()
    try:
        syntax.require_printable(text)
        composer.read(text)
    except syntax.Stop as stop:
        composer.problem(Spot(stop.line, stop.column), stop.message, field="")
        composer.root = None
    problems = sorted(composer.problems, key=lambda problem: problem[0])
    return composer.root, tuple(FileProblem(Place(file, *spot, field), message) for spot, field, message in problems)


@dataclass(slots=True, eq=False)
class _Key:
    spot: Spot
    text: str | None
    """None for a key whose value is left out."""
    merges: bool = False


@dataclass(slots=True, eq=False)
class _Open:
    """A list or a mapping whose end was not read yet."""

    node: Node
    anchor: str | None
    usable: bool
    key: _Key | None = None
    merged: list[Node] = field(default_factory=list)
    merge_spot: Spot | None = None

    def step(self) -> str:
        """How a field path goes on from here to the value that comes next."""
        if isinstance(self.node.content, list):
            return f"[{len(self.node.content)}]"
        return f".{self.key.text}" if self.key and self.key.text is not None else ""


class _Composer:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.problems: list[tuple[Spot, str, str]] = []
        self._open: list[_Open] = []
        self._anchors: dict[str | None, Node | None] = {}  # None: it has not ended yet
        self._copied = 0
        self._documents = 0

    def problem(self, spot: Spot, message: str, *, field: str | None = None) -> None:
        path = "".join(frame.step() for frame in self._open).removeprefix(".") if field is None else field
        self.problems.append((spot, path, message))

    def read(self, text: str) -> None:
        event: yaml.Event | None = None
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                if isinstance(event, yaml.DocumentStartEvent):
                    self._documents += 1
                    if self._documents > 1:
                        message = "a second document begins here. Leave its '---' out, or make it a file of its own."
                        self.problem(_spot(event), message)
                        return
                self._take_event(event)
        except yaml.MarkedYAMLError as error:
            raise syntax.explained(error, text, self._open[-1].node.spot if self._open else Spot(1, 1)) from None
        except (ValueError, OverflowError):  # PyYAML in Python, for an escape that is no character
            raise syntax.Stop(*(_spot(event) if event else (1, 1)), syntax.ESCAPE) from None

    def _take_event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        spot, untagged = _spot(event), self._is_untagged(event)
        bare = event.implicit[0] and event.tag is None
        node = Node(spot, (_value(event.value) if bare else event.value) if untagged else None)
        node.size += len(event.value)
        if event.anchor:
            self._anchors[event.anchor] = node
            if bare and not event.value:
                self.problem(spot, syntax.ANCHOR_OF_NOTHING)
        self._add(node, written=event.value, bare=bare)

    def _is_untagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
        allowed = _AS_TEXT if isinstance(event, yaml.ScalarEvent) else ()
        if event.tag is None or event.tag in allowed:
            return True
        self.problem(_spot(event), syntax.TAG)
        return False

    def _alias(self, event: yaml.AliasEvent) -> None:
        spot, node = _spot(event), self._anchors.get(event.anchor)
        if node is None:
            unfinished = event.anchor in self._anchors
            self.problem(spot, syntax.ALIAS_OF_ITSELF if unfinished else syntax.ALIAS_OF_NOTHING)
            node = Node(spot, None)
        self._copied += node.size
        if self._copied > MAX_SIZE:
            raise syntax.Stop(*spot, "aliases up to here stand for more than 5 MB. Use fewer aliases of aliases.")
        self._require_depth(spot, node.height)
        self._add(node, alias=spot)

    def _require_depth(self, spot: Spot, height: int) -> None:
        if len(self._open) + height > MAX_DEPTH:
            raise syntax.Stop(*spot, f"values are nested more than {MAX_DEPTH} levels deep here. Nest them less.")

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        spot = _spot(event)
        usable = self._is_untagged(event)
        self._require_depth(spot, 1)
        node = Node(spot, [] if isinstance(event, yaml.SequenceStartEvent) else {})
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(node, event.anchor, usable))

    def _end(self) -> None:
        frame = self._open.pop()
        node = frame.node
        if isinstance(node.content, dict):
            merged: dict[str, Entry] = {}
            for source in reversed(frame.merged):  # the first one wins
                if isinstance(source.content, dict):
                    merged |= source.content
            node.content = merged | node.content
        if not frame.usable:
            node.content = None
        if frame.anchor:
            self._anchors[frame.anchor] = node
        self._add(node)

    def _add(self, node: Node, *, written: str | None = None, bare: bool = False, alias: Spot | None = None) -> None:
        """Give a value that has ended, or the alias of one, to the list or the mapping in which it stands."""
        if not self._open:
            self.root = self.root or node
            return
        frame = self._open[-1]
        frame.node.size += node.size
        frame.node.height = max(frame.node.height, node.height + 1)
        content = frame.node.content
        if isinstance(content, list):
            content.append(node)
        elif frame.key is None:
            frame.key = self._key(frame, node, written, alias or node.spot, merges=bare and written == _MERGE)
        elif frame.key.merges:
            self._merge(frame, frame.key.spot, node)
            frame.key = None
        else:
            self._store(content, frame.key, Entry(node.spot if alias else frame.key.spot, node))
            frame.key = None

    def _key(self, frame: _Open, node: Node, written: str | None, spot: Spot, *, merges: bool) -> _Key:
        if merges:
            frame.key = _Key(spot, _MERGE, merges=True)
            if frame.merge_spot:
                first = frame.merge_spot.line
                self.problem(spot, f"there is a '<<' in line {first} already. Write one: '<<: [*this, *that]'.")
            frame.merge_spot = frame.merge_spot or spot
            return frame.key
        if isinstance(node.content, str):
            return _Key(spot, node.content)
        sort = sort_of(node.content)
        if written and node.content is not None:
            frame.key = _Key(spot, written)  # so that the problem is that of the key, and not of all keys beside it
            self.problem(spot, f"the key {written} is {sort}. Put it in quotes: '{written}'.")
            return frame.key
        cure = syntax.QUOTES_FOR_BRACES if isinstance(node.content, dict | list) else "Write a name before the colon."
        self.problem(spot, f"{sort} stands where a key belongs. {cure}")
        return _Key(spot, None)

    def _merge(self, frame: _Open, spot: Spot, node: Node) -> None:
        sources = node.content if isinstance(node.content, list) else [node]
        wrong = [source for source in sources if not isinstance(source.content, dict | None)]
        if wrong:
            message = f"'<<' takes mappings, not {sort_of(wrong[0].content)}. Write '<<: *name'."
            self.problem(spot, message)
        frame.merged += sources

    def _store(self, content: Any, key: _Key, entry: Entry) -> None:
        if key.text is None:
            return
        if key.text in content:
            line = content[key.text].spot.line
            self.problem(key.spot, f"stands in line {line} already. Remove one of the two.")
            return
        content[key.text] = entry


def _spot(event: yaml.Event) -> Spot:
    mark = event.start_mark
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)


def _value(written: str) -> Scalar:
    if written in _WORDS:
        return _WORDS[written]
    if _WHOLE.fullmatch(written):
        return int(written)
    if _FRACTION.fullmatch(written):
        number = float(written)
        return number if math.isfinite(number) else written
    return written
