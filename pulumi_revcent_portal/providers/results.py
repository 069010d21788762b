"""What a core answers and asks: plain values, so that another front than Pulumi's dynamic providers fits over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from pulumi_revcent_portal.api.wire import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.providers.session import Session

    Props = Mapping[str, Any]


class ProviderProblem(Exception):  # noqa: N818 - the name is never shown; the message is
    """A resource cannot be created, read, changed or retired; the message says why and names the cure."""


def noun_of(entity: str) -> str:
    """Return what people call a type of object: `customer portal`, `SMTP profile`."""
    return _TITLES[entity]


_TITLES: Final = {entity.name: entity.title for entity in ENTITIES}


class Warn(Protocol):
    """Reports a warning on the resource with this URN (on the stack, if the URN is empty)."""

    def __call__(self, urn: str, message: str) -> None:
        """Report `message`."""


@dataclass(frozen=True)
class Checked:
    """The inputs with their defaults, and what is wrong with them (`field: sentence`, without secrets).

    `complete` is False when an input is missing because the resource that was to give it failed.
    """

    inputs: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True)
class Difference:
    """Whether an update is needed; None leaves it to a comparison of the inputs, which shows each property."""

    changes: bool | None
    replaces: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """What is to be kept of a resource.

    Attributes:
        object_id: its RevCent ID, or None when the object is gone.
        outputs: the properties to store.
        inputs: the inputs that would describe what was found, when that differs from what was declared.
    """

    object_id: str | None
    outputs: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] | None = None


class Core(Protocol):
    """What a resource does; `check`, `diff` and `read` also run in previews and write nothing."""

    session: Session
    warn: Warn

    def __init__(self, session: Session, warn: Warn) -> None: ...

    def check(self, olds: Props, news: Props) -> Checked:
        """Validate inputs and fill in defaults."""

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:
        """Compare the stored outputs with new inputs."""

    def create(self, props: Props) -> State:
        """Make the object, or find the one that an interrupted run made."""

    def read(self, object_id: str, olds: Props) -> State:
        """Look at the object."""

    def update(self, object_id: str, olds: Props, news: Props) -> State:
        """Change the object."""

    def delete(self, object_id: str, olds: Props) -> None:
        """Delete the object, or retire it where RevCent has no delete."""
