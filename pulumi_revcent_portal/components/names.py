"""Names of campaigns and shops that a fleet uses and its accounts do not have. Only a fleet that fails anyway asks.

A fleet without other mistakes leaves names to the providers, which ask only about what is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.models.base import Problem
from pulumi_revcent_portal.models.fleet import BrandSettings
from pulumi_revcent_portal.models.merging import said
from pulumi_revcent_portal.resources.lookups import items_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_revcent_portal.resources.account import Account

_PLACES = {
    ("customer_filters", "campaign"): "campaign",
    ("customer_filters", "third_party_shop"): "third_party_shop",
    ("campaign",): "campaign",
    ("url_parameter_sets",): "url_parameter_set",
}


def unknown_names(
    brands: Sequence[Any], defaults: Any, accounts: Mapping[str, Account | Mapping[str, Any]]
) -> Iterator[Problem]:
    """Yield the names and IDs that the accounts do not have; nothing where an account cannot be asked.

    Args:
        brands: the brands as they were declared, valid or not.
        defaults: what they share.
        accounts: accounts by key; those that are not made yet cannot be asked without their options.
    """
    from pulumi_revcent_portal.providers.naming import NoSuchName, find  # noqa: PLC0415 - stays out of `import`

    shared = _fields(defaults)
    asked: dict[str, list[dict[str, Any]] | None] = {}
    for brand in brands:
        own = _fields(brand)
        key = own.get("account") or shared.get("account") or ""
        for place, entity, text in _named(own):

            def ask(entity: str, *, fresh: bool, key: str = str(key)) -> list[dict[str, Any]]:
                del fresh  # it was fetched a moment ago
                cached = f"{key} {entity}"
                if cached not in asked:
                    asked[cached] = _listed(entity, key, accounts)
                found = asked[cached]
                if found is None:
                    raise pulumi.RunError("it cannot be asked")
                return found

            try:
                find(entity, text, ask)
            except NoSuchName as problem:
                yield Problem(f"brands.{own.get('key')}.{place}", str(problem))
            except pulumi.RunError:
                continue


def _fields(declared: Any) -> Mapping[str, Any]:
    if isinstance(declared, BrandSettings):
        return said(declared)
    return declared if isinstance(declared, Mapping) else {}


def _named(fields: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, entity in _PLACES.items():
        value: Any = fields
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        place = ".".join(path)
        if isinstance(value, str):
            yield place, entity, value
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield f"{place}[{index}]", entity, item


def _listed(entity: str, key: str, accounts: Mapping[str, Account | Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    try:
        return items_of(entity, accounts[key] if key else None)
    except (pulumi.RunError, KeyError):
        return None
