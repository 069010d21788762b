"""A fleet split over stacks: who is whose, and the mail profile that another stack exports."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
import pytest

from pulumi_revcent_portal import PortalFleet
from pulumi_revcent_portal.components.roster import Roster, assemble
from pulumi_revcent_portal.models.base import InvalidInputs, validate
from pulumi_revcent_portal.models.smtp import SmtpProfileOfStack, exported_profile, exported_sender
from tests.engine.programs import SECRET_KEY, SITE_KEY
from tests.resources.program import run

PROFILE = "smtpProfileShared001"
MAIL = SmtpProfileOfStack(stack="organization/mail/shared")
PLACE = "smtp_profiles.main.output"


def brand(key: str, domain: str, **fields: Any) -> dict[str, Any]:
    recaptcha = {"site_key": SITE_KEY, "secret_key": SECRET_KEY}
    return {"key": key, "name": key.title(), "domain": domain, "recaptcha": recaptcha, **fields}


def read(*brands: dict[str, Any], group: str | None = None, **parts: Any) -> Roster:
    profiles = {"main": {"id": PROFILE, "sender": "portal@acme.com"}}
    return assemble(brands=brands, group=group, **{"smtp_profiles": profiles, **parts})


def test_a_group_is_chosen_and_a_brand_without_one_is_a_group_of_its_own() -> None:
    brands = [
        brand("acme", "acme.com", group="us"),
        brand("bolt", "bolt.com", group="eu"),
        brand("crate", "crate.com", group="us"),
        brand("spark", "spark.com"),
    ]
    chosen = {group: [placed.brand.key for placed in read(*brands, group=group).chosen] for group in ("us", "spark")}
    assert chosen == {"us": ["acme", "crate"], "spark": ["spark"]}
    wrong = read(*brands, group="bolt")
    assert list(map(str, wrong.problems)) == [
        "group: there is no group 'bolt' in this fleet. Known are: eu, spark, us."
    ]


def test_brands_that_share_a_domain_are_of_one_stack() -> None:
    shared = [brand("acme", "acme.com", group="us"), brand("bolt", "acme.com", group="eu")]
    assert read(*shared).problems == []
    for group in ("us", "eu"):
        (problem,) = read(*shared, group=group).problems
        assert problem.field == "brands.bolt.group"
        assert "'acme' shares the domain acme.com and is in the group 'us'" in problem.message
    elsewhere = brand("bolt", "acme.com", group="eu", account="other")
    assert read(shared[0], elsewhere, group="us", accounts={"other": {"api_key": "key"}}).problems == []


@pytest.mark.parametrize("stack", ["organization/mail/shared", "shared", "config:mailStack"])
def test_a_stack_is_named_in_full_or_is_one_of_this_project(stack: str) -> None:
    assert validate(SmtpProfileOfStack, {"stack": stack}).stack == stack


def test_a_stack_without_its_organization_is_refused() -> None:
    with pytest.raises(InvalidInputs) as caught:
        validate(SmtpProfileOfStack, {"stack": "mail/shared"})
    (problem,) = caught.value.problems
    assert problem.field == "stack"
    assert "must be organization/project/stack" in problem.message
    assert "organization/mail/shared" in problem.message


@pytest.mark.parametrize(
    ("output", "profile"),
    [
        (PROFILE, {"id": PROFILE, "sender": None}),
        ({"id": PROFILE}, {"id": PROFILE, "sender": None}),
        ({"id": PROFILE, "sender": "portal@acme.com"}, {"id": PROFILE, "sender": "portal@acme.com"}),
    ],
)
def test_another_stack_exports_an_id_and_perhaps_a_sender(output: Any, profile: dict[str, Any]) -> None:
    assert exported_profile(output, MAIL, PLACE) == profile


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (None, "the stack organization/mail/shared has no output 'smtp_profile'"),
        ("", "exports no ID in 'smtp_profile'"),
        ({"sender": "portal@acme.com"}, "exports no ID in 'smtp_profile'"),
        ({"id": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}, "exports no ID in 'smtp_profile'"),  # its create failed
    ],
)
def test_what_is_no_profile_is_told_with_the_cure(output: Any, says: str) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        exported_profile(output, MAIL, PLACE)
    assert str(caught.value).startswith(f"{PLACE}: the stack organization/mail/shared ")
    assert says in str(caught.value)
    assert "run `pulumi up` there first" in str(caught.value)
    assert not isinstance(caught.value, ValueError)


def test_a_profile_without_sender_is_told_where_a_brand_needs_one() -> None:
    assert exported_sender("portal@acme.com", MAIL, PLACE) == "portal@acme.com"
    for sender in (None, "", "no address"):
        with pytest.raises(pulumi.RunError, match="exports no sender in 'smtp_profile'"):
            exported_sender(sender, MAIL, PLACE)


def test_a_brand_that_names_its_sender_waits_for_nobody() -> None:
    own = brand("acme", "acme.com", customer_emails={"from_address": "acme@acme.com"})
    roster = read(own, brand("bolt", "bolt.com"), smtp_profiles={"main": MAIL})
    assert roster.problems == []
    acme, bolt = roster.brands
    assert (acme.names_sender, bolt.names_sender) == (True, False)
    emails = roster.sent_from(bolt, "portal@acme.com").portal["customer_emails"]
    assert {email["from_address"] for email in emails.values()} == {"portal@acme.com"}


def test_each_stack_is_told_of_its_own_brands_and_what_is_forbidden_fails_all_of_them() -> None:
    both = {"customer_filters": {"campaign": ["Acme US"]}}
    fleet = [brand("acme", "acme.com", group="us", **both), brand("bolt", "bolt.com", group="eu", **both)]
    told = {group: [finding.field for finding in read(*fleet, group=group).findings] for group in ("us", "eu")}
    assert told == {"us": [], "eu": ["brands.bolt.customer_filters"]}
    for group in ("us", "eu"):
        (problem,) = read(*fleet, group=group, rules={"same-origin-twice": "error"}).problems
        assert problem.field == "brands.bolt.customer_filters"


class OtherStack:
    """Stands for a reference to another stack, whose outputs no engine reads here."""

    asked: ClassVar[list[str]] = []

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        assert opts.parent is not None
        self.asked.append(name)

    def get_output(self, name: str) -> pulumi.Output[Any]:
        return pulumi.Output.from_input({"smtp_profile": {"id": PROFILE, "sender": "portal@acme.com"}}[name])


def test_portals_send_by_the_profile_of_another_stack_which_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "StackReference", OtherStack)
    monkeypatch.setattr(OtherStack, "asked", [])
    own = {"from_address": "acme@acme.com"}
    brands = [
        brand("acme", "acme.com", customer_emails=own, retain_on_delete=True),
        brand("bolt", "bolt.com"),
        brand("crate", "crate.com"),
    ]
    done = run(lambda: PortalFleet("portals", brands=brands, smtp_profiles={"main": {"stack": MAIL.stack}}))
    portals = {key: done.resources[f"portals-{key}-portal"].inputs for key in ("acme", "bolt", "crate")}
    assert {portal["smtp_profile"] for portal in portals.values()} == {PROFILE}
    assert {portal["smtp_sender"] for portal in portals.values()} == {"portal@acme.com"}
    senders = {key: portal["customer_emails"]["confirmation"]["from_address"] for key, portal in portals.items()}
    assert senders == {"acme": "acme@acme.com", "bolt": "portal@acme.com", "crate": "portal@acme.com"}
    assert OtherStack.asked == ["organization/mail/shared"]
