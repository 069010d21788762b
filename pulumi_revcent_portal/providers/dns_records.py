"""DNS records: published, changed and removed at the user's DNS host. RevCent is not asked, and nobody waits here."""

from __future__ import annotations

import contextlib
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pulumi import contains_unknowns

from pulumi_revcent_portal.dns.publishers.errors import Partial, PublisherError, Stale, Unsure
from pulumi_revcent_portal.dns.publishers.opening import open_publisher, target
from pulumi_revcent_portal.dns.publishers.planning import Intent, holds, plan
from pulumi_revcent_portal.dns.publishers.records import EXCLUSIVE, Record, canonical_name
from pulumi_revcent_portal.models.dns import DnsRecordsInputs
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.ownership import OWNER_KEY, Owner, new_nonce
from pulumi_revcent_portal.providers.planning import checked, require_complete
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_revcent_portal.dns.publishers.planning import Plan
    from pulumi_revcent_portal.dns.publishers.records import Key, Publisher, RecordSet, Sets
    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session

ADDED_KEY: Final = "__added"
"""The hidden output with the records that this resource put into the zone: no others are ever removed."""
ATTEMPTS: Final = 3
"""How often a change is planned anew because somebody else changed the same records at the same time."""


class DnsRecordsCore:
    """Keeps the records of one zone as declared, and what others put there as it is."""

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

    def check(self, olds: Props, news: Props) -> Checked:  # noqa: ARG002 - the old inputs do not matter here
        """Validate, and note what this program declares."""
        result = checked(DnsRecordsInputs, news)
        if not result.problems and result.complete and _is_known(result.inputs):
            urn = Owner.of(result.inputs).urn
            for record in _records(result.inputs):
                self.session.declare(*_entry(result.inputs, record), urn)
        return result

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:  # noqa: ARG002 - the engine's signature
        """Another zone holds other records. Spelling and order say nothing, nor does what only steers."""
        zone = news.get("zone")
        if isinstance(zone, str) and canonical_name(olds["zone"]) != canonical_name(zone):
            return Difference(changes=None, replaces=["zone"])
        if not _is_known(news):
            return Difference(changes=None)
        same = _meaning(olds) == _meaning(news) and olds.get("publisher") == news.get("publisher")
        return Difference(changes=False if same else None)

    def create(self, props: Props) -> State:
        """Publish all records, or none of them."""
        require_complete(DnsRecordsInputs, props)
        object_id = (
            new_nonce()
        )  # no DNS host knows of the resource, and a replacement must be told from what it replaces
        adopted = _published(props) if props.get("adopt") else frozenset()
        return _state(object_id, props, self._publish(props, adopted, object_id).added)

    def read(self, object_id: str, olds: Props) -> State:
        """Look which records still say what was published."""
        publisher = _open(olds)
        try:
            sets = publisher.read({record.name for record in _records(olds)})
        except PublisherError as error:
            raise ProviderProblem(f"{error} The state keeps the records as they were.") from None
        found = as_found(olds["records"], sets)
        if found == list(olds["records"]):
            return State(object_id, dict(olds))
        outputs = {**olds, "records": found}
        shown = (*DnsRecordsInputs.model_fields, OWNER_KEY)
        return State(object_id, outputs, {key: outputs[key] for key in shown if key in outputs})

    def update(self, object_id: str, olds: Props, news: Props) -> State:
        """Carry out the difference. New credentials alone write nothing."""
        require_complete(DnsRecordsInputs, news)
        added = _added(olds)
        if _target(olds) != _target(news):
            added = self._move(olds, news, added, object_id)
        elif _meaning(olds) != _meaning(news):
            added = self._publish(news, added, object_id, retime=olds.get("ttl") != news.get("ttl")).added
        return _state(object_id, news, added)

    def delete(self, object_id: str, olds: Props) -> None:
        """Remove what this resource added, as far as it still says the same and nobody else declares it."""
        if added := _added(olds):
            self._publish({**olds, "records": []}, added, object_id)

    # --- publishing ---------------------------------------------------------------------------------------------------

    def _publish(self, props: Props, added: Collection[Record], object_id: str, *, retime: bool = False) -> Plan:
        """Bring the zone to what `props` declare, and warn of what a person should know."""
        publisher, last = _open(props), ""
        for _ in range(ATTEMPTS):
            try:
                with _lock(_target(props)):
                    done = self._attempt(publisher, props, added, object_id, retime=retime)
            except Stale as error:
                last = str(error)
                continue
            except PublisherError as error:
                raise ProviderProblem(str(error)) from None
            for warning in done.warnings:
                self.warn(Owner.of(props).urn, warning)
            return done
        raise ProviderProblem(f"{last} Nothing was written in {ATTEMPTS} attempts.")

    def _attempt(
        self, publisher: Publisher, props: Props, added: Collection[Record], object_id: str, *, retime: bool
    ) -> Plan:
        wanted = _records(props)
        sets = publisher.read({record.name for record in (*wanted, *added)})
        intent = Intent(
            wanted,
            added,
            ttl=int(props["ttl"]),
            overwrite=bool(props.get("overwrite")),
            retime=retime,
            kept=[record for record in added if self._is_declared_elsewhere(props, record, object_id)],
        )
        planned = plan(sets, intent)
        if planned.conflicts:
            raise ProviderProblem(f"{' '.join(planned.conflicts)} Nothing was written.")
        if planned.changes:
            try:
                publisher.apply(planned.changes)
            except Unsure as error:
                _require_arrived(publisher, planned, added, error)
        for record in wanted:  # before the lock is given up: a removal that follows must know of it
            self.session.remember(" ".join(_entry(props, record)), object_id)
        return planned

    def _is_declared_elsewhere(self, props: Props, record: Record, object_id: str) -> bool:
        """Whether another resource of this run wants the record to stay: one that was renamed, or replaces this one.

        It found the record published and left it as it was, so nothing but this keeps it.
        """
        entry = _entry(props, record)
        declarer = self.session.declared_by(*entry)
        return declarer not in {None, Owner.of(props).urn} or self.session.replaced_here(" ".join(entry), object_id)

    def _move(self, olds: Props, news: Props, added: Collection[Record], object_id: str) -> frozenset[Record]:
        """Publish by another way, and clear the old place only when it is certain that it is another one.

        Two ways may lead to one zone, such as a server's name and its address, or its host's API. What a look by
        the old way shows and one by the new way does not is proof that they lead to two.
        """
        names = {record.name for record in added}
        new = _open(news)
        try:
            seen = _seen(new.read(names), added)
        except PublisherError as error:
            raise ProviderProblem(str(error)) from None
        try:
            old = _open(olds)
            before = _seen(old.read(names), added)
        except (PublisherError, ProviderProblem) as error:
            before, left = frozenset(), f"What was published before was not looked at: {error}"
        else:
            left = (
                f"The records were there already on the {new.where}, and were taken for those that the {old.where} "
                "shows. If that one keeps a zone of its own, remove them there."
                if before
                else ""
            )
        done = self._publish(news, seen, object_id, retime=olds.get("ttl") != news.get("ttl")).added
        if before - seen:
            self._publish({**olds, "records": []}, before, object_id)
        elif left:
            self.warn(Owner.of(news).urn, left)
        return done


