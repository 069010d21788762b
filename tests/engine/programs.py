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


def but(program: str, old: str, new: str) -> str:
    """Return a program with a passage changed, which must be there exactly once."""
    assert program.count(old) == 1, f"{old!r} is not there exactly once"
    return program.replace(old, new)


def portal_on(domain: str, profile: str, *more: str, resource: str = "portal") -> str:
    """Return a program that declares the portal alone, on a domain and a mail profile given by their IDs."""
    portal = but(
        CAPTCHA + PORTAL,
        "tracking_domain=ready, smtp_profile=mail",
        f'tracking_domain="{domain}", smtp_profile="{profile}"',
    )
    portal = but(portal, 'CustomerPortal("portal"', f'CustomerPortal("{resource}"')
    return HEAD + but(portal, '</a>")', "".join(['</a>"', *(f", {each}" for each in more), ")"]))
