"""Compares the wire contract with an OpenAPI description and resolves other spellings; it prints nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pulumi_revcent_portal.api import wire
from pulumi_revcent_portal.api.codec import security_word
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.contract_file import PATH_SHAPE
from pulumi_revcent_portal.api.fields import Field, Kind, Operation, Spelling
from pulumi_revcent_portal.api.openapi import Described, OpenApiError, Schema, Specification

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Comparison", "Finding", "Verdict", "compare"]

Verdict: TypeAlias = Literal["agrees", "spelt differently", "differs", "offered", "missing", "undescribed", "unused"]
"""What the description says of one thing in the contract.

`agrees`; `spelt differently`, which a contract file cures; `differs`, which needs a new version of this package;
`offered`, a call that the contract took for absent; `missing` in the description; `undescribed`, where the description
says nothing of a body or an answer; `unused`, a key that this package has no use for.
"""
_HARMLESS: Final = frozenset({"agrees", "undescribed", "unused"})
_PLACE: Final = re.compile(r"\{[^{}]+\}")
_VERSION_PART: Final = re.compile(r"api|v\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One line of the comparison.

    Attributes:
        place: the operation as `entity.action`, or `server`.
        subject: our dotted name of the field, or `path`, or `query`.
        verdict: what the description says.
        ours: what the contract holds.
        theirs: what the description holds.
    """

    place: str
    subject: str
    verdict: Verdict
    ours: str
    theirs: str


@dataclass(frozen=True)
class Comparison:
    """The outcome: every finding, and the contract with the description's own spellings."""

    findings: tuple[Finding, ...]
    resolved: Contract

    @property
    def agrees(self) -> bool:
        """Whether the contract can be used as it is."""
        return all(finding.verdict in _HARMLESS for finding in self.findings)


def compare(contract: Contract, specification: Specification, base_url: str) -> Comparison:
    """Hold a contract against RevCent's own description of its API.

    Args:
        contract: the built-in contract, or one with resolved spellings.
        specification: the description.
        base_url: where this package would send its requests.

    Raises:
        OpenApiError: a part that is needed cannot be read, or the description does not know any of the operations.
    """
    try:
        return _Comparer(contract, specification).run(base_url)
    except RecursionError:
        raise OpenApiError(f"{specification.source} is nested too deeply.") from None


# --- finding an operation ------------------------------------------------------------------------------------


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _names(operation: Operation) -> set[str]:
    """Return the operationIds under which an operation may be known, without case and punctuation."""
    names = {operation.name}
    if operation.action in {"list", "get"}:
        names |= {re.sub("^Get", verb, operation.name) for verb in ("List", "Retrieve", "Read")}
    if operation.action == "edit":
        names |= {re.sub("^Edit", verb, operation.name) for verb in ("Update", "Modify")}
    if operation.entity == "third_party_shop":
        names |= {name.replace("UserShop", "ThirdPartyShop") for name in names}
    return {_plain(name) for name in names}


def _split(path: str) -> tuple[str, str]:
    """Return version and path: `/v2/customer_portals/{portal_id}` is `/v2` and `/customer_portals/{id}`."""
    parts = [part for part in path.split("/") if part]
    base = ""
    while parts and _VERSION_PART.fullmatch(parts[0]):
        base += "/" + parts.pop(0)
    return base, "".join("/" + (wire.ID_PLACE if _PLACE.fullmatch(part) else part) for part in parts)


def _find(operation: Operation, described: list[Described]) -> Described | None:
    """Return the description of an operation: by method and path, else by its name."""
    by_path = [d for d in described if d.method == operation.method and _split(d.path)[1] == operation.path]
    by_name = [d for d in described if _plain(d.name) in _names(operation)]
    return next(iter(by_path + by_name), None)


# --- comparing -----------------------------------------------------------------------------------------------


