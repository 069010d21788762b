"""What a sandbox holds at its beginning: the default seed, and seeds read from JSON files."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pulumi_revcent_portal.sandbox.reading import ENTITIES

DEFAULT: Final[Mapping[str, Any]] = {
    "keys": [
        {"name": "demo", "key": "sandbox-live-key-for-the-demo-account"},
        {"name": "demo-test", "key": "sandbox-test-key-for-the-demo-account", "mode": "test"},
        {"name": "bolt", "key": "sandbox-live-key-for-the-bolt-account", "account": "bolt"},
    ],
    "objects": {
        "campaign": [
            {"id": "campaignAcmeUS000001", "name": "Acme US", "description": "Acme's customers in the United States"},
            {"id": "campaignAcmeEU000001", "name": "Acme EU", "description": "Acme's customers in Europe"},
            {"id": "campaignBolt00000001", "name": "Bolt", "description": "Bolt's customers"},
            {
                "id": "campaignBoltVIP00001",
                "name": "Bolt VIP",
                "description": "Bolt's best customers",
                "account": "bolt",
            },
        ],
        "third_party_shop": [
            {"id": "shopAcmeWoo000000001", "name": "acme-woo", "url": "https://shop.acme.example"},
            {"id": "shopBoltShopify00001", "name": "bolt-shopify", "url": "https://bolt.example"},
            {
                "id": "shopBoltShopify00002",
                "name": "bolt-shopify",
                "url": "https://bolt.example",
                "account": "bolt",
            },
        ],
    },
    "zones": [
        "acme.example",
        "acme-eu.example",
        "acme-store.example",
        "acme-us.example",
        "bolt.example",
        "brands.example",
    ],
    "dns_keys": [{"name": "sandbox-demo", "secret": "c2FuZGJveC1kbnMta2V5LW9mLXRoZS1kZW1vLXpvbmU="}],
}
_PARTS: Final = ("keys", "objects", "zones", "dns_keys")


class SeedError(ValueError):
    """A seed cannot be used; the text names the place in it and the cure."""


def read_seed(seed: Mapping[str, Any] | str | Path | None) -> Mapping[str, Any]:
    """Return a seed: the default one, the given one, or one from a JSON file.

    A seed is an object with `keys` (items: name, key, and perhaps account, mode, allow) and `objects` (per entity an
    array of objects under logical names, and perhaps id, account, mode). The first live key becomes the default key.
    Besides it may have `zones` (names of DNS zones) and `dns_keys` (TSIG keys that may update them: name, secret);
    without the latter the default seed's key is taken.

    Raises:
        SeedError: the file cannot be read, or it is not a seed.
    """
    if seed is None:
        return DEFAULT
    if isinstance(seed, str | Path):
        try:
            seed = json.loads(Path(seed).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SeedError(f"The seed file {seed} cannot be read: {error}.") from error
    if not isinstance(seed, Mapping) or not set(seed) <= set(_PARTS):
        raise SeedError('A seed is an object with "keys", "objects", "zones" and "dns_keys", and nothing else.')
    _check_keys(seed.get("keys", []))
    _check_objects(seed.get("objects", {}))
    _check_zones(seed.get("zones", []))
    _check_dns_keys(seed.get("dns_keys", []))
    return {"dns_keys": DEFAULT["dns_keys"], **seed}


def _check_keys(keys: object) -> None:
    if not isinstance(keys, list):
        raise SeedError("keys must be an array.")
    for index, key in enumerate(keys):
        if not isinstance(key, dict) or not all(isinstance(key.get(part), str) for part in ("name", "key")):
            raise SeedError(f'keys[{index}] must be an object with a "name" and a "key".')


def _check_objects(objects: object) -> None:
    if not isinstance(objects, dict):
        raise SeedError("objects must be an object.")
    for entity, items in objects.items():
        if entity not in ENTITIES:
            raise SeedError(f"objects: there is no entity {entity!r}. There are: {', '.join(sorted(ENTITIES))}.")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise SeedError(f"objects.{entity} must be an array of objects.")


def _check_zones(zones: object) -> None:
    if not isinstance(zones, list) or not all(isinstance(zone, str) for zone in zones):
        raise SeedError("zones must be an array of domain names.")


def _check_dns_keys(keys: object) -> None:
    if not isinstance(keys, list):
        raise SeedError("dns_keys must be an array.")
    for index, key in enumerate(keys):
        if not isinstance(key, dict) or set(key) != {"name", "secret"} or not isinstance(key["name"], str):
            raise SeedError(f'dns_keys[{index}] must be an object with a "name" and a "secret".')
        if not _is_base64(key["secret"]):
            raise SeedError(f"dns_keys[{index}].secret must be base64.")


def _is_base64(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False
