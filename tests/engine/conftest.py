"""Fixtures of the engine tests: a sandbox, and stacks whose programs reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.stack import Stack


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as box:
        yield box


@pytest.fixture
def environment(sandbox: Sandbox) -> dict[str, str]:
    # Most tests have no DNS: then RevCent alone says how far a domain is.
    return {
        "REVCENT_API_KEY": sandbox.api_key,
        "REVCENT_BASE_URL": sandbox.api_url,
        "REVCENT_RESOLVERS": "none",
    }


@pytest.fixture
def new_stack(tmp_path: Path, environment: dict[str, str]) -> Callable[..., Stack]:
    """Make stacks; by default they are of one project and share a backend."""
    count = 0

    def make(**kwargs: object) -> Stack:
        nonlocal count
        count += 1
        given = {
            "directory": tmp_path / f"project{count}",
            "backend": tmp_path / "backend",
            "environment": dict(environment),
        }
        return Stack(**{**given, **kwargs})  # type: ignore[arg-type]

    return make


@pytest.fixture
def stack(new_stack: Callable[..., Stack]) -> Stack:
    return new_stack()
