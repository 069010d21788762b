from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.api import wire
from pulumi_revcent_portal.api.contract import Contract, status_kind

if TYPE_CHECKING:
    from pulumi_revcent_portal.api.fields import Field

CONTRACT = Contract.default()
ID = "Abcdefghij0123456789"


@pytest.mark.parametrize(
    ("entity", "action", "object_id", "expected"),
    [
        ("tracking_domain", "create", None, ("POST", "/tracking_domains")),
        ("tracking_domain", "list", None, ("GET", "/tracking_domains")),
        ("tracking_domain", "get", ID, ("GET", f"/tracking_domains/{ID}")),
        ("tracking_domain", "edit", ID, ("POST", f"/tracking_domains/{ID}")),
        ("tracking_domain", "initialize_ssl", ID, ("POST", f"/tracking_domains/{ID}/initialize_ssl")),
        ("tracking_domain", "initialize_dns", ID, ("POST", f"/tracking_domains/{ID}/initialize_dns")),
        ("smtp_profile", "create", None, ("POST", "/smtp_profiles")),
        ("smtp_profile", "edit", ID, ("POST", f"/smtp_profiles/{ID}")),
        ("customer_portal", "create", None, ("POST", "/customer_portals")),
        ("customer_portal", "get", ID, ("GET", f"/customer_portals/{ID}")),
        ("customer_portal", "edit", ID, ("POST", f"/customer_portals/{ID}")),
        ("customer_portal", "list", None, ("GET", "/customer_portals")),
        ("campaign", "list", None, ("GET", "/campaigns")),
        ("campaign", "get", ID, ("GET", f"/campaigns/{ID}")),
        ("third_party_shop", "list", None, ("GET", "/user_shops")),
        ("third_party_shop", "get", ID, ("GET", f"/user_shops/{ID}")),
        ("url_parameter_set", "create", None, ("POST", "/url_parameter_sets")),
        ("url_parameter_set", "list", None, ("GET", "/url_parameter_sets")),
        ("url_parameter_set", "get", ID, ("GET", f"/url_parameter_sets/{ID}")),
        ("url_parameter_set", "edit", ID, ("POST", f"/url_parameter_sets/{ID}")),
    ],
)
def test_paths(entity: str, action: str, object_id: str | None, expected: tuple[str, str]) -> None:
    assert CONTRACT.supports(entity, action)
    assert CONTRACT.request(entity, action, object_id) == expected


@pytest.mark.parametrize(
    ("entity", "action"),
    [
        ("smtp_profile", "get"),
        ("smtp_profile", "list"),
        ("smtp_profile", "delete"),
        ("tracking_domain", "delete"),
        ("customer_portal", "delete"),
        ("campaign", "create"),
        ("campaign", "fly"),
    ],
)
def test_what_revcent_is_not_known_to_offer(entity: str, action: str) -> None:
    assert not CONTRACT.supports(entity, action)
    with pytest.raises(ValueError, match=f"not known to offer '{action}'"):
        CONTRACT.request(entity, action, ID)


def test_an_unknown_type_is_named() -> None:
    assert not CONTRACT.supports("customer", "get")
    with pytest.raises(ValueError, match=r"no type 'customer'.*customer_portal"):
        CONTRACT.request("customer", "get", ID)


@pytest.mark.parametrize(("action", "object_id"), [("get", None), ("create", ID)])
def test_an_id_belongs_where_the_path_has_a_place_for_it(action: str, object_id: str | None) -> None:
    with pytest.raises(ValueError, match="ID"):
        CONTRACT.request("customer_portal", action, object_id)


@pytest.mark.parametrize("object_id", ["", "..", "a/b", "a?b", "a b", "a\n", "x" * 65, "é"])
def test_only_ids_get_into_a_path(object_id: str) -> None:
    with pytest.raises(ValueError, match="20 letters and digits"):
        CONTRACT.request("customer_portal", "get", object_id)


def test_pages_count_from_one_and_are_as_large_as_allowed() -> None:
    assert CONTRACT.page_query("campaign", 3) == {"limit": "25", "page": "3"}


def test_a_list_may_demand_a_period() -> None:
    listing = CONTRACT.operations["campaign", "list"]
    query = (("date_start", "0"), ("date_end", "now"))
    contract = Contract({**CONTRACT.operations, ("campaign", "list"): dataclasses.replace(listing, query=query)})
    before = int(time.time())
    asked = contract.page_query("campaign", 1)
    assert asked["date_start"] == "0"
    assert before <= int(asked["date_end"]) <= time.time()


