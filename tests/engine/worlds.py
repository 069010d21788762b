"""The ways in which RevCent may be, as switches of the sandbox, and how a stack gets to know them. Not a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.sandbox.reading import ENTITIES, OPERATIONS
from tests.engine.specification import contract_file

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack


@dataclass(frozen=True)
class World:
    """One way in which RevCent may be.

    Attributes:
        switches: the sandbox's.
        described: whether a contract file was made of RevCent's own description.
        may_list: whether the key may list anything.
        tells_users: whether the account says which portals send by a profile; if not, a profile is never retired.
    """

    switches: dict[str, Any] = field(default_factory=dict)
    described: bool = False
    may_list: bool = True
    tells_users: bool = True


OTHER_WORDS = {
    "not_initialized": "None",
    "pending": "PENDING-VALIDATION",
    "issued": "Active",
    "complete": "VERIFIED",
    "failed": "Validation timed out",
}
SPELT_OTHERWISE = {"spelling": "alternative", "record_spelling": "alternative", "status_words": OTHER_WORDS}
FEW_LEFT_OUT = [
    "customer_portal.footer_html",
    "customer_portal.display_name",
    "customer_portal.customer_emails.confirmation.html",
    "customer_portal.customer_emails.password_reset.bcc",
    "customer_portal.customer_permissions.contact_modify",
    "customer_portal.campaign",
    "tracking_domain.a_records",
    "tracking_domain.cname_records",
    "tracking_domain.url_parameter_sets",
    "url_parameter_set.url_parameters",
]
MOST_LEFT_OUT = [
    "description",
    "created_date",
    "enabled",
    "customer_portal.name",
    "customer_portal.recaptcha",
    "customer_portal.customer_emails",
    "customer_portal.customer_permissions",
    "customer_portal.customer_filters",
    "customer_portal.smtp_profile",
    "tracking_domain.domain",
]
ALL = {
    **SPELT_OTHERWISE,
    "error_style": "ok",
    "references": "string",
    "delete": True,
    "smtp_get": True,
    "normalise": True,
    "omit": FEW_LEFT_OUT,
    "slim_lists": True,
    "list_extra": True,
    "list_dates": True,
    "url": True,
}
WORLDS = {
    "errors as HTTP 200, references as strings, slim lists": World(
        {"error_style": "ok", "references": "string", "slim_lists": True, "list_extra": True}
    ),
    "other spellings": World(SPELT_OTHERWISE, described=True),
    "delete, readable profiles": World({"delete": True, "smtp_get": True, "list_dates": True}, described=True),
    "normalised answers": World({"normalise": True, "url": True}),
    "few fields left out": World({"omit": FEW_LEFT_OUT}),
    "most fields left out": World({"omit": MOST_LEFT_OUT, "slim_lists": True}, tells_users=False),
    "no permission to list": World(may_list=False, tells_users=False),
    "all at once": World(ALL, described=True),
}

SWITCHED_ELSEWHERE = {
    "require_ready_domain",  # test_lifecycle_domain
    "echo",  # test_secrets
    "transition",  # test_lifecycle_domain
    "recaptcha_secrets",  # test_lifecycle_recaptcha
    "bad_recaptcha_secrets",
}


def leaves_out(world: World, entity: str, path: str) -> bool:
    """Tell whether answers of this world leave a field out."""
    for left_out in world.switches.get("omit", ()):
        other = left_out.removeprefix(f"{entity}.")
        if path == other or path.startswith(f"{other}."):
            return True
    return False


def enter(world: World, stack: Stack, sandbox: Sandbox) -> None:
    """Make the sandbox such a world, and configure the stack as one would there."""
    sandbox.switch(**world.switches)
    if world.described:
        stack.environment["REVCENT_CONTRACT"] = str(contract_file(sandbox, stack.directory))
    if not world.may_list:
        lists = {entity.operations["list"] for entity in ENTITIES.values() if "list" in entity.operations}
        stack.environment["REVCENT_API_KEY"] = sandbox.add_key("may not list", allow=OPERATIONS - lists)
