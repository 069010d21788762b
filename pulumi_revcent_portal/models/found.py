"""What a program finds in its account: campaigns, shops, portals, domains. Nothing here asks RevCent.

RevCent's lists may leave out fields; what a list did not tell is None, or empty for a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pulumi_revcent_portal.models.base import InvalidInputs, Problem
from pulumi_revcent_portal.models.wording import nearest_of, shown


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something that exists in RevCent.

    Attributes:
        id: its ID: 20 characters.
        name: its name.
        description: the free text, without the ownership mark.
        created_date: when RevCent made it, in Unix seconds.
    """

    id: str
    name: str
    description: str = ""
    created_date: int | None = None


@dataclass(frozen=True, kw_only=True)
class Campaign(Found):
    """A campaign: where a merchant's customers come from.

    Attributes:
        enabled: whether it is in use.
    """

    enabled: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ThirdPartyShop(Found):
    """A third-party shop, which RevCent's API calls a user shop.

    Attributes:
        enabled: whether it is in use.
        url: the shop's address.
    """

    enabled: bool | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class FoundCustomerPortal(Found):
    """A customer portal, whoever made it.

    Attributes:
        enabled: whether customers can reach it.
        display_name: the name that customers see.
        tracking_domain: the ID of its tracking domain.
        url: its address, where RevCent's API tells one.
    """

    enabled: bool | None = None
    display_name: str = ""
    tracking_domain: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class FoundTrackingDomain(Found):
    """A tracking domain, whoever made it.

    Attributes:
        domain: the root domain.
        ready: whether a portal may use it: the certificate is active and the DNS complete. None where the list does
            not tell.
    """

    domain: str = ""
    ready: bool | None = None


F = TypeVar("F", bound=Found)


class Listing(tuple[F, ...]):
    """What an account has of a type, in RevCent's order."""

    __slots__ = ()

    def named(self, name: str) -> F:
        """Return the one of this name.

        Args:
            name: compared as it stands.

        Raises:
            InvalidInputs: there is none, or more than one; the nearest names, or the IDs, are told.
        """
        found = [each for each in self if each.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            ids = " or ".join(each.id for each in found)
            message = f"{len(found)} are called {shown(name)}: {ids}. Take one by its ID."
        else:
            near = nearest_of(name, (each.name for each in self))
            cure = f"Near are: {', '.join(map(repr, near))}." if near else f"The account has {len(self)}."
            message = f"there is no {shown(name)} in this account. {cure}"
        raise InvalidInputs([Problem("", message)], what="named(...)")

    @property
    def by_id(self) -> dict[str, F]:
        """The same by ID."""
        return {each.id: each for each in self}
