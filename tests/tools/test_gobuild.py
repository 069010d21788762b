from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.setup import gobuild
from tools.setup.console import SetupError
from tools.setup.gobuild import GoBuild

if TYPE_CHECKING:
    from tests.tools.conftest import Programs, Talk

MODULES = Path(__file__).parents[2] / "tools" / "engine"
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
GO = """
echo "$(basename "$PWD"): $*" >> {root}/go.log
case "$1" in
env) echo go1.26.8 ;;
install)
    [ "$(basename "$PWD")" = cli ] && name=pulumi || name=pulumi-language-python
    echo "go: downloading something" >&2
    echo "$GOWORK" > "$GOBIN/$name" ;;
list) echo "{root}/sdk" ;;
esac
"""


@pytest.fixture
def go(tmp_path: Path, program: Programs, monkeypatch: pytest.MonkeyPatch) -> Path:
    for script in SCRIPTS:
        path = program(tmp_path / "sdk" / script, "exit 0")
        path.chmod(0o444)  # as in Go's module cache
    monkeypatch.setenv("PATH", f"{tmp_path}/tools{os.pathsep}{os.environ['PATH']}")
    return program(tmp_path / "tools" / "go", GO.replace("{root}", str(tmp_path)))


def build(tmp_path: Path, talk: Talk) -> Path:
    binaries = tmp_path / "fresh" / "bin"
    binaries.mkdir(parents=True)
    GoBuild(MODULES, talk).fetch(tmp_path / "fresh")
    return binaries


@pytest.mark.usefixtures("go")
def test_the_build_brings_four_programs(tmp_path: Path, talk: Talk) -> None:
    binaries = build(tmp_path, talk)
    assert sorted(path.name for path in binaries.iterdir()) == [
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    ]
    for script in SCRIPTS:
        assert (binaries / Path(script).name).stat().st_mode & 0o777 == 0o755
    assert (binaries / "pulumi").read_text() == "off\n"  # a go.work of a parent directory has no say
    assert "about 4 minutes" in talk.text


@pytest.mark.usefixtures("go")
def test_each_program_is_told_its_own_pinned_version(tmp_path: Path, talk: Talk) -> None:
    build(tmp_path, talk)
    installs = [line for line in (tmp_path / "go.log").read_text().splitlines() if "install" in line]
    assert len(installs) == 2
    assert installs[0].startswith("language-python: ")
    assert "version.Version=v3.79.0 tool" in installs[0]
    assert installs[1].startswith("cli: ")
    assert "-tags osusergo,grpcnotrace" in installs[1]
    assert "version.Version=v3.259.0 tool" in installs[1]


def test_without_go_the_message_says_what_to_install(
    tmp_path: Path, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="no Go to build") as failure:
        build(tmp_path, talk)
    assert "install Go 1.25.11 or newer" in failure.value.cure
    assert talk.text == ""


@pytest.mark.parametrize(
    "answer",
    [
        "echo go1.25.10",
        "echo go1.9",
        "echo devel",
        "echo 'go: go.mod requires go >= 1.25.11 (running go 1.22.0)' >&2; exit 1",
    ],
)
def test_an_old_go_is_quoted(tmp_path: Path, talk: Talk, program: Programs, go: Path, answer: str) -> None:
    program(go, answer)
    with pytest.raises(SetupError, match=r"Go 1\.25\.11 or newer is needed") as failure:
        build(tmp_path, talk)
    assert "go.dev/dl" in failure.value.cure


@pytest.mark.parametrize("version", ["go1.25.11", "go1.26", "go1.26.8 X:nocoverageredesign", "go2.0"])
def test_a_go_that_is_new_enough_is_taken(talk: Talk, program: Programs, go: Path, version: str) -> None:
    program(go, f"echo {version}")
    GoBuild(MODULES, talk)._check_go()


def test_a_failing_build_is_quoted(tmp_path: Path, talk: Talk, program: Programs, go: Path) -> None:
    program(go, 'if [ "$1" = env ]; then echo go1.26; exit 0; fi; echo "dial tcp: lookup failed"; exit 1')
    with pytest.raises(SetupError, match=r"could not build the Python language host:\n.*dial tcp") as failure:
        build(tmp_path, talk)
    assert "GOPROXY" in failure.value.cure


@pytest.mark.parametrize("answer", ["exit 0", "echo broken; exit 1"])
def test_a_lost_module_is_reported(tmp_path: Path, talk: Talk, program: Programs, go: Path, answer: str) -> None:
    program(go, f'if [ "$1" = env ]; then echo go1.26; fi\nif [ "$1" = list ]; then {answer}; fi')
    with pytest.raises(SetupError, match="does not say where") as failure:
        build(tmp_path, talk)
    assert "go clean -modcache" in failure.value.cure


def test_a_go_mod_without_a_version_is_reported(tmp_path: Path, talk: Talk) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "go.mod").write_text("module nothing\n")
    with pytest.raises(SetupError, match="names no Go version"):
        GoBuild(tmp_path, talk).fetch(tmp_path)


@pytest.mark.usefixtures("go")
def test_a_long_build_gives_signs_of_life(
    tmp_path: Path, talk: Talk, program: Programs, go: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.setup.process._HEARTBEAT", 0.05)
    program(go, f'[ "$1" = install ] && sleep 0.3\n{GO.replace("{root}", str(tmp_path))}')
    build(tmp_path, talk)
    assert "still building the CLI: " in talk.text


def test_the_scripts_are_those_that_pulumi_ships() -> None:
    assert gobuild._SCRIPTS == SCRIPTS
