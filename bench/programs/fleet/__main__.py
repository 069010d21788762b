"""A fleet by this package, from a file."""

import pulumi

import pulumi_revcent_portal as revcent

fleet = revcent.PortalFleet.from_yaml("fleet", "brands.yaml", group=pulumi.Config("bench").get("group"))
pulumi.export("portals", fleet.portals)
pulumi.export("pending", fleet.pending)
