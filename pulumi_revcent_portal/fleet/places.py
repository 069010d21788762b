"""Where something stands in a file, and what is wrong there. It reads nothing itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place in a file; `str()` gives `brands.yaml:12`, which editors and terminals open at that line.

    Attributes:
        file: The file as it is shown to people.
        line: Counted from 1.
        column: Counted from 1, in characters.
        field: What was looked for, such as `brands.acme.customer_emails.confirmation.cc[1]`; empty for the file itself.
    """

    file: str
    line: int
    column: int
    field: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class FileProblem:
    """One thing that is wrong with a file; `str()` gives `brands.yaml:12: brands.acme.domain: what is wrong`.

    Attributes:
        place: Where it stands.
        message: What is wrong and what to do about it. Never holds a value of the file, because that may be a secret.
    """

    place: Place
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (str(self.place), self.place.field, self.message)))
