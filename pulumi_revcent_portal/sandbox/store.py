"""Where the sandbox's objects are kept: in memory, and in an SQLite file when one is given. It knows no rules."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA: Final = """
create table if not exists objects (
    id text, account text, mode text, entity text, fields text, life text, primary key (id, account, mode));
create table if not exists keys (digest text primary key, key text);
create table if not exists zones (name text primary key, records text);
create table if not exists facts (name text primary key, value text);
"""


class World(NamedTuple):
    """What one API key sees: the live or the test objects of one account."""

    account: str
    mode: str


@dataclass
class Row:
    """One stored object: its fields under logical names, and where it stands in its life."""

    world: World
    entity: str
    id: str
    fields: dict[str, Any]
    life: dict[str, Any] = field(default_factory=dict)


class StateFileError(RuntimeError):
    """A state file cannot be used; the text names the file and the cure."""


class Store:
    """All objects of a sandbox, in the order of their creation.

    Args:
        path: an SQLite file that every change is written to at once; None keeps everything in memory only.

    Raises:
        StateFileError: the file cannot be opened, or is not a state file.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._rows: dict[tuple[World, str], dict[str, Row]] = {}
        self._file: sqlite3.Connection | None = None
        self.is_new = True
        if path is not None:
            try:
                self._file = self._opened(path)
            except sqlite3.Error as error:
                raise StateFileError(
                    f"The state file {path} cannot be used: {error}. "
                    "Stop another sandbox that uses it, or give another file."
                ) from error

    def _opened(self, path: str | Path) -> sqlite3.Connection:
        file = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
        try:
            # One sandbox at a time: what is in memory would not notice what another one writes.
            file.execute("pragma locking_mode = exclusive")
            file.execute("pragma journal_mode = wal")
            file.execute("pragma synchronous = normal")  # safe from a killed process, if not from a power cut
            file.execute("begin exclusive")
            file.execute("commit")
            file.executescript(_SCHEMA)
            for object_id, account, mode, entity, fields, life in file.execute(
                "select id, account, mode, entity, fields, life from objects order by rowid"
            ):
                row = Row(World(account, mode), entity, object_id, json.loads(fields), json.loads(life))
                self._rows.setdefault((row.world, entity), {})[object_id] = row
        except sqlite3.Error:
            file.close()
            raise
        self.is_new = file.execute("select 1 from facts where name = 'seeded'").fetchone() is None
        return file

    def rows(self, world: World, entity: str) -> list[Row]:
        """Return the objects of one kind."""
        return list(self._rows.get((world, entity), {}).values())

    def row(self, world: World, entity: str, object_id: str) -> Row | None:
        """Return one object, or None."""
        return self._rows.get((world, entity), {}).get(object_id)

    def worlds(self) -> list[World]:
        """Return every world that holds an object."""
        return sorted({world for (world, _), rows in self._rows.items() if rows})

    def save(self, row: Row) -> None:
        """Keep an object, new or changed."""
        self._rows.setdefault((row.world, row.entity), {})[row.id] = row
        if self._file:
            self._file.execute(
                "insert into objects values (?, ?, ?, ?, ?, ?) on conflict do update"
                " set fields = excluded.fields, life = excluded.life",
                (row.id, *row.world, row.entity, json.dumps(row.fields), json.dumps(row.life)),
            )

    def drop(self, row: Row) -> None:
        """Forget an object."""
        del self._rows[row.world, row.entity][row.id]
        if self._file:
            self._file.execute("delete from objects where id = ? and account = ? and mode = ?", (row.id, *row.world))

    def clear(self) -> None:
        """Forget every object, key, zone and fact."""
        self._rows.clear()
        if self._file:
            for table in ("objects", "keys", "zones", "facts"):
                self._file.execute(f"delete from {table}")  # noqa: S608 - the four names above

    def save_key(self, digest: str, key: dict[str, Any]) -> None:
        """Keep what is known of an API key; the key itself stays out of the file."""
        if self._file:
            self._file.execute("insert or replace into keys values (?, ?)", (digest, json.dumps(key)))

    def kept_keys(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the digest of every kept API key with what is known of it."""
        if self._file:
            for kept, key in self._file.execute("select digest, key from keys order by rowid").fetchall():
                yield kept, json.loads(key)

    def save_zone(self, name: str, records: list[Any]) -> None:
        """Keep the records of a DNS zone, new or changed."""
        if self._file:
            self._file.execute("insert or replace into zones values (?, ?)", (name, json.dumps(records)))

    def kept_zones(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the name of every kept zone with its records."""
        if self._file:
            for name, records in self._file.execute("select name, records from zones order by name").fetchall():
                yield name, json.loads(records)

    def save_fact(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        self.is_new = False
        if self._file:
            self._file.execute("insert or replace into facts values (?, ?)", (name, json.dumps(value)))

    def fact(self, name: str, default: Any) -> Any:
        """Return the value kept under a name, or the default."""
        found = self._file and self._file.execute("select value from facts where name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else default

    def at_once(self) -> contextlib.AbstractContextManager[object]:
        """Return a context in which all changes reach the file together."""
        return _Transaction(self._file) if self._file else contextlib.nullcontext()

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()
            self._file = None


class _Transaction:
    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file

    def __enter__(self) -> None:
        self._file.execute("begin")

    def __exit__(self, *failure: object) -> None:
        self._file.execute("commit" if failure[0] is None else "rollback")
