"""What every component of this package has in common: what is in it knows its URN without waiting for the engine."""

from __future__ import annotations

import pulumi


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
        super().__init__(kind, resource_name, {}, opts)


def type_chain(resource: pulumi.Resource | None) -> str | None:
    """Return how a resource stands in the URNs of its children, where that is known already."""
    return resource.type_chain if isinstance(resource, RevCentComponent) else None
