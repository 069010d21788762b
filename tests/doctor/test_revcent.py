from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.errors import BadAnswer
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.doctor.account import Account, ReadingClient
from pulumi_revcent_portal.doctor.inventory import Domain, Inventory, Mail, Portal, Secret
from pulumi_revcent_portal.doctor.results import Status, Verdict
from pulumi_revcent_portal.doctor.revcent import check_domain, check_key, check_portal
from tests.api.fake_revcent import FakeRevCent, ok
from tests.doctor.listening import run
from tests.doctor.looking import look, settings_of
from tests.engine.specification import contract_file
from tests.engine.worlds import WORLDS

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox

EMAIL = {"from_address": "portal@acme.test", "html": "{{email_code}}"}
READY = {"domain": "acme.test", "ssl_status": "issued", "dns_status": "complete"}
MISSING_ID = "nothing0000000000001"


def with_portal(sandbox: Sandbox, **changes: Any) -> Portal:
    """Make a portal that works, and return it as a program would declare it."""
    domain = sandbox.add("tracking_domain", READY)
    profile = sandbox.add("smtp_profile", {"name": "Acme mail", "host": "smtp.acme.test", "port": 587})
    fields = {
        "name": "Acme",
        "enabled": True,
        "tracking_domain": domain,
        "smtp_profile": profile,
        "recaptcha": {"site_key": "site"},
        "customer_emails": {"confirmation": EMAIL, "password_reset": EMAIL},
        "customer_filters": {"campaign": ["campaignAcmeUS000001"]},
    }
    portal_id = sandbox.add("customer_portal", fields | changes)
    return Portal(
        "Acme", portal_id, tracking_domain=domain, smtp_profile=profile, site_key="site", enabled=True, declared=True
    )


# --- the domain ----------------------------------------------------------------------------------------------


def domain(sandbox: Sandbox | None, wanted: Domain, **options: Any) -> Verdict:
    return look(partial(check_domain, wanted), sandbox=sandbox, **options)


def test_a_domain_in_service_is_well_by_its_id_and_by_its_name(sandbox: Sandbox) -> None:
    domain_id = sandbox.add("tracking_domain", READY | {"name": "Acme's domain"})
    for wanted in (Domain("acme.test"), Domain("acme.test", domain_id)):
        verdict = domain(sandbox, wanted)
        assert (verdict.status, verdict.seen) == (Status.OK, "The certificate is 'issued', the DNS 'complete'.")
    sandbox.switch(slim_lists=True)
    assert domain(sandbox, Domain("acme.test")).status is Status.OK


@pytest.mark.parametrize(
    ("ssl", "dns", "seen", "cure"),
    [
        ("pending", "", "The certificate is 'pending', the DNS not initialised yet.", "waits for the records"),
        ("", "", "The certificate is not requested yet", "waits for the records"),
        ("issued", "pending", "the DNS 'pending'", "the DNS step follows"),
        ("failed", "", "The certificate is 'failed'", "pulumi up --refresh"),
        ("issued", "error", "the DNS 'error' (failed)", "pulumi up --refresh"),
    ],
)
def test_a_domain_that_is_not_ready_is_a_failure_with_the_next_step(
    sandbox: Sandbox, ssl: str, dns: str, seen: str, cure: str
) -> None:
    sandbox.add("tracking_domain", {"domain": "acme.test", "ssl_status": ssl, "dns_status": dns})
    verdict = domain(sandbox, Domain("acme.test"))
    assert verdict.status is Status.FAILED
    assert seen in verdict.seen
    assert cure in verdict.cure


def test_a_domain_that_the_account_does_not_have_is_a_failure(sandbox: Sandbox) -> None:
    assert "no tracking domain acme.test." in domain(sandbox, Domain("acme.test")).seen
    verdict = domain(sandbox, Domain("acme.test", MISSING_ID))
    assert f"no tracking domain acme.test ({MISSING_ID})" in verdict.seen
    assert "live or test" in verdict.cure


