"""What a program asks of its account while it runs: `get_campaigns()` and its like. It changes nothing.

Each list is fetched once per account and run, in a preview too. A declaration by name needs none of this: names in
`CustomerFilters` are resolved by the provider, which asks only about what is new.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.models.found import (
    Campaign,
    FoundCustomerPortal,
    FoundTrackingDomain,
    Listing,
    ThirdPartyShop,
)
from pulumi_revcent_portal.providers.ownership import split_mark
from pulumi_revcent_portal.providers.results import noun_of
from pulumi_revcent_portal.resources.account import Account, named
from pulumi_revcent_portal.resources.program import program_client, settings_now

if TYPE_CHECKING:
    from collections.abc import Mapping


def get_campaigns(*, account: Account | None = None) -> Listing[Campaign]:
    """Return the campaigns of an account.

    Args:
        account: an explicit account; the stack's own by default.

    Raises:
        pulumi.RunError: RevCent cannot be asked; the message says why and names the cure.

    Source: RevCent's GetCampaigns.
    """
    return Listing(Campaign(**_kept(Campaign, item)) for item in items_of("campaign", account))


def get_third_party_shops(*, account: Account | None = None) -> Listing[ThirdPartyShop]:
    """Return the third-party shops of an account.

    Args:
        account: an explicit account; the stack's own by default.

    Raises:
        pulumi.RunError: RevCent cannot be asked; the message says why and names the cure.

    Source: RevCent's GetUserShops: a third-party shop is a user shop there.
    """
    return Listing(ThirdPartyShop(**_kept(ThirdPartyShop, item)) for item in items_of("third_party_shop", account))


def get_customer_portals(*, account: Account | None = None) -> Listing[FoundCustomerPortal]:
    """Return the customer portals of an account, retired ones and those of others among them.

    Args:
        account: an explicit account; the stack's own by default.

    Raises:
        pulumi.RunError: RevCent cannot be asked; the message says why and names the cure.

    Source: RevCent's GetCustomerPortals, which is inferred.
    """
    return Listing(
        FoundCustomerPortal(**_kept(FoundCustomerPortal, item)) for item in items_of("customer_portal", account)
    )


def get_tracking_domains(*, account: Account | None = None) -> Listing[FoundTrackingDomain]:
    """Return the tracking domains of an account, retired ones and those of others among them.

    Args:
        account: an explicit account; the stack's own by default.

    Raises:
        pulumi.RunError: RevCent cannot be asked; the message says why and names the cure.

    Source: RevCent's GetTrackingDomains.
    """
    from pulumi_revcent_portal.api.domains import is_ready  # noqa: PLC0415 - the API stays out of `import`

    def told(item: Mapping[str, Any]) -> bool | None:
        return is_ready(dict(item)) if {"ssl_status", "dns_status"} & item.keys() else None

    items = items_of("tracking_domain", account)
    return Listing(FoundTrackingDomain(**_kept(FoundTrackingDomain, item), ready=told(item)) for item in items)


def _kept(kind: type[Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a list item tells of the fields of a class, without the ownership mark."""
    known = {each.name: item[each.name] for each in fields(kind) if item.get(each.name) is not None}
    known["name"] = known.get("name", "")
    known["description"] = split_mark(known.get("description", ""))[0]
    return known


def items_of(entity: str, account: Account | Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return what an account has of a type, as its list shows it.

    Args:
        entity: our name of the type.
        account: an account, the options of one that is not made yet, or None for the stack's own.

    Raises:
        pulumi.RunError: RevCent cannot be asked.
    """
    from pulumi_revcent_portal.api.errors import RevCentError  # noqa: PLC0415 - the API stays out of `import`

    settings = settings_now(account)
    try:
        return program_client(settings).list(entity)
    except RevCentError as error:
        whose = f"{named(account)}: " if isinstance(account, Account) else ""
        raise pulumi.RunError(f"{whose}{_told(entity, error)}") from None


def _told(entity: str, error: Exception) -> str:
    from pulumi_revcent_portal.api.errors import Offline  # noqa: PLC0415

    plural = f"{noun_of(entity)}s"
    if isinstance(error, Offline):
        return f"The program asks RevCent for its {plural}, which it cannot offline: {error}"
    return f"RevCent's {plural} could not be had: {error}"
