from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tools.setup import installer
from tools.setup.console import SetupError
from tools.setup.installer import OfficialInstaller

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import Programs, Talk

# Stands for the environment's Python: `-c CODE` with no further argument is the probe.
PROBE_ANSWERS = "if [ $# = 2 ]; then exit 0; fi"


def test_an_unreachable_host_is_no_installer(tmp_path: Path, program: Programs, talk: Talk) -> None:
    python = program(tmp_path / "python", "exit 1")
    with pytest.raises(SetupError, match=r"get\.pulumi\.com cannot be reached") as failure:
        OfficialInstaller(python, "3.259.0", talk).fetch(tmp_path)
    assert "by hand" in failure.value.cure
    assert talk.text == ""


def test_a_resolver_that_never_answers_costs_seconds(
    tmp_path: Path, program: Programs, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installer._PROBE_LIMIT < 5
    monkeypatch.setattr(installer, "_PROBE_LIMIT", 0.2)
    python = program(tmp_path / "python", "sleep 60")
    begun = time.monotonic()
    with pytest.raises(SetupError, match="cannot be reached"):
        OfficialInstaller(python, "3.259.0", talk).fetch(tmp_path)
    assert time.monotonic() - begun < 10


def test_the_pinned_version_is_installed_where_it_is_wanted(tmp_path: Path, program: Programs, talk: Talk) -> None:
    python = program(tmp_path / "python", f'{PROBE_ANSWERS}\necho "$3 $4" > {tmp_path}/asked')
    OfficialInstaller(python, "3.259.0", talk).fetch(tmp_path / "place")
    assert (tmp_path / "asked").read_text() == f"{tmp_path}/place 3.259.0\n"
    assert "about 30 s" in talk.text


def test_a_failing_installer_is_quoted(tmp_path: Path, program: Programs, talk: Talk) -> None:
    python = program(tmp_path / "python", f"{PROBE_ANSWERS}\necho could not download the archive; exit 1")
    with pytest.raises(SetupError, match="could not download the archive"):
        OfficialInstaller(python, "3.259.0", talk).fetch(tmp_path)


def test_the_code_for_the_installer_speaks_to_pulumis_api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    automation = pytest.importorskip("pulumi.automation")
    calls: list[dict[str, object]] = []
    monkeypatch.setattr(automation.PulumiCommand, "install", lambda **given: calls.append(given))
    monkeypatch.setattr("sys.argv", ["-c", str(tmp_path), "3.259.0"])
    exec(compile(installer._INSTALL, "install", "exec"), {})  # noqa: S102 - our own words
    assert [(call["root"], str(call["version"])) for call in calls] == [(str(tmp_path), "3.259.0")]
