"""The fleet of brands.yaml in Python: for programs that compute brands, or take them from somewhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi

import pulumi_revcent_portal as revcent


def fleet_in_python(name: str) -> revcent.PortalFleet:
    """Declare the same fleet as brands.yaml does."""
    config = pulumi.Config()
    acme = revcent.RecaptchaKeys(
        site_key="6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", secret_key=config.require_secret("acmeCaptchaSecret")
    )
    store = revcent.RecaptchaKeys(
        site_key="6LeIxAcTAAAAABhxu2VEVGL2BhdtDyUkZ7rNqUEM", secret_key=config.require_secret("storeCaptchaSecret")
    )
    bolt = revcent.RecaptchaKeys(
        site_key="6LeIxAcTAAAAAM2sbqiRCxHJLiVkC0UQ1fW9oSEY", secret_key=config.require_secret("boltCaptchaSecret")
    )
    return revcent.PortalFleet(
        name,
        accounts={
            "bolt": {"api_key": config.require_secret("boltApiKey"), "base_url": config.require("boltBaseUrl")},
        },
        smtp_profiles={
            "main": {
                "name": "Brands' mail",
                "host": config.require("smtpHost"),
                "port": 587,
                "secure": "starttls",
                "username": config.require("sender"),
                "password": config.require_secret("smtpPassword"),
            },
        },
        defaults=revcent.BrandDefaults(
            dns=json.loads(config.require("dns")),
            portal_name="[[ brand ]] portal",
            customer_emails=revcent.BrandEmails(support_email="help@brands.example"),
            customer_permissions=revcent.BrandPermissions(
                use_cases=["payment_method_update"], subscription_cancel=False
            ),
            footer_html="<a href='https://[[ domain ]]/terms'>Terms</a> | "
            "<a href='https://[[ domain ]]/privacy'>Privacy</a>",
            rules={"permissions-differ-unsaid": "off"},
        ),
        brands=[
            revcent.Brand(
                key="acme",
                name="Acme",
                domain="acme-us.example",
                recaptcha=acme,
                customer_permissions=revcent.BrandPermissions(
                    use_cases=["payment_method_update", "subscription_management"]
                ),
                customer_filters=revcent.CustomerFilters(campaign=["Acme US"]),
            ),
            revcent.Brand(
                key="acme-recovery",
                name="Acme",
                display_name="Acme payments",
                portal_name="Acme recovery portal",
                domain="acme-us.example",
                recaptcha=acme,
                customer_permissions=revcent.BrandPermissions(use_cases=["recovery_portal"]),
                customer_filters=revcent.CustomerFilters(campaign=["Acme EU"]),
                footer_html="Questions about a payment? <a href='https://[[ domain ]]/help'>We help</a>",
            ),
            revcent.Brand(
                key="acme-store",
                name="Acme Store",
                domain="acme.example",
                recaptcha=store,
                customer_emails=revcent.BrandEmails(accent="#0b6e4f"),
                customer_permissions=revcent.BrandPermissions(use_cases=["account_update"]),
                customer_filters=revcent.CustomerFilters(third_party_shop=["acme-woo"]),
            ),
            revcent.Brand(
                key="bolt",
                name="Bolt",
                account="bolt",
                domain="bolt.example",
                recaptcha=bolt,
                customer_emails=revcent.BrandEmails(accent="#ffb000"),
                customer_filters=revcent.CustomerFilters(third_party_shop=["bolt-shopify"]),
            ),
            revcent.Brand(
                key="bolt-vip",
                name="Bolt VIP",
                account="bolt",
                domain="bolt.example",
                recaptcha=bolt,
                customer_emails=revcent.BrandEmails(
                    accent="#2b2b2b",
                    support_email="vip@brands.example",
                    confirmation=revcent.BrandEmail(
                        subject="Welcome to [[ brand ]]",
                        html=Path("emails/vip-confirmation.html").read_text(encoding="utf-8"),
                    ),
                ),
                customer_permissions=revcent.BrandPermissions(
                    use_cases=[
                        "payment_method_update",
                        "subscription_management",
                        "trial_management",
                        "account_update",
                    ],
                    subscription_cancel=True,
                ),
                customer_filters=revcent.CustomerFilters(campaign=["Bolt VIP"]),
            ),
        ],
    )