@dataclass
class _Comparer:
    """One run: goes through the operations, and notes findings and spellings of the operation at hand."""

    contract: Contract
    specification: Specification
    findings: list[Finding] = field(default_factory=list)
    entity: str = ""
    action: str = ""
    spellings: dict[str, Spelling] = field(default_factory=dict)

    def run(self, base_url: str) -> Comparison:
        described = list(self.specification.operations())
        matches = {key: _find(operation, described) for key, operation in self.contract.operations.items()}
        found = [match for match in matches.values() if match is not None]
        if not found:
            raise OpenApiError(f"{self.specification.source} describes none of the operations that are used here.")
        self._base(base_url, found[0])
        operations = dict(self.contract.operations)
        spellings: dict[tuple[str, str], Mapping[str, Spelling]] = {}
        for (entity, action), match in matches.items():
            self.entity, self.action, self.spellings = entity, action, {}
            operations[entity, action] = self._operation(operations[entity, action], match)
            if self.spellings:
                spellings[entity, action] = self.spellings
        return Comparison(tuple(self.findings), Contract(operations, spellings, self.specification.source))

    def _note(self, subject: str, verdict: Verdict, ours: str, theirs: str) -> None:
        self.findings.append(
            Finding(f"{self.entity}.{self.action}" if self.entity else "", subject, verdict, ours, theirs)
        )

    def _base(self, base_url: str, match: Described) -> None:
        """Compare host and version, as far as the description names them."""
        server = urlsplit(self.specification.server)
        version = _split(match.path)[0]
        theirs = f"{server.scheme}://{server.netloc}{version}" if server.netloc else version
        ours = base_url if server.netloc else urlsplit(base_url).path
        if version:
            self._note("base URL", "agrees" if theirs == ours else "differs", ours, theirs)

    # --- operations ------------------------------------------------------------------------------------------

    def _operation(self, operation: Operation, match: Described | None) -> Operation:
        """Compare one operation, and return it as the description has it."""
        ours = f"{operation.method} {operation.path}" if operation.offered else "not offered"
        if match is None:
            self._note("path", "missing" if operation.offered else "agrees", ours, "not offered")
            # everything can do without lists, so one that RevCent does not describe is not tried in vain
            return replace(operation, offered=operation.offered and self.action != "list")
        path = _split(match.path)[1]
        theirs = f"{match.method} {path}"
        if not PATH_SHAPE.fullmatch(path) or path.count(wire.ID_PLACE) != operation.path.count(wire.ID_PLACE):
            self._note("path", "differs", ours, theirs)
            return operation
        other: Verdict = "spelt differently" if operation.offered else "offered"
        self._note("path", "agrees" if theirs == ours else other, ours, theirs)
        self._request(match)
        self._answer(match)
        return replace(operation, method=match.method, path=path, offered=True, query=self._query(operation, match))

    def _request(self, match: Described) -> None:
        if self.action not in {"create", "edit"}:
            return
        request = self.specification.request_schema(match)
        if request is None:
            self._note("body", "undescribed", "", "")
        else:
            self._written(self.contract.entity(self.entity).fields, request, "")

    def _answer(self, match: Described) -> None:
        answer = self.specification.answer_schema(match)
        table = self.contract.entity(self.entity)
        if answer is None:
            self._note("answer", "undescribed", "", "")
        elif self.action == "get":
            self._read(table.fields, answer, "")
        elif self.action == "list":
            self._one_of("items", (wire.ITEMS,), answer)
        elif self.action == "create":
            self._one_of("id", wire.created_keys(table), answer)

    def _one_of(self, subject: str, keys: tuple[str, ...], answer: Schema) -> None:
        found = next((key for key in keys if key in answer.properties), None)
        self._note(subject, "agrees" if found else "missing", keys[0], found or "")

    def _query(self, operation: Operation, match: Described) -> tuple[tuple[str, str], ...]:
        """Return the query parameters that a list demands beside limit and page; periods are all of time."""
        described = self.specification.query_parameters(match)
        if self.action != "list" or not described:
            return operation.query
        for name in (wire.LIMIT, wire.PAGE):
            self._note(name, "agrees" if name in described else "missing", name, name if name in described else "")
        most = described[wire.LIMIT].maximum if wire.LIMIT in described else None
        if most is not None and most < wire.PAGE_LIMIT:
            self._note(wire.LIMIT, "differs", str(wire.PAGE_LIMIT), f"{most:g} at most")
        demanded = sorted(
            name for name, found in described.items() if found.required and name not in {wire.LIMIT, wire.PAGE}
        )
        query = tuple((name, wire.PERIOD[name]) for name in demanded if name in wire.PERIOD)
        ours, theirs = ", ".join(name for name, _ in operation.query), ", ".join(demanded)
        if len(query) < len(demanded):
            self._note("query", "differs", ours, theirs)
            return operation.query
        if ours or theirs:
            self._note("query", "agrees" if query == operation.query else "spelt differently", ours, theirs)
        return query

    # --- fields ----------------------------------------------------------------------------------------------

    def _known(self, path: str, entry: Field) -> Spelling:
        return self.contract.spellings.get((self.entity, self.action), {}).get(path, Spelling(entry.wire))

    def _written(self, fields: tuple[Field, ...], schema: Schema, prefix: str) -> None:
        """Compare what is sent. Keys that nobody here sends matter only where RevCent requires them."""
        used: set[str] = set()
        for entry in fields:
            if self.action not in entry.writes:
                continue
            path, known = f"{prefix}{entry.name}", self._known(f"{prefix}{entry.name}", entry)
            free = [
                key for key in (known.key, entry.wire, *entry.alternatives) if key in schema.properties.keys() - used
            ]
            if not free:
                self._note(path, "missing", known.key, "")
                continue
            used.add(free[0])
            self._sent(entry, path, free[0], schema)
        for key in sorted(schema.properties.keys() - used):
            required = key in schema.required
            self._note(
                f"{prefix}{key}", "differs" if required else "unused", "", f"{key} (required)" if required else key
            )

    def _sent(self, entry: Field, path: str, key: str, schema: Schema) -> None:
        place, raw, known = f"{self.entity}.{self.action} {path}", schema.properties[key], self._known(path, entry)
        value = self.specification.schema(raw, place)
        spelling = _spelling(entry, key, value)
        if spelling is None or not _fits(entry, value):
            self._note(path, "differs", f"{known.key}: {entry.kind.value}", f"{key}: {_shape(value)}")
            return
        if spelling != Spelling(entry.wire):
            self.spellings[path] = spelling
        self._note(path, "agrees" if spelling == known else "spelt differently", _show(known), _show(spelling))
        always_sent = entry.required and (self.action == "create" or "." in path)
        if key in schema.required and not always_sent:
            self._note(path, "differs", "may be left out", "required")
        nested = value
        if entry.kind is Kind.OBJECTS:
            nested = self.specification.schema(self.specification.items(raw, place), place)
        if entry.kind.has_fields and nested.properties:
            self._written(entry.fields, nested, f"{path}.")

    def _read(self, fields: tuple[Field, ...], schema: Schema, prefix: str) -> None:
        """Compare an answer. What RevCent is not known to answer may well be absent from its description."""
        for entry in fields:
            if not entry.reads:
                continue
            path, known = f"{prefix}{entry.name}", self._known(f"{prefix}{entry.name}", entry).key
            key, raw = next(self._dig((known, entry.wire, *entry.alternatives), schema, path), ("", None))
            if not key:
                self._note(path, "missing" if entry.writes or entry.mark == "D" else "undescribed", known, "")
                continue
            if key != entry.wire:
                self.spellings[path] = Spelling(key)
            self._note(path, "agrees" if key == known else "spelt differently", known, key)
            if entry.kind is Kind.OBJECT:
                self._read(entry.fields, self.specification.schema(raw, path), f"{path}.")

    def _dig(self, keys: tuple[str, ...], schema: Schema, path: str) -> Iterator[tuple[str, Any]]:
        """Yield the keys that the schema has, with their raw schema; a dot steps into an object."""
        for key in keys:
            level, raw = schema, None
            for part in key.split("."):
                if part not in level.properties:
                    break
                raw = level.properties[part]
                level = self.specification.schema(raw, f"{self.entity}.{self.action} {path}")
            else:
                yield key, raw


