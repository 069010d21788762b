"""Stand-ins for programs: small shell scripts, so that the set-up's decisions are tested without the real ones."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

import pytest

from tools.setup.console import Console
from tools.setup.engine import COMPANIONS

if TYPE_CHECKING:
    from pathlib import Path


class Programs(Protocol):
    def __call__(self, path: Path, script: str) -> Path: ...


class Engines(Protocol):
    def __call__(self, directory: Path, version: str, *, without: str = "") -> Path: ...


class Talk(Console):
    """A console that keeps what it says."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._text = io.StringIO()
        super().__init__(quiet=quiet, stream=self._text)

    @property
    def text(self) -> str:
        return self._text.getvalue()


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def program() -> Programs:
    def write(path: Path, script: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def engine(program: Programs) -> Engines:
    """Write an engine that tells a version; its directory is the answer."""

    def write(directory: Path, version: str, *, without: str = "") -> Path:
        program(directory / "pulumi", f'[ "$1" = version ] && echo {version}')
        for name in COMPANIONS:
            if name != without:
                program(directory / name, "exit 0")
        return directory

    return write
