"""The hidden resource by which a fleet is held against its account; `PortalFleet` declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_revcent_portal.providers.fleet_review import FleetReviewProvider
from pulumi_revcent_portal.resources.base import RevCentResource

if TYPE_CHECKING:
    import pulumi

    from pulumi_revcent_portal.models.review import FleetReviewInputs


class FleetReview(RevCentResource, module="revcent", name="FleetReview"):
    """A look at the brands of one account with what only the account knows. It never shows a change.

    Args:
        resource_name: the Pulumi name.
        inputs: the brands.
        opts: Pulumi's options.
    """

    def __init__(
        self, resource_name: str, inputs: FleetReviewInputs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(FleetReviewProvider(), resource_name, inputs, opts, hidden=["brands"], owned=False)
