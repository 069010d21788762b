"""What a program may read from a resource: what is stored as an output, and nothing else."""

from __future__ import annotations

import ast
import inspect
import textwrap

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from tests.providers.programs import PORTAL
from tests.resources.program import run
from tests.resources.test_registration import DECLARE, whole_brand

NOT_READABLE = {
    "TrackingDomain": {"adopt", "adopt_id"},
    "TrackingDomainSsl": {"wait", "done"},
    "TrackingDomainDns": {"wait", "done"},
    "SmtpProfile": {"password", "adopt", "adopt_id"},
    "Recaptcha": {"verify", "verify_url"},
    "CustomerPortal": {"recaptcha", "footer_html", "smtp_sender", "portal_url", "adopt", "adopt_id"},
}


def annotated(resource: type) -> set[str]:
    """The attributes that type checkers know of, which are not there at run time."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(resource)))
    return {node.target.id for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and is_output(node)}


def is_output(node: ast.AnnAssign) -> bool:
    return isinstance(node.target, ast.Name) and ast.unparse(node.annotation).startswith("pulumi.Output[")


@pytest.mark.parametrize("kind", DECLARE)
def test_attributes_are_what_the_class_declares(kind: str) -> None:
    made = run(DECLARE[kind]).result
    declared = annotated(getattr(revcent, kind))
    readable = {name for name, value in vars(made).items() if isinstance(value, pulumi.Output) and name[:1] != "_"}
    # A campaign that was not given is no attribute; type checkers are told so by its absence.
    assert readable - {"id", "urn"} == declared
    assert not readable & (NOT_READABLE[kind] | {"dry", "__owner", "__provider"})


def test_a_portal_shows_its_settings() -> None:
    portal = run(lambda: vars(revcent.CustomerPortal("one", **PORTAL))).result
    assert portal["name"] == "Acme portal"
    assert portal["customer_permissions"]["contact_modify"] is True
    assert portal["customer_permissions"]["trial_cancel"] is False


def test_in_a_preview_nothing_is_known_of_what_is_new() -> None:
    done = run(whole_brand, preview=True)
    for name, key in (("portal", "tracking_domain"), ("portal", "smtp_profile"), ("ready", "tracking_domain")):
        assert type(done.resources[name].inputs[key]).__name__ == "Unknown"
    assert done.resources["portal"].inputs["dry"] is True
