"""One brand's customer portal and everything it needs. The README says what to configure."""

import pulumi

import pulumi_revcent_portal as revcent

config = pulumi.Config()
brand = config.require("brand")
sender = config.require("sender")

mail = revcent.SmtpProfile(
    "mail",
    name=f"{brand} mail",
    host=config.require("smtpHost"),
    port=config.get_int("smtpPort") or 587,
    secure="starttls",
    username=config.get("smtpUsername") or sender,
    password=config.require_secret("smtpPassword"),
    sender=sender,
)
captcha = revcent.Recaptcha(
    "captcha",
    site_key=config.require("captchaSiteKey"),
    secret_key=config.require_secret("captchaSecretKey"),
)

# Without a publisher the program names the DNS records to add, and waits until somebody has added them.
domain = revcent.PortalDomain("domain", domain=config.require("domain"), dns=config.get_secret_object("dns"))

portal = revcent.CustomerPortal(
    "portal",
    name=f"{brand} customer portal",
    display_name=brand,
    tracking_domain=domain,
    smtp_profile=mail,
    recaptcha=captcha,
    customer_emails=revcent.CustomerEmails.branded(brand=brand, from_address=sender),
    customer_permissions=revcent.CustomerPermissions.for_use_cases(
        "payment_method_update",
        "subscription_management",
        subscription_cancel=False,
    ),
    customer_filters=revcent.CustomerFilters(
        campaign=config.get_object("campaigns") or [],
        third_party_shop=config.get_object("shops") or [],
    ),
    footer_html=config.get("footerHtml"),
    portal_url=config.get("portalUrl"),
)

pulumi.export("portal_id", portal.id)
pulumi.export("a_records", domain.a_records)
pulumi.export("cname_records", domain.cname_records)
pulumi.export("embed_html", portal.embed_html)
