"""The mail profile of all brands: made once here, and exported for the stacks that hold the portals."""

from __future__ import annotations

import pulumi

import pulumi_revcent_portal as revcent

config = pulumi.Config()

mail = revcent.SmtpProfile(
    "mail",
    name="Brands' mail",
    host=config.require("smtpHost"),
    port=587,
    secure="starttls",
    username=config.require("sender"),
    password=config.require_secret("smtpPassword"),
)

pulumi.export("smtp_profile", {"id": mail.id, "sender": mail.sender})
