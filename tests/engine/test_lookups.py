"""A program that declares what it finds in its account, on the real engine."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.account import by_hand
from tests.engine.programs import CAPTCHA, HEAD
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


def program(domain: str, profile: str) -> str:
    return f"""\
{HEAD}{CAPTCHA}
campaigns = [campaign for campaign in revcent.get_campaigns() if campaign.enabled]
assert revcent.get_campaigns().named(campaigns[0].name) == campaigns[0]

for campaign in campaigns:
    revcent.CustomerPortal(f"portal-{{campaign.id}}", name=f"{{campaign.name}} portal", display_name=campaign.name,
        tracking_domain="{domain}", smtp_profile="{profile}", recaptcha=captcha,
        customer_emails=revcent.CustomerEmails.branded(brand=campaign.name, from_address="portal@acme.com"),
        customer_permissions=revcent.CustomerPermissions.for_use_cases("payment_method_update"),
        customer_filters=revcent.CustomerFilters(campaign=[campaign.id]))
pulumi.export("campaigns", [campaign.name for campaign in campaigns])
"""


def lists_of_the_program(sandbox: Sandbox) -> int:
    """How often the program asked: its provider asks too, for what is new, and by itself."""
    return sum((call["action"], call["entity"]) == ("list", "campaign") for call in sandbox.calls)


def test_a_portal_per_campaign(stack: Stack, sandbox: Sandbox) -> None:
    domain, profile, _ = by_hand(sandbox)
    stack.write(program(domain, profile))
    names = {campaign["name"] for campaign in sandbox.objects("campaign")}

    sandbox.clear_calls()
    stack.preview().require().says(*(f"{name} portal" for name in names))
    assert {call["action"] for call in sandbox.calls} <= {"list", "get"}
    in_a_preview = lists_of_the_program(sandbox)
    sandbox.clear_calls()
    stack.up().require()
    in_an_update = lists_of_the_program(sandbox)

    made = {portal["name"]: portal for portal in sandbox.objects("customer_portal")}
    assert {f"{name} portal" for name in names} <= made.keys()
    for campaign in sandbox.objects("campaign"):
        assert made[f"{campaign['name']} portal"]["customer_filters"]["campaign"] == [campaign["id"]]
    assert set(stack.outputs()["campaigns"]) == names

    sandbox.clear_calls()
    stack.settled()
    assert [(call["action"], call["entity"]) for call in sandbox.calls] == [("list", "campaign")], "of the program"
    assert (in_a_preview, in_an_update) == (2, 2), "once by the program, once by the provider of the new portals"

    sandbox.add("campaign", {"name": "Acme Asia"})
    stack.up().require()
    assert "Acme Asia portal" in {portal["name"] for portal in sandbox.objects("customer_portal")}
    stack.settled()
