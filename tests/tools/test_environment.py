from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tools.setup.environment import as_shell, make_directories, variables

CHECKOUT = Path("/home/some one/check'out $HOME")
ENGINE = Path("/cache/engine/bin")


def test_environment_and_engine_come_first_on_path_once() -> None:
    once = variables(CHECKOUT, ENGINE, {"PATH": "/usr/bin:/bin"})
    twice = variables(CHECKOUT, ENGINE, {"PATH": once["PATH"]})
    assert once["PATH"].split(os.pathsep) == [f"{CHECKOUT}/.venv/bin", str(ENGINE), "/usr/bin", "/bin"]
    assert twice == once


def test_pulumi_is_pointed_at_a_local_backend_of_this_checkout() -> None:
    chosen = variables(CHECKOUT, ENGINE, {"PULUMI_BACKEND_URL": "s3://production", "PULUMI_HOME": "/root/.pulumi"})
    assert chosen["PULUMI_BACKEND_URL"] == f"file://{CHECKOUT}/.state/backend"
    assert chosen["PULUMI_HOME"] == f"{CHECKOUT}/.state/pulumi"
    assert chosen["VIRTUAL_ENV"] == f"{CHECKOUT}/.venv"


def test_a_passphrase_that_is_set_already_is_kept() -> None:
    assert variables(CHECKOUT, ENGINE, {})["PULUMI_CONFIG_PASSPHRASE"] == "sandbox"
    for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        assert "PULUMI_CONFIG_PASSPHRASE" not in variables(CHECKOUT, ENGINE, {name: "mine"})


def test_pythons_that_pulumi_starts_need_not_compile_the_package_each_time() -> None:
    assert variables(CHECKOUT, ENGINE, {"PYTHONDONTWRITEBYTECODE": "1"})["PYTHONDONTWRITEBYTECODE"] == ""


def test_a_shell_reads_back_what_was_written() -> None:
    chosen = variables(CHECKOUT, ENGINE, {"PATH": os.environ["PATH"]})
    script = f'{as_shell(chosen)}printf "%s\\n" "$VIRTUAL_ENV" "$PULUMI_BACKEND_URL"; env | grep -c "^PULUMI_"'
    answer = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env={})
    place, backend, count = answer.stdout.splitlines()
    assert place == f"{CHECKOUT}/.venv"
    assert backend == chosen["PULUMI_BACKEND_URL"]
    assert int(count) == sum(name.startswith("PULUMI_") for name in chosen)


def test_the_directories_of_the_backend_are_made(tmp_path: Path) -> None:
    make_directories(tmp_path)
    make_directories(tmp_path)
    chosen = variables(tmp_path, ENGINE, {})
    assert Path(chosen["PULUMI_HOME"]).is_dir()
    assert Path(chosen["PULUMI_BACKEND_URL"].removeprefix("file://")).is_dir()
