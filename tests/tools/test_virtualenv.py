from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tools.setup.console import SetupError
from tools.setup.virtualenv import VirtualEnvironment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import Programs, Talk

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
MAKES_AN_ENVIRONMENT = """
# Called as: python -m venv DIRECTORY. The Python it makes writes down what pip is asked to do.
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$@" >> %s/pip.log\\n' "{root}" > "$3/bin/python"
chmod +x "$3/bin/python"
echo "$@" >> "{root}/venv.log"
"""


@pytest.fixture
def checkout(tmp_path: Path, program: Programs, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]")
    (root / "constraints.txt").write_text("pulumi==3.272.0")
    program(tmp_path / "base" / "bin" / PYTHON, MAKES_AN_ENVIRONMENT.replace("{root}", str(tmp_path)))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path / "base"))
    return root


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def test_a_fresh_checkout_gets_pinned_packages_and_the_project(checkout: Path, tmp_path: Path, talk: Talk) -> None:
    VirtualEnvironment(checkout, talk).ensure()
    build, project = lines(tmp_path / "pip.log")
    assert f"--constraint {checkout}/constraints.txt pip hatchling editables" in build
    assert f"--constraint {checkout}/constraints.txt --no-build-isolation --editable {checkout}[dev]" in project
    assert "about 30 s" in talk.text


def test_a_warm_checkout_starts_no_program(checkout: Path, tmp_path: Path, talk: Talk) -> None:
    VirtualEnvironment(checkout, talk).ensure()
    VirtualEnvironment(checkout, talk).ensure()
    assert len(lines(tmp_path / "venv.log")) == 1
    assert len(lines(tmp_path / "pip.log")) == 2


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_requirements_are_installed_into_the_same_environment(
    checkout: Path, tmp_path: Path, talk: Talk, name: str
) -> None:
    VirtualEnvironment(checkout, talk).ensure()
    (checkout / name).write_text("changed")
    VirtualEnvironment(checkout, talk).ensure()
    assert len(lines(tmp_path / "venv.log")) == 1
    assert len(lines(tmp_path / "pip.log")) == 4


def test_a_moved_checkout_gets_a_new_environment(checkout: Path, tmp_path: Path, talk: Talk) -> None:
    VirtualEnvironment(checkout, talk).ensure()
    moved = checkout.rename(tmp_path / "moved")
    VirtualEnvironment(moved, talk).ensure()
    assert len(lines(tmp_path / "venv.log")) == 2
    assert "made anew" in talk.text


def test_somebody_elses_environment_is_replaced(checkout: Path, tmp_path: Path, talk: Talk, program: Programs) -> None:
    program(checkout / ".venv" / "bin" / "python", "exit 1")
    VirtualEnvironment(checkout, talk).ensure()
    assert len(lines(tmp_path / "pip.log")) == 2


def test_a_python_without_venv_names_the_package(checkout: Path, tmp_path: Path, talk: Talk, program: Programs) -> None:
    program(tmp_path / "base" / "bin" / PYTHON, 'mkdir -p "$3/bin"; echo "ensurepip is not available"; exit 1')
    with pytest.raises(SetupError, match="ensurepip is not available") as failure:
        VirtualEnvironment(checkout, talk).ensure()
    assert f"apt install {PYTHON}-venv" in failure.value.cure
    assert not (checkout / ".venv").exists()


def test_a_failed_install_is_tried_again(checkout: Path, tmp_path: Path, talk: Talk, program: Programs) -> None:
    VirtualEnvironment(checkout, talk).ensure()
    python = checkout / ".venv" / "bin" / "python"
    working = python.read_text()
    (checkout / "constraints.txt").write_text("pulumi==9999")
    program(python, "echo no matching distribution; exit 1")
    with pytest.raises(SetupError, match="no matching distribution") as failure:
        VirtualEnvironment(checkout, talk).ensure()
    assert "package index" in failure.value.cure
    python.write_text(working)
    VirtualEnvironment(checkout, talk).ensure()
    assert len(lines(tmp_path / "pip.log")) == 4
