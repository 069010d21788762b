"""Stack exports for tests, as `pulumi stack export` writes them. Not a test."""

from __future__ import annotations

import json
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"
CAPTCHA_SECRET = "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"
PASSWORD = "canary-mail-password"
STACK = "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev"


def hidden(value: Any, *, shown: bool = True) -> dict[str, str]:
    """Return a secret as an export holds it: in plain with --show-secrets, else encrypted."""
    content = {"plaintext": json.dumps(value)} if shown else {"ciphertext": "v1:abcd:efgh"}
    return {SIGNATURE: SECRET, **content}


def resource(kind: str, name: str, inputs: dict[str, Any], object_id: str = "", **more: Any) -> dict[str, Any]:
    kind = f"pulumi-python:dynamic/revcent:{kind}"
    computed = more.pop("computed", {})
    return {
        "urn": f"urn:pulumi:dev::acme::{kind}::{name}",
        "custom": True,
        "id": object_id,
        "type": kind,
        "inputs": inputs,
        "outputs": {**inputs, **computed},
        "parent": STACK,
        **more,
    }


def brand(
    name: str = "Acme",
    domain: str = "acme.test",
    *,
    host: str = "smtp.acme.test",
    port: int = 587,
    secure: str = "starttls",
    shown: bool = True,
    ids: tuple[str, str, str] = ("domain00000000000001", "profile0000000000001", "portal00000000000001"),
    **portal: Any,
) -> list[dict[str, Any]]:
    """Return the resources of one brand."""
    domain_id, profile_id, portal_id = ids
    key = name.lower()
    keys = {"site_key": SITE_KEY, "secret_key": hidden(CAPTCHA_SECRET, shown=shown)}
    email = {"from_address": f"portal@{domain}", "html": "{{email_code}}"}
    return [
        resource(
            "SmtpProfile",
            f"{key}-mail",
            {
                "name": f"{name} mail",
                "host": host,
                "port": port,
                "secure": secure,
                "username": f"portal@{domain}",
                "sender": f"portal@{domain}",
                "password": hidden(PASSWORD, shown=shown),
            },
            profile_id,
        ),
        resource("Recaptcha", f"{key}-captcha", keys, SITE_KEY),
        resource(
            "TrackingDomain",
            f"{key}-domain",
            {"domain": domain, "name": domain},
            domain_id,
            computed={"a_records": [{"type": "A", "name": domain, "value": "203.0.113.10"}]},
        ),
        resource(
            "TrackingDomainSsl",
            f"{key}-certificate",
            {"tracking_domain": domain_id},
            domain_id,
            computed={"cname_records": [{"type": "CNAME", "name": f"_x.{domain}", "value": "_y.revcent.example"}]},
        ),
        resource("TrackingDomainDns", f"{key}-ready", {"tracking_domain": domain_id}, domain_id),
        resource(
            "CustomerPortal",
            f"{key}-portal",
            {
                "name": f"{name} customer portal",
                "enabled": True,
                "tracking_domain": domain_id,
                "smtp_profile": profile_id,
                "recaptcha": keys,
                "customer_emails": {"confirmation": email, "password_reset": email},
                "customer_filters": {
                    "campaign": [{"id": "campaignAcmeUS000001", "name": "Acme US"}],
                    "third_party_shop": [],
                },
                **portal,
            },
            portal_id,
        ),
    ]


def export(*resources: dict[str, Any]) -> bytes:
    stack = {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"}
    return json.dumps({"version": 3, "deployment": {"resources": [stack, *resources]}}).encode()
