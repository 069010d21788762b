"""The pages speak of nothing that does not exist: commands, options, operations, names, messages."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.api.settings import Settings, environment_name
from pulumi_revcent_portal.api.wire import OPERATIONS
from pulumi_revcent_portal.cli import main
from tests.docs.pages import CHECKOUT, Page, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

every_page = pytest.mark.parametrize("page", pages(), ids=repr)


@every_page
def test_make_targets_exist(page: Page) -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    said = {match for command in page.commands() for match in re.findall(r"\bmake (?:-s )?([a-z]+)", command)}
    assert said - targets == set()


OPTIONS = {
    "revcent:" + re.sub(r"_(\w)", lambda match: match[1].upper(), name)
    for name in Settings.__dataclass_fields__
    if name != "key_source"
} | {"revcent:rules"}


@every_page
def test_options_and_their_variables_exist(page: Page) -> None:
    assert set(re.findall(r"\brevcent:[a-z]\w*", page.text)) - OPTIONS == set()
    variables = {environment_name(option) for option in OPTIONS}
    assert set(re.findall(r"\bREVCENT_[A-Z_]*[A-Z]", page.text)) - variables == set()


@every_page
def test_commands_of_the_package_exist(page: Page) -> None:
    for command in page.commands():
        for words in re.findall(r"\brevcent-portal ([^`'\"]*)", command):
            _require_command(shlex.split(words))


def _require_command(words: list[str]) -> None:
    command: Any = typer.main.get_command(main)
    for word in words:
        if word.startswith("--"):
            known = {option for each in command.params for option in each.opts}
            assert word.partition("=")[0] in known, f"revcent-portal {' '.join(words)}: there is no {word}"
        elif hasattr(command, "get_command"):
            inner = command.get_command(typer.Context(command), word)
            assert inner is not None, f"revcent-portal {' '.join(words)}: there is no {word}"
            command = inner


@pytest.mark.engine
@every_page
def test_commands_of_pulumi_exist(page: Page) -> None:
    for command in page.commands():
        for words in re.findall(r"(?:^|\s)pulumi ([a-z][^`']*)", command):
            verbs = re.match(r"(?:config|stack|state) [a-z-]+|[a-z]+", words)
            assert verbs is not None, command
            text = _pulumi_help(verbs[0])
            flags = re.findall(r"(?<=\s)--?[a-z][a-z-]*", words)
            assert [flag for flag in flags if not re.search(rf"(?m)(^|[\s,]){flag}\b", text)] == [], command


@cache
def _pulumi_help(verbs: str) -> str:
    pulumi = shutil.which("pulumi")
    assert pulumi is not None
    environment = {**os.environ, "PULUMI_EXPERIMENTAL": "true"}  # else the help of `up` leaves out --plan
    help_of = [pulumi, *verbs.split(), "--help"]
    text = subprocess.run(help_of, capture_output=True, text=True, check=True, timeout=60, env=environment).stdout
    usage = re.search(r"^Usage:\n\s+pulumi (.*)\n(?:\nAliases:\n(.*)\n)?", text, re.MULTILINE)
    assert usage is not None, verbs
    names = {*usage[1].split(), *(usage[2] or "").replace(",", " ").split()}
    assert set(verbs.split()) <= names, f"pulumi has no command {verbs!r}"
    return text


@every_page
def test_operations_are_in_the_contract(page: Page) -> None:
    known = {operation.name for operation in OPERATIONS}
    said = set(re.findall(r"\b(?<!s3:)(?:Create|Get|Edit|Initialize|Delete)[A-Z]\w+", page.text))
    assert said - known == set()


_PULUMI_NAMES = {"Alias", "Config", "Output", "ResourceOptions", "StackReference"}
_WORDS = {"False", "True", "None", "NAME", "DATE", "WORD", "FILE", "URN", "Retry-After"}


@every_page
def test_names_of_the_package_exist(page: Page) -> None:
    if page.name in {"CONTRIBUTING.md", "SECURITY.md"}:
        return  # they speak of other things, too
    said = {code for code in page.code_spans() if re.fullmatch(r"[A-Z][a-z]+\w*", code)}
    assert said - set(revcent.__all__) - _PULUMI_NAMES - _WORDS == set()


def _texts() -> Iterator[str]:
    """Every text in the package, with `…` for what is put in at run time."""
    for path in sorted((CHECKOUT / "pulumi_revcent_portal").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@every_page
def test_error_messages_are_the_package_s_own(page: Page) -> None:
    texts = "\n".join(_texts())
    unknown = [message for message in page.messages() if message.strip("… ") not in texts]
    assert unknown == []


@every_page
def test_blocks_of_other_languages_can_be_read(page: Page) -> None:
    for block in page.blocks("yaml"):
        assert yaml.safe_load(block)
    for block in page.blocks("python"):
        compile(block, page.name, "exec")
    kinds = set(re.findall(r"^```(\w+)$", page.text, re.MULTILINE))
    assert kinds <= {"python", "sh", "yaml", "text", "mermaid"}
