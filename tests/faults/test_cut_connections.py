"""The connection to RevCent is cut, at every request of an `up`, before or after RevCent did the work."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.account import require_one_brand, the
from tests.engine.programs import WHOLE, but
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine


class Asked(NamedTuple):
    """A request of a clean run: method, pattern of the path, how many of the same kind come before it."""

    method: str
    path: str
    before: int = 0

    def __str__(self) -> str:
        return re.sub(r"\W+", "-", f"{self.method} {self.path.replace('w', 'ID')} {self.before}").strip("-")


SMTP = Asked("POST", "^/smtp_profiles$")
READS = (
    Asked("GET", r"^/tracking_domains/\w+$"),
    Asked("GET", r"^/tracking_domains/\w+$", 1),
    Asked("GET", r"^/tracking_domains/\w+$", 2),
    Asked("GET", "^/tracking_domains$"),  # the program, which waits for the domain
    Asked("GET", r"^/customer_portals/\w+$"),
)
WRITES = (
    Asked("POST", "^/tracking_domains$"),
    Asked("POST", "^/tracking_domains/\\w+/initialize_ssl$"),
    Asked("POST", "^/tracking_domains/\\w+/initialize_dns$"),
    Asked("POST", "^/customer_portals$"),
)


def test_these_are_the_requests_of_an_up(stack: Stack, sandbox: Sandbox) -> None:
    stack.write(WHOLE).up().require()
    made = Counter(
        asked._replace(before=0)
        for call in sandbox.calls
        for asked in (SMTP, *READS, *WRITES)
        if asked.before == 0 and asked.method == call["method"] and re.search(asked.path, call["path"])
    )
    assert made == Counter(asked._replace(before=0) for asked in (SMTP, *READS, *WRITES))
    assert made.total() == len(sandbox.calls)


@pytest.mark.parametrize("asked", [*READS, *WRITES], ids=str)
def test_cut_after_the_work_was_done(stack: Stack, sandbox: Sandbox, asked: Asked) -> None:
    """Everything but a mail profile can be looked up again, so that the same run goes on."""
    sandbox.fault("drop_after", asked.method, asked.path, after=asked.before)
    stack.write(WHOLE).up().require()
    require_met(sandbox)
    require_one_brand(sandbox)
    stack.settled()


def test_cut_before_every_read(stack: Stack, sandbox: Sandbox) -> None:
    for asked in READS:
        sandbox.fault("drop_before", asked.method, asked.path, after=asked.before)
    stack.write(WHOLE).up().require()
    require_met(sandbox, times=len(READS))
    require_one_brand(sandbox)
    stack.settled()


def test_cut_before_every_write_one_run_after_another(stack: Stack, sandbox: Sandbox) -> None:
    """What was not done is done by the next run; what a run made before the cut is not made again."""
    stack.write(WHOLE)
    for asked in WRITES:
        sandbox.clear_calls()
        sandbox.fault("drop_before", asked.method, asked.path)
        stack.up().require(ok=False).says("The connection to RevCent broke when it was asked to")
        require_met(sandbox)
    stack.up().require()
    require_one_brand(sandbox)
    stack.settled()


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_mail_profile_that_may_exist_is_named_with_its_cure(stack: Stack, sandbox: Sandbox, kind: str) -> None:
    """RevCent offers no look-up of mail profiles, so a person has to look; the other resources are made meanwhile."""
    sandbox.fault(kind, SMTP.method, SMTP.path)
    told = stack.write(WHOLE).up("--continue-on-error").require(ok=False)
    told.says(
        "It is not known whether RevCent made the SMTP profile 'Acme mail'", 'adopt_id="<the ID shown in RevCent>"'
    )
    require_met(sandbox)
    assert set(stack.resources()) >= {"captcha", "domain", "ssl", "ready"}
    assert "portal" not in stack.resources()

    if kind == "drop_after":
        made = the(sandbox, "smtp_profile")["id"]
        stack.up().require(ok=False).says("already exists", 'adopt_id="<the ID shown in RevCent>"')
        stack.write(but(WHOLE, "port=587", f'port=587, adopt_id="{made}"')).up().require()
        assert the(sandbox, "smtp_profile")["id"] == made
        stack.write(WHOLE)
    else:
        stack.up().require()
    require_one_brand(sandbox)
    stack.settled()


def require_met(sandbox: Sandbox, times: int = 1) -> None:
    assert len([call for call in sandbox.calls if call["fault"]]) == times
