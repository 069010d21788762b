"""Domains with a portal each, and one mail profile that needs none of them."""

import brands
import pulumi

import pulumi_revcent_portal as revcent

config = pulumi.Config("waiting")
patience = revcent.Wait(timeout=config.require("timeout"))
mail = revcent.SmtpProfile("mail", **brands.mail(0) | {"name": "Mail", "sender": None})
for number in range(config.require_int("domains")):
    domain = revcent.PortalDomain(f"domain{number}", domain=f"brand{number}.com", wait=patience)
    inputs = brands.portal(number)
    revcent.CustomerPortal(f"portal{number}", tracking_domain=domain, smtp_profile=mail.id, wait=patience, **inputs)
revcent.SmtpProfile("late", **brands.mail(1) | {"name": "Late mail"})
