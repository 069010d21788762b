"""The provider process as the engine starts it, spoken to over gRPC as the engine speaks. Not a test."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dill  # type: ignore[import-untyped]
import grpc
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pulumi_revcent_portal.providers.base import Provider


class ProviderProcess:
    """One provider process.

    Args:
        channel: the way to it.
    """

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)

    def configure(self, options: Mapping[str, str]) -> None:
        """Hand the stack's configuration over."""
        self._stub.Configure(provider_pb2.ConfigureRequest(args=_struct(options)))

    def check(self, kind: type[Provider], news: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Check the inputs of a new resource; returns property and reason of each failure."""
        blob = base64.b64encode(dill.dumps(kind())).decode()
        request = provider_pb2.CheckRequest(olds=_struct({}), news=_struct({**news, "__provider": blob}))
        return [(failure.property, failure.reason) for failure in self._stub.Check(request).failures]


def _struct(values: Mapping[str, Any]) -> Any:
    loop = asyncio.new_event_loop()  # `asyncio.run` would leave the thread without one, and tests make Outputs
    try:
        return loop.run_until_complete(rpc.serialize_properties(dict(values), {}))
    finally:
        loop.close()


@contextmanager
def provider_process(environment: Mapping[str, str]) -> Iterator[ProviderProcess]:
    """Start a provider process, and end it with the block.

    Args:
        environment: what is added to the environment.
    """
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "REVCENT_"))}
    python_path = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(  # the script beside the engine does the same; warnings go nowhere
        [sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"],
        env={**bare, "PYTHONPATH": python_path, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield ProviderProcess(channel)
        finally:
            process.terminate()
