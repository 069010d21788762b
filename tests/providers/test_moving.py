"""A resource that is declared in another account than before is made anew there; under another name it stays."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.api.errors import Unreachable
from pulumi_revcent_portal.providers import base
from pulumi_revcent_portal.providers.moving import ACCOUNT_KEY, difference
from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY
from pulumi_revcent_portal.providers.results import Core, Difference
from tests.providers.account import Account
from tests.providers.programs import CAPTCHA, DOMAIN, KINDS, MAIL, PARAMETER_SET, urn

INPUTS: dict[str, dict[str, Any]] = {
    "TrackingDomain": DOMAIN,
    "UrlParameterSet": PARAMETER_SET,
    "SmtpProfile": MAIL,
}
READABLE = ("TrackingDomain", "UrlParameterSet")


def core(kind: str, account: Account) -> Core:
    return KINDS[kind][0].core(account.session(), account.warn)


def checked(kind: str, account: Account, where: str, **inputs: Any) -> dict[str, Any]:
    """The inputs of a resource that is declared in the account of this name; the stack's own has none."""
    owner = {"urn": urn(kind, "one"), "identity": "theword", DRY_KEY: False, **({ACCOUNT_KEY: where} if where else {})}
    return core(kind, account).check({}, {**INPUTS[kind], **inputs, OWNER_KEY: owner}).inputs


@pytest.mark.parametrize("kind", INPUTS)
@pytest.mark.parametrize(("before", "now"), [("acme", "bolt"), ("", "bolt"), ("acme", "")])
def test_what_is_in_another_account_now_is_made_anew_there(kind: str, before: str, now: str) -> None:
    first, second = Account(), Account()
    made = core(kind, first).create(checked(kind, first, before))
    news = checked(kind, second, now)
    found = difference(core(kind, second), str(made.object_id), made.outputs, news)
    assert found == Difference(None, replaces=[OWNER_KEY])
    ((name, said),) = second.warnings
    assert name == "one"
    places = {"": "the stack's own account"}
    told = [places.get(each, f'Account "{each}"') for each in (before, now)]
    assert f"It moves from {told[0]} to {told[1]}: it is made anew there, and retired where it was." in said
    assert (f'set adopt_id="{made.object_id}"' in said) is (kind not in READABLE)
    assert second.writes() == []


@pytest.mark.parametrize("kind", INPUTS)
def test_one_account_under_another_name_is_updated_once_without_a_write(kind: str) -> None:
    account = Account()
    made = core(kind, account).create(checked(kind, account, ""))
    object_id, written = str(made.object_id), account.writes()
    news = checked(kind, account, "bolt", **({} if kind in READABLE else {"adopt_id": made.object_id}))
    assert difference(core(kind, account), object_id, made.outputs, news) == Difference(changes=True)
    updated = core(kind, account).update(object_id, made.outputs, news)
    assert account.writes() == written
    asked = len(account.calls())
    assert difference(core(kind, account), object_id, updated.outputs, news) == Difference(changes=False)
    assert len(account.calls()) == asked, "an unchanged stack is planned offline"
    assert account.warnings == []


def test_what_replaces_the_object_anyway_is_told_as_well() -> None:
    first, second = Account(), Account()
    made = core("TrackingDomain", first).create(checked("TrackingDomain", first, "acme"))
    for account, expected in ((first, ["domain"]), (second, ["domain", OWNER_KEY])):
        news = checked("TrackingDomain", account, "bolt", domain="bolt.test")
        found = difference(core("TrackingDomain", account), str(made.object_id), made.outputs, news)
        assert found.replaces == expected


def test_a_step_follows_its_domain() -> None:
    first, second = Account(), Account()
    (domain, other) = (each.box.add("tracking_domain", {"domain": "acme.test"}) for each in (first, second))
    step, olds = core("TrackingDomainSsl", second), {"tracking_domain": domain, "done": True}
    news = {"tracking_domain": domain, OWNER_KEY: {ACCOUNT_KEY: "bolt"}}
    assert difference(step, domain, olds, news).replaces == [OWNER_KEY]
    assert difference(step, domain, olds, {**news, "tracking_domain": other}).replaces == ["tracking_domain", OWNER_KEY]
    assert difference(core("TrackingDomainSsl", first), domain, olds, news) == Difference(changes=True)


def test_what_belongs_to_no_account_does_not_move() -> None:
    account = Account()
    keys = core("Recaptcha", account)
    olds = keys.check({}, {**CAPTCHA, OWNER_KEY: {"urn": "u"}}).inputs
    assert difference(keys, "id", olds, olds) == Difference(changes=False)


def test_where_it_cannot_be_found_out_the_update_is_not_planned() -> None:
    account = Account()
    made = core("TrackingDomain", account).create(checked("TrackingDomain", account, "acme"))
    provider = KINDS["TrackingDomain"][0]()
    provider._core = core("TrackingDomain", account)
    account.box.fault("drop_before", times=None)
    with pytest.raises(base.RevCentError, match="RevCent"):
        provider.diff(str(made.object_id), made.outputs, checked("TrackingDomain", account, "bolt"))
    with pytest.raises(Unreachable):
        difference(provider._core, str(made.object_id), made.outputs, checked("TrackingDomain", account, "bolt"))
