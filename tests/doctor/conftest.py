"""What the tests of the doctor share: an authority, a sandbox, name servers, and means to look with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.dns.servers import World, world
from tests.doctor.certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "BASE_URL", "RESOLVERS", "OFFLINE", "CONTRACT", "TIMEOUT", "MAX_RETRIES"):
        monkeypatch.delenv(f"REVCENT_{name}", raising=False)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture
def dns() -> Iterator[World]:
    with world() as made:
        yield made
