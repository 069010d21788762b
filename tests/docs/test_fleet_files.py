"""The page about fleet files: its commands print what it says, and it says what the code does."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pulumi_revcent_portal.cli import main
from pulumi_revcent_portal.components.portal_fleet import PortalFleet
from pulumi_revcent_portal.fleet import document
from pulumi_revcent_portal.fleet.loading import PARTS, SECRET_MAPPINGS, SECRETS
from pulumi_revcent_portal.fleet.schema import fleet_schema
from pulumi_revcent_portal.models import InvalidInputs, merging
from pulumi_revcent_portal.models.fleet import BUILT_IN
from pulumi_revcent_portal.models.template_values import FILTERS, TESTS
from pulumi_revcent_portal.models.templates import render
from tests.docs.pages import CHECKOUT, Page

if TYPE_CHECKING:
    from pathlib import Path

PAGE = Page(CHECKOUT / "docs/fleet-files.md")
_FLAGS = re.MULTILINE | re.DOTALL
PRINTED = re.findall(r"^```sh\n(revcent-portal [^\n]*)\n```\n\n(?:\w[^\n]*\n\n)?```text\n(.*?)^```$", PAGE.text, _FLAGS)
"""The commands of the page and what they print."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    example, wrong = PAGE.blocks("yaml")
    (tmp_path / "brands.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(wrong, encoding="utf-8")
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails/welcome.html").write_text("<p>{{email_code}}</p>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_shows_what_four_commands_print() -> None:
    assert len(PRINTED) == 4


@pytest.mark.parametrize(("command", "printed"), PRINTED, ids=[command for command, _ in PRINTED])
def test_a_command_prints_what_the_page_says(command: str, printed: str) -> None:
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.output == printed
    assert result.exit_code == ("wrong" in command)


def test_the_program_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi_revcent_portal.components.portal_fleet._configuration", lambda _name: "6L" + "a" * 38)
    with pytest.raises(InvalidInputs) as refused:
        PortalFleet.from_yaml("portals", "wrong.yaml")
    assert [str(problem) for problem in refused.value.problems] == PRINTED[-1][1].splitlines()


def _flat(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def test_the_merge_rule_is_the_one_in_the_code() -> None:
    rule = _flat((merging.__doc__ or "").partition("three lines:")[2])
    assert rule
    assert rule in _flat(PAGE.text)


def test_yaml_is_read_as_the_code_says() -> None:
    said = _flat((document.__doc__ or "").partition("\n")[2])
    assert said
    assert said in _flat(PAGE.text)


def test_parts_secrets_variables_filters_and_tests_are_all_named() -> None:
    first_cells = re.findall(r"^\| (.*?) \|", PAGE.text, re.MULTILINE)
    names = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert set(PARTS) <= set(names)
    assert set(BUILT_IN) <= set(names)
    secrets = re.search(r"^Secrets \((.*?)\)", PAGE.text, re.MULTILINE)
    assert secrets
    assert set(re.findall(r"`(\w+)`", secrets[1])) == SECRETS | SECRET_MAPPINGS
    filters, tests = re.search(r"a filter: (.*) \|", PAGE.text), re.search(r"tests: (.*) \|", PAGE.text)
    assert filters
    assert tests
    assert re.findall(r"`(\w+)`", filters[1]) == sorted(FILTERS)
    assert re.findall(r"`is (\w+)`", tests[1]) == sorted(TESTS)


def test_the_templates_of_the_table_can_be_rendered() -> None:
    table = PAGE.text.partition("| written | does |")[2].partition("\n\n")[0]
    templates = [cell.replace("\\|", "|") for cell in re.findall(r"^\| `(.*?)` \|", table, re.MULTILINE)]
    known = {"brand": "A & {B}", "support_email": None, "logo_url": None}
    assert [render(template, known) for template in templates] == [
        "A &amp; &#123;B&#125;", "help@brands.example", "...", "." * 9, "", "[[ as it is ]]",
    ]  # fmt: skip


def test_the_keys_of_a_brand_s_own_are_those_that_the_defaults_lack() -> None:
    found = fleet_schema()["$defs"]
    own = found["BrandEntry"]["properties"].keys() - found["BrandDefaults"]["properties"].keys()
    assert own == {"name", "former_keys", "group"}
