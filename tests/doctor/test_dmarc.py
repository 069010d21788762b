from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_revcent_portal.doctor.dmarc import check_dmarc, organisational_domain
from pulumi_revcent_portal.doctor.results import Status, Verdict
from tests.doctor.looking import look

if TYPE_CHECKING:
    from pulumi_revcent_portal.doctor.means import Means
    from tests.dns.servers import World


def dmarc(dns: World, domain: str = "acme.test") -> Verdict:
    async def check(means: Means) -> Verdict:
        assert means.names is not None
        return await check_dmarc(domain, means.names)

    return look(check, dns)


def publish(dns: World, *records: str) -> None:
    dns.zone("acme.test", "".join(f'_dmarc 300 TXT "{record}"\n' for record in records))


@pytest.mark.parametrize(
    ("record", "policy"),
    [
        ("v=DMARC1; p=none", "none"),
        ("v=DMARC1;p=Reject;sp=quarantine;pct=50;rua=mailto:d@acme.test;", "reject"),
        ("v = DMARC1 ; p = quarantine", "quarantine"),
    ],
)
def test_a_good_record_is_shown_with_its_policy(dns: World, record: str, policy: str) -> None:
    publish(dns, record.replace(";", "\\;"), "another text")
    verdict = dmarc(dns)
    assert verdict.status is Status.OK
    assert verdict.seen == f"{record} (policy for acme.test: {policy})"


@pytest.mark.parametrize(("tags", "policy"), [("p=none\\; sp=reject", "reject"), ("p=quarantine", "quarantine")])
def test_a_domain_without_a_record_has_that_of_its_organisation(dns: World, tags: str, policy: str) -> None:
    publish(dns, f"v=DMARC1\\; {tags}")
    verdict = dmarc(dns, "mail.shop.acme.test")
    assert verdict.status is Status.OK
    assert f"policy for mail.shop.acme.test: {policy}, from _dmarc.acme.test" in verdict.seen


def test_no_record_is_a_warning_with_an_example_for_the_organisation(dns: World) -> None:
    publish(dns, "v=DMARC2\\; p=none")
    verdict = dmarc(dns, "mail.acme.test")
    assert verdict.status is Status.WARNING
    assert verdict.lines == ('_dmarc.acme.test. 300 IN TXT "v=DMARC1; p=none"',)


def test_two_records_are_as_good_as_none(dns: World) -> None:
    publish(dns, "v=DMARC1\\; p=none", "v=DMARC1\\; p=reject")
    verdict = dmarc(dns)
    assert verdict.status is Status.WARNING
    assert "has 2 DMARC records" in verdict.seen
    assert len(verdict.lines) == 2


@pytest.mark.parametrize(
    ("tags", "problem"),
    [
        ("", "it has no policy (p=)"),
        ("p=block", "p=block is none of none, quarantine, reject"),
        ("p=none\\; sp=x", "sp=x is none of"),
        ("p=none\\; nonsense", "'nonsense' is no tag"),
        ("p=none\\; =x", "'=x' is no tag"),
        ("p=none\\; p=reject", "the tag 'p' occurs twice"),
        ("p=none\\; pct=101", "pct=101 is no number from 0 to 100"),
        ("p=none\\; pct=all", "pct=all is no number"),
    ],
)
def test_a_record_that_receivers_ignore_is_a_warning(dns: World, tags: str, problem: str) -> None:
    publish(dns, f"v=DMARC1\\; {tags}")
    verdict = dmarc(dns)
    assert verdict.status is Status.WARNING
    assert problem in verdict.seen


def test_the_organisational_domain_is_what_somebody_registered() -> None:
    assert organisational_domain("a.b.acme.co.uk") == "acme.co.uk"
    assert organisational_domain("co.uk") == "co.uk"
