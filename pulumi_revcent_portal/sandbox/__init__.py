"""RevCent in a box: a stand-in for RevCent's API that runs on a local port, for tests, demos and a look around."""

from __future__ import annotations

from pulumi_revcent_portal.sandbox.box import Sandbox

__all__ = ["Sandbox"]
