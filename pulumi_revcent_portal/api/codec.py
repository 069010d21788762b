"""Translation between our names and wire keys, driven by the contract's tables; it holds no wire key and does no I/O.

Writing is strict: only what the contract lists for the action leaves the house. Reading is tolerant: several
spellings and shapes are understood, and what cannot be understood is absent rather than wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from pulumi_revcent_portal.api.fields import Field, Kind, Spelling

Spellings: TypeAlias = Mapping[str, Spelling]
"""Spelling by the dotted path of our names, such as `customer_emails.confirmation.from_address`."""

_MISSING: Final[Any] = object()
_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off"})
_SECURITY: Final[Mapping[str, str]] = {
    "": "none",
    "none": "none",
    "plain": "none",
    "off": "none",
    "false": "none",
    "starttls": "starttls",
    "start_tls": "starttls",
    "tls": "tls",
    "ssl": "tls",
    "ssl/tls": "tls",
    "ssl_tls": "tls",
    "smtps": "tls",
    "true": "tls",
}


def security_word(word: str) -> str | None:
    """Return our word (none, starttls, tls) for a mail server's encryption, or None for a word nobody uses."""
    return _SECURITY.get(word.strip().lower().replace("-", "_").replace(" ", "_"))


# --- writing -------------------------------------------------------------------------------------------------


def encode(
    fields: Sequence[Field], action: str, settings: Mapping[str, Any], spellings: Spellings, prefix: str = ""
) -> dict[str, Any]:
    """Return the request body for `settings`.

    Args:
        fields: the entity's fields, or those of a nested object.
        action: the action that will send the body.
        settings: values under our names, nested as the contract says. None is left out.
        spellings: spellings that differ from the contract's default.
        prefix: the dotted path of the object that is being encoded, empty at the top.

    Raises:
        ValueError: a name that the action may not send, or a value of another shape. The message names the field and
            never the value, which may be a secret.
    """
    known = {field.name: field for field in fields if action in field.writes}
    body: dict[str, Any] = {}
    for name, value in settings.items():
        path = f"{prefix}{name}"
        field = known.get(name)
        if field is None:
            raise ValueError(f"'{path}' cannot be sent in this {action}. Known: {', '.join(sorted(known))}.")
        if value is None:
            continue
        spelling = spellings.get(path, Spelling(field.wire))
        body[spelling.key] = _encode_value(field, action, value, spelling, spellings, path)
    return body


def _encode_value(  # noqa: PLR0913, PLR0917 - all of it describes the one value
    field: Field, action: str, value: Any, spelling: Spelling, spellings: Spellings, path: str
) -> Any:
    if field.kind is Kind.OBJECT and isinstance(value, Mapping):
        return encode(field.fields, action, value, spellings, f"{path}.")
    if field.kind is Kind.OBJECTS and _is_list(value) and all(isinstance(item, Mapping) for item in value):
        return [encode(field.fields, action, item, spellings, f"{path}.") for item in value]
    if field.kind is Kind.SECURITY and isinstance(value, str):
        return value != "none" if spelling.boolean else dict(spelling.words).get(value, value)
    if field.kind in _PLAIN and (plain := _PLAIN[field.kind](value)) is not _MISSING:
        return plain
    raise ValueError(f"'{path}' must be of the kind {field.kind.value}, not {type(value).__name__}.")


def _plain_string(value: Any) -> Any:
    return value if isinstance(value, str) else _MISSING


def _plain_boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else _MISSING


def _plain_strings(value: Any) -> Any:
    return list(value) if _is_list(value) and all(isinstance(item, str) for item in value) else _MISSING


def _integer(value: Any) -> Any:
    """Pulumi hands numbers over as floats, and a tolerant reader meets digits in strings."""
    if isinstance(value, bool):
        return _MISSING
    if isinstance(value, int):
        return value
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    return _MISSING


_PLAIN: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.STRING: _plain_string,
    Kind.REFERENCE: _plain_string,
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _plain_boolean,
    Kind.STRINGS: _plain_strings,
    Kind.REFERENCES: _plain_strings,
}


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


# --- reading -------------------------------------------------------------------------------------------------


