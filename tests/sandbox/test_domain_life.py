"""The life of a tracking domain: create, certificate, DNS, and the transitions that a test chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.sandbox.http_api import Api


def made(api: Api, domain: str = "acme.com") -> str:
    return str(api.post("/tracking_domains", {"name": domain, "domain": domain})["tracking_domain_id"])


def states(api: Api, domain_id: str) -> tuple[str, str]:
    answer = api.get(f"/tracking_domains/{domain_id}")
    return answer["ssl"]["status"], answer["dns"]["status"]


class TestSteps:
    def test_a_create_answers_the_a_records(self, api: Api) -> None:
        answer = api.post("/tracking_domains", {"name": "acme", "domain": "acme.com"})
        assert {record["type"] for record in answer["a_records"]} == {"A"}
        assert {record["name"] for record in answer["a_records"]} == {"acme.com"}
        assert len({record["value"] for record in answer["a_records"]}) == 2

    def test_before_the_first_step_there_are_no_cname_records(self, api: Api) -> None:
        answer = api.get(f"/tracking_domains/{made(api)}")
        assert answer["ssl"] == {"status": "not_initialized", "cname_records": []}
        assert answer["dns"] == {"status": "not_initialized"}

    def test_initialize_ssl_answers_both_kinds_of_records(self, api: Api) -> None:
        domain_id = made(api)
        answer = api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert answer["tracking_domain_id"] == domain_id
        assert {record["type"] for record in answer["ssl"]["cname_records"]} == {"CNAME"}
        assert all(record["name"].endswith(".acme.com") for record in answer["ssl"]["cname_records"])
        read = api.get(f"/tracking_domains/{domain_id}")
        assert read["ssl"]["cname_records"] == answer["ssl"]["cname_records"]
        assert read["a_records"] == answer["a_records"]

    def test_initialize_dns_comes_after_the_certificate(self, api: Api) -> None:
        domain_id = made(api)
        assert "after the certificate" in api.refusal(f"/tracking_domains/{domain_id}/initialize_dns")
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert api.post(f"/tracking_domains/{domain_id}/initialize_dns")["dns"] == {"status": "complete"}
        assert states(api, domain_id) == ("issued", "complete")

    def test_steps_can_be_repeated(self, api: Api) -> None:
        domain_id = made(api)
        for _ in range(2):
            answer = api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
            api.post(f"/tracking_domains/{domain_id}/initialize_dns")
        assert api.get(f"/tracking_domains/{domain_id}")["ssl"]["cname_records"] == answer["ssl"]["cname_records"]
        assert states(api, domain_id) == ("issued", "complete")

    @pytest.mark.parametrize("action", ["initialize_ssl", "initialize_dns"])
    def test_steps_need_a_domain(self, api: Api, action: str) -> None:
        assert "was not found" in api.refusal(f"/tracking_domains/{'x' * 20}/{action}", status=404)

    @pytest.mark.parametrize(
        "domain", ["www.acme.com", "https://acme.com", "com", "co.uk", "acme", "Acme.com", " acme.com", "acme.com."]
    )
    def test_only_a_root_domain_is_taken(self, api: Api, domain: str) -> None:
        assert "root domain" in api.refusal("/tracking_domains", {"name": "n", "domain": domain})

    @pytest.mark.parametrize("domain", ["acme.co.uk", "xn--bcher-kva.example"])
    def test_root_domains_below_long_suffixes_are_taken(self, api: Api, domain: str) -> None:
        assert made(api, domain)

    def test_the_domain_itself_cannot_be_edited(self, api: Api) -> None:
        domain_id = made(api)
        assert "Unknown field 'domain'" in api.refusal(f"/tracking_domains/{domain_id}", {"domain": "b.com"})
        api.post(f"/tracking_domains/{domain_id}", {"name": "renamed", "description": "d"})
        assert api.get(f"/tracking_domains/{domain_id}")["name"] == "renamed"


class TestTransitions:
    def test_after_reads(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"reads": 2})
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert [states(api, domain_id)[0] for _ in range(3)] == ["pending", "pending", "issued"]
        assert api.post(f"/tracking_domains/{domain_id}/initialize_dns")["dns"]["status"] == "pending"
        assert [states(api, domain_id)[1] for _ in range(3)] == ["pending", "pending", "complete"]

    def test_a_list_is_no_read(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"reads": 1})
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        for _ in range(3):
            assert api.list("/tracking_domains")["results"][0]["ssl"]["status"] == "pending"
        assert [states(api, domain_id)[0] for _ in range(2)] == ["pending", "issued"]

    def test_after_seconds_of_the_sandboxs_time(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"seconds": 600})
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        sandbox.advance(590)
        assert states(api, domain_id)[0] == "pending"
        sandbox.advance(11)
        assert api.list("/tracking_domains")["results"][0]["ssl"]["status"] == "issued"
        assert sandbox.object("tracking_domain", domain_id)["ssl_status"] == "issued"

    def test_a_portal_and_the_dns_step_see_that_the_time_is_over(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"seconds": 60})
        first, second = made(api, "a.com"), made(api, "b.com")
        api.post(f"/tracking_domains/{first}/initialize_ssl")
        api.post(f"/tracking_domains/{second}/initialize_ssl")
        assert "certificate" in api.refusal("/customer_portals", api.portal_body(tracking_domain=first))
        sandbox.advance(61)
        api.portal(tracking_domain=first, smtp_profile=sandbox.objects("smtp_profile")[0]["id"])
        api.post(f"/tracking_domains/{second}/initialize_dns")

    @pytest.mark.parametrize("rule", ["failed", {"reads": 0, "outcome": "failed"}, {"seconds": 0, "outcome": "failed"}])
    def test_a_failure_and_a_new_beginning(self, sandbox: Sandbox, api: Api, rule: Any) -> None:
        sandbox.switch(transition=rule)
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert states(api, domain_id)[0] == "failed"
        assert "certificate" in api.refusal(f"/tracking_domains/{domain_id}/initialize_dns")
        sandbox.switch(transition="immediate")
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert states(api, domain_id)[0] == "issued"

    def test_one_rule_per_step(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"dns": "never"})
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        api.post(f"/tracking_domains/{domain_id}/initialize_dns")
        sandbox.advance(10**6)
        assert states(api, domain_id) == ("issued", "pending")
        sandbox.switch(transition="immediate")
        assert states(api, domain_id) == ("issued", "complete")

    def test_what_was_set_by_hand_stays(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        sandbox.change("tracking_domain", domain_id, {"ssl_status": "pending"})
        assert states(api, domain_id)[0] == "pending"
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert states(api, domain_id)[0] == "pending"
        sandbox.change("tracking_domain", domain_id, {"ssl_status": "failed"})
        assert states(api, domain_id)[0] == "failed"

    def test_setting_by_hand_ends_a_transition(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"seconds": 60})
        domain_id = made(api)
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        sandbox.change("tracking_domain", domain_id, {"ssl_status": "failed"})
        sandbox.advance(61)
        assert states(api, domain_id)[0] == "failed"
