"""Five brands in two RevCent accounts: a file says what the brands are, the configuration what its stack needs."""

from __future__ import annotations

import pulumi

import pulumi_revcent_portal as revcent

if pulumi.Config().require_bool("inPython"):
    from brands import fleet_in_python

    fleet = fleet_in_python("portals")
else:
    fleet = revcent.PortalFleet.from_yaml("portals", "brands.yaml")

pulumi.export("portals", fleet.portals)  # the IDs of those that RevCent has
pulumi.export("pending", fleet.pending)  # the others, with the reason
