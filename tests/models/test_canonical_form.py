"""`dump()` is the canonical form: complete, idempotent, in the user's order, and blind to values not known yet."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import Output
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import (
    CustomerPortalInputs,
    Model,
    RecaptchaInputs,
    SmtpProfileInputs,
    TrackingDomainInputs,
    UrlParameterSetInputs,
    is_plain,
    long_paths,
    secret_paths,
    validate,
)
from pulumi_revcent_portal.models.dns import DnsRecordsInputs
from tests.strategies import customer_portals, smtp_profiles, tracking_domains, url_parameter_sets
from tests.wrong_declarations import CAMPAIGN_ID, MODELS, SENDER, SHOP_ID, VALID

if TYPE_CHECKING:
    from collections.abc import Iterator


def as_the_engine_sends(value: Any) -> Any:
    """Numbers become floats on their way through the engine."""
    if isinstance(value, dict):
        return {key: as_the_engine_sends(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_the_engine_sends(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path of a nested value, parents included, the root left out."""
    if path:
        yield path
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from leaves(item, (*path, key))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    value = copy.deepcopy(value)
    at(value, path[:-1])[path[-1]] = new
    return value


def mentions(whole: Any, part: Any) -> bool:
    """Whether everything in `part` stands in `whole` at the same place."""
    if isinstance(part, dict):
        return all(key in whole and mentions(whole[key], item) for key, item in part.items())
    return bool(whole == part)


@given(customer_portals())
def test_portal_is_complete_and_stable(inputs: dict[str, Any]) -> None:
    first = validate(CustomerPortalInputs, inputs).dump()
    assert mentions(first, inputs)
    assert len(first["customer_permissions"]) == 12
    assert validate(CustomerPortalInputs, as_the_engine_sends(first)).dump() == first


@given(smtp_profiles())
def test_profile_is_complete_and_stable(inputs: dict[str, Any]) -> None:
    first = validate(SmtpProfileInputs, inputs).dump()
    assert mentions(first, inputs)
    again = validate(SmtpProfileInputs, as_the_engine_sends(first)).dump()
    assert again == first
    assert type(again["port"]) is int


@given(tracking_domains())
def test_domain_is_canonical_and_stable(inputs: dict[str, Any]) -> None:
    first = validate(TrackingDomainInputs, inputs).dump()
    assert mentions(first, {key: value for key, value in inputs.items() if key != "domain"})
    assert first["domain"] == first["domain"].lower().strip(".").encode("ascii").decode()
    assert first["name"] == inputs.get("name", first["domain"])
    assert validate(TrackingDomainInputs, first).dump() == first


@given(url_parameter_sets())
def test_parameter_set_is_complete_and_stable(inputs: dict[str, Any]) -> None:
    first = validate(UrlParameterSetInputs, inputs).dump()
    assert mentions(first, {key: value for key, value in inputs.items() if key != "url_parameters"})
    names = [each["url_parameter"] for each in inputs["url_parameters"]]
    assert [each["url_parameter"] for each in first["url_parameters"]] == names, "in the order of the user"
    for given_one, each in zip(inputs["url_parameters"], first["url_parameters"], strict=True):
        assert each["metadata_name"] == given_one.get("metadata_name", given_one["url_parameter"])
    assert validate(UrlParameterSetInputs, first).dump() == first


@given(customer_portals(), st.data())
def test_an_unknown_may_stand_anywhere_and_changes_nothing_else(inputs: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(leaves(inputs))))
    known = validate(CustomerPortalInputs, inputs).dump()
    assert validate(CustomerPortalInputs, put(inputs, path, UNKNOWN)).dump() == put(known, path, UNKNOWN)


def test_lists_keep_their_order_and_their_outputs() -> None:
    output = Output.from_input(SHOP_ID)
    given_ids = ["b" * 20, output, CAMPAIGN_ID, UNKNOWN, "A" * 20]
    portal = {**VALID["CustomerPortal"], "customer_filters": {"campaign": tuple(given_ids)}}
    dumped = validate(CustomerPortalInputs, portal).dump()["customer_filters"]["campaign"]
    assert type(dumped) is list
    assert all(one is other for one, other in zip(dumped, given_ids, strict=True))


