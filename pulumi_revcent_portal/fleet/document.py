"""A YAML file as plain data of which every field can be told with file and line. What a field means is not known here.

The file is read as YAML 1.2 reads it, and stricter where a value could silently become another one:

* Only `true` and `false` are truth values. `no`, `yes`, `on` and `off` are strings.
* A number is written in decimal digits, at most 15 of them without a fraction (what a double carries exactly), perhaps
  with a minus or a fraction: `587`, `-1`, `0.5`, `1.0e+16`. All else is a string: `0123`, `0x1F`, `1e5`, `+49123`,
  `1_000`, `12:30`, `20m`, `2026-11-23`, and the digits of a long ID.
* `null`, `~` and nothing at all are None. What stands between quotes or below `|` or `>` is always a string.
* Anchors, aliases and merge keys (`<<`) work. Tags do not, but for `!!str`.
* A key is a string, stands once in its mapping, and there is one document in a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_revcent_portal.fleet.places import FileProblem, Place
from pulumi_revcent_portal.fleet.tree import MAX_SIZE, Node, Spot, compose, deepest, plain, sort_of

__all__ = ["Document", "FileProblem", "Place", "read_document"]

_UTF_16_AND_32_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


@dataclass(frozen=True)
class Document:
    """What stands in a file, and where.

    Attributes:
        file: The file as it is shown to people: the path as it was given.
        data: Plain dicts, lists, strings, numbers, truth values and None. A value with a problem of its own is None. A
            file that could not be read to its end gives none.
        problems: What is wrong with the file as YAML, in its order.
    """

    file: str
    data: dict[str, Any] = field(repr=False)  # somebody may have written a secret into it
    problems: tuple[FileProblem, ...]
    _root: Node | None = field(default=None, repr=False, compare=False)

    def place(self, field: str) -> Place:
        """Where a field stands, or the deepest of its parents that exists.

        A field stands where its key does; where an alias or a merge key brings it, it stands where it is written.

        Args:
            field: The keys and indices that lead there: `brands.acme.customer_emails.confirmation.cc[1]`. Keys may hold
                dots and brackets, as in `domains.acme.com.dns`; the longest key that exists is taken.
        """
        spot = deepest(self._root, field) if self._root else Spot(1, 1)
        return Place(self.file, spot.line, spot.column, field)


def read_document(path: Path, *, shown: str = "") -> Document:
    """Read a YAML file. Nothing about the file is an exception: all that is wrong stands in the document's problems.

    Args:
        path: The file: UTF-8, with a byte order mark or without, up to 5 MB.
        shown: The file as people are to see it; the path by default.
    """
    file = shown or str(path)
    try:
        text = _text(path)
    except _Unreadable as reason:
        return Document(file, {}, (FileProblem(Place(file, reason.line, 1, ""), str(reason)),))
    root, problems = compose(text, file)
    if root and isinstance(root.content, dict):
        return Document(file, plain(root), problems, root)
    spot, content = (root.spot, root.content) if root else (Spot(1, 1), None)
    wrong = "is empty" if content is None else f"holds {sort_of(content)} at the top"
    message = f"the file {wrong}. Write keys at the top, such as 'brands:', and their values indented below."
    return Document(file, {}, problems or (FileProblem(Place(file, *spot, ""), message),))


class _Unreadable(Exception):  # noqa: N818  # it reads as what it is
    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def _text(path: Path) -> str:
    if path.is_dir():
        raise _Unreadable("is a directory. Name the YAML file in it.")
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_SIZE + 1)
    except FileNotFoundError:
        start = "" if path.is_absolute() else f" A relative path begins at {Path.cwd()}."
        raise _Unreadable(f"there is no such file.{start}") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = getattr(error, "strerror", None) or error
        raise _Unreadable(f"the file cannot be read: {reason}.") from None
    if len(content) > MAX_SIZE:
        raise _Unreadable("the file is larger than 5 MB. Split it, or move long texts into files of their own.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 if content.startswith(_UTF_16_AND_32_MARKS) else content.count(b"\n", 0, error.start) + 1
        raise _Unreadable("the file is not UTF-8. Save it as UTF-8.", line) from None
