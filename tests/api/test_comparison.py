from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_revcent_portal.api.comparison import Comparison, compare
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.contract_file import dump_contract, read_contract_file
from pulumi_revcent_portal.api.openapi import OpenApiError, Specification
from tests.api.openapi_made import (
    TEXT,
    agreeing,
    answer_of,
    body_of,
    listing,
    offering_more,
    post,
    rename,
    spelt_otherwise,
)

BASE = "https://api.revcent.com/v2"
ID = "Abcdefghij0123456789"
Change = Callable[[dict[str, Any]], Any]


def compared(description: dict[str, Any], contract: Contract | None = None, base_url: str = BASE) -> Comparison:
    return compare(contract or Contract.default(), Specification(description, "spec.json"), base_url)


def verdicts(comparison: Comparison, *harmless: str) -> dict[str, str]:
    """Return the verdicts that do not agree, by place and subject."""
    return {
        f"{finding.place} {finding.subject}": finding.verdict
        for finding in comparison.findings
        if finding.verdict not in {"agrees", *harmless}
    }


def changed(change: Change) -> dict[str, Any]:
    description = agreeing()
    change(description)
    return description


def test_a_description_that_agrees() -> None:
    comparison = compared(agreeing())
    assert verdicts(comparison, "undescribed") == {}
    assert comparison.agrees
    assert comparison.resolved.spellings == {}
    assert comparison.resolved.operations == Contract.default().operations
    assert comparison.resolved.source == "spec.json"


def test_everything_that_is_sent_was_compared() -> None:
    subjects = {f"{finding.place} {finding.subject}" for finding in compared(agreeing()).findings}
    for place in ("customer_portal.create", "customer_portal.edit"):
        assert f"{place} customer_emails.password_reset.from_address" in subjects
        assert f"{place} customer_permissions.salvage_transaction_process" in subjects
        assert f"{place} customer_filters.third_party_shop" in subjects
        assert f"{place} recaptcha.secret_key" in subjects
    assert "smtp_profile.create secure" in subjects
    assert "url_parameter_set.create url_parameters.metadata_name" in subjects
    assert "tracking_domain.get cname_records" in subjects


def test_other_spellings_are_resolved_per_operation() -> None:
    comparison = compared(spelt_otherwise())
    assert set(verdicts(comparison, "undescribed").values()) == {"spelt differently"}
    assert not comparison.agrees
    resolved = comparison.resolved
    assert resolved.encode("smtp_profile", "create", {"host": "h", "port": 25, "secure": "tls", "password": "p"}) == {
        "smtp_host": "h",
        "smtp_port": 25,
        "encryption": "SSL",
        "pass": "p",
    }
    assert resolved.encode("smtp_profile", "edit", {"secure": "none", "username": "u"}) == {
        "encryption": "NONE",
        "user": "u",
    }
    assert resolved.encode("tracking_domain", "create", {"domain": "acme.com"}) == {"root_domain": "acme.com"}
    assert resolved.encode(
        "customer_portal",
        "edit",
        {
            "customer_emails": {"confirmation": {"html": "a"}, "password_reset": {"html": "b"}},
            "customer_filters": {"campaign": []},
            "campaign": ID,
            "footer_html": "f",
        },
    ) == {
        "customer_emails": {
            "account_confirmation": {"template_html": "a"},
            "customer_account_password_reset": {"template_html": "b"},
        },
        "filters": {"campaign": []},
        "campaign_id": ID,
        "footer": "f",
    }
    assert resolved.request("tracking_domain", "initialize_dns", ID) == ("POST", f"/tracking_domains/{ID}/dns")
    assert resolved.decode(
        "customer_portal", {"customer_filters": {"campaign": ["x"]}, "filters": {"campaign": []}}
    ) == {"customer_filters": {"campaign": []}}


@pytest.mark.parametrize("description", [spelt_otherwise(), offering_more()], ids=["spellings", "more"])
def test_a_contract_written_from_a_description_agrees_with_it(description: dict[str, Any], tmp_path: Any) -> None:
    first = compared(description)
    assert not first.agrees
    path = tmp_path / "contract.json"
    path.write_text(dump_contract(first.resolved), encoding="utf-8")
    written = read_contract_file(path)
    second = compared(description, written)
    assert verdicts(second, "undescribed") == {}
    assert second.agrees
    assert second.resolved == written
    assert not compared(agreeing(), written).agrees


