"""What the set-up says to the person who runs it, and the error that carries a cure. It decides nothing.

Everything goes to standard error: standard output belongs to the shell lines of `make env`.
"""

from __future__ import annotations

import sys
from typing import TextIO


class SetupError(Exception):
    """A step failed; the message says what is missing, the cure what to install or to do.

    Args:
        message: What happened, one sentence or a few lines.
        cure: What the person can do about it.
    """

    def __init__(self, message: str, *, cure: str) -> None:
        super().__init__(message)
        self.cure = cure


class Console:
    """Prints progress.

    Args:
        quiet: Leaves out what is already in place, so that a warm set-up before a test run prints nothing.
        stream: Where to print; standard error if not given.
    """

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._quiet = quiet
        self._stream = stream or sys.stderr

    def present(self, text: str) -> None:
        """Says that something needs no work."""
        if not self._quiet:
            self._print(f"ok   {text}")

    def step(self, text: str) -> None:
        """Says that work begins, and how long it usually takes."""
        self._print(f"...  {text}")

    def done(self, text: str) -> None:
        """Says that work ended well."""
        self._print(f"ok   {text}")

    def note(self, text: str) -> None:
        """Explains a choice: why something that was there is not used."""
        self._print(f"     {text}")

    def failure(self, error: SetupError) -> None:
        """Says what failed, and the cure."""
        self._print(f"FAIL {error}")
        self._print(f"     What to do: {error.cure}")

    def _print(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


def clock(seconds: float) -> str:
    """A duration as people say it: `48 s`, `3 min 45 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
