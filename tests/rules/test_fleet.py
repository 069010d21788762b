"""Rules about portals beside each other: each has fleets that pass and fleets that fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.rules import FLEET_RULES, RULES, AccountView, Finding, Member, run
from tests.wrong_declarations import CAMPAIGN_ID, SHOP_ID

OTHER_ID = "E" * 20


def member(
    key: str = "acme", *, domain: str | None = None, said: frozenset[str] = frozenset(), **portal: Any
) -> Member:
    filters = {kind: portal.pop(kind) for kind in ("campaign", "third_party_shop") if kind in portal}
    return Member(key, f"brands.{key}", {"customer_filters": filters, **portal}, domain, said)


def allowing(key: str, *names: str, said: tuple[str, ...] = (), **values: Any) -> Member:
    permissions = {name: name in names for name in ("contact_modify", "trial_cancel")} | values
    return member(key, said=frozenset(said), customer_permissions=permissions)


def sending(key: str, domain: str | None, confirmation: Any, reset: Any = None) -> Member:
    emails = {"confirmation": {"from_address": confirmation}, "password_reset": {"from_address": reset or confirmation}}
    return member(key, domain=domain, customer_emails=emails)


VIEW = AccountView(
    {
        "campaign": [
            {"id": CAMPAIGN_ID, "name": "Acme US"},
            {"id": OTHER_ID, "name": "Acme EU"},
            {"id": "F" * 20, "name": "Old", "enabled": False},
        ],
        "third_party_shop": [{"id": SHOP_ID, "name": "acme-woo", "url": "https://shop.acme.com/store"}],
    }
)
"""An account with two campaigns in use, one that is not, and a shop."""


@dataclass(frozen=True)
class Case:
    """One fleet, and where the rule finds something.

    Attributes:
        rule: the ID of the rule.
        fleet: its portals, of one account.
        at: the places of what it finds.
        says: what the first message holds.
        view: what is known of the account.
    """

    rule: str
    fleet: list[Member]
    at: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    view: AccountView | None = field(default=None)


OPEN, TWICE, NOWHERE, ELSEWHERE, SENDERS, UNSAID, NAMES = (rule.id for rule in FLEET_RULES)
LATER = pulumi.Output.from_input
A, B, C, D = "brands.a", "brands.b", "brands.c", "brands.d"

CASES = [
    # a portal that is open beside others that are filtered
    Case(OPEN, [member("a"), member("b")]),
    Case(OPEN, [member("a", campaign=["x"]), member("b", third_party_shop=["y"])]),
    Case(
        OPEN,
        [member("a"), member("b", campaign=["x"])],
        (f"{A}.customer_filters",),
        ("this portal, those of b too, which admits only some", "Set customer_filters"),
    ),
    Case(
        OPEN,
        [member("a", campaign=[]), member("b", campaign=["x"]), member("c", third_party_shop=["y"]), member("d")],
        (f"{A}.customer_filters", f"{D}.customer_filters"),
        ("those of b and c too, which admit only some",),
    ),
    Case(OPEN, [member("a", enabled=False), member("b", campaign=["x"])]),
    Case(OPEN, [member("a"), member("b", campaign=["x"], enabled=False)]),
    Case(OPEN, [member("a", campaign=[{"id": CAMPAIGN_ID, "name": "x"}]), member("b", campaign=[{"name": "x"}])]),
    Case(OPEN, [member("a", campaign=UNKNOWN), member("b", campaign=["x"])]),
    Case(OPEN, [member("a"), member("b", campaign=UNKNOWN)]),
    Case(OPEN, [member("a"), member("b", campaign=[LATER("x")])], (f"{A}.customer_filters",)),
    Case(OPEN, [member("a", campaign=[LATER("x")]), member("b", campaign=["x"])]),
    Case(OPEN, [member("a", customer_filters=LATER({})), member("b", campaign=["x"])]),
    Case(OPEN, [member("a", enabled=UNKNOWN), member("b", campaign=["x"])]),
    # a campaign or a shop whose customers fit two portals
    Case(TWICE, [member("a", campaign=["x"]), member("b", campaign=["y"])]),
    Case(
        TWICE,
        [member("a", campaign=["x", "y"]), member("b", campaign=["y"])],
        (f"{B}.customer_filters",),
        ("Customers of the campaign 'y' fit this portal and the one of a: which", "Admit each campaign"),
    ),
    Case(
        TWICE,
        [member(key, campaign=["x"], third_party_shop=["y"]) for key in "abc"],
        (f"{B}.customer_filters", f"{C}.customer_filters"),
        ("Customers of the campaign 'x' and the third-party shop 'y' fit this portal and the one of a",),
    ),
    Case(
        TWICE,
        [member("a", campaign=["x"]), member("b", campaign=["y"]), member("c", campaign=["x", "y"])],
        (f"{C}.customer_filters",),
        ("Customers of the campaign 'x' and 'y' fit this portal and the ones of a and b",),
    ),
    Case(
        TWICE,
        [member("a", campaign=["x"]), member("b", campaign=["x"], third_party_shop=["y"])],
        (f"{B}.customer_filters",),
        ("Customers of the campaign 'x' fit",),
    ),
    Case(  # nobody is of both shops' kind
        TWICE,
        [member("a", campaign=["x"], third_party_shop=["y"]), member("b", campaign=["x"], third_party_shop=["z"])],
    ),
    Case(TWICE, [member("a"), member("b", campaign=["x"])]),  # the other rule's
    Case(TWICE, [member("a", campaign=["x"], enabled=False), member("b", campaign=["x"])]),
    Case(TWICE, [member("a", campaign=["x"]), member("b", campaign=["x"], enabled=UNKNOWN)]),
    Case(TWICE, [member("a", campaign=["x"], third_party_shop=UNKNOWN), member("b", campaign=["x"])]),
    Case(TWICE, [member("a", campaign=["x", LATER("y")]), member("b", campaign=["x"])]),
    Case(TWICE, [member("a", campaign=["Acme US"]), member("b", campaign=[CAMPAIGN_ID])]),  # nobody knows
    Case(
        TWICE,
        [member("a", campaign=["Acme US"]), member("b", campaign=[CAMPAIGN_ID])],
        (f"{B}.customer_filters",),
        ("Customers of the campaign 'Acme US' fit",),
        VIEW,
    ),
    Case(
        TWICE,
        [member("a", campaign=[{"id": CAMPAIGN_ID, "name": "Acme US"}]), member("b", campaign=[{"id": CAMPAIGN_ID}])],
        (f"{B}.customer_filters",),
        (repr(CAMPAIGN_ID),),
    ),
    # a campaign or a shop whose customers no portal admits
    Case(NOWHERE, [member("a", campaign=["Acme US", "Acme EU"])], view=VIEW),
    Case(
        NOWHERE,
        [member("a", campaign=["Acme US"])],
        ("brands",),
        ("No portal admits customers of the campaign 'Acme EU'.", "Admit them in a portal"),
        VIEW,
    ),
    Case(
        NOWHERE,
        [member("a", campaign=["nothing"], third_party_shop=["nothing"])],
        ("brands", "brands"),
        ("the campaigns 'Acme EU' and 'Acme US'",),
        VIEW,
    ),
    Case(NOWHERE, [member("a", campaign=["Acme US"]), member("b", third_party_shop=["acme-woo"])], view=VIEW),
    Case(NOWHERE, [member("a", campaign=["Acme US"]), member("b")], view=VIEW),
    Case(NOWHERE, [member("a", campaign=["Acme US"])]),
    Case(NOWHERE, [], view=VIEW),
    Case(NOWHERE, [member("a", campaign=["Acme US", LATER("x")])], view=VIEW),
    Case(NOWHERE, [member("a", campaign=["Acme US"]), member("b", campaign=UNKNOWN)], view=VIEW),
    Case(NOWHERE, [member("a", campaign=["Acme US"]), member("b", campaign=["Acme EU"], enabled=UNKNOWN)], view=VIEW),
    Case(
        NOWHERE,
        [member("a", campaign=["Acme US"]), member("b", campaign=["Acme EU"], enabled=False)],
        ("brands",),
        ("'Acme EU'",),
        VIEW,
    ),
    # a shop on another domain than the portal
    Case(ELSEWHERE, [member("a", third_party_shop=["acme-woo"], domain="acme.com")], view=VIEW),
    Case(
        ELSEWHERE,
        [member("a", third_party_shop=["x", "acme-woo"], domain="acme.test")],
        (f"{A}.customer_filters.third_party_shop[1]",),
        ("The shop 'acme-woo' is at shop.acme.com, and the portal is served on acme.test", "Serve the portal on"),
        VIEW,
    ),
    Case(
        ELSEWHERE,
        [member("a", third_party_shop=[{"id": SHOP_ID}], domain="acme.test")],
        (f"{A}.customer_filters.third_party_shop[0]",),
        view=VIEW,
    ),
    Case(ELSEWHERE, [member("a", third_party_shop=["acme-woo"], domain="acme.test")]),
    Case(ELSEWHERE, [member("a", third_party_shop=["acme-woo"])], view=VIEW),
    Case(ELSEWHERE, [member("a", third_party_shop=["acme-woo"], domain="acme.test", enabled=False)], view=VIEW),
    Case(ELSEWHERE, [member("a", third_party_shop=UNKNOWN, domain="acme.test")], view=VIEW),
    *(
        Case(
            ELSEWHERE,
            [member("a", third_party_shop=["s"], domain="acme.com")],
            at=(f"{A}.customer_filters.third_party_shop[0]",) if wrong else (),
            view=AccountView({"third_party_shop": [{"id": SHOP_ID, "name": "s", "url": url}]}),
        )
        for url, wrong in [
            ("acme.com", False),
            ("SHOP.ACME.COM:8443/x", False),
            ("acme.myshopify.com", True),
            ("https://acme.co.uk", True),
            ("https://[", False),
            ("192.0.2.1", False),
            ("", False),
            (None, False),
        ]
    ),
    # one domain whose emails come from two addresses
    Case(SENDERS, [sending("a", "acme.com", "x@acme.com"), sending("b", "acme.com", "x@acme.com")]),
    Case(
        SENDERS,
        [sending("a", "acme.com", "x@acme.com"), sending("b", "acme.com", "y@acme.com")],
        (f"{B}.customer_emails.from_address",),
        ("Emails of acme.com come from y@acme.com, and those of a on the same domain from x@acme.com.", "Use one"),
    ),
    Case(
        SENDERS,
        [sending("a", "acme.com", "x@acme.com"), sending("b", "acme.com", "x@acme.com", "y@acme.com")],
        (f"{B}.customer_emails.from_address",),
        ("come from x@acme.com and y@acme.com",),
    ),
    Case(SENDERS, [sending("a", "acme.com", "x@acme.com"), sending("b", "acme.test", "y@acme.com")]),
    Case(SENDERS, [sending("a", None, "x@acme.com"), sending("b", None, "y@acme.com")]),
    Case(SENDERS, [sending("a", "acme.com", "x@acme.com"), sending("b", "acme.com", UNKNOWN)]),
    Case(
        SENDERS, [sending("a", "acme.com", "x@acme.com"), sending("b", "acme.com", LATER("y@acme.com"), "x@acme.com")]
    ),
    Case(SENDERS, [sending("a", "acme.com", "x@acme.com"), member("b", domain="acme.com", customer_emails=UNKNOWN)]),
    # a permission that differs from what is usual, and that the brand does not say itself
    Case(UNSAID, [allowing(key, "contact_modify") for key in "abc"]),
    Case(
        UNSAID,
        [allowing("a", "contact_modify"), allowing("b", "contact_modify"), allowing("c")],
        (f"{C}.customer_permissions",),
        ("Customers may not contact_modify here, and may with 2 of 3 brands; the brand itself says nothing of it.",),
    ),
    Case(
        UNSAID,
        [allowing("a"), allowing("b"), allowing("c", "trial_cancel", "contact_modify")],
        (f"{C}.customer_permissions", f"{C}.customer_permissions"),
        ("Customers may contact_modify here, and may not with 2 of 3 brands", "Say it in the brand"),
    ),
    Case(UNSAID, [allowing("a"), allowing("b"), allowing("c", "trial_cancel", said=("trial_cancel",))]),
    Case(UNSAID, [allowing("a"), allowing("b", "trial_cancel")]),  # neither is usual
    Case(UNSAID, [allowing("a"), allowing("b"), allowing("c", contact_modify=UNKNOWN, trial_cancel=LATER(True))]),
    Case(UNSAID, [allowing(key, contact_modify=UNKNOWN) for key in "ab"] + [allowing("c", "contact_modify")]),
    Case(UNSAID, [member("a", customer_permissions=UNKNOWN), allowing("b"), allowing("c")]),
    Case(UNSAID, []),
    # two portals that customers cannot tell apart
    Case(NAMES, [member("a", display_name="Acme"), member("b", display_name="Bolt")]),
    Case(
        NAMES,
        [member("a", display_name="Acme"), member("b", display_name="ACME")],
        (f"{B}.display_name",),
        ("Customers see 'ACME' here and in the portal of a.", "a display_name of its own"),
    ),
    Case(
        NAMES,
        [member("a", name="Acme"), member("b", display_name="Acme"), member("c", name="Acme", display_name="")],
        (f"{B}.display_name", f"{C}.display_name"),
    ),
    Case(NAMES, [member("a", display_name="Acme"), member("b", display_name="Acme", enabled=False)]),
    Case(NAMES, [member("a", display_name=UNKNOWN), member("b", display_name=UNKNOWN)]),
    Case(NAMES, [member("a", name="Acme", display_name=LATER("x")), member("b", name="Acme", display_name=LATER("x"))]),
    Case(NAMES, [member("a"), member("b")]),
]


def found(case: Case) -> list[Finding]:
    return [each for each in run(FLEET_RULES, case.fleet, case.view) if each.rule_id == case.rule]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {CASES.index(case)}")
def test_a_rule_finds_what_is_odd_and_nothing_else(case: Case) -> None:
    findings = found(case)
    assert tuple(finding.field for finding in findings) == case.at
    for words in case.says:
        assert words in findings[0].message
    for finding in findings:
        assert finding.severity == "warning"
        assert str(finding) == f"{finding.message} [rule {case.rule}]"


@pytest.mark.parametrize("rule", [rule.id for rule in FLEET_RULES])
def test_every_rule_has_fleets_that_pass_and_fleets_that_fail(rule: str) -> None:
    cases = [case for case in CASES if case.rule == rule]
    assert any(case.at and case.says for case in cases)
    assert any(case.fleet and not case.at for case in cases)
    unknown = [case for case in cases if "Unknown" in repr(case.fleet) or "Output" in repr(case.fleet)]
    assert any(not case.at for case in unknown), "what is not known says nothing"


def test_every_rule_explains_itself_and_has_an_id_of_its_own() -> None:
    for rule in FLEET_RULES:
        assert rule.reason.startswith("RevCent's guide: ")
        assert rule.cure.endswith(".")
        assert RULES[rule.id] is rule


def test_each_rule_has_a_switch() -> None:
    for case in (case for case in CASES if case.at):
        assert [
            each for each in run(FLEET_RULES, case.fleet, case.view, {case.rule: "off"}) if each.rule_id == case.rule
        ] == []
        strict = run(FLEET_RULES, case.fleet, case.view, {case.rule: "error"})
        assert {each.severity for each in strict if each.rule_id == case.rule} == {"error"}


def test_many_brands_are_named_in_short() -> None:
    fleet = [member(f"b{index}", campaign=[str(index)]) for index in range(9)]
    (finding,) = run(FLEET_RULES, [*fleet, member("open")], None)
    assert "those of b0, b1, b2, b3, b4 and 4 more too" in finding.message


def test_portals_that_share_an_origin_are_told_once_each() -> None:
    fleet = [member(f"b{index}", campaign=["x"]) for index in range(100)]
    assert len(run(FLEET_RULES, fleet, None)) == 99


def test_an_account_view_knows_names_and_ids() -> None:
    assert [VIEW.id_of("campaign", word) for word in ("Acme US", CAMPAIGN_ID, "x")] == [CAMPAIGN_ID, CAMPAIGN_ID, "x"]
    assert [VIEW.name_of("campaign", word) for word in (CAMPAIGN_ID, "x")] == ["Acme US", "x"]
    twice = AccountView({"campaign": [{"id": CAMPAIGN_ID, "name": "x"}, {"id": OTHER_ID, "name": "x"}]})
    assert twice.id_of("campaign", "x") == "x", "which of the two is meant is not known"
    assert AccountView({}).id_of("campaign", "x") == "x"


@given(st.data())
def test_a_value_that_is_not_known_never_adds_a_finding(data: st.DataObject) -> None:
    words = st.lists(st.sampled_from(["x", "y"]), unique=True)
    portals = st.fixed_dictionaries(
        {"campaign": words, "third_party_shop": words, "enabled": st.booleans()},
        optional={"display_name": st.sampled_from(["Acme", "Bolt"])},
    )
    fleet: list[dict[str, Any]] = data.draw(st.lists(portals, min_size=1, max_size=4))
    partly = [dict(each) for each in fleet]
    unknown = partly[data.draw(st.integers(0, len(fleet) - 1))]
    unknown[data.draw(st.sampled_from(sorted(unknown)))] = UNKNOWN

    def counted(portals: list[dict[str, Any]]) -> Counter[str]:
        members = [member(str(index), **each) for index, each in enumerate(portals)]
        return Counter(finding.rule_id for finding in run(FLEET_RULES, members, None))

    assert counted(partly) <= counted(fleet)
