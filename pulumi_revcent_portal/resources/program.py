"""What the program that runs now has once: its settings, a client per account, the gate at which its resources wait.

One process may run several programs (the Automation API does): each has a root resource of its own.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor
from pulumi.runtime.sync_await import _sync_await

from pulumi_revcent_portal.resources.account import configured_options, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.api.client import Client
    from pulumi_revcent_portal.api.settings import Settings
    from pulumi_revcent_portal.readiness.gate import Gate
    from pulumi_revcent_portal.resources.account import Account

T = TypeVar("T")


def once_per_program(make: Callable[[], T]) -> Callable[[], T]:
    """Make something when a program first asks for it, and give it the same thing from then on."""
    made: WeakKeyDictionary[pulumi.Resource, T] = WeakKeyDictionary()

    @wraps(make)
    def of_this_program() -> T:
        root = get_root_resource()
        if root is None:  # a unit test with mocks may run resources outside of a stack
            return make()
        if root not in made:
            made[root] = make()
        return made[root]

    return of_this_program


@once_per_program
def program_settings() -> Settings:
    """Return how this program reaches RevCent: the stack's configuration, and the environment.

    Raises:
        pulumi.RunError: an option has a value that cannot be used.
    """
    from pulumi_revcent_portal.api.errors import SettingError  # noqa: PLC0415 - the API stays out of `import`
    from pulumi_revcent_portal.api.settings import read_settings  # noqa: PLC0415

    try:
        return read_settings(configured, os.environ)
    except SettingError as error:
        raise pulumi.RunError(str(error)) from None


async def account_settings(account: Account | Mapping[str, Any] | None) -> Settings:
    """Return how this program reaches an account, as soon as its options are known.

    Args:
        account: None is the stack's own; or the options of one that is not made yet.

    Raises:
        pulumi.RunError: an option has a value that cannot be used, or that is not known in this run.
    """
    from pulumi_revcent_portal.api.errors import SettingError  # noqa: PLC0415 - the API stays out of `import`
    from pulumi_revcent_portal.api.settings import read_settings  # noqa: PLC0415

    if account is None:
        return program_settings()
    options = pulumi.Output.all(**(configured_options(account) if isinstance(account, Mapping) else account.options))
    if not await options.is_known():
        whose = "The account" if isinstance(account, Mapping) else named(account)
        raise pulumi.RunError(
            f"{whose}: an option is not known before `pulumi up` has made what it comes from. Take api_key and the "
            "other options from the configuration or from another stack."
        )
    known: Any = await options.future()
    try:
        settings = read_settings(known.get, {})
        # which name servers can be reached depends on where the program runs, not on the account
        return settings if settings.resolvers else replace(settings, resolvers=program_settings().resolvers)
    except SettingError as error:
        raise pulumi.RunError(str(error)) from None


def settings_now(account: Account | Mapping[str, Any] | None) -> Settings:
    """Return how this program reaches an account, in the middle of the program, for what has to be asked there.

    Args:
        account: None is the stack's own. One whose options are Outputs is waited for as the SDK's own functions do. Or
            the options of one that is not made yet.

    Raises:
        pulumi.RunError: as `account_settings`.
    """
    return program_settings() if account is None else _sync_await(account_settings(account))


@once_per_program
def _clients() -> dict[Settings, Client]:
    return {}


def program_client(settings: Settings) -> Client:
    """Return what this program asks an account with: one client per account, so that each list is fetched once.

    Args:
        settings: how to reach the account.
    """
    from pulumi_revcent_portal.api.client import Client as Asking  # noqa: PLC0415 - the API stays out of `import`

    clients = _clients()
    if settings not in clients:
        clients[settings] = Asking(settings)
    return clients[settings]


@once_per_program
def program_rules() -> dict[str, str]:
    """Return what becomes of what rules find, as `revcent:rules` or the environment says: ID to off, warning or error.

    Raises:
        pulumi.RunError: there is no such rule, or no such setting.
    """
    from pulumi_revcent_portal.rules.settings import read_rule_settings  # noqa: PLC0415 - stays out of `import`

    text = configured("revcent:rules") or os.environ.get("REVCENT_RULES", "")
    try:
        return read_rule_settings(text)
    except ValueError as error:
        raise pulumi.RunError(f"revcent:rules: {error}") from None


def under_mocks() -> bool:
    """Whether this is a unit test with Pulumi's mocks: there is no engine, and RevCent is not to be asked."""
    return isinstance(get_monitor(), MockMonitor)


@once_per_program
def let_registrations_begin() -> None:
    """Give what was declared so far a turn, so that the SDK sees at the program's end that it has begun.

    The SDK then waits for one registration after the other. It would wait for all Outputs of the program at once where
    none has begun, and look at each of them anew whenever another is known: with 400 brands that is most of its work.
    """
    _sync_await(asyncio.sleep(0))


@once_per_program
def program_gate() -> Gate:
    """Return the gate of this program."""
    from pulumi_revcent_portal.readiness.gate import Gate as ProgramsGate  # noqa: PLC0415 - stays out of `import`

    return ProgramsGate(program_client)


def configured(option: str) -> str | None:
    """Return the value of an option, such as `revcent:apiKey`, in the stack's configuration."""
    bag, name = option.split(":", 1)
    return pulumi.Config(bag).get(name)
