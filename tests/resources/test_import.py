"""`import pulumi_revcent_portal` is cheap: what talks to the network loads in providers only."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = {
    *("httpx", "httpcore", "h11", "ssl", "starlette", "uvicorn", "dns", "boto3", "jinja2", "sqlite3"),
    *("tenacity", "stamina", "pyrate_limiter", "typer", "rich"),
}


def loaded(*statements: str) -> set[str]:
    """The top-level modules that some statements load beyond those of Pulumi and pydantic themselves."""
    program = "import sys, json, pulumi, pydantic; before = set(sys.modules)\n" + "\n".join(statements)
    program += "\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(ended.stdout.splitlines()[-1]))


def test_the_package_loads_nothing_that_talks_to_the_network() -> None:
    modules = loaded("import pulumi_revcent_portal")
    assert {module for module in modules if module.partition(".")[0] in HEAVY} == set()
    assert "pulumi_revcent_portal.resources.customer_portal" in modules, "or the test looks at nothing"


def test_the_sandbox_and_the_commands_are_not_loaded() -> None:
    modules = loaded("import pulumi_revcent_portal")
    assert not {module for module in modules if module.startswith("pulumi_revcent_portal.sandbox")}
    assert not {module for module in modules if module.startswith("pulumi_revcent_portal.cli")}
