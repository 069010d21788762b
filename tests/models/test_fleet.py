"""Every field of a brand: what is wrong is refused with field and cure; what is right is taken in every form."""

from __future__ import annotations

import copy
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.models import USE_CASES, CustomerPermissions, InvalidInputs, Model, secret_paths, validate
from pulumi_revcent_portal.models.base import model_of
from pulumi_revcent_portal.models.fleet import (
    BUILT_IN,
    Brand,
    BrandDefaults,
    BrandEmail,
    BrandEmails,
    BrandEntry,
    BrandPermissions,
    BrandSettings,
    key_problem,
)
from tests.models.test_wrong_declarations import JARGON
from tests.strategies import permissions
from tests.wrong_brands import BRAND, SHARED, WRONG_BRANDS
from tests.wrong_declarations import DOMAIN_ID, LEFT_OUT, SECRET_KEY, SECRETS, Wrong

untyped: Any = Brand
"""The class to whoever does not listen to type checkers."""

SHARED_ONES = [wrong for wrong in WRONG_BRANDS if wrong.path.partition(".")[0] in (*SHARED, "tracking_domain")]


def fields_of(model: type[Model], prefix: str = "") -> set[str]:
    """Every field that a brand has, those of its own parts too; publishers have a table of their own."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(f"{prefix}{name}")
        inner = model_of(field)
        if inner is not None and name not in {"dns", "wait"}:
            found |= fields_of(inner, f"{prefix}{name}.")
    return found


def refusal(model: type[Model], given: Any) -> InvalidInputs:
    with pytest.raises(InvalidInputs) as caught:
        validate(model, given)
    return caught.value


def test_every_field_has_a_wrong_value() -> None:
    assert fields_of(Brand) - {wrong.path for wrong in WRONG_BRANDS} == set()


def test_every_required_field_is_left_out_once() -> None:
    left_out = {wrong.path for wrong in WRONG_BRANDS if wrong.value is LEFT_OUT}
    assert {name for name, field in Brand.model_fields.items() if field.is_required()} <= left_out


def test_what_the_wrong_brands_start_from_is_valid_and_says_everything_that_can_be_said() -> None:
    assert set(BRAND) == set(Brand.model_fields) - {"tracking_domain"}
    assert set(SHARED) == set(BrandDefaults.model_fields) - {"tracking_domain"}
    validate(Brand, BRAND)
    validate(BrandDefaults, SHARED)


@pytest.mark.parametrize("wrong", WRONG_BRANDS, ids=lambda wrong: wrong.id)
def test_a_wrong_field_is_refused_with_its_name_and_the_cure(wrong: Wrong) -> None:
    error = refusal(Brand, wrong.declaration(BRAND))
    (problem,) = error.problems
    assert problem.field == wrong.path or problem.field.startswith(f"{wrong.path}[")
    for words in (*wrong.says, wrong.cure):
        assert words in str(problem)
    assert problem.message.endswith((".", "?"))
    told = f"{error} {error!r} {error.__context__!r}"
    assert [secret for secret in SECRETS if secret in told] == []
    assert [word for word in JARGON if word in str(error).lower()] == []


@pytest.mark.parametrize("wrong", SHARED_ONES, ids=lambda wrong: wrong.id)
def test_defaults_refuse_what_brands_refuse(wrong: Wrong) -> None:
    own = refusal(Brand, wrong.declaration(BRAND)).problems
    assert refusal(BrandDefaults, wrong.declaration(SHARED)).problems == own


@pytest.mark.parametrize("field", ["key", "name", "former_keys", "group"])
def test_what_is_a_brands_own_cannot_be_shared(field: str) -> None:
    (problem,) = refusal(BrandDefaults, {field: BRAND[field]}).problems
    assert problem.message.startswith(f"there is no input {field!r} here.")


def test_all_that_is_wrong_is_told_at_once() -> None:
    leaves: dict[str, Wrong] = {}
    for wrong in WRONG_BRANDS:
        nested = any(other.path.startswith(f"{wrong.path}.") for other in WRONG_BRANDS)
        if not nested and wrong.value is not LEFT_OUT and wrong.path != "tracking_domain":
            leaves[wrong.path] = wrong
    given = copy.deepcopy(BRAND)
    for wrong in leaves.values():
        given = wrong.declaration(given)
    assert {problem.field.partition("[")[0] for problem in refusal(Brand, given).problems} == set(leaves)


def test_a_brand_takes_models_and_dicts_alike() -> None:
    given = copy.deepcopy(BRAND)
    emails = given["customer_emails"]
    confirmation, reset = (BrandEmail(**emails[name]) for name in ("confirmation", "password_reset"))
    given["customer_emails"] = BrandEmails(**{**emails, "confirmation": confirmation, "password_reset": reset})
    given["customer_permissions"] = BrandPermissions(**BRAND["customer_permissions"])
    assert Brand(**given) == Brand(**BRAND)


def test_outputs_stand_where_no_decision_of_the_program_depends_on_them() -> None:
    later = pulumi.Output.from_input("x")
    emails = dict.fromkeys(("from_address", "from_name", "support_email", "logo_url", "cc", "bcc"), later)
    email = dict.fromkeys(("subject", "html", "cc", "bcc"), later)
    brand = untyped(
        key="acme", name="Acme", tracking_domain=later, dns=later, url_parameter_sets=[later], footer_html=later,
        recaptcha={"site_key": later, "secret_key": later}, campaign=later, portal_url=later, enabled=later,
        create_non_existing_customer=later, variables={"tagline": later},
        customer_emails={**emails, "confirmation": email, "password_reset": email},
        customer_permissions={"subscription_cancel": later},
        customer_filters={"campaign": [later], "third_party_shop": later},
    )  # fmt: skip
    assert brand.footer_html is later
    assert brand.variables == {"tagline": later}
    decisive = {
        "key", "name", "former_keys", "group", "account", "domain", "zone", "ttl", "overwrite", "wait", "smtp_profile",
        "portal_name", "display_name", "description", "adopt", "protect", "retain_on_delete", "rules", "variables",
        "customer_emails", "customer_permissions", "customer_filters",
    }  # fmt: skip
    told = refusal(Brand, {name: later for name in Brand.model_fields if name != "tracking_domain"}).problems
    assert {problem.field for problem in told} == decisive


@pytest.mark.parametrize(
    ("field", "item"),
    [("former_keys", "former_keys[0]"), ("customer_permissions.use_cases", "customer_permissions.use_cases[0]")],
)
def test_lists_by_which_the_program_decides_hold_no_outputs(field: str, item: str) -> None:
    wrong = Wrong("Brand", field, [pulumi.Output.from_input("x")], (), "")
    (problem,) = refusal(Brand, wrong.declaration(BRAND)).problems
    assert (problem.field, "must be a string" in problem.message) == (item, True)


@pytest.mark.parametrize("field", [name for name in Brand.model_fields if name not in {"key", "name"}])
def test_what_is_null_is_not_said(field: str) -> None:
    brand = validate(Brand, {"key": "acme", "name": "Acme", field: None})
    assert brand == Brand(key="acme", name="Acme")
    assert field not in brand.model_fields_set


def test_a_variable_or_a_rule_that_is_null_is_not_said() -> None:
    given = {"variables": {"a": "x", "b": None}, "rules": {"two-senders": None, "nothing-allowed": "off"}}
    brand = validate(BrandDefaults, given)
    assert brand.variables == {"a": "x"}
    assert brand.rules == {"nothing-allowed": "off"}


def test_variables_keep_their_types() -> None:
    values: dict[str, str | bool | int | pulumi.Output[str | bool | int]] = {"a": "1", "b": 1, "c": True, "d": ""}
    variables = BrandDefaults(variables=values).variables
    assert variables == values
    assert [type(value) for value in (variables or {}).values()] == [str, int, bool, str]


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_variable_takes_the_name_of_a_built_in_one(name: str) -> None:
    (problem,) = refusal(BrandDefaults, {"variables": {name: "x"}}).problems
    assert problem.field == f"variables.{name}"


def test_names_of_variables_that_are_no_text_are_refused_in_words() -> None:
    (problem,) = refusal(BrandDefaults, {"variables": {1: "x"}}).problems
    assert (problem.field, problem.message.partition(".")[0]) == ("variables.1", "'1' is no name of a variable")


def test_a_portal_has_one_domain() -> None:
    for model in (BrandEntry, BrandDefaults):
        name = {"name": "Acme"} if model is BrandEntry else {}
        validate(model, {**name, "tracking_domain": DOMAIN_ID})
        given = {**name, "tracking_domain": DOMAIN_ID, "domain": "acme.test"}
        assert [problem.field for problem in refusal(model, given).problems] == ["tracking_domain"]


@given(st.text(max_size=70))
def test_a_key_makes_a_resource_name(key: str) -> None:
    fits = key_problem(key) is None
    assert fits == (
        0 < len(key) <= 63
        and all(character.isascii() and (character.isalnum() or character in "-_") for character in key)
        and key[0] not in "-_"
        and key[-1] not in "-_"
    )


@pytest.mark.parametrize("key", ["a", "7", "acme", "Acme-US_2", "k" * 63, "a--b"])
def test_keys_that_fit(key: str) -> None:
    assert key_problem(key) is None


# --- permissions ----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(sorted(USE_CASES)), unique=True, max_size=4), permissions())
def test_use_cases_of_a_brand_grant_what_for_use_cases_grants(cases: list[str], single: dict[str, bool]) -> None:
    as_program = CustomerPermissions.for_use_cases(*cases, **single)
    assert BrandPermissions(use_cases=cases, **single).granted() == as_program.dump()


@given(permissions())
def test_permissions_of_a_portal_are_taken_with_what_was_said_of_them(single: dict[str, bool]) -> None:
    taken = BrandDefaults(customer_permissions=CustomerPermissions(**single)).customer_permissions
    assert isinstance(taken, BrandPermissions)
    assert taken.model_fields_set == set(single)
    assert taken.granted() == CustomerPermissions(**single).dump()


def test_a_single_permission_wins_over_use_cases_and_may_be_an_output() -> None:
    later = pulumi.Output.from_input(True)
    granted = BrandPermissions(use_cases=["cancel_subscription"], subscription_cancel=later).granted()
    assert granted["subscription_cancel"] is later
    assert sum(value is True for value in granted.values()) == 0
    assert not any(BrandPermissions().granted().values())


# --- secrets --------------------------------------------------------------------------------------------------------


def test_a_brand_shows_its_secrets_to_nobody() -> None:
    assert ("recaptcha", "secret_key") in secret_paths(BrandSettings)
    brand = Brand(**BRAND)
    assert [secret for secret in SECRETS if secret in repr(brand)] == []
    assert SECRET_KEY not in str(brand)
