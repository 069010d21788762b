"""The portals of one group of brands: the name of the stack says which. All stacks read the same file."""

from __future__ import annotations

import pulumi

import pulumi_revcent_portal as revcent

fleet = revcent.PortalFleet.from_yaml("portals", "brands.yaml", group=pulumi.get_stack())

pulumi.export("portals", fleet.portals)  # the IDs of those that RevCent has
pulumi.export("pending", fleet.pending)  # the others, with the reason
