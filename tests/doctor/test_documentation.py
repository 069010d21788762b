"""The page of the command names every check, every option and every key of the JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import typer
import yaml

from pulumi_revcent_portal.cli.doctor import doctor
from pulumi_revcent_portal.doctor.catalogue import CHECKS
from pulumi_revcent_portal.doctor.results import FORMAT, Report, Result, ok
from tests.docs.pages import CHECKOUT, Page

PAGE = Page(CHECKOUT / "docs/doctor.md")


def rows(heading: str) -> list[str]:
    """The first cells of the table under a heading."""
    section = PAGE.text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)


def test_every_check_has_its_row_in_order() -> None:
    assert rows("Checks") == [f"`{check.id}`" for check in CHECKS]


def test_every_option_has_its_row() -> None:
    app = typer.Typer(add_completion=False)
    app.command("doctor")(doctor)
    command: Any = typer.main.get_command(app)
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    assert {name for row in rows("Options") for name in re.findall(r"--[a-z-]+", row)} == options


def test_the_example_of_the_json_has_the_keys_that_there_are() -> None:
    example = yaml.safe_load(PAGE.blocks("yaml")[0])
    real = json.loads(json.dumps(Report((Result("key", "k", ok("x")),)).as_json()))
    assert example["version"] == FORMAT
    assert list(example) == list(real)
    assert list(example["counts"]) == list(real["counts"])
    assert list(example["checks"][0]) == list(real["checks"][0])
