"""Was a resource put into another account of the program? The engine changes its provider and says nothing of it.

A state knows accounts by their names in the program: a key is rotated, and there is nothing else to tell them by. So
the account that a resource is declared in now is asked whether it holds the object.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.api.errors import NotFound
from pulumi_revcent_portal.providers.ownership import OWNER_KEY, Owner
from pulumi_revcent_portal.providers.results import Difference

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.results import Core, Props


ACCOUNT_KEY: Final = "account"
"""The key in the hidden input that names the account; not there for the stack's own."""


def difference(core: Core, object_id: str, olds: Props, news: Props) -> Difference:
    """Compare outputs with new inputs, and the account of the one with that of the other.

    What is in another account now is made anew there, and retired where it was. What is in the same one under another
    name is updated once, so that the state knows the name; nothing is written to RevCent for that.

    Raises:
        RevCentError: it could not be found out whether the accounts are the same.
    """
    found = core.diff(object_id, olds, news)
    before, now = _account(olds), _account(news)
    if before == now:
        return found
    entity = getattr(core, "entity", "tracking_domain")  # the steps of a domain have none of their own
    readable = core.session.client.contract.supports(entity, "get")
    # Of what RevCent does not show the user says that it is there.
    if _is_there(core, entity, object_id) if readable else news.get("adopt_id") == object_id:
        return replace(found, changes=True)
    moves = (
        f"It moves from {account_label(before)} to {account_label(now)}: it is made anew there, and retired where it "
        "was."
    )
    cure = "" if readable else f' If both are one account of RevCent, set adopt_id="{object_id}" for the next update.'
    core.warn(Owner.of(news).urn, moves + cure)
    return Difference(changes=None, replaces=[*found.replaces, OWNER_KEY])


def _is_there(core: Core, entity: str, object_id: str) -> bool:
    try:
        core.session.client.get(entity, object_id)
    except NotFound:
        return False
    return True


def _account(props: Props) -> str:
    return str((props.get(OWNER_KEY) or {}).get(ACCOUNT_KEY) or "")


def account_label(account: str) -> str:
    """Return what messages call an account, by its name in the program; empty for the stack's own."""
    return f'Account "{account}"' if account else "the stack's own account"
