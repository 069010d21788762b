"""RevCent in a box: a stand-in for RevCent's API that runs on a local port, for tests, demos and a look around."""

from __future__ import annotations

from pulumi_revcent_portal.sandbox.box import MissingExtraError, Sandbox
from pulumi_revcent_portal.sandbox.remote import RemoteSandbox, SandboxUnreachableError
from pulumi_revcent_portal.sandbox.seed import SeedError
from pulumi_revcent_portal.sandbox.store import StateFileError

__all__ = [
    "MissingExtraError",
    "RemoteSandbox",
    "Sandbox",
    "SandboxUnreachableError",
    "SeedError",
    "StateFileError",
]
