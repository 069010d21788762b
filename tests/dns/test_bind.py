"""The same against BIND: records that are added and removed while somebody looks for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from pulumi_revcent_portal.dns.lookup import Lookup, Record, State
from tests.dns_publishers.bind import Bind, running

RECORDS = """\
@ CAA 0 issue ";"
www CNAME @
target.other A 192.0.2.7
sub NS ns.sub
ns.sub A 192.0.2.1
"""
MANY = "".join(f"many TXT {'x' * 200}{number}\n" for number in range(100))


@pytest.fixture(scope="module")
def bind() -> Iterator[Bind]:
    with running("acme.test", extra=RECORDS + MANY) as server:
        yield server


def looking(bind: Bind) -> Lookup:
    return Lookup([f"127.0.0.1:{bind.port}"], timeout=1)


def states(bind: Bind, *records: Record) -> list[State]:
    return [each.state for each in asyncio.run(looking(bind).missing(records))]


def test_a_record_is_missing_until_it_is_published(bind: Bind) -> None:
    record = Record("CNAME", "_x.acme.test", "t.revcent.example")
    lookup = looking(bind)
    assert [each.state for each in asyncio.run(lookup.missing([record]))] == [State.NO_NAME]
    bind.add("_x.acme.test", "CNAME", "t.revcent.example.", ttl=60)
    assert asyncio.run(lookup.missing([record])) == []
    bind.replace("_x.acme.test", "CNAME", "other.example.")
    assert states(bind, record) == [State.OTHER_VALUE]


def test_addresses_are_seen_behind_an_alias(bind: Bind) -> None:
    record = Record("A", "www.acme.test", "203.0.113.10")
    assert states(bind, record) == [State.OTHER_VALUE]
    bind.add("acme.test", "A", "203.0.113.10", "203.0.113.11", ttl=60)
    assert states(bind, record, Record("A", "acme.test", "203.0.113.11")) == []


def test_an_answer_that_does_not_fit_into_a_datagram_is_read(bind: Bind) -> None:
    assert states(bind, Record("TXT", "many.acme.test", "x" * 200 + "99")) == []


def test_no_name_is_told_from_no_record(bind: Bind) -> None:
    nothing, empty = Record("A", "nothing.acme.test", "192.0.2.1"), Record("A", "other.acme.test", "192.0.2.1")
    assert states(bind, nothing, empty) == [State.NO_NAME, State.NO_RECORD]


def test_a_name_that_is_delegated_away_is_told(bind: Bind) -> None:
    (sighting,) = asyncio.run(looking(bind).missing([Record("A", "www.sub.acme.test", "192.0.2.1")]))
    assert sighting.reason == "says that sub.acme.test is delegated to other servers"


def test_a_foreign_name_is_refused(bind: Bind) -> None:
    found = asyncio.run(looking(bind).delegation("other.test"))
    assert found.problem == f"The zone of other.test could not be found: the resolver 127.0.0.1:{bind.port}: refused."


def test_the_caa_records_are_read(bind: Bind) -> None:
    (finding,) = asyncio.run(looking(bind).caa("www.acme.test"))
    assert (finding.owner, finding.reason) == ("www.acme.test", "it allows no authority at all")