def test_what_cannot_be_asked_is_skipped_or_points_to_the_key(sandbox: Sandbox) -> None:
    assert domain(None, Domain("acme.test")).status is Status.SKIPPED
    sandbox.revoke(sandbox.api_key)
    verdict = domain(sandbox, Domain("acme.test"))
    assert verdict.status is Status.FAILED
    assert "revoked" in verdict.seen
    assert "'key'" in verdict.cure
    assert sandbox.api_key not in repr(verdict)


# --- the portal ----------------------------------------------------------------------------------------------


def portal(sandbox: Sandbox | None, wanted: Portal, **options: Any) -> Verdict:
    return look(partial(check_portal, wanted), sandbox=sandbox, **options)


def test_a_portal_in_service_whose_references_exist_is_well(sandbox: Sandbox) -> None:
    verdict = portal(sandbox, with_portal(sandbox))
    assert (verdict.status, verdict.seen) == (Status.OK, "It is enabled, and refers to nothing that is missing.")
    sandbox.switch(omit=["enabled"])
    assert "does not say whether it is enabled" in portal(sandbox, with_portal(sandbox, name="B")).seen


def test_a_disabled_portal_is_a_failure_unless_it_is_declared_so(sandbox: Sandbox) -> None:
    made = with_portal(sandbox, enabled=False)
    assert portal(sandbox, made).status is Status.FAILED
    declared = Portal("Acme", made.id, enabled=False, declared=True)
    assert portal(sandbox, declared).status is Status.WARNING
    assert "as it is declared" in portal(sandbox, declared).seen


def test_other_references_than_the_declared_ones_are_drift(sandbox: Sandbox) -> None:
    made = with_portal(sandbox)
    other = sandbox.add("tracking_domain", READY | {"name": "other"})
    sandbox.change("customer_portal", made.id, {"tracking_domain": other, "recaptcha": {"site_key": "stranger"}})
    verdict = portal(sandbox, made)
    assert verdict.status is Status.FAILED
    assert f"In RevCent its tracking domain is {other}, in the export {made.tracking_domain}." in verdict.seen
    assert "reCAPTCHA site key is stranger" in verdict.seen
    assert portal(sandbox, Portal("Acme", made.id)).status is Status.OK


def test_references_that_lead_nowhere_are_a_failure(sandbox: Sandbox) -> None:
    made = with_portal(sandbox, customer_filters={"campaign": [MISSING_ID], "third_party_shop": [MISSING_ID]})
    sandbox.remove("tracking_domain", made.tracking_domain)
    verdict = portal(sandbox, made)
    assert verdict.status is Status.FAILED
    for title in ("tracking domain", "campaign", "third-party shop"):
        assert f"It refers to the {title} " in verdict.seen


def test_references_that_the_key_may_not_read_are_a_warning(sandbox: Sandbox) -> None:
    key = sandbox.add_key("narrow", allow=["GetCustomerPortal", "GetTrackingDomain"])
    verdict = portal(sandbox, with_portal(sandbox), key=key)
    assert verdict.status is Status.WARNING
    assert "Nobody can say whether its campaign exists: The API key has no permission" in verdict.seen


def test_a_portal_that_is_not_there_or_cannot_be_asked_about(sandbox: Sandbox) -> None:
    assert "has no portal" in portal(sandbox, Portal("Acme", MISSING_ID)).seen
    assert portal(sandbox, Portal("Acme")).status is Status.SKIPPED
    assert portal(None, Portal("Acme", MISSING_ID)).status is Status.SKIPPED
    key = sandbox.add_key("none", allow=[])
    assert "'key'" in portal(sandbox, Portal("Acme", MISSING_ID), key=key).cure


# --- the key -------------------------------------------------------------------------------------------------


def key(sandbox: Sandbox | None, inventory: Inventory = Inventory(), **options: Any) -> Verdict:  # noqa: B008 - immutable
    return look(partial(check_key, inventory), sandbox=sandbox, **options)


