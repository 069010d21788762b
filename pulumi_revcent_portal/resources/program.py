"""What the program that runs now has once: its settings, and the gate at which its resources wait.

One process may run several programs (the Automation API does): each has a root resource of its own.
"""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.api.settings import Settings
    from pulumi_revcent_portal.readiness.gate import Gate

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


@once_per_program
def program_gate() -> Gate:
    """Return the gate of this program."""
    from pulumi_revcent_portal.readiness.gate import Gate as ProgramsGate  # noqa: PLC0415 - stays out of `import`

    return ProgramsGate(program_settings())


def configured(option: str) -> str | None:
    """Return the value of an option, such as `revcent:apiKey`, in the stack's configuration."""
    bag, name = option.split(":", 1)
    return pulumi.Config(bag).get(name)
