"""RevCent as it may really be: the same life under every switch of the sandbox, and switches that change in between."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.sandbox.switches import Switches
from tests.engine import shown
from tests.engine.comparison import ENTITIES, as_declared, resolved
from tests.engine.declarations import BRAND, CLICK, SOURCE, but, declare, flat, nested, parameters, portal
from tests.engine.properties import ACME_EU, ACME_US
from tests.engine.specification import contract_file
from tests.engine.worlds import (
    FEW_LEFT_OUT,
    MOST_LEFT_OUT,
    OTHER_WORDS,
    SWITCHED_ELSEWHERE,
    WORLDS,
    World,
    enter,
    leaves_out,
)

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

DECLARED = but(
    {"ads": parameters("Ads"), "mails": parameters("Mails"), **BRAND, "spare": portal("Spare portal")},
    {
        ("domain", "url_parameter_sets"): ["$ads", "$mails"],
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
        ("ads", "url_parameters"): [CLICK, SOURCE],
        ("mails", "enabled"): False,
        ("domain", "url_parameter_sets"): ["$mails"],
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
    ("tracking_domain", "domain"): {"description": "Changed by hand", "url_parameter_sets": ["$mails", "$ads"]},
    ("url_parameter_set", "ads"): {"enabled": False, "url_parameters": [CLICK]},
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


def test_every_switch_is_in_a_world_or_has_a_test_of_its_own() -> None:
    switched = {name for world in WORLDS.values() for name in world.switches}
    assert switched | SWITCHED_ELSEWHERE == {each.name for each in dataclasses.fields(Switches)}


@pytest.mark.engine
@pytest.mark.parametrize("name", WORLDS)
def test_the_same_life_in_every_world(stack: Stack, sandbox: Sandbox, name: str) -> None:
    world = WORLDS[name]
    enter(world, stack, sandbox)
    declare(stack, DECLARED).up().require()
    as_declared(stack.settled(), sandbox, DECLARED)

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
    (profile,) = left["smtp_profile"]
    assert profile["enabled"] is not world.tells_users
    given_up = [*left["tracking_domain"], *left["customer_portal"]]
    assert len(given_up) == 3
    assert not [each["name"] for each in given_up if "[pulumi retired " not in each["description"]]
    assert not [each["name"] for each in left["customer_portal"] if each["enabled"]]
    # both sets are made at once, so in either order; the one that a domain uses stays where nobody may look
    assert sorted(each["enabled"] for each in left["url_parameter_set"]) == [False, not world.may_list]


def drift(stack: Stack, sandbox: Sandbox, world: World) -> shown.Shown:
    """Change by hand what can be seen in this world, remove a portal, and return what a refresh must show."""
    state = stack.resources()
    expected: shown.Shown = {}
    for (entity, name), fields in DRIFT.items():
        if entity == "smtp_profile" and not world.switches.get("smtp_get"):
            continue
        changed = flat(resolved(fields, CHANGED, state))
        seen = {path: value for path, value in changed.items() if not leaves_out(world, entity, path)}
        for path, value in seen.items():
            sandbox.change(entity, state[name]["id"], nested(path, value))
        expected[name] = ("update", frozenset(seen))
    if world.may_list:  # else nothing can be confirmed to be gone
        sandbox.remove("customer_portal", state["spare"]["id"])
        expected["spare"] = ("delete", frozenset())
    return expected


@pytest.mark.engine
def test_what_revcent_begins_to_answer_otherwise_is_no_drift(stack: Stack, sandbox: Sandbox) -> None:
    enter(World(), stack, sandbox)
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


@pytest.mark.engine
def test_profiles_that_become_readable_are_compared_from_then_on(stack: Stack, sandbox: Sandbox) -> None:
    enter(World(), stack, sandbox)
    declare(stack, DECLARED).up().require()
    profile_id = stack.resources()["mail"]["id"]

    sandbox.switch(smtp_get=True)
    stack.environment["REVCENT_CONTRACT"] = str(contract_file(sandbox, stack.directory))
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
