from __future__ import annotations

import pytest

from tests.tools.conftest import Talk
from tools.setup.console import Console, SetupError, clock


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (48, "48 s"), (59.7, "1 min 0 s"), (225, "3 min 45 s")])
def test_a_duration_reads_as_people_say_it(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def test_a_failure_names_what_to_do(talk: Talk) -> None:
    talk.failure(SetupError("there is no Go", cure="install Go"))
    assert talk.text == "FAIL there is no Go\n     What to do: install Go\n"


def test_quiet_leaves_out_only_what_needs_no_work() -> None:
    quiet = Talk(quiet=True)
    quiet.present("here already")
    quiet.step("working")
    quiet.done("worked")
    assert "here already" not in quiet.text
    assert "working" in quiet.text
    assert "worked" in quiet.text


def test_standard_output_is_left_to_shell_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Console().present("here already")
    seen = capsys.readouterr()
    assert seen.out == ""
    assert "here already" in seen.err
