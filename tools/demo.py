"""Builds both examples in a sandbox with `pulumi up` and previews them again: what `make demo` runs. It is no test.

It expects the environment and the engine on PATH. Everything it makes lies in `.state/demo`, emptied before each run.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_revcent_portal.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHECKOUT = Path(__file__).resolve().parents[1]
EXAMPLES = ("single-brand", "multi-brand")
STACK = "sandbox"
ISSUE_SECONDS = 3
_PASSPHRASE = "sandbox"  # noqa: S105 - it protects a sandbox's made-up secrets, and only until the next run
_COMMAND_LIMIT = 600.0
_STOP_LIMIT = 20.0


class DemoError(Exception):
    """The demo cannot go on; the message says why."""


def build(checkout: Path, examples: Sequence[str]) -> Path:
    """Builds the examples in a fresh sandbox, checks that a second preview shows no change, and stops the sandbox.

    Args:
        checkout: The root of the project.
        examples: Names of directories in `examples`.

    Returns:
        The saved page of the sandbox.

    Raises:
        DemoError: A step failed.
    """
    scratch = checkout / ".state" / "demo"
    shutil.rmtree(scratch, ignore_errors=True)
    for name in ("backend", "pulumi"):
        (scratch / name).mkdir(parents=True)
    projects = [_copy(checkout / "examples" / name, scratch / name) for name in examples]
    with Sandbox.start() as sandbox:
        print(f"--- the sandbox answers at {sandbox.url}", flush=True)
        # Nothing of the person's own settings: the demo must never reach a real account.
        bare = {name: value for name, value in os.environ.items() if not name.startswith("REVCENT_")}
        environment = {
            **bare,
            "PULUMI_BACKEND_URL": f"file://{scratch / 'backend'}",
            "PULUMI_HOME": str(scratch / "pulumi"),
            "PULUMI_CONFIG_PASSPHRASE": _PASSPHRASE,
            "REVCENT_BASE_URL": sandbox.api_url,
            "REVCENT_API_KEY": sandbox.api_key,
            "REVCENT_RESOLVERS": sandbox.dns_address,
        }
        # Records are published by dynamic updates and looked up over UDP, as with a real name server; a certificate
        # takes a few seconds, so that there is something to wait for.
        sandbox.switch(transition={"lookup": {"issue_seconds": ISSUE_SECONDS}})
        for project in projects:
            _pulumi(project, environment, "stack", "init", STACK)
            settings = {"dns.port": str(sandbox.dns_port)}
            if "boltBaseUrl" in (project / "Pulumi.yaml").read_text():  # its second account takes nothing from here
                settings["boltBaseUrl"] = sandbox.api_url
            for key, value in settings.items():
                _pulumi(project, environment, "config", "set", "--path", key, value, "--stack", STACK)
            _pulumi(project, environment, "up", "--yes", "--skip-preview", "--stack", STACK)
        for project in projects:
            _pulumi(project, environment, "preview", "--expect-no-changes", "--stack", STACK)
        page = scratch / "sandbox.html"
        page.write_bytes(_read(sandbox.url))
    return page


def _copy(example: Path, project: Path) -> Path:
    """Copies an example, because Pulumi writes into a project's directory; settings of other stacks stay behind."""
    if not (example / "Pulumi.yaml").exists():
        raise DemoError(f"{example} is no Pulumi project: it has no Pulumi.yaml")

    def others(_directory: str, names: list[str]) -> set[str]:
        kept = {"Pulumi.yaml", f"Pulumi.{STACK}.yaml"}
        return {name for name in names if name == "__pycache__" or (name.startswith("Pulumi.") and name not in kept)}

    shutil.copytree(example, project, ignore=others)
    return project


def _read(address: str) -> bytes:
    # Never through a proxy: the sandbox listens on this machine only.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/", timeout=10) as answer:
        body: bytes = answer.read()
        return body


def _pulumi(project: Path, environment: Mapping[str, str], *arguments: str) -> None:
    print(f"\n--- {project.name}: pulumi {' '.join(arguments)}", flush=True)
    command = ["pulumi", *arguments, "--non-interactive"]
    process = subprocess.Popen(command, cwd=project, env=environment, stdin=subprocess.DEVNULL)
    try:
        code = process.wait(_COMMAND_LIMIT)
    except subprocess.TimeoutExpired:
        raise DemoError(f"{project.name}: pulumi {arguments[0]} took longer than {_COMMAND_LIMIT:.0f} s") from None
    finally:
        _stop(process)
    if code != 0:
        raise DemoError(f"{project.name}: pulumi {arguments[0]} ended with status {code}; its words are above")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Asks Pulumi to end, if it still runs, and insists when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _terminated(_number: int, _frame: object) -> None:
    raise DemoError("the demo was told to end")


def main() -> int:
    """Runs the demo.

    Returns:
        The exit status: 0 when both examples were built and their second previews showed no change.
    """
    signal.signal(signal.SIGTERM, _terminated)  # so that Pulumi and the sandbox are stopped then, too
    begun = time.monotonic()
    try:
        page = build(CHECKOUT, EXAMPLES)
    except DemoError as error:
        print(f"\nFAIL {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nFAIL the demo was interrupted", file=sys.stderr)
        return 130
    print(f"\nBoth examples stand, and a second preview shows no change ({time.monotonic() - begun:.0f} s).")
    print(f"What RevCent holds now, as the sandbox showed it: {page}")
    print('To go on by hand: eval "$(make -s env)", make sandbox in another shell, and pulumi up in an example.')
    return 0


if __name__ == "__main__":
    sys.exit(main())
