from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import demo
from tools.demo import DemoError, build

if TYPE_CHECKING:
    from tests.tools.conftest import Programs

# Writes down what it is asked, and what it is given to ask RevCent with.
PULUMI = 'echo "$(basename "$PWD") $* key=$REVCENT_API_KEY account=$REVCENT_ACCOUNT" >> {root}/pulumi.log'


@pytest.fixture
def checkout(tmp_path: Path, program: Programs, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("one", "two"):
        example = tmp_path / "examples" / name
        (example / "__pycache__").mkdir(parents=True)
        for file in ("Pulumi.yaml", "Pulumi.sandbox.yaml", "Pulumi.mine.yaml", "__main__.py"):
            (example / file).write_text(name)
    program(tmp_path / "bin" / "pulumi", PULUMI.replace("{root}", str(tmp_path)))
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("REVCENT_API_KEY", "the-key-of-a-real-account")
    monkeypatch.setenv("REVCENT_ACCOUNT", "real")
    return tmp_path


def test_both_examples_are_built_and_previewed_again(checkout: Path) -> None:
    page = build(checkout, ["one", "two"])
    lines = (checkout / "pulumi.log").read_text().splitlines()
    steps = [re.sub(r"dns\.port \d+", "dns.port PORT", line.split(" --non-interactive")[0]) for line in lines]
    assert steps == [
        "one stack init sandbox",
        "one config set --path dns.port PORT --stack sandbox",
        "one up --yes --skip-preview --stack sandbox",
        "two stack init sandbox",
        "two config set --path dns.port PORT --stack sandbox",
        "two up --yes --skip-preview --stack sandbox",
        "one preview --expect-no-changes --stack sandbox",
        "two preview --expect-no-changes --stack sandbox",
    ]
    assert page == checkout / ".state" / "demo" / "sandbox.html"
    assert "<html" in page.read_text()


def test_the_demo_never_uses_a_persons_own_settings(checkout: Path) -> None:
    build(checkout, ["one"])
    log = (checkout / "pulumi.log").read_text()
    assert "real" not in log
    project = checkout / ".state" / "demo" / "one"
    assert sorted(path.name for path in project.iterdir()) == ["Pulumi.sandbox.yaml", "Pulumi.yaml", "__main__.py"]


def test_each_run_begins_with_nothing(checkout: Path) -> None:
    build(checkout, ["one"])
    left = checkout / ".state" / "demo" / "backend" / "left-over"
    left.write_text("")
    build(checkout, ["one"])
    assert not left.exists()


def test_a_failing_command_ends_the_demo(checkout: Path, program: Programs) -> None:
    program(checkout / "bin" / "pulumi", '[ "$1" != preview ]')
    with pytest.raises(DemoError, match="one: pulumi preview ended with status 1"):
        build(checkout, ["one"])


def test_a_missing_example_is_named_before_anything_starts(checkout: Path) -> None:
    (checkout / "examples" / "two" / "Pulumi.yaml").unlink()
    with pytest.raises(DemoError, match=r"examples/two is no Pulumi project"):
        build(checkout, ["one", "two"])
    assert not (checkout / "pulumi.log").exists()


def test_a_command_that_never_ends_is_asked_to(
    checkout: Path, program: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_COMMAND_LIMIT", 2.0)
    program(
        checkout / "bin" / "pulumi", f'trap "echo asked > {checkout}/asked; exit 130" INT; while :; do sleep 0.1; done'
    )
    with pytest.raises(DemoError, match="took longer than"):
        build(checkout, ["one"])
    assert (checkout / "asked").read_text() == "asked\n"


def test_a_command_that_does_not_listen_is_killed() -> None:
    script = 'trap "" INT; echo ready; while :; do sleep 0.1; done'
    process = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "_STOP_LIMIT", 0.2)
        demo._stop(process)
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        (Path("/x/sandbox.html"), 0, "a second preview shows no change"),
        (DemoError("one: pulumi up ended with status 255"), 1, "FAIL one: pulumi up ended"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_the_exit_status_says_how_it_went(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcome: Path | BaseException,
    status: int,
    words: str,
) -> None:
    def stand_in(_checkout: Path, _examples: object) -> Path:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(demo, "build", stand_in)
    try:
        assert demo.main() == status
        with pytest.raises(DemoError, match="told to end"):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    seen = capsys.readouterr()
    assert words in seen.out + seen.err
