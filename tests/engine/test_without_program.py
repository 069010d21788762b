"""`refresh` and `destroy` where there is no program: another directory, or a program that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared
from tests.engine.declarations import BRAND, declare

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

REFRESH = ("refresh", "--yes", "--skip-preview", "--stack", "dev")
DESTROY = ("destroy", "--yes", "--skip-preview", "--stack", "dev")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A directory that holds the project's name and nothing else."""
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    return directory


@pytest.mark.parametrize("configured", [False, True], ids=["key in environment", "key in configuration"])
def test_another_directory_will_do(stack: Stack, sandbox: Sandbox, elsewhere: Path, configured: bool) -> None:
    if configured:
        key, url = stack.environment.pop("REVCENT_API_KEY"), stack.environment.pop("REVCENT_BASE_URL")
        stack.pulumi("config", "set", "--secret", "revcent:apiKey", key).require()
        stack.pulumi("config", "set", "revcent:baseUrl", url).require()
    declare(stack, BRAND).up().require()
    portal_id = stack.resources()["portal"]["id"]

    sandbox.change("customer_portal", portal_id, {"display_name": "Changed by hand"})
    stack.pulumi(*REFRESH, directory=elsewhere).require().says("1 updated", "7 unchanged")
    assert shown.preview(stack) == shown.updates({"portal": "display_name"})
    stack.up().require()
    as_declared(stack.settled(), sandbox, BRAND)

    stack.pulumi(*DESTROY, directory=elsewhere).require().says("8 deleted")
    assert stack.resources() == {}
    assert_retired(sandbox)


def test_the_program_may_be_gone(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, BRAND).up().require()
    portal_id = stack.resources()["portal"]["id"]
    sandbox.remove("customer_portal", portal_id)
    (stack.directory / "__main__.py").unlink()

    stack.refresh().require().says("1 deleted", "7 unchanged")
    stack.destroy().require()
    assert stack.resources() == {}
    assert_retired(sandbox)


def assert_retired(sandbox: Sandbox) -> None:
    """Nothing is lost, nothing is in service, and everything says so."""
    (domain,) = sandbox.objects("tracking_domain")
    (profile,) = sandbox.objects("smtp_profile")
    portals = sandbox.objects("customer_portal")
    assert not [each["name"] for each in (profile, *portals) if each["enabled"]]
    assert not [each["name"] for each in (domain, profile, *portals) if "[pulumi retired " not in each["description"]]
