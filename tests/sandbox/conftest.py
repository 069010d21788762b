"""One sandbox for all tests of this directory, brought back to its beginning before each."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.sandbox.http_api import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture(scope="session")
def shared_api(shared_sandbox: Sandbox) -> Iterator[Api]:
    with Api(shared_sandbox) as api:
        yield api


@pytest.fixture
def api(sandbox: Sandbox, shared_api: Api) -> Api:
    """RevCent's API with the default key."""
    del sandbox
    return shared_api


@pytest.fixture
def api_with(sandbox: Sandbox) -> Iterator[Callable[[str], Api]]:
    """RevCent's API with another key."""
    with ExitStack() as opened:
        yield lambda key: opened.enter_context(Api(sandbox, key))
