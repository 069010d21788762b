from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pulumi_revcent_portal.cli import main

if TYPE_CHECKING:
    from pathlib import Path

FLEET = """\
smtp_profiles:
  main: {name: Mail, host: smtp.acme.com, port: 587, username: portal@acme.com, password: config:smtpPassword}
accounts:
  eu: {api_key: config:apiKey}
defaults:
  recaptcha: {site_key: config:siteKey, secret_key: config:secretKey}
brands:
  zulu: {name: Zulu, domain: zulu.com, group: late}
  acme: {name: 'Acme & Söhne [b]', domain: config:acmeDomain, account: eu}
  bolt: {name: Bolt, tracking_domain: a1B2c3D4e5F6g7H8i9J0, portal_name: "Portal of [[ brand ]]", group: early}
  crate: {name: Crate, domain: crate.com, group: late}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "brands.yaml").write_text(FLEET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of `revcent-portal brands ...`."""
    result = CliRunner().invoke(main, ["brands", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_a_pipe_gets_a_line_per_brand_in_the_order_of_the_file() -> None:
    code, printed, told = run()
    assert (code, told) == (0, "")
    assert (
        printed
        == """\
key     name               group   account   domain                 portal name
zulu    Zulu               late    -         zulu.com               Zulu customer portal
acme    Acme & Söhne [b]   -       eu        config:acmeDomain      Acme & Söhne [b] customer portal
bolt    Bolt               early   -         a1B2c3D4e5F6g7H8i9J0   Portal of Bolt
crate   Crate              late    -         crate.com              Crate customer portal
"""
    )


def test_a_terminal_gets_a_table_that_fits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "70")
    _, printed, _ = run()
    assert "\x1b[1m" in printed
    assert "Portal of Bolt" in printed
    assert len(printed.splitlines()) > 5


def test_json_holds_the_same() -> None:
    code, printed, _ = run("--format", "json")
    assert code == 0
    found = json.loads(printed)
    assert [brand["key"] for brand in found["brands"]] == ["zulu", "acme", "bolt", "crate"]
    assert found["brands"][1:3] == [
        {
            "key": "acme",
            "name": "Acme & Söhne [b]",
            "group": None,
            "account": "eu",
            "domain": "config:acmeDomain",
            "tracking_domain": None,
            "portal_name": "Acme & Söhne [b] customer portal",
        },
        {
            "key": "bolt",
            "name": "Bolt",
            "group": "early",
            "account": None,
            "domain": None,
            "tracking_domain": "a1B2c3D4e5F6g7H8i9J0",
            "portal_name": "Portal of Bolt",
        },
    ]


def test_a_matrix_is_one_line_with_a_stack_per_group_and_per_brand_without_one() -> None:
    code, printed, told = run("--format", "matrix")
    assert (code, told) == (0, "")
    assert printed == (
        '{"include": [{"stack": "late", "brands": ["zulu", "crate"]}, {"stack": "acme", "brands": ["acme"]}, '
        '{"stack": "early", "brands": ["bolt"]}]}\n'
    )


def test_the_brands_of_a_group_alone() -> None:
    assert json.loads(run("--format", "matrix", "--group", "late")[1]) == {
        "include": [{"stack": "late", "brands": ["zulu", "crate"]}]
    }
    _, printed, _ = run("--group", "early")
    assert [line.split()[0] for line in printed.splitlines()] == ["key", "bolt"]


def test_a_group_that_there_is_not_ends_with_2() -> None:
    assert run("--group", "lat") == (2, "", "There is no group 'lat' in brands.yaml. Did you mean 'late'?\n")
    assert run("--group", "x") == (2, "", "There is no group 'x' in brands.yaml. Known are: late, acme, early.\n")


@pytest.mark.parametrize("form", ["table", "json", "matrix"])
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_printed(folder: Path, form: str) -> None:
    wrong = FLEET.replace("zulu.com", "https://zulu.com").replace("name: Crate, ", "")
    (folder / "fleet.yaml").write_text(wrong, encoding="utf-8")
    code, printed, told = run("--format", form, "--file", "fleet.yaml")
    assert (code, printed) == (1, "")
    first, second = told.splitlines()
    assert first.startswith("fleet.yaml:8: brands.zulu.domain: 'https://zulu.com' holds a scheme. Write only the root")
    assert second == "fleet.yaml:11: brands.crate.name: is required: the brand's name as customers know it, one line."


def test_a_brand_without_a_group_is_in_the_one_that_is_called_as_its_key(folder: Path) -> None:
    (folder / "brands.yaml").write_text(FLEET.replace("group: late", "group: acme"), encoding="utf-8")
    assert json.loads(run("--format", "matrix", "--group", "acme")[1]) == {
        "include": [{"stack": "acme", "brands": ["zulu", "acme", "crate"]}]
    }


def test_a_file_that_is_not_there_ends_with_1() -> None:
    code, printed, told = run("--file", "nowhere.yaml")
    assert (code, printed) == (1, "")
    assert told.startswith("nowhere.yaml:1: there is no such file.")
