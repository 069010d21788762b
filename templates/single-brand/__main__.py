"""One brand's customer portal: mail server, reCAPTCHA, domain and the portal itself."""

from __future__ import annotations

import pulumi

import pulumi_revcent_portal as revcent

config = pulumi.Config()
brand = config.require("brand")
sender = config.require("sender")

mail = revcent.SmtpProfile(
    "mail",
    name=f"{brand} mail",
    host=config.require("smtpHost"),
    port=587,
    secure="starttls",
    username=config.require("smtpUsername"),
    password=config.require_secret("smtpPassword"),
    sender=sender,
)
captcha = revcent.Recaptcha(
    "captcha",
    site_key=config.require("captchaSiteKey"),
    secret_key=config.require_secret("captchaSecretKey"),
)
domain = revcent.TrackingDomain("domain", domain=config.require("domain"))
certificate = revcent.TrackingDomainSsl("certificate", tracking_domain=domain.id)
ready = revcent.TrackingDomainDns("ready", tracking_domain=certificate.id)

portal = revcent.CustomerPortal(
    "portal",
    name=f"{brand} customer portal",
    display_name=brand,
    tracking_domain=ready.id,
    smtp_profile=mail,
    recaptcha=captcha,
    customer_emails=revcent.CustomerEmails.branded(brand=brand, from_address=sender),
    customer_permissions=revcent.CustomerPermissions.for_use_cases("payment_method_update", "subscription_management"),
)

# What to publish at the domain's DNS host.
pulumi.export("a_records", domain.a_records)
pulumi.export("cname_records", certificate.cname_records)
pulumi.export("portal_id", portal.id)
