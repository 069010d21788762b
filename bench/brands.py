"""The inputs that all three programs of the benchmark declare: brands with a domain, a mail profile and a portal."""

from __future__ import annotations

from typing import Any

from pulumi_revcent_portal import CustomerEmails, CustomerPermissions

SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"
SECRET_KEY = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"  # noqa: S105 - Google's public test key


def mail(number: int) -> dict[str, Any]:
    """Return the inputs of a brand's SMTP profile."""
    return {
        "name": f"Brand {number} mail",
        "description": "",
        "enabled": True,
        "host": f"smtp.brand{number}.com",
        "port": 587,
        "secure": "starttls",
        "username": f"portal@brand{number}.com",
        "password": f"password-of-brand-{number}",
        "sender": f"portal@brand{number}.com",
    }


def domain(number: int) -> dict[str, Any]:
    """Return the inputs of a brand's tracking domain."""
    return {"domain": f"brand{number}.com", "name": f"brand{number}.com", "description": "", "url_parameter_sets": []}


def portal(number: int) -> dict[str, Any]:
    """Return the inputs of a brand's portal, without its references."""
    sender = f"portal@brand{number}.com"
    return {
        "name": f"Brand {number} portal",
        "display_name": f"Brand {number}",
        "description": f"Self-service for the customers of brand {number}",
        "enabled": True,
        "recaptcha": {"site_key": SITE_KEY, "secret_key": SECRET_KEY},
        "customer_emails": CustomerEmails.branded(brand=f"Brand {number}", from_address=sender).dump(),
        "customer_permissions": CustomerPermissions.for_use_cases(
            "payment_method_update", "subscription_management", subscription_cancel=False
        ).dump(),
        "customer_filters": {"campaign": [], "third_party_shop": []},
        "footer_html": f"<p>Brand {number} Ltd. <a href='https://brand{number}.com/terms'>Terms</a></p>",
        "create_non_existing_customer": False,
    }
