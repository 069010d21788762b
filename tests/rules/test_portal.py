from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import CustomerPermissions, CustomerPortalInputs, validate
from pulumi_revcent_portal.rules import PORTAL_RULES, portal_findings
from tests.strategies import customer_portals
from tests.wrong_declarations import CAMPAIGN_ID, SHOP_ID, VALID

RECOVERY = ("credit_card_add", "credit_card_set_default", "salvage_transaction_process")


def portal(**changed: Any) -> dict[str, Any]:
    changed = {"customer_permissions": {"contact_modify": True}, **changed}
    return validate(CustomerPortalInputs, copy.deepcopy({**VALID["CustomerPortal"], **changed})).dump()


def found(inputs: dict[str, Any], origins: tuple[int, int] | None = None) -> list[tuple[str, str]]:
    return [(finding.rule_id, finding.field) for finding in portal_findings(inputs, origins=origins)]


def test_a_plain_portal_gives_no_warning() -> None:
    assert found(portal()) == []


def test_registration_without_a_campaign() -> None:
    assert found(portal(create_non_existing_customer=True)) == [("registration-without-campaign", "campaign")]
    assert found(portal(create_non_existing_customer=True, campaign=CAMPAIGN_ID)) == []
    assert found(portal(create_non_existing_customer=True, campaign=UNKNOWN)) == []
    assert found(portal(create_non_existing_customer=UNKNOWN)) == []


def test_a_campaign_without_registration() -> None:
    assert found(portal(campaign=CAMPAIGN_ID)) == [("campaign-without-registration", "campaign")]
    assert found(portal(campaign=CAMPAIGN_ID, create_non_existing_customer=UNKNOWN)) == []


@pytest.mark.parametrize(
    ("origins", "warned"),
    [(None, False), ((0, 0), False), ((1, 1), False), ((2, 0), True), ((1, 2), True), ((20, 20), True)],
)
def test_a_portal_open_to_everyone(origins: tuple[int, int] | None, *, warned: bool) -> None:
    expected = [("portal-open-to-everyone", "customer_filters")]
    assert found(portal(), origins) == (expected if warned else [])


@pytest.mark.parametrize(
    "filters",
    [
        {"campaign": [CAMPAIGN_ID]},
        {"third_party_shop": [SHOP_ID]},
        {"campaign": [UNKNOWN]},
        {"campaign": UNKNOWN},
        UNKNOWN,
    ],
)
def test_a_filter_closes_the_portal(filters: Any) -> None:
    assert found(portal(customer_filters=filters), (2, 2)) == []


def test_the_warning_counts_what_the_account_has() -> None:
    (finding,) = portal_findings(portal(), origins=(2, 1))
    assert "2 campaigns and 1 third-party shop." in finding.message
    assert "customer_filters=CustomerFilters(" in finding.message


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (RECOVERY, None),
        (("salvage_transaction_process",), "credit_card_add and credit_card_set_default are off"),
        (("salvage_transaction_process", "credit_card_add"), "but credit_card_set_default is off"),
        (("salvage_transaction_process", "credit_card_set_default"), "but credit_card_add is off"),
    ],
)
def test_recovery_needs_cards(granted: tuple[str, ...], missing: str | None) -> None:
    findings = portal_findings(portal(customer_permissions=dict.fromkeys(granted, True)))
    assert [finding.rule_id for finding in findings] == (["recovery-without-card"] if missing else [])
    assert missing is None or missing in findings[0].message


def test_a_new_card_should_be_charged() -> None:
    expected = [("new-card-is-not-charged", "customer_permissions")]
    assert found(portal(customer_permissions={"credit_card_add": True})) == expected
    assert found(portal(customer_permissions=CustomerPermissions.for_use_cases("payment_method_update"))) == []
    assert found(portal(customer_permissions={"credit_card_add": True, "credit_card_set_default": UNKNOWN})) == []


def test_two_senders_matter_only_while_the_right_one_is_not_known() -> None:
    emails = copy.deepcopy(VALID["CustomerPortal"]["customer_emails"])
    emails["password_reset"]["from_address"] = "other@acme.test"
    inputs = portal(customer_emails=emails, smtp_sender=None)
    assert found(inputs) == [("two-senders", "customer_emails")]
    assert found({**inputs, "smtp_sender": UNKNOWN}) == []
    emails["password_reset"]["from_address"] = "portal@ACME.test"
    assert found(portal(customer_emails=emails, smtp_sender=None)) == []
    emails["password_reset"] = UNKNOWN
    assert found(portal(customer_emails=emails, smtp_sender=None)) == []


@given(customer_portals(), st.data())
def test_rules_take_any_valid_portal_and_any_unknown(inputs: dict[str, Any], data: st.DataObject) -> None:
    canonical = validate(CustomerPortalInputs, inputs).dump()
    known = portal_findings(canonical, origins=(2, 2))
    unknown = data.draw(st.sampled_from(sorted(canonical)))
    partly = portal_findings({**canonical, unknown: UNKNOWN}, origins=(2, 2))
    assert set(partly) <= set(known) or unknown == "smtp_sender"


def test_every_rule_explains_itself() -> None:
    for rule in PORTAL_RULES:
        assert rule.reason.startswith("RevCent's guide:")
        assert rule.cure.endswith(".")
    assert len({rule.id for rule in PORTAL_RULES}) == len(PORTAL_RULES)


@pytest.mark.parametrize(
    ("campaign", "admitted", "shut_out"),
    [
        (CAMPAIGN_ID, [CAMPAIGN_ID], False),
        ({"id": CAMPAIGN_ID, "name": "Acme US"}, [{"id": CAMPAIGN_ID}], False),
        ("Acme US", ["Acme US", "Acme EU"], False),
        ("Acme US", [CAMPAIGN_ID], False),  # one may be the other
        ("Acme US", [], False),
        ("Acme US", ["Acme EU"], True),
        ({"id": CAMPAIGN_ID, "name": "Acme US"}, [{"id": "X" * 20, "name": "Acme EU"}], True),
        ("Acme US", [UNKNOWN], False),
    ],
)
def test_people_who_register_are_shut_out_by_the_filter(campaign: Any, admitted: list[Any], *, shut_out: bool) -> None:
    # pairs stand in what the provider has resolved, so not in what the model checks
    inputs = portal(create_non_existing_customer=True) | {
        "campaign": campaign,
        "customer_filters": {"campaign": admitted, "third_party_shop": []},
    }
    assert found(inputs) == ([("registered-and-shut-out", "campaign")] if shut_out else [])


def test_people_who_register_belong_to_no_shop() -> None:
    inputs = portal(
        create_non_existing_customer=True, campaign=CAMPAIGN_ID, customer_filters={"third_party_shop": [SHOP_ID]}
    )
    assert found(inputs) == [("registered-and-shut-out", "customer_filters.third_party_shop")]
    assert found(inputs | {"create_non_existing_customer": False, "campaign": None}) == []


def test_a_portal_in_which_nothing_is_allowed() -> None:
    assert found(portal(customer_permissions={})) == [("nothing-allowed", "customer_permissions")]
    assert found(portal(customer_permissions={"trial_cancel": UNKNOWN})) == []


def test_each_rule_has_a_switch() -> None:
    inputs = portal(customer_permissions={})
    assert portal_findings(inputs, settings={"nothing-allowed": "off"}) == []
    (finding,) = portal_findings(inputs, settings={"nothing-allowed": "error", "two-senders": "off"})
    assert finding.severity == "error"
