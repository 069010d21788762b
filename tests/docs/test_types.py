"""The programs of the pages pass a strict type checker, as a user's editor would run it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.docs.pages import CHECKOUT, pages

if TYPE_CHECKING:
    from pathlib import Path


def test_the_programs_of_the_pages_are_typed(tmp_path: Path) -> None:
    chosen = [page for page in pages() if "pulumi_revcent_portal as revcent" in page.program]
    for page in chosen:
        (tmp_path / f"{page.path.stem.replace('-', '_')}.py").write_text(page.program)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert len(written) == len(chosen) > 1
    mypy = [sys.executable, "-m", "mypy", "--config-file", str(CHECKOUT / "pyproject.toml")]
    mypy += ["--cache-dir", str(CHECKOUT / ".mypy_cache")]  # warm after `make lint`
    answer = subprocess.run([*mypy, *written], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert answer.returncode == 0, answer.stdout + answer.stderr
