"""Rules about a customer portal: what RevCent allows and its guide advises against."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_revcent_portal.models.base import is_plain
from pulumi_revcent_portal.models.text import is_revcent_id
from pulumi_revcent_portal.models.wording import sameness
from pulumi_revcent_portal.rules.base import Finding, Place, Rule, Settings, known, run

Origins = tuple[int, int]
"""How many campaigns and how many third-party shops the account has."""


def _registration_without_campaign(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    if known(inputs, "create_non_existing_customer") and known(inputs, "campaign") is None:
        yield "campaign", "People who are no customers yet may register, but no campaign is named to file them under."


def _campaign_without_registration(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    if known(inputs, "campaign") is not None and not known(inputs, "create_non_existing_customer"):
        yield (
            "campaign",
            "A campaign for newly registered customers is named, but only existing customers may register.",
        )


def _portal_open_to_everyone(inputs: Mapping[str, Any], origins: Origins | None) -> Iterator[Place]:
    campaigns, shops = origins or (0, 0)
    if max(campaigns, shops) > 1 and not any(
        known(inputs, "customer_filters", by) for by in ("campaign", "third_party_shop")
    ):
        yield (
            "customer_filters",
            (
                f"Every customer of the account may enter, and the account has {_count(campaigns, 'campaign')} "
                f"and {_count(shops, 'third-party shop')}."
            ),
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _recovery_without_card(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    if not known(inputs, "customer_permissions", "salvage_transaction_process"):
        return
    missing = [
        name
        for name in ("credit_card_add", "credit_card_set_default")
        if not known(inputs, "customer_permissions", name)
    ]
    if missing:
        yield (
            "customer_permissions",
            (
                f"Customers may pay a failed renewal (salvage_transaction_process), but {' and '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} off."
            ),
        )


def _new_card_is_not_charged(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    add, choose, pay = (
        known(inputs, "customer_permissions", name)
        for name in ("credit_card_add", "credit_card_set_default", "salvage_transaction_process")
    )
    if add and not choose and not pay:  # with it, recovery-without-card says the same
        yield "customer_permissions", "Customers may add a card (credit_card_add), but not make it their default."


def _two_senders(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    if known(inputs, "smtp_sender") is not None:
        return  # then the model holds both against it
    addresses = [
        known(inputs, "customer_emails", email, "from_address") for email in ("confirmation", "password_reset")
    ]
    if sameness(addresses[0]) != sameness(addresses[1]):
        yield (
            "customer_emails",
            f"The emails come from two addresses, {addresses[0]!r} and {addresses[1]!r}, through one SMTP profile.",
        )


def _registered_and_shut_out(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    if not known(inputs, "create_non_existing_customer"):
        return
    campaign, admitted = known(inputs, "campaign"), known(inputs, "customer_filters", "campaign")
    if campaign is not None and admitted and all(map(is_plain, admitted)) and not _among(campaign, admitted):
        yield (
            "campaign",
            (
                f"People who register are filed under {_called(campaign)}, which customer_filters.campaign does not "
                "admit: they could not enter again."
            ),
        )
    if known(inputs, "customer_filters", "third_party_shop"):
        yield (
            "customer_filters.third_party_shop",
            "People who are no customers yet may register, but only customers of certain shops may enter.",
        )


def _called(named: Any) -> str:
    return repr(named.get("name", named.get("id")) if isinstance(named, Mapping) else named)


def _among(named: Any, others: list[Any]) -> bool:
    """Whether something may be among others: a name and an ID, each by itself, cannot be told apart."""
    return any(_may_be_same(_words(named), _words(other)) for other in others)


def _words(named: Any) -> dict[str, str]:
    if isinstance(named, Mapping):
        return {key: value for key, value in named.items() if isinstance(value, str)}
    return {"id" if is_revcent_id(named) else "name": named}


def _may_be_same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    shared = one.keys() & other.keys()
    return not shared or any(one[key] == other[key] for key in shared)


def _nothing_allowed(inputs: Mapping[str, Any], _: Origins | None) -> Iterator[Place]:
    permissions = known(inputs, "customer_permissions")
    if all(is_plain(value) for value in permissions.values()) and not any(permissions.values()):
        yield "customer_permissions", "Customers can register and log in, and do nothing else."


PORTAL_RULES: tuple[Rule[Mapping[str, Any], Origins | None], ...] = (
    Rule(
        id="registration-without-campaign",
        severity="warning",
        reason="RevCent's guide: who lets non-existing customers register should know which campaign they belong to.",
        cure="Set campaign= to a campaign, or leave create_non_existing_customer off.",
        check=_registration_without_campaign,
    ),
    Rule(
        id="campaign-without-registration",
        severity="warning",
        reason="RevCent's guide: the campaign is for non-existing customers who register through the portal.",
        cure="Remove campaign=, or set create_non_existing_customer=True. To limit who may enter, "
        "use customer_filters=CustomerFilters(campaign=[...]).",
        check=_campaign_without_registration,
    ),
    Rule(
        id="portal-open-to-everyone",
        severity="warning",
        reason="RevCent's guide: without filters all customers enter; an account of several brands should filter.",
        cure="If the portal is for one brand, set customer_filters=CustomerFilters(campaign=[...], "
        "third_party_shop=[...]).",
        check=_portal_open_to_everyone,
    ),
    Rule(
        id="recovery-without-card",
        severity="warning",
        reason="RevCent's guide: payment recovery needs the customer to add a card and make it the default.",
        cure='Switch both on, for instance with CustomerPermissions.for_use_cases("payment_recovery", ...).',
        check=_recovery_without_card,
    ),
    Rule(
        id="new-card-is-not-charged",
        severity="warning",
        reason="RevCent's guide: to update the payment method a customer adds a card and sets it as default.",
        cure="Switch credit_card_set_default on too.",
        check=_new_card_is_not_charged,
    ),
    Rule(
        id="two-senders",
        severity="warning",
        reason="RevCent's guide: both emails come from the address that the profile sends from, and it has one.",
        cure="Use one from_address. Name the profile's sender with SmtpProfileRef(id=..., sender=...) "
        "to have both checked.",
        check=_two_senders,
    ),
    Rule(
        id="registered-and-shut-out",
        severity="warning",
        reason="RevCent's guide: a filter admits customers of at least one listed campaign, and of one listed shop.",
        cure="Admit the campaign, name another, or leave create_non_existing_customer off.",
        check=_registered_and_shut_out,
    ),
    Rule(
        id="nothing-allowed",
        severity="warning",
        reason="RevCent's guide: permissions decide what customers can do, and are to be intentional.",
        cure='Name what they are for, as CustomerPermissions.for_use_cases("payment_method_update", ...) does.',
        check=_nothing_allowed,
    ),
)


def portal_findings(
    inputs: Mapping[str, Any], *, origins: Origins | None = None, settings: Settings | None = None
) -> list[Finding]:
    """What to warn about in a portal's canonical inputs.

    Args:
        inputs: `CustomerPortalInputs.dump()`; unknowns of a preview may stand at any depth.
        origins: How many campaigns and shops the account has, or None where nobody looked.
        settings: What becomes of the findings of single rules.
    """
    return run(PORTAL_RULES, inputs, origins, settings)
