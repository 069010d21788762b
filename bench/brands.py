"""The inputs that all programs of the benchmarks declare: brands with a domain, a mail profile and a portal."""

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


def fleet(count: int, groups: int = 1, *, footer_of_the_first: str = "") -> dict[str, Any]:
    """Return the content of a fleet file with the same portals, over one mail profile.

    Args:
        count: how many brands.
        groups: how many groups they are in, one after the other.
        footer_of_the_first: a footer of its own for the first brand.
    """
    return {
        "smtp_profiles": {"main": {**mail(0), "password": "env:BENCH_PASSWORD"}},
        "defaults": {
            "portal_name": "[[ brand ]] portal",
            "description": "Self-service for the customers of [[ brand ]]",
            "customer_permissions": {
                "use_cases": ["payment_method_update", "subscription_management"],
                "subscription_cancel": False,
            },
            "footer_html": "<p>[[ brand ]] Ltd. <a href='https://[[ domain ]]/terms'>Terms</a></p>",
            "recaptcha": {"site_key": SITE_KEY, "secret_key": "env:BENCH_CAPTCHA"},
            "rules": {"open-beside-filtered": "off", "same-origin-twice": "off"},
        },
        "brands": {
            f"brand{number}": {
                "name": f"Brand {number}",
                "domain": f"brand{number}.com",
                "group": f"group{number * groups // count}",
                "customer_filters": {"campaign": [f"Campaign {number}"]},
                **({"footer_html": footer_of_the_first} if footer_of_the_first and not number else {}),
            }
            for number in range(count)
        },
    }
