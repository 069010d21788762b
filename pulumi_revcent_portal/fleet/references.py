"""References, which stand in files for secrets: `config:NAME` and `env:NAME`. Where the secrets are is passed in.

Neither a message nor the `repr` of anything here holds a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pulumi_revcent_portal.models.wording import kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CONFIG: Final = "config:"
_ENV: Final = "env:"
_CONFIG_NAME = re.compile(r"(?:[A-Za-z0-9_.-]+:)?[A-Za-z0-9_.-]+")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Encrypted(str):
    """A value that the configuration of the stack keeps encrypted."""

    __slots__ = ()


@dataclass(frozen=True)
class Reference:
    """What stands in a file for a secret; `str()` gives it as it is written there.

    Attributes:
        source: `config` is the configuration of the stack, `env` the environment of the program.
        name: The key there, such as `smtpPassword` or, of another namespace than the project's, `acme:smtpPassword`.
    """

    source: Literal["config", "env"]
    name: str

    def __str__(self) -> str:
        return f"{self.source}:{self.name}"


def parse_reference(text: str) -> Reference | None:
    """Read a reference, or tell with None that a text is none.

    Args:
        text: `config:NAME`, `config:NAMESPACE:NAME`, `env:NAME`, or anything else.

    Raises:
        ValueError: It begins like a reference, and no name follows.
    """
    if text.startswith(_CONFIG):
        name = text.removeprefix(_CONFIG)
        if not _CONFIG_NAME.fullmatch(name):
            raise ValueError(
                "begins with 'config:', and no key of the stack's configuration follows: letters, digits, '_', '-' and "
                "'.', without spaces. Write it like config:smtpPassword or, with a namespace, config:acme:smtpPassword."
            )
        return Reference("config", name)
    if text.startswith(_ENV):
        name = text.removeprefix(_ENV)
        if not _ENV_NAME.fullmatch(name):
            raise ValueError(
                "begins with 'env:', and no name of an environment variable follows: letters, digits and '_', not a "
                "digit first. Write it like env:ACME_SMTP_PASSWORD."
            )
        return Reference("env", name)
    return None


def is_reference(value: object) -> bool:
    """Tell whether a value is a well-formed reference."""
    try:
        return isinstance(value, str) and parse_reference(value) is not None
    except ValueError:
        return False


def require_reference(value: object) -> Reference:
    """Take what stands in a file at the place of a secret.

    Raises:
        ValueError: It is no reference, or a malformed one. The message says what it is, and nothing of the value.
    """
    reference = parse_reference(value) if isinstance(value, str) else None
    if reference is None:
        raise ValueError(
            f"must be a reference, not {kind(value, secret=True)}: no secret belongs in this file. Write config:NAME "
            "and set it with 'pulumi config set --secret NAME', or write env:NAME for an environment variable."
        )
    return reference


def resolve(reference: Reference, *, config: Callable[[str], str | None], environment: Mapping[str, str]) -> str:
    """Look up what a reference stands for.

    Args:
        reference: What stands in the file.
        config: Gives the value of a key of the stack's configuration, `Encrypted` or not, or None; it is called with
            the reference's name.
        environment: The environment variables.

    Raises:
        ValueError: It is not set, or empty.
    """
    if reference.source == "config":
        value = config(reference.name)
        if not value:
            raise ValueError(f"{reference} is not set. Set it with 'pulumi config set --secret {reference.name}'.")
        return value
    value = environment.get(reference.name)
    if not value:
        raise ValueError(f"the environment variable {reference.name} is not set. Set it where pulumi runs.")
    return value
