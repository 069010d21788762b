"""The file that carries resolved spellings from `revcent-portal contract check --write` to the client; no comparing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pulumi_revcent_portal.api import wire
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.errors import ContractFileError
from pulumi_revcent_portal.api.fields import Field, Kind, Operation, Spelling

__all__ = ["PATH_SHAPE", "dump_contract", "read_contract_file"]

FORMAT: Final = 1
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATH_SHAPE: Final = re.compile(r"(?:/(?:[A-Za-z0-9_.-]+|\{id\}))+")
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_OPERATION_KEYS: Final = frozenset({"method", "path", "offered", "query", "keys"})
_CURE: Final = "Write the file anew with 'revcent-portal contract check --write FILE'."


def dump_contract(contract: Contract) -> str:
    """Return the text of a contract file: all operations, and those of their keys that differ from the tables."""
    operations = {
        f"{entity}.{action}": _dump_operation(operation, contract.spellings.get((entity, action), {}))
        for (entity, action), operation in contract.operations.items()
    }
    content = {"format": FORMAT, "source": contract.source, "operations": operations}
    return json.dumps(content, indent=2) + "\n"


def _dump_operation(operation: Operation, spellings: Mapping[str, Spelling]) -> dict[str, Any]:
    entry: dict[str, Any] = {"method": operation.method, "path": operation.path, "offered": operation.offered}
    if operation.query:
        entry["query"] = dict(operation.query)
    if spellings:
        entry["keys"] = {path: _dump_spelling(spelling) for path, spelling in spellings.items()}
    return entry


def _dump_spelling(spelling: Spelling) -> str | dict[str, Any]:
    if not spelling.boolean and not spelling.words:
        return spelling.key
    entry: dict[str, Any] = {"key": spelling.key}
    if spelling.boolean:
        entry["boolean"] = True
    if spelling.words:
        entry["words"] = dict(spelling.words)
    return entry


def read_contract_file(path: str | Path) -> Contract:
    """Return the built-in contract with what a file says of it.

    Args:
        path: a file written by `revcent-portal contract check --write`.

    Raises:
        ContractFileError: the file cannot be read, or says what cannot be; names the file, the field and the cure.
    """
    reader = _Reader(Path(path))
    content = reader.content()
    if content.get("format") != FORMAT:
        raise reader.wrong("format", f"is {json.dumps(content.get('format'))}, and this version reads {FORMAT}")
    default = Contract.default()
    operations = dict(default.operations)
    spellings: dict[tuple[str, str], Mapping[str, Spelling]] = {}
    for name, entry in reader.mapping("operations", content.get("operations", {})).items():
        entity, _, action = name.partition(".")
        place = f"operations.{name}"
        if (entity, action) not in operations:
            raise reader.wrong(place, "is no operation that this version knows")
        known = operations[entity, action]
        operations[entity, action] = reader.operation(place, entry, known)
        fields = dict(_paths(default.entity(entity).fields))
        keys = reader.mapping(f"{place}.keys", entry.get("keys", {}))
        if keys:
            spellings[entity, action] = {
                field: reader.spelling(f"{place}.keys.{field}", value, fields.get(field))
                for field, value in keys.items()
            }
    return Contract(operations, spellings, str(content.get("source") or path))


def _paths(fields: tuple[Field, ...], prefix: str = "") -> list[tuple[str, Field]]:
    found: list[tuple[str, Field]] = []
    for field in fields:
        found.append((f"{prefix}{field.name}", field))
        if field.kind.has_fields:
            found.extend(_paths(field.fields, f"{prefix}{field.name}."))
    return found


class _Reader:
    """Takes a contract file apart, and says of what does not fit where it stands."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wrong(self, place: str, what: str) -> ContractFileError:
        return ContractFileError(f"Contract file {self._path}: '{place}' {what}. {_CURE}")

    def content(self) -> Mapping[str, Any]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ContractFileError(
                f"Contract file {self._path} cannot be read ({reason}). Correct revcent:contract (or REVCENT_CONTRACT)."
            ) from None
        except (ValueError, RecursionError):
            raise ContractFileError(f"Contract file {self._path} is not JSON. {_CURE}") from None
        if not isinstance(content, Mapping):
            raise ContractFileError(f"Contract file {self._path} holds no JSON object. {_CURE}")
        return content

    def mapping(self, place: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.wrong(place, "must be an object")
        return value

    def operation(self, place: str, entry: Any, known: Operation) -> Operation:
        entry = self.mapping(place, entry)
        if unknown := entry.keys() - _OPERATION_KEYS:
            raise self.wrong(f"{place}.{min(unknown)}", "is unknown")
        method, path = entry.get("method", known.method), entry.get("path", known.path)
        offered, query = entry.get("offered", True), self.mapping(f"{place}.query", entry.get("query", {}))
        if method not in _METHODS:
            raise self.wrong(f"{place}.method", f"must be one of {', '.join(_METHODS)}")
        if (
            not isinstance(path, str)
            or not PATH_SHAPE.fullmatch(path)
            or path.count(wire.ID_PLACE) != known.path.count(wire.ID_PLACE)
        ):
            raise self.wrong(f"{place}.path", f"must be a path such as {known.path}")
        if not isinstance(offered, bool):
            raise self.wrong(f"{place}.offered", "must be true or false")
        if not all(isinstance(value, str) for value in query.values()):
            raise self.wrong(f"{place}.query", "must hold strings")
        return replace(known, method=method, path=path, offered=offered, query=tuple(query.items()))

    def spelling(self, place: str, value: Any, field: Field | None) -> Spelling:
        if field is None:
            raise self.wrong(place, "is no field that this version knows")
        entry = self.mapping(place, {"key": value} if isinstance(value, str) else value)
        key, boolean = entry.get("key"), entry.get("boolean", False)
        words = self.mapping(f"{place}.words", entry.get("words", {}))
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise self.wrong(place, "must name a key of RevCent's")
        if not isinstance(boolean, bool) or not all(isinstance(word, str) for word in words.values()):
            raise self.wrong(place, "must hold a key, and perhaps 'boolean' (true or false) and 'words' (texts)")
        if (boolean or words) and field.kind is not Kind.SECURITY:
            raise self.wrong(place, "can have no words of its own")
        return Spelling(key, boolean, tuple(words.items()))
