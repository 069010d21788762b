"""A fleet by this package, from a file; a part of it where the stack is one of several."""

import brands
import pulumi

import pulumi_revcent_portal as revcent

config = pulumi.Config("bench")
profile = config.get("profile")
mail = revcent.SmtpProfileRef(id=profile, sender=brands.mail(0)["sender"]) if profile else None
fleet = revcent.PortalFleet.from_yaml(
    "fleet", "brands.yaml", group=config.get("group"), smtp_profiles={"main": mail} if mail else None
)
pulumi.export("portals", fleet.portals)
pulumi.export("pending", fleet.pending)
