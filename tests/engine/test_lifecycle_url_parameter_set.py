"""A URL parameter set's life: used by domains, drifted, retired and taken back, kept while in use, disappeared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine import shown
from tests.engine.comparison import as_declared, mark_of
from tests.engine.declarations import CLICK, SOURCE, Declaration, Declared, but, declare, parameters, without

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

USED: Declaration = {
    "ads": parameters("Ads", description="All brands", url_parameters=[SOURCE, {"url_parameter": "gclid"}]),
    "domain": Declared("TrackingDomain", {"domain": "acme.com", "url_parameter_sets": ["$ads"]}),
}
UNUSED = without(but(USED, {("domain", "url_parameter_sets"): None}), "ads")


def test_a_set_is_made_changed_retired_and_taken_back(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, USED).up().require()
    as_declared(stack.settled(), sandbox, USED)
    state = stack.resources()
    object_id, mark = state["ads"]["id"], mark_of("ads", state, stack)
    assert sandbox.object("tracking_domain", state["domain"]["id"])["url_parameter_sets"] == [object_id]

    changed = but(USED, {("ads", "url_parameters"): [SOURCE, CLICK, {"url_parameter": "fbclid"}]})
    declare(stack, changed)
    assert shown.preview(stack)["ads"] == ("update", frozenset({"url_parameters.metadata_name", "url_parameters"}))
    stack.up().require()
    assert stack.resources()["ads"]["id"] == object_id
    as_declared(stack.settled(), sandbox, changed)
    before = sandbox.object("url_parameter_set", object_id)

    said = declare(stack, UNUSED).up().require()
    said.says(f"RevCent cannot delete URL parameter sets: 'Ads' ({object_id}) was disabled and keeps its name")
    marked = f"All brands {mark.replace('[pulumi ', '[pulumi retired ')}"
    assert sandbox.object("url_parameter_set", object_id) == before | {"enabled": False, "description": marked}
    as_declared(stack.settled(), sandbox, UNUSED, remaining=[object_id])

    declare(stack, USED).up().require()
    assert stack.resources()["ads"]["id"] == object_id
    as_declared(stack.settled(), sandbox, USED)

    stack.destroy().require().says("was disabled and keeps its name", "remains, marked as retired")
    assert sandbox.object("url_parameter_set", object_id)["enabled"] is False


def test_what_somebody_changed_is_shown_and_mended(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, USED).up().require()
    object_id = stack.resources()["ads"]["id"]
    turned = {"url_parameters": [{"url_parameter": "gclid", "metadata_name": ""}, SOURCE]}
    sandbox.change("url_parameter_set", object_id, turned)
    assert shown.refresh(stack) == {}, "another order, and a name that may be left out"

    sandbox.change("url_parameter_set", object_id, {"enabled": False, "url_parameters": [SOURCE]})
    assert shown.refresh(stack) == {"ads": ("update", frozenset({"enabled", "url_parameters"}))}
    stack.up("--refresh").require()
    as_declared(stack.settled(), sandbox, USED)


def test_a_set_stays_while_a_domain_that_is_not_ours_uses_it(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, USED).up().require()
    object_id = stack.resources()["ads"]["id"]
    domain_id = sandbox.add("tracking_domain", {"domain": "theirs.com", "url_parameter_sets": [object_id]})
    before = sandbox.object("url_parameter_set", object_id)

    said = declare(stack, UNUSED).up().require()
    said.says("URL parameter set 'Ads'", "was left as it is: tracking domains use it: theirs.com.")
    assert sandbox.object("url_parameter_set", object_id) == before
    as_declared(stack.settled(), sandbox, UNUSED, remaining=[object_id, domain_id])


def test_a_set_that_disappeared_is_made_anew_and_the_domain_moves_to_it(stack: Stack, sandbox: Sandbox) -> None:
    declare(stack, USED).up().require()
    state = stack.resources()
    sandbox.remove("url_parameter_set", state["ads"]["id"])

    other = but(USED, {("ads", "enabled"): False})
    said = declare(stack, other).up().require(ok=False)
    said.says(f"The URL parameter set {state['ads']['id']} is no longer in RevCent", "Run `pulumi refresh`")

    assert shown.refresh(stack) == {"ads": ("delete", frozenset())}
    stack.refresh().require()
    stack.up().require()
    assert stack.resources()["domain"]["id"] == state["domain"]["id"]
    as_declared(stack.settled(), sandbox, other)


@pytest.mark.parametrize("how", ["adopt", "adopt_id"])
def test_a_set_that_somebody_made_is_adopted_on_purpose(stack: Stack, sandbox: Sandbox, how: str) -> None:
    object_id = sandbox.add(
        "url_parameter_set", {"name": "Ads", "description": "By hand", "enabled": False, "url_parameters": [CLICK]}
    )
    refused = declare(stack, USED).up().require(ok=False)
    refused.says(f"A URL parameter set named 'Ads' exists already in RevCent ({object_id})", "set adopt=True")

    steered = but(USED, {("ads", how): True if how == "adopt" else object_id})
    declare(stack, steered).up().require()
    assert stack.resources()["ads"]["id"] == object_id
    as_declared(stack.settled(), sandbox, steered)
    as_declared(declare(stack, USED).settled(), sandbox, USED)