def test_deletes_and_mail_profiles_are_found_and_then_offered() -> None:
    comparison = compared(offering_more())
    assert verdicts(comparison, "undescribed") == {
        f"{entity}.{action} path": "offered"
        for entity, action in (
            ("tracking_domain", "delete"),
            ("smtp_profile", "delete"),
            ("smtp_profile", "get"),
            ("smtp_profile", "list"),
            ("customer_portal", "delete"),
            ("url_parameter_set", "delete"),
        )
    }
    assert not comparison.agrees
    assert comparison.resolved.request("customer_portal", "delete", ID) == ("POST", f"/customer_portals/{ID}/delete")
    assert comparison.resolved.request("smtp_profile", "list") == ("GET", "/smtp_profiles")
    assert comparison.resolved.supports("smtp_profile", "get")


# --- operations ----------------------------------------------------------------------------------------------


def move(description: dict[str, Any], old: str, new: str) -> None:
    description["paths"][new] = description["paths"].pop(old)


@pytest.mark.parametrize(
    ("server", "prefix"),
    [
        ("https://api.revcent.com", "/v2"),
        ("https://api.revcent.com/v2", ""),
        ("https://api.revcent.com/v2/", ""),
        ("https://{host}/v2", ""),
        ("/v2", ""),
        ("/", "/v2"),
        ("", "/v2"),
        ("", ""),
    ],
)
def test_the_version_may_stand_in_the_server_or_in_the_paths(server: str, prefix: str) -> None:
    description = agreeing()
    description["paths"] = {prefix + path.removeprefix("/v2"): item for path, item in description["paths"].items()}
    description["servers"] = [{"url": server, "variables": {"host": {"default": "api.revcent.com"}}}]
    if not server:
        del description["servers"]
    comparison = compared(description)
    assert verdicts(comparison, "undescribed") == {}
    assert comparison.resolved.operations == Contract.default().operations


@pytest.mark.parametrize(
    ("server", "theirs"),
    [
        ("https://api2.revcent.com", "https://api2.revcent.com/v2"),
        ("https://api.revcent.com/api", "https://api.revcent.com/api/v2"),
        ("/api", "/api/v2"),
    ],
)
def test_another_address_differs(server: str, theirs: str) -> None:
    description = agreeing()
    description["servers"] = [{"url": server}]
    comparison = compared(description)
    assert verdicts(comparison, "undescribed") == {" base URL": "differs"}
    assert comparison.findings[0].theirs == theirs
    assert compared(description, base_url=theirs if "://" in theirs else BASE.replace("/v2", theirs)).agrees


@pytest.mark.parametrize(
    ("path", "method", "name", "expected"),
    [
        ("/v2/customer-portals/{id}", "get", "GetCustomerPortal", ("GET", f"/customer-portals/{ID}")),
        ("/v2/customer-portals/{id}", "get", "get_customer_portal", ("GET", f"/customer-portals/{ID}")),
        ("/v2/customer-portals/{id}", "get", "RetrieveCustomerPortal", ("GET", f"/customer-portals/{ID}")),
        ("/v2/portals/{id}", "get", "getCustomerPortal", ("GET", f"/portals/{ID}")),
    ],
)
def test_an_operation_on_another_path_is_found_by_its_name(
    path: str, method: str, name: str, expected: tuple[str, str]
) -> None:
    description = agreeing()
    operation = description["paths"]["/v2/customer_portals/{customer_portal_id}"].pop(method)
    operation["operationId"] = name
    description["paths"][path] = {method: operation}
    comparison = compared(description)
    assert verdicts(comparison, "undescribed") == {"customer_portal.get path": "spelt differently"}
    assert comparison.resolved.request("customer_portal", "get", ID) == expected


