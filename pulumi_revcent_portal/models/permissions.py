"""What customers may do in a portal: the twelve permissions, and the sets that RevCent's guide names per use case."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from pulumi_revcent_portal.models.base import In, InvalidInputs, Model, Problem, validate
from pulumi_revcent_portal.models.text import Flag
from pulumi_revcent_portal.models.wording import suggestion

_SUBSCRIPTION = ("subscription_renew", "subscription_activate", "subscription_suspend", "subscription_cancel")
_RECOVERY = ("credit_card_add", "credit_card_set_default", "salvage_transaction_process")

USE_CASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # "Practical Customer Portal Use Cases", 1 to 6
        "payment_method_update": ("credit_card_add", "credit_card_remove", "credit_card_set_default"),
        "subscription_management": _SUBSCRIPTION,
        "trial_management": ("trial_expire", "trial_cancel"),
        "payment_recovery": _RECOVERY,
        "shipping_update": ("shipping_modify_ship_to",),
        "contact_update": ("contact_modify",),
        # "Common Customer Portal Use Cases": the portals that differ from the sets above
        "payment_method_update_portal": (
            "credit_card_add",
            "credit_card_remove",
            "credit_card_set_default",
            "salvage_transaction_process",
        ),
        "account_update": ("contact_modify", "shipping_modify_ship_to"),
        "recovery_portal": _RECOVERY,
        # "Customer Portal Use Case Matrix": the rows that stand for one permission
        "remove_old_card": ("credit_card_remove",),
        "set_default_card": ("credit_card_set_default",),
        "renew_subscription": ("subscription_renew",),
        "reactivate_subscription": ("subscription_activate",),
        "suspend_subscription": ("subscription_suspend",),
        "cancel_subscription": ("subscription_cancel",),
        "pay_failed_renewal": ("salvage_transaction_process",),
    }
)
"""The permissions that RevCent's guide to customer portals names for each use case, under the guide's headings."""


class CustomerPermissions(Model):
    """What customers may do in the portal. All twelve are documented by RevCent, and all are off unless switched on."""

    contact_modify: In[Flag] = False
    """Change their own contact details. True or False; documented by RevCent."""

    credit_card_add: In[Flag] = False
    """Add a credit card. True or False; documented by RevCent."""

    credit_card_remove: In[Flag] = False
    """Remove a credit card. True or False; documented by RevCent."""

    credit_card_set_default: In[Flag] = False
    """Choose the card that is charged. True or False; documented by RevCent."""

    shipping_modify_ship_to: In[Flag] = False
    """Change where goods are shipped to. True or False; documented by RevCent."""

    subscription_renew: In[Flag] = False
    """Renew a subscription. True or False; documented by RevCent."""

    subscription_activate: In[Flag] = False
    """Take up a suspended or cancelled subscription again. True or False; documented by RevCent."""

    subscription_suspend: In[Flag] = False
    """Pause a subscription. True or False; documented by RevCent."""

    subscription_cancel: In[Flag] = False
    """Cancel a subscription. True or False; documented by RevCent."""

    trial_expire: In[Flag] = False
    """End a trial early, so that what follows it begins. True or False; documented by RevCent."""

    trial_cancel: In[Flag] = False
    """Cancel a trial. True or False; documented by RevCent."""

    salvage_transaction_process: In[Flag] = False
    """Pay a renewal or a trial's end whose payment had failed. True or False; documented by RevCent."""

    @classmethod
    def none(cls) -> Self:
        """No permission at all: customers can register and log in, and change nothing."""
        return cls()

    @classmethod
    def for_use_cases(cls, *use_cases: str, **overrides: In[bool]) -> Self:
        """Switch on what the use cases need, and nothing else.

        Args:
            use_cases: Keys of `USE_CASES`, such as "payment_method_update"; their permissions add up.
            overrides: Single permissions that shall differ, such as `subscription_cancel=False`.

        Raises:
            InvalidInputs: For a use case or a permission that does not exist.
        """
        problems = [
            Problem("", f"there is no use case {case!r}. {suggestion(case, USE_CASES)}")
            for case in use_cases
            if case not in USE_CASES
        ]
        granted: dict[str, Any] = {name: True for case in use_cases for name in USE_CASES.get(case, ())}
        try:
            permissions = validate(cls, granted | overrides)
        except InvalidInputs as error:
            problems += error.problems
        if problems:
            raise InvalidInputs(problems, what="CustomerPermissions.for_use_cases(...)")
        return permissions
