"""Outputs whose values are mapped when a program reads them, and not before: every Output costs a program time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi


class Mapped:
    """A class attribute that stands before the output of the same name.

    Args:
        mapping: turns a value as the engine has it into the one that the class promises.
    """

    def __init__(self, mapping: Callable[[Any], Any]) -> None:
        self._mapping = mapping

    def __set_name__(self, resource: type[pulumi.Resource], name: str) -> None:
        self._name = name

    def __get__(self, resource: pulumi.Resource | None, cls: type[pulumi.Resource]) -> Any:
        if resource is None:
            return self
        output: pulumi.Output[Any] = resource.__dict__[self._name]
        return output.apply(self._mapping)

    def __set__(self, resource: pulumi.Resource, value: object) -> NoReturn:
        raise AttributeError(f"{type(resource).__name__}.{self._name} is an output and cannot be set.")


def whole(number: float) -> int | None:
    """Undo that the engine turns every number into a float; one that is not known is 0 in the state."""
    return int(number) or None


def text(value: str) -> str | None:
    """Return None for a text that RevCent does not answer, which is blank in the state."""
    return value or None