def test_an_operation_on_its_path_is_found_whatever_its_name() -> None:
    def strip_names(description: dict[str, Any]) -> None:
        for item in description["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict):
                    operation.pop("operationId", None)

    assert compared(changed(strip_names)).agrees


def test_an_edit_by_another_verb_and_method() -> None:
    description = agreeing()
    edit = description["paths"]["/v2/user_shops/{user_shop_id}"]
    edit["get"]["operationId"] = "GetThirdPartyShop"
    move(description, "/v2/user_shops/{user_shop_id}", "/v2/third_party_shops/{shop}")
    portal = description["paths"]["/v2/customer_portals/{customer_portal_id}"]
    portal["patch"] = portal.pop("post")
    portal["patch"]["operationId"] = "UpdateCustomerPortal"
    comparison = compared(description)
    assert comparison.resolved.request("customer_portal", "edit", ID) == ("PATCH", f"/customer_portals/{ID}")
    assert comparison.resolved.request("third_party_shop", "get", ID) == ("GET", f"/third_party_shops/{ID}")


def test_a_missing_operation_is_told_and_a_missing_list_is_not_tried() -> None:
    def remove(description: dict[str, Any]) -> None:
        del description["paths"]["/v2/customer_portals"]["get"]
        del description["paths"]["/v2/tracking_domains/{tracking_domain_id}/initialize_ssl"]

    comparison = compared(changed(remove))
    assert verdicts(comparison, "undescribed") == {
        "customer_portal.list path": "missing",
        "tracking_domain.initialize_ssl path": "missing",
    }
    assert not comparison.resolved.supports("customer_portal", "list")
    assert comparison.resolved.supports("tracking_domain", "initialize_ssl")


@pytest.mark.parametrize("path", ["/v2/portal/{a}/{b}", "/v2/portal", "/v2/portal x/{id}", "/v2/portal/{id}.json"])
def test_a_path_that_cannot_be_used_differs(path: str) -> None:
    description = agreeing()
    operation = description["paths"]["/v2/customer_portals/{customer_portal_id}"].pop("get")
    description["paths"][path] = {"get": operation}
    comparison = compared(description)
    assert verdicts(comparison, "undescribed") == {"customer_portal.get path": "differs"}
    assert comparison.resolved.operations == Contract.default().operations


def test_a_description_of_something_else_is_not_compared() -> None:
    with pytest.raises(OpenApiError, match=r"spec\.json describes none of the operations"):
        compared({"openapi": "3.0.0", "paths": {"/pets": {"get": {}}}})


# --- lists ---------------------------------------------------------------------------------------------------


def test_a_list_that_demands_a_period_gets_all_of_time() -> None:
    def demand(description: dict[str, Any]) -> None:
        parameters = description["paths"]["/v2/campaigns"]["get"]["parameters"]
        parameters += [{"name": name, "in": "query", "required": True} for name in ("date_start", "date_end")]
        parameters.append({"name": "search", "in": "query"})
        parameters.append({"name": "x-trace", "in": "header", "required": True})

    comparison = compared(changed(demand))
    assert verdicts(comparison, "undescribed") == {"campaign.list query": "spelt differently"}
    query = comparison.resolved.page_query("campaign", 1)
    assert query["date_start"] == "0"
    assert int(query["date_end"]) > 1_700_000_000
    assert compared(changed(demand), comparison.resolved).agrees
    back = compared(agreeing(), comparison.resolved)
    assert verdicts(back, "undescribed") == {"campaign.list query": "spelt differently"}
    assert back.resolved.page_query("campaign", 1) == {"limit": "25", "page": "1"}


def test_a_list_that_demands_something_unheard_of_differs() -> None:
    def demand(description: dict[str, Any]) -> None:
        item = description["paths"]["/v2/campaigns"]
        item["parameters"] = [{"name": "brand", "in": "query", "required": True}]

    comparison = compared(changed(demand))
    assert verdicts(comparison, "undescribed") == {"campaign.list query": "differs"}
    assert comparison.resolved.page_query("campaign", 1) == {"limit": "25", "page": "1"}


def test_smaller_pages_and_other_page_parameters_differ() -> None:
    def shrink(description: dict[str, Any]) -> None:
        description["components"]["parameters"]["Limit"]["schema"]["maximum"] = 10
        description["paths"]["/v2/user_shops"]["get"]["parameters"] = [{"name": "offset", "in": "query"}]
        del description["paths"]["/v2/url_parameter_sets"]["get"]["parameters"]

    assert verdicts(compared(changed(shrink)), "undescribed") == {
        "tracking_domain.list limit": "differs",
        "customer_portal.list limit": "differs",
        "campaign.list limit": "differs",
        "third_party_shop.list limit": "missing",
        "third_party_shop.list page": "missing",
    }


def test_a_list_that_answers_under_another_key_is_missing() -> None:
    def rename_items(description: dict[str, Any]) -> None:
        fields = answer_of(description, "/v2/campaigns")
        fields["items"] = fields.pop("results")

    assert verdicts(compared(changed(rename_items)), "undescribed") == {"campaign.list items": "missing"}


# --- fields that are sent ------------------------------------------------------------------------------------

CREATE = "/v2/customer_portals"
MAIL = "/v2/smtp_profiles"


def with_property(path: str, name: str, schema: Any) -> Change:
    def change(description: dict[str, Any]) -> None:
        body_of(description, path)["properties"][name] = schema

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (with_property(MAIL, "port", {"type": "string"}), {"smtp_profile.create port": "differs"}),
        (with_property(MAIL, "enabled", {"type": ["integer", "null"]}), {"smtp_profile.create enabled": "differs"}),
        (
            with_property(CREATE, "tracking_domain", {"type": "object"}),
            {"customer_portal.create tracking_domain": "differs"},
        ),
        (
            with_property(CREATE, "customer_filters", {"type": "array"}),
            {"customer_portal.create customer_filters": "differs"},
        ),
        (with_property(MAIL, "port", {"type": ["integer", "null"]}), {}),
        (with_property(MAIL, "port", {"type": "number"}), {}),
        (with_property(MAIL, "port", {}), {}),
        (with_property(MAIL, "port", True), {}),
        (with_property(MAIL, "description", {"anyOf": [{"type": "string"}, {"type": "null"}]}), {}),
        (with_property(MAIL, "description", {"oneOf": [{"type": "string"}, {"type": "integer"}]}), {}),
        (with_property(MAIL, "region", TEXT), {"smtp_profile.create region": "unused"}),
        (with_property(MAIL, "secure", {"type": "string"}), {}),
        (with_property(MAIL, "secure", {"enum": ["none", "tls"]}), {"smtp_profile.create secure": "differs"}),
        (with_property(MAIL, "secure", {"enum": ["a", 1]}), {"smtp_profile.create secure": "differs"}),
        (with_property(MAIL, "secure", {"type": "integer"}), {"smtp_profile.create secure": "differs"}),
        (
            with_property(MAIL, "secure", {"enum": ["", "start_tls", "tls", "ssl", "x"]}),
            {"smtp_profile.create secure": "spelt differently"},
        ),
        (with_property(MAIL, "secure", {"type": "boolean"}), {"smtp_profile.create secure": "spelt differently"}),
    ],
)
def test_the_shape_of_what_is_sent(change: Change, expected: dict[str, str]) -> None:
    assert verdicts(compared(changed(change)), "undescribed") == expected


