"""What a fleet tells each of its accounts about itself, for the rules that need to know the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.components.telling import says
from pulumi_revcent_portal.models.merging import said
from pulumi_revcent_portal.models.review import FleetReviewInputs, Reviewed
from pulumi_revcent_portal.providers.fleet_review import PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_revcent_portal.components.roster import Placed, Roster


def by_account(brands: Iterable[Placed]) -> dict[str, list[Placed]]:
    """Return brands by the key of their account."""
    found: dict[str, list[Placed]] = {}
    for placed in brands:
        found.setdefault(placed.account, []).append(placed)
    return found


def reviewed(roster: Roster, account: str) -> FleetReviewInputs:
    """Return what the review of an account looks at: its brands, those of other stacks among them.

    Args:
        roster: the fleet.
        account: the key of the account.
    """
    chosen = {placed.brand.key for placed in roster.chosen}
    brands = by_account(roster.brands)[account]
    return FleetReviewInputs(
        brands=[_reviewed(placed, roster.lines, elsewhere=placed.brand.key not in chosen) for placed in brands],
        whole=not roster.left_out,
    )


def _reviewed(placed: Placed, lines: Callable[[str], str] | None, *, elsewhere: bool) -> Reviewed:
    whole = placed.brand
    names = {path: found for path in PLACES if (found := _words(whole.brand, path))}
    enabled = whole.portal.get("enabled", True)
    places = [*names, "customer_filters"] if lines else []
    own = said(placed.declared)
    told = {
        path: lines(f"brands.{whole.key}.{path}" if says(own, path) else f"defaults.{path}") for path in places if lines
    }
    return Reviewed(
        key=whole.key,
        domain=whole.domain or "",
        enabled=enabled if isinstance(enabled, bool) else True,
        names=names,
        lines=told,
        rules=whole.rules,
        elsewhere=elsewhere,
    )


def _words(brand: Mapping[str, Any], path: str) -> list[str | None]:
    """Return names and IDs as they were written; None is one that is not known yet."""
    value: Any = brand
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [item if isinstance(item, str) else None for item in items]
