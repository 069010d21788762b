"""Between wire and logical names: reads request bodies strictly, writes answers. It knows no state and no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.reading import RECORD_KEYS, Entity, Field, Kind
from pulumi_revcent_portal.sandbox.refusals import Refusal
from pulumi_revcent_portal.sandbox.values import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_revcent_portal.sandbox.switches import Switches


def _all(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(fits(item) for item in value)


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(RECORD_KEYS)


FITS: Final[Mapping[Kind, Callable[[object], bool]]] = MappingProxyType(
    {
        Kind.TEXT: lambda value: isinstance(value, str),
        Kind.FLAG: lambda value: isinstance(value, bool),
        Kind.NUMBER: lambda value: isinstance(value, int) and not isinstance(value, bool),
        Kind.REFERENCE: is_id,
        Kind.REFERENCES: _all(is_id),
        Kind.TEXTS: _all(lambda value: isinstance(value, str)),
        Kind.GROUP: lambda value: isinstance(value, dict),
        Kind.GROUPS: _all(lambda value: isinstance(value, dict)),
        Kind.RECORDS: _all(_is_record),
    }
)
"""Which JSON values each kind of field takes."""


def default_of(field: Field) -> Any:
    """Return what an object holds when nothing was said about a field."""
    if field.kind is Kind.GROUP:
        return {inner.name: default_of(inner) for inner in field.group}
    return list(field.default) if isinstance(field.default, tuple) else field.default


@dataclass(frozen=True)
class Reader:
    """Reads the bodies of creates and edits into logical names; the schema is closed at every level."""

    switches: Switches

    def create(self, entity: Entity, body: object) -> dict[str, Any]:
        """Read the body of a create; what it leaves out takes its default.

        Raises:
            Refusal: the body is not an object, holds an unknown key, lacks a required one, or a value does not fit.
        """
        fields = tuple(field for field in entity.fields if field.in_create)
        return self._group(entity.name, "", fields, _object(body), whole=True)

    def edit(self, entity: Entity, body: object) -> dict[str, Any]:
        """Read the body of an edit; what it leaves out is left out here too.

        Nested objects are replaced whole, so what is missing inside them takes its default.

        Raises:
            Refusal: as for a create, but nothing at the top is required.
        """
        fields = tuple(field for field in entity.fields if field.in_edit)
        return self._group(entity.name, "", fields, _object(body), whole=False)

    def _group(
        self, path: str, where: str, fields: tuple[Field, ...], body: Mapping[str, Any], *, whole: bool
    ) -> dict[str, Any]:
        by_key = {self.switches.key(f"{path}.{field.name}", field): field for field in fields}
        for key in body:
            if key not in by_key:
                raise Refusal("invalid_request", f"Unknown field {where + key!r}.")
        read = {}
        for key, field in by_key.items():
            if key in body:
                read[field.name] = self._value(f"{path}.{field.name}", where + key, field, body[key])
            elif whole and field.required:
                raise Refusal("invalid_request", f"The field {where + key!r} is required.")
            elif whole:
                read[field.name] = default_of(field)
        return read

    def _value(self, path: str, where: str, field: Field, value: Any) -> Any:
        if field.kind is Kind.REFERENCE and not field.required and value in (None, ""):
            return None
        if not FITS[field.kind](value):
            raise Refusal("invalid_request", f"The field {where!r} must be {field.kind.value}.")
        if field.kind is Kind.GROUP:
            return self._group(path, where + ".", field.group, value, whole=True)
        if field.kind is Kind.GROUPS:
            items = enumerate(value)
            return [self._group(path, f"{where}[{at}].", field.group, item, whole=True) for at, item in items]
        if field.required and isinstance(value, str) and not value.strip():
            raise Refusal("invalid_request", f"The field {where!r} must not be blank.")
        if field.words and value not in field.words:
            raise Refusal("invalid_request", f"The field {where!r} must be one of {', '.join(field.words)}.")
        if field.between and not field.between[0] <= value <= field.between[1]:
            low, high = field.between
            raise Refusal("invalid_request", f"The field {where!r} must be from {low} to {high}.")
        return value


def _object(body: object) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Refusal("invalid_request", "The body must be a JSON object.")
    return body


@dataclass(frozen=True)
class Writer:
    """Writes stored objects as RevCent answers them: wire keys, no secrets, everything else as the switches say.

    Args:
        switches: the switches in force.
        name_of: gives the name of a referenced object, from its entity and its ID.
    """

    switches: Switches
    name_of: Callable[[str, str], str]

    def answer(self, entity: Entity, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an object as they stand in an answer."""
        return self._group(entity.name, entity.fields, fields)

    def _group(self, path: str, fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for field in fields:
            inner = f"{path}.{field.name}"
            if field.secret or self.switches.leaves_out(inner):
                continue
            place = answer
            *parents, key = self.switches.key(inner, field).split(".")
            for parent in parents:
                place = place.setdefault(parent, {})
            place[key] = self._value(inner, field, values[field.name])
        return answer

    def _value(self, path: str, field: Field, value: Any) -> Any:
        if field.kind is Kind.GROUP:
            return self._group(path, field.group, value)
        if field.refers_to:
            of_many = field.kind is Kind.REFERENCES
            return [self._reference(field, item) for item in value] if of_many else self._reference(field, value)
        if field.kind is Kind.GROUPS:
            return [self._group(path, field.group, item) for item in value]
        if field.kind is Kind.RECORDS:
            return [self.switches.record(item) for item in value]
        return self._plain(field, value)

    def _plain(self, field: Field, value: Any) -> Any:
        if field.name in {"ssl_status", "dns_status"}:
            return self.switches.word(value)
        return _normalised(field, value) if self.switches.normalise else value

    def _reference(self, field: Field, object_id: str | None) -> Any:
        if object_id is None or self.switches.references == "string":
            return object_id
        return {"id": object_id, "name": self.name_of(field.refers_to, object_id)}


def _normalised(field: Field, value: Any) -> Any:
    if field.is_address:
        return [item.lower() for item in value] if isinstance(value, list) else value.lower()
    return value.strip() if isinstance(value, str) else value
