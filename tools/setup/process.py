"""Programs that the set-up starts: bounded in time, with their output kept for the case that they fail."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_HEARTBEAT = 30.0  # seconds between two signs of life of a long step


@dataclass(frozen=True)
class Outcome:
    """How a program ended.

    Attributes:
        code: Its exit status, or None when it could not be started or was stopped for taking too long.
        output: Standard output and standard error, in the order of their writing.
    """

    code: int | None
    output: str

    @property
    def ok(self) -> bool:
        """Whether it ended with status 0."""
        return self.code == 0

    def last_lines(self, count: int = 12) -> str:
        """The end of the output, indented: what an error message quotes."""
        return "\n".join(f"       {line}" for line in self.output.strip().splitlines()[-count:])


def run(
    arguments: Sequence[str],
    *,
    limit: float,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    alive: Callable[[float], None] | None = None,
) -> Outcome:
    """Runs a program to its end, or stops it, with all that it started, when the time is up.

    Args:
        arguments: The program and its arguments.
        limit: The longest it may take, in seconds.
        directory: Where it runs.
        environment: Variables to set, or to set anew, beside the present ones.
        alive: Called every half minute with the seconds passed.
    """
    begun = time.monotonic()
    with TemporaryFile("w+", errors="replace") as output:
        try:
            process = subprocess.Popen(
                arguments,
                cwd=directory,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its children can be stopped with it
            )
        except OSError as error:
            return Outcome(None, f"{arguments[0]}: {error.strerror}")
        try:
            code = _wait(process, begun, limit, alive)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(0)
        text = output.read()
    return Outcome(code, text if code is not None else f"{text}\n{arguments[0]}: stopped after {limit:.0f} s")


def _wait(
    process: subprocess.Popen[bytes], begun: float, limit: float, alive: Callable[[float], None] | None
) -> int | None:
    while (left := begun + limit - time.monotonic()) > 0:
        try:
            return process.wait(timeout=min(left, _HEARTBEAT))
        except subprocess.TimeoutExpired:
            if alive is not None:
                alive(time.monotonic() - begun)
    return None