def test_words_and_truth_values_for_encryption_are_resolved() -> None:
    words = compared(changed(with_property(MAIL, "secure", {"enum": ["", "start_tls", "tls", "ssl"]}))).resolved
    assert [words.encode("smtp_profile", "create", {"secure": word}) for word in ("none", "starttls", "tls")] == [
        {"secure": ""},
        {"secure": "start_tls"},
        {"secure": "tls"},
    ]
    flags = compared(changed(with_property(MAIL, "secure", {"type": "boolean"}))).resolved
    assert [flags.encode("smtp_profile", "create", {"secure": word}) for word in ("none", "starttls", "tls")] == [
        {"secure": False},
        {"secure": True},
        {"secure": True},
    ]


def require(path: str, *names: str) -> Change:
    def change(description: dict[str, Any]) -> None:
        schema = body_of(description, path)
        for name in names:
            schema["properties"].setdefault(name, TEXT)
            schema["required"].append(name)

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (require(MAIL, "description"), {"smtp_profile.create description": "differs"}),
        (require(MAIL, "region"), {"smtp_profile.create region": "differs"}),
        (require("/v2/smtp_profiles/{smtp_profile_id}", "name"), {"smtp_profile.edit name": "differs"}),
        (require(MAIL, "name"), {}),
    ],
)
def test_what_is_required_there_but_not_here_differs(change: Change, expected: dict[str, str]) -> None:
    assert verdicts(compared(changed(change)), "undescribed") == expected


