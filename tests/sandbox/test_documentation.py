"""The page of documentation: its programs run, its requests are answered, its tables are complete."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox.control import METHODS, PROPERTIES
from pulumi_revcent_portal.sandbox.controls import Controls
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
    command, requests = blocks("sh")
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


def test_every_method_is_named() -> None:
    for name in METHODS:
        assert re.search(rf"`{name}\(", PAGE), name
    for name in PROPERTIES:
        assert f"`{name}`" in PAGE, name
