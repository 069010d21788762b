"""What is in the sandbox's account: complete, so that a test can say what changed and what did not. Not a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi_revcent_portal import CustomerEmails, CustomerPermissions
from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.values import digest
from tests.engine.programs import SECRET_KEY, SITE_KEY

ENTITIES = ("tracking_domain", "smtp_profile", "customer_portal")

Contents = dict[tuple[str, str], dict[str, Any]]


def contents(sandbox: Sandbox) -> Contents:
    """Every object that this package can make, complete, by type and ID; of both worlds of the account."""
    return {
        (entity, found["id"]): {**found, "(mode)": mode}
        for entity in (*ENTITIES, "url_parameter_set")
        for mode in ("live", "test")
        for found in sandbox.objects(entity, mode=mode)
    }


@contextmanager
def changes(sandbox: Sandbox) -> Iterator[dict[str, set[str]]]:
    """Collect what happens to the account meanwhile.

    Yields:
        The names of the fields that changed, by `type 'name'` (the name at the beginning), or `{"(new)"}` and
        `{"(gone)"}`; filled when the block ends, empty when nothing whatever changed.
    """
    before = contents(sandbox)
    changed: dict[str, set[str]] = {}
    yield changed
    after = contents(sandbox)
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        label = f"{key[0]} {(old or new or {})['name']!r}"
        if old is None or new is None:
            changed[label] = {"(new)" if old is None else "(gone)"}
        elif old != new:
            changed[label] = {field for field in old.keys() | new.keys() if old.get(field) != new.get(field)}


def the(sandbox: Sandbox, entity: str) -> dict[str, Any]:
    """The only object of a type."""
    (found,) = sandbox.objects(entity)
    return found


def require_one_brand(sandbox: Sandbox, owner: str = "acme/dev") -> None:
    """Assert that the account holds what `programs.WHOLE` declares, once, in service, and nothing else.

    Args:
        sandbox: the account.
        owner: project and stack in the ownership marks.
    """
    domain, profile, portal = (the(sandbox, entity) for entity in ENTITIES)
    emails = CustomerEmails.branded(brand="Acme", from_address="portal@acme.com").dump()
    permissions = CustomerPermissions.for_use_cases("payment_method_update").dump()
    require_fields(
        domain,
        name="acme.com",
        domain="acme.com",
        ssl_status="issued",
        dns_status="complete",
        url_parameter_sets=[],
    )
    require_fields(
        profile,
        name="Acme mail",
        host="smtp.acme.com",
        port=587,
        secure="starttls",
        username="portal@acme.com",
        password=digest("mail-password"),
        enabled=True,
    )
    require_fields(
        portal,
        name="Acme customer portal",
        display_name="Acme",
        enabled=True,
        tracking_domain=domain["id"],
        smtp_profile=profile["id"],
        recaptcha={"site_key": SITE_KEY, "secret_key": digest(SECRET_KEY)},
        customer_permissions=permissions,
        footer_html="<a href='https://acme.com/terms'>Terms</a>",
        create_non_existing_customer=False,
    )
    for kind, email in emails.items():
        require_fields(portal["customer_emails"][kind], **email)
    for found, resource in ((domain, "domain"), (profile, "mail"), (portal, "portal")):
        assert found["description"].startswith(f"[pulumi {owner}/{resource} "), found["description"]


def require_fields(found: dict[str, Any], **wanted: Any) -> None:
    """Assert that an object holds these values."""
    differing = {name: found.get(name) for name, value in wanted.items() if found.get(name) != value}
    assert differing == {}, f"wanted { ({name: wanted[name] for name in differing}) }"


def by_hand(sandbox: Sandbox) -> tuple[str, str, str]:
    """Make a ready domain, a mail profile and a portal as a person would, and return their IDs."""
    domain = sandbox.add("tracking_domain", {"domain": "acme.com", "ssl_status": "issued", "dns_status": "complete"})
    profile = sandbox.add(
        "smtp_profile",
        {"name": "Acme mail", "host": "old.acme.com", "port": 25, "username": "old", "password": "old-password"},
    )
    email = {"from_address": "old@acme.com", "subject": "Code", "html": "{{email_code}}"}
    portal = sandbox.add(
        "customer_portal",
        {
            "name": "Acme customer portal",
            "description": "made by hand",
            "tracking_domain": domain,
            "smtp_profile": profile,
            "customer_emails": {"confirmation": email, "password_reset": email},
            "customer_permissions": {"subscription_cancel": True},
        },
    )
    return domain, profile, portal
