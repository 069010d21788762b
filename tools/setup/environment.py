"""The variables that programs of this checkout run with: the environment and the engine on PATH, and a local backend.

`make env` prints them for a shell, `python -m tools.setup run` hands them to one program.
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# For the stacks on the local backend only, which hold a sandbox's made-up secrets: stated, so that anybody can open
# them. A passphrase that is set already is kept.
SANDBOX_PASSPHRASE = "sandbox"  # noqa: S105
_QUIET = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
    "PULUMI_NEO": "false",
    "PULUMI_SUPPRESS_NEO_LINK": "true",
}


def variables(checkout: Path, engine: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables to set.

    Args:
        checkout: The root of the project, an absolute path; its `.state` holds the backend and Pulumi's own files.
        engine: The directory of the engine's programs.
        environment: The present variables.
    """
    state = checkout / ".state"
    chosen = {
        "VIRTUAL_ENV": str(checkout / ".venv"),
        "PATH": _path([checkout / ".venv" / "bin", engine], environment.get("PATH", os.defpath)),
        "PULUMI_HOME": str(state / "pulumi"),
        "PULUMI_BACKEND_URL": f"file://{state / 'backend'}",
        **_QUIET,
        # Containers like to set it. Every `pulumi` command starts two Pythons, which would compile the package anew: a
        # command takes 2.2 s of CPU time instead of 1.3 s.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    if not environment.keys() & {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}:
        chosen["PULUMI_CONFIG_PASSPHRASE"] = SANDBOX_PASSPHRASE
    return chosen


def make_directories(checkout: Path) -> None:
    """Makes the directories that the variables speak of: Pulumi does not make a backend's."""
    for name in ("pulumi", "backend"):
        (checkout / ".state" / name).mkdir(parents=True, exist_ok=True)


def as_shell(chosen: Mapping[str, str]) -> str:
    """Lines for a POSIX shell's `eval` that export the variables."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in chosen.items())


def _path(first: list[Path], rest: str) -> str:
    """A search path that begins with these directories, each named once however often this is applied."""
    front = [str(directory) for directory in first]
    return os.pathsep.join([*front, *(part for part in rest.split(os.pathsep) if part not in front)])
