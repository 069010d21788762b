"""RevCent's terms in plain words, for the sandbox's pages: what customers may do, who may enter, how things stand."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ACTIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "Your details": {
            "contact_modify": "Change your contact details",
            "shipping_modify_ship_to": "Change where orders are shipped",
        },
        "Your cards": {
            "credit_card_add": "Add a card",
            "credit_card_remove": "Remove a card",
            "credit_card_set_default": "Choose which card is charged",
        },
        "Your subscriptions": {
            "subscription_renew": "Renew a subscription now",
            "subscription_activate": "Restart a stopped subscription",
            "subscription_suspend": "Pause a subscription",
            "subscription_cancel": "Cancel a subscription",
        },
        "Your trials": {
            "trial_expire": "End a trial early",
            "trial_cancel": "Cancel a trial",
        },
        "Open payments": {
            "salvage_transaction_process": "Pay a failed renewal or a failed end of a trial",
        },
    }
)
"""Every permission in a customer's words, in the groups of a portal's page."""

_TONES: Final = {"issued": "good", "complete": "good", "pending": "wait", "failed": "bad"}


def actions(permissions: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Return what a customer may do, in groups of `title` and `actions`; groups without any are left out."""
    groups = []
    for title, names in ACTIONS.items():
        given = [words for name, words in names.items() if permissions[name]]
        if given:
            groups.append({"title": title, "actions": given})
    return groups


def denied(permissions: Mapping[str, bool]) -> list[str]:
    """Return what a customer may not do."""
    return [words for names in ACTIONS.values() for name, words in names.items() if not permissions[name]]


def audience(campaigns: Sequence[str], shops: Sequence[str]) -> str:
    """Return in one line which customers a portal is for."""
    parts = []
    if campaigns:
        parts.append(f"customers of {_either(campaigns)}")
    if shops:
        parts.append(f"shoppers of {_either(shops)}")
    if not parts:
        return "Every customer of the account"
    line = " who are also ".join(parts)
    return line[0].upper() + line[1:]


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else names[0]


def strangers(*, admitted: bool, campaign: str | None) -> str:
    """Return what happens to people who are no customers yet."""
    if not admitted:
        return "People who are not customers yet cannot register."
    joined = f" They join the campaign {campaign}." if campaign else " They join no campaign."
    return "People who are not customers yet can register." + joined


def state(word: str) -> dict[str, str]:
    """Return the state of a certificate or of the DNS as a badge: `word` and `tone`."""
    return {"word": word.replace("_", " ").capitalize(), "tone": _TONES.get(word, "off")}


def answer(status: int | None, fault: str | None) -> dict[str, str]:
    """Return how a call ended as a badge: `word` and `tone`."""
    if status is None:
        return {"word": "no answer", "tone": "bad"}
    tone = "good" if status < 400 and fault in (None, "delay") else "bad"  # noqa: PLR2004 - HTTP's border
    return {"word": str(status), "tone": tone}
