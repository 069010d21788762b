"""The set-up's command line, from the root of a checkout: `python -m tools.setup [ensure | env | run [--] PROGRAM]`.

* `ensure` (the default) makes the environment and gets the engine, and says what it did.
* `env` does the same and prints shell lines: `eval "$(make -s env)"`.
* `run` does the same, quietly when there is nothing to do, and becomes the program.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tools.setup.console import Console, SetupError, clock
from tools.setup.engine import Engine, Source, pinned_version
from tools.setup.environment import SANDBOX_PASSPHRASE, as_shell, make_directories, variables
from tools.setup.gobuild import GoBuild
from tools.setup.installer import OfficialInstaller
from tools.setup.virtualenv import VirtualEnvironment

CHECKOUT = Path(__file__).resolve().parents[2]


def ensure(checkout: Path, console: Console) -> dict[str, str]:
    """Makes everything ready and answers the variables to run with.

    Args:
        checkout: The root of the project, an absolute path.
        console: Told what is done.

    Raises:
        SetupError: A step failed.
    """
    environment = VirtualEnvironment(checkout, console)
    environment.ensure()
    modules = checkout / "tools" / "engine"
    version = pinned_version(modules / "cli" / "go.mod")
    installer = OfficialInstaller(environment.python, version, console)
    sources = (
        Source("Pulumi's installer", installer.fetch),
        Source("the Go build", GoBuild(modules, console).fetch),
    )
    engine = Engine(version, sources, os.environ, console).ensure()
    make_directories(checkout)
    return variables(checkout, engine, os.environ)


def main(arguments: list[str]) -> int:
    """Runs a command of the set-up.

    Args:
        arguments: The command and, for `run`, the program with its arguments.

    Returns:
        The exit status: 0, 1 when a step failed, 2 for a command that is none.
    """
    command, *program = arguments or ["ensure"]
    program = program[1:] if program[:1] == ["--"] else program
    if command not in {"ensure", "env", "run"} or bool(program) != (command == "run"):
        print(__doc__, file=sys.stderr)
        return 2
    console = Console(quiet=command == "run")
    begun = time.monotonic()
    try:
        chosen = ensure(CHECKOUT, console)
    except SetupError as error:
        console.failure(error)
        return 1
    if command == "run":
        return _become(program, chosen)
    if command == "env":
        print(as_shell(chosen), end="")
        if chosen.get("PULUMI_CONFIG_PASSPHRASE") == SANDBOX_PASSPHRASE:
            console.note(f"stacks go to {chosen['PULUMI_BACKEND_URL']}, passphrase '{SANDBOX_PASSPHRASE}'")
        return 0
    console.done(f"set up in {clock(time.monotonic() - begun)}")
    return 0


def _become(program: list[str], chosen: dict[str, str]) -> int:
    """Puts the program in the place of the set-up, so that signals reach it. Comes back only when that fails."""
    os.environ.update(chosen)
    try:
        os.execvp(program[0], program)  # noqa: S606 - without a shell: these are arguments already
    except OSError as error:
        print(f"{program[0]}: {error.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
