"""The page of documentation: its programs run, its requests are answered, its tables are complete."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox.control import METHODS, PROPERTIES
from pulumi_revcent_portal.sandbox.controls import Controls
from pulumi_revcent_portal.sandbox.dns_faults import DNS_FAULTS
from pulumi_revcent_portal.sandbox.faults import PARAMETERS
from pulumi_revcent_portal.sandbox.pytest_plugin import __name__ as plugin
from pulumi_revcent_portal.sandbox.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_revcent_portal.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def rows(name: str) -> Iterator[list[str]]:
    table = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert table
    for line in table[1].splitlines()[2:]:
        yield [cell.strip().replace("`", "") for cell in line[1:-1].split("|")]


def test_the_programs_run(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for block in blocks("python"):
        exec(compile(block, "docs/sandbox.md", "exec"), names)  # noqa: S102 - the page's own programs
    assert "/v2 sandbox-live-key" in capsys.readouterr().out
    assert names["pytest_plugins"] == [plugin]


def test_the_test_in_it_passes(tmp_path: Path) -> None:
    _, conftest, test, *_ = blocks("python")
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_it.py").write_text(test)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "1 passed" in ended.stdout, ended.stdout + ended.stderr


def test_the_requests_are_answered(sandbox: Sandbox) -> None:
    command, requests, _ = blocks("sh")
    assert command.startswith("revcent-portal sandbox ")
    answers = [asked(line.replace("http://127.0.0.1:8787", sandbox.url)) for line in requests.splitlines()]
    assert [item["name"] for item in answers[0]] == ["Acme US", "Acme EU", "Bolt"]
    assert answers[1:] == [None, []]
    with pytest.raises(httpx.TransportError):
        httpx.post(sandbox.api_url + "/campaigns", trust_env=False)


def asked(curl: str) -> Any:
    words = shlex.split(curl)
    url = words.pop()
    if "-d" not in words:
        answer = httpx.get(url, trust_env=False)
    else:
        name, _, value = words[words.index("-H") + 1].partition(": ")
        answer = httpx.post(url, content=words[words.index("-d") + 1], headers={name: value}, trust_env=False)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_the_seed_can_be_used() -> None:
    (seed,) = blocks("yaml")
    controls = Controls(seed=json.loads(seed))
    assert controls.api_key == "sandbox-live-key-of-mine"
    assert controls.objects("third_party_shop", mode="test")[0]["name"] == "north-woo"
    assert (controls.dns_zones, controls.dns_key_name) == (["north.example"], "pipeline")


def test_every_switch_is_in_the_table_with_its_default() -> None:
    said = {name: default for name, default, _ in rows("switches")}
    plain = Switches().as_dict()
    assert said == {
        entry.name: json.dumps(plain[entry.name]) if isinstance(plain[entry.name], str) else repr(plain[entry.name])
        for entry in dataclasses.fields(Switches)
    }


def test_every_fault_is_in_the_table_with_its_parameters() -> None:
    said = {name: parameters for name, parameters, _ in rows("faults")}
    assert said == {
        name: ", ".join(f"{parameter}={default!r}" for parameter, default in parameters.items())
        for name, parameters in PARAMETERS.items()
    }


def test_every_fault_of_the_name_server_is_in_the_table() -> None:
    assert [tuple(row) for row in rows("dns faults")] == list(DNS_FAULTS.items())


def test_the_questions_to_the_name_server_are_answered(sandbox: Sandbox) -> None:
    if not shutil.which("dig") or not shutil.which("nsupdate"):
        pytest.skip("dig and nsupdate are not installed (Debian: bind9-dnsutils)")
    dig, nsupdate = blocks("sh")[2].replace("8053", str(sandbox.dns_port)).splitlines()
    for command in (dig, nsupdate):
        ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=30)
        assert ended.stdout + ended.stderr == ("ns1.acme.example.\n" if command is dig else "")
    assert {"name": "www.acme.example", "type": "A", "ttl": 60, "values": ["192.0.2.1"]} in sandbox.records(
        "acme.example"
    )


def test_the_built_in_zones_and_the_key_are_named() -> None:
    controls = Controls()
    for value in (*controls.dns_zones, controls.dns_key_name, controls.dns_key_secret):
        assert f"`{value}`" in PAGE


def test_every_method_is_named() -> None:
    for name in METHODS:
        assert re.search(rf"`{name}\(", PAGE), name
    for name in PROPERTIES:
        assert f"`{name}`" in PAGE, name
