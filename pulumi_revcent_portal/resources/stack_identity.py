"""The hidden resource by which a stack knows its own objects; every program declares it by itself, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi.dynamic import Resource
from pulumi.runtime.config import is_config_secret

from pulumi_revcent_portal.providers.stack_identity import StackIdentityProvider
from pulumi_revcent_portal.resources.program import configured, once_per_program, program_settings

if TYPE_CHECKING:
    from pulumi_revcent_portal.resources.account import Account


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


def stack_identity(account: Account | None = None) -> StackIdentity | None:
    """Return the identity of the program that runs now, declaring it the first time; None where marks are off.

    Args:
        account: whose objects are to be marked; None is the stack's own account.

    Raises:
        pulumi.RunError: `revcent:ownershipMark` or another option of the stack has a value that cannot be used.
    """
    if account is None:
        _warn_of_plain_key()
    marked = program_settings().ownership_mark if account is None else account.ownership_mark
    return _the_identity() if marked else None


@once_per_program
def _the_identity() -> StackIdentity:
    return StackIdentity("revcent-identity")


@once_per_program
def _warn_of_plain_key() -> None:
    key = "revcent:apiKey"
    if configured(key) and not is_config_secret(key):
        pulumi.log.warn(
            f"{key} was configured without --secret: it stands as plain text in the stack's configuration file and in "
            f"its state. Run `pulumi config set --secret {key}`, with a new key, and revoke this one in RevCent."
        )
