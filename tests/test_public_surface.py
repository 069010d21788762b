"""What `import pulumi_revcent_portal` offers: exactly `__all__`, and all of it documented."""

from __future__ import annotations

import inspect
import re
import types
from typing import Any

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.models import Model
from pulumi_revcent_portal.models.found import Found, Listing
from pulumi_revcent_portal.resources.account import Account
from pulumi_revcent_portal.resources.base import RevCentResource

OFFERED = [getattr(revcent, name) for name in revcent.__all__]
CLASSES = [each for each in OFFERED if inspect.isclass(each)]
FUNCTIONS = [each for each in OFFERED if not inspect.isclass(each)]
RESOURCES = [each for each in CLASSES if issubclass(each, RevCentResource | pulumi.ComponentResource | Account)]
MODELS = [each for each in CLASSES if issubclass(each, Model)]
FOUND = [each for each in CLASSES if issubclass(each, Found | Listing)]
each_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.__name__)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda each: each.__name__)


def public(namespace: dict[str, Any]) -> set[str]:
    return {
        name
        for name, value in namespace.items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }


def section(text: str | None, title: str) -> str:
    """The indented lines below `Args:` and the like."""
    found = re.search(rf"^{title}:\n((?:[ ]{{4}}.*\n|\n)+)", f"{inspect.cleandoc(text or '')}\n", re.MULTILINE)
    return found.group(1) if found else ""


def arguments(call: Any) -> list[str]:
    return [name for name in inspect.signature(call).parameters if name not in ("self", "cls")]


def test_the_public_names_are_exactly_all() -> None:
    assert public(vars(revcent)) == set(revcent.__all__)
    assert list(revcent.__all__) == sorted(revcent.__all__)


def test_a_star_import_gives_the_same() -> None:
    namespace: dict[str, Any] = {}
    exec("from pulumi_revcent_portal import *", namespace)  # noqa: S102 - our own words
    assert public(namespace) == set(revcent.__all__)


def test_everything_public_is_a_resource_a_model_a_lookup_or_the_error() -> None:
    assert {each for each in CLASSES if each not in RESOURCES + MODELS + FOUND} == {revcent.InvalidInputs}
    assert all(each.__name__.startswith("get_") for each in FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_a_lookup_documents_its_arguments_errors_and_source(function: Any) -> None:
    documented = re.findall(r"^ {4}(\w+): \S", section(function.__doc__, "Args"), re.MULTILINE)
    assert documented == arguments(function)
    assert "RunError: " in section(function.__doc__, "Raises")
    assert re.search(r"^Source: \S.*\.$", inspect.cleandoc(function.__doc__ or ""), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.__name__)
def test_what_a_lookup_gives_documents_its_own_fields(found: type) -> None:
    own = set(vars(found).get("__annotations__", {}))
    assert set(re.findall(r"^ {4}(\w+): \S", section(found.__doc__, "Attributes"), re.MULTILINE)) == own


@each_resource
def test_a_resource_documents_its_arguments_errors_and_source(resource: type) -> None:
    documented = re.findall(r"^ {4}(\w+): \S", section(resource.__doc__, "Args"), re.MULTILINE)
    assert sorted(documented) == sorted(arguments(resource.__init__))  # type: ignore[misc]
    assert "InvalidInputs: " in section(resource.__doc__, "Raises")
    assert re.search(r"^Source: \S.*\.$", inspect.cleandoc(resource.__doc__ or ""), re.MULTILINE | re.DOTALL)


@each_model
def test_a_model_documents_each_field_and_whose_word_it_is(model: type[Model]) -> None:
    assert model.__doc__
    for name, field in model.model_fields.items():
        assert field.description, name
        assert len(field.description.split()) > 3, f"{name}: {field.description}"


@each_model
def test_the_ways_to_make_a_model_are_documented(model: type[Model]) -> None:
    for name, method in vars(model).items():
        if name.startswith("_") or not isinstance(method, classmethod) or name == "relations":
            continue
        documented = set(re.findall(r"^ {4}(\w+): \S", section(method.__doc__, "Args"), re.MULTILINE))
        assert documented == set(arguments(getattr(model, name))), name
        assert not documented or "InvalidInputs: " in section(method.__doc__, "Raises"), name


def test_the_error_is_documented_and_is_what_everything_raises() -> None:
    assert set(re.findall(r"^ {4}(\w+): \S", section(revcent.InvalidInputs.__doc__, "Args"), re.MULTILINE)) == {
        "problems",
        "what",
    }
    assert "problems" in (revcent.InvalidInputs.__doc__ or "")
