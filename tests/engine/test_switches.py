"""RevCent as it may really be: the same life under every switch of the sandbox, and switches that change in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.sandbox.reading import ENTITIES as SANDBOX_ENTITIES
from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from tests.engine import shown
from tests.engine.comparison import ENTITIES, as_declared
from tests.engine.declarations import BRAND, but, declare, flat
from tests.engine.properties import ACME_EU, ACME_US, PARAMETER_SETS
from tests.engine.specification import contract_file

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

DECLARED = but(
    BRAND,
    {
        ("domain", "url_parameter_sets"): list(PARAMETER_SETS),
        ("mail", "description"): "For all brands",
        ("portal", "footer_html"): "\n  <p>Acme</p>\n",
        ("portal", "customer_emails.confirmation.from_address"): "portal@Acme.com",
        ("portal", "customer_emails.confirmation.cc"): ["Audit@Acme.com", "all@acme.com"],
        ("portal", "customer_emails.confirmation.html"): "\n<p>{{email_code}}</p>\n",
        ("portal", "customer_filters.campaign"): [ACME_US, ACME_EU],
    },
)
CHANGED = but(
    DECLARED,
    {
        ("domain", "url_parameter_sets"): [PARAMETER_SETS[1]],
        ("mail", "port"): 2525,
        ("mail", "secure"): "tls",
        ("mail", "password"): "second password",
        ("portal", "description"): "The only one",
        ("portal", "customer_permissions.contact_modify"): True,
        ("portal", "customer_emails.password_reset.html"): "  <p>Once more: {{ email_code }}</p>",
        ("portal", "customer_emails.password_reset.bcc"): ["Audit@Acme.com"],
        ("portal", "campaign"): ACME_EU,
    },
)
DRIFT: dict[tuple[str, str], dict[str, Any]] = {
    ("tracking_domain", "domain"): {"description": "Changed by hand", "url_parameter_sets": [PARAMETER_SETS[0]]},
    ("smtp_profile", "mail"): {"host": "smtp.elsewhere.com", "port": 25, "secure": "none", "enabled": False},
    ("customer_portal", "portal"): {
        "enabled": False,
        "display_name": "Changed by hand",
        "footer_html": "<p>Changed by hand</p>",
        "campaign": None,
        "customer_emails": {
            "confirmation": {"from_address": "hand@acme.com", "html": "<p>By hand: {{email_code}}</p>"},
            "password_reset": {"bcc": []},
        },
        "customer_filters": {"campaign": [ACME_US]},
        "customer_permissions": {"contact_modify": False, "credit_card_add": True},
    },
}
"""What somebody changes in RevCent, by entity and resource."""


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


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_life_in_every_world(stack: Stack, sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    world = WORLDS[name]
    enter(world, stack, sandbox, tmp_path)
    declare(stack, DECLARED).up().require()
    as_declared(stack.settled(), sandbox, DECLARED)
    assert shown.refresh(stack) == {}

    declare(stack, CHANGED).up().require()
    as_declared(stack.settled(), sandbox, CHANGED)

    expected = drift(stack, sandbox, world)
    assert shown.refresh(stack) == expected
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, CHANGED)

    stack.destroy().require()
    assert stack.resources() == {}
    left = {entity: sandbox.objects(entity) for entity in ENTITIES.values()}
    if world.switches.get("delete"):
        assert not any(left.values())
        return
    (domain,), (profile,), (portal,) = left["tracking_domain"], left["smtp_profile"], left["customer_portal"]
    assert "[pulumi retired " in domain["description"]
    assert "[pulumi retired " in portal["description"]
    assert portal["enabled"] is False
    assert profile["enabled"] is not world.tells_users


def enter(world: World, stack: Stack, sandbox: Sandbox, directory: Path) -> None:
    for number, object_id in enumerate(PARAMETER_SETS):
        sandbox.add("url_parameter_set", {"id": object_id, "name": f"set {number}"})
    sandbox.switch(**world.switches)
    if world.described:
        stack.environment["REVCENT_CONTRACT"] = str(contract_file(sandbox, directory))
    if not world.may_list:
        lists = {entity.operations["list"] for entity in SANDBOX_ENTITIES.values() if "list" in entity.operations}
        stack.environment["REVCENT_API_KEY"] = sandbox.add_key("may not list", allow=OPERATIONS - lists)


def drift(stack: Stack, sandbox: Sandbox, world: World) -> shown.Shown:
    """Change by hand what can be seen in this world, and return what a refresh must show."""
    state = stack.resources()
    expected: shown.Shown = {}
    for (entity, name), fields in DRIFT.items():
        if entity == "smtp_profile" and not world.switches.get("smtp_get"):
            continue
        left_out = [path for path in world.switches.get("omit", ()) if path.partition(".")[0] in {entity, path}]
        hidden = [path.removeprefix(f"{entity}.") for path in left_out]
        seen = {
            path: value
            for path, value in flat(fields).items()
            if not any(path == other or path.startswith(f"{other}.") for other in hidden)
        }
        for path, value in seen.items():
            sandbox.change(entity, state[name]["id"], nested(path, value))
        expected[name] = ("update", frozenset(seen))
    return expected


def nested(path: str, value: Any) -> dict[str, Any]:
    for key in reversed(path.split(".")):
        value = {key: value}
    return dict(value)


def test_what_revcent_begins_to_answer_otherwise_is_no_drift(stack: Stack, sandbox: Sandbox) -> None:
    enter(World(), stack, sandbox, stack.directory)
    declare(stack, DECLARED).up().require()
    portal_id = stack.resources()["portal"]["id"]

    sandbox.switch(references="string", record_spelling="alternative", status_words=OTHER_WORDS, slim_lists=True)
    sandbox.switch(omit=[*FEW_LEFT_OUT, *MOST_LEFT_OUT])
    stack.refresh().require()
    as_declared(stack.settled(), sandbox, DECLARED)

    # what was left out for a while is compared with what was known before
    sandbox.switch(omit=[])
    assert shown.refresh(stack) == {}
    sandbox.change("customer_portal", portal_id, {"display_name": "Changed by hand"})
    assert shown.refresh(stack) == shown.updates({"portal": "display_name"})
    sandbox.change("customer_portal", portal_id, {"display_name": "Acme"})

    # what comes back in another form is drift once: nothing tells it from a change by hand
    sandbox.switch(normalise=True)
    changed = frozenset(
        {
            "footer_html",
            "customer_emails.confirmation.html",
            "customer_emails.confirmation.from_address",
            "customer_emails.confirmation.cc",
        }
    )
    assert shown.refresh(stack) == {"portal": ("update", changed)}
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, DECLARED)
    assert shown.refresh(stack) == {}


def test_profiles_that_become_readable_are_compared_from_then_on(
    stack: Stack, sandbox: Sandbox, tmp_path: Path
) -> None:
    enter(World(), stack, sandbox, tmp_path)
    declare(stack, DECLARED).up().require()
    profile_id = stack.resources()["mail"]["id"]

    sandbox.switch(smtp_get=True)
    stack.environment["REVCENT_CONTRACT"] = str(contract_file(sandbox, tmp_path))
    stack.refresh().require()
    as_declared(stack.settled(), sandbox, DECLARED)

    sandbox.change("smtp_profile", profile_id, {"port": 25})
    assert shown.refresh(stack)["mail"] == ("update", frozenset({"port"}))
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, DECLARED)

    sandbox.remove("smtp_profile", profile_id)
    assert shown.refresh(stack) == {"mail": ("delete", frozenset())}
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, DECLARED)
