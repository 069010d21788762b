"""The hands behind the scenes: everything a test can do to a sandbox past RevCent's API. No HTTP in here."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.sandbox.dns_controls import DnsControls
from pulumi_revcent_portal.sandbox.faults import Fault, Faults
from pulumi_revcent_portal.sandbox.gateway import Gateway
from pulumi_revcent_portal.sandbox.keys import Keys
from pulumi_revcent_portal.sandbox.life import FIELD
from pulumi_revcent_portal.sandbox.reading import Field, Kind, entity_named
from pulumi_revcent_portal.sandbox.revcent import RevCent, hidden
from pulumi_revcent_portal.sandbox.seed import SeedError, read_seed
from pulumi_revcent_portal.sandbox.store import Row, Store, World
from pulumi_revcent_portal.sandbox.switches import Switches
from pulumi_revcent_portal.sandbox.values import Clock, is_id
from pulumi_revcent_portal.sandbox.waiting import waiting
from pulumi_revcent_portal.sandbox.wire import FITS, default_of

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.sandbox.asking import Question


class Controls(DnsControls):
    """A stand-in for RevCent with everything it holds, and the means to look at it and to change it.

    Args:
        state: an SQLite file in which objects, keys, zones and time survive; None keeps them in memory.
        seed: what there is at the beginning: a mapping, a JSON file, or None for the default seed. The objects of a
            seed are applied once per state; its keys are valid, and its zones are there, at every start.

    Raises:
        StateFileError: the state file cannot be used.
        SeedError: the seed cannot be used.
    """

    def __init__(self, state: str | Path | None = None, seed: Mapping[str, Any] | str | Path | None = None) -> None:
        self._seed = read_seed(seed)
        store = Store(state)
        self.revcent = RevCent(store, Clock(store.fact("clock_offset", 0.0)))
        self.gateway = Gateway(self.revcent, Keys(store))
        self.faults = Faults()
        try:
            super().__init__(store, self._seed["dns_keys"], self.gateway.lock, self.revcent.clock)
            self._sow()
        except SeedError:
            self.close()
            raise
        except ValueError as error:
            self.close()
            raise SeedError(f"dns_keys: {error}") from error

    # -- the account -------------------------------------------------------------------------------------------------

    @property
    def api_key(self) -> str:
        """The first live key of the seed."""
        for key in self._seed.get("keys", []):
            if key.get("mode", "live") == "live":
                return str(key["key"])
        raise ValueError("The seed of this sandbox holds no live key; make one with add_key().")

    @property
    def worlds(self) -> list[tuple[str, str]]:
        """Account and mode of everything a key could see that holds an object; the default account's live one too."""
        with self.gateway.lock:
            return sorted(
                {("default", "live"), *((world.account, world.mode) for world in self.revcent.store.worlds())}
            )

    def add_key(
        self,
        name: str,
        account: str = "default",
        mode: str = "live",
        allow: Iterable[str] | None = None,
        key: str | None = None,
    ) -> str:
        """Make an API key and return it; see `Keys.add` for the arguments."""
        with self.gateway.lock:
            return self.gateway.keys.add(name, account, mode, allow, key)

    def revoke(self, key: str) -> None:
        """Let a key no longer open anything; a ValueError says when there is no such key."""
        with self.gateway.lock:
            self.gateway.keys.revoke(key)

    # -- objects -----------------------------------------------------------------------------------------------------

    def objects(self, entity: str, account: str = "default", mode: str = "live") -> list[dict[str, Any]]:
        """Return the stored objects of one kind, complete, under logical names; secrets as `sha256:...` digests."""
        self.revcent.lookups.refresh(self.questions())
        with self.gateway.lock:
            rows = self.revcent.store.rows(World(account, mode), entity_named(entity).name)
            return [self._copy(row) for row in rows]

    def object(self, entity: str, object_id: str, account: str = "default", mode: str = "live") -> dict[str, Any]:
        """Return one stored object; a KeyError says when it does not exist."""
        self.revcent.lookups.refresh(self.questions())
        with self.gateway.lock:
            return self._copy(self._row(entity, object_id, account, mode))

    def questions(self) -> list[Question]:
        """Return what is to be looked up in the DNS before objects are looked at; mostly nothing."""
        if not self.revcent.switches.looks_up:
            return []
        with self.gateway.lock:
            store = self.revcent.store
            rows = [row for world in store.worlds() for row in store.rows(world, "tracking_domain")]
            return self.revcent.lookups.stale(self.revcent.questions(rows))

    def waiting(self, domain_id: str, account: str = "default", mode: str = "live") -> dict[str, str]:
        """Return what a tracking domain's "certificate" and "dns" wait for, in words."""
        with self.gateway.lock:
            row = self._row("tracking_domain", domain_id, account, mode)
            now = self.revcent.clock.now()
            return waiting(row, self.revcent.switches.transition, now, self.revcent.missing(row))

    def add(self, entity: str, fields: Mapping[str, Any], account: str = "default", mode: str = "live") -> str:
        """Make an object as somebody else would, past the API, and return its ID.

        Args:
            entity: the kind of object, such as "campaign".
            fields: logical names; what is left out takes its default, `id` may be given. A tracking domain is ready
                when it is given `ssl_status="issued"` and `dns_status="complete"`.
            account: the account it is in.
            mode: "live" or "test".

        Raises:
            ValueError: a name is not a field of such an object, or the ID has not RevCent's shape or is in use.
        """
        kind = entity_named(entity)
        given = dict(fields)
        object_id = given.pop("id", None)
        _known(kind.name, kind.fields, given)
        world = World(account, mode)
        with self.gateway.lock:
            if object_id is not None and not is_id(object_id):
                raise ValueError(f"An ID is 20 letters and digits, not {object_id!r}.")
            if object_id is not None and self.revcent.store.row(world, kind.name, object_id):
                raise ValueError(f"The ID {object_id!r} is in use.")
            if kind.name == "tracking_domain":
                given.setdefault("domain", given.get("name", "example.com"))
                given.setdefault("name", given["domain"])
            row = self.revcent.new_row(world, kind, _filled(kind.fields, given), object_id)
            self.revcent.store.save(row)
            return row.id

    def change(
        self, entity: str, object_id: str, fields: Mapping[str, Any], account: str = "default", mode: str = "live"
    ) -> None:
        """Change an object behind the API's back (drift): nested objects are merged, all else is replaced.

        Setting `ssl_status` or `dns_status` ends a transition that is under way: so a certificate is made to fail.

        Raises:
            KeyError: there is no such object.
            ValueError: a name is not a field of such an object.
        """
        kind = entity_named(entity)
        _known(kind.name, kind.fields, fields)
        with self.gateway.lock:
            row = self._row(entity, object_id, account, mode)
            row.fields = hidden(kind.fields, _merged(row.fields, fields))
            for step, field in FIELD.items():
                if field in fields:
                    row.life.pop(step, None)
            self.revcent.store.save(row)

    def remove(self, entity: str, object_id: str, account: str = "default", mode: str = "live") -> None:
        """Let an object disappear; a KeyError says when it does not exist."""
        with self.gateway.lock:
            self.revcent.store.drop(self._row(entity, object_id, account, mode))

    def _row(self, entity: str, object_id: str, account: str, mode: str) -> Row:
        row = self.revcent.store.row(World(account, mode), entity_named(entity).name, object_id)
        if row is None:
            raise KeyError(f"There is no {entity} {object_id} in the {mode} objects of the account {account!r}.")
        return row

    def _copy(self, row: Row) -> dict[str, Any]:
        self.revcent.settle(row)
        return {"id": row.id, **copy.deepcopy(row.fields)}

    # -- behaviour ---------------------------------------------------------------------------------------------------

    @property
    def switches(self) -> dict[str, Any]:
        """The switches in force."""
        return self.revcent.switches.as_dict()

    def switch(self, **switches: Any) -> None:
        """Set switches, see `Switches` for what there is; a ValueError lists names and values when one is wrong."""
        with self.gateway.lock:
            self.revcent.switches = self.revcent.switches.but(**switches)

    def fault(
        self,
        kind: str,
        method: str | None = None,
        path: str | None = None,
        after: int = 0,
        times: int | None = 1,
        **parameters: Any,
    ) -> None:
        """Arm a fault.

        Args:
            kind: "delay" (seconds: the work is done at once, the answer comes late), "rate_limit" (HTTP 429;
                retry_after: seconds or an HTTP date), "status" (status, work, retry_after), "drop_before" and
                "drop_after" (the connection is cut before or after the work was done), "truncated", "not_json" or
                "empty" (what becomes of the body; work, status). Of several, a request meets the first that is for it,
                and delays besides.
            method: only requests of this method.
            path: only requests whose path below /v2 matches this regular expression (searched).
            after: how many matching requests pass first.
            times: how many requests it meets; None: all from then on.
            **parameters: those in brackets above.

        Raises:
            ValueError: the kind or a parameter does not exist; the text lists what there is.
        """
        with self.gateway.lock:
            self.faults.arm(Fault(kind, method, path, after, times, parameters))

    def clear_faults(self) -> None:
        """Disarm all faults, those of the name server too."""
        with self.gateway.lock:
            self.faults.clear()
            self.dns.faults.clear()

    def advance(self, seconds: float) -> None:
        """Let the sandbox's time go forward."""
        with self.gateway.lock:
            self.revcent.clock.advance(seconds)
            self.revcent.store.save_fact("clock_offset", self.revcent.clock.offset)

    # -- the log -----------------------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every API request so far, oldest first, without secrets.

        Keys: method, path (below /v2), query, status (None: no answer), entity, action, key_name, at (Unix seconds),
        body, fault (the kind it met), api_call_id.
        """
        with self.gateway.lock:
            return copy.deepcopy(list(self.gateway.calls))

    def latest_calls(self, count: int) -> tuple[list[dict[str, Any]], int]:
        """Return the last calls, newest first, and how many there are in all."""
        with self.gateway.lock:
            calls = self.gateway.calls
            return [copy.deepcopy(call) for call, _ in zip(reversed(calls), range(count), strict=False)], len(calls)

    def clear_calls(self) -> None:
        """Forget the calls so far, those of the name server too."""
        with self.gateway.lock:
            self.gateway.calls.clear()
            self.dns.calls.clear()

    def reset(self) -> None:
        """Bring everything back to the beginning: objects, keys, zones, switches, faults, time, log."""
        with self.gateway.lock:
            self.revcent.store.clear()
            self.revcent.store.is_new = True
            self.revcent.switches = Switches()
            self.revcent.clock.offset = 0.0
            self.gateway.keys.clear()
            self.zones.clear()
            self.revcent.lookups.forget()
            self.clear_faults()
            self.clear_calls()
            self._sow()

    def close(self) -> None:
        """Let go of the state file."""
        self.revcent.lookups.close()
        self.revcent.store.close()

    def _sow(self) -> None:
        store = self.revcent.store
        with store.at_once():
            for index, key in enumerate(self._seed.get("keys", [])):
                if not self.gateway.keys.knows(key["key"]):
                    try:
                        self.add_key(**key)
                    except (TypeError, ValueError) as error:
                        raise SeedError(f"keys[{index}]: {error}") from error
            for index, zone in enumerate(self._seed.get("zones", [])):
                try:
                    self.add_zone(zone)
                except ValueError as error:
                    raise SeedError(f"zones[{index}]: {error}") from error
            if store.is_new:
                for entity, items in self._seed.get("objects", {}).items():
                    for index, item in enumerate(items):
                        self._sow_one(entity, f"objects.{entity}[{index}]", dict(item))
                store.save_fact("seeded", value=True)

    def _sow_one(self, entity: str, where: str, item: dict[str, Any]) -> None:
        account = item.pop("account", "default")
        # Campaigns and shops belong to the account: unless a seed says otherwise, both of its worlds see them.
        modes = [item.pop("mode")] if "mode" in item else ["live", "test"]
        for mode in modes:
            try:
                item["id"] = self.add(entity, item, account, mode)
            except ValueError as error:
                raise SeedError(f"{where}: {error}") from error


def _known(where: str, fields: tuple[Field, ...], given: Mapping[str, Any]) -> None:
    by_name = {field.name: field for field in fields}
    for name, value in given.items():
        field = by_name.get(name)
        if field is None:
            raise ValueError(f"{where} has no field {name!r}. It has: {', '.join(by_name)}.")
        is_nothing = value is None and field.kind is Kind.REFERENCE
        if not is_nothing and not FITS[field.kind](value):
            raise ValueError(f"{where}.{name} must be {field.kind.value}.")
        if field.kind is Kind.GROUP:
            _known(f"{where}.{name}", field.group, value)


def _filled(fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    filled = dict(copy.deepcopy(given))
    for field in fields:
        if field.kind is Kind.GROUP:
            filled[field.name] = _merged(default_of(field), given.get(field.name, {}))
    return filled


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _merged(merged[name], value) if both else copy.deepcopy(value)
    return merged
