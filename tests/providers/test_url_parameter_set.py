"""A URL parameter set: what counts as a change of it, and when it may go."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from tests.providers.account import Account
from tests.providers.engine import Declared, FakeEngine, Ref, ops
from tests.providers.programs import DOMAIN, IDENTITY, PARAMETER_SET, declared, single
from tests.providers.world import mark, require_held

PROGRAM = single("UrlParameterSet", PARAMETER_SET)
SOURCE, CLICK = PARAMETER_SET["url_parameters"]


def used(domain: dict[str, Any] = DOMAIN, **inputs: Any) -> list[Declared]:
    """A set and the domain that uses it."""
    links = {"url_parameter_sets": [Ref("one")]}
    return [
        *single("UrlParameterSet", PARAMETER_SET | inputs),
        declared("TrackingDomain", "domain", domain, links=links),
    ]


def stored(account: Account, engine: FakeEngine) -> dict[str, Any]:
    return account.box.object("url_parameter_set", engine.stored["one"].object_id)


def refreshed(engine: FakeEngine) -> str:
    """What a refresh finds of the set."""
    (op,) = [step.op for step in engine.refresh() if step.name == "one"]
    return op


# --- what is a change -----------------------------------------------------------------------------------------------


def test_outputs_repeat_every_input(engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    outputs = engine.outputs("one")
    assert {key: outputs[key] for key in PARAMETER_SET} == PARAMETER_SET
    assert (outputs["description"], outputs["enabled"]) == ("", True)


def test_the_order_of_the_parameters_says_nothing(account: Account, engine: FakeEngine) -> None:
    """Neither the list's nor that of the keys: the engine and RevCent keep their own."""
    engine.up(PROGRAM)
    turned = [{key: each[key] for key in reversed(each)} for each in (CLICK, SOURCE)]
    account.box.change("url_parameter_set", engine.stored["one"].object_id, {"url_parameters": turned})
    assert refreshed(engine) == "same"
    account.box.clear_calls()
    engine.up(single("UrlParameterSet", PARAMETER_SET | {"url_parameters": [CLICK, SOURCE]}))
    assert account.writes() == []