def as_found(declared: Sequence[Props], sets: Mapping[Key, RecordSet]) -> list[dict[str, Any]]:
    """Return declared records as the zone has them: a changed value in place of the old one, without what is missing.

    Of a TXT set only the declared values are looked at; an A, AAAA or CNAME set is declared as a whole.
    """
    wanted = {Record.of(record) for record in declared}
    strange = {
        key: sorted(found.values - {record.value for record in wanted if record.key == key})
        for key in {record.key for record in wanted}
        if (found := sets.get(key)) and key[1] in EXCLUSIVE and not found.special
    }
    result: list[dict[str, Any]] = []
    for record in declared:
        canonical = Record.of(record)
        found = sets.get(canonical.key)
        if found and canonical.value in found.values and not found.special:
            result.append(dict(record))
        elif strange.get(canonical.key):
            result.append({**record, "value": strange[canonical.key].pop(0)})
    for (name, kind), values in sorted(strange.items()):
        result += [{"type": kind, "name": name, "value": value} for value in values]
    return result


def _require_arrived(publisher: Publisher, planned: Plan, added: Collection[Record], error: Unsure) -> None:
    """After an answer that was lost, or an error half-way: look whether the change is there all the same."""
    try:
        sets = publisher.read({change.key[0] for change in planned.changes})
    except PublisherError:
        raise ProviderProblem(
            f"{error} It cannot be read either. Run `pulumi up` again when it runs: it finds what was written."
        ) from None
    if holds(sets, planned.changes):
        return
    if isinstance(error, Partial):
        _undo(publisher, sets, planned, added)
    raise ProviderProblem(f"{error} Run `pulumi up` again.") from None


def _undo(publisher: Publisher, sets: Sets, planned: Plan, added: Collection[Record]) -> None:
    """Take back what was added, for no state will know of it; a set that was ours before stays, changed or not."""
    known = {record.key for record in added if record.type in EXCLUSIVE}
    fresh = {record for record in planned.added - frozenset(added) if record.key not in known}
    with contextlib.suppress(PublisherError):  # the next `up` finds what remains, equal to what is declared
        publisher.apply(plan(sets, Intent((), fresh, ttl=0)).changes)


def _seen(sets: Mapping[Key, RecordSet], records: Iterable[Record]) -> frozenset[Record]:
    return frozenset(each for each in records if (found := sets.get(each.key)) and each.value in found.values)


def _published(props: Props) -> frozenset[Record]:
    """Return which of the declared records the zone has already."""
    records = _records(props)
    try:
        return _seen(_open(props).read({record.name for record in records}), records)
    except PublisherError as error:
        raise ProviderProblem(str(error)) from None


def _state(object_id: str, props: Props, added: Collection[Record]) -> State:
    return State(object_id, {**props, ADDED_KEY: [record.dump() for record in sorted(added)]})


def _open(props: Props) -> Publisher:
    try:
        return open_publisher(props["zone"], props["publisher"])
    except PublisherError as error:
        raise ProviderProblem(str(error)) from None


def _is_known(props: Props) -> bool:
    """Whether a preview knows everything that is compared."""
    return {"zone", "records", "publisher", "ttl"} <= props.keys() and not contains_unknowns(props)


def _records(props: Props) -> list[Record]:
    return [Record.of(record) for record in props["records"]]


def _added(props: Props) -> frozenset[Record]:
    return frozenset(Record.of(record) for record in props.get(ADDED_KEY) or ())


def _target(props: Props) -> tuple[Any, ...]:
    return target(props["zone"], props["publisher"])


def _meaning(props: Props) -> tuple[Any, ...]:
    return frozenset(_records(props)), int(props["ttl"])


def _entry(props: Props, record: Record) -> tuple[str, str]:
    """How the session knows a record of a place: a kind of thing, and its name."""
    return f"DNS record by {_target(props)}", f"{record.name} {record.type} {record.value}"


@lru_cache(maxsize=256)
def _lock(place: tuple[Any, ...]) -> threading.Lock:  # noqa: ARG001 - one lock for each place
    """Return the lock of a zone: reading, planning and writing are one step within this process."""
    return threading.Lock()


class DnsRecordsProvider(Provider):
    """The provider of `DnsRecords`."""

    core = DnsRecordsCore
