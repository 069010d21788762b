"""The table of wrong declarations is complete, and each entry is refused in words that name field and cure."""

from __future__ import annotations

import json

import pytest

from pulumi_revcent_portal.models import InvalidInputs, Model, validate
from pulumi_revcent_portal.models.base import model_of
from tests.wrong_declarations import GUIDE_RULES, LEFT_OUT, MODELS, SECRETS, VALID, WRONG, Wrong

JARGON = ("input should be", "validation error", "extra inputs", "value error", "pydantic", "valid dictionary", "ctx")


def inputs_of(model: type[Model], prefix: str = "") -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        found.add(f"{prefix}{name}")
        inner = model_of(field)
        if inner and inner not in MODELS.values():  # those have entries of their own
            found |= inputs_of(inner, f"{prefix}{name}.")
    return found


@pytest.mark.parametrize("resource", MODELS)
def test_every_input_has_a_wrong_declaration(resource: str) -> None:
    covered = {wrong.path for wrong in WRONG if wrong.resource == resource}
    assert inputs_of(MODELS[resource]) - covered == set()


@pytest.mark.parametrize("resource", MODELS)
def test_every_required_input_is_left_out_once(resource: str) -> None:
    left_out = {wrong.path for wrong in WRONG if wrong.resource == resource and wrong.value is LEFT_OUT}
    required = {name for name, field in MODELS[resource].model_fields.items() if field.is_required()}
    if resource != "SmtpProfileRef":  # its ID alone is a string, which says more by itself
        assert required <= left_out


def test_every_rule_of_the_guide_has_a_wrong_declaration() -> None:
    assert {wrong.rule for wrong in WRONG if wrong.rule} == GUIDE_RULES.keys()


@pytest.mark.parametrize("resource", MODELS)
def test_what_the_wrong_declarations_start_from_is_valid(resource: str) -> None:
    validate(MODELS[resource], VALID[resource])


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_declaration_is_refused_with_field_and_cure(wrong: Wrong) -> None:
    with pytest.raises(InvalidInputs) as caught:
        validate(MODELS[wrong.resource], wrong.declaration())

    (problem,) = caught.value.problems
    assert problem.field == wrong.path or problem.field.startswith(f"{wrong.path}[")
    assert str(caught.value) == f"{problem.field}: {problem.message}"
    for words in (*wrong.says, wrong.cure):
        assert words in str(problem)
    assert problem.message.endswith((".", "?"))


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_refusal_shows_no_secret_and_no_jargon(wrong: Wrong) -> None:
    with pytest.raises(InvalidInputs) as caught:
        validate(MODELS[wrong.resource], wrong.declaration())

    told = f"{caught.value} {caught.value!r} {caught.value.problems!r} {caught.value.__context__!r}"
    for secret in SECRETS:
        assert secret not in told
    for word in JARGON:
        assert word not in str(caught.value).lower()


def test_all_entries_together_are_all_reported_at_once() -> None:
    # smtp_sender stays right: with a wrong one there is nothing to hold the two from addresses against.
    entries = {
        wrong.path: wrong for wrong in WRONG if wrong.resource == "CustomerPortal" and wrong.path != "smtp_sender"
    }
    leaves = [
        wrong
        for path, wrong in entries.items()
        if not any(other.startswith(f"{path}.") for other in entries) and wrong.value is not LEFT_OUT
    ]
    declaration = VALID["CustomerPortal"]
    for wrong in leaves:
        declaration = wrong.declaration(declaration)

    with pytest.raises(InvalidInputs) as caught:
        validate(MODELS["CustomerPortal"], declaration)

    reported = {problem.field.partition("[")[0] for problem in caught.value.problems}
    assert reported == {wrong.path for wrong in leaves}


def test_the_table_can_be_read_aloud() -> None:
    assert json.dumps([wrong.id for wrong in WRONG])
    assert len({wrong.id for wrong in WRONG}) == len(WRONG)