@pytest.mark.parametrize("model", dict.fromkeys(MODELS.values()), ids=lambda model: model.__name__)
def test_every_input_takes_an_output(model: type[Model]) -> None:
    # `kind` is the class itself, and `rules` decide what is planned
    outputs = {name: Output.from_input(name) for name in model.model_fields.keys() - {"kind", "rules"}}
    made = validate(model, outputs)
    assert all(made.dump()[name] is output for name, output in outputs.items())
    assert all(made.model_dump()[name] is output for name, output in outputs.items())


def test_an_output_passes_inside_a_nested_value_too() -> None:
    output = Output.from_input(SENDER)
    portal = copy.deepcopy(VALID["CustomerPortal"])
    portal["customer_emails"]["confirmation"]["from_address"] = output
    made = validate(CustomerPortalInputs, portal)
    assert made.dump()["customer_emails"]["confirmation"]["from_address"] is output
    assert made.model_dump()["customer_emails"]["confirmation"]["from_address"] is output


def test_models_may_be_nested_as_models_or_as_dicts() -> None:
    from_dicts = validate(CustomerPortalInputs, VALID["CustomerPortal"])
    parts = {name: getattr(from_dicts, name) for name in CustomerPortalInputs.model_fields}
    assert isinstance(parts["customer_emails"], Model)
    assert validate(CustomerPortalInputs, parts).dump() == from_dicts.dump()


def test_none_means_not_given_and_is_left_out() -> None:
    portal = {**VALID["CustomerPortal"], "campaign": None, "display_name": None, "enabled": None}
    dumped = validate(CustomerPortalInputs, portal).dump()
    assert "campaign" not in dumped
    assert (dumped["display_name"], dumped["enabled"]) == ("", True)


def test_a_model_cannot_be_changed() -> None:
    made = validate(RecaptchaInputs, VALID["Recaptcha"])
    with pytest.raises(ValueError, match="frozen"):
        setattr(made, "verify", True)  # noqa: B010  # type checkers know that it is read-only


def test_a_model_does_not_print_its_secrets() -> None:
    for resource, path in (("SmtpProfile", "password"), ("Recaptcha", "secret_key")):
        made = validate(MODELS[resource], VALID[resource])
        assert VALID[resource][path] not in f"{made!r} {made}"
        assert made.dump()[path] == VALID[resource][path]


def test_secret_and_long_paths() -> None:
    assert secret_paths(CustomerPortalInputs) == [("recaptcha", "secret_key")]
    assert secret_paths(SmtpProfileInputs) == [("password",)]
    assert secret_paths(RecaptchaInputs) == [("secret_key",)]
    assert secret_paths(TrackingDomainInputs) == []
    assert long_paths(CustomerPortalInputs) == [
        ("customer_emails", "confirmation", "html"),
        ("customer_emails", "password_reset", "html"),
        ("footer_html",),
    ]


def test_is_plain() -> None:
    assert is_plain("x")
    assert not is_plain(UNKNOWN)
    assert not is_plain(Output.from_input("x"))


def test_json_schema_documents_every_input() -> None:
    schema = CustomerPortalInputs.model_json_schema()
    json.dumps(schema)
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        assert part["description"]
        for name, field in part["properties"].items():
            assert field.get("description"), name
    assert schema["$defs"]["RecaptchaKeys"]["properties"]["secret_key"]["secret"] is True
    assert schema["$defs"]["CustomerEmail"]["properties"]["html"]["long"] is True
    ids = schema["$defs"]["CustomerFilters"]["properties"]["campaign"]["items"]
    assert ids == {"type": "string"}  # a name, or an ID
    assert schema["properties"]["smtp_profile"]["pattern"] == "^[A-Za-z0-9]{20}$"
    assert schema == CustomerPortalInputs.model_json_schema(mode="serialization") | {"required": schema["required"]}


# Which of three models a publisher is, pydantic's serializer cannot tell; it warns, and nothing here uses it.
@pytest.mark.parametrize(
    "model",
    dict.fromkeys(each for each in MODELS.values() if each is not DnsRecordsInputs),
    ids=lambda each: each.__name__,
)
def test_model_dump_agrees_with_dump(model: type[Model]) -> None:
    resource = next(name for name, candidate in MODELS.items() if candidate is model)
    made = validate(model, VALID[resource])
    assert made.model_dump(exclude_none=True) == made.dump()
    assert json.loads(made.model_dump_json(exclude_none=True)) == made.dump()