def test_a_key_that_may_read_everything_is_well_and_only_reads(sandbox: Sandbox) -> None:
    with_portal(sandbox)
    sandbox.clear_calls()
    verdict = key(sandbox)
    assert verdict.status is Status.OK
    assert "GetTrackingDomains, GetTrackingDomain, GetCustomerPortals, GetCustomerPortal" in verdict.seen
    assert "Not tried, because there is nothing to read: GetUrlParameterSet." in verdict.seen
    assert "cannot be tried without writing" in verdict.seen
    calls = sandbox.calls
    assert {call["method"] for call in calls} == {"GET"}
    assert {call["query"].get("limit") for call in calls if call["action"] == "list"} == {"1"}
    assert len(calls) == 9


def test_operations_that_a_key_may_not_call_are_named(sandbox: Sandbox) -> None:
    made = with_portal(sandbox)
    narrow = sandbox.add_key("narrow", allow=["GetTrackingDomain", "GetCustomerPortal", "GetCustomerPortals"])
    known = Inventory((Domain("acme.test", made.tracking_domain),), (made,))
    verdict = key(sandbox, known, key=narrow)
    assert verdict.status is Status.WARNING
    assert verdict.seen.startswith("The key may not call GetTrackingDomains, GetCampaigns, GetUserShops, GetUrlPara")
    assert "may call GetTrackingDomain, GetCustomerPortals, GetCustomerPortal." in verdict.seen
    assert verdict.cure.startswith("Allow the key in RevCent")


def test_a_key_that_may_not_read_portals_is_a_failure(sandbox: Sandbox) -> None:
    allowed = ["GetTrackingDomains", "GetTrackingDomain", "GetCustomerPortals", "GetCampaigns", "GetCampaign"]
    shops = ["GetUserShops", "GetUserShop", "GetUrlParameterSets"]
    with_portal(sandbox)
    verdict = key(sandbox, key=sandbox.add_key("narrow", allow=allowed + shops))
    assert verdict.status is Status.FAILED
    assert verdict.seen.startswith("The key may not call GetCustomerPortal.")


def test_reads_that_no_examined_portal_needs_are_told_without_a_warning(sandbox: Sandbox) -> None:
    allowed = ["GetTrackingDomains", "GetTrackingDomain", "GetCustomerPortals", "GetCustomerPortal"]
    narrow = sandbox.add_key("narrow", allow=allowed)
    plain, filtered = Portal("Plain"), Portal("Filtered", campaigns=("campaignAcmeUS000001",))
    verdict = key(sandbox, Inventory(portals=(plain,)), key=narrow)
    assert verdict.status is Status.OK
    assert "may not call GetCampaigns" in verdict.seen
    assert key(sandbox, Inventory(portals=(plain, filtered)), key=narrow).status is Status.WARNING


def test_an_object_that_is_gone_still_shows_that_the_key_may_read(sandbox: Sandbox) -> None:
    known = Inventory(portals=(Portal("Acme", MISSING_ID),), mails=(_mail(),))
    assert "GetCustomerPortal," in key(sandbox, known).seen


def _mail() -> Mail:
    return Mail("m", "smtp.acme.test", 587, "starttls", "u", Secret("x"), id=MISSING_ID)


def test_a_key_that_is_refused_and_a_revcent_that_is_away_are_failures(sandbox: Sandbox) -> None:
    assert key(None).status is Status.SKIPPED
    verdict = key(sandbox, key="canary-of-a-key")
    assert verdict.status is Status.FAILED
    assert "REVCENT_API_KEY" in verdict.cure
    assert "canary-of-a-key" not in repr(verdict)
    sandbox.fault("status", status=503, times=None)
    assert "REVCENT_BASE_URL" in key(sandbox).cure


# --- the account ---------------------------------------------------------------------------------------------


