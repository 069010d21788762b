from __future__ import annotations

import subprocess
import sys

from typer.testing import CliRunner

from pulumi_revcent_portal.cli import main

WITHOUT_EXTRA = """
import sys
for name in ("starlette", "uvicorn", "jinja2"):
    sys.modules[name] = None
from pulumi_revcent_portal.cli import main
main(["sandbox", "--port", "0"])
"""


def test_help_lists_the_commands() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "contract" in result.stdout
    assert "sandbox" in result.stdout


def test_without_a_command_there_is_help() -> None:
    result = CliRunner().invoke(main, [])
    assert "contract" in result.output


def test_a_missing_extra_is_named_with_the_command_that_installs_it() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT_EXTRA], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 1
    assert "pip install" in ran.stderr
    assert "pulumi_revcent_portal[sandbox]" in ran.stderr
    assert "Traceback" not in ran.stderr
