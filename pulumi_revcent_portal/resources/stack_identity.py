"""The hidden resource by which a stack knows its own objects; every program declares it by itself, once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pulumi
from pulumi.dynamic import Resource
from pulumi.runtime import get_root_resource
from pulumi.runtime.config import is_config_secret

from pulumi_revcent_portal.providers.stack_identity import StackIdentityProvider

_BY_PROGRAM: WeakKeyDictionary[pulumi.Resource, StackIdentity | None] = WeakKeyDictionary()
"""One process may run several programs (the Automation API does): each has a root resource of its own."""


class StackIdentity(Resource, module="revcent", name="StackIdentity"):
    """A random word in the state of this stack, part of the ownership mark of everything the stack makes.

    Project, stack and resource names do not identify a stack: stacks are renamed, and two backends can hold the same
    names. Programs do not declare it; the first resource of this package does.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        identity: pulumi.Output[str]
        """The word: 12 lower-case letters and digits."""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(StackIdentityProvider(), resource_name, {"identity": None}, opts)


def stack_identity() -> StackIdentity | None:
    """Return the identity of the program that runs now, declaring it the first time; None where marks are off.

    Raises:
        pulumi.RunError: `revcent:ownershipMark` or another option has a value that cannot be used.
    """
    root = get_root_resource()
    if root is None:  # a unit test with mocks may run resources outside of a stack
        return _declare()
    if root not in _BY_PROGRAM:
        _BY_PROGRAM[root] = _declare()
    return _BY_PROGRAM[root]


def _declare() -> StackIdentity | None:
    from pulumi_revcent_portal.api.errors import SettingError  # noqa: PLC0415 - the API stays out of `import`
    from pulumi_revcent_portal.api.settings import read_settings  # noqa: PLC0415

    try:
        marked = read_settings(_configured, os.environ).ownership_mark
    except SettingError as error:
        raise pulumi.RunError(str(error)) from None
    _warn_of_plain_key()
    return StackIdentity("revcent-identity") if marked else None


def _warn_of_plain_key() -> None:
    key = "revcent:apiKey"
    if _configured(key) and not is_config_secret(key):
        pulumi.log.warn(
            f"{key} was configured without --secret: it stands as plain text in the stack's configuration file and in "
            f"its state. Run `pulumi config set --secret {key}`, with a new key, and revoke this one in RevCent."
        )


def _configured(key: str) -> str | None:
    bag, name = key.split(":", 1)
    return pulumi.Config(bag).get(name)
