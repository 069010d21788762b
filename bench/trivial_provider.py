"""The least that a dynamic provider can do: it echoes its inputs and talks to nobody."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from pulumi.dynamic import CreateResult, ResourceProvider, UpdateResult


class TrivialProvider(ResourceProvider):
    """Echoes."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Echo the inputs."""
        return CreateResult(uuid4().hex[:20], props)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Echo the inputs."""
        return UpdateResult(news)
