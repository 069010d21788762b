"""What is wrong with a fleet: each mistake once, where it was made, and nothing that only follows from another.

It finds nothing by itself; `roster` and `conflicts` tell it what they find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.models.base import Model, Problem
from pulumi_revcent_portal.models.merging import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_NAMED = 3


def says(fields: Any, field_name: str) -> bool:
    """Whether something is said of a field, or of what it stands in."""
    for step in field_name.partition("[")[0].split("."):
        if isinstance(fields, Model):
            fields = said(fields)
        if not isinstance(fields, Mapping):
            return True
        if step not in fields:
            return False
        fields = fields[step]
    return True


@dataclass(frozen=True)
class Subject:
    """A brand about which something is told.

    Attributes:
        key: its key.
        place: where it stands: `brands.acme`.
        own: what was said of it.
    """

    key: str
    place: str
    own: Mapping[str, Any]


@dataclass
class _Told:
    message: str
    brands: list[str] = field(default_factory=list)


class Telling:
    """Gathers problems; of what stands at, in or around a field of which something is told, nothing more is told.

    Args:
        told: fields of which something is told elsewhere.
    """

    def __init__(self, told: Iterable[str] = ()) -> None:
        self.shared: Mapping[str, Any] = {}
        """What was said of all brands."""
        self._found: dict[str, _Told] = {}
        self._told: set[str] = set()
        self._around: set[str] = set()
        for place in filter(None, told):
            self._remember(place)

    def _remember(self, place: str) -> None:
        self._told.add(place)
        self._around.update(_parents(place))

    def is_told(self, place: str) -> bool:
        """Whether something is told of a field, or of what it stands in."""
        return place in self._told or any(parent in self._told for parent in _parents(place))

    def is_told_of(self, subject: Subject, name: str) -> bool:
        """The same for a field of a brand, which it may have from the defaults."""
        if not self._told:  # as a rule, and asked several times for each brand
            return False
        own, shared = f"{subject.place}.{name}", f"defaults.{name}"
        inherited = not says(subject.own, name) and (self.is_told(shared) or self.may_be_lost(own, shared))
        return inherited or self.is_told(own)

    def may_be_lost(self, *places: str) -> bool:
        """Whether a field that is not there may stand in what a merge key of the file was to bring, and did not."""
        return any(self._follows(f"{parent}.<<") for place in places for parent in _parents(place))

    def tell(self, place: str, message: str) -> None:
        """Tell a problem of a field."""
        if not self._follows(place):
            self._found[place] = _Told(message)
            self._remember(place)

    def tell_of(self, subject: Subject, name: str, message: str) -> None:
        """Tell a problem of a brand's field where that was said: in the brand, or in the defaults.

        Args:
            subject: the brand.
            name: the field.
            message: what is wrong. In the defaults one message speaks for all brands that have the problem.
        """
        own, shared = f"{subject.place}.{name}", f"defaults.{name}"
        if says(subject.own, name):
            self.tell(own, message)
            return
        told = self._found.get(shared)
        if told is not None and told.brands:
            told.brands.append(subject.key)
        elif self._follows(own) or self._follows(shared) or self.may_be_lost(own, shared):
            return
        elif says(self.shared, name):
            self._found[shared] = _Told(message, [subject.key])
            self._remember(shared)
        else:
            self.tell(own, message)

    def _follows(self, place: str) -> bool:
        return self.is_told(place) or place in self._around

    def problems(self, brands: int = 0) -> list[Problem]:
        """Return what was told, in its order.

        Args:
            brands: how many brands there are, so that what is wrong with all of them need not name them.
        """
        return [Problem(place, f"{told.message}{_concerning(told, brands)}") for place, told in self._found.items()]


def _parents(place: str) -> Iterator[str]:
    for index, character in enumerate(place):
        if character in ".[":
            yield place[:index]


def _concerning(told: _Told, brands: int) -> str:
    keys = list(dict.fromkeys(told.brands))
    if not keys or len(keys) == brands:
        return ""
    named = ", ".join(map(repr, keys[:_MOST_NAMED]))
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return f" It concerns the brand{'' if len(keys) == 1 else 's'} {named}{more}."
