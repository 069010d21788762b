from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.cli import main
from tests.api.openapi_made import agreeing, answer_of, body_of, offering_more, spelt_otherwise

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REVCENT_CONTRACT", "REVCENT_BASE_URL", "REVCENT_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of `revcent-portal contract ...`."""
    result = CliRunner().invoke(main, ["contract", *map(str, arguments)], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def spec(folder: Path, description: dict[str, Any]) -> Path:
    path = folder / "openapi.json"
    path.write_text(json.dumps(description), encoding="utf-8")
    return path


# --- show ----------------------------------------------------------------------------------------------------


def test_show_prints_every_operation_and_field_with_its_mark() -> None:
    code, printed, _ = run("show")
    assert code == 0
    lines = [[cell.strip() for cell in line.split("│")] for line in printed.splitlines()]
    rows = [cells[1:-1] for cells in lines if len(cells) > 2]
    for (entity, action), operation in Contract.default().operations.items():
        request = f"{operation.method} {operation.path}"
        used = "yes" if operation.offered else "no: not known to exist"
        assert [entity, action, operation.name, request, operation.mark, used] in rows
    assert ["domain", "domain", "string", "I", "required", "-", "yes", "domain_name, root_domain"] in rows
    assert ["password", "password (secret)", "string", "I", "required", "yes", "never", "pass, smtp_password"] in rows
    assert ["customer_permissions.trial_cancel", "trial_cancel", "boolean", "D", "yes", "yes", "yes", ""] in rows
    assert "documented by RevCent" in printed
    assert "built in" in printed


def test_show_as_json_holds_the_same() -> None:
    code, printed, _ = run("show", "--json")
    content = json.loads(printed)
    assert code == 0
    assert len(content["operations"]) == len(Contract.default().operations)
    assert {
        "entity": "customer_portal",
        "action": "get",
        "name": "GetCustomerPortal",
        "method": "GET",
        "path": "/customer_portals/{id}",
        "mark": "D",
        "offered": True,
    } in content["operations"]
    assert {
        "entity": "tracking_domain",
        "name": "ssl_status",
        "key": "ssl.status",
        "kind": "string",
        "mark": "D",
        "create": False,
        "required": False,
        "edit": False,
        "get": True,
        "secret": False,
        "alternatives": ["ssl_status"],
    } in content["fields"]


def test_show_with_a_contract_file_shows_its_spellings(tmp_path: Path) -> None:
    written = tmp_path / "contract.json"
    content = {
        "format": 1,
        "operations": {
            "smtp_profile.create": {"keys": {"host": "smtp_host", "port": "smtp_port"}},
            "smtp_profile.edit": {"keys": {"port": "smtp_port"}},
            "smtp_profile.get": {},
        },
    }
    written.write_text(json.dumps(content), encoding="utf-8")
    for shown in (run("show", "--json", "--contract", written), run("show", "--json", REVCENT_CONTRACT=str(written))):
        fields = {(entry["entity"], entry["name"]): entry["key"] for entry in json.loads(shown[1])["fields"]}
        assert fields["smtp_profile", "host"] == "smtp_host (create), host (edit), host (get)"
        assert fields["smtp_profile", "port"] == "smtp_port (create), smtp_port (edit), port (get)"
        assert fields["smtp_profile", "username"] == "username"
        assert fields["campaign", "name"] == "name"
    assert str(written) in run("show", "--contract", written)[1]


# --- check ---------------------------------------------------------------------------------------------------


def test_check_of_a_description_that_agrees_ends_with_0(tmp_path: Path) -> None:
    path = spec(tmp_path, agreeing())
    code, printed, _ = run("check", "--spec", path)
    assert code == 0
    assert f"The contract agrees with {path}" in printed
    assert "customer_portal.create" in printed


def test_check_of_a_description_that_leaves_nothing_open_prints_no_exceptions(tmp_path: Path) -> None:
    description = agreeing()
    for plural, entity in (("tracking_domains", "tracking_domain"), ("customer_portals", "customer_portal")):
        fields = answer_of(description, f"/v2/{plural}/{{{entity}_id}}")
        fields |= {"created_date_unix": {"type": "integer"}, "url": {"type": "string"}}
    for path in ("initialize_ssl", "initialize_dns"):
        answer_of(description, f"/v2/tracking_domains/{{tracking_domain_id}}/{path}", "post")["a_records"] = {}
    code, printed, _ = run("check", "--spec", spec(tmp_path, description))
    assert code == 0
    assert "What agrees" in printed
    assert "What does not" not in printed


def test_check_of_other_spellings_ends_with_1_and_shows_both(tmp_path: Path) -> None:
    code, printed, _ = run("check", "--spec", spec(tmp_path, spelt_otherwise()))
    assert code == 1
    rows = [[cell.strip() for cell in line.split("│")][1:-1] for line in printed.splitlines()]
    assert ["smtp_profile.create", "host", "spelt differently", "host", "smtp_host"] in rows
    words = "encryption (none=NONE, starttls=STARTTLS, tls=SSL)"
    assert ["smtp_profile.create", "secure", "spelt differently", "secure", words] in rows
    assert "--write FILE" in printed


def test_check_with_write_makes_a_file_that_the_next_check_agrees_with(tmp_path: Path) -> None:
    path, written = spec(tmp_path, offering_more()), tmp_path / "contract.json"
    code, printed, told = run("check", "--spec", path, "--write", written)
    assert code == 1
    assert f"pulumi config set revcent:contract {written}" in told
    assert "--write FILE" not in printed
    assert Contract.load(written).supports("customer_portal", "delete")
    assert run("check", "--spec", path, "--contract", written)[0] == 0
    assert run("check", "--spec", path, REVCENT_CONTRACT=str(written))[0] == 0


def test_check_as_json(tmp_path: Path) -> None:
    description = agreeing()
    del body_of(description, "/v2/smtp_profiles")["properties"]["description"]
    code, printed, _ = run("check", "--json", "--spec", spec(tmp_path, description))
    content = json.loads(printed)
    assert code == 1
    assert content["agrees"] is False
    assert {
        "place": "smtp_profile.create",
        "subject": "description",
        "verdict": "missing",
        "ours": "description",
        "theirs": "",
    } in content["findings"]


def test_check_compares_with_the_configured_address(tmp_path: Path) -> None:
    description = agreeing()
    description["servers"] = [{"url": "https://eu.revcent.example"}]
    path = spec(tmp_path, description)
    code, printed, _ = run("check", "--spec", path)
    assert code == 1
    assert "https://eu.revcent.example/v2" in printed
    assert run("check", "--spec", path, REVCENT_BASE_URL="https://eu.revcent.example/v2/")[0] == 0
    assert run("check", "--spec", path, "--base-url", "https://eu.revcent.example/v2")[0] == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("<html>", "a web page"),
        ('{"openapi": "3.1.0"', "broken JSON"),
        ('{"swagger": "2.0"}', "Swagger"),
        ('{"openapi": "3.1.0", "paths": {"/pets": {}}}', "none of the operations"),
        ('{"openapi": "3.1.0", "paths": {"/v2/campaigns": {"$ref": "#/x"}}}', "leads nowhere"),
    ],
)
def test_a_description_that_cannot_be_read_ends_with_2_and_writes_nothing(
    tmp_path: Path, content: str, why: str
) -> None:
    path, written = tmp_path / "openapi.json", tmp_path / "contract.json"
    path.write_text(content, encoding="utf-8")
    code, printed, told = run("check", "--spec", path, "--write", written)
    assert code == 2
    assert printed == ""
    assert why in told
    assert str(path) in told
    assert not written.exists()


def test_files_that_are_not_there_end_with_2(tmp_path: Path) -> None:
    path = spec(tmp_path, agreeing())
    absent = tmp_path / "absent" / "file.json"
    for arguments in (
        ("check", "--spec", absent),
        ("check", "--spec", path, "--contract", absent),
        ("show", "--contract", absent),
        ("check", "--spec", path, "--write", absent),
    ):
        code, _, told = run(*arguments)
        assert code == 2
        assert str(absent) in told
        assert "No such file" in told


def test_texts_of_a_description_cannot_format_the_output(tmp_path: Path) -> None:
    description = agreeing()
    body_of(description, "/v2/smtp_profiles")["properties"]["[bold]x[/nope]"] = {}
    code, printed, _ = run("check", "--spec", spec(tmp_path, description))
    assert code == 0
    assert "[bold]x[/nope]" in printed
