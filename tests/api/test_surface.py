from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pulumi_revcent_portal
from pulumi_revcent_portal import api
from pulumi_revcent_portal.api import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_revcent_portal.api.fields import Field

MODULES = [name for _, name, _ in pkgutil.iter_modules(api.__path__, "pulumi_revcent_portal.api.")]

SCRIPT = """
import sys, pulumi_revcent_portal.api
before = set(sys.modules)
for name in {modules!r}:
    __import__(name)
print(sorted({{'httpx', 'pyrate_limiter', 'tenacity', 'yaml'}} & (set(sys.modules) - before)))
print('httpx' in before)
"""


def test_importing_the_client_loads_no_http_library() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(modules=MODULES)], capture_output=True, text=True, check=True, timeout=60
    )
    loaded, already = ran.stdout.splitlines()
    assert loaded == "[]"
    assert already == "False"


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_announces_exists(name: str) -> None:
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", []):
        assert hasattr(module, public)


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from walk(field.fields)


def literals(path: Path) -> Iterator[str]:
    """Yield the text literals of a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments:
            yield node.value


def test_only_the_tables_spell_wire_keys_and_paths() -> None:
    package = Path(pulumi_revcent_portal.__file__).parent
    fields = [field for entity in wire.ENTITIES for field in walk(entity.fields)]
    ours = {field.name for field in fields} | {"status", "code", "message"}
    spellings = {key for field in (*fields, *wire.ENVELOPE) for key in (field.wire, *field.alternatives)}
    # words that mean something else elsewhere, such as the address of a portal that a user gives for `embed_html`
    spellings -= ours | {"portal_url", "confirmation", "password_reset", "server", "user", "template", "footer"}
    spellings -= {"filters", "pass", "error_code", "ssl", "tls", "host", "hostname", "target", "ip", "content"}
    paths = {operation.path.split("/")[1] for operation in wire.OPERATIONS} - ours - {"campaigns"}
    assert {"created_date_unix", "ssl.status", "smtp_host", "customer_account_confirmation", "api_call_id"} <= spellings
    guilty = {
        f"{path.relative_to(package)}: {text}"
        for path in package.rglob("*.py")
        if "sandbox" not in path.parts
        and path not in {package / "api" / "wire.py", package / "models" / "template_language.py"}  # Jinja's `from`
        for text in literals(path)
        if text in spellings or any(f"/{segment}" in text for segment in paths) or "x-api-key" in text
    }
    assert guilty == set()
