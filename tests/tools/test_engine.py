from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.setup.console import SetupError
from tools.setup.engine import (
    COMPANIONS,
    MINIMUM_ENGINE,
    Engine,
    Source,
    cache_root,
    fault,
    parse_version,
    pinned_version,
)

if TYPE_CHECKING:
    from tests.tools.conftest import Engines, Programs, Talk

PINNED = "3.259.0"


class Ways:
    """Two sources that write down when they are asked; each does what it was given, or fails."""

    def __init__(self, engine: Engines) -> None:
        self._engine = engine
        self.asked: list[str] = []
        self.installs: str | None = None
        self.builds: str | None = None

    def installer(self, directory: Path) -> None:
        self._get("installer", self.installs, directory)

    def build(self, directory: Path) -> None:
        self._get("build", self.builds, directory)

    def _get(self, name: str, version: str | None, directory: Path) -> None:
        self.asked.append(name)
        if version is None:
            raise SetupError(f"no {name} here", cure=f"install the {name}.")
        self._engine(directory / "bin", version)


@pytest.fixture
def ways(engine: Engines) -> Ways:
    return Ways(engine)


def find(tmp_path: Path, ways: Ways, talk: Talk, path: str = "") -> Path:
    sources = (Source("the installer", ways.installer), Source("the build", ways.build))
    environment = {"PATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return Engine(PINNED, sources, environment, talk).ensure()


def cached(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pulumi-revcent-portal" / "engine" / PINNED / "bin"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("3.260.1-alpha.1700000000\n", (3, 260, 1)),
        ("warning: something\nv3.254.0\n", (3, 254, 0)),
        ("(devel)", None),
        ("", None),
    ],
)
def test_what_pulumi_version_answers_is_understood(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("answer", "fits"),
    [("v3.254.0", True), ("v3.259.0", True), ("v4.0.0", True), ("v3.253.9", False), ("v3.99.0", False)],
)
def test_an_engine_fits_from_its_oldest_version_on(tmp_path: Path, engine: Engines, answer: str, *, fits: bool) -> None:
    reason = fault(engine(tmp_path, answer) / "pulumi", "")
    assert (reason is None) is fits
    if reason:
        assert "3.254.0 is the oldest that fits" in reason


@pytest.mark.parametrize("name", COMPANIONS)
def test_an_engine_needs_its_companions_beside_it_or_on_path(
    tmp_path: Path, engine: Engines, program: Programs, name: str
) -> None:
    pulumi = engine(tmp_path / "bin", "v3.260.0", without=name) / "pulumi"
    assert f"no {name} beside it" in str(fault(pulumi, ""))
    program(tmp_path / "elsewhere" / name, "exit 0")
    assert fault(pulumi, str(tmp_path / "elsewhere")) is None


def test_a_link_to_an_engine_finds_the_companions_behind_it(tmp_path: Path, engine: Engines) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "pulumi"
    link.symlink_to(engine(tmp_path / "cellar", "v3.260.0") / "pulumi")
    assert fault(link, "") is None


def test_a_program_that_is_no_engine_does_not_fit(tmp_path: Path, program: Programs) -> None:
    assert "does not tell its version" in str(fault(program(tmp_path / "pulumi", "echo v3.260.0; exit 1"), ""))


def test_an_engine_on_path_is_used_as_it_is(tmp_path: Path, ways: Ways, talk: Talk, engine: Engines) -> None:
    directory = engine(tmp_path / "usr", "v3.300.0")
    engine(cached(tmp_path), PINNED)
    assert find(tmp_path, ways, talk, str(directory)) == directory
    assert ways.asked == []
    assert "on PATH" in talk.text


def test_an_unfit_engine_on_path_is_named_and_the_cache_used(
    tmp_path: Path, ways: Ways, talk: Talk, engine: Engines
) -> None:
    engine(cached(tmp_path), PINNED)
    assert find(tmp_path, ways, talk, str(engine(tmp_path / "usr", "v3.100.0"))) == cached(tmp_path)
    assert ways.asked == []
    assert "is not used" in talk.text
    assert "version 3.100.0" in talk.text


