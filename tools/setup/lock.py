"""One set-up at a time: a lock on a file, held by the operating system, so a killed set-up leaves none behind."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.setup.console import Console


@contextmanager
def exclusive(path: Path, console: Console) -> Iterator[None]:
    """Holds the lock for as long as the block runs, waiting for another set-up to end.

    Args:
        path: The file to lock. It is made, with its directory, and stays.
        console: Told when there is something to wait for.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.step("another set-up is at work on the same place; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
