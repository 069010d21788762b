"""Runs a program without an engine, and keeps what it registers. Not a test."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import mocks, rpc, set_all_config
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func

from tests.providers.engine import Secret, unknown

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


@dataclass(frozen=True)
class Registered:
    """What a program asked the engine for: type token and inputs, `Secret` where they are to be encrypted."""

    kind: str
    inputs: dict[str, Any]


@dataclass
class Run:
    """What a program did.

    Attributes:
        resources: everything it registered, by name.
        names: the names in the order of registration; one that was registered twice stands there twice.
        warnings: what it warned about.
        result: what the program returned; Outputs in a dict are resolved.
    """

    resources: dict[str, Registered] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    result: Any = None


class _NoMocks(mocks.Mocks):
    """The monitor below answers by itself."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        raise NotImplementedError

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"no resource of this package calls functions such as {args.token}")


class _Monitor(mocks.MockMonitor):
    """Makes every resource, and keeps its inputs as they arrive: the SDK's mocks lose where in it a secret is."""

    def __init__(self, run: Run, answers: Mapping[str, Mapping[str, Any]], *, preview: bool) -> None:
        super().__init__(_NoMocks())
        self._run = run
        self._answers = answers
        self._preview = preview

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        return super().make_urn("" if parent.endswith("::acme-dev") else parent, type_, name)  # as the engine does

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's spelling
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs = {key: _decoded(value) for key, value in json_format.MessageToDict(request.object).items()}
        self._run.resources[request.name] = Registered(request.type, inputs)
        self._run.names.append(request.name)
        if self._preview or not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        object_id = request.name.replace("-", "").ljust(20, "0")
        outputs = struct_pb2.Struct()
        outputs.CopyFrom(request.object)
        outputs.update({"identity": "theword", "tracking_domain_id": request.name.ljust(20, "9")})
        outputs.update(self._answers.get(request.name, {}))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=object_id, object=outputs)


def _decoded(value: Any) -> Any:
    if value == rpc.UNKNOWN:
        return unknown()
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            return Secret(_decoded(value["value"]))
        return {key: _decoded(item) for key, item in value.items()}
    return [_decoded(item) for item in value] if isinstance(value, list) else value


class _Log(logging.Handler):
    def __init__(self, run: Run) -> None:
        super().__init__(logging.WARNING)
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        self._run.warnings.append(record.getMessage())


def run(
    program: Callable[[], Any],
    *,
    preview: bool = False,
    config: Mapping[str, str] | None = None,
    secret: Sequence[str] = (),
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Run:
    """Run a program as the language host does.

    Args:
        program: declares resources; may return a dict of Outputs to look at.
        preview: whether it is a preview: then nothing is known of what it declares.
        config: the stack's configuration, `{"revcent:apiKey": ...}`.
        secret: the keys of it that were set with `--secret`.
        answers: further outputs, by resource.
    """
    done = Run()

    async def whole() -> None:
        logger = logging.getLogger(__name__)
        logger.handlers, logger.propagate = [_Log(done)], False
        mocks.set_mocks(_NoMocks(), "acme", "dev", preview, logger, _Monitor(done, answers or {}, preview=preview))
        set_all_config(dict(config or {}), list(secret))
        outputs: list[Any] = []
        await run_pulumi_func(lambda: outputs.append(program()))  # the mocks made a stack already
        (result,) = outputs
        done.result = await pulumi.Output.from_input(result).future() if isinstance(result, dict) else result

    loop = asyncio.new_event_loop()  # `asyncio.run` would leave the thread without one, and tests make Outputs
    try:
        loop.run_until_complete(whole())
    finally:
        loop.close()
    return done
