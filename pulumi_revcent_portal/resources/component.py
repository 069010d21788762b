"""What every component of this package has in common: what is in it knows its URN, and says less of where it stands."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pulumi

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRAMES: Final = 8
"""How many of Python's innermost calls are enough for the SDK to find the one that declares a resource."""


@contextmanager
def declared_in(parent: pulumi.Resource | None) -> Iterator[None]:
    """Keep the calls short that the SDK notes with a resource, where a component of ours declares it.

    The SDK keeps all of Python's calls with each resource in the state, which were two fifths of a fleet's, and the
    engine writes the whole state after every step. The line of the program stands with the component.

    Args:
        parent: the resource's parent.
    """
    if not isinstance(parent, RevCentComponent):
        yield
        return
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _FRAMES
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


class RevCentComponent(pulumi.ComponentResource):
    """A component of this package.

    Args:
        kind: its type token.
        resource_name: the Pulumi name.
        opts: Pulumi's options.
    """

    def __init__(self, kind: str, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
        parent = opts.parent if opts else None
        above = type_chain(parent)
        self.type_chain = f"{above}${kind}" if above else None if parent else kind
        """Its type in URNs, after those of its parents; None where a parent is a stranger's."""
        with declared_in(parent):
            super().__init__(kind, resource_name, {}, opts)


def type_chain(resource: pulumi.Resource | None) -> str | None:
    """Return how a resource stands in the URNs of its children, where that is known already."""
    return resource.type_chain if isinstance(resource, RevCentComponent) else None
