"""Is an object really gone, or is this the wrong account? Believing a wrong key would lose state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_revcent_portal.api.errors import PermissionMissing
from pulumi_revcent_portal.providers.ownership import Owner
from pulumi_revcent_portal.providers.results import ProviderProblem, noun_of

if TYPE_CHECKING:
    from pulumi_revcent_portal.api.errors import NotFound
    from pulumi_revcent_portal.providers.results import Props
    from pulumi_revcent_portal.providers.session import Session


def require_gone(session: Session, entity: str, object_id: str, olds: Props, error: NotFound) -> None:
    """Return when the object is gone for certain: the account's list lacks it, and the account is the stack's.

    Args:
        session: the account.
        entity: the type of the object in the contract.
        object_id: the RevCent ID that was not found.
        olds: the outputs in the state.
        error: RevCent's answer.

    Raises:
        ProviderProblem: it cannot be confirmed; the message names the likely cause and the cure.
        RevCentError: the list could not be had.
    """
    owner, client, noun = Owner.of(olds), session.client, noun_of(entity)
    forget = f"`pulumi state delete '{owner.urn or '<URN>'}'`"
    missing = f"RevCent does not find the {noun} {object_id}"
    if client.contract.supports(entity, "list"):
        try:
            listed = session.is_listed(entity, object_id)
        except PermissionMissing:
            raise ProviderProblem(
                f"{missing}, and the API key may not list {noun}s, so it cannot be confirmed that it is gone. Nothing "
                "was changed. Allow the key to list them; or, if the object was removed by hand, run "
                f"{forget}. [{error}]"
            ) from None
        if listed:
            raise ProviderProblem(f"RevCent lists the {noun} {object_id} but does not answer it. Try again. [{error}]")
    if not session.is_right_account(owner.identity, olds.get("tracking_domain")):
        raise ProviderProblem(
            f"{missing}, and this key sees none of the objects of this stack: another account, or a test key? Nothing "
            "was changed. If the object was removed by hand and was the last one of this stack, run "
            f"{forget}. [{error}]"
        )
