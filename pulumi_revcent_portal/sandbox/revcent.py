"""What RevCent does with a request, once it is known who asks for what: its operations. No HTTP in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox import life
from pulumi_revcent_portal.sandbox.checks import check
from pulumi_revcent_portal.sandbox.lookups import Lookups
from pulumi_revcent_portal.sandbox.reading import Entity, Field, Kind
from pulumi_revcent_portal.sandbox.refusals import Refusal, label
from pulumi_revcent_portal.sandbox.store import Row, Store, World
from pulumi_revcent_portal.sandbox.switches import Switches
from pulumi_revcent_portal.sandbox.transitions import lookup_of
from pulumi_revcent_portal.sandbox.values import Clock, digest, new_id
from pulumi_revcent_portal.sandbox.wire import Reader, Writer, default_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_revcent_portal.sandbox.asking import Question

LONGEST_PAGE: Final = 25


@dataclass(frozen=True)
class Operation:
    """One operation that somebody asks for: on what, in whose world, with which parameters and body."""

    world: World
    entity: Entity
    action: str
    object_id: str
    query: Mapping[str, str]
    body: object


class RevCent:
    """The accounts of a sandbox, and what the operations do to them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.switches = Switches()
        self.lookups = Lookups(clock)

    def act(self, asked: Operation) -> dict[str, Any]:
        """Carry out an operation and return the answer's fields, without the envelope.

        Raises:
            Refusal: RevCent would not do it.
        """
        if asked.action == "list":
            return self._list(asked)
        if asked.query:
            raise Refusal("invalid_request", f"Unknown parameter {min(asked.query)!r}.")
        if asked.action == "create":
            return self._create(asked)
        row = self.store.row(asked.world, asked.entity.name, asked.object_id)
        if row is None:
            raise Refusal("not_found", f"The {label(asked.entity.name)} {asked.object_id} was not found.")
        if asked.action == "get":
            self.settle(row, reading=True)
            return self._shown(asked.entity, row)
        if asked.action == "edit":
            return self._edit(asked.entity, row, asked.body)
        if asked.body != {}:
            raise Refusal("invalid_request", "The body must be an empty JSON object.")
        actions = {
            "delete": self._delete,
            "initialize_ssl": self._initialize_ssl,
            "initialize_dns": self._initialize_dns,
        }
        return actions[asked.action](row)

    def settle(self, row: Row, *, reading: bool = False) -> None:
        """Let a tracking domain's pending steps come to their end when it is time; other objects stay as they are."""
        if row.entity == "tracking_domain":
            now, seen = self.clock.now(), self.missing(row) == []
            if life.settle(row, self.switches.transition, now, reading=reading, seen=seen):
                self.store.save(row)

    def questions(self, rows: Iterable[Row]) -> list[Question]:
        """Return what to look up in the DNS for tracking domains whose life is driven by look-ups."""
        found: list[Question] = []
        for row in rows:
            lookup = lookup_of(self.switches.transition, row.fields["domain"])
            if lookup is not None:
                found += self.lookups.questions(life.awaited(row), lookup["resolver"])
        return found

    def missing(self, row: Row) -> list[str] | None:
        """Return the records that a tracking domain waits for, as text; None: it does not wait for the DNS."""
        lookup = lookup_of(self.switches.transition, row.fields["domain"])
        return None if lookup is None else self.lookups.missing(life.awaited(row), lookup["resolver"])

    def _list(self, asked: Operation) -> dict[str, Any]:
        limit, page = _paging(asked.query, dates=self.switches.list_dates)
        rows = self.store.rows(asked.world, asked.entity.name)
        results = []
        for row in rows[(page - 1) * limit : page * limit]:
            self.settle(row)
            slim = {"id": row.id, "name": row.fields["name"]}
            results.append(slim if self.switches.slim_lists else self._shown(asked.entity, row))
        answer = {"current_count": len(results), "current_page": page, "results": results}
        if self.switches.list_extra:
            answer |= {"total_count": len(rows), "total_pages": -(-len(rows) // limit)}
        return answer

    def _shown(self, entity: Entity, row: Row) -> dict[str, Any]:
        def name_of(kind: str, object_id: str) -> str:
            found = self.store.row(row.world, kind, object_id)
            return str(found.fields["name"]) if found else ""

        return {"id": row.id, **Writer(self.switches, name_of).answer(entity, row.fields)}

    def _create(self, asked: Operation) -> dict[str, Any]:
        fields = Reader(self.switches).create(asked.entity, asked.body)
        self._check(asked.world, asked.entity, fields)
        row = self.new_row(asked.world, asked.entity, fields)
        self.store.save(row)
        answer = _done(row, "created")
        return {**answer, "a_records": self._records(row, "a_records")} if row.entity == "tracking_domain" else answer

    def new_row(self, world: World, entity: Entity, fields: Mapping[str, Any], object_id: str | None = None) -> Row:
        """Return a new object with what RevCent itself adds: ID, time, records, URL. Secrets become digests.

        Args:
            world: where it is to be.
            entity: what it is.
            fields: its fields under logical names; what is left out takes its default.
            object_id: its ID; made up when left out.
        """
        row = Row(world, entity.name, object_id or new_id(), {})
        complete = {"created_date": int(self.clock.now()), **fields}
        if entity.name == "tracking_domain":
            complete.setdefault("a_records", life.a_records(complete["domain"]))
            if complete.get("ssl_status", "not_initialized") != "not_initialized":
                complete.setdefault("cname_records", life.cname_records(complete["domain"], row.id))
        if entity.name == "customer_portal":
            complete.setdefault("url", self._url(row, complete.get("tracking_domain", "")))
        defaults = {field.name: default_of(field) for field in entity.fields}
        row.fields = hidden(entity.fields, {**defaults, **complete})
        return row

    def _url(self, row: Row, domain_id: str) -> str:
        domain = self.store.row(row.world, "tracking_domain", domain_id)
        return f"https://{domain.fields['domain'] if domain else 'portal.invalid'}/portal/{row.id}"

    def _edit(self, entity: Entity, row: Row, body: object) -> dict[str, Any]:
        fields = Reader(self.switches).edit(entity, body)
        self._check(row.world, entity, fields, row.id)
        row.fields |= hidden(entity.fields, fields)
        if "tracking_domain" in fields:
            row.fields["url"] = self._url(row, fields["tracking_domain"])
        self.store.save(row)
        return _done(row, "updated")

    def _check(self, world: World, entity: Entity, fields: Mapping[str, Any], own_id: str = "") -> None:
        check(self.store, world, entity, fields, own_id)
        if "tracking_domain" in fields and self.switches.require_ready_domain:
            domain = self.store.row(world, "tracking_domain", fields["tracking_domain"])
            assert domain is not None, "the references have just been checked"  # noqa: S101
            self.settle(domain)
            if domain.fields["ssl_status"] != "issued":
                raise Refusal("domain_not_ready", "The tracking domain has no active SSL certificate.")

    def _delete(self, row: Row) -> dict[str, Any]:
        self.store.drop(row)
        return _done(row, "deleted")

    def _initialize_ssl(self, row: Row) -> dict[str, Any]:
        if missing := self.missing(row) if row.fields["ssl_status"] in ("not_initialized", "failed") else None:
            raise Refusal(
                "dns_records_missing",
                "The SSL certificate can be initialized only when the A records of the tracking domain are in the DNS. "
                f"Missing: {', '.join(missing)}.",
            )
        life.begin_certificate(row, self.switches.transition, self.clock.now())
        self.store.save(row)
        return {
            **_done(row, "updated"),
            "a_records": self._records(row, "a_records"),
            "ssl": {"cname_records": self._records(row, "cname_records")},
        }

    def _initialize_dns(self, row: Row) -> dict[str, Any]:
        self.settle(row)
        life.begin_dns(row, self.switches.transition, self.clock.now())
        self.store.save(row)
        return {**_done(row, "updated"), "dns": {"status": self.switches.word(row.fields["dns_status"])}}

    def _records(self, row: Row, field: str) -> list[dict[str, str]]:
        return [self.switches.record(record) for record in row.fields[field]]


def hidden(known: tuple[Field, ...], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with every secret replaced by its digest: nothing ever needs the plain text again."""
    by_name = {field.name: field for field in known}
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        field = by_name[name]
        if field.kind is Kind.GROUP:
            kept[name] = hidden(field.group, value)
        else:
            kept[name] = digest(value) if field.secret and value else value
    return kept


def _done(row: Row, what: str) -> dict[str, Any]:
    return {f"{row.entity}_id": row.id, "result": f"The {label(row.entity)} was {what} successfully."}


def _paging(query: Mapping[str, str], *, dates: bool) -> tuple[int, int]:
    wanted = ("limit", "page", "date_start", "date_end") if dates else ("limit", "page")
    unknown = sorted(set(query) - set(wanted))
    if unknown:
        raise Refusal("invalid_request", f"Unknown parameter {unknown[0]!r}.")
    for name in wanted:
        if not re.fullmatch(r"[0-9]{1,12}", query.get(name, "")):
            raise Refusal("invalid_request", f"The parameter {name!r} is required and must be an integer.")
    limit, page = int(query["limit"]), int(query["page"])
    if not 1 <= limit <= LONGEST_PAGE:
        raise Refusal("invalid_request", f"The parameter 'limit' must be from 1 to {LONGEST_PAGE}.")
    if page < 1:
        raise Refusal("invalid_request", "The parameter 'page' must be at least 1.")
    return limit, page
