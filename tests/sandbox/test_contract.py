"""What RevCent documents and what section by section was inferred, seen over HTTP at the sandbox's default settings."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.http_api import Api, smtp_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.sandbox import Sandbox

ID = re.compile(r"[A-Za-z0-9]{20}")
PERMISSIONS = {
    "contact_modify",
    "credit_card_add",
    "credit_card_remove",
    "credit_card_set_default",
    "shipping_modify_ship_to",
    "subscription_renew",
    "subscription_activate",
    "subscription_suspend",
    "subscription_cancel",
    "trial_expire",
    "trial_cancel",
    "salvage_transaction_process",
}
ENVELOPE = {"api_call_id", "api_call_unix", "code"}


class TestDoor:
    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    def test_only_get_and_post_exist(self, api: Api, method: str) -> None:
        answer = api.http.request(method, "/campaigns")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, POST"

    @pytest.mark.parametrize(
        "path", ["/", "/nothing", "/campaigns/a/b/c", "/campaigns/", "/customer_portals/x/explode"]
    )
    def test_other_paths_are_no_operations(self, api: Api, path: str) -> None:
        answer = api.http.post(path, json={})
        assert (answer.status_code, answer.json()["error_code"]) == (404, "unknown_operation")

    @pytest.mark.parametrize("action", ["create", "get", "list", "edit"])
    def test_the_four_plain_actions_have_no_path_of_their_own(self, api: Api, action: str) -> None:
        assert "no such operation" in api.refusal(f"/customer_portals/{'x' * 20}/{action}", status=404)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/campaigns"),
            ("POST", "/user_shops/shopAcmeWoo000000001"),
            ("POST", "/customer_portals/{id}/delete"),
            ("POST", "/tracking_domains/{id}/delete"),
            ("POST", "/smtp_profiles/{id}/delete"),
            ("POST", "/url_parameter_sets/{id}/delete"),
            ("GET", "/smtp_profiles/{id}"),
            ("GET", "/smtp_profiles?limit=25&page=1"),
        ],
    )
    def test_what_revcent_does_not_document_is_off(self, api: Api, method: str, path: str) -> None:
        path = path.replace("{id}", api.profile())
        assert api.http.request(method, path, json={}).status_code == 404

    def test_the_base_path_itself_is_no_operation(self, sandbox: Sandbox, api: Api) -> None:
        assert api.http.get(sandbox.api_url).json()["error_code"] == "unknown_operation"

    @pytest.mark.parametrize(("key", "word"), [("", "missing"), ("wrong", "not valid")])
    def test_without_a_valid_key_nothing_opens(self, api_with: Callable[[str], Api], key: str, word: str) -> None:
        answer = api_with(key).http.get("/campaigns", params={"limit": 25, "page": 1})
        assert answer.status_code == 401
        assert word in answer.json()["message"]

    def test_an_answer_has_the_envelope(self, api: Api) -> None:
        first, second = api.list("/campaigns"), api.list("/campaigns")
        assert set(first) >= ENVELOPE
        assert ID.fullmatch(first["api_call_id"])
        assert first["api_call_id"] != second["api_call_id"]
        assert abs(first["api_call_unix"] - time.time()) < 5
        assert first["code"] == 1

    def test_a_failure_has_the_envelope(self, api: Api) -> None:
        answer = api.http.get(f"/campaigns/{'x' * 20}")
        assert answer.status_code == 404
        assert set(answer.json()) == ENVELOPE | {"error_code", "message", "result"}
        assert answer.json()["code"] == 0

    @pytest.mark.parametrize("content", [b"", b"[]", b"{", b'"text"', b"null", b"\xff", b"[" * 100_000])
    def test_a_body_is_a_json_object(self, api: Api, content: bytes) -> None:
        answer = api.http.post("/tracking_domains", content=content)
        assert answer.status_code == 400
        assert "JSON object" in answer.json()["message"]

    @pytest.mark.parametrize("action", ["initialize_ssl", "initialize_dns"])
    @pytest.mark.parametrize("content", [b"", b'{"wait": true}', b"[]"])
    def test_an_action_takes_an_empty_object_and_nothing_else(self, api: Api, action: str, content: bytes) -> None:
        domain_id = api.ready_domain()
        answer = api.http.post(f"/tracking_domains/{domain_id}/{action}", content=content)
        assert answer.status_code == 400

    def test_only_lists_take_parameters(self, api: Api) -> None:
        answer = api.http.get("/campaigns/campaignAcmeUS000001", params={"limit": 1})
        assert "Unknown parameter 'limit'" in answer.json()["message"]


class TestLists:
    @pytest.mark.parametrize(
        ("query", "wrong"),
        [
            ({}, "limit"),
            ({"limit": "25"}, "page"),
            ({"page": "1"}, "limit"),
            ({"limit": "0", "page": "1"}, "limit"),
            ({"limit": "26", "page": "1"}, "limit"),
            ({"limit": "25", "page": "0"}, "page"),
            ({"limit": "-1", "page": "1"}, "limit"),
            ({"limit": "x", "page": "1"}, "limit"),
            ({"limit": "25", "page": "1", "sort": "name"}, "sort"),
        ],
    )
    def test_limit_and_page_are_demanded(self, api: Api, query: dict[str, str], wrong: str) -> None:
        answer = api.http.get("/campaigns", params=query)
        assert answer.status_code == 400
        assert f"'{wrong}'" in answer.json()["message"]

    def test_pages_hold_every_object_once(self, sandbox: Sandbox, api: Api) -> None:
        made = [sandbox.add("campaign", {"name": f"C{number}"}) for number in range(30)]
        first, second = api.list("/campaigns"), api.list("/campaigns", page=2)
        assert [first["current_count"], first["current_page"]] == [25, 1]
        assert [second["current_count"], second["current_page"]] == [8, 2]
        ids = [item["id"] for item in first["results"] + second["results"]]
        assert ids[3:] == made
        assert len(set(ids)) == 33

    def test_a_page_after_the_last_is_empty(self, api: Api) -> None:
        assert api.list("/campaigns", page=2)["results"] == []

    def test_totals_are_not_promised(self, api: Api) -> None:
        assert not {"total_count", "total_pages"} & set(api.list("/campaigns"))

    def test_the_default_seed(self, api: Api) -> None:
        assert [item["name"] for item in api.list("/campaigns")["results"]] == ["Acme US", "Acme EU", "Bolt"]
        shops = api.list("/user_shops")["results"]
        assert [item["name"] for item in shops] == ["acme-woo", "bolt-shopify"]
        assert shops[0]["url"] == "https://shop.acme.example"
        assert set(shops[0]) == {"id", "name", "description", "enabled", "created_date_unix", "url"}


class TestPortal:
    def test_a_create_answers_only_the_id_and_a_sentence(self, api: Api) -> None:
        answer = api.post("/customer_portals", api.portal_body())
        assert set(answer) == ENVELOPE | {"customer_portal_id", "result"}
        assert ID.fullmatch(answer["customer_portal_id"])

    def test_a_get_answers_the_fields_beside_the_envelope(self, api: Api) -> None:
        body = api.portal_body(
            description="About it",
            customer_permissions={"credit_card_add": True},
            customer_filters={"campaign": ["campaignAcmeUS000001"], "third_party_shop": ["shopAcmeWoo000000001"]},
            display_name="Acme!",
            footer_html="<b>f</b>",
            create_non_existing_customer=True,
            campaign="campaignBolt00000001",
        )
        portal_id = api.post("/customer_portals", body)["customer_portal_id"]
        answer = api.get(f"/customer_portals/{portal_id}")
        assert answer["id"] == portal_id
        assert answer["description"] == "About it"
        assert answer["enabled"] is True
        assert answer["tracking_domain"] == {"id": body["tracking_domain"], "name": "acme.com"}
        assert answer["smtp_profile"] == {"id": body["smtp_profile"], "name": "Acme mail"}
        assert set(answer["customer_permissions"]) == PERMISSIONS
        assert [name for name, given in answer["customer_permissions"].items() if given] == ["credit_card_add"]
        assert answer["customer_filters"] == {
            "campaign": [{"id": "campaignAcmeUS000001", "name": "Acme US"}],
            "third_party_shop": [{"id": "shopAcmeWoo000000001", "name": "acme-woo"}],
        }
        assert answer["customer_emails"]["customer_account_confirmation"] == {
            "from": "portal@acme.com",
            "from_name": "",
            "subject": "",
            "cc": [],
            "bcc": [],
            "html": "<p>{{email_code}}</p>",
        }
        assert answer["display_name"] == "Acme!"
        assert answer["campaign"]["name"] == "Bolt"
        assert abs(answer["created_date_unix"] - time.time()) < 5
        assert "url" not in answer

    def test_secrets_are_never_answered_and_kept_as_digests(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal()
        answer = api.get(f"/customer_portals/{portal_id}")
        assert answer["recaptcha"] == {"site_key": "a-site-key"}
        stored = sandbox.object("customer_portal", portal_id)["recaptcha"]["secret_key"]
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", stored)
        assert sandbox.objects("smtp_profile")[0]["password"].startswith("sha256:")

    def test_an_edit_is_partial(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(description="old", display_name="kept")
        before = sandbox.object("customer_portal", portal_id)
        answer = api.post(f"/customer_portals/{portal_id}", {"enabled": False})
        assert set(answer) == ENVELOPE | {"customer_portal_id", "result"}
        assert sandbox.object("customer_portal", portal_id) == {**before, "enabled": False}

    def test_an_edit_replaces_nested_objects_and_arrays_whole(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(
            customer_permissions={"trial_cancel": True, "trial_expire": True},
            customer_filters={"campaign": ["campaignAcmeUS000001", "campaignAcmeEU000001"], "third_party_shop": []},
        )
        api.post(
            f"/customer_portals/{portal_id}",
            {
                "customer_permissions": {"contact_modify": True},
                "customer_filters": {"third_party_shop": ["shopAcmeWoo000000001"]},
            },
        )
        stored = sandbox.object("customer_portal", portal_id)
        assert [name for name, given in stored["customer_permissions"].items() if given] == ["contact_modify"]
        assert stored["customer_filters"] == {"campaign": [], "third_party_shop": ["shopAcmeWoo000000001"]}

    def test_an_edit_of_the_emails_takes_both(self, api: Api) -> None:
        portal_id = api.portal()
        one = {"customer_account_confirmation": {"from": "a@acme.com", "html": "{{email_code}}"}}
        message = api.refusal(f"/customer_portals/{portal_id}", {"customer_emails": one})
        assert "customer_emails.customer_account_password_reset" in message

    @pytest.mark.parametrize("missing", ["name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails"])
    def test_required_keys(self, sandbox: Sandbox, api: Api, missing: str) -> None:
        body = api.portal_body()
        del body[missing]
        assert f"'{missing}' is required" in api.refusal("/customer_portals", body)
        assert sandbox.objects("customer_portal") == []

    @pytest.mark.parametrize(
        ("path", "key"),
        [
            ((), "logo"),
            ((), "id"),
            ((), "created_date_unix"),
            ((), "customer_filter"),
            (("recaptcha",), "version"),
            (("customer_emails",), "welcome"),
            (("customer_emails", "customer_account_confirmation"), "from_address"),
            (("customer_permissions",), "card_add"),
            (("customer_filters",), "product"),
        ],
    )
    def test_schemas_are_closed_at_every_level(self, api: Api, path: tuple[str, ...], key: str) -> None:
        body = api.portal_body(customer_permissions={}, customer_filters={})
        place: dict[str, Any] = body
        for step in path:
            place = place[step]
        place[key] = "x"
        assert f"Unknown field '{'.'.join((*path, key))}'" in api.refusal("/customer_portals", body)

    @pytest.mark.parametrize(
        ("settings", "wrong"),
        [
            ({"name": 1}, "'name' must be a string"),
            ({"name": "  "}, "'name' must not be blank"),
            ({"description": None}, "'description' must be a string"),
            ({"enabled": "true"}, "'enabled' must be a boolean"),
            ({"enabled": 1}, "'enabled' must be a boolean"),
            ({"recaptcha": "x"}, "'recaptcha' must be an object"),
            ({"recaptcha": {"site_key": "x"}}, "'recaptcha.secret_key' is required"),
            ({"customer_permissions": {"trial_cancel": 1}}, "'customer_permissions.trial_cancel' must be a boolean"),
            (
                {"customer_filters": {"campaign": "campaignAcmeUS000001"}},
                "'customer_filters.campaign' must be an array",
            ),
            ({"customer_filters": {"campaign": ["Acme US"]}}, "'customer_filters.campaign' must be an array of IDs"),
            ({"campaign": 7}, "'campaign' must be an ID"),
        ],
    )
    def test_values_must_fit(self, api: Api, settings: dict[str, Any], wrong: str) -> None:
        assert wrong in api.refusal("/customer_portals", {**api.portal_body(), **settings})

    @pytest.mark.parametrize(
        ("key", "value", "wrong"),
        [
            ("from", "nobody", "not an email address"),
            ("from", "", "must not be blank"),
            ("cc", "a@acme.com", "must be an array of strings"),
            ("cc", ["a b@acme.com"], "not an email address"),
            ("html", "<p>no code</p>", "{{email_code}}"),
            ("html", "", "{{email_code}}"),
            ("html", "{{ email code }}", "{{email_code}}"),
        ],
    )
    @pytest.mark.parametrize("email", ["customer_account_confirmation", "customer_account_password_reset"])
    def test_emails_must_fit(self, api: Api, email: str, key: str, value: object, wrong: str) -> None:
        body = api.portal_body()
        body["customer_emails"][email][key] = value
        assert wrong in api.refusal("/customer_portals", body)
        portal_id = api.portal(name="Bolt")
        edit = {"customer_emails": body["customer_emails"]}
        assert wrong in api.refusal(f"/customer_portals/{portal_id}", edit)

    @pytest.mark.parametrize("nothing", ["", None])
    def test_the_campaign_can_be_taken_away(self, sandbox: Sandbox, api: Api, nothing: str | None) -> None:
        portal_id = api.portal(campaign="campaignBolt00000001")
        api.post(f"/customer_portals/{portal_id}", {"campaign": nothing})
        assert sandbox.object("customer_portal", portal_id)["campaign"] is None

    @pytest.mark.parametrize(
        ("settings", "what"),
        [
            ({"tracking_domain": "x" * 20}, "tracking domain"),
            ({"smtp_profile": "x" * 20}, "SMTP profile"),
            ({"campaign": "x" * 20}, "campaign"),
            ({"customer_filters": {"campaign": ["campaignAcmeUS000001", "x" * 20]}}, "campaign"),
            ({"customer_filters": {"third_party_shop": ["x" * 20]}}, "third party shop"),
        ],
    )
    def test_unknown_references_are_refused(
        self, sandbox: Sandbox, api: Api, settings: dict[str, Any], what: str
    ) -> None:
        body = {**api.portal_body(), **settings}
        assert f"there is no {what} {'x' * 20}" in api.refusal("/customer_portals", body)
        portal_id = api.portal(name="Bolt")
        before = sandbox.object("customer_portal", portal_id)
        assert "there is no" in api.refusal(f"/customer_portals/{portal_id}", settings)
        assert sandbox.object("customer_portal", portal_id) == before

    def test_the_domain_needs_an_active_certificate(self, sandbox: Sandbox, api: Api) -> None:
        raw = api.post("/tracking_domains", {"name": "raw", "domain": "raw.com"})["tracking_domain_id"]
        assert "certificate" in api.refusal("/customer_portals", api.portal_body(tracking_domain=raw))
        portal_id = api.portal(name="Bolt")
        assert "certificate" in api.refusal(f"/customer_portals/{portal_id}", {"tracking_domain": raw})
        api.post(f"/tracking_domains/{raw}/initialize_ssl")
        api.post(f"/customer_portals/{portal_id}", {"tracking_domain": raw})
        assert sandbox.object("customer_portal", portal_id)["url"] == f"https://raw.com/portal/{portal_id}"


class TestNames:
    @pytest.mark.parametrize("plural", ["tracking_domains", "smtp_profiles", "customer_portals", "url_parameter_sets"])
    def test_a_name_is_unique_within_its_type(self, api: Api, plural: str) -> None:
        others = {"tracking_domain": api.ready_domain("unrelated.com"), "smtp_profile": api.profile("Unrelated")}
        bodies: dict[str, dict[str, Any]] = {
            "tracking_domains": {"domain": "same.com"},
            "smtp_profiles": smtp_profile(),
            "customer_portals": api.portal_body(**others),
            "url_parameter_sets": {},
        }

        def body(name: str) -> dict[str, Any]:
            return {**bodies[plural], "name": name}

        first = api.post(f"/{plural}", body("First"))
        second = api.post(f"/{plural}", body("Second"))
        assert "already exists" in api.refusal(f"/{plural}", body("First"), status=409)
        first_id, second_id = first[f"{plural[:-1]}_id"], second[f"{plural[:-1]}_id"]
        assert "already exists" in api.refusal(f"/{plural}/{second_id}", {"name": "First"}, status=409)
        api.post(f"/{plural}/{first_id}", {"name": "First"})

    def test_another_type_may_use_the_name(self, api: Api) -> None:
        api.post("/url_parameter_sets", {"name": "Acme mail"})
        api.profile("Acme mail")


class TestOtherObjects:
    def test_a_profile_is_created_and_edited(self, sandbox: Sandbox, api: Api) -> None:
        profile_id = api.post("/smtp_profiles", smtp_profile(secure="tls"))["smtp_profile_id"]
        before = sandbox.object("smtp_profile", profile_id)
        assert before["secure"] == "tls"
        api.post(f"/smtp_profiles/{profile_id}", {"port": 25, "password": "another", "enabled": False})
        after = sandbox.object("smtp_profile", profile_id)
        assert [after["port"], after["enabled"], after["host"]] == [25, False, before["host"]]
        assert after["password"] not in (before["password"], "another")

    @pytest.mark.parametrize(
        ("settings", "wrong"),
        [
            ({"port": 0}, "from 1 to 65535"),
            ({"port": 65536}, "from 1 to 65535"),
            ({"port": "587"}, "must be an integer"),
            ({"port": 587.0}, "must be an integer"),
            ({"port": True}, "must be an integer"),
            ({"secure": "ssl"}, "one of none, starttls, tls"),
            ({"secure": True}, "must be a string"),
            ({"password": ""}, "must not be blank"),
            ({"from_address": "a@acme.com"}, "Unknown field 'from_address'"),
        ],
    )
    def test_a_profile_must_fit(self, api: Api, settings: dict[str, Any], wrong: str) -> None:
        message = api.refusal("/smtp_profiles", smtp_profile(**settings))
        assert wrong in message
        assert "canary" not in message

    @pytest.mark.parametrize("missing", ["name", "host", "port", "username", "password"])
    def test_what_a_profile_needs(self, api: Api, missing: str) -> None:
        body = smtp_profile()
        del body[missing]
        assert f"'{missing}' is required" in api.refusal("/smtp_profiles", body)

    def test_a_parameter_set_is_created_read_listed_and_edited(self, api: Api) -> None:
        parameters = [{"url_parameter": "utm", "metadata_name": "source"}]
        set_id = api.post("/url_parameter_sets", {"name": "utm", "url_parameters": parameters})["url_parameter_set_id"]
        assert api.get(f"/url_parameter_sets/{set_id}")["url_parameters"] == parameters
        api.post(f"/url_parameter_sets/{set_id}", {"url_parameters": []})
        assert api.list("/url_parameter_sets")["results"][0]["url_parameters"] == []
        wrong = {"name": "b", "url_parameters": [{"url_parameter": "u", "metadata_name": "m", "x": 1}]}
        assert "'url_parameters[0].x'" in api.refusal("/url_parameter_sets", wrong)
        nameless = {"name": "b", "url_parameters": [{"metadata_name": "m"}]}
        assert "'url_parameters[0].url_parameter' is required" in api.refusal("/url_parameter_sets", nameless)
        assert "array of objects" in api.refusal("/url_parameter_sets", {"name": "b", "url_parameters": ["u"]})

    def test_a_parameter_may_be_saved_under_its_own_name(self, api: Api) -> None:
        for parameters in ([{"url_parameter": "utm"}], [{"url_parameter": "utm", "metadata_name": ""}]):
            body = {"name": f"a set {parameters}", "url_parameters": parameters}
            set_id = api.post("/url_parameter_sets", body)["url_parameter_set_id"]
            stored = api.get(f"/url_parameter_sets/{set_id}")["url_parameters"]
            assert stored == [{"url_parameter": "utm", "metadata_name": ""}]

    def test_a_domain_refers_to_parameter_sets(self, api: Api) -> None:
        set_id = api.post("/url_parameter_sets", {"name": "utm"})["url_parameter_set_id"]
        body = {"name": "acme", "domain": "acme.com", "url_parameter_sets": [set_id]}
        domain_id = api.post("/tracking_domains", body)["tracking_domain_id"]
        assert api.get(f"/tracking_domains/{domain_id}")["url_parameter_sets"] == [{"id": set_id, "name": "utm"}]
        unknown = {"name": "b", "domain": "b.com", "url_parameter_sets": ["x" * 20]}
        assert "no URL parameter set" in api.refusal("/tracking_domains", unknown)

    @pytest.mark.parametrize("path", ["/campaigns/campaignAcmeUS000001", "/user_shops/shopAcmeWoo000000001"])
    def test_campaigns_and_shops_can_be_fetched(self, api: Api, path: str) -> None:
        assert api.get(path)["id"] == path.rpartition("/")[2]

    @pytest.mark.parametrize("plural", ["tracking_domains", "smtp_profiles", "customer_portals"])
    def test_an_edit_of_nothing_that_exists_is_refused(self, api: Api, plural: str) -> None:
        assert "was not found" in api.refusal(f"/{plural}/{'x' * 20}", {"name": "n"}, status=404)


class TestCallLog:
    def test_it_tells_what_happened(self, sandbox: Sandbox, api: Api) -> None:
        profile_id = api.profile()
        api.list("/campaigns", limit=5)
        api.refusal(f"/smtp_profiles/{profile_id}", {"port": 0})
        made, listed, refused = sandbox.calls
        assert (made["method"], made["path"], made["status"]) == ("POST", "/smtp_profiles", 200)
        assert (made["entity"], made["action"], made["key_name"]) == ("smtp_profile", "create", "demo")
        assert abs(made["at"] - time.time()) < 5
        assert (listed["entity"], listed["action"], listed["query"]) == (
            "campaign",
            "list",
            {"limit": "5", "page": "1"},
        )
        assert listed["body"] is None
        assert (refused["action"], refused["status"]) == ("edit", 400)
        assert ID.fullmatch(refused["api_call_id"])

    def test_it_holds_no_secret(self, sandbox: Sandbox, api: Api) -> None:
        api.portal()
        api.http.post("/smtp_profiles", json=smtp_profile(passwort="canary-misspelt", **{"pass": "canary-other"}))
        api.http.post("/smtp_profiles", json=[smtp_profile()])
        api.http.post("/smtp_profiles", content=b"canary-not-json")
        api.http.post("/smtp_profiles", json=smtp_profile(name={"x": "canary-nested"}, host=[["canary-deeper"]]))
        api.http.post("/elsewhere", json={"password": "canary-elsewhere"})
        api.http.post("/customer_portals", json={"recaptcha": "canary-no-group", "customer_emails": ["canary-item"]})
        text = str(sandbox.calls)
        assert "canary" not in text
        assert sandbox.api_key not in text
        assert next(c for c in sandbox.calls if c["entity"] == "smtp_profile")["body"]["password"] == "[secret]"

    def test_it_is_a_copy_and_can_be_cleared(self, sandbox: Sandbox, api: Api) -> None:
        api.list("/campaigns")
        sandbox.calls[0]["path"] = "changed"
        assert sandbox.calls[0]["path"] == "/campaigns"
        sandbox.clear_calls()
        assert sandbox.calls == []

    def test_the_latest_come_first(self, sandbox: Sandbox, api: Api) -> None:
        for page in (1, 2, 3):
            api.list("/campaigns", page=page)
        latest, count = sandbox.latest_calls(2)
        assert [call["query"]["page"] for call in latest] == ["3", "2"]
        assert count == 3
