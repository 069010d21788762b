"""Pulumi's official installer, called through Pulumi's own Automation API, and never for longer than it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.setup.console import Console, SetupError
from tools.setup.process import run

if TYPE_CHECKING:
    from pathlib import Path

# Where the Automation API fetches the installer from. Asked first, in a process that can be stopped: a resolver that
# does not answer holds a thread for longer than any time-out that can be given to it.
_PROBE = "import urllib.request; urllib.request.urlopen('https://get.pulumi.com/install.sh', timeout=3).close()"
_PROBE_LIMIT = 4.0
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""
_INSTALL_LIMIT = 600.0
CURE = "install Pulumi by hand and put it on PATH."


class OfficialInstaller:
    """Installs the engine that Pulumi publishes.

    Args:
        python: A Python that has the `pulumi` package.
        version: The version to install.
        console: Told what is done.
    """

    def __init__(self, python: Path, version: str, console: Console) -> None:
        self._python = python
        self._version = version
        self._console = console

    def fetch(self, directory: Path) -> None:
        """Installs into `<directory>/bin`.

        Raises:
            SetupError: The installer cannot be reached (known within 4 s), or did not do its work.
        """
        if not run([str(self._python), "-c", _PROBE], limit=_PROBE_LIMIT).ok:
            raise SetupError("get.pulumi.com cannot be reached from here", cure=CURE)
        self._console.step(f"installing the Pulumi engine {self._version} with Pulumi's installer (about 30 s)")
        outcome = run([str(self._python), "-c", _INSTALL, str(directory), self._version], limit=_INSTALL_LIMIT)
        if not outcome.ok:
            raise SetupError(f"Pulumi's installer failed:\n{outcome.last_lines()}", cure=CURE)
