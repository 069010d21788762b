"""The checkout's virtual environment: Python, the pinned packages and the project itself, installed for editing."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import time
from pathlib import Path

from tools.setup.console import Console, SetupError, clock
from tools.setup.lock import exclusive
from tools.setup.process import run

# Builds the project without a second, unpinned environment for the build alone.
_BUILD_PACKAGES = ("pip", "hatchling", "editables")  # pip too: Pulumi runs it in every command, and old ones are slow
_CREATE_LIMIT = 300.0
_INSTALL_LIMIT = 1800.0


class VirtualEnvironment:
    """The directory `.venv` of a checkout.

    Args:
        checkout: The root of the project, an absolute path.
        console: Told what is done.
    """

    def __init__(self, checkout: Path, console: Console) -> None:
        self._checkout = checkout
        self._console = console
        self.directory = checkout / ".venv"
        self.bin = self.directory / "bin"
        self.python = self.bin / "python"
        self._stamp = self.directory / "revcent-portal-setup"

    def ensure(self) -> None:
        """Makes the environment, or brings it up to date; does nothing when it is.

        Raises:
            SetupError: Python lacks its `venv` module, or a package cannot be installed.
        """
        with exclusive(self._checkout / ".state" / "setup.lock", self._console):
            if self._is_current():
                self._console.present(f"Python environment in {self.directory}")
                return
            if not self._is_usable():
                self._create()
            self._install()
            self._stamp.write_text(self._fingerprint(), encoding="utf-8")

    def _fingerprint(self) -> str:
        """What the environment was made from: when this differs, it is out of date."""
        inputs = hashlib.sha256()
        for name in ("pyproject.toml", "constraints.txt"):
            inputs.update((self._checkout / name).read_bytes())
        return f"{self._place()}\n{inputs.hexdigest()}\n"

    def _place(self) -> str:
        # Scripts in the environment hold its absolute path, and packages belong to one Python.
        return f"{self.directory} {sys.implementation.cache_tag}"

    def _is_current(self) -> bool:
        return self.python.exists() and self._recorded() == self._fingerprint()

    def _is_usable(self) -> bool:
        return self.python.exists() and self._recorded().split("\n")[0] == self._place()

    def _recorded(self) -> str:
        return self._stamp.read_text(encoding="utf-8") if self._stamp.exists() else ""

    def _create(self) -> None:
        if self.directory.exists():
            self._console.note(f"{self.directory} was not made by this set-up, here, with this Python: it is made anew")
            shutil.rmtree(self.directory)
        self._console.step(f"making a Python {platform.python_version()} environment in {self.directory} (about 5 s)")
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        # Not sys.executable, which may lie in the directory that was just removed.
        base = Path(sys.base_prefix) / "bin" / f"python{version}"
        outcome = run([str(base), "-m", "venv", str(self.directory)], limit=_CREATE_LIMIT)
        if not outcome.ok:
            shutil.rmtree(self.directory, ignore_errors=True)  # half an environment looks like a whole one
            raise SetupError(
                f"Python could not make a virtual environment:\n{outcome.last_lines()}",
                cure=f"install Python's venv module with pip (Debian, Ubuntu: apt install python{version}-venv), "
                "or name another Python: make setup PYTHON=/path/to/python3",
            )
        self._stamp.write_text(f"{self._place()}\n", encoding="utf-8")

    def _install(self) -> None:
        self._console.step("installing the packages that constraints.txt pins (about 30 s)")
        begun = time.monotonic()
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        pinned = [*pip, "--constraint", str(self._checkout / "constraints.txt")]
        for arguments in ([*_BUILD_PACKAGES], ["--no-build-isolation", "--editable", f"{self._checkout}[dev]"]):
            outcome = run([*pinned, *arguments], limit=_INSTALL_LIMIT, directory=self._checkout)
            if not outcome.ok:
                raise SetupError(
                    f"pip could not install the packages:\n{outcome.last_lines()}",
                    cure="check that pip reaches a package index from here (behind a proxy: HTTPS_PROXY, "
                    "with a mirror of your own: pip's configuration), then run make setup again",
                )
        self._console.done(f"packages installed in {clock(time.monotonic() - begun)}")
