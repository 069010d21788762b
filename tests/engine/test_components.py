"""Resources inside of components: a brand of one's own, as programs of several brands are written."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.account import the
from tests.engine.programs import SECRET_KEY, SITE_KEY
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

BRAND = f"""\
import pulumi
import pulumi_revcent_portal as revcent


class Mail(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:portal:Mail", name, opts=opts)
        below = pulumi.ResourceOptions(parent=self)
        self.profile = revcent.SmtpProfile(name, name="Acme mail", host="smtp.acme.com", port=587,
            username="portal@acme.com", password="mail-password", opts=below)


class Brand(pulumi.ComponentResource):
    def __init__(self, name, domain):
        super().__init__("acme:portal:Brand", name)
        below = pulumi.ResourceOptions(parent=self)
        mail = Mail(f"{{name}}-mail", opts=below)
        captcha = revcent.Recaptcha(f"{{name}}-captcha", site_key="{SITE_KEY}", secret_key="{SECRET_KEY}", opts=below)
        tracking = revcent.TrackingDomain(f"{{name}}-domain", domain=domain, opts=below)
        ssl = revcent.TrackingDomainSsl(f"{{name}}-ssl", tracking_domain=tracking, opts=below)
        ready = revcent.TrackingDomainDns(f"{{name}}-ready", tracking_domain=ssl, opts=below)
        self.portal = revcent.CustomerPortal(name, name="Acme portal", tracking_domain=ready,
            smtp_profile=mail.profile, recaptcha=captcha,
            customer_emails=revcent.CustomerEmails.branded(brand="Acme", from_address="portal@acme.com"), opts=below)
        self.register_outputs({{}})


pulumi.export("portal_id", Brand("acme", "acme.com").portal.id)
"""


def test_a_brand_in_nested_components_is_made_kept_and_retired(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(BRAND).preview().require()
    stack.up().require()
    stack.settled()
    portal, profile = the(sandbox, "customer_portal"), the(sandbox, "smtp_profile")
    assert stack.outputs() == {"portal_id": portal["id"]}
    assert portal["description"].startswith("[pulumi acme/dev/Brand$acme ")
    assert profile["description"].startswith("[pulumi acme/dev/Brand$Mail$acme-mail ")
    stack.refresh().require()
    stack.settled()
    stack.destroy().require()
    assert not the(sandbox, "customer_portal")["enabled"]