@pytest.mark.parametrize(
    ("answer", "created"),
    [
        ({"customer_portal_id": ID, "id": "other"}, ID),
        ({"id": ID}, ID),
        ({"customer_portal_id": "", "id": ID}, ID),
        ({"customer_portal_id": "of another length"}, "of another length"),
    ],
)
def test_the_id_of_a_created_object(answer: dict[str, Any], created: str) -> None:
    assert CONTRACT.created_id("customer_portal", answer) == created


def test_a_created_shop_would_go_by_revcents_own_name() -> None:
    assert CONTRACT.created_id("third_party_shop", {"user_shop_id": ID}) == ID


@pytest.mark.parametrize("answer", [{}, {"customer_portal_id": 5}, {"tracking_domain_id": ID}])
def test_a_create_without_an_id_says_what_is_missing(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="which customer portal was created"):
        CONTRACT.created_id("customer_portal", answer)


def test_items_are_objects() -> None:
    assert CONTRACT.items({"results": [{"id": ID}, "junk", None]}) == [{"id": ID}]


@pytest.mark.parametrize("answer", [{}, {"results": {"id": ID}}, {"results": None}])
def test_a_list_without_results_is_none(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no list"):
        CONTRACT.items(answer)


@pytest.mark.parametrize(("code", "succeeded"), [(1, True), ("1", True), (1.0, True), (0, False), (2, False)])
def test_the_envelope_says_whether_it_worked(code: Any, succeeded: bool) -> None:
    assert CONTRACT.envelope({"code": code}).succeeded is succeeded


def test_the_envelope_carries_what_a_person_needs() -> None:
    envelope = CONTRACT.envelope({"api_call_id": "c", "code": 0, "error_code": "e", "message": "m", "result": "r"})
    assert (envelope.call_id, envelope.error_code, envelope.message) == ("c", "e", "m")
    assert CONTRACT.envelope({"code": 0, "result": "r"}).message == "r"
    assert CONTRACT.envelope({"message": "m"}).code is None


def test_secrets_are_found_and_left_out_at_any_depth() -> None:
    portal = {"name": "n", "campaign": None, "recaptcha": {"site_key": "s", "secret_key": "hidden"}}
    assert CONTRACT.secrets("customer_portal", portal) == ["hidden"]
    assert CONTRACT.without_secrets("customer_portal", portal) == {"name": "n", "recaptcha": {"site_key": "s"}}
    assert CONTRACT.secrets("smtp_profile", {"password": "hidden", "username": "u"}) == ["hidden"]
    assert CONTRACT.secrets("smtp_profile", {"password": None}) == []


def test_references_are_found_at_any_depth() -> None:
    portal = {
        "name": "n",
        "tracking_domain": "d",
        "smtp_profile": None,
        "customer_filters": {"campaign": ["c1", "c2"], "third_party_shop": []},
        "campaign": "c3",
    }
    assert sorted(CONTRACT.references("customer_portal", portal)) == ["c1", "c2", "c3", "d"]


@pytest.mark.parametrize(
    "word", ["issued", "ACTIVE", "Complete", "completed", "success", "ready", "valid", " Verified "]
)
def test_words_for_ready(word: str) -> None:
    assert status_kind(word) == "ready"


@pytest.mark.parametrize("word", ["failed", "Error", "expired", "revoked", "Validation-Timed out", "inactive"])
def test_words_for_failed(word: str) -> None:
    assert status_kind(word) == "failed"


@pytest.mark.parametrize("word", ["pending", "", None, "not_active", "issuing", "活"])
def test_every_other_word_means_pending(word: str | None) -> None:
    assert status_kind(word) == "pending"


def walk(fields: tuple[Field, ...]) -> list[Field]:
    return [found for field in fields for found in (field, *walk(field.fields))]


def test_the_tables_are_free_of_contradictions() -> None:
    for entity in wire.ENTITIES:
        for level in (entity.fields, *(field.fields for field in walk(entity.fields))):
            names = [field.name for field in level]
            assert len(names) == len(set(names)), entity.name
            default_keys = [field.wire for field in level]
            assert len(default_keys) == len(set(default_keys)), entity.name
            for field in level:
                others = set(default_keys) - {field.wire}
                assert not others & set(field.alternatives), f"{entity.name}.{field.name} could be read from another"
                assert not field.required or "create" in field.writes
                assert not field.secret or not field.reads


def test_every_operation_has_its_own_request() -> None:
    requests = [(operation.method, operation.path) for operation in wire.OPERATIONS]
    assert len(requests) == len(set(requests))
    assert {operation.entity for operation in wire.OPERATIONS} == {entity.name for entity in wire.ENTITIES}


def test_the_twelve_permissions_of_the_guide() -> None:
    portal = next(entity for entity in wire.ENTITIES if entity.name == "customer_portal")
    permissions = next(field for field in portal.fields if field.name == "customer_permissions")
    assert [field.wire for field in permissions.fields] == [
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
    ]