def test_a_missing_field_is_told_once_for_all_that_is_in_it() -> None:
    def remove(description: dict[str, Any]) -> None:
        schema = body_of(description, CREATE)
        del schema["properties"]["customer_emails"]
        schema["required"].remove("customer_emails")
        del schema["properties"]["customer_permissions"]["properties"]["trial_cancel"]

    assert verdicts(compared(changed(remove)), "undescribed") == {
        "customer_portal.create customer_emails": "missing",
        "customer_portal.create customer_permissions.trial_cancel": "missing",
    }


def test_a_key_is_not_taken_for_two_fields() -> None:
    def swap(description: dict[str, Any]) -> None:
        emails = body_of(description, CREATE)["properties"]["customer_emails"]
        rename(emails, "customer_account_confirmation", "password_reset")
        rename(emails, "customer_account_password_reset", "confirmation")

    found = verdicts(compared(changed(swap)), "undescribed")
    assert set(found.values()) == {"spelt differently"}
    assert len(found) == 2


def test_a_body_that_is_not_described_is_told_but_no_difference() -> None:
    def strip(description: dict[str, Any]) -> None:
        del description["paths"][CREATE]["post"]["requestBody"]
        description["paths"][MAIL]["post"]["requestBody"] = {"content": {}}
        del description["paths"]["/v2/campaigns/{campaign_id}"]["get"]["responses"]

    comparison = compared(changed(strip))
    found = verdicts(comparison)
    assert found["customer_portal.create body"] == "undescribed"
    assert found["smtp_profile.create body"] == "undescribed"
    assert found["campaign.get answer"] == "undescribed"
    assert comparison.agrees


def test_objects_and_lists_without_described_properties_are_taken_as_they_are() -> None:
    def loosen(description: dict[str, Any]) -> None:
        body_of(description, CREATE)["properties"]["customer_filters"] = {"type": "object"}
        body_of(description, "/v2/url_parameter_sets")["properties"]["url_parameters"] = {"type": "array"}

    assert compared(changed(loosen)).agrees


def test_compositions_and_references_are_seen_through() -> None:
    def compose(description: dict[str, Any]) -> None:
        schema = body_of(description, MAIL)
        half = {"host": schema["properties"].pop("host"), "port": schema["properties"].pop("port")}
        description["components"]["schemas"]["Half/of~it"] = {"properties": half, "required": ["host", "port"]}
        body = description["paths"][MAIL]["post"]["requestBody"]["content"]["application/json"]
        body["schema"] = {
            "oneOf": [{"allOf": [schema, {"$ref": "#/components/schemas/Half~1of~0it"}]}, {"type": "null"}]
        }
        description["components"]["requestBodies"] = {"Mail": description["paths"][MAIL]["post"]["requestBody"]}
        description["paths"][MAIL]["post"]["requestBody"] = {"$ref": "#/components/requestBodies/Mail"}

    assert verdicts(compared(changed(compose)), "undescribed") == {}


def test_only_what_every_variant_requires_is_required() -> None:
    def vary(description: dict[str, Any]) -> None:
        schema = body_of(description, MAIL)
        other = {**schema, "required": ["name", "description"]}
        schema["required"] = ["name", "enabled"]
        content = description["paths"][MAIL]["post"]["requestBody"]["content"]["application/json"]
        content["schema"] = {"anyOf": [schema, other]}

    assert compared(changed(vary)).agrees


# --- fields that are read ------------------------------------------------------------------------------------


def test_answers_in_other_spellings_are_resolved() -> None:
    def respell(description: dict[str, Any]) -> None:
        fields = answer_of(description, "/v2/tracking_domains/{tracking_domain_id}")
        fields["ssl_status"] = fields.pop("ssl")["properties"]["status"]
        fields["cname_records"] = fields["a_records"]
        fields["domain_name"] = fields.pop("domain")

    comparison = compared(changed(respell))
    assert verdicts(comparison, "undescribed") == {
        "tracking_domain.get domain": "spelt differently",
        "tracking_domain.get cname_records": "spelt differently",
        "tracking_domain.get ssl_status": "spelt differently",
    }
    assert comparison.resolved.decode("tracking_domain", {"ssl": {"status": "a"}, "ssl_status": "b"}) == {
        "ssl_status": "b"
    }


