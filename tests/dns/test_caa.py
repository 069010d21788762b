"""Which CAA records forbid a certificate, and where they are found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import dns.rcode
import pytest

from pulumi_revcent_portal.dns.caa import CaaFinding, CaaRecord, judge, record
from pulumi_revcent_portal.dns.lookup import Lookup
from tests.dns.servers import World, silence, with_rcode, world


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('0 issue "ca.example"', CaaRecord(0, "issue", "ca.example")),
        ('128 TBS "x"', CaaRecord(128, "tbs", "x")),
        ('0 issue ""', CaaRecord(0, "issue", "")),
        ("0 issue", None),
    ],
)
def test_a_record_is_read_from_its_text(text: str, expected: CaaRecord | None) -> None:
    assert record(text) == expected


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([], ""),
        (['0 iodef "mailto:a@acme.com"'], ""),
        (['0 issuewild ";"'], ""),
        (['0 issue "other.example"'], ""),
        (['0 issue ";"'], "it allows no authority at all"),
        (['0 issue ""', '0 issue "  ; policy=x"'], "it allows no authority at all"),
        (['0 issue ";"', '0 issue "ca.example"'], ""),
        (['128 tbs "x"', '0 issue "ca.example"'], "no authority knows the property 'tbs', which is marked critical"),
        (['0 tbs "x"'], ""),
        (['128 issue "ca.example"'], ""),
    ],
)
def test_without_issuers_only_what_allows_nobody_forbids(records: list[str], reason: str) -> None:
    assert judge(filter(None, map(record, records)), wildcard=False) == reason


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (['0 issue "CA.Example; validationmethods=dns-01"'], ""),
        (['0 issue "other.example"', '0 issue "ca.example"'], ""),
        (['0 issue "other.example"'], "it allows other.example, not ca.example or ca2.example"),
        (['0 issue "other.example"', '0 issue "third.example"'],
         "it allows other.example, third.example, not ca.example or ca2.example"),
    ],
)  # fmt: skip
def test_with_issuers_a_list_of_others_forbids(records: list[str], reason: str) -> None:
    issuers = ("ca.example", "CA2.example.")
    assert judge(filter(None, map(record, records)), wildcard=False, issuers=issuers) == reason


@pytest.mark.parametrize(
    ("records", "forbidden"),
    [
        (['0 issue "ca.example"', '0 issuewild ";"'], True),
        (['0 issue ";"', '0 issuewild "ca.example"'], False),
        (['0 issue ";"'], True),
    ],
)
def test_a_wildcard_is_decided_by_records_of_its_own(records: list[str], forbidden: bool) -> None:
    assert bool(judge(filter(None, map(record, records)), wildcard=True)) is forbidden


@pytest.fixture
def servers() -> Iterator[World]:
    with world(3) as servers:
        yield servers


def findings(servers: World, name: str, *issuers: str) -> list[str]:
    lookup = Lookup([str(servers.resolver)], timeout=0.5)
    return [str(each) for each in asyncio.run(lookup.caa(name, issuers))]


FORBIDDEN = 'CAA of acme.test (0 issue ";") forbids a certificate for {}: it allows no authority at all'


def test_no_records_allow_everybody(servers: World) -> None:
    servers.zone("acme.test", "www A 192.0.2.1\n", servers=(1, 2))
    assert findings(servers, "www.acme.test", "ca.example") == []


@pytest.mark.parametrize("name", ["acme.test", "www.acme.test", "a.b.acme.test"])
def test_the_nearest_records_above_a_name_hold_for_it(servers: World, name: str) -> None:
    servers.zone("acme.test", '@ CAA 0 issue ";"\n', servers=(1, 2))
    assert findings(servers, name) == [FORBIDDEN.format(name)]


def test_records_of_the_name_itself_hide_those_above(servers: World) -> None:
    servers.zone("acme.test", '@ CAA 0 issue ";"\nwww CAA 0 issue "ca.example"\n', servers=(1,))
    assert findings(servers, "www.acme.test", "ca.example") == []


def test_a_wildcard_climbs_from_the_name_below_its_star(servers: World) -> None:
    servers.zone("acme.test", '@ CAA 0 issuewild ";"\n', servers=(1,))
    assert findings(servers, "www.acme.test") == []
    assert findings(servers, "*.acme.test") == [
        'CAA of acme.test (0 issuewild ";") forbids a certificate for *.acme.test: it allows no authority at all'
    ]


def test_an_alias_is_followed_but_not_climbed_from(servers: World) -> None:
    servers.zone("acme.test", "www CNAME lb.other.test.\nshop CNAME plain.other.test.\n", servers=(1,))
    servers.zone("other.test", '@ CAA 0 issue ";"\nlb CAA 0 issue ";"\nplain A 192.0.2.1\n', servers=(2,))
    assert findings(servers, "www.acme.test") == [FORBIDDEN.replace("acme", "www.acme", 1).format("www.acme.test")]
    assert findings(servers, "shop.acme.test") == []


def test_the_server_that_differs_is_named_and_the_others_climb_on(servers: World) -> None:
    servers.zone("acme.test", '@ CAA 0 issue "other.example"\nwww A 192.0.2.1\n', servers=(1, 2))
    servers[2].set("www.acme.test", "CAA", '0 issue ";"')
    assert findings(servers, "www.acme.test", "ca.example") == [
        (
            'CAA of www.acme.test on ns2.acme.test (0 issue ";") forbids a certificate for www.acme.test: '
            "it allows no authority at all"
        ),
        (
            'CAA of acme.test (0 issue "other.example") forbids a certificate for www.acme.test: '
            "it allows other.example, not ca.example"
        ),
    ]


def test_above_the_zone_the_resolvers_are_asked(servers: World) -> None:
    servers.zone("test", '@ CAA 0 issue ";"\n', servers=(2,))
    servers.zone("acme.test", servers=(1,))
    assert findings(servers, "acme.test") == [
        'CAA of test (0 issue ";") forbids a certificate for acme.test: it allows no authority at all'
    ]
    servers.resolver.behave(with_rcode(dns.rcode.SERVFAIL), type="CAA")
    assert findings(servers, "acme.test") == []


def test_one_server_that_answers_is_enough_and_none_is_a_finding(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))
    servers[1].behave(silence, type="CAA")
    assert findings(servers, "acme.test") == []
    servers[2].behave(with_rcode(dns.rcode.SERVFAIL), type="CAA")
    assert findings(servers, "acme.test") == [
        (
            "CAA of acme.test cannot be looked up, so no certificate is issued for acme.test: "
            "ns1.acme.test: timed out after 0.5 s"
        )
    ]


def test_a_name_without_servers_is_a_finding(servers: World) -> None:
    lookup = Lookup([str(servers.resolver)], timeout=0.5)
    assert asyncio.run(lookup.caa("acme.test")) == [
        CaaFinding("acme.test", "acme.test", "", (), "There is no top-level domain test")
    ]