def test_the_installer_comes_before_the_build(tmp_path: Path, ways: Ways, talk: Talk) -> None:
    ways.installs = ways.builds = PINNED
    assert find(tmp_path, ways, talk) == cached(tmp_path)
    assert ways.asked == ["installer"]
    assert (cached(tmp_path) / "pulumi").exists()


def test_a_failing_installer_is_named_and_the_build_begins(tmp_path: Path, ways: Ways, talk: Talk) -> None:
    ways.builds = PINNED
    assert find(tmp_path, ways, talk) == cached(tmp_path)
    assert ways.asked == ["installer", "build"]
    assert "no installer here" in talk.text
    assert f"Pulumi engine {PINNED} from the build" in talk.text


def test_the_second_time_the_cache_answers(tmp_path: Path, ways: Ways, talk: Talk) -> None:
    ways.builds = PINNED
    find(tmp_path, ways, talk)
    assert find(tmp_path, ways, talk) == cached(tmp_path)
    assert ways.asked == ["installer", "build"]


def test_a_source_that_brings_something_unfit_is_passed_over(tmp_path: Path, ways: Ways, talk: Talk) -> None:
    ways.installs, ways.builds = "v3.1.0", PINNED
    find(tmp_path, ways, talk)
    assert ways.asked == ["installer", "build"]
    assert "what came does not fit" in talk.text


def test_a_damaged_cache_is_replaced(tmp_path: Path, ways: Ways, talk: Talk, engine: Engines) -> None:
    engine(cached(tmp_path), PINNED, without="pulumi-language-python")
    ways.builds = PINNED
    # As after `make env`: the damaged engine is the one on PATH, and that is no news about the person's own engine.
    find(tmp_path, ways, talk, str(cached(tmp_path)))
    assert (cached(tmp_path) / "pulumi-language-python").exists()
    assert "is not used" not in talk.text


def test_without_any_engine_the_message_holds_every_cure(tmp_path: Path, ways: Ways, talk: Talk) -> None:
    with pytest.raises(SetupError, match="2 ways tried") as failure:
        find(tmp_path, ways, talk)
    assert failure.value.cure == "install the installer. Or: install the build."
    assert not cached(tmp_path).exists()
    assert [entry.name for entry in cached(tmp_path).parents[1].iterdir()] == [".lock"]


def test_an_engine_that_another_set_up_just_brought_is_used(
    tmp_path: Path, ways: Ways, talk: Talk, engine: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Meanwhile:
        def __init__(self, *_arguments: object) -> None: ...

        def __enter__(self) -> None:
            engine(cached(tmp_path), PINNED)

        def __exit__(self, *_arguments: object) -> None: ...

    monkeypatch.setattr("tools.setup.engine.exclusive", Meanwhile)
    assert find(tmp_path, ways, talk) == cached(tmp_path)
    assert ways.asked == []


@pytest.mark.parametrize("configured", ["", "relative/cache"])
def test_the_cache_is_below_home_without_a_usable_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configured: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = tmp_path / ".cache" / "pulumi-revcent-portal" / "engine"
    assert cache_root({"XDG_CACHE_HOME": configured}) == expected
    assert cache_root({}) == expected


def test_the_pin_is_read_from_go_mod(tmp_path: Path) -> None:
    go_mod = tmp_path / "go.mod"
    go_mod.write_text("require (\n\tgithub.com/pulumi/pulumi/sdk/v3 v3.79.0 // indirect\n)\n")
    assert pinned_version(go_mod) == "3.79.0"
    go_mod.write_text("module nothing\n")
    with pytest.raises(SetupError, match="pins no"):
        pinned_version(go_mod)


def test_the_pinned_engine_is_one_that_fits() -> None:
    modules = Path(__file__).parents[2] / "tools" / "engine"
    version = parse_version(pinned_version(modules / "cli" / "go.mod"))
    assert version is not None
    assert version >= MINIMUM_ENGINE
