"""Between wire and logical names: reads request bodies strictly, writes answers. It knows no state and no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulumi_revcent_portal.sandbox.reading import Entity, Field, Kind
from pulumi_revcent_portal.sandbox.refusals import Refusal
from pulumi_revcent_portal.sandbox.switches import RECORD_KEYS, Switches
from pulumi_revcent_portal.sandbox.values import is_id

SECRET: Final = "[secret]"  # noqa: S105 - what stands in the place of one
NOT_LOGGED: Final = "[not logged]"
_OTHER_RECORD_KEYS: Final = {"type": "type", "name": "host", "value": "target"}

Namer = Callable[[str, str], str]


@dataclass(frozen=True)
class Spelling:
    """Which wire key stands for which field."""

    switches: Switches

    def key(self, path: str, field: Field) -> str:
        """Return the wire key of a field; `path` is `entity.field.path`."""
        chosen = self.switches.spelling
        base = chosen if isinstance(chosen, str) else chosen.get("*", "default")
        if not isinstance(chosen, str) and path in chosen:
            return chosen[path]
        return field.other[0] if base == "alternative" and field.other else field.key

    def record(self, record: Mapping[str, str]) -> dict[str, str]:
        """Return a DNS record under the keys it is answered with."""
        chosen = self.switches.record_spelling
        keys = _OTHER_RECORD_KEYS if chosen == "alternative" else {} if isinstance(chosen, str) else chosen
        return {keys.get(name, name): record[name] for name in RECORD_KEYS}


def writable(entity: Entity, action: str) -> tuple[Field, ...]:
    """Return the fields that a create or an edit takes."""
    return tuple(field for field in entity.fields if (field.in_create if action == "create" else field.in_edit))


def parse(entity: Entity, action: str, body: object, spelling: Spelling) -> dict[str, Any]:
    """Read the body of a create or an edit into logical names.

    The schema is closed at every level. What a body leaves out is left out here too, except inside nested objects:
    RevCent replaces those whole, so their missing fields take their defaults.

    Raises:
        Refusal: the body is not an object, holds an unknown key, lacks a required one, or holds a value of the wrong type.
    """
    if not isinstance(body, dict):
        raise Refusal("invalid_request", "The body must be a JSON object.")
    return _parse_group(entity.name, "", writable(entity, action), body, spelling, whole=action == "create")


def _parse_group(
    path: str, where: str, fields: tuple[Field, ...], body: Mapping[str, Any], spelling: Spelling, *, whole: bool
) -> dict[str, Any]:
    by_key = {spelling.key(f"{path}.{field.name}", field): field for field in fields}
    unknown = [key for key in body if key not in by_key]
    if unknown:
        raise Refusal("invalid_request", f"Unknown field {where + unknown[0]!r}.")
    read = {}
    for key, field in by_key.items():
        if key in body:
            read[field.name] = _parse_value(f"{path}.{field.name}", where + key, field, body[key], spelling)
        elif whole and field.required:
            raise Refusal("invalid_request", f"The field {where + key!r} is required.")
        elif whole:
            read[field.name] = default_of(field)
    return read


def _parse_value(path: str, where: str, field: Field, value: Any, spelling: Spelling) -> Any:
    if field.kind is Kind.REFERENCE and not field.required and value in (None, ""):
        return None
    if not _fits(field.kind, value):
        raise Refusal("invalid_request", f"The field {where!r} must be {field.kind.value}.")
    if field.kind is Kind.GROUP:
        return _parse_group(path, where + ".", field.group, value, spelling, whole=True)
    if field.kind is Kind.GROUPS:
        return [
            _parse_group(path, f"{where}[{index}].", field.group, item, spelling, whole=True)
            for index, item in enumerate(value)
        ]
    if field.required and isinstance(value, str) and not value.strip():
        raise Refusal("invalid_request", f"The field {where!r} must not be blank.")
    if field.words and value not in field.words:
        raise Refusal("invalid_request", f"The field {where!r} must be one of {', '.join(field.words)}.")
    if field.between and not field.between[0] <= value <= field.between[1]:
        raise Refusal("invalid_request", f"The field {where!r} must be from {field.between[0]} to {field.between[1]}.")
    return value


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.REFERENCE:
            return is_id(value)
        case Kind.REFERENCES:
            return isinstance(value, list) and all(is_id(item) for item in value)
        case Kind.TEXTS:
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case Kind.GROUP:
            return isinstance(value, dict)
        case Kind.GROUPS:
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
        case Kind.RECORDS:
            return isinstance(value, list) and all(
                isinstance(item, dict) and set(item) == set(RECORD_KEYS) for item in value
            )


def default_of(field: Field) -> Any:
    """Return what an object holds when nothing was said about a field."""
    if field.kind is Kind.GROUP:
        return {inner.name: default_of(inner) for inner in field.group}
    return list(field.default) if isinstance(field.default, tuple) else field.default


def present(
    entity: Entity, object_id: str, fields: Mapping[str, Any], switches: Switches, name_of: Namer
) -> dict[str, Any]:
    """Write a stored object as RevCent answers it: wire keys, no secrets, references as the switches say.

    Args:
        entity: what kind of object it is.
        object_id: its ID.
        fields: its fields under logical names.
        switches: the switches in force.
        name_of: gives the name of a referenced object, from entity and ID.
    """
    writer = _Writer(entity, switches, name_of)
    return {"id": object_id, **writer.group(entity.name, entity.fields, fields)}


@dataclass(frozen=True)
class _Writer:
    entity: Entity
    switches: Switches
    name_of: Namer

    def group(self, path: str, fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for field in fields:
            inner = f"{path}.{field.name}"
            if field.secret or self.is_omitted(inner):
                continue
            if inner == "customer_portal.url" and not self.switches.url:
                continue
            place = answer
            *parents, key = Spelling(self.switches).key(inner, field).split(".")
            for parent in parents:
                place = place.setdefault(parent, {})
            place[key] = self.value(inner, field, values[field.name])
        return answer

    def is_omitted(self, path: str) -> bool:
        return path in self.switches.omit or path.partition(".")[2] in self.switches.omit

    def value(self, path: str, field: Field, value: Any) -> Any:
        match field.kind:
            case Kind.GROUP:
                return self.group(path, field.group, value)
            case Kind.GROUPS:
                return [self.group(path, field.group, item) for item in value]
            case Kind.RECORDS:
                return [Spelling(self.switches).record(item) for item in value]
            case Kind.REFERENCE:
                return self.reference(field, value)
            case Kind.REFERENCES:
                return [self.reference(field, item) for item in value]
            case _:
                return self.normalised(field, value)

    def reference(self, field: Field, object_id: str | None) -> Any:
        if object_id is None or self.switches.references == "string":
            return object_id
        return {"id": object_id, "name": self.name_of(field.refers_to, object_id)}

    def normalised(self, field: Field, value: Any) -> Any:
        if field.name in {"ssl_status", "dns_status"}:
            return self.switches.status_words.get(value, value)
        if not self.switches.normalise:
            return value
        if field.is_address:
            return [item.lower() for item in value] if isinstance(value, list) else value.lower()
        return value.strip() if isinstance(value, str) else value


def loggable(entity: Entity | None, body: object) -> Any:
    """Return a request body as the call log may keep it.

    The values of secret fields are replaced, under whatever spelling; so are the values of keys that no schema knows,
    because a secret under a misspelt key is a secret.
    """
    fields = entity.fields if entity else ()
    return _loggable(fields, body)


def _loggable(fields: tuple[Field, ...], body: object) -> Any:
    if isinstance(body, list):
        return [_loggable(fields, item) for item in body]
    if not isinstance(body, dict):
        return NOT_LOGGED
    by_key = {key: field for field in fields for key in (*field.other, field.key)}
    logged: dict[str, Any] = {}
    for key, value in body.items():
        field = by_key.get(key)
        if field is None:
            logged[key] = NOT_LOGGED
        elif field.secret:
            logged[key] = SECRET
        elif field.group:
            logged[key] = _loggable(field.group, value)
        else:
            logged[key] = value
    return logged
