"""RevCent answers nonsense, fails or asks for patience, once, at every request of every command.

The commands are those of the fake engine, because they are many; the sandbox is a real server, and time a manual clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pytest

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.providers.session import Session
from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.account import ENTITIES, changes
from tests.providers.account import Account
from tests.providers.engine import Failed, FakeEngine
from tests.providers.programs import DOMAIN, MAIL, PORTAL, brand
from tests.providers.world import require_held


class Kind(NamedTuple):
    """A fault of the sandbox, and whether the work is done all the same."""

    fault: str
    work: bool
    parameters: dict[str, Any]

    def __str__(self) -> str:
        return "-".join([self.fault, "worked" if self.work else "idle", *map(str, self.parameters.values())])


UNTIL = "Thu, 01 Jan 2026 00:00:07 GMT"
PATIENCE = tuple(
    Kind("rate_limit", work=False, parameters=asked) for asked in ({}, {"retry_after": 2}, {"retry_after": UNTIL})
)
WAITS = {"rate_limit-idle-2": 2.0, f"rate_limit-idle-{UNTIL}": 7.0}
"""Seconds that a `Retry-After` asks for; the manual clock begins with 2026."""
NONSENSE = tuple(
    Kind(fault, work, {"work": work, **more})
    for fault, more in (
        ("status", {"status": 500}),
        ("status", {"status": 503}),
        ("truncated", {}),
        ("not_json", {}),
        ("empty", {}),
    )
    for work in (True, False)
)
CUT = (Kind("drop_before", work=False, parameters={}), Kind("drop_after", work=True, parameters={}))
CREATE, UPDATE, REFRESH, DESTROY = 8, 7, 2, 6
"""How many requests each command makes; `test_so_many_requests_are_made` holds this."""

CHANGED: dict[str, Any] = {
    "portal": {**PORTAL, "display_name": "Acme Inc."},
    "mail": {**MAIL, "host": "smtp2.acme.test"},
    "domain": {**DOMAIN, "description": "of Acme"},
}
BRAND: dict[str, Any] = {"portal": PORTAL, "mail": MAIL, "domain": DOMAIN}


@dataclass
class Wired(Account):
    """An account behind a socket, so that bodies and connections can really be spoilt; nobody really waits.

    Attributes:
        clock: the time of the last process.
        clients: those of all processes so far.
    """

    box: Sandbox
    clock: ManualClock = field(default_factory=ManualClock)
    clients: list[Client] = field(default_factory=list)

    def session(self, **settings: Any) -> Session:
        self.clock = ManualClock()
        own = Settings(api_key=self.box.api_key, base_url=self.box.api_url, requests_per_minute=1_000_000)
        self.clients.append(Client(own, clock=self.clock))
        return Session(replace(own, **settings), client=self.clients[-1])


@pytest.fixture(scope="module")
def server() -> Iterator[Sandbox]:
    with Sandbox.start() as box:
        yield box


@pytest.fixture
def wired(server: Sandbox) -> Iterator[Wired]:
    server.reset()
    account = Wired(server)
    yield account
    for client in account.clients:
        client.close()


@pytest.fixture
def engine(wired: Wired) -> FakeEngine:
    return FakeEngine(wired)


def meet(wired: Wired, kind: Kind, index: int) -> None:
    """Let one request, so many after now, meet the fault."""
    wired.box.clear_calls()
    wired.box.fault(kind.fault, after=index, **kind.parameters)


def require_met(wired: Wired, kind: Kind) -> dict[str, Any]:
    """Return the call that met the fault, of which there must be one."""
    (call,) = [call for call in wired.box.calls if call["fault"]]
    assert call["fault"] == kind.fault
    return call


def require_brand(wired: Wired, engine: FakeEngine, declared: dict[str, Any] = BRAND) -> None:
    """Assert that the account holds the brand once, as it is declared, and that the stack knows it."""
    for entity in ENTITIES:
        assert len(wired.box.objects(entity)) == 1, entity
    ids = {name: stored.object_id for name, stored in engine.stored.items()}
    portal = {**declared["portal"], "tracking_domain": ids["domain"], "smtp_profile": ids["mail"]}
    require_held(wired.box, "TrackingDomain", ids["domain"], declared["domain"])
    require_held(wired.box, "SmtpProfile", ids["mail"], declared["mail"])
    require_held(wired.box, "CustomerPortal", ids["portal"], portal)
    engine.settled(brand(**declared))


def test_so_many_requests_are_made(wired: Wired, engine: FakeEngine) -> None:
    commands: list[tuple[int, Callable[[], object]]] = [
        (CREATE, lambda: engine.up(brand())),
        (UPDATE, lambda: engine.up(brand(**CHANGED))),
        (REFRESH, engine.refresh),
        (DESTROY, engine.destroy),
    ]
    for wanted, command in commands:
        wired.box.clear_calls()
        command()
        assert len(wired.box.calls) == wanted


@pytest.mark.parametrize("index", range(CREATE))
@pytest.mark.parametrize("kind", PATIENCE, ids=str)
def test_a_create_that_comes_too_soon_is_repeated(wired: Wired, engine: FakeEngine, kind: Kind, index: int) -> None:
    meet(wired, kind, index)
    engine.up(brand())
    require_met(wired, kind)
    if wanted := WAITS.get(str(kind)):
        assert wired.clock.sleeps == [wanted]
    require_brand(wired, engine)


@pytest.mark.parametrize("index", range(CREATE))
@pytest.mark.parametrize("kind", [*NONSENSE, *CUT], ids=str)
def test_a_create_whose_answer_is_lost(wired: Wired, engine: FakeEngine, kind: Kind, index: int) -> None:
    """Reads are repeated, objects are looked up; a mail profile cannot be, and what was not done fails this run."""
    meet(wired, kind, index)
    program = brand()
    failure = failure_of(lambda: engine.up(program))
    call = require_met(wired, kind)
    if call["entity"] == "smtp_profile":
        assert "It is not known whether RevCent made the SMTP profile 'Acme mail'" in failure
        assert 'set adopt_id="<the ID shown in RevCent>"' in failure
        if kind.work:
            assert "set adopt_id=" in failure_of(lambda: engine.up(program))
            (made,) = wired.box.objects("smtp_profile")
            program = brand(mail={**MAIL, "adopt_id": made["id"]})
    else:
        assert bool(failure) is (call["method"] == "POST" and not kind.work), "what was done can be seen"
    engine.up(program)
    require_brand(wired, engine)


def failure_of(command: Callable[[], object]) -> str:
    """Run a command and return why it failed, or nothing."""
    try:
        command()
    except Failed as failed:
        return str(failed)
    return ""


@pytest.mark.parametrize("kind", [*PATIENCE, *NONSENSE, *CUT], ids=str)
def test_updates_refreshes_and_destroys_go_on(wired: Wired, engine: FakeEngine, kind: Kind) -> None:
    """They set absolute values, so they are repeated until an answer comes, whatever was done meanwhile."""
    engine.up(brand())
    for index in range(UPDATE):
        meet(wired, kind, index)
        declared = CHANGED if index % 2 == 0 else BRAND
        engine.up(brand(**declared))
        require_met(wired, kind)
        require_brand(wired, engine, declared)
    for index in range(REFRESH):
        meet(wired, kind, index)
        with changes(wired.box) as changed:
            assert [step for step in engine.refresh() if step.op != "same"] == []
        require_met(wired, kind)
        assert changed == {}
    for index in range(DESTROY):
        meet(wired, kind, index)
        engine.destroy()
        require_met(wired, kind)
        (portal,), profiles = wired.box.objects("customer_portal"), wired.box.objects("smtp_profile")
        assert engine.stored == {}
        assert not portal["enabled"]
        assert [profile["enabled"] for profile in profiles] == [False] * (index + 1)
        wired.box.clear_faults()
        engine.up(brand())


def test_a_create_that_cannot_be_looked_up_either_is_found_by_the_next_run(wired: Wired, engine: FakeEngine) -> None:
    wired.box.fault("drop_after", "POST", "^/customer_portals$")
    wired.box.fault("status", "GET", "^/customer_portals$", times=None)
    with pytest.raises(
        Failed, match=r"It is not known whether RevCent made the customer portal 'Acme portal'.*failed too"
    ):
        engine.up(brand())
    wired.box.clear_faults()
    engine.up(brand())
    require_brand(wired, engine)
