"""A connection that breaks at any request of any command: the next run finds one object each, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.providers.account import Account
from tests.providers.engine import Declared, Failed, FakeEngine
from tests.providers.programs import DOMAIN, MAIL, PORTAL, brand
from tests.providers.world import mark, require_held

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("drop_before", {}),
    ("drop_after", {}),
    ("status", {"status": 503, "work": False}),
    ("status", {"status": 500, "work": True}),
    ("truncated", {}),
    ("not_json", {}),
    ("rate_limit", {}),
]
CHANGED = {
    "mail": MAIL | {"port": 25},
    "domain": DOMAIN | {"description": "New"},
    "portal": PORTAL | {"footer_html": ""},
}
KINDS = {"domain": "TrackingDomain", "mail": "SmtpProfile", "portal": "CustomerPortal"}
at_every_request = pytest.mark.parametrize(("fault", "how"), FAULTS, ids=[f"{name}{how or ''}" for name, how in FAULTS])


def require_one_brand(engine: FakeEngine, **inputs: dict[str, Any]) -> None:
    """Assert that RevCent holds the three objects once, as declared, and that they are the stack's."""
    box = engine.account.box
    links = {"tracking_domain": engine.stored["domain"].object_id, "smtp_profile": engine.stored["mail"].object_id}
    for name, kind in KINDS.items():
        entity = {"domain": "tracking_domain", "mail": "smtp_profile", "portal": "customer_portal"}[name]
        (found,) = box.objects(entity)
        assert found["id"] == engine.stored[name].object_id
        require_held(box, kind, found["id"], inputs[name] | (links if name == "portal" else {}))
        assert mark(found).nonce == engine.outputs(name)["__live"]["nonce"]


def requests_of(command: Callable[[FakeEngine], object], prepare: Callable[[FakeEngine], object]) -> int:
    engine = FakeEngine(Account())
    prepare(engine)
    engine.account.box.clear_calls()
    command(engine)
    return len(engine.account.calls())


def broken(fault: str, how: dict[str, Any], at: int, prepare: Callable[[FakeEngine], object]) -> FakeEngine:
    """A stack whose next command meets a fault at its request number `at`, however often it is made again."""
    engine = FakeEngine(Account())
    prepare(engine)
    engine.account.box.fault(fault, after=at, times=2, **how)  # a repeatable request is made twice in these tests
    return engine


def untouched(engine: FakeEngine) -> None:
    assert engine.stored == {}


def until_done(engine: FakeEngine, program: Sequence[Declared]) -> None:
    """Run `up` as a person would: again after a failure, and with `adopt_id` where the message asks for it."""
    for _ in range(3):
        try:
            engine.up(program)
        except Failed as failed:
            engine.account.box.clear_faults()
            if "adopt_id" in str(failed) and engine.account.box.objects("smtp_profile"):
                (profile,) = engine.account.box.objects("smtp_profile")
                program = brand(mail=MAIL | {"adopt_id": profile["id"]})
        else:
            return
    raise AssertionError("it never succeeds")


@at_every_request
def test_a_create_that_breaks_anywhere_ends_in_one_brand(fault: str, how: dict[str, Any]) -> None:
    count = requests_of(lambda engine: engine.up(brand()), untouched)
    assert count > 7
    for at in range(count):
        engine = broken(fault, how, at, untouched)
        until_done(engine, brand())
        engine.account.box.clear_faults()
        require_one_brand(engine, domain=DOMAIN, mail=MAIL, portal=PORTAL)
        engine.settled(brand())
        assert {step.op for step in engine.refresh()} == {"same"}


@at_every_request
def test_an_update_that_breaks_anywhere_ends_as_declared(fault: str, how: dict[str, Any]) -> None:
    changed = brand(**CHANGED)
    count = requests_of(lambda engine: engine.up(changed), lambda engine: engine.up(brand()))
    assert count > 4
    for at in range(count):
        engine = broken(fault, how, at, lambda engine: engine.up(brand()))
        until_done(engine, changed)
        engine.account.box.clear_faults()
        require_one_brand(engine, **CHANGED)
        engine.settled(changed)
        assert {step.op for step in engine.refresh()} == {"same"}


@at_every_request
def test_a_refresh_that_breaks_anywhere_loses_nothing(fault: str, how: dict[str, Any]) -> None:
    count = requests_of(lambda engine: engine.refresh(), lambda engine: engine.up(brand()))
    for at in range(count):
        engine = broken(fault, how, at, lambda engine: engine.up(brand()))
        before = engine.exported()
        try:
            engine.refresh()
        except Failed:
            engine.account.box.clear_faults()
            engine.refresh()
        assert engine.exported() == before


@at_every_request
def test_a_destroy_that_breaks_anywhere_retires_everything_in_the_end(fault: str, how: dict[str, Any]) -> None:
    count = requests_of(lambda engine: engine.destroy(), lambda engine: engine.up(brand()))
    assert count > 4
    for at in range(count):
        engine = broken(fault, how, at, lambda engine: engine.up(brand()))
        try:
            engine.destroy()
        except Failed:
            engine.account.box.clear_faults()
            engine.destroy()
        assert engine.stored == {}
        left_in_doubt = any("cannot tell which enabled portals use it" in said for _, said in engine.account.warnings)
        for entity in ("tracking_domain", "smtp_profile", "customer_portal"):
            (found,) = engine.account.box.objects(entity)
            assert mark(found).retired or (left_in_doubt and entity == "smtp_profile")
