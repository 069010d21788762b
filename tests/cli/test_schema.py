from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from pulumi_revcent_portal.cli import main
from pulumi_revcent_portal.fleet.schema import COMMENT, fleet_schema
from tests.docs.pages import CHECKOUT, Page

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of `revcent-portal schema ...`."""
    result = CliRunner().invoke(main, ["schema", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_it_prints_the_schema() -> None:
    code, printed, told = run()
    assert (code, told) == (0, "")
    assert json.loads(printed) == fleet_schema()


def test_it_writes_the_schema_and_says_how_to_use_it(tmp_path: Path) -> None:
    path = tmp_path / "fleet.schema.json"
    code, printed, told = run("--output", path)
    assert (code, printed) == (0, "")
    assert json.loads(path.read_text(encoding="utf-8")) == fleet_schema()
    assert told == f"Wrote {path}. Begin the fleet file with: # yaml-language-server: $schema=fleet.schema.json\n"


def test_a_place_that_cannot_be_written_ends_with_2(tmp_path: Path) -> None:
    code, printed, told = run("--output", tmp_path)
    assert (code, printed) == (2, "")
    assert told == f"{tmp_path} cannot be written: Is a directory.\n"


def test_help_and_page_show_the_comment_for_editors() -> None:
    assert COMMENT in run("--help")[1]
    assert COMMENT in Page(CHECKOUT / "docs/fleet-files.md").text
