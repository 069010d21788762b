"""API keys of a sandbox: whose they are and what they may call. The keys themselves are kept as digests only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from pulumi_revcent_portal.sandbox.refusals import Refusal
from pulumi_revcent_portal.sandbox.store import Store, World
from pulumi_revcent_portal.sandbox.values import digest

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Key:
    """What is known of an API key: a name for the call log, its world, and the operations it may call (None: all)."""

    name: str
    world: World
    allow: frozenset[str] | None = None
    revoked: bool = False


class Keys:
    """All API keys of a sandbox."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[str, Key] = {}
        for kept, key in store.kept_keys():
            allow = key["allow"]
            world = World(key["account"], key["mode"])
            self._keys[kept] = Key(key["name"], world, None if allow is None else frozenset(allow), key["revoked"])

    def add(
        self,
        name: str,
        account: str = "default",
        mode: str = "live",
        allow: Iterable[str] | None = None,
        key: str | None = None,
    ) -> str:
        """Make a key and return it.

        Args:
            name: what the call log calls it.
            account: the account it belongs to; an unknown one begins empty.
            mode: "live" or "test".
            allow: names of the operations it may call, such as "GetCampaigns"; None allows all.
            key: the key itself; made up when left out.

        Raises:
            ValueError: the mode or an operation does not exist.
        """
        if mode not in ("live", "test"):
            raise ValueError(f'A key is "live" or "test", not {mode!r}.')
        allowed = None if allow is None else frozenset(allow)
        if allowed is not None and not allowed <= OPERATIONS:
            unknown = ", ".join(sorted(allowed - OPERATIONS))
            raise ValueError(f"There is no operation {unknown}. There are: {', '.join(sorted(OPERATIONS))}.")
        key = key or f"sandbox-{mode}-{secrets.token_hex(16)}"
        self._save(digest(key), Key(name, World(account, mode), allowed))
        return key

    def _save(self, kept: str, key: Key) -> None:
        self._keys[kept] = key
        allow = None if key.allow is None else sorted(key.allow)
        self._store.save_key(
            kept,
            {
                "name": key.name,
                "account": key.world.account,
                "mode": key.world.mode,
                "allow": allow,
                "revoked": key.revoked,
            },
        )

    def knows(self, key: str) -> bool:
        """Tell whether this key was ever made, revoked or not."""
        return digest(key) in self._keys

    def revoke(self, key: str) -> None:
        """Let a key no longer open anything; a ValueError says when there is no such key."""
        kept = digest(key)
        if kept not in self._keys:
            raise ValueError("There is no such key in this sandbox.")
        self._save(kept, replace(self._keys[kept], revoked=True))

    def clear(self) -> None:
        """Forget every key."""
        self._keys.clear()

    def name_of(self, header: str | None) -> str | None:
        """Return what the call log calls the key in an `x-api-key` header; None when there is no such key."""
        key = self._keys.get(digest(header)) if header else None
        return key.name if key else None

    def admitted(self, header: str | None) -> Key:
        """Return the key that an `x-api-key` header names.

        Raises:
            Refusal: there is none, it is unknown, or it was revoked.
        """
        if not header:
            raise Refusal("invalid_api_key", "The x-api-key header is missing.")
        key = self._keys.get(digest(header))
        if key is None:
            raise Refusal("invalid_api_key", "The API key is not valid.")
        if key.revoked:
            raise Refusal("invalid_api_key", "The API key has been revoked.")
        return key
