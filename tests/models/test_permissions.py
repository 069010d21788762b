from __future__ import annotations

import pytest
from pulumi import Output

from pulumi_revcent_portal.models import USE_CASES, CustomerPermissions, InvalidInputs

CARDS = {"credit_card_add", "credit_card_remove", "credit_card_set_default"}
SUBSCRIPTION = {"subscription_renew", "subscription_activate", "subscription_suspend", "subscription_cancel"}


def granted(permissions: CustomerPermissions) -> set[str]:
    return {name for name, value in permissions.dump().items() if value is True}


def test_there_are_twelve_and_all_are_off() -> None:
    assert list(CustomerPermissions().dump().values()) == [False] * 12
    assert CustomerPermissions.none() == CustomerPermissions()


@pytest.mark.parametrize(
    ("use_case", "permissions"),
    [
        ("payment_method_update", CARDS),
        ("subscription_management", SUBSCRIPTION),
        ("trial_management", {"trial_expire", "trial_cancel"}),
        ("payment_recovery", {"credit_card_add", "credit_card_set_default", "salvage_transaction_process"}),
        ("shipping_update", {"shipping_modify_ship_to"}),
        ("contact_update", {"contact_modify"}),
        ("account_update", {"contact_modify", "shipping_modify_ship_to"}),
        ("recovery_portal", {"credit_card_add", "credit_card_set_default", "salvage_transaction_process"}),
        ("payment_method_update_portal", CARDS | {"salvage_transaction_process"}),
        ("remove_old_card", {"credit_card_remove"}),
        ("set_default_card", {"credit_card_set_default"}),
        ("renew_subscription", {"subscription_renew"}),
        ("reactivate_subscription", {"subscription_activate"}),
        ("suspend_subscription", {"subscription_suspend"}),
        ("cancel_subscription", {"subscription_cancel"}),
        ("pay_failed_renewal", {"salvage_transaction_process"}),
    ],
)
def test_use_cases_grant_what_the_guide_says(use_case: str, permissions: set[str]) -> None:
    assert granted(CustomerPermissions.for_use_cases(use_case)) == permissions


def test_every_permission_belongs_to_a_use_case() -> None:
    assert {name for names in USE_CASES.values() for name in names} == set(CustomerPermissions.model_fields)


def test_use_cases_add_up_and_overrides_win() -> None:
    made = CustomerPermissions.for_use_cases(
        "payment_method_update", "subscription_management", subscription_cancel=False, contact_modify=True
    )
    assert granted(made) == CARDS | (SUBSCRIPTION - {"subscription_cancel"}) | {"contact_modify"}


def test_an_override_may_be_an_output() -> None:
    output = Output.from_input(True)
    assert CustomerPermissions.for_use_cases(trial_cancel=output).dump()["trial_cancel"] is output


def test_unknown_use_cases_and_permissions_are_all_reported() -> None:
    with pytest.raises(InvalidInputs) as caught:
        CustomerPermissions.for_use_cases("payment_recovry", "x", subscription_cancle=False)
    first, *rest = str(caught.value).splitlines()
    assert first.startswith("test_permissions.py:")
    assert first.endswith("CustomerPermissions.for_use_cases(...) is not valid:")
    assert [line.strip() for line in rest] == [
        "there is no use case 'payment_recovry'. Did you mean 'payment_recovery'?",
        f"there is no use case 'x'. Known are: {', '.join(USE_CASES)}.",
        "subscription_cancle: there is no input 'subscription_cancle' here. Did you mean 'subscription_cancel'?",
    ]
