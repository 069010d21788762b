"""A Pulumi project in a temporary directory, driven by the real CLI. Not a test."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSPHRASE = "engine-tests"
QUIET = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
    "PULUMI_NEO": "false",
    "PULUMI_SUPPRESS_NEO_LINK": "true",
    "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
}
TIMEOUT = 240


@dataclass(frozen=True)
class Result:
    """What a command printed, and how it ended."""

    code: int
    out: str

    def require(self, *, ok: bool = True) -> Result:
        assert (self.code == 0) is ok, f"exit {self.code}:\n{self.out}"
        return self

    def says(self, *words: str) -> Result:
        missing = [word for word in words if word not in self.flat]
        assert not missing, f"does not say {missing}:\n{self.out}"
        return self

    @property
    def flat(self) -> str:
        """The output with line breaks folded, so that wrapping does not matter."""
        return " ".join(self.out.split())


@dataclass
class Stack:
    """One stack of one project; several may share a backend.

    Attributes:
        directory: the project's directory.
        backend: the directory of the file backend, and of the CLI's own files.
        url: the backend, where it is another one.
        secrets_provider: what the secrets are encrypted with; by default the passphrase.
        environment: what is added to the process's environment.
        existing: the directory holds a project already, such as a copy of an example.
    """

    directory: Path
    backend: Path
    name: str = "dev"
    project: str = "acme"
    environment: dict[str, str] = field(default_factory=dict)
    existing: bool = False
    url: str = ""
    secrets_provider: str = "default"

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.backend.mkdir(parents=True, exist_ok=True)
        if not self.existing:
            (self.directory / "Pulumi.yaml").write_text(f"name: {self.project}\nruntime: python\n")
            (self.directory / "__main__.py").write_text("")
        self.pulumi("stack", "init", self.name, "--secrets-provider", self.secrets_provider).require()

    def write(self, program: str) -> Stack:
        """Replace the program."""
        (self.directory / "__main__.py").write_text(program)
        return self

    def env(self) -> dict[str, str]:
        ours = ("PULUMI_", "REVCENT_", "AWS_")
        bare = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        return {
            **bare,
            **QUIET,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(self.backend / "home"),
            "PULUMI_BACKEND_URL": self.url or f"file://{self.backend}",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            **self.environment,
        }

    def popen(self, *words: str, directory: Path | None = None) -> subprocess.Popen[str]:
        """Start a command in a session of its own, so that the test can end all of its processes."""
        return subprocess.Popen(
            ["pulumi", *words, "--non-interactive", "--color=never"],
            cwd=directory or self.directory,
            env=self.env(),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def pulumi(self, *words: str, directory: Path | None = None) -> Result:
        process = self.popen(*words, directory=directory)
        try:
            out, _ = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            end_session(process)
            raise
        return Result(process.returncode, out)

    def up(self, *words: str) -> Result:
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", self.name, *words)

    def preview(self, *words: str) -> Result:
        return self.pulumi("preview", "--diff", "--stack", self.name, *words)

    def refresh(self, *words: str) -> Result:
        return self.pulumi("refresh", "--yes", "--skip-preview", "--stack", self.name, *words)

    def destroy(self, *words: str) -> Result:
        return self.pulumi("destroy", "--yes", "--skip-preview", "--stack", self.name, *words)

    def settled(self) -> Stack:
        """Assert that a preview shows no change."""
        self.pulumi("preview", "--diff", "--expect-no-changes", "--stack", self.name).require()
        return self

    def export(self, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.pulumi("stack", "export", "--stack", self.name, *words).require().out)
        return answer

    def resources(self, *words: str) -> dict[str, dict[str, Any]]:
        """The resources in the state by name; without further words as a file backend keeps them, which is quicker."""
        found = self.export(*words)["deployment"].get("resources", []) if words or self.url else self._kept()
        return {resource["urn"].rsplit("::", 1)[1]: resource for resource in found}

    def _kept(self) -> list[dict[str, Any]]:
        file = self.backend / ".pulumi" / "stacks" / self.project / f"{self.name}.json"
        checkpoint = json.loads(file.read_text())["checkpoint"]["latest"] or {}
        found: list[dict[str, Any]] = checkpoint.get("resources", [])
        return found

    def outputs(self, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.pulumi("stack", "output", "--json", "--stack", self.name, *words).require().out
        )
        return answer


def end_session(process: subprocess.Popen[str]) -> None:
    """End a command with its language host and providers, which outlive it in process groups of their own."""
    process.kill()
    for pid in _pids_of_session(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(timeout=10)
    if process.stdout is not None:
        process.stdout.close()


def _pids_of_session(session: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True).stdout
    found = []
    for pid in map(int, listed.split()):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(pid) == session:
                found.append(pid)
    return found


def engine_is_there() -> bool:
    return shutil.which("pulumi") is not None
