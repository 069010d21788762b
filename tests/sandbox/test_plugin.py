"""The pytest plugin, in a test run of its own, as a user has it; and what merely importing the package loads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = 'pytest_plugins = ["pulumi_revcent_portal.sandbox.pytest_plugin"]\n'
TESTS = """
import os
import urllib.request
import pytest

seen = []

@pytest.mark.parametrize("turn", [1, 2])
def test_fresh(revcent_sandbox, turn):
    revcent_sandbox.add("campaign", {"name": "Mine"})
    assert len(revcent_sandbox.objects("campaign")) == 4
    seen.append(revcent_sandbox.url)

def test_environment(revcent_sandbox, revcent_environment):
    assert os.environ["REVCENT_BASE_URL"] == revcent_environment["REVCENT_BASE_URL"] == revcent_sandbox.api_url
    assert os.environ["REVCENT_API_KEY"] == revcent_sandbox.api_key
    assert os.environ["REVCENT_RESOLVERS"] == "none"

def test_environment_is_put_back():
    assert "REVCENT_BASE_URL" not in os.environ
    for url in seen:
        with pytest.raises(OSError):
            urllib.request.urlopen(url, timeout=5)

class TestOwnSeed:
    @pytest.fixture
    def revcent_sandbox_seed(self):
        return {"keys": [{"name": "k", "key": "own-key"}], "objects": {"campaign": [{"name": "Own"}]}}

    def test_seed(self, revcent_sandbox, revcent_environment):
        assert [item["name"] for item in revcent_sandbox.objects("campaign")] == ["Own"]
        assert revcent_environment["REVCENT_API_KEY"] == "own-key"
"""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REVCENT_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_fixtures_of_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TESTS)
    ended = run("-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:xdist", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "5 passed" in ended.stdout


def test_the_client_of_a_remote_sandbox_does_without_the_extra(tmp_path: Path) -> None:
    program = (
        "import sys; from pulumi_revcent_portal.sandbox import Sandbox; Sandbox.connect; "
        "print(sorted({'starlette', 'uvicorn', 'jinja2', 'httpx'} & set(sys.modules)))"
    )
    ended = run("-c", program, cwd=tmp_path)
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")
