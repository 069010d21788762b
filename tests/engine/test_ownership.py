"""What a single stack may take, keep and give up: no live object changes without being asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.account import by_hand, changes, require_fields, require_one_brand, the
from tests.engine.programs import DOMAIN, HEAD, MAIL, WHOLE, but, portal_on
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

PORTAL_LABEL = "customer_portal 'Acme customer portal'"
DOMAIN_LABEL = "tracking_domain 'acme.com'"
MAIL_LABEL = "smtp_profile 'Acme mail'"
RENAMED = but(WHOLE, 'CustomerPortal("portal"', 'CustomerPortal("gate"')


def test_what_was_made_by_hand_is_refused_until_adopted(stack: Stack, sandbox: Sandbox) -> None:
    domain, profile, portal = by_hand(sandbox)
    with changes(sandbox) as changed:
        told = stack.write(WHOLE).preview().require(ok=False)
        told.says("tracking domain named 'acme.com' exists already", f"({domain})", "no ownership mark")
        told.says("Choose another name", "adopt=True")
        told = stack.up("--continue-on-error").require(ok=False)
        told.says("tracking domain named 'acme.com' exists already", "Choose another name", "adopt=True")
        told.says("create an SMTP profile", "already exists", 'adopt_id="<the ID shown in RevCent>"')
        told = stack.write(portal_on(domain, profile)).preview().require(ok=False)
        told.says("customer portal named 'Acme customer portal' exists already", f"({portal})", "adopt=True")
        stack.up().require(ok=False).says("customer portal named 'Acme customer portal' exists already", "adopt=True")
    assert changed == {}

    adopting = but(WHOLE, 'domain="acme.com"', 'domain="acme.com", adopt=True')
    adopting = but(adopting, 'sender="portal@acme.com"', f'sender="portal@acme.com", adopt_id="{profile}"')
    adopting = but(adopting, 'display_name="Acme"', 'display_name="Acme", adopt=True')
    stack.write(adopting).preview().require()
    stack.up().require()
    require_one_brand(sandbox)
    assert [the(sandbox, each)["id"] for each in ("tracking_domain", "smtp_profile", "customer_portal")] == [
        domain,
        profile,
        portal,
    ]
    stack.settled()
    stack.write(WHOLE).settled()


def test_objects_are_adopted_by_their_id(stack: Stack, sandbox: Sandbox) -> None:
    domain, profile, portal = by_hand(sandbox)
    for entity, each in (("tracking_domain", domain), ("smtp_profile", profile), ("customer_portal", portal)):
        sandbox.change(entity, each, {"name": "of old"})
    adopting = but(WHOLE, 'domain="acme.com"', f'domain="acme.com", adopt_id="{domain}"')
    adopting = but(adopting, 'sender="portal@acme.com"', f'sender="portal@acme.com", adopt_id="{profile}"')
    adopting = but(adopting, 'display_name="Acme"', f'display_name="Acme", adopt_id="{portal}"')

    nowhere = "Nowhere" + "0" * 13
    portal_alone = portal_on(domain, profile, f'adopt_id="{nowhere}"')
    with changes(sandbox) as changed:
        stack.write(HEAD + but(DOMAIN, 'domain="acme.com"', f'domain="acme.org", adopt_id="{domain}"'))
        stack.up().require(ok=False).says(f"tracking domain {domain}", "'acme.com'", "cannot change", "'acme.org'")
        stack.write(HEAD + but(DOMAIN, 'domain="acme.com"', f'domain="acme.com", adopt_id="{nowhere}"'))
        stack.up().require(ok=False).says(f"no tracking domain with the ID {nowhere}", "remove adopt_id")
        stack.write(HEAD + but(MAIL, "port=587", f'port=587, adopt_id="{nowhere}"'))
        stack.up().require(ok=False).says(f"no SMTP profile with the ID {nowhere}", "remove adopt_id")
        stack.write(portal_alone).up().require(ok=False).says(f"no customer portal with the ID {nowhere}")
    assert changed == {}

    stack.write(adopting).up().require()
    require_one_brand(sandbox)
    assert the(sandbox, "customer_portal")["id"] == portal
    stack.settled()
    stack.write(WHOLE).settled()


def test_a_renamed_resource_needs_an_alias(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE).up().require()
    portal = the(sandbox, "customer_portal")["id"]
    with changes(sandbox) as changed:
        cures = ("belongs to the resource acme/dev/portal of this stack", "aliases=", "adopt=True")
        stack.write(RENAMED).preview().require(ok=False).says(*cures)
        stack.up().require(ok=False).says(*cures)
        told = stack.up("--continue-on-error").require(ok=False)
        told.says(*cures, f"The customer portal {portal} was left as it is", "could not be created in this run")
        stack.write(but(WHOLE, 'SmtpProfile("mail"', 'SmtpProfile("post"'))
        stack.up().require(ok=False).says("already exists", "aliases=", "adopt_id=")
        stack.write(but(WHOLE, 'TrackingDomain("domain"', 'TrackingDomain("root"'))
        stack.up().require(ok=False).says("belongs to the resource acme/dev/domain of this stack", "aliases=")
    assert changed == {}

    alias = 'opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="{}")])'
    aliased = but(RENAMED, 'display_name="Acme"', f'display_name="Acme", {alias.format("portal")}')
    aliased = but(aliased, 'SmtpProfile("mail"', 'SmtpProfile("post"')
    aliased = but(aliased, 'secure="starttls"', f'secure="starttls", {alias.format("mail")}')
    aliased = but(aliased, 'TrackingDomain("domain"', 'TrackingDomain("root"')
    aliased = but(aliased, 'domain="acme.com"', f'domain="acme.com", {alias.format("domain")}')
    with changes(sandbox) as changed:
        stack.write(aliased).preview().require()
        stack.up().require()
    assert changed == {PORTAL_LABEL: {"description"}, DOMAIN_LABEL: {"description"}, MAIL_LABEL: {"description"}}
    assert the(sandbox, "customer_portal")["description"].startswith("[pulumi acme/dev/gate ")
    stack.settled()
    with changes(sandbox) as changed:
        stack.write(
            but(RENAMED, 'SmtpProfile("mail"', 'SmtpProfile("post"').replace('Domain("domain"', 'Domain("root"')
        )
        stack.settled()
    assert changed == {}


def test_a_forced_replacement_keeps_the_one_object(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE).up().require()
    urns = {name: found["urn"] for name, found in stack.resources().items()}
    with changes(sandbox) as changed:
        told = stack.up("--replace", urns["portal"], "--replace", urns["domain"]).require()
        told.says("its replacement took it over")
    assert changed == {PORTAL_LABEL: {"description"}, DOMAIN_LABEL: {"description"}}  # the nonce
    require_one_brand(sandbox)
    stack.settled()

    with changes(sandbox) as changed:
        told = stack.up("--replace", urns["mail"]).require(ok=False)
        told.says("already exists", 'adopt_id="<the ID shown in RevCent>"')
    assert changed == {}
    profile = the(sandbox, "smtp_profile")["id"]
    adopting = but(WHOLE, 'sender="portal@acme.com"', f'sender="portal@acme.com", adopt_id="{profile}"')
    with changes(sandbox) as changed:
        stack.write(adopting).up("--replace", urns["mail"]).require().says("its replacement took it over")
    assert changed == {MAIL_LABEL: {"description"}}
    require_one_brand(sandbox)
    stack.write(WHOLE).settled()


def test_what_was_destroyed_comes_back(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE).up().require()
    portal, domain = the(sandbox, "customer_portal")["id"], the(sandbox, "tracking_domain")["id"]
    with changes(sandbox) as changed:
        told = stack.destroy().require()
        told.says(f"({portal}) was disabled and keeps its name", "was disabled and renamed to", "marked as retired")
    assert changed == {
        PORTAL_LABEL: {"enabled", "description"},
        DOMAIN_LABEL: {"description"},
        MAIL_LABEL: {"enabled", "name", "description"},
    }
    retired = the(sandbox, "smtp_profile")
    assert "retired" in retired["name"]

    stack.preview().require()
    stack.up().require()
    assert (the(sandbox, "customer_portal")["id"], the(sandbox, "tracking_domain")["id"]) == (portal, domain)
    assert sandbox.object("smtp_profile", retired["id"]) == retired
    sandbox.remove("smtp_profile", retired["id"])
    require_one_brand(sandbox)
    stack.settled()


def test_a_mark_removed_by_hand_is_drift_and_is_mended(stack: Stack, sandbox: Sandbox) -> None:
    described = but(WHOLE, 'display_name="Acme"', 'display_name="Acme", description="For customers"')
    stack.write(described).up().require()
    portal, domain = the(sandbox, "customer_portal"), the(sandbox, "tracking_domain")
    sandbox.change("customer_portal", portal["id"], {"description": "For customers"})
    sandbox.change("tracking_domain", domain["id"], {"description": ""})
    with changes(sandbox) as changed:
        stack.refresh().require()
        stack.preview().require().says("ownership mark missing", "2 to update")
    assert changed == {}
    stack.up().require()
    require_fields(the(sandbox, "customer_portal"), **portal)
    require_fields(the(sandbox, "tracking_domain"), **domain)
    stack.settled()

    sandbox.change("customer_portal", portal["id"], {"description": "somebody's own words"})
    with changes(sandbox) as changed:
        stack.destroy().require().says(f"({portal['id']}) was disabled")
    assert changed[PORTAL_LABEL] == {"enabled", "description"}
    assert the(sandbox, "customer_portal")["description"].startswith(
        "somebody's own words [pulumi retired acme/dev/portal"
    )


def test_without_marks_nothing_is_taken_over(
    new_stack: Callable[..., Stack], environment: dict[str, str], sandbox: Sandbox
) -> None:
    bare = {**environment, "REVCENT_OWNERSHIP_MARK": "false"}
    stack = new_stack(environment=bare)
    stack.write(WHOLE).up().require()
    assert [
        each["description"] for entity in ("customer_portal", "tracking_domain") for each in sandbox.objects(entity)
    ] == ["", ""]
    stack.settled()
    domain, profile = the(sandbox, "tracking_domain")["id"], the(sandbox, "smtp_profile")["id"]
    alone = portal_on(domain, profile)
    urn = stack.resources()["portal"]["urn"]
    with changes(sandbox) as changed:
        cure = ("no ownership mark", "adopt=True")
        stack.write(RENAMED).preview().require(ok=False).says(*cure)
        stack.up("--continue-on-error").require(ok=False).says(*cure)
        stack.write(WHOLE).up("--replace", urn).require(ok=False).says(*cure)
        new_stack(name="prod", environment=bare).write(alone).up().require(ok=False).says(*cure)
        marked = new_stack(name="marked").write(alone)
        marked.up().require(ok=False).says(*cure)
    assert changed == {}

    with changes(sandbox) as changed:
        marked.write(portal_on(domain, profile, "adopt=True")).up().require()
        stack.write(but(WHOLE, 'display_name="Acme"', 'display_name="Acme Inc."'))
        stack.up().require(ok=False).says("belongs to acme/marked/portal by now", "adopt=True")
        stack.write(WHOLE).destroy().require().says("it belongs to acme/marked/portal by now")
    assert changed == {
        PORTAL_LABEL: {"description"},
    }
