from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tools.setup import process
from tools.setup.process import run

if TYPE_CHECKING:
    from pathlib import Path


def test_output_and_status_of_a_program_are_kept(tmp_path: Path) -> None:
    outcome = run(
        ["sh", "-c", 'echo "out $WORD"; echo err >&2; pwd; exit 3'],
        limit=30,
        directory=tmp_path,
        environment={"WORD": "here"},
    )
    assert outcome.code == 3
    assert not outcome.ok
    assert outcome.output == f"out here\nerr\n{tmp_path}\n"


def test_a_program_that_is_not_there_is_an_outcome() -> None:
    outcome = run(["no-such-program"], limit=30)
    assert outcome.code is None
    assert "no-such-program: No such file" in outcome.output


def test_a_program_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    begun = time.monotonic()
    outcome = run(["sh", "-c", f"sleep 60 & echo $! > {tmp_path}/child; echo begun; wait"], limit=0.5)
    assert time.monotonic() - begun < 10
    assert outcome.code is None
    assert "begun" in outcome.output
    assert "stopped after 0 s" in outcome.output or "stopped after 1 s" in outcome.output
    child = int((tmp_path / "child").read_text())
    assert _ends(child)


def _ends(pid: int) -> bool:
    """Whether a killed process is gone soon, or only waits to be collected."""
    for _ in range(100):
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        if not state.strip() or state.startswith("Z"):
            return True
        time.sleep(0.05)
    return False


def test_a_long_step_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_HEARTBEAT", 0.05)
    seen: list[float] = []
    assert run(["sleep", "0.3"], limit=30, alive=seen.append).ok
    assert seen
    assert seen == sorted(seen)


def test_an_interrupted_set_up_leaves_no_program_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_HEARTBEAT", 0.3)

    def interrupt(_passed: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", f"echo $$ > {tmp_path}/pid; sleep 60"], limit=90, alive=interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_an_error_quotes_the_end_of_the_output() -> None:
    outcome = run(["sh", "-c", "seq 1 50"], limit=30)
    assert outcome.last_lines(2) == "       49\n       50"