# --- shapes --------------------------------------------------------------------------------------------------

_TYPES: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.STRING: frozenset({"string"}),
    Kind.REFERENCE: frozenset({"string"}),
    Kind.SECURITY: frozenset({"string", "boolean"}),
    Kind.INTEGER: frozenset({"integer", "number"}),
    Kind.BOOLEAN: frozenset({"boolean"}),
    Kind.STRINGS: frozenset({"array"}),
    Kind.REFERENCES: frozenset({"array"}),
    Kind.OBJECTS: frozenset({"array"}),
    Kind.OBJECT: frozenset({"object"}),
}


def _fits(entry: Field, value: Schema) -> bool:
    """Whether our values may be sent there; a schema without a type takes anything."""
    return not value.types or bool(value.types & _TYPES[entry.kind])


def _shape(value: Schema) -> str:
    return " | ".join(sorted(value.types)) + (f" of {', '.join(map(str, value.words))}" if value.words else "")


def _show(spelling: Spelling) -> str:
    words = ", ".join(f"{ours}={theirs}" for ours, theirs in spelling.words)
    return spelling.key + (" (true/false)" if spelling.boolean else f" ({words})" if words else "")


def _spelling(entry: Field, key: str, value: Schema) -> Spelling | None:
    """Return how a field is to be sent, or None when RevCent has no words for our values."""
    if entry.kind is not Kind.SECURITY:
        return Spelling(key)
    if value.types == {"boolean"}:
        return Spelling(key, boolean=True)
    if not value.words:
        return Spelling(key)
    theirs: dict[str, str] = {}
    for word in value.words:
        ours = security_word(word) if isinstance(word, str) else None
        if ours is not None:
            theirs[ours] = word if theirs.get(ours) != ours else ours
    if theirs.keys() != {"none", "starttls", "tls"}:
        return None
    return Spelling(key, words=tuple((ours, word) for ours, word in theirs.items() if ours != word))
