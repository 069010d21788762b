"""What is to change in a zone so that it holds what is declared and nothing of others is lost. Pure, no I/O.

A, AAAA and CNAME sets have one owner each: who wrote the set last as a whole. A set that is there with other values is
a conflict, unless a value of it is in our books: then it is ours, and what somebody changed in it is mended. Of a TXT
set we own single values. What is there already, exactly as declared, is left as it is and never becomes ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.dns.publishers.records import EXCLUSIVE, Change, Key, Record, RecordSet, Sets, values_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

SIGNATURES: Final = frozenset({"RRSIG", "NSEC", "NSEC3", "KEY"})
"""Types that DNSSEC puts beside a CNAME (RFC 2181, section 10.1; RFC 4034, sections 3 and 4)."""


@dataclass(frozen=True)
class Plan:
    """What to do.

    Attributes:
        changes: the record sets to change; removals first.
        conflicts: why nothing can be done, in sentences; when there are any, there are no changes.
        warnings: what a person should know about the changes.
        added: what is ours once the changes are made.
    """

    changes: tuple[Change, ...] = ()
    conflicts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    added: frozenset[Record] = frozenset()


@dataclass(frozen=True)
class Intent:
    """What a resource wants of a zone.

    Attributes:
        wanted: what is declared; empty to remove everything of ours.
        added: what this resource put there.
        ttl: for the sets that are ours alone.
        overwrite: replace A, AAAA and CNAME sets of others.
        retime: give the sets that are ours alone the time to live, even when nothing else changes in them.
        kept: records of ours that another resource declares too: they stay, and are no longer ours.
    """

    wanted: Collection[Record]
    added: Collection[Record]
    ttl: int
    overwrite: bool = False
    retime: bool = False
    kept: Collection[Record] = ()


def plan(sets: Mapping[Key, RecordSet], intent: Intent) -> Plan:
    """Compare what a zone holds with what is declared.

    Args:
        sets: every record set of the names in `intent.wanted` and `intent.added`.
        intent: what is to become of them.
    """
    books = _Books(dict(sets), intent)
    for key in sorted({record.key for record in (*intent.wanted, *intent.added)}):
        mine, former, stay = (
            {record.value for record in records if record.key == key}
            for records in (intent.wanted, intent.added, intent.kept)
        )
        books.settle(key, mine, former, stay)
    books.make_room()
    if books.conflicts:
        return Plan(conflicts=tuple(books.conflicts), added=frozenset(intent.added))
    return Plan(tuple(books.changes()), (), tuple(books.warnings), frozenset(books.added))


@dataclass
class _Books:
    """What becomes of each record set, while the plan is made."""

    before: Sets
    intent: Intent
    after: Sets = field(init=False)
    conflicts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    added: set[Record] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.after = dict(self.before)

    def settle(self, key: Key, wanted: set[str], former: set[str], stay: set[str]) -> None:
        """Decide about one set: declared, former and staying values of ours."""
        current = self.before.get(key)
        values = set(current.values) if current else set()
        if current and current.special:
            self._special(key, current, wanted)
        elif key[1] in EXCLUSIVE and wanted:
            self._exclusive(key, values, wanted, former)
        else:
            self._shared(key, values, wanted, former, stay)

    def _special(self, key: Key, current: RecordSet, wanted: set[str]) -> None:
        what = f"{_of(key)} is {current.special}"
        if wanted:
            self.conflicts.append(
                f"{what}, and not {values_text(wanted)}. Such a record set is left alone, with overwrite=True too: "
                "remove it in the zone first, or leave the record out."
            )
        else:
            self.warnings.append(f"{what} by now, and was left as it is.")

    def _exclusive(self, key: Key, values: set[str], wanted: set[str], former: set[str]) -> None:
        if values == wanted:
            # A set that we made is ours whoever gave it the value that is declared now.
            self._own(key, wanted if former else ())
            self._retime(key, former)
            return
        if values and not former and not self.intent.overwrite:
            self.conflicts.append(
                f"{_of(key)} exists already with {values_text(values)}, not {values_text(wanted)}. Set overwrite=True "
                "to replace it, or remove it in the zone."
            )
            return
        strange = values - wanted - former
        if strange:
            self.warnings.append(
                f"{_of(key)} said {values_text(strange)}, which somebody else had put there; it was replaced by "
                f"{values_text(wanted)}."
            )
        self._own(key, wanted)
        self._put(key, wanted, self.intent.ttl)

    def _shared(self, key: Key, values: set[str], wanted: set[str], former: set[str], stay: set[str]) -> None:
        gone = former - wanted
        left = gone & stay
        if left:
            self.warnings.append(
                f"{_of(key)} {values_text(left)} was left as it is: another resource of this program declares it too. "
                "Nobody removes it any more when that one is deleted."
            )
        missing = gone - values
        strange = values - wanted - former
        if missing and strange and key[1] in EXCLUSIVE:
            self.warnings.append(
                f"{_of(key)} was {values_text(missing)} when it was published and says {values_text(strange)} by now. "
                "It was left as it is."
            )
        after = (values | wanted) - (gone - stay)
        self._own(key, (wanted - values) | (wanted & former))
        if after == values:
            self._retime(key, former)
            return
        current = self.before.get(key)
        alone = current is None or values <= former
        self._put(key, after, self.intent.ttl if current is None or (alone and self.intent.retime) else current.ttl)

    def _own(self, key: Key, values: Iterable[str]) -> None:
        self.added |= {Record(*key, value) for value in values}

    def _retime(self, key: Key, former: set[str]) -> None:
        current = self.before.get(key)
        if (
            self.intent.retime
            and current
            and current.values
            and current.values <= former
            and current.ttl != self.intent.ttl
        ):
            self._put(key, current.values, self.intent.ttl)

    def _put(self, key: Key, values: Collection[str], ttl: int) -> None:
        if values:
            self.after[key] = RecordSet(*key, frozenset(values), ttl)
        else:
            self.after.pop(key, None)

    def make_room(self) -> None:
        """See to it that a CNAME has its name for itself (RFC 1034, section 3.6.2)."""
        for name in sorted({record.name for record in self.intent.wanted}):
            here = [each for key, each in self.after.items() if key[0] == name and key[1] not in SIGNATURES]
            if len(here) < 2 or not any(each.type == "CNAME" for each in here):  # noqa: PLR2004 - one beside another
                continue
            mine = {record.type for record in self.intent.wanted if record.name == name}
            for other in here:
                if other.type not in mine and ("CNAME" in mine or other.type == "CNAME"):
                    self._evict(other, values_text(mine))

    def _evict(self, other: RecordSet, types: str) -> None:
        told = f" with {other.says()}" if other.says() else ""
        what = f"{_of(other.key)} exists already{told}, and a CNAME record stands alone at its name"
        if other.type in EXCLUSIVE and not other.special and self.intent.overwrite:
            self.warnings.append(f"{_of(other.key)} said {other.says()}; it was removed to make room for {types}.")
            self.after.pop(other.key)
        elif other.type in EXCLUSIVE and not other.special:
            self.conflicts.append(f"{what}. Set overwrite=True to replace it by {types}, or remove it in the zone.")
        else:
            self.conflicts.append(
                f"{what}. It is left alone, with overwrite=True too: remove it in the zone first, or leave the "
                f"{types} record out."
            )

    def changes(self) -> Iterator[Change]:
        """The sets that differ, removals first so that a CNAME finds its place free."""
        keys = sorted(self.before.keys() | self.after.keys(), key=lambda key: (key in self.after, key))
        for key in keys:
            before, after = self.before.get(key), self.after.get(key)
            if after is not before and (before is None or after is None or before != after):
                yield Change(before, after)


def outcome(sets: Mapping[Key, RecordSet], changes: Iterable[Change]) -> Sets:
    """Return the sets as they are once the changes are made."""
    after = dict(sets)
    for change in changes:
        if change.after is None:
            after.pop(change.key, None)
        else:
            after[change.key] = replace(change.after, raw=None)
    return after


def holds(sets: Mapping[Key, RecordSet], changes: Iterable[Change]) -> bool:
    """Whether the sets say what the changes were to make them say, times to live aside."""
    for change in changes:
        found, meant = sets.get(change.key), change.after
        if (found.values if found else frozenset()) != (meant.values if meant else frozenset()):
            return False
    return True


def _of(key: Key) -> str:
    return f"{key[0]} {key[1]}"