@pytest.mark.parametrize(
    "parameters",
    [[SOURCE], [SOURCE, CLICK | {"metadata_name": "other"}], [SOURCE, CLICK, {"url_parameter": "a"}], []],
)
def test_what_somebody_changed_is_seen_and_mended(parameters: list[Any], account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    change = {"url_parameters": [{"metadata_name": "", **each} for each in parameters], "enabled": False}
    account.box.change("url_parameter_set", engine.stored["one"].object_id, change)
    assert refreshed(engine) == "update"
    assert [each["url_parameter"] for each in engine.outputs("one")["url_parameters"]] == [
        each["url_parameter"] for each in parameters
    ]
    engine.up(PROGRAM)
    require_held(account.box, "UrlParameterSet", engine.stored["one"].object_id, PARAMETER_SET)
    engine.settled(PROGRAM)


def test_a_parameter_without_a_metadata_name_is_one_with_its_own(account: Account, engine: FakeEngine) -> None:
    program = single("UrlParameterSet", PARAMETER_SET | {"url_parameters": [{"url_parameter": "gclid"}]})
    engine.up(program)
    assert stored(account, engine)["url_parameters"] == [{"url_parameter": "gclid", "metadata_name": "gclid"}]
    by_hand = {"url_parameters": [{"url_parameter": "gclid", "metadata_name": ""}]}
    account.box.change("url_parameter_set", engine.stored["one"].object_id, by_hand)
    assert refreshed(engine) == "same"
    account.box.change("url_parameter_set", engine.stored["one"].object_id, {"url_parameters": [CLICK]})
    assert refreshed(engine) == "update"


@pytest.mark.parametrize("left_out", ["url_parameters", "url_parameters.metadata_name"])
def test_what_revcent_does_not_answer_is_no_drift(left_out: str, account: Account, engine: FakeEngine) -> None:
    account.box.switch(omit=[f"url_parameter_set.{left_out}"])
    engine.up(PROGRAM)
    assert refreshed(engine) == "same"
    engine.settled(PROGRAM)


def test_only_what_changed_is_written(account: Account, engine: FakeEngine) -> None:
    engine.up(PROGRAM)
    account.box.clear_calls()
    engine.up(single("UrlParameterSet", PARAMETER_SET | {"enabled": False}))
    (edit,) = [call for call in account.box.calls if call["method"] == "POST"]
    assert edit["body"] == {"enabled": False}


def test_parameters_that_share_a_metadata_name_are_warned_about_when_they_are_new(
    account: Account, engine: FakeEngine
) -> None:
    shared = PARAMETER_SET | {"url_parameters": [CLICK, {"url_parameter": "msclkid", "metadata_name": "click"}]}
    engine.preview(single("UrlParameterSet", shared))
    assert "'gclid' and 'msclkid' are saved as one metadata, 'click'" in account.warnings[0][1]
    engine.up(single("UrlParameterSet", shared))
    account.warnings.clear()
    engine.preview(single("UrlParameterSet", shared | {"enabled": False}))
    assert account.warnings == []


def test_two_resources_cannot_declare_one_set(engine: FakeEngine) -> None:
    program = [*PROGRAM, declared("UrlParameterSet", "two", PARAMETER_SET)]
    with pytest.raises(Exception, match="RevCent's URL parameter sets have unique names"):
        engine.preview(program)


# --- when it may go -------------------------------------------------------------------------------------------------


def test_a_set_is_disabled_marked_and_keeps_its_name(account: Account, engine: FakeEngine) -> None:
    engine.up(single("UrlParameterSet", PARAMETER_SET | {"description": "Ours"}))
    object_id = engine.stored["one"].object_id
    engine.destroy()
    found = account.box.object("url_parameter_set", object_id)
    assert (found["enabled"], found["name"]) == (False, "Ads")
    assert found["description"].startswith("Ours [pulumi retired acme/dev/one ")
    assert found["url_parameters"] == PARAMETER_SET["url_parameters"]
    ((name, said),) = account.warnings
    assert name == "one"
    assert f"'Ads' ({object_id}) was disabled and keeps its name" in said


def test_a_set_and_its_domain_are_retired_together_and_come_back(account: Account, engine: FakeEngine) -> None:
    """The retired domain still names the set, and needs it no more."""
    engine.up(used())
    object_id = engine.stored["one"].object_id
    engine.destroy()
    assert not account.box.object("url_parameter_set", object_id)["enabled"]
    assert mark(account.box.object("url_parameter_set", object_id)).retired
    engine.up(used())
    engine.settled(used())
    assert engine.stored["one"].object_id == object_id
    assert account.box.object("url_parameter_set", object_id)["enabled"]


@pytest.mark.parametrize("offers", [{}, {"delete": True}])
@pytest.mark.parametrize(
    "revcent", [{}, {"slim_lists": True}, {"omit": ["url_parameter_sets"]}, {"omit": ["tracking_domain.description"]}]
)
def test_a_set_that_a_domain_of_others_uses_is_left_as_it_is(revcent: dict[str, Any], offers: dict[str, bool]) -> None:
    account = Account(offers=offers)
    account.box.switch(**revcent)
    engine = FakeEngine(account)
    engine.up(PROGRAM)
    before = stored(account, engine)
    account.box.add("tracking_domain", {"domain": "theirs.test", "url_parameter_sets": [before["id"]]})
    engine.destroy()
    assert account.box.object("url_parameter_set", before["id"]) == before
    ((_, said),) = account.warnings
    assert f"URL parameter set 'Ads' ({before['id']}) was left as it is: tracking domains use it: theirs.test." in said
    assert engine.stored == {}


def test_a_set_that_a_domain_gave_up_in_the_same_run_may_go(account: Account, engine: FakeEngine) -> None:
    engine.up(used())
    object_id = engine.stored["one"].object_id
    engine.up([IDENTITY, declared("TrackingDomain", "domain", DOMAIN)])
    assert not account.box.object("url_parameter_set", object_id)["enabled"]
    assert "was disabled" in account.warnings[-1][1]


def test_many_sets_ask_for_the_domains_once(account: Account, engine: FakeEngine) -> None:
    program = [IDENTITY] + [
        declared("UrlParameterSet", f"set-{number}", PARAMETER_SET | {"name": f"Set {number}"}) for number in range(3)
    ]
    engine.up(program)
    account.box.clear_calls()
    engine.destroy()
    assert account.calls().count(("GET", "tracking_domain list")) == 1
    assert account.writes() == ["url_parameter_set edit"] * 3


@pytest.mark.parametrize("forbidden", ["GetTrackingDomains", "GetTrackingDomain"])
def test_with_a_key_that_may_not_look_a_set_is_left_as_it_is(forbidden: str, account: Account) -> None:
    account.box.switch(slim_lists=True)
    key = account.box.add_key("narrow", allow=OPERATIONS - {forbidden})
    engine = FakeEngine(account, settings={"api_key": key})
    engine.up(PROGRAM)
    before = stored(account, engine)
    engine.destroy()
    assert account.box.object("url_parameter_set", before["id"]) == before
    ((_, said),) = account.warnings
    assert "was left as it is: this key cannot tell which tracking domains use it" in said
    assert forbidden in said


def test_where_revcent_can_delete_sets_they_are_deleted() -> None:
    account = Account(offers={"delete": True})
    engine = FakeEngine(account)
    engine.up(used())
    account.warnings.clear()
    engine.destroy()
    assert account.box.objects("url_parameter_set") == []
    assert account.warnings == []


def test_another_set_of_the_stack_proves_that_one_is_gone(account: Account, engine: FakeEngine) -> None:
    """No domain and no portal of this stack proves that the account is the right one."""
    both = [*PROGRAM, declared("UrlParameterSet", "two", PARAMETER_SET | {"name": "Two"})]
    engine.up(both)
    account.box.remove("url_parameter_set", engine.stored["one"].object_id)
    engine.refresh()
    assert "one" not in engine.stored
    assert list(ops(engine.up(both))) == [("one", "create")]
