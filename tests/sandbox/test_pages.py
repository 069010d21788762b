"""The pages: what they show, and that neither secrets nor foreign HTML get into them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox import Sandbox, words
from pulumi_revcent_portal.sandbox.reading import PERMISSIONS

if TYPE_CHECKING:
    from tests.sandbox.http_api import Api


def page(sandbox: Sandbox, path: str = "/", status: int = 200) -> str:
    answer = httpx.get(sandbox.url + path, trust_env=False)
    assert answer.status_code == status, answer.text
    return answer.text


def text(source: str) -> str:
    """Return what a reader sees, frames left out."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", source)).split())


def frames(source: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'srcdoc="([^"]*)"', source)]


class TestAccount:
    def test_an_empty_account(self, sandbox: Sandbox) -> None:
        sandbox.remove("campaign", "campaignBolt00000001")
        seen = text(page(sandbox))
        for words_of_nothing in (
            "No customer portal yet",
            "No tracking domain yet",
            "No SMTP profile yet",
            "No URL parameter set",
            "No call yet",
        ):
            assert words_of_nothing in seen
        assert "Campaigns 2" in seen
        assert "acme-woo" in seen

    def test_a_full_account(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(
            description="Self-service",
            customer_permissions={"trial_cancel": True, "credit_card_add": True},
            customer_filters={"campaign": ["campaignAcmeUS000001"], "third_party_shop": ["shopAcmeWoo000000001"]},
        )
        api.portal(name="Bolt", enabled=False)
        api.refusal("/customer_portals", {})
        source = page(sandbox)
        seen = text(source)
        assert f'href="/portals/{portal_id}"' in source
        assert "Self-service" in seen
        assert "Permissions 2 of 12 credit_card_add trial_cancel" in seen
        assert "Customers of Acme US who are also shoppers of acme-woo" in seen
        assert "Every customer of the account" in seen
        assert "None: customers can sign in, and nothing else." in seen
        assert "acme.com 4 DNS records" in seen
        assert "203.0.113.10" in seen
        assert "smtp.acme.com:587" in seen
        assert "POST /customer_portals demo 400" in seen
        assert seen.count("Disabled") == 1

    def test_states_of_domains(self, sandbox: Sandbox) -> None:
        sandbox.add("tracking_domain", {"domain": "a.com", "ssl_status": "failed"})
        assert "Failed Waits for initialize_ssl Not initialized" in text(page(sandbox))

    def test_parameter_sets_with_their_domains(self, sandbox: Sandbox) -> None:
        parameters = [
            {"url_parameter": "utm_source", "metadata_name": "source"},
            {"url_parameter": "gclid", "metadata_name": ""},
        ]
        ours = {"name": "Ads", "description": "All <brands>", "url_parameters": parameters}
        set_id = sandbox.add("url_parameter_set", ours)
        sandbox.add("url_parameter_set", {"name": "Nothing", "enabled": False})
        for domain in ("a.com", "b.com"):
            sandbox.add("tracking_domain", {"domain": domain, "url_parameter_sets": [set_id]})
        seen = text(page(sandbox))
        assert "URL parameter sets 2" in seen
        assert "Ads All <brands> utm_source as source gclid a.com, b.com Enabled" in seen
        assert "Nothing None None Disabled" in seen

    def test_zones_with_their_records(self, sandbox: Sandbox) -> None:
        sandbox.set_record("www.acme.example", "A", ["192.0.2.1", "192.0.2.2"], ttl=60)
        sandbox.set_record("acme.example", "TXT", ["<b>bold</b>"])
        source = page(sandbox)
        seen = text(source)
        assert f"DNS zones 6 at {sandbox.dns_address} , UDP and TCP" in seen
        assert "acme.example 5 record sets" in seen
        assert "A www.acme.example 60 192.0.2.1 192.0.2.2" in seen
        assert "&lt;b&gt;bold" in source

    def test_an_account_without_zones(self) -> None:
        with Sandbox.start(seed={}) as bare:
            assert "No zone. add_zone of the controls makes one." in text(page(bare))

    @pytest.mark.parametrize(
        ("transition", "certificate", "dns"),
        [
            ("never", "Pending Stays so: the transition is never", "Waits for the certificate"),
            ("failed", "Failed Waits for initialize_ssl", "Waits for the certificate"),
            ("immediate", "Issued", "Waits for initialize_dns"),
            ({"reads": 3}, "Pending 3 more reads", "Waits for the certificate"),
            ({"seconds": 600}, "Pending 600 s more", "Waits for the certificate"),
        ],
    )
    def test_what_a_domain_waits_for(
        self, sandbox: Sandbox, api: Api, transition: Any, certificate: str, dns: str
    ) -> None:
        sandbox.switch(transition=transition)
        domain_id = api.post("/tracking_domains", {"name": "a", "domain": "a.com"})["tracking_domain_id"]
        assert "Not initialized Waits for initialize_ssl Not initialized Waits for the certificate" in text(
            page(sandbox)
        )
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert f"{certificate} Not initialized {dns}" in text(page(sandbox))

    def test_what_the_dns_step_waits_for(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"dns": {"seconds": 60}})
        api.ready_domain()
        assert "Issued Pending 60 s more" in text(page(sandbox))
        sandbox.switch(transition="immediate")
        assert "Issued Complete SMTP profiles" in text(page(sandbox))
        domain = sandbox.objects("tracking_domain")[0]["id"]
        sandbox.change("tracking_domain", domain, {"ssl_status": "pending"})
        assert "Pending Stays so until somebody changes it Complete" in text(page(sandbox))

    def test_which_records_a_domain_waits_for(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"lookup": {}})
        domain_id = api.post("/tracking_domains", {"name": "a", "domain": "acme.example"})["tracking_domain_id"]
        wanted = "Waits in the DNS for A acme.example 203.0.113.10, A acme.example 203.0.113.20"
        assert f"Not initialized {wanted} Not initialized" in text(page(sandbox))
        sandbox.set_record("acme.example", "A", ["203.0.113.10", "203.0.113.20"])
        sandbox.advance(1)
        assert "Not initialized Waits for initialize_ssl" in text(page(sandbox))
        for record in api.post(f"/tracking_domains/{domain_id}/initialize_ssl")["ssl"]["cname_records"]:
            assert f"CNAME {record['name']} {record['value']}" in text(page(sandbox))
            sandbox.set_record(record["name"], "CNAME", [record["value"]])
            sandbox.advance(1)
        assert "Pending 3 s more" in text(page(sandbox))
        sandbox.advance(3)
        assert "Issued Not initialized Waits for initialize_dns" in text(page(sandbox))

    def test_calls_without_an_answer(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.fault("drop_after")
        with pytest.raises(httpx.TransportError):
            api.http.get("/campaigns")
        assert "GET /campaigns demo no answer" in text(page(sandbox))

    def test_only_the_latest_calls_are_shown(self, sandbox: Sandbox, api: Api) -> None:
        for _ in range(25):
            api.list("/campaigns")
        source = page(sandbox)
        assert "Latest calls 25" in text(source)
        assert source.count("GET /campaigns") == 20

    def test_worlds(self, sandbox: Sandbox) -> None:
        sandbox.add("campaign", {"name": "Elsewhere"}, account="R & D")
        source = page(sandbox)
        assert 'href="/?account=R+%26+D&amp;mode=live"' in source
        assert "Elsewhere" not in source
        other = page(sandbox, "/?account=R+%26+D&mode=live")
        assert "Elsewhere" in other
        assert "Account R & D live" in text(other)


class TestPortal:
    def test_what_a_customer_meets(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(
            display_name="Acme!",
            customer_permissions={"credit_card_add": True},
            customer_filters={"campaign": ["campaignAcmeUS000001", "campaignAcmeEU000001"], "third_party_shop": []},
            footer_html="<a href='https://acme.com/terms'>Terms</a>",
            create_non_existing_customer=True,
            campaign="campaignBolt00000001",
        )
        source = page(sandbox, f"/portals/{portal_id}")
        seen = text(source)
        assert "Acme! Here you can Your cards Add a card" in seen
        assert "one of these campaigns Acme US Acme EU" in seen
        assert "They join the campaign Bolt." in seen
        assert f"https://acme.com/portal/{portal_id}" in seen
        assert "Not allowed Change your contact details" in seen
        assert "a-site-key" in seen
        footer, confirmation, reset = frames(source)
        assert footer.endswith("<a href='https://acme.com/terms'>Terms</a>")
        assert confirmation.endswith("<p>482913</p>")
        assert reset.endswith("<p>482913</p>")

    def test_a_bare_portal(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(
            display_name="  ",
            enabled=False,
            customer_filters={"campaign": [], "third_party_shop": ["shopAcmeWoo000000001"]},
        )
        seen = text(page(sandbox, f"/portals/{portal_id}"))
        assert "This portal is disabled: customers cannot use it. Acme You are signed in" in seen
        assert "This portal has no footer." in seen
        assert "A customer needs this shop acme-woo" in seen
        assert "People who are not customers yet cannot register." in seen
        assert "(no subject)" in seen

    def test_everything_allowed_to_everybody(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(customer_permissions=dict.fromkeys(PERMISSIONS, True), create_non_existing_customer=True)
        seen = text(page(sandbox, f"/portals/{portal_id}"))
        assert "Nothing: all permissions are given." in seen
        assert "Every customer of the account : no filter is set." in seen
        assert "They join no campaign." in seen

    def test_heads_of_mails(self, sandbox: Sandbox, api: Api) -> None:
        email = {
            "from": "portal@acme.com",
            "from_name": "Acme",
            "subject": "Your code",
            "cc": ["c@acme.com", "d@acme.com"],
            "bcc": ["b@acme.com"],
            "html": "{{email_code}}",
        }
        emails = {"customer_account_confirmation": email, "customer_account_password_reset": email}
        seen = text(page(sandbox, f"/portals/{api.portal(customer_emails=emails)}"))
        for kind in ("Account confirmation", "Password reset"):
            head = f"{kind} Your code From Acme <portal@acme.com> Cc c@acme.com, d@acme.com Bcc b@acme.com"
            assert head in seen

    @pytest.mark.parametrize(("logo", "shown"), [("https://acme.com/l.png", True), ("javascript:alert(1)", False)])
    def test_logos(self, sandbox: Sandbox, api: Api, logo: str, shown: bool) -> None:
        portal_id = api.portal()
        sandbox.change("customer_portal", portal_id, {"logo": logo})
        assert (logo in page(sandbox, f"/portals/{portal_id}")) is shown

    def test_of_what_it_refers_to_and_is_gone_the_id_is_shown(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal()
        profile_id = sandbox.object("customer_portal", portal_id)["smtp_profile"]
        sandbox.remove("smtp_profile", profile_id)
        assert profile_id in text(page(sandbox, f"/portals/{portal_id}"))

    def test_a_portal_of_another_world(self, sandbox: Sandbox) -> None:
        portal_id = sandbox.add("customer_portal", {"name": "Elsewhere"}, account="other")
        assert "no such portal" in page(sandbox, f"/portals/{portal_id}", status=404)
        assert "Elsewhere" in page(sandbox, f"/portals/{portal_id}?account=other&mode=live")


class TestSafety:
    def test_foreign_text_is_escaped(self, sandbox: Sandbox, api: Api) -> None:
        evil = "<script>alert(1)</script>\"'"
        settings: dict[str, Any] = {"name": evil, "description": evil, "display_name": evil, "footer_html": evil}
        email = {"from": "a@acme.com", "from_name": evil, "subject": evil, "html": evil + "{{email_code}}"}
        emails = {"customer_account_confirmation": email, "customer_account_password_reset": email}
        portal_id = api.portal(**{"tracking_domain": api.ready_domain(), **settings, "customer_emails": emails})
        sandbox.add("campaign", {"name": evil})
        for path in ("/", f"/portals/{portal_id}"):
            source = page(sandbox, path)
            assert "<script" not in source
            assert html.escape(evil, quote=False).replace('"', "&#34;").replace("'", "&#39;") in source

    @pytest.mark.parametrize("path", ["/", "/portals/none"])
    def test_no_script_may_run_and_nobody_may_frame_it(self, sandbox: Sandbox, path: str) -> None:
        answer = httpx.get(sandbox.url + path, trust_env=False)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"

    def test_frames_have_no_rights(self, sandbox: Sandbox, api: Api) -> None:
        source = page(sandbox, f"/portals/{api.portal(footer_html='f')}")
        found = re.findall(r"<iframe[^>]*>", source)
        assert len(found) == 3
        assert all('sandbox=""' in frame and "title=" in frame for frame in found)

    def test_no_secret_is_shown(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal()
        for path in ("/", f"/portals/{portal_id}"):
            source = page(sandbox, path)
            assert "canary" not in source
            assert sandbox.api_key not in source
            assert "sha256" not in source

    def test_a_saved_page_needs_nothing_else(self, sandbox: Sandbox) -> None:
        source = page(sandbox)
        assert "prefers-color-scheme: dark" in source
        assert re.findall(r"""(?:src|<link[^>]*href)="([^"]*)\"""", source) == ["data:,"]


class TestWords:
    def test_every_permission_has_its_words_once(self) -> None:
        named = [name for names in words.ACTIONS.values() for name in names]
        assert sorted(named) == sorted(PERMISSIONS)

    @pytest.mark.parametrize(
        ("campaigns", "shops", "line"),
        [
            ([], [], "Every customer of the account"),
            (["iShop"], [], "Customers of iShop"),
            (["A", "B", "C"], [], "Customers of A, B or C"),
            ([], ["s", "t"], "Shoppers of s or t"),
        ],
    )
    def test_audiences(self, campaigns: list[str], shops: list[str], line: str) -> None:
        assert words.audience(campaigns, shops) == line