def test_what_is_needed_from_an_answer_and_not_described_is_missing() -> None:
    def remove(description: dict[str, Any]) -> None:
        fields = answer_of(description, "/v2/tracking_domains/{tracking_domain_id}")
        del fields["a_records"], fields["description"]
        del answer_of(description, "/v2/customer_portals", "post")["customer_portal_id"]
        portal = answer_of(description, "/v2/customer_portals/{customer_portal_id}")
        del portal["customer_emails"]["properties"]["customer_account_confirmation"]

    assert verdicts(compared(changed(remove)), "undescribed") == {
        "tracking_domain.get a_records": "missing",
        "tracking_domain.get description": "missing",
        "customer_portal.create id": "missing",
        "customer_portal.get customer_emails.confirmation": "missing",
    }


def test_what_nobody_knows_may_be_missing() -> None:
    found = verdicts(compared(agreeing()))
    assert found["customer_portal.get url"] == "undescribed"
    assert found["tracking_domain.get created_date"] == "undescribed"


# --- broken descriptions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("#/components/schemas/Absent", "leads nowhere"),
        ("#/paths/7", "leads nowhere"),
        ("#/servers/3", "leads nowhere"),
        ("other.json#/Email", "another document"),
        ("https://elsewhere.example/Email.json", "another document"),
        ("#/components/schemas/Loop", "in a circle"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_named(reference: str, why: str) -> None:
    description = agreeing()
    description["components"]["schemas"]["Loop"] = {"$ref": "#/components/schemas/Pool"}
    description["components"]["schemas"]["Pool"] = {"$ref": "#/components/schemas/Loop"}
    body_of(description, MAIL)["properties"]["host"] = {"$ref": reference}
    with pytest.raises(OpenApiError, match=why) as caught:
        compared(description)
    assert "spec.json" in str(caught.value)
    assert "smtp_profile.create host" in str(caught.value)


def test_a_reference_into_a_list_is_followed() -> None:
    description = agreeing()
    body_of(description, MAIL)["properties"]["host"] = {"$ref": "#/x-shared/0"}
    description["x-shared"] = [TEXT]
    assert compared(description).agrees


@pytest.mark.parametrize("key", ["allOf", "oneOf", "anyOf"])
def test_a_schema_that_contains_itself_ends_there(key: str) -> None:
    description = agreeing()
    loop = {"$ref": "#/components/schemas/Loop"}
    description["components"]["schemas"]["Loop"] = {"type": "string", key: [loop, loop, TEXT]}
    body_of(description, MAIL)["properties"]["host"] = loop
    items = {"type": "array", key: [{"$ref": "#/components/schemas/Items"}, {"type": "array"}]}
    description["components"]["schemas"]["Items"] = items
    body_of(description, "/v2/url_parameter_sets")["properties"]["url_parameters"] = items
    assert compared(description).agrees


def test_items_may_hide_in_a_composition() -> None:
    description = agreeing()
    properties = body_of(description, "/v2/url_parameter_sets")["properties"]
    described = properties["url_parameters"]
    del described["items"]["properties"]["metadata_name"]
    described["items"]["required"].remove("metadata_name")
    properties["url_parameters"] = {"allOf": [{"type": "array"}, described]}
    assert verdicts(compared(description), "undescribed") == {
        "url_parameter_set.create url_parameters.metadata_name": "missing"
    }


def test_a_bottomless_description_is_refused() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(5000):
        schema = {"allOf": [schema]}
    description = agreeing()
    body_of(description, MAIL)["properties"]["host"] = schema
    with pytest.raises(OpenApiError, match="nested too deeply"):
        compared(description)


def test_what_is_not_ours_may_be_broken() -> None:
    description = agreeing()
    description["paths"]["/v2/customers"]["get"]["responses"] = {"200": {"$ref": "#/nowhere"}}
    description["paths"]["/v2/webhooks"] = {"post": post("CreateWebhook", {"$ref": "#/nowhere"})}
    description["paths"]["/v2/notes"] = {"get": listing("GetNotes", {})}
    assert compared(description).agrees
