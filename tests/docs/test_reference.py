"""The generated tables are what the code says, and every resource has its page."""

from __future__ import annotations

import inspect
import re

import pytest

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.resources.base import RevCentResource
from tests.docs.pages import Page, pages
from tools import reference

RESOURCES = [
    name
    for name in revcent.__all__
    if inspect.isclass(thing := getattr(revcent, name)) and issubclass(thing, RevCentResource)
]


@pytest.mark.parametrize("page", pages(), ids=repr)
def test_tables_are_up_to_date(page: Page) -> None:
    assert page.text == reference.filled(page.text), "run: make reference"


def test_every_resource_is_known_to_the_reference() -> None:
    assert sorted(RESOURCES) == sorted(reference.INPUTS)


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_resource_has_one_page_with_inputs_outputs_errors_and_limits(resource: str) -> None:
    asked = f"<!-- generated: inputs {resource} -->"
    (page,) = [page for page in pages() if asked in page.text]
    assert page.text.startswith(f"# {resource}\n")
    assert f"<!-- generated: outputs {resource} -->" in page.text
    headings = [line for line in page.text.splitlines() if line.startswith("## ")]
    assert headings == ["## Example", "## Inputs", "## Outputs", "## Life", "## Errors", "## Limits"]
    assert f"revcent.{resource}(" in page.program


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_resource_class_takes_what_its_model_takes(resource: str) -> None:
    """The tables show the names of the class and the defaults of the model: they must be the same inputs."""
    parameters = {each.name: each for each in reference.parameters(resource)}
    fields = reference.INPUTS[resource].model_fields
    passed_on_by_the_class = {"smtp_sender"}  # from the profile
    assert parameters.keys() == fields.keys() - passed_on_by_the_class
    required = {name for name, each in parameters.items() if each.default is inspect.Parameter.empty}
    assert required == {name for name, each in fields.items() if each.is_required()}
    defaults = {name: each.default for name, each in parameters.items() if each.default not in (None, each.empty)}
    assert defaults == {name: fields[name].default for name in defaults}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_class_docstring_explains_every_input(resource: str) -> None:
    text = inspect.getdoc(getattr(revcent, resource)) or ""
    missing = [each.name for each in reference.parameters(resource) if f"\n    {each.name}: " not in text]
    assert missing == []


def test_a_table_names_type_default_and_meaning() -> None:
    table = list(reference.inputs("SmtpProfile"))
    assert table[0] == "| input | type | default | meaning |"
    rows = {line.split("`")[1]: line for line in table[2:]}
    assert rows["password"].startswith("| `password` | `str`, secret | **required** | ")
    assert '| `"none"`, `"starttls"`, `"tls"` | `"starttls"` |' in rows["secure"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_output_is_in_the_table(resource: str) -> None:
    rows = [line.split("`")[1] for line in list(reference.outputs(resource))[2:]]
    attributes = inspect.getsource(getattr(revcent, resource)).partition("def __init__")[0]
    assert rows == ["id", *re.findall(r"^ +(\w+): pulumi\.Output\[", attributes, re.MULTILINE)]


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        reference.filled("<!-- generated: nothing -->\n<!-- end -->")
