"""May this resource touch that object? The rules of ownership, each with its refusal and the cure. No requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.models.base import is_plain
from pulumi_revcent_portal.providers.drift import same
from pulumi_revcent_portal.providers.ownership import Mark, Owner, split_mark
from pulumi_revcent_portal.providers.results import ProviderProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.providers.results import Props

_BRAND: Final = "revcent:index:BrandPortal$"


def alias_cure(owner: Owner) -> str:
    """Return what to do when a resource was renamed."""
    if _BRAND in owner.urn:
        return "add the brand's old key to its former_keys (outside of a fleet: an alias of its BrandPortal)"
    return 'add opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="<the old name>")])'


def mark_of(existing: Props) -> Mark | None:
    """Return the mark of an object as RevCent answers it."""
    return split_mark(existing.get("description") or "")[1]


def require_free(noun: str, existing: Props, props: Props, immutable: Iterable[str]) -> None:
    """Raise ProviderProblem unless a create may take the existing object of the same name over.

    It may when the mark says that this very resource made it (a crash before the state was saved, a forced
    replacement), when its owner retired it, or when the user set `adopt`.
    """
    owner, mark = Owner.of(props), mark_of(existing)
    what = f"A {noun} named '{props['name']}' exists already in RevCent ({existing['id']})"
    require_same_immutables(existing, props, immutable, what)
    if props.get("adopt") or (mark and (mark.retired or mark.belongs_to(owner))):
        return
    if mark is None:
        raise ProviderProblem(
            f"{what} and carries no ownership mark: it was made by hand or by another tool. Choose another name, or "
            "set adopt=True to take it over with all its settings."
        )
    if mark.identity == owner.identity:
        raise ProviderProblem(
            f"{what} and belongs to the resource {mark.label} of this stack. If the resource was renamed, "
            f"{alias_cure(owner)}; otherwise choose another name, or set adopt=True to take it over."
        )
    raise ProviderProblem(
        f"{what} and belongs to {mark.label}, another Pulumi stack. Choose another name, or set adopt=True to take it "
        "over (also after this stack's state was lost)."
    )


def require_same_immutables(existing: Props, props: Props, immutable: Iterable[str], what: str) -> None:
    """Raise ProviderProblem when the object differs in something that RevCent cannot change."""
    for path in immutable:
        wanted = props.get(path)
        if path in existing and is_plain(wanted) and not same(existing[path], wanted):
            raise ProviderProblem(
                f"{what}, with {path} '{existing[path]}', which RevCent cannot change to '{wanted}'. Give this one "
                "another name, or rename the other in RevCent."
            )


def taken_by_another(noun: str, existing: Props, olds: Props, news: Props, nonce: str) -> bool:
    """Return whether an update takes the object back: from another owner, or from retirement.

    Raises:
        ProviderProblem: another resource or stack owns it and `adopt` is not set.
    """
    mark = mark_of(existing)
    if mark is not None and mark.retired:
        return True  # nobody has it; what retiring it changed must be written again
    if mark is None or mark.nonce == nonce or mark.is_of(Owner.of(news)) or mark.is_of(Owner.of(olds)):
        return False
    if not news.get("adopt"):
        raise ProviderProblem(
            f"The {noun} {existing['id']} belongs to {mark.label} by now, another Pulumi stack or resource. Nothing "
            f"was changed. Take it out of this stack (`pulumi state delete '{Owner.of(news).urn}'`, and out of the "
            "program), or set adopt=True to take it back."
        )
    return True
