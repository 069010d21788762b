from __future__ import annotations

import asyncio
import copy
import os
import threading
import time

import pytest

from pulumi_revcent_portal.doctor.catalogue import CHECKS, Job, plan
from pulumi_revcent_portal.doctor.export import read_export
from pulumi_revcent_portal.doctor.inventory import Domain, Inventory, Portal
from pulumi_revcent_portal.doctor.means import Means
from pulumi_revcent_portal.doctor.results import Report, Status, Verdict, ok
from pulumi_revcent_portal.doctor.runner import Progress, examine
from pulumi_revcent_portal.doctor.threads import in_thread
from tests.doctor.exports import brand, export
from tests.doctor.listening import run
from tests.doctor.looking import look

ALL = frozenset(check.id for check in CHECKS)


def examined(jobs: list[Job], seconds: float = 1.0, seen: list[Progress] | None = None) -> Report:
    async def whole(means: Means) -> Verdict:
        keep = (lambda progress: seen.append(copy.deepcopy(progress))) if seen is not None else (lambda _progress: None)
        reports.append(await examine(jobs, means, keep))
        return ok("")

    reports: list[Report] = []
    look(whole, seconds=seconds)
    return reports[0]


def job(name: str, pause: float = 0.0, error: Exception | None = None) -> Job:
    async def wait(_means: Means) -> Verdict:
        await asyncio.sleep(pause)
        if error is not None:
            raise error
        return ok(name)

    return Job(name, "subject", wait)


def test_all_checks_run_at_the_same_time_and_stay_in_order() -> None:
    began = time.monotonic()
    report = examined([job(f"j{number}", 0.2 - number * 0.01) for number in range(10)])
    assert time.monotonic() - began < 1.0
    assert [result.check for result in report.results] == [f"j{number}" for number in range(10)]


def test_a_check_that_takes_too_long_fails_and_leaves_the_others_alone() -> None:
    report = examined([job("slow", 60), job("quick")], seconds=0.2)
    assert [result.status for result in report.results] == [Status.FAILED, Status.OK]
    assert "within 0.2 s" in report.results[0].verdict.seen
    assert "--timeout" in report.results[0].verdict.cure


def test_a_check_that_breaks_off_fails_without_showing_the_error_s_text() -> None:
    report = examined([job("bad", error=RuntimeError("canary")), job("good")])
    assert [result.status for result in report.results] == [Status.FAILED, Status.OK]
    assert "RuntimeError" in report.results[0].verdict.seen
    assert "canary" not in repr(report)


def test_progress_tells_what_is_being_looked_at() -> None:
    seen: list[Progress] = []
    examined([job("a", 0.05), job("b")], seen=seen)
    assert seen[1] == Progress(2, 0, ["a subject", "b subject"])
    assert seen[-1] == Progress(2, 2, [])


def test_blocking_work_that_nobody_waits_for_does_not_hold_up_the_end() -> None:
    gate = threading.Event()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await in_thread(lambda: gate.wait(30))

    began = time.monotonic()
    run(give_up())
    assert time.monotonic() - began < 5
    gate.set()


def test_blocking_work_returns_and_raises_and_may_come_too_late() -> None:
    async def all_ways() -> None:
        assert await in_thread(lambda: 5) == 5
        with pytest.raises(KeyError):
            await in_thread(lambda: os.environ["REVCENT_NOT_SET"])
        task = asyncio.ensure_future(in_thread(lambda: time.sleep(0.05)))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0.1)
        assert task.cancelled()

    run(all_ways())


# --- the plan ------------------------------------------------------------------------------------------------


def subjects(inventory: Inventory, wanted: frozenset[str] = ALL) -> list[tuple[str, str]]:
    return [(each.check, each.subject) for each in plan(inventory, wanted)]


def test_a_brand_gets_every_check_in_the_order_of_cause_and_effect() -> None:
    planned = subjects(read_export("x.json", export(*brand())))
    assert planned == [
        ("delegation", "acme.test"),
        ("records", "acme.test"),
        ("caa", "acme.test"),
        ("domain", "acme.test"),
        ("certificate", "acme.test"),
        ("portal", "Acme customer portal"),
        ("recaptcha", "reCAPTCHA of Acme customer portal"),
        ("smtp", "Acme mail"),
        ("spf", "acme.test"),
        ("dmarc", "acme.test"),
        ("key", "RevCent API key"),
    ]
    assert {check for check, _ in planned} == ALL


def test_only_wanted_checks_are_planned() -> None:
    assert subjects(Inventory((Domain("acme.test"),)), frozenset({"caa"})) == [("caa", "acme.test")]


def test_the_certificate_is_that_of_the_portal_s_host_where_one_is_known() -> None:
    only = frozenset({"certificate"})
    domain = Domain("acme.test", "d1")
    portals = (
        Portal("A", url="https://portal.acme.test/x", tracking_domain="d1"),
        Portal("B", url="https://portal.acme.test/y", tracking_domain="d1"),
        Portal("C", url="https://[broken", tracking_domain="d1"),
        Portal("D", url="https://elsewhere.test/", tracking_domain="d9"),
        Portal("E", tracking_domain="d9"),
    )
    assert subjects(Inventory((domain,), portals), only) == [
        ("certificate", "portal.acme.test"),
        ("certificate", "elsewhere.test"),
    ]
    named = Inventory((Domain("acme.test", "d1", host="shop.acme.test"),), portals[:3])
    assert subjects(named, only) == [("certificate", "shop.acme.test")]


def test_keys_that_no_portal_uses_go_by_themselves() -> None:
    captchas = read_export("x.json", export(*brand()[:2])).captchas
    assert subjects(Inventory(captchas=captchas), frozenset({"recaptcha"}))[0][1].startswith("reCAPTCHA 6L")


@pytest.mark.parametrize("check", ["spf", "dmarc"])
def test_a_sender_is_not_looked_up_where_nothing_is_to_be(check: str) -> None:
    (only,) = plan(Inventory(senders=("a@acme.test",)), frozenset({check}))
    assert look(only.look).status is Status.SKIPPED
