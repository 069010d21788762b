"""A fleet's file is edited: every plan touches what was said and nothing else, on the real engine."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.account import changes
from tests.engine.programs import SECRET_KEY, SITE_KEY
from tests.engine.shown import preview

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

PROGRAM = """\
import json
from pathlib import Path

import pulumi
import pulumi_revcent_portal as revcent

opts = pulumi.ResourceOptions(**json.loads(Path("opts.json").read_text()))
fleet = revcent.PortalFleet.from_yaml("portals", "brands.yaml", opts=opts)
pulumi.export("portals", fleet.portals)
"""
FLEET: dict[str, dict[str, Any]] = {
    "smtp_profiles": {
        "main": {
            "name": "Brands' mail",
            "host": "smtp.brands.com",
            "port": 587,
            "username": "portal@brands.com",
            "password": "env:MAIL_PASSWORD",
        }
    },
    "defaults": {
        "recaptcha": {"site_key": SITE_KEY, "secret_key": "env:CAPTCHA_SECRET"},
        "footer_html": "<a href='https://[[ domain ]]/terms'>Terms</a>",
        "customer_permissions": {"use_cases": ["payment_method_update"]},
        "customer_filters": {"third_party_shop": ["acme-woo"]},
        "rules": {"same-origin-twice": "off", "shop-on-another-domain": "off"},
    },
}
STEPS = ("domain", "certificate", "ready")
KEPT = {"protect": True, "retain_on_delete": True}
HIDDEN = {"default", "revcent-identity", "acme-dev"}
"""Resources of the stack that are not in the fleet."""


@dataclass
class Edited:
    """A stack whose fleet is declared by a file that the test edits."""

    stack: Stack
    brands: dict[str, dict[str, Any]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)

    def save(self, **opts: bool) -> Stack:
        """Write the file, and the options of the fleet in the program."""
        content = {**FLEET, "defaults": FLEET["defaults"] | self.defaults, "brands": self.brands}
        (self.stack.directory / "brands.yaml").write_text(json.dumps(content, indent=2))  # which is YAML, too
        (self.stack.directory / "opts.json").write_text(json.dumps(opts))
        return self.stack

    def kept(self) -> dict[str, tuple[bool, bool]]:
        """Whether the engine protects, and retains, what is in the fleet."""
        return {
            name: (found.get("protect", False), found.get("retainOnDelete", False))
            for name, found in self.stack.resources().items()
            if name not in HIDDEN
        }


@pytest.fixture
def fleet(stack: Stack) -> Edited:
    stack.write(PROGRAM)
    stack.environment |= {"MAIL_PASSWORD": "mail-password", "CAPTCHA_SECRET": SECRET_KEY}
    return Edited(
        stack,
        {
            "acme": {"name": "Acme", "domain": "acme.com"},
            "crate": {"name": "Crate", "domain": "acme.com"},
            "bolt": {"name": "Bolt", "domain": "bolt.com"},
            "dart": {"name": "Dart", "domain": "dart.com"},
        },
    )


def domain(name: str) -> set[str]:
    return {f"portals-{name}", *(f"portals-{name}-{step}" for step in STEPS)}


def brand(key: str) -> set[str]:
    return {f"portals-{key}", f"portals-{key}-portal"}


def every(operation: str, *resources: set[str]) -> dict[str, tuple[str, frozenset[str]]]:
    return {name: (operation, frozenset()) for name in set().union(*resources)}


def updated(key: str, *properties: str) -> dict[str, tuple[str, frozenset[str]]]:
    return {f"portals-{key}-portal": ("update", frozenset(properties))}


def test_each_edit_touches_what_it_says(fleet: Edited, sandbox: Sandbox) -> None:
    fleet.save().up().require()

    # One brand is new, one is changed, one has another key; then all stand in another order.
    fleet.brands["echo"] = {"name": "Echo", "domain": "echo.com"}
    fleet.brands["bolt"]["display_name"] = "Bolt and nuts"
    fleet.brands["crates"] = {**fleet.brands.pop("crate"), "former_keys": ["crate"]}
    assert preview(fleet.save()) == {
        **every("create", domain("echo.com"), brand("echo")),
        **updated("bolt", "display_name"),
        **updated("crates", "__owner.urn"),
    }
    with changes(sandbox) as changed:
        fleet.stack.up().require()
    assert changed == {
        "tracking_domain 'echo.com'": {"(new)"},
        "customer_portal 'Echo customer portal'": {"(new)"},
        "customer_portal 'Bolt customer portal'": {"display_name"},
        "customer_portal 'Crate customer portal'": {"description"},  # the mark names the resource
    }
    fleet.brands = dict(reversed(fleet.brands.items()))
    fleet.save().settled()

    # A default changes, one of two brands on a domain goes, and another one moves to the domain of a third.
    fleet.defaults["footer_html"] = "<a href='https://[[ domain ]]/imprint'>Imprint</a>"
    del fleet.brands["crates"]
    fleet.brands["dart"]["domain"] = "echo.com"
    assert preview(fleet.save()) == {
        **every("delete", brand("crates"), domain("dart.com")),
        **updated("acme", "footer_html"),
        **updated("bolt", "footer_html"),
        **updated("echo", "footer_html"),
        **updated("dart", "footer_html", "tracking_domain"),
    }
    with changes(sandbox) as changed:
        fleet.stack.up().require()
    footers = {f"customer_portal '{name} customer portal'": {"footer_html"} for name in ("Acme", "Bolt", "Echo")}
    assert changed == {
        **footers,
        "customer_portal 'Dart customer portal'": {"footer_html", "tracking_domain", "url"},
        "customer_portal 'Crate customer portal'": {"enabled", "description"},
        "tracking_domain 'dart.com'": {"description"},
    }
    fleet.stack.settled()

    # Another key without a word about the old one would retire the portal and make another: that is refused.
    fleet.brands["bolts"] = fleet.brands.pop("bolt")
    refused = fleet.save().preview().require(ok=False)
    refused.says(
        "A customer portal named 'Bolt customer portal' exists already in RevCent",
        "add the brand's old key to its former_keys",
    )
    assert "Traceback" not in refused.out


def test_what_is_protected_stays_and_what_is_retained_stays_in_service(fleet: Edited, sandbox: Sandbox) -> None:
    fleet.save(**KEPT).up().require()
    kept = fleet.kept()
    assert brand("acme") | domain("acme.com") | {"portals-main"} < kept.keys()
    assert kept.pop("portals-review") == (False, True), "it holds nothing that could be lost"
    assert set(kept.values()) == {(True, True)}

    fleet.brands["acme"]["protect"] = True
    fleet.brands["bolt"]["retain_on_delete"] = True
    fleet.brands["crate"]["retain_on_delete"] = True
    fleet.save().up().require().says("25 unchanged")
    kept = fleet.kept()
    assert {name for name, (protected, _) in kept.items() if protected} == {"portals-acme-portal"}
    assert {name for name, (_, retained) in kept.items() if retained} == {
        "portals-bolt-portal",
        "portals-crate-portal",
        *domain("bolt.com"),
        *domain("acme.com"),  # because of crate
    }

    acme = fleet.brands.pop("acme")
    del fleet.brands["bolt"]
    refused = fleet.save().preview().require(ok=False)
    refused.says("portals-acme-portal", "protect")
    fleet.brands["acme"] = acme
    with changes(sandbox) as changed:
        fleet.save().up().require()
    assert changed == {}
    assert brand("bolt") & fleet.kept().keys() == set()

    del acme["protect"]
    with changes(sandbox) as changed:
        fleet.save(retain_on_delete=True).up().require()
        fleet.stack.destroy().require()
    assert changed == {}