def decode(
    fields: Iterable[Field], answer: Mapping[str, Any], spellings: Mapping[str, Sequence[str]], prefix: str = ""
) -> dict[str, Any]:
    """Return what an answer says, under our names.

    A field that the answer lacks, or holds in a shape that cannot be understood, is absent from the result. A null
    stands for "empty" where an edit could empty the field (text, a reference, a list) and for "absent" elsewhere.

    Args:
        fields: the entity's fields, or those of a nested object.
        answer: the answer, or a nested object of it.
        spellings: keys to try before the contract's own, by dotted path of our names.
        prefix: the dotted path of the object that is being decoded, empty at the top.
    """
    found: dict[str, Any] = {}
    for field in fields:
        if not field.reads:
            continue
        path = f"{prefix}{field.name}"
        for key in (*spellings.get(path, ()), field.wire, *field.alternatives):
            value = _decode_value(field, _dig(answer, key), spellings, path)
            if value is not _MISSING:
                found[field.name] = value
                break
    return found


def _dig(answer: Mapping[str, Any], key: str) -> Any:
    """Return the value under a key; a dot steps into an object, and objects may be missing or null."""
    value: Any = answer
    for part in key.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return _MISSING
        value = value[part]
    return value


def _decode_value(  # noqa: PLR0911 - one line per kind
    field: Field, value: Any, spellings: Mapping[str, Sequence[str]], path: str
) -> Any:
    if value is None:
        return _EMPTY[field.kind]() if field.writes and field.kind in _EMPTY else _MISSING
    if value is _MISSING:
        return _MISSING
    match field.kind:
        case Kind.OBJECT:
            return decode(field.fields, value, spellings, f"{path}.") if isinstance(value, Mapping) else _MISSING
        case Kind.OBJECTS:
            return _objects(field, value, spellings, path)
        case Kind.RECORDS:
            records = _objects(field, value, spellings, path)
            return records if records is _MISSING else list(_records(records, field.record_type))
        case Kind.REFERENCE:
            return _reference(field, value)
        case Kind.REFERENCES:
            return _references(field, value)
        case _:
            return _READ[field.kind](value)


_EMPTY: Final[Mapping[Kind, Callable[[], Any]]] = {
    Kind.STRING: str,
    Kind.REFERENCE: str,
    Kind.STRINGS: list,
    Kind.REFERENCES: list,
    Kind.OBJECTS: list,
}


def _objects(field: Field, value: Any, spellings: Mapping[str, Sequence[str]], path: str) -> Any:
    if not _is_list(value):
        return _MISSING
    return [decode(field.fields, item, spellings, f"{path}.") for item in value if isinstance(item, Mapping)]


def _records(records: Iterable[dict[str, Any]], record_type: str) -> Iterator[dict[str, Any]]:
    """Yield DNS records with an upper-case type; one without a name or value is of no use to anybody."""
    for record in records:
        if record.get("name") and record.get("value"):
            kind = record.get("type") or record_type
            yield {"type": kind.upper(), "name": record["name"], "value": record["value"]}


def _read_string(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return str(number) if (number := _integer(value)) is not _MISSING else _MISSING


def _read_integer(value: Any) -> Any:
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() else _MISSING
    return _integer(value)


def _read_boolean(value: Any) -> Any:
    word = str(value if (number := _integer(value)) is _MISSING else number).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else _MISSING


def _read_strings(value: Any) -> Any:
    if isinstance(value, str):
        return [part for part in (piece.strip() for piece in value.split(",")) if part]
    return [item for item in value if isinstance(item, str)] if _is_list(value) else _MISSING


def _reference(field: Field, value: Any) -> Any:
    """A reference arrives as an ID, or as the object itself, whose ID the field's own fields describe."""
    if isinstance(value, Mapping):
        return next(iter(decode(field.fields, value, {}).values()), _MISSING)
    return _read_string(value)


def _references(field: Field, value: Any) -> Any:
    if not _is_list(value):
        return _MISSING
    return [read for item in value if (read := _reference(field, item)) is not _MISSING]


def _read_security(value: Any) -> Any:
    if isinstance(value, bool):
        return "tls" if value else "none"
    return (security_word(value) or value) if isinstance(value, str) else _MISSING


_READ: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.STRING: _read_string,
    Kind.INTEGER: _read_integer,
    Kind.BOOLEAN: _read_boolean,
    Kind.STRINGS: _read_strings,
    Kind.SECURITY: _read_security,
}
