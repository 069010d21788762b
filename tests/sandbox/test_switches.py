"""Every switch, thrown, seen over HTTP; and switches that are thrown wrongly."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.sandbox.reading import ENTITIES
from pulumi_revcent_portal.sandbox.switches import Switches
from tests.sandbox.http_api import smtp_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.sandbox.http_api import Api


class TestErrorStyle:
    def test_refusals_as_answers_with_code_0(self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]) -> None:
        sandbox.switch(error_style="ok")
        assert "required" in api.refusal("/tracking_domains", {}, status=200)
        assert "not found" in api.refusal(f"/customer_portals/{'x' * 20}", {}, status=200)
        assert "not valid" in api_with("wrong").refusal("/tracking_domains", {}, status=200)

    def test_a_method_is_still_refused_by_the_web_server(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(error_style="ok")
        assert api.http.delete("/campaigns").status_code == 405


class TestShapes:
    def test_references_as_strings(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(references="string")
        filters = {"campaign": ["campaignBolt00000001"], "third_party_shop": []}
        portal_id = api.portal(customer_filters=filters, campaign="campaignBolt00000001")
        answer = api.get(f"/customer_portals/{portal_id}")
        assert answer["tracking_domain"] == sandbox.objects("tracking_domain")[0]["id"]
        assert answer["customer_filters"] == filters
        assert answer["campaign"] == "campaignBolt00000001"

    def test_a_reference_to_what_is_gone_has_no_name(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(campaign="campaignBolt00000001")
        sandbox.remove("campaign", "campaignBolt00000001")
        assert api.get(f"/customer_portals/{portal_id}")["campaign"] == {"id": "campaignBolt00000001", "name": ""}

    def test_normalised_answers(self, sandbox: Sandbox, api: Api) -> None:
        email = {"from": "Portal@Acme.com", "cc": ["Copy@Acme.com"], "html": "  <p>{{email_code}}</p>\n"}
        emails = {"customer_account_confirmation": email, "customer_account_password_reset": email}
        portal_id = api.portal(customer_emails=emails, footer_html=" <b>f</b> ", display_name=" Acme ")
        before = api.get(f"/customer_portals/{portal_id}")
        assert before["footer_html"] == " <b>f</b> "
        sandbox.switch(normalise=True)
        answer = api.get(f"/customer_portals/{portal_id}")
        assert (answer["footer_html"], answer["display_name"], answer["enabled"]) == ("<b>f</b>", "Acme", True)
        got = answer["customer_emails"]["customer_account_confirmation"]
        assert (got["from"], got["cc"], got["html"]) == ("portal@acme.com", ["copy@acme.com"], "<p>{{email_code}}</p>")
        assert sandbox.object("customer_portal", portal_id)["display_name"] == " Acme "

    def test_fields_left_out(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(omit=["footer_html", "customer_emails.confirmation.html", "tracking_domain.description"])
        portal_id = api.portal()
        answer = api.get(f"/customer_portals/{portal_id}")
        assert "footer_html" not in answer
        assert "html" not in answer["customer_emails"]["customer_account_confirmation"]
        assert "html" in answer["customer_emails"]["customer_account_password_reset"]
        assert "description" in answer
        assert "description" not in api.list("/tracking_domains")["results"][0]

    def test_a_whole_group_left_out(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(omit=("customer_portal.customer_emails",))
        assert "customer_emails" not in api.get(f"/customer_portals/{api.portal()}")

    def test_slim_lists(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(slim_lists=True)
        portal_id = api.portal()
        assert api.list("/customer_portals")["results"] == [{"id": portal_id, "name": "Acme"}]
        assert "recaptcha" in api.get(f"/customer_portals/{portal_id}")

    def test_totals(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(list_extra=True)
        answer = api.list("/campaigns", limit=2, page=2)
        assert (answer["total_count"], answer["total_pages"], answer["current_count"]) == (3, 2, 1)

    def test_lists_that_demand_dates(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(list_dates=True)
        answer = api.http.get("/campaigns", params={"limit": 25, "page": 1})
        assert "'date_start'" in answer.json()["message"]
        assert api.get("/campaigns", limit=25, page=1, date_start=0, date_end=2_000_000_000)["current_count"] == 3

    def test_the_url_of_a_portal(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal()
        assert "url" not in api.get(f"/customer_portals/{portal_id}")
        sandbox.switch(url=True)
        assert api.get(f"/customer_portals/{portal_id}")["url"] == f"https://acme.com/portal/{portal_id}"
        sandbox.switch(spelling="alternative")
        assert "portal_url" in api.get(f"/customer_portals/{portal_id}")


class TestSpelling:
    def test_all_alternatives_in_requests_and_answers(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(spelling="alternative")
        domain = {"name": "acme", "domain_name": "acme.com"}
        domain_id = api.post("/tracking_domains", domain)["tracking_domain_id"]
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        profile = {"name": "m", "server": "h", "smtp_port": 25, "encryption": "tls", "user": "u", "pass": "p"}
        profile_id = api.post("/smtp_profiles", profile)["smtp_profile_id"]
        email = {"from": "a@acme.com", "template_html": "{{email_code}}"}
        body = {
            "name": "p",
            "tracking_domain": domain_id,
            "smtp_profile": profile_id,
            "recaptcha": {"site_key": "s", "secret_key": "k"},
            "customer_emails": {"account_confirmation": email, "password_reset": email},
            "customer_filter": {"campaign": ["campaignBolt00000001"], "third_party_shop": []},
            "footer": "<b>f</b>",
            "campaign_id": "campaignBolt00000001",
        }
        portal_id = api.post("/customer_portals", body)["customer_portal_id"]
        answer = api.get(f"/customer_portals/{portal_id}")
        assert {"customer_filter", "footer", "campaign_id"} <= set(answer)
        assert set(answer["customer_emails"]) == {"account_confirmation", "password_reset"}
        assert api.get(f"/tracking_domains/{domain_id}")["domain_name"] == "acme.com"
        stored = sandbox.object("smtp_profile", profile_id)
        assert (stored["host"], stored["port"], stored["secure"], stored["username"]) == ("h", 25, "tls", "u")
        assert sandbox.calls[2]["body"]["pass"] == "[secret]"

    def test_the_documented_keys_are_then_refused(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(spelling="alternative")
        assert "Unknown field 'host'" in api.refusal("/smtp_profiles", smtp_profile())

    def test_single_keys(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(spelling={"smtp_profile.host": "smtp_server"})
        body = smtp_profile()
        body["smtp_server"] = body.pop("host")
        api.post("/smtp_profiles", body)
        sandbox.switch(spelling={"*": "alternative", "smtp_profile.password": "pw"})
        body = {"name": "m", "server": "h", "smtp_port": 25, "encryption": "tls", "user": "u", "pw": "canary"}
        api.post("/smtp_profiles", body)
        assert "canary" not in str(sandbox.calls)

    @pytest.mark.parametrize(
        ("spelling", "keys"),
        [
            ("default", {"type", "name", "value"}),
            ("alternative", {"type", "host", "target"}),
            ({"name": "hostname", "value": "points_to"}, {"type", "hostname", "points_to"}),
        ],
    )
    def test_records(self, sandbox: Sandbox, api: Api, spelling: Any, keys: set[str]) -> None:
        sandbox.switch(record_spelling=spelling)
        domain_id = api.ready_domain()
        answer = api.get(f"/tracking_domains/{domain_id}")
        assert {key for record in [*answer["a_records"], *answer["ssl"]["cname_records"]] for key in record} == keys
        again = api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert set(again["ssl"]["cname_records"][0]) == keys

    def test_words_of_states(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(status_words={"issued": "Complete", "pending": "Awaiting-DNS"}, transition={"dns": "never"})
        domain_id = api.post("/tracking_domains", {"name": "a", "domain": "a.com"})["tracking_domain_id"]
        assert api.get(f"/tracking_domains/{domain_id}")["ssl"]["status"] == "not_initialized"
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert api.post(f"/tracking_domains/{domain_id}/initialize_dns")["dns"]["status"] == "Awaiting-DNS"
        answer = api.get(f"/tracking_domains/{domain_id}")
        assert (answer["ssl"]["status"], answer["dns"]["status"]) == ("Complete", "Awaiting-DNS")
        assert sandbox.object("tracking_domain", domain_id)["ssl_status"] == "issued"


class TestCapabilities:
    @pytest.mark.parametrize("entity", ["tracking_domain", "smtp_profile", "customer_portal"])
    def test_delete(self, sandbox: Sandbox, api: Api, entity: str) -> None:
        sandbox.switch(delete=True)
        api.portal()
        (found,) = sandbox.objects(entity)
        answer = api.post(f"/{entity}s/{found['id']}/delete")
        assert answer[f"{entity}_id"] == found["id"]
        assert sandbox.objects(entity) == []
        assert "was not found" in api.refusal(f"/{entity}s/{found['id']}/delete", status=404)

    def test_parameter_sets_can_be_deleted(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(delete=True)
        set_id = api.post("/url_parameter_sets", {"name": "utm"})["url_parameter_set_id"]
        answer = api.post(f"/url_parameter_sets/{set_id}/delete")
        assert answer["result"] == "The URL parameter set was deleted successfully."
        assert sandbox.objects("url_parameter_set") == []

    def test_campaigns_are_still_not_deleted(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(delete=True)
        assert "no such operation" in api.refusal("/campaigns/campaignBolt00000001/delete", status=404)

    def test_profiles_can_be_read(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(smtp_get=True)
        profile_id = api.profile()
        answer = api.get(f"/smtp_profiles/{profile_id}")
        assert (answer["host"], answer["port"], answer["secure"]) == ("smtp.acme.com", 587, "none")
        assert "password" not in answer
        assert api.list("/smtp_profiles")["results"][0]["id"] == profile_id
        assert "no such operation" in api.refusal(f"/smtp_profiles/{profile_id}/delete", status=404)

    def test_an_unready_domain_may_do(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(require_ready_domain=False)
        domain_id = api.post("/tracking_domains", {"name": "a", "domain": "a.com"})["tracking_domain_id"]
        assert api.portal(tracking_domain=domain_id)

    def test_a_careless_server_repeats_what_it_was_sent(self, sandbox: Sandbox, api: Api) -> None:
        assert "canary" not in api.refusal("/smtp_profiles", smtp_profile(port=0))
        sandbox.switch(echo=True)
        message = api.refusal("/smtp_profiles", smtp_profile(port=0))
        assert "canary-smtp-password" in message
        assert sandbox.api_key in message


class TestThrowing:
    def test_the_state_of_all_switches_is_plain_json(self, sandbox: Sandbox) -> None:
        sandbox.switch(omit=["logo"], transition={"dns": {"reads": 1}}, recaptcha_secrets=["canary"])
        switches = sandbox.switches
        assert set(switches) == {entry.name for entry in dataclasses.fields(Switches)}
        assert switches["omit"] == ["logo"]
        assert switches["transition"] == {"dns": {"reads": 1}}
        assert "canary" not in str(switches)

    def test_an_unknown_switch_names_those_there_are(self, sandbox: Sandbox) -> None:
        with pytest.raises(ValueError, match=r"no switch 'deletes'.*smtp_get"):
            sandbox.switch(deletes=True)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("error_style", "200"),
            ("error_style", None),
            ("references", True),
            ("spelling", "other"),
            ("spelling", {"smtp_profile.hots": "h"}),
            ("spelling", {"smtp_profile.host": ""}),
            ("spelling", {"*": "other"}),
            ("spelling", None),
            ("record_spelling", {"ttl": "t"}),
            ("record_spelling", 1),
            ("status_words", {"done": "x"}),
            ("status_words", "issued"),
            ("delete", 1),
            ("smtp_get", "yes"),
            ("omit", "footer_html"),
            ("omit", ["footer"]),
            ("omit", [1]),
            ("transition", "soon"),
            ("transition", {}),
            ("transition", None),
            ("transition", {"reads": -1}),
            ("transition", {"reads": True}),
            ("transition", {"reads": 1, "seconds": 1}),
            ("transition", {"reads": 1, "outcome": "issued"}),
            ("transition", {"reads": 1, "until": 2}),
            ("transition", {"outcome": "failed"}),
            ("transition", {"certificate": "soon"}),
            ("recaptcha_secrets", "canary"),
            ("bad_recaptcha_secrets", None),
            ("bad_recaptcha_secrets", [1]),
        ],
    )
    def test_a_wrong_value_says_what_is_taken(self, sandbox: Sandbox, name: str, value: object) -> None:
        before = sandbox.switches
        with pytest.raises(ValueError, match=f"The switch '{name}' takes") as refusal:
            sandbox.switch(url=True, **{name: value})
        assert "canary" not in str(refusal.value)
        assert sandbox.switches == before

    def test_every_entity_can_be_spelt_otherwise_without_a_clash(self) -> None:
        switches = Switches().but(spelling="alternative")
        for entity in ENTITIES.values():
            keys = [switches.key(f"{entity.name}.{field.name}", field) for field in entity.fields]
            assert len(keys) == len(set(keys))
