from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.setup import __main__ as setup
from tools.setup.console import Console, SetupError

if TYPE_CHECKING:
    from tests.tools.conftest import Engines, Programs, Talk

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> list[Console]:
    """A set-up that finds everything; the answer holds the consoles it was given."""
    consoles: list[Console] = []

    def ensure(_checkout: Path, console: Console) -> dict[str, str]:
        consoles.append(console)
        console.present("everything")
        return {"PATH": os.environ["PATH"], "WORD": "a b", "PULUMI_BACKEND_URL": "file:///x"}

    monkeypatch.setattr(setup, "ensure", ensure)
    return consoles


def test_everything_that_is_there_is_used_and_told(
    tmp_path: Path, talk: Talk, engine: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "tools" / "engine", checkout / "tools" / "engine")
    monkeypatch.setattr("tools.setup.__main__.VirtualEnvironment.ensure", lambda _self: None)
    monkeypatch.setenv("PATH", str(engine(tmp_path / "engine", "v3.300.0")), prepend=os.pathsep)
    chosen = setup.ensure(checkout, talk)
    assert chosen["PATH"].split(os.pathsep)[:2] == [f"{checkout}/.venv/bin", f"{tmp_path}/engine"]
    assert (checkout / ".state" / "backend").is_dir()


@pytest.mark.usefixtures("ready")
def test_set_up_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main([]) == 0
    seen = capsys.readouterr()
    assert seen.out == ""
    assert "everything" in seen.err
    assert "set up in 0 s" in seen.err


@pytest.mark.usefixtures("ready")
def test_env_prints_nothing_but_shell_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(["env"]) == 0
    out = capsys.readouterr().out
    assert "export WORD='a b'\n" in out
    assert all(line.startswith("export ") for line in out.splitlines())


def test_env_states_the_passphrase_it_chose(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = {"PULUMI_CONFIG_PASSPHRASE": "sandbox", "PULUMI_BACKEND_URL": "file:///x"}
    monkeypatch.setattr(setup, "ensure", lambda _checkout, _console: chosen)
    setup.main(["env"])
    assert "stacks go to file:///x, passphrase 'sandbox'" in capsys.readouterr().err


def test_run_puts_the_program_in_the_place_of_the_set_up(
    ready: list[Console], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    became: list[object] = []
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(os, "execvp", lambda file, arguments: became.extend([file, arguments, os.environ["WORD"]]))
    setup.main(["run", "--", "pytest", "-k", "--", "x"])
    assert became == ["pytest", ["pytest", "-k", "--", "x"], "a b"]
    assert len(ready) == 1
    assert capsys.readouterr().err == ""  # a warm set-up is silent before a program


@pytest.mark.usefixtures("ready")
def test_run_reports_a_program_that_is_not_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    assert setup.main(["run", "no-such-program"]) == 127
    assert "no-such-program: No such file" in capsys.readouterr().err


def test_a_failed_step_ends_with_status_1_and_the_cure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_checkout: Path, _console: Console) -> dict[str, str]:
        raise SetupError("there is no Go", cure="install Go")

    monkeypatch.setattr(setup, "ensure", fail)
    assert setup.main(["env"]) == 1
    seen = capsys.readouterr()
    assert seen.out == ""
    assert "What to do: install Go" in seen.err


@pytest.mark.parametrize("arguments", [["build"], ["run"], ["run", "--"], ["env", "extra"]])
def test_a_wrong_command_is_answered_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(arguments) == 2
    assert "python -m tools.setup [ensure | env | run" in capsys.readouterr().err


def make(directory: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path or os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [str(shutil.which("make")), "-f", str(CHECKOUT / "Makefile"), *arguments]
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)


def test_make_help_lists_every_command(tmp_path: Path) -> None:
    listed = make(tmp_path, "help").stdout
    for name in ("setup", "env", "demo", "sandbox", "test", "lint", "bench", "constraints", "changelog", "clean"):
        assert f"  make {name} " in listed


def test_make_without_a_python_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sh").symlink_to(str(shutil.which("sh")))
    answer = make(tmp_path, "-s", "env", path=str(tmp_path))
    assert answer.returncode != 0
    assert answer.stdout == ""
    assert "there is no Python 3.11 or newer" in answer.stderr
    assert "PYTHON=/path/to/python3" in answer.stderr


def test_make_refuses_a_python_that_is_too_old(tmp_path: Path, program: Programs) -> None:
    old = program(tmp_path / "python3.6", "exit 1")
    answer = make(tmp_path, "setup", f"PYTHON={old}")
    assert answer.returncode != 0
    assert f'"{old}" is none' in answer.stderr


def test_make_takes_the_first_python_that_is_new_enough(tmp_path: Path, program: Programs) -> None:
    program(tmp_path / "python3", "exit 1")
    program(tmp_path / "python3.12", "exit 0")
    program(tmp_path / "python3.11", "exit 0")
    path = f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin"
    assert "\npython3.12 -m tools.setup env" in make(tmp_path, "-n", "env", path=path).stdout


def test_make_stays_with_the_python_that_the_environment_was_made_with(tmp_path: Path, program: Programs) -> None:
    program(tmp_path / ".venv" / "bin" / "python", "exit 0")
    assert "\n.venv/bin/python -m tools.setup env" in make(tmp_path, "-n", "env").stdout
    assert "\nother -m tools.setup env" in make(tmp_path, "-n", "env", "PYTHON=other").stdout
