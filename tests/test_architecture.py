"""The arrows of the package: which part may know which. Read from the source, so that no import can hide."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "pulumi_revcent_portal"

ARROWS: dict[str, set[str]] = {
    "models": set(),
    "rules": {"models"},
    "api": set(),
    "dns": set(),
    "readiness": {"api", "dns", "models"},
    "providers": {"models", "rules", "api", "dns"},
    "resources": {"providers", "models", "rules", "api", "dns", "readiness"},
    "fleet": {"models", "rules"},
    "components": {"resources", "providers", "models", "rules", "api", "dns", "readiness", "fleet"},
    "reports": {"rules", "models"},
    "sandbox": set(),  # its reading of the contract is its own, so that a mistake on one side shows
    "doctor": {"api", "dns", "models", "rules"},
    "cli": {"api", "dns", "doctor", "fleet", "models", "rules", "reports", "sandbox"},
}
"""Each part of the package, and the other parts that it may import."""

PURE = ("models", "rules")
PULUMI_IN_PURE_PARTS = {"Output", "RunError", "Unknown"}
NO_IO = {
    "asyncio", "boto3", "dns", "grpc", "http", "httpx", "os", "requests", "shutil", "socket", "sqlite3", "ssl",
    "subprocess", "tempfile", "threading", "time", "random", "urllib.request",
}  # fmt: skip
LOADED_ONLY_WHEN_NEEDED = {"httpx", "dns", "boto3", "octodns", "starlette", "uvicorn", "typer", "rich", "jinja2"}


def parts() -> list[str]:
    return sorted(path.name for path in (ROOT / PACKAGE).iterdir() if path.is_dir() and any(path.rglob("*.py")))


def imports(part: str) -> Iterator[tuple[str, str, set[str]]]:
    """Every import of a part, those for type checkers and inside functions included: place, module, names."""
    for path in sorted((ROOT / PACKAGE / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield place, alias.name, set()
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{place}: imports are absolute here"
                yield place, str(node.module), {alias.name for alias in node.names}


@pytest.mark.parametrize("part", parts())
def test_a_part_imports_only_what_it_may_know(part: str) -> None:
    assert part in ARROWS, f"{part}/ is new: say in ARROWS what it may import"
    allowed = ARROWS[part] | {part}
    wrong = []
    for place, module, names in imports(part):
        package, _, rest = module.partition(".")
        if package == PACKAGE:
            targets = {rest.partition(".")[0]} if rest else names
            wrong += [f"{place} imports {target}" for target in targets - allowed]
    assert wrong == []


@pytest.mark.parametrize("part", PURE)
def test_models_and_rules_do_nothing_but_think(part: str) -> None:
    wrong = []
    for place, module, names in imports(part):
        if module.partition(".")[0] in NO_IO or module in NO_IO:
            wrong.append(f"{place} imports {module}")
        if module.partition(".")[0] == "pulumi" and (not names or names - PULUMI_IN_PURE_PARTS):
            wrong.append(f"{place} imports {names or 'all'} from {module}")
    assert wrong == []


def test_importing_the_package_is_cheap() -> None:
    program = f"import sys, {PACKAGE}; print(*sorted({LOADED_ONLY_WHEN_NEEDED!r} & sys.modules.keys()))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert run.stdout.split() == []


def test_no_module_grows_too_long() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / PACKAGE).rglob("*.py")
    }
    assert {path: length for path, length in lengths.items() if length > 400} == {}
