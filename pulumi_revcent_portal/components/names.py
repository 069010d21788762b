"""Names of campaigns and shops that a fleet uses and its accounts do not have. Only a fleet that fails anyway asks.

A fleet without other mistakes leaves names to the providers, which ask only about what is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.components.telling import Telling
from pulumi_revcent_portal.models.fleet import BrandSettings
from pulumi_revcent_portal.models.merging import said
from pulumi_revcent_portal.providers.fleet_review import PLACES
from pulumi_revcent_portal.providers.naming import NoSuchName, find
from pulumi_revcent_portal.resources.lookups import items_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pulumi_revcent_portal.models.base import Problem
    from pulumi_revcent_portal.resources.account import Account


def unknown_names(
    brands: Sequence[Any], defaults: Any, accounts: Mapping[str, Account | Mapping[str, Any]], told: Iterable[Problem]
) -> list[Problem]:
    """Return the names and IDs that the accounts do not have; nothing where an account cannot be asked.

    Args:
        brands: the brands as they were declared, valid or not.
        defaults: what they share.
        accounts: accounts by key; those that are not made yet cannot be asked without their options.
        told: what is told already.
    """
    shared = _fields(defaults)
    asked: dict[str, list[dict[str, Any]] | None] = {}
    telling = Telling(problem.field for problem in told)
    for brand in brands:
        own = _fields(brand)
        key = own.get("account") or shared.get("account") or ""

        def ask(entity: str, *, fresh: bool, key: str = str(key)) -> list[dict[str, Any]]:
            del fresh  # it was fetched a moment ago
            cached = f"{key} {entity}"
            if cached not in asked:
                asked[cached] = _listed(entity, key, accounts)
            found = asked[cached]
            if found is None:
                raise pulumi.RunError("it cannot be asked")
            return found

        said_here = [(f"brands.{own.get('key')}", path, _at(own, path)) for path in PLACES]
        inherited = [("defaults", path, _at(shared, path)) for _, path, value in said_here if value is None]
        for where, path, value in (*said_here, *inherited):
            for place, text in _texts(value, f"{where}.{path}"):
                try:
                    find(PLACES[path], text, ask)
                except NoSuchName as error:
                    telling.tell(place, str(error))
                except pulumi.RunError:
                    continue
    return telling.problems()


def _fields(declared: Any) -> Mapping[str, Any]:
    if isinstance(declared, BrandSettings):
        return said(declared)
    return declared if isinstance(declared, Mapping) else {}


def _at(fields: Mapping[str, Any], path: str) -> Any:
    value: Any = fields
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list | tuple):
        yield from ((f"{place}[{index}]", item) for index, item in enumerate(value) if isinstance(item, str))


def _listed(entity: str, key: str, accounts: Mapping[str, Account | Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    try:
        return items_of(entity, accounts[key] if key else None)
    except (pulumi.RunError, KeyError):
        return None
