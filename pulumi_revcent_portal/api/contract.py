"""The wire contract as the client uses it: paths, request bodies, answers; the tables are in `wire.py`, no HTTP."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.api import codec, wire
from pulumi_revcent_portal.api.fields import Entity, Field, Kind, Operation, Spelling
from pulumi_revcent_portal.api.wire import status_kind

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Contract", "Envelope", "status_kind"]

_ID_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Envelope:
    """What every answer carries beside its fields.

    Attributes:
        code: RevCent's own verdict; None when the answer has none, and so does not come from RevCent's API.
        call_id: RevCent's name for the call, worth quoting to its support.
        error_code: RevCent's word for the failure; the values are not documented.
        message: RevCent's sentence for people.
    """

    code: int | None
    call_id: str | None
    error_code: str | None
    message: str | None

    @property
    def succeeded(self) -> bool:
        """Whether RevCent says that it did what was asked."""
        return self.code == wire.SUCCESS_CODE


@dataclass(frozen=True)
class Contract:
    """Paths, wire keys and spellings of one RevCent; immutable.

    `Contract.default()` is what this package was built on; `Contract.load()` adds what RevCent's own description said.

    Attributes:
        operations: every operation, offered or not, by entity and action.
        spellings: by entity and action, the spellings that differ from the tables, by dotted path of our names.
        source: where the spellings came from, for people; empty for the default.
    """

    operations: Mapping[tuple[str, str], Operation] = field(default_factory=lambda: dict(_OPERATIONS))
    spellings: Mapping[tuple[str, str], Mapping[str, Spelling]] = field(default_factory=dict)
    source: str = ""

    @classmethod
    def default(cls) -> Contract:
        """Return the contract as documented and inferred, without any knowledge from RevCent's description."""
        return _default()

    @classmethod
    def load(cls, path: str | Path) -> Contract:
        """Return the default contract with the resolved spellings of a file.

        Args:
            path: a file that `revcent-portal contract check --write FILE` wrote.

        Raises:
            ContractFileError: the file cannot be read, is no such file, or names what the contract does not know.
        """
        from pulumi_revcent_portal.api.contract_file import read_contract_file  # noqa: PLC0415 - only users of a file pay for it

        return read_contract_file(path)

    # --- what there is ---------------------------------------------------------------------------------------

    def supports(self, entity: str, action: str) -> bool:
        """Whether RevCent offers the action; by default no delete, and of SMTP profiles no get and no list."""
        operation = self.operations.get((entity, action))
        return operation is not None and operation.offered

    def entity(self, name: str) -> Entity:
        """Return the table of one type.

        Raises:
            ValueError: the contract has no such type.
        """
        if name not in _ENTITIES:
            raise ValueError(f"The contract has no type '{name}'. It has {', '.join(_ENTITIES)}.")
        return _ENTITIES[name]

    def request(self, entity: str, action: str, object_id: str | None = None) -> tuple[str, str]:
        """Return method and path, relative to the base URL: `("POST", "/customer_portals/5r6a...")`.

        Args:
            entity: our name of the type.
            action: our name of the action.
            object_id: the RevCent ID, for actions on one object.

        Raises:
            ValueError: RevCent does not offer the action, or the ID is missing, superfluous or no ID at all.
        """
        table = self.entity(entity)
        operation = self.operations.get((entity, action))
        if operation is None or not operation.offered:
            raise ValueError(f"RevCent is not known to offer '{action}' for a {table.title}.")
        wants_id = wire.ID_PLACE in operation.path
        if wants_id != (object_id is not None):
            raise ValueError(f"'{action}' of a {table.title} {'needs an' if wants_id else 'takes no'} ID.")
        if object_id is None:
            return operation.method, operation.path
        if not _ID_SHAPE.fullmatch(object_id):
            raise ValueError(
                f"'{object_id}' is not the ID of a {table.title}: RevCent's IDs are 20 letters and digits."
            )
        return operation.method, operation.path.replace(wire.ID_PLACE, object_id)

    def page_query(self, entity: str, page: int) -> dict[str, str]:
        """Return the query parameters for one page of a list; pages count from 1."""
        extra = {
            key: str(int(time.time())) if value == "now" else value
            for key, value in self.operations[entity, "list"].query
        }
        return {wire.LIMIT: str(wire.PAGE_LIMIT), wire.PAGE: str(page), **extra}

    # --- values ----------------------------------------------------------------------------------------------

    def encode(self, entity: str, action: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the request body for an action.

        Args:
            entity: our name of the type.
            action: our name of the action.
            settings: values under our names, nested; None is left out.

        Raises:
            ValueError: a name that this action may not send, or a value of another shape; never shows the value.
        """
        return codec.encode(self.entity(entity).fields, action, settings, self.spellings.get((entity, action), {}))

    def decode(self, entity: str, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an answer (of a get, a list item, an action) says under our names; what it lacks is absent."""
        return codec.decode(self.entity(entity).fields, answer, self._reading[entity])

    @cached_property
    def _reading(self) -> Mapping[str, Mapping[str, list[str]]]:
        """The keys to try first, by entity and path: those of gets and lists before those of requests."""
        keys: dict[str, dict[str, list[str]]] = {name: defaultdict(list) for name in _ENTITIES}
        for entity, action in sorted(self.spellings, key=lambda place: place[1] not in {"get", "list"}):
            for path, spelling in self.spellings[entity, action].items():
                keys[entity][path].append(spelling.key)
        return {name: dict(paths) for name, paths in keys.items()}

    def created_id(self, entity: str, answer: Mapping[str, Any]) -> str:
        """Return the ID of what was just created.

        Raises:
            ValueError: the answer names no ID.
        """
        for key in wire.created_keys(self.entity(entity)):
            value = answer.get(key)
            if isinstance(value, str) and value:
                return value
        raise ValueError(f"The answer does not say which {self.entity(entity).title} was created.")

    def items(self, answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the items of one page of a list.

        Raises:
            ValueError: the answer holds no list.
        """
        items = answer.get(wire.ITEMS)
        if not isinstance(items, list):
            raise ValueError("The answer holds no list of results.")  # noqa: TRY004 - of the same kind as in created_id
        return [item for item in items if isinstance(item, Mapping)]

    def envelope(self, answer: Mapping[str, Any]) -> Envelope:
        """Return what the answer says of itself."""
        found = codec.decode(wire.ENVELOPE, answer, {})
        return Envelope(found.get("code"), found.get("call_id"), found.get("error_code"), found.get("message"))

    def secrets(self, entity: str, settings: Mapping[str, Any]) -> list[str]:
        """Return the secret values among the settings: the mail password, the secret key of reCAPTCHA."""
        found = _values(self.entity(entity).fields, settings, lambda entry: entry.secret)
        return [value for value in found if isinstance(value, str)]

    def references(self, entity: str, settings: Mapping[str, Any]) -> list[str]:
        """Return the IDs of other objects that the settings name."""
        ids: list[str] = []
        for value in _values(self.entity(entity).fields, settings, lambda entry: entry.kind in _REFERENCES):
            ids.extend([value] if isinstance(value, str) else value)
        return ids

    def without_secrets(self, entity: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings without the secret values, and without what is not set."""
        return _without_secrets(self.entity(entity).fields, settings)


_REFERENCES: Final = frozenset({Kind.REFERENCE, Kind.REFERENCES})


def _values(fields: tuple[Field, ...], settings: Mapping[str, Any], wanted: Callable[[Field], bool]) -> Iterator[Any]:
    """Yield the values of the wanted fields, nested ones included."""
    for entry in fields:
        value = settings.get(entry.name)
        if value is not None and wanted(entry):
            yield value
        elif isinstance(value, Mapping):
            yield from _values(entry.fields, value, wanted)


def _without_secrets(fields: tuple[Field, ...], settings: Mapping[str, Any]) -> dict[str, Any]:
    known = {entry.name: entry for entry in fields}
    return {
        name: _without_secrets(known[name].fields, value) if isinstance(value, Mapping) else value
        for name, value in settings.items()
        if value is not None and not known[name].secret
    }


_ENTITIES: Final[Mapping[str, Entity]] = {entity.name: entity for entity in wire.ENTITIES}
_OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    (entry.entity, entry.action): entry for entry in wire.OPERATIONS
}


@lru_cache(maxsize=1)
def _default() -> Contract:
    return Contract()
