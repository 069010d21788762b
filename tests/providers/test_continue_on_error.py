"""A run that goes on after a failure (`--continue-on-error`): what depends on it, and what it was to replace."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY
from pulumi_revcent_portal.providers.results import ProviderProblem
from tests.providers.account import Account
from tests.providers.engine import PROVIDER_KEY, FakeEngine, given
from tests.providers.programs import CAPTCHA, KINDS, MAIL, PORTAL, single, urn
from tests.providers.world import furnish

STEP = {"tracking_domain": PORTAL["tracking_domain"]}
MISSING = [
    ("CustomerPortal", PORTAL, "smtp_profile"),
    ("CustomerPortal", PORTAL, "recaptcha.secret_key"),
    ("TrackingDomainSsl", STEP, "tracking_domain"),
    ("TrackingDomainDns", STEP, "tracking_domain"),
    ("Recaptcha", CAPTCHA, "secret_key"),
]
ENTITIES = {"CustomerPortal": "customer_portal", "SmtpProfile": "smtp_profile"}


def inputs_of(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """What the engine sends for a resource, made by another stack on another account."""
    elsewhere = Account()
    furnish(elsewhere.box, PORTAL)
    engine = FakeEngine(elsewhere)
    engine.up(single(kind, values))
    inputs: dict[str, Any] = given(engine.stored["one"].inputs)
    del inputs[PROVIDER_KEY]
    return inputs


@pytest.mark.parametrize(("kind", "values", "path"), MISSING)
def test_what_a_failed_resource_was_to_give_is_no_problem_of_the_run(
    account: Account, kind: str, values: dict[str, Any], path: str
) -> None:
    """A problem in `check` ends the whole run; the engine skips the dependants by itself, but after `check`."""
    inputs = inputs_of(kind, values)
    *parents, last = path.split(".")
    place = inputs
    for parent in parents:
        place = place[parent]
    del place[last]
    core = KINDS[kind][0].core(account.session(), account.warn)

    (problem,) = core.check({}, {**inputs, OWNER_KEY: {**inputs[OWNER_KEY], DRY_KEY: True}}).problems
    assert problem.startswith(f"{path}: ")
    checked = core.check({}, inputs)
    assert checked.problems == []
    assert checked.inputs == inputs
    with pytest.raises(
        ProviderProblem, match=rf"^{path}: .*Did the resource that it comes from fail\? Nothing was written"
    ):
        core.create(checked.inputs)
    if kind != "Recaptcha":
        with pytest.raises(ProviderProblem, match="Nothing was written"):
            core.update("X" * 20, inputs_of(kind, values), checked.inputs)
    assert account.calls() == []


def test_what_is_wrong_stays_wrong(account: Account) -> None:
    inputs = inputs_of("CustomerPortal", PORTAL) | {"display_name": "two\nlines"}
    del inputs["smtp_profile"]
    core = KINDS["CustomerPortal"][0].core(account.session(), account.warn)
    (problem,) = core.check({}, inputs).problems
    assert problem.startswith("display_name: ")


@pytest.mark.parametrize(("kind", "values"), [("CustomerPortal", PORTAL), ("SmtpProfile", MAIL)])
def test_what_a_renamed_resource_did_not_get_is_not_retired(
    account: Account, engine: FakeEngine, kind: str, values: dict[str, Any]
) -> None:
    engine.up(single(kind, values))
    old = engine.stored["one"]
    before = account.box.objects(ENTITIES[kind])
    inputs: dict[str, Any] = given(old.inputs)
    renamed = {**inputs, OWNER_KEY: {**inputs[OWNER_KEY], "urn": urn(kind, "renamed")}}
    core = KINDS[kind][0].core(account.session(), account.warn)
    checked = core.check({}, {key: value for key, value in renamed.items() if key != PROVIDER_KEY})
    with pytest.raises(ProviderProblem, match=r"aliases="):
        core.create(checked.inputs)
    with pytest.raises(ProviderProblem, match=r"was left as it is: acme/dev/renamed declares the name .*aliases="):
        core.delete(old.object_id, engine.outputs("one"))
    assert account.box.objects(ENTITIES[kind]) == before
