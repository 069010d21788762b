"""The brands by this package."""

import brands
import pulumi

import pulumi_revcent_portal as revcent

for number in range(pulumi.Config("bench").require_int("brands")):
    key = f"brand{number}"
    mail = revcent.SmtpProfile(f"{key}-mail", **brands.mail(number))
    domain = revcent.TrackingDomain(f"{key}-domain", **brands.domain(number))
    ssl = revcent.TrackingDomainSsl(f"{key}-ssl", tracking_domain=domain)
    ready = revcent.TrackingDomainDns(
        f"{key}-dns", tracking_domain=domain, opts=pulumi.ResourceOptions(depends_on=[ssl])
    )
    revcent.CustomerPortal(f"{key}-portal", tracking_domain=ready, smtp_profile=mail, **brands.portal(number))
