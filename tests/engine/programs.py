"""Programs for the engine tests, put together from their parts. Not a test."""

from __future__ import annotations

SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"
SECRET_KEY = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"

HEAD = """\
import pulumi
import pulumi_revcent_portal as revcent
"""

MAIL = """\
mail = revcent.SmtpProfile("mail", name="Acme mail", host="smtp.acme.com", port=587, secure="starttls",
    username="portal@acme.com", password="mail-password", sender="portal@acme.com")
"""

CAPTCHA = f"""\
captcha = revcent.Recaptcha("captcha", site_key="{SITE_KEY}", secret_key="{SECRET_KEY}")
"""

DOMAIN = """\
domain = revcent.TrackingDomain("domain", domain="acme.com")
ssl = revcent.TrackingDomainSsl("ssl", tracking_domain=domain)
ready = revcent.TrackingDomainDns("ready", tracking_domain=domain, opts=pulumi.ResourceOptions(depends_on=[ssl]))
"""

PORTAL = """\
portal = revcent.CustomerPortal("portal", name="Acme customer portal", display_name="Acme",
    tracking_domain=ready, smtp_profile=mail, recaptcha=captcha,
    customer_emails=revcent.CustomerEmails.branded(brand="Acme", from_address="portal@acme.com"),
    customer_permissions=revcent.CustomerPermissions.for_use_cases("payment_method_update"),
    footer_html="<a href='https://acme.com/terms'>Terms</a>")
pulumi.export("portal_id", portal.id)
"""

WHOLE = HEAD + MAIL + CAPTCHA + DOMAIN + PORTAL
"""One brand: everything a portal needs, and the portal."""
