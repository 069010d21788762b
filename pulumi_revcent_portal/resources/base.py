"""What every resource of a program has in common: validation at the user's line, hidden inputs, secrets, the owner.

It registers resources with the engine; what becomes of them is decided by the providers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi
from pulumi.dynamic import Resource

from pulumi_revcent_portal.models.base import InvalidInputs, Model, long_paths, secret_paths, validate
from pulumi_revcent_portal.providers.ownership import OWNER_KEY
from pulumi_revcent_portal.resources.stack_identity import ownership_is_marked, stack_identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi.dynamic import ResourceProvider

M = TypeVar("M", bound=Model)
_PACKAGE = str(Path(__file__).resolve().parents[1])


class DeclarationError(pulumi.RunError, ValueError):
    """A declaration in the program is wrong; `pulumi up` shows the message without a traceback.

    Attributes:
        problems: what is wrong, one `models.base.Problem` per field.
    """

    def __init__(self, what: str, error: InvalidInputs) -> None:
        self.problems = error.problems
        super().__init__("\n  ".join([f"{_line_of_user()}{what} is not valid:", *map(str, error.problems)]))


def _line_of_user() -> str:
    """Return `file:line: ` of the innermost call that is not in this package."""
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to one's caller
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}: "


def declare(model: type[M], resource_name: str, inputs: Mapping[str, Any]) -> M:
    """Validate what a resource was given, leaving Outputs to the provider's check.

    Raises:
        DeclarationError: something that is known already is wrong; all problems at once.
    """
    given = {key: value for key, value in inputs.items() if value is not None}
    try:
        return validate(model, given)
    except InvalidInputs as error:
        raise DeclarationError(f'{model.__name__.removesuffix("Inputs")} "{resource_name}"', error) from None


class RevCentResource(Resource):
    """A resource of this package.

    Args:
        provider: the instance that the engine is to call.
        resource_name: the Pulumi name.
        inputs: the validated inputs.
        opts: Pulumi's options.
        computed: the outputs that are no inputs.
        hidden: the inputs that are no outputs.
        owned: whether the resource stands for something in RevCent, which is then known as this stack's.
    """

    def __init__(
        self,
        provider: ResourceProvider,
        resource_name: str,
        inputs: Model,
        opts: pulumi.ResourceOptions | None,
        *,
        computed: Sequence[str] = (),
        hidden: Sequence[str] = (),
        owned: bool = True,
    ) -> None:
        props = inputs.dump()
        for path in secret_paths(type(inputs)):
            _make_secret(props, path)
        steering = {OWNER_KEY: self._owner(resource_name, opts, marked=owned), "dry": pulumi.runtime.is_dry_run()}
        super().__init__(provider, resource_name, {**props, **dict.fromkeys(computed), **steering}, opts)
        # An output that the provider does not return is unknown in the preview of an unchanged resource, and nobody
        # should build on one: what is not stored as an output is no attribute either.
        long = [path[0] for path in long_paths(type(inputs)) if len(path) == 1]
        for name in {OWNER_KEY, "dry", "__provider", *hidden, *long}:
            self.__dict__.pop(name, None)

    def _owner(self, resource_name: str, opts: pulumi.ResourceOptions | None, *, marked: bool) -> dict[str, Any]:
        kind = f"pulumi-python:{self._resource_type_name}"
        owner: dict[str, Any] = {"urn": pulumi.create_urn(resource_name, kind, opts.parent if opts else None)}
        if marked and ownership_is_marked():
            owner["identity"] = stack_identity().identity
        return owner


def _make_secret(props: dict[str, Any], path: tuple[str, ...]) -> None:
    """Wrap the value at a path, whatever the user passed; an Output on the way is wrapped as a whole."""
    *parents, last = path
    for key in parents:
        inner = props.get(key)
        if not isinstance(inner, dict):
            last = key
            break
        props = inner
    if props.get(last) is not None:
        props[last] = pulumi.Output.secret(props[last])
