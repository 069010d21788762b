"""Two stacks and one object: who may have it, and who must leave it alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from tests.engine.account import changes, require_fields, require_one_brand, the
from tests.engine.programs import HEAD, MAIL, WHOLE, but, portal_on
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

PORTAL_LABEL = "customer_portal 'Acme customer portal'"
DOMAIN_LABEL = "tracking_domain 'acme.com'"
MAIL_LABEL = "smtp_profile 'Acme mail'"


def test_a_portal_of_another_stack_is_refused_then_adopted_then_taken_back(
    new_stack: Callable[..., Stack], sandbox: Sandbox
) -> None:
    first = new_stack().write(WHOLE)
    first.up().require()
    portal = the(sandbox, "customer_portal")
    second = new_stack(project="shop").write(portal_on(portal["tracking_domain"], portal["smtp_profile"]))
    with changes(sandbox) as changed:
        refusal = ("belongs to acme/dev/portal, another Pulumi stack", "Choose another name", "adopt=True")
        second.preview().require(ok=False).says(*refusal)
        second.up().require(ok=False).says(*refusal)
    assert changed == {}

    adopting = portal_on(portal["tracking_domain"], portal["smtp_profile"], "adopt=True")
    with changes(sandbox) as changed:
        second.write(adopting).up().require()
    assert changed == {PORTAL_LABEL: {"description"}}
    second.settled()

    with changes(sandbox) as changed:
        first.settled()  # nothing of its own declaration changed, so the first stack does not even look
        first.refresh().require()
        first.preview().require().says("shop/dev/portal")
        told = first.up().require(ok=False)
        told.says("belongs to shop/dev/portal by now", "pulumi state delete", "adopt=True")
    assert changed == {}

    with changes(sandbox) as changed:
        first.write(but(WHOLE, 'display_name="Acme"', 'display_name="Acme", adopt=True')).up().require()
    assert changed == {PORTAL_LABEL: {"description"}}
    require_one_brand(sandbox)
    first.write(WHOLE).settled()
    with changes(sandbox) as changed:
        second.destroy().require().says(f"{portal['id']} was left as it is", "belongs to acme/dev/portal by now")
    assert changed == {}


def test_the_first_of_two_stacks_is_destroyed(new_stack: Callable[..., Stack], sandbox: Sandbox) -> None:
    first = new_stack().write(WHOLE)
    first.up().require()
    portal = the(sandbox, "customer_portal")
    second = new_stack(project="shop")
    second.write(portal_on(portal["tracking_domain"], portal["smtp_profile"], "adopt=True")).up().require()
    portal = the(sandbox, "customer_portal")
    with changes(sandbox) as changed:
        told = first.destroy().require()
        told.says(f"{portal['id']} was left as it is: it belongs to shop/dev/portal by now")
        told.says(f"({portal['smtp_profile']}) was left as it is: enabled portals use it: Acme customer portal")
    assert changed == {DOMAIN_LABEL: {"description"}}  # marked as retired; it stays in service
    second.settled()
    require_fields(the(sandbox, "customer_portal"), **portal)


def test_names_of_stacks_prove_nothing(new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path) -> None:
    first = new_stack().write(WHOLE)
    first.up().require()
    namesake = new_stack(backend=tmp_path / "another backend").write(WHOLE)
    first.pulumi("stack", "rename", "prod", "--stack", "dev").require()
    first.name = "prod"
    successor = new_stack().write(WHOLE)
    for other in (namesake, successor):
        with changes(sandbox) as changed:
            refusal = ("belongs to acme/dev/domain, another Pulumi stack", "adopt=True")
            other.preview().require(ok=False).says(*refusal)
            other.up("--continue-on-error").require(ok=False).says(*refusal)
        assert changed == {}

    with changes(sandbox) as changed:
        first.up().require()
    assert changed == {PORTAL_LABEL: {"description"}, DOMAIN_LABEL: {"description"}, MAIL_LABEL: {"description"}}
    require_one_brand(sandbox, owner="acme/prod")
    first.settled()


def test_a_state_that_was_copied_into_another_stack_leaves_its_source_without_power(
    new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path
) -> None:
    first = new_stack().write(WHOLE)
    first.up().require()
    copied = tmp_path / "copied.json"
    copied.write_text(json.dumps(first.export()).replace("urn:pulumi:dev::", "urn:pulumi:prod::"))
    second = new_stack(name="prod").write(WHOLE)
    second.pulumi("stack", "import", "--file", str(copied), "--stack", "prod").require()
    with changes(sandbox) as changed:
        second.up("--refresh").require()
    assert changed == {PORTAL_LABEL: {"description"}, DOMAIN_LABEL: {"description"}}
    with changes(sandbox) as changed:
        first.write(but(WHOLE, 'display_name="Acme"', 'display_name="Of old"'))
        first.up().require(ok=False).says("belongs to acme/prod/portal by now")
        told = first.destroy().require()
        told.says("it belongs to acme/prod/portal by now", "it belongs to acme/prod/domain by now")
        told.says("was left as it is: enabled portals use it: Acme customer portal")
    assert changed == {}
    assert the(sandbox, "customer_portal")["description"].startswith("[pulumi acme/prod/portal ")
    second.settled()


def test_a_mail_profile_is_kept_while_a_portal_of_another_stack_sends_by_it(
    new_stack: Callable[..., Stack], environment: dict[str, str], sandbox: Sandbox
) -> None:
    brand = new_stack().write(WHOLE)
    brand.up().require()
    portal = the(sandbox, "customer_portal")
    profile = portal["smtp_profile"]
    mail = new_stack(project="mail").write(HEAD + but(MAIL, "port=587", f'port=587, adopt_id="{profile}"'))
    mail.up().require()
    with changes(sandbox) as changed:
        mail.destroy().require().says(f"({profile}) was left as it is: enabled portals use it: Acme customer portal")
        mail.up().require()
    assert changed == {MAIL_LABEL: {"description"}}

    blind = sandbox.add_key("blind", allow=OPERATIONS - {"GetCustomerPortals"})
    mail.environment = {**environment, "REVCENT_API_KEY": blind}
    sandbox.change("customer_portal", portal["id"], {"enabled": False})
    with changes(sandbox) as changed:
        told = mail.destroy().require()
        told.says(f"({profile}) was left as it is: this key cannot tell which enabled portals use it")
        told.says("no permission to list")
    assert changed == {}

    mail.environment = environment
    mail.up().require()
    with changes(sandbox) as changed:
        mail.destroy().require().says(f"{profile} was disabled and renamed to 'Acme mail (retired ")
    assert changed == {MAIL_LABEL: {"enabled", "name", "description"}}
