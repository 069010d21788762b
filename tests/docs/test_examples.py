"""The examples' READMEs name every key of their configuration, and the template is the example."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.docs.pages import CHECKOUT, Page

EXAMPLES = sorted(path.parent for path in (CHECKOUT / "examples").glob("*/Pulumi.yaml"))
_READ = re.compile(r"""config\.(get|require)(\w*)\("(\w+)"\)""")


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.name)
def page(request: pytest.FixtureRequest) -> Page:
    return Page(request.param / "README.md")


def _keys(page: Page) -> dict[str, bool]:
    """The keys that an example's program reads, and whether they are needed."""
    directory = page.path.parent
    programs = "\n".join(path.read_text(encoding="utf-8") for path in directory.glob("*.py"))
    found = {key: verb == "require" for verb, _, key in _READ.findall(programs)}
    for path in directory.glob("brands.yaml"):
        found |= dict.fromkeys(re.findall(r"\bconfig:(\w+)", path.read_text(encoding="utf-8")), True)
    project = yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8"))
    return found | {key: "default" not in declared for key, declared in project.get("config", {}).items()}


def test_the_table_names_every_key_and_what_is_needed(page: Page) -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (yes|no)\b", page.text, re.MULTILINE)
    table = {key: needed == "yes" for keys, needed in rows for key in re.findall(r"`(\w+)`", keys)}
    assert table == _keys(page)


def test_the_commands_set_every_key_that_is_needed(page: Page) -> None:
    lines = "\n".join(page.blocks("sh"))
    set_by = {key.split(".")[0] for key in re.findall(r"pulumi config set (?:--\w+ )*'?([\w.]+)", lines)}
    assert {key for key, needed in _keys(page).items() if needed} <= set_by
    assert set_by <= _keys(page).keys() | {"revcent"}


def test_the_stack_for_the_sandbox_sets_every_key_that_is_needed(page: Page) -> None:
    settings = yaml.safe_load((page.path.parent / "Pulumi.sandbox.yaml").read_text(encoding="utf-8"))
    project = yaml.safe_load((page.path.parent / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
    given = {key.removeprefix(f"{project}:") for key in settings["config"]}
    assert {key for key, needed in _keys(page).items() if needed} <= given <= _keys(page).keys()
    assert settings.keys() == {"config"}, "written by a run: git checkout it"


def test_the_root_is_the_project_of_the_first_example() -> None:
    root = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text(encoding="utf-8"))
    example = yaml.safe_load((CHECKOUT / root["main"] / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert root["stackConfigDir"] == root["main"]
    assert {key: root[key] for key in example} == example


def test_the_template_holds_the_program_of_the_example_and_asks_for_what_it_needs() -> None:
    template, example = CHECKOUT / "templates/single-brand", CHECKOUT / "examples/single-brand"
    assert (template / "__main__.py").read_text() == (example / "__main__.py").read_text()
    asked = yaml.safe_load((template / "Pulumi.yaml").read_text(encoding="utf-8"))["template"]["config"]
    keys = _keys(Page(example / "README.md"))
    assert {key for key, needed in keys.items() if needed} <= asked.keys() <= keys.keys() | {"revcent:apiKey"}
    secret = {key for key in asked if re.search("apiKey|[pP]assword|Secret", key)}
    assert {key for key, question in asked.items() if question.get("secret")} == secret


def test_the_readme_names_every_key_that_the_template_needs() -> None:
    lines = "\n".join(Page(CHECKOUT / "README.md").blocks("sh"))
    set_by = {key.split(".")[0] for key in re.findall(r"pulumi config set (?:--\w+ )*'?([\w.]+)", lines)}
    keys = _keys(Page(CHECKOUT / "examples/single-brand/README.md"))
    assert {key for key, needed in keys.items() if needed} <= set_by
    assert set_by <= keys.keys() | {"revcent"}
