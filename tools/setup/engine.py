"""Which Pulumi engine is used: one on PATH, the per-user cache, the official installer, or the pinned Go build.

It finds and chooses; `installer.py` and `gobuild.py` do the work of the last two.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.setup.console import Console, SetupError, clock
from tools.setup.lock import exclusive
from tools.setup.process import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Version = tuple[int, int, int]

MINIMUM_ENGINE: Version = (3, 254, 0)  # the first whose import files take inputs and outputs
COMPANIONS = ("pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python")
_VERSION_LIMIT = 30.0


@dataclass(frozen=True)
class Source:
    """A way to get the pinned engine.

    Attributes:
        name: What it is called in messages.
        fetch: Puts the engine's programs into `<directory>/bin`, and raises SetupError where it cannot.
    """

    name: str
    fetch: Callable[[Path], None]


def pinned_version(go_mod: Path) -> str:
    """The version of Pulumi that a go.mod pins, such as `3.259.0`: the one place where it is written down."""
    found = re.search(r"github\.com/pulumi/pulumi/sdk/v3 v(\S+)", go_mod.read_text(encoding="utf-8"))
    if found is None:
        raise SetupError(f"{go_mod} pins no github.com/pulumi/pulumi/sdk/v3", cure="restore the file from git")
    return found[1]


def parse_version(text: str) -> Version | None:
    """The version in the answer of `pulumi version`, such as `v3.259.0` or `v3.260.0-alpha.1`; None when there is none.

    A pre-release counts as the release it leads to.
    """
    found = re.search(r"^v?(\d+)\.(\d+)\.(\d+)", text.strip(), re.MULTILINE)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def cache_root(environment: Mapping[str, str]) -> Path:
    """Where engines are kept for all checkouts of this person: below XDG_CACHE_HOME, or ~/.cache."""
    configured = environment.get("XDG_CACHE_HOME", "")
    # The XDG rules say that a relative path is to be ignored.
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"
    return base / "pulumi-revcent-portal" / "engine"


def fault(pulumi: Path, search_path: str) -> str | None:
    """Why an engine does not fit, or None when it does.

    Args:
        pulumi: The program.
        search_path: The PATH on which its companions may lie, if not beside it.
    """
    outcome = run([str(pulumi), "version"], limit=_VERSION_LIMIT, environment={"PULUMI_SKIP_UPDATE_CHECK": "true"})
    version = parse_version(outcome.output) if outcome.ok else None
    if version is None:
        return f"{pulumi} does not tell its version"
    if version < MINIMUM_ENGINE:
        return f"{pulumi} is version {_dotted(version)}, and {_dotted(MINIMUM_ENGINE)} is the oldest that fits"
    places = os.pathsep.join([str(pulumi.parent), str(pulumi.resolve().parent), search_path])
    missing = [name for name in COMPANIONS if shutil.which(name, path=places) is None]
    return f"{pulumi} has no {', no '.join(missing)} beside it" if missing else None


class Engine:
    """Finds the engine, and gets it when there is none.

    Args:
        version: The pinned version, such as `3.259.0`: the cache and the sources hold this one.
        sources: The ways to get it, in the order of trial.
        environment: The variables of the process (PATH, XDG_CACHE_HOME).
        console: Told what is done.
    """

    def __init__(
        self, version: str, sources: tuple[Source, ...], environment: Mapping[str, str], console: Console
    ) -> None:
        self._version = version
        self._sources = sources
        self._path = environment.get("PATH", os.defpath)
        self._cache = cache_root(environment)
        self._console = console

    def ensure(self) -> Path:
        """The directory with the engine's programs, which is got first where that is needed.

        Raises:
            SetupError: No way led to an engine; the message holds the reason of each.
        """
        return self._on_path() or self._cached() or self._fetched()

    def _on_path(self) -> Path | None:
        found = shutil.which("pulumi", path=self._path)
        if found is None:
            return None
        pulumi = Path(found).absolute()
        if reason := fault(pulumi, self._path):
            if pulumi.parent != self._home / "bin":
                self._console.note(f"the Pulumi engine on PATH is not used: {reason}")
            return None
        self._console.present(f"Pulumi engine on PATH: {pulumi}")
        return pulumi.parent

    @property
    def _home(self) -> Path:
        return self._cache / self._version

    def _cached(self) -> Path | None:
        pulumi = self._home / "bin" / "pulumi"
        if not pulumi.exists() or fault(pulumi, "") is not None:
            return None
        self._console.present(f"Pulumi engine {self._version} in the cache: {pulumi}")
        return pulumi.parent

    def _fetched(self) -> Path:
        with exclusive(self._cache / ".lock", self._console):
            # Another set-up may have put it there while this one waited.
            if directory := self._cached():
                return directory
            reasons = []
            for source in self._sources:
                try:
                    self._fetch_from(source)
                except SetupError as error:
                    self._console.note(f"{source.name}: {error}")
                    reasons.append(error)
                else:
                    return self._home / "bin"
        raise SetupError(
            f"there is no Pulumi engine, and none could be got ({len(reasons)} ways tried, see above)",
            cure=" Or: ".join(error.cure for error in reasons),
        )

    def _fetch_from(self, source: Source) -> None:
        """Gets the engine into a directory beside its place and moves it there: half an engine is never seen."""
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(dir=self._cache, prefix=".new-") as temporary:
            fresh = Path(temporary) / self._version
            (fresh / "bin").mkdir(parents=True)
            source.fetch(fresh)
            if reason := fault(fresh / "bin" / "pulumi", ""):
                raise SetupError(f"what came does not fit: {reason}", cure="install Pulumi by hand and put it on PATH.")
            if self._home.exists():
                shutil.rmtree(self._home)  # it was found unfit
            fresh.rename(self._home)
        passed = clock(time.monotonic() - begun)
        self._console.done(f"Pulumi engine {self._version} from {source.name}, in {passed}: {self._home / 'bin'}")


def _dotted(version: Version) -> str:
    return ".".join(str(part) for part in version)