def filled_in(sandbox: Sandbox, inventory: Inventory, contract: str | None = None) -> Inventory:
    async def whole() -> Inventory:
        account = Account(settings_of(sandbox, contract=contract), 3.0)
        try:
            return await account.filled_in(inventory)
        finally:
            await account.close()

    found: Inventory = run(whole())
    return found


@pytest.mark.parametrize("switches", [{}, {"slim_lists": True}])
def test_revcent_tells_the_records_and_portals_of_a_domain(sandbox: Sandbox, switches: dict[str, Any]) -> None:
    made = with_portal(sandbox, name="Acme")
    with_portal(sandbox, name="Other", tracking_domain=sandbox.add("tracking_domain", {"domain": "other.test"}))
    sandbox.switch(**switches)
    found = filled_in(sandbox, Inventory((Domain("acme.test"), Domain("unknown.test"))))
    assert found.domains[0].id == made.tracking_domain
    addresses = [record["value"] for record in found.domains[0].records if record["type"] == "A"]
    assert addresses == ["203.0.113.10", "203.0.113.20"]
    assert found.domains[1] == Domain("unknown.test")
    (portal,) = found.portals
    assert (portal.name, portal.id, portal.senders) == ("Acme", made.id, ("portal@acme.test",))
    assert portal.campaigns == ("campaignAcmeUS000001",)
    assert portal.declared is False
    assert found.mails == ()


@pytest.mark.parametrize("name", WORLDS)
def test_a_portal_is_examined_in_every_way_that_revcent_may_be(sandbox: Sandbox, name: str, tmp_path: Path) -> None:
    made = with_portal(sandbox)
    sandbox.switch(**WORLDS[name].switches)
    contract = str(contract_file(sandbox, tmp_path)) if WORLDS[name].described else None
    assert portal(sandbox, made, contract=contract).status is Status.OK
    assert domain(sandbox, Domain("acme.test", made.tracking_domain), contract=contract).status is Status.OK
    assert key(sandbox, contract=contract).status is Status.OK
    found = filled_in(sandbox, Inventory((Domain("acme.test"),)), contract)
    assert found.domains[0].id == made.tracking_domain
    assert [each.id for each in found.portals] == [made.id]


def test_a_revcent_of_another_shape_points_to_the_contract(sandbox: Sandbox) -> None:
    sandbox.switch(list_dates=True)
    verdict = key(sandbox)
    assert verdict.status is Status.FAILED
    assert "revcent-portal contract check" in verdict.cure


def test_mail_profiles_are_read_where_revcent_offers_that(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.switch(smtp_get=True)
    made = with_portal(sandbox)
    contract = tmp_path / "contract.json"
    contract.write_text('{"format": 1, "operations": {"smtp_profile.get": {}}}')

    async def whole() -> Inventory:
        account = Account(settings_of(sandbox, contract=str(contract)), 3.0)
        found = await account.filled_in(Inventory((Domain("acme.test"),)))
        await account.close()
        return found

    (mail,) = run(whole()).mails
    assert (mail.id, mail.host, mail.port) == (made.smtp_profile, "smtp.acme.test", 587)
    assert "never returns it" in mail.password.missing
    sandbox.switch(omit=["port"])
    assert run(whole()).mails == ()


def test_the_client_of_the_checks_cannot_write(sandbox: Sandbox) -> None:
    client = ReadingClient(settings_of(sandbox))
    with pytest.raises(AssertionError, match="must not edit"):
        client.edit("campaign", "campaignAcmeUS000001", {})
    client.close()
    assert sandbox.calls == []


def test_an_account_is_not_asked_where_revcent_offline_is_set() -> None:
    account = Account(Settings(api_key="k", offline=True), 1.0)
    assert "REVCENT_OFFLINE" in account.missing
    assert account.cure == "Unset it."


def test_an_answer_without_a_list_is_an_error() -> None:
    revcent = FakeRevCent(ok(results="none"))
    client = ReadingClient(Settings(api_key="k"), transport=httpx.MockTransport(revcent), clock=ManualClock())
    with pytest.raises(BadAnswer, match="no list"):
        client.first("campaign")
