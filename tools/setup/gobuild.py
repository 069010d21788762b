"""The pinned Go build of the Pulumi engine, for machines that reach a Go module proxy and little else.

Four programs make an engine: the CLI, the language host (from the last release of Pulumi's Go SDK that contains it) and
two scripts that the SDK carries in its module. The versions stand in the go.mod files of tools/engine.
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from tools.setup.console import Console, SetupError, clock
from tools.setup.engine import pinned_version
from tools.setup.process import Outcome, run

_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_TOOLCHAIN_LIMIT = 300.0  # Go may fetch the toolchain that the module asks for
_BUILD_LIMIT = 3600.0


class GoBuild:
    """Builds the engine.

    Args:
        modules: The directory with the Go modules `cli` and `language-python`.
        console: Told what is done.
    """

    def __init__(self, modules: Path, console: Console) -> None:
        self._cli = modules / "cli"
        self._host = modules / "language-python"
        self._console = console

    def fetch(self, directory: Path) -> None:
        """Builds into `<directory>/bin`.

        Raises:
            SetupError: Go is missing or too old, or the build failed.
        """
        self._check_go()
        self._console.step("building the Pulumi engine with Go (about 4 minutes on 2 cores, once per person)")
        binaries = directory / "bin"
        self._install(self._host, binaries, "the Python language host")
        self._install(self._cli, binaries, "the CLI", "-tags", "osusergo,grpcnotrace")
        self._copy_scripts(binaries)

    def _check_go(self) -> None:
        wanted = _go_version(self._cli / "go.mod")
        cure = f"install Go {wanted} or newer (https://go.dev/dl) and put it on PATH"
        if shutil.which("go") is None:
            raise SetupError("there is no Go to build the engine with", cure=cure)
        # Asked inside the module, so that Go may fetch the toolchain it names.
        outcome = run(["go", "env", "GOVERSION"], limit=_TOOLCHAIN_LIMIT, directory=self._cli)
        found = re.search(r"^go(\d+(?:\.\d+)+)", outcome.output, re.MULTILINE)
        if not outcome.ok or found is None or _numbers(found[1]) < _numbers(wanted):
            raise SetupError(f"Go {wanted} or newer is needed to build the engine:\n{outcome.last_lines()}", cure=cure)

    def _install(self, module: Path, binaries: Path, what: str, *flags: str) -> None:
        version = f"-X {_VERSION_VARIABLE}=v{pinned_version(module / 'go.mod')}"
        begun = time.monotonic()
        outcome = self._go(
            module,
            *("install", "-trimpath", *flags, "-ldflags", f"-s -w {version}", "tool"),
            binaries=binaries,
            what=what,
        )
        if not outcome.ok:
            raise SetupError(
                f"Go could not build {what}:\n{outcome.last_lines()}",
                cure="check that Go reaches a module proxy from here (GOPROXY) and that 4 GB of disk are free",
            )
        self._console.note(f"built {what} in {clock(time.monotonic() - begun)}")

    def _copy_scripts(self, binaries: Path) -> None:
        outcome = self._go(self._cli, "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3")
        module = Path((outcome.output.strip().splitlines() or [""])[-1])
        if not outcome.ok or not module.is_absolute():
            raise SetupError(
                f"Go does not say where the module of the Pulumi SDK lies:\n{outcome.last_lines()}",
                cure="empty Go's module cache (go clean -modcache) and run make setup again",
            )
        for script in _SCRIPTS:
            target = binaries / Path(script).name
            shutil.copyfile(module / script, target)  # the module cache is read-only; a copy of it must not be
            target.chmod(0o755)

    def _go(self, module: Path, *arguments: str, binaries: Path | None = None, what: str = "") -> Outcome:
        variables = {"GOWORK": "off", "GOBIN": str(binaries or "")}
        return run(
            ["go", *arguments],
            limit=_BUILD_LIMIT,
            directory=module,
            environment=variables,
            alive=lambda passed: self._console.note(f"still building {what}: {clock(passed)}"),
        )


def _go_version(go_mod: Path) -> str:
    found = re.search(r"^go (\S+)$", go_mod.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SetupError(f"{go_mod} names no Go version", cure="restore the file from git")
    return found[1]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
