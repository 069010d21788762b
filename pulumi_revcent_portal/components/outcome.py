"""How a run ended for each brand of a fleet: the IDs that RevCent gave, and why the others have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from pulumi_revcent_portal.models.text import is_revcent_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.components.brand_portal import BrandPortal


def portals_of(brands: Mapping[str, BrandPortal]) -> pulumi.Output[dict[str, str]]:
    """Return the IDs of the portals that exist; in a preview it is not known while one is still to be made."""
    if pulumi.runtime.is_dry_run():
        return pulumi.Output.all(**{key: brand.portal_id for key, brand in brands.items()})
    return pulumi.Output.from_input(_portals(brands))


def pending_of(brands: Mapping[str, BrandPortal]) -> pulumi.Output[dict[str, str]]:
    """Return why brands have no portal; in a preview it is not known while one is still to be made."""
    if pulumi.runtime.is_dry_run():
        return pulumi.Output.all(**{key: brand.portal_id for key, brand in brands.items()}).apply(lambda _: {})
    return pulumi.Output.from_input(_pending(brands))


async def _portals(brands: Mapping[str, BrandPortal]) -> dict[str, str]:
    found = {key: await _confirmed(brand.portal.id) for key, brand in brands.items()}
    return {key: object_id for key, object_id in found.items() if object_id}


async def _pending(brands: Mapping[str, BrandPortal]) -> dict[str, str]:
    return {key: await _reason(brand) for key, brand in brands.items() if not await _confirmed(brand.portal.id)}


async def _confirmed(value: pulumi.Output[str]) -> str:
    """Return an ID as RevCent gave it, or nothing: what failed has an unknown one, or the engine's placeholder."""
    known = await value.is_known()
    found = await value.future() if known else None
    return found if isinstance(found, str) and is_revcent_id(found) else ""


async def _reason(brand: BrandPortal) -> str:
    for what, needed in brand.needs():
        if not await _confirmed(needed):
            return f"{what} failed, or is not ready: see the error there."
    return f"The portal itself failed: see the error on {brand.portal.pulumi_resource_name}."
