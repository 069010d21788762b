"""The thin skin between Pulumi's dynamic providers and the cores: property bags in and out, errors for people.

A class here is pickled into the state by reference (its path and name), so it has no attributes of its own and no
constructor arguments; everything it needs arrives in `configure`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_revcent_portal.providers.results import ProviderProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_revcent_portal.api.settings import Settings
    from pulumi_revcent_portal.providers.results import Core

    Bag = dict[str, Any]

_PROVIDER_KEY = "__provider"


class RevCentError(Exception):
    """What the engine prints when a call fails: `RevCentError: message`, without a traceback."""


RevCentError.__module__ = "builtins"  # else the engine prints the dotted path before the message


def _strip(props: Mapping[str, Any]) -> Bag:
    return {key: value for key, value in props.items() if key != _PROVIDER_KEY}


class Provider(ResourceProvider):
    """What all providers have in common; a subclass names its core."""

    serialize_as_secret_always = False  # the pickle is a reference to a class and holds no secret
    core: ClassVar[Callable[..., Core]]

    def configure(self, req: ConfigureRequest) -> None:
        """Take the configuration of the stack, or of an explicit provider; the environment fills in what it lacks."""
        from pulumi_revcent_portal.api.errors import RevCentError as ApiError  # noqa: PLC0415 - not in the program's process
        from pulumi_revcent_portal.api.settings import read_settings  # noqa: PLC0415
        from pulumi_revcent_portal.providers.session import session_for  # noqa: PLC0415

        sys.tracebacklimit = 0  # this process serves nothing but the engine, and its messages are for people
        try:
            settings = read_settings(req.config.get, os.environ)
        except ApiError as error:
            self._fail(error)
        self._core = type(self).core(session_for(settings), log_warning)

    def check(self, olds: Bag, news: Bag) -> CheckResult:
        """Validate inputs; a failure names its field in the text, for the engine prints the value of `property`."""
        checked = self._core.check(_strip(olds), _strip(news))
        return CheckResult(checked.inputs, [CheckFailure("", problem) for problem in checked.problems])

    def diff(self, object_id: str, olds: Bag, news: Bag) -> DiffResult:
        """Compare old outputs and new inputs."""
        from pulumi_revcent_portal.providers.moving import difference  # noqa: PLC0415 - not in the program's process

        found = self._call(lambda: difference(self._core, object_id, _strip(olds), _strip(news)))
        return DiffResult(changes=found.changes, replaces=found.replaces)

    def create(self, props: Bag) -> CreateResult:
        """Make the object."""
        state = self._call(lambda: self._core.create(_strip(props)))
        return CreateResult(str(state.object_id), state.outputs)

    def read(self, object_id: str, props: Bag) -> ReadResult:
        """Look at the object."""
        state = self._call(lambda: self._core.read(object_id, _strip(props)))
        return ReadResult(state.object_id, state.outputs, state.inputs)

    def update(self, object_id: str, olds: Bag, news: Bag) -> UpdateResult:
        """Change the object."""
        return UpdateResult(self._call(lambda: self._core.update(object_id, _strip(olds), _strip(news))).outputs)

    def delete(self, object_id: str, props: Bag) -> None:
        """Delete or retire the object."""
        self._call(lambda: self._core.delete(object_id, _strip(props)))

    def _call(self, work: Callable[[], Any]) -> Any:
        from pulumi_revcent_portal.api.errors import RevCentError as ApiError  # noqa: PLC0415

        try:
            return work()
        except (ApiError, ProviderProblem) as error:
            self._fail(error, self._core.session.settings)

    def _fail(self, error: Exception, settings: Settings | None = None) -> NoReturn:
        raise RevCentError(_with_cure(error, settings)) from None


def _with_cure(error: Exception, settings: Settings | None) -> str:
    """Add what only this side knows: whose options a message is about, and that a saved key may be old."""
    from pulumi_revcent_portal.api.errors import KeyRefused  # noqa: PLC0415

    if settings is None:
        return str(error)
    explicit = settings.key_source == "account"
    if not isinstance(error, KeyRefused):
        of_the_account = f' Here that is an argument of Account "{settings.account}" in the program.'
        return f"{error}{of_the_account if explicit and 'revcent:' in str(error) else ''}"
    if settings.key_source == "environment":
        return f"{error} The key came from the environment variable REVCENT_API_KEY."
    source = f'api_key of Account "{settings.account}"' if explicit else "revcent:apiKey"
    return (
        f"{error} The key came from {source}. `pulumi refresh` and `pulumi destroy` use the one that is saved in the "
        "state: after it was changed, run them with --run-program."
    )


@lru_cache(maxsize=1)
def _engine() -> Any:
    import grpc  # noqa: PLC0415 - needed for warnings only
    from pulumi.runtime.proto import engine_pb2_grpc  # noqa: PLC0415

    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(sys.argv[1]))


def log_warning(urn: str, message: str) -> None:
    """Show a warning on a resource's own line of `pulumi up`.

    Args:
        urn: the resource; an empty one puts the warning on the stack.
        message: one or two sentences.
    """
    import grpc  # noqa: PLC0415 - needed for warnings only
    from pulumi.runtime.proto import engine_pb2  # noqa: PLC0415

    request = engine_pb2.LogRequest(severity=engine_pb2.LogSeverity.Value("WARNING"), message=message, urn=urn)
    with contextlib.suppress(grpc.RpcError):  # the object it is about exists: its ID must not be lost over a warning
        _engine().Log(request)
