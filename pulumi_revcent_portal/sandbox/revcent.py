"""What RevCent does with a request, once it is known who asks for what: the rules of its objects. No HTTP in here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from publicsuffixlist import PublicSuffixList  # type: ignore[import-untyped]

from pulumi_revcent_portal.sandbox import life
from pulumi_revcent_portal.sandbox.reading import Entity, Field, Kind, entity_named
from pulumi_revcent_portal.sandbox.refusals import Refusal, not_found
from pulumi_revcent_portal.sandbox.store import Row, Store, World
from pulumi_revcent_portal.sandbox.switches import Switches
from pulumi_revcent_portal.sandbox.values import Clock, digest, new_id
from pulumi_revcent_portal.sandbox.wire import Spelling, default_of, parse, present

if TYPE_CHECKING:
    from collections.abc import Mapping

EMAIL_CODE: Final = re.compile(r"\{\{\s*email_code\s*\}\}")
LONGEST_PAGE: Final = 25


class RevCent:
    """The accounts of a sandbox, and what the operations do to them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.switches = Switches()
        self._suffixes: PublicSuffixList | None = None

    def act(
        self, world: World, entity: Entity, action: str, object_id: str, query: Mapping[str, str], body: object
    ) -> dict[str, Any]:
        """Carry out one operation and return the answer's fields, without the envelope.

        Raises:
            Refusal: RevCent would not do it.
        """
        match action:
            case "list":
                return self._list(world, entity, query)
            case "create":
                return self._create(world, entity, body)
        row = self._existing(world, entity, object_id)
        match action:
            case "get":
                return self._get(row, entity)
            case "edit":
                return self._edit(row, entity, body)
        if body != {}:
            raise Refusal("invalid_request", "The body must be an empty JSON object.")
        match action:
            case "delete":
                self.store.drop(row)
                return self._done(row, "deleted")
            case "initialize_ssl":
                return self._initialize_ssl(row)
            case _:
                return self._initialize_dns(row)

    def _list(self, world: World, entity: Entity, query: Mapping[str, str]) -> dict[str, Any]:
        limit, page = _paging(query, dates=self.switches.list_dates)
        rows = self.store.rows(world, entity.name)
        shown = rows[(page - 1) * limit : page * limit]
        if self.switches.slim_lists:
            results = [{"id": row.id, "name": row.fields["name"]} for row in shown]
        else:
            results = [self._present(row, entity) for row in shown]
        answer = {"current_count": len(results), "current_page": page, "results": results}
        if self.switches.list_extra:
            answer |= {"total_count": len(rows), "total_pages": -(-len(rows) // limit)}
        return answer

    def _get(self, row: Row, entity: Entity) -> dict[str, Any]:
        if entity.name == "tracking_domain" and life.settle(
            row, self.switches.transition, self.clock.now(), reading=True
        ):
            self.store.save(row)
        return self._present(row, entity)

    def _present(self, row: Row, entity: Entity) -> dict[str, Any]:
        def name_of(kind: str, object_id: str) -> str:
            found = self.store.row(row.world, kind, object_id)
            return str(found.fields["name"]) if found else ""

        return present(entity, row.id, row.fields, self.switches, name_of)

    def _create(self, world: World, entity: Entity, body: object) -> dict[str, Any]:
        fields = parse(entity, "create", body, Spelling(self.switches))
        self._check(world, entity, fields)
        row = self.new_row(world, entity, fields)
        self.store.save(row)
        answer = self._done(row, "created")
        if entity.name == "tracking_domain":
            spelling = Spelling(self.switches)
            answer["a_records"] = [spelling.record(record) for record in row.fields["a_records"]]
        return answer

    def new_row(self, world: World, entity: Entity, fields: Mapping[str, Any], object_id: str | None = None) -> Row:
        """Return a new object with what RevCent itself adds: ID, time, records, URL. Secrets become digests."""
        row = Row(world, entity.name, object_id or new_id(), {})
        complete = {"created_date": int(self.clock.now()), **fields}
        if entity.name == "tracking_domain":
            complete.setdefault("a_records", life.a_records(complete["domain"]))
            if complete.get("ssl_status", "not_initialized") != "not_initialized":
                complete.setdefault("cname_records", life.cname_records(complete["domain"], row.id))
        if entity.name == "customer_portal":
            complete.setdefault("url", f"https://{self._domain_of(world, fields)}/portal/{row.id}")
        row.fields = hidden(entity.fields, {**_defaults(entity), **complete})
        return row

    def _domain_of(self, world: World, fields: Mapping[str, Any]) -> str:
        domain = self.store.row(world, "tracking_domain", fields.get("tracking_domain", ""))
        return str(domain.fields["domain"]) if domain else "portal.invalid"

    def _edit(self, row: Row, entity: Entity, body: object) -> dict[str, Any]:
        fields = parse(entity, "edit", body, Spelling(self.switches))
        self._check(row.world, entity, fields, row.id)
        row.fields |= hidden(entity.fields, fields)
        self.store.save(row)
        return self._done(row, "updated")

    def _initialize_ssl(self, row: Row) -> dict[str, Any]:
        life.begin_certificate(row, self.switches.transition, self.clock.now())
        self.store.save(row)
        spelling = Spelling(self.switches)
        return {
            **self._done(row, "asked for its certificate"),
            "a_records": [spelling.record(record) for record in row.fields["a_records"]],
            "ssl": {"cname_records": [spelling.record(record) for record in row.fields["cname_records"]]},
        }

    def _initialize_dns(self, row: Row) -> dict[str, Any]:
        now = self.clock.now()
        life.settle(row, self.switches.transition, now)
        life.begin_dns(row, self.switches.transition, now)
        self.store.save(row)
        status = row.fields["dns_status"]
        return {
            **self._done(row, "connected to the DNS"),
            "dns": {"status": self.switches.status_words.get(status, status)},
        }

    def _done(self, row: Row, what: str) -> dict[str, Any]:
        label = row.entity.replace("_", " ").capitalize()
        return {f"{row.entity}_id": row.id, "result": f"{label} {what} successfully."}

    def _existing(self, world: World, entity: Entity, object_id: str) -> Row:
        row = self.store.row(world, entity.name, object_id)
        if row is None:
            raise not_found(entity.name, object_id)
        return row

    def _check(self, world: World, entity: Entity, fields: Mapping[str, Any], own_id: str = "") -> None:
        if "name" in fields:
            taken = (row.fields["name"] for row in self.store.rows(world, entity.name) if row.id != own_id)
            if fields["name"] in taken:
                label = entity.name.replace("_", " ")
                raise Refusal("duplicate_name", f"A {label} with this name already exists.")
        self._check_references(world, entity.fields, fields)
        if entity.name == "tracking_domain" and "domain" in fields:
            self._check_root(fields["domain"])
        if entity.name == "customer_portal":
            self._check_portal(world, fields)

    def _check_references(self, world: World, known: tuple[Field, ...], fields: Mapping[str, Any]) -> None:
        for field in known:
            value = fields.get(field.name)
            if field.kind is Kind.GROUP and value is not None:
                self._check_references(world, field.group, value)
            if not field.refers_to or value is None:
                continue
            for object_id in [value] if field.kind is Kind.REFERENCE else value:
                if self.store.row(world, field.refers_to, object_id) is None:
                    what = entity_named(field.refers_to).name.replace("_", " ")
                    raise Refusal("invalid_reference", f"The {what} {object_id} in {field.name!r} does not exist.")

    def _check_root(self, domain: str) -> None:
        if self._suffixes is None:
            self._suffixes = PublicSuffixList()
        if domain != domain.strip().lower() or self._suffixes.privatesuffix(domain) != domain:
            raise Refusal("invalid_request", "The domain must be a root domain such as example.com.")

    def _check_portal(self, world: World, fields: Mapping[str, Any]) -> None:
        for name, email in fields.get("customer_emails", {}).items():
            if not EMAIL_CODE.search(email["html"]):
                raise Refusal("invalid_request", f"The {name} email must contain {{{{email_code}}}} in its HTML.")
        if "tracking_domain" not in fields or not self.switches.require_ready_domain:
            return
        domain = self.store.row(world, "tracking_domain", fields["tracking_domain"])
        if domain and life.settle(domain, self.switches.transition, self.clock.now()):
            self.store.save(domain)
        if domain and domain.fields["ssl_status"] != "issued":
            raise Refusal("domain_not_ready", "The tracking domain has no active SSL certificate.")


def hidden(known: tuple[Field, ...], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with every secret replaced by its digest: nothing ever needs the plain text again."""
    by_name = {field.name: field for field in known}
    kept = {}
    for name, value in fields.items():
        field = by_name[name]
        if field.secret and value:
            kept[name] = digest(value)
        elif field.kind is Kind.GROUP:
            kept[name] = hidden(field.group, value)
        else:
            kept[name] = value
    return kept


def _defaults(entity: Entity) -> dict[str, Any]:
    return {field.name: default_of(field) for field in entity.fields}


def _paging(query: Mapping[str, str], *, dates: bool) -> tuple[int, int]:
    wanted = {"limit", "page", *(("date_start", "date_end") if dates else ())}
    unknown = sorted(set(query) - wanted)
    if unknown:
        raise Refusal("invalid_request", f"Unknown parameter {unknown[0]!r}.")
    for name in sorted(wanted):
        if not re.fullmatch(r"[0-9]{1,12}", query.get(name, "")):
            raise Refusal("invalid_request", f"The parameter {name!r} is required and must be an integer.")
    limit, page = int(query["limit"]), int(query["page"])
    if not 1 <= limit <= LONGEST_PAGE:
        raise Refusal("invalid_request", f"The parameter 'limit' must be from 1 to {LONGEST_PAGE}.")
    if page < 1:
        raise Refusal("invalid_request", "The parameter 'page' must be at least 1.")
    return limit, page
