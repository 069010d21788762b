"""Pytest fixtures for users of the package: a fresh sandbox per test, and the environment that points a program at it.

Switch them on with `pytest_plugins = ["pulumi_revcent_portal.sandbox.pytest_plugin"]` in a `conftest.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@pytest.fixture
def revcent_sandbox_seed() -> Mapping[str, Any] | str | Path | None:
    """The seed of `revcent_sandbox`; override it to begin with something else than the default seed."""
    return None


@pytest.fixture
def revcent_sandbox(revcent_sandbox_seed: Mapping[str, Any] | str | Path | None) -> Iterator[Sandbox]:
    """A sandbox of its own for the test, on a free port."""
    with Sandbox.start(seed=revcent_sandbox_seed) as sandbox:
        yield sandbox


@pytest.fixture
def revcent_environment(revcent_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment variables that point a program at the sandbox: set for the test, and returned."""
    environment = {
        "REVCENT_API_KEY": revcent_sandbox.api_key,
        "REVCENT_BASE_URL": revcent_sandbox.api_url,
        # A test looks nothing up beyond this machine: how far a domain is, the sandbox alone says.
        "REVCENT_RESOLVERS": "none",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment
