"""What is missing, over all records and servers: the public face, against name servers on loopback."""

from __future__ import annotations

import asyncio
import ipaddress
import subprocess
import sys
from collections.abc import Iterator

import dns.message
import dns.rcode
import pytest

from pulumi_revcent_portal.dns.lookup import Lookup, Record, Sighting, State
from pulumi_revcent_portal.dns.transport import Endpoint, Silence
from tests.dns.clock import Clock
from tests.dns.servers import NameServer, World, garbage, lame, silence, truncated, with_rcode, world

A = Record("A", "acme.test", "203.0.113.10")
CNAME = Record("CNAME", "_x.acme.test", "t.revcent.example.")
TXT = Record("TXT", "acme.test", "token=1")
ALL = (A, Record("A", "acme.test", "203.0.113.11"), CNAME, TXT)
PUBLISHED = """\
@ 60 A 203.0.113.10
@ 60 A 203.0.113.11
@ 60 A 192.0.2.99
@ 60 TXT "tok" "en=1"
@ 60 TXT "v=spf1 -all"
_x 60 CNAME T.RevCent.example.
"""


@pytest.fixture
def servers() -> Iterator[World]:
    with world(3) as servers:
        yield servers


@pytest.fixture
def clock() -> Clock:
    return Clock()


def looking(servers: World, clock: Clock | None = None) -> Lookup:
    return Lookup([str(servers.resolver)], timeout=0.5, clock=clock or Clock())


def missing(servers: World, *records: Record) -> list[Sighting]:
    return asyncio.run(looking(servers).missing(records))


def said(servers: World, *records: Record) -> list[str]:
    return [str(each) for each in missing(servers, *records)]


# what servers say


def test_what_every_server_has_is_not_missing(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2, 3))
    assert missing(servers, *ALL) == []


def test_nothing_wanted_is_nothing_missing(servers: World) -> None:
    assert missing(servers) == []
    assert servers.resolver.asked == []


def test_the_server_that_lags_behind_is_told(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2, 3))
    servers[2].remove("_x.acme.test", "CNAME")
    assert missing(servers, *ALL) == [Sighting(CNAME, "ns2.acme.test", State.NO_NAME)]


def test_a_name_without_such_a_record_is_told_from_no_name(servers: World) -> None:
    servers.zone("acme.test", "www A 192.0.2.1\n", servers=(1,))
    there, not_there = Record("TXT", "www.acme.test", "x"), Record("TXT", "wwww.acme.test", "x")
    assert missing(servers, there, not_there) == [
        Sighting(there, "ns1.acme.test", State.NO_RECORD),
        Sighting(not_there, "ns1.acme.test", State.NO_NAME),
    ]


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (Record("A", "acme.test", "198.51.100.1"), ("192.0.2.99", "203.0.113.10", "203.0.113.11")),
        (Record("CNAME", "_x.acme.test", "other.example"), ("t.revcent.example",)),
        (Record("TXT", "acme.test", "token=2"), ("token=1", "v=spf1 -all")),
    ],
)
def test_another_value_is_told_with_what_is_there(servers: World, record: Record, found: tuple[str, ...]) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1,))
    (sighting,) = missing(servers, record)
    assert (sighting.state, tuple(value.lower() for value in sighting.found)) == (State.OTHER_VALUE, found)


@pytest.mark.parametrize(
    ("twist", "reason"),
    [
        (silence, "timed out after 0.5 s"),
        (garbage, "its answers make no sense"),
        (with_rcode(dns.rcode.SERVFAIL), "SERVFAIL"),
        (with_rcode(dns.rcode.REFUSED), "refused"),
        (lame, "is not authoritative for acme.test"),
    ],
)
def test_a_server_without_a_proper_answer_is_told_with_why(servers: World, twist: object, reason: str) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2))
    servers[2].behave(twist, type="A")  # type: ignore[arg-type] # the list has more than one type
    assert missing(servers, A) == [Sighting(A, "ns2.acme.test", State.NO_ANSWER, reason=reason)]


def test_a_server_that_is_not_running_is_told(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2))
    servers[2].stop()
    assert said(servers, A) == ["ns2.acme.test does not answer (connection refused)"]


def test_a_long_answer_is_fetched_over_tcp(servers: World) -> None:
    many = "".join(f"@ A 10.0.{number}.1\n" for number in range(200))
    servers.zone("acme.test", PUBLISHED + many, servers=(1,))
    servers[1].behave(truncated, type="A")
    assert missing(servers, A) == []
    assert {each.tcp for each in servers[1].asked if each.type == "A"} == {False, True}


def test_a_name_that_is_delegated_away_is_told() -> None:
    with NameServer().zone("acme.test", "_x NS ns.elsewhere.example.\n@ NS ns1\nns1 A 127.0.0.1\n") as server:
        sightings = asyncio.run(Lookup([str(server)], timeout=0.5).missing([CNAME]))
        reason = "says that _x.acme.test is delegated to other servers"
        assert sightings == [Sighting(CNAME, str(server), State.NO_ANSWER, reason=reason)]


def test_a_referral_to_where_the_server_came_from_is_lame(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1,))
    upwards = dns.message.from_text("id 0\nopcode QUERY\nflags QR\n;AUTHORITY\n. 300 IN NS a.root.example.\n")

    def refer(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del answer, tcp
        referral = dns.message.make_response(question)
        referral.authority = upwards.authority
        return referral.to_wire()

    servers[1].behave(refer, type="A")
    assert said(servers, A) == ["ns1.acme.test does not answer (is not authoritative for acme.test)"]


def test_a_domain_that_cannot_be_looked_up_is_told_per_record(servers: World) -> None:
    assert said(servers, A, CNAME) == [
        "A acme.test cannot be looked up: There is no top-level domain test",
        "CNAME _x.acme.test cannot be looked up: There is no top-level domain test",
    ]


def test_a_record_that_is_wanted_twice_is_told_once(servers: World) -> None:
    servers.zone("acme.test", servers=(1,))
    assert len(missing(servers, A, A)) == 1


def test_a_name_in_unicode_is_looked_up_as_punycode(servers: World) -> None:
    servers.zone("xn--bcher-kva.test", "_x CNAME t.revcent.example.\n", servers=(1,))
    assert missing(servers, Record("CNAME", "_x.Bücher.test", "t.revcent.example")) == []


# aliases


def test_an_alias_in_the_same_zone_is_followed(servers: World) -> None:
    servers.zone("acme.test", "www CNAME a\na CNAME b\nb A 203.0.113.10\n", servers=(1,))
    assert missing(servers, Record("A", "www.acme.test", "203.0.113.10")) == []
    assert said(servers, Record("A", "www.acme.test", "203.0.113.11")) == [
        "A www.acme.test is 203.0.113.10 (through the CNAME to b.acme.test) on ns1.acme.test, not 203.0.113.11"
    ]


def test_an_alias_into_another_zone_is_followed_to_all_its_servers(servers: World) -> None:
    servers.zone("acme.test", "www CNAME lb.other.test.\n", servers=(1,))
    servers.zone("other.test", "lb CNAME lb2\nlb2 A 203.0.113.10\n", servers=(2, 3))
    wanted = Record("A", "www.acme.test", "203.0.113.10")
    assert missing(servers, wanted) == []
    servers[3].set("lb2.other.test", "A", "192.0.2.9")
    assert said(servers, wanted) == [
        "A www.acme.test is 192.0.2.9 (through the CNAME to lb2.other.test) on ns1.acme.test, not 203.0.113.10"
    ]


def test_an_alias_that_the_server_does_not_follow_itself_is_followed(servers: World) -> None:
    servers.zone("acme.test", "www CNAME a\na A 203.0.113.10\n", servers=(1,))

    def first_only(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del question, tcp
        del answer.answer[1:]
        return answer.to_wire()

    servers[1].behave(first_only)
    assert missing(servers, Record("A", "www.acme.test", "203.0.113.10")) == []


def test_a_text_behind_an_alias_is_followed_as_well(servers: World) -> None:
    servers.zone("acme.test", '_dmarc CNAME policy\npolicy TXT "v=DMARC1; p=none"\n', servers=(1,))
    assert missing(servers, Record("TXT", "_dmarc.acme.test", "v=DMARC1; p=none")) == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("gone", "a CNAME, and gone.acme.test does not exist"),
        ("text", "a CNAME, and text.acme.test has no A record"),
        ("gone.other.test.", "a CNAME, and gone.other.test does not exist"),
        ("gone.invalid.", "a CNAME that leads nowhere: There is no top-level domain invalid"),
    ],
)
def test_an_alias_to_nothing_is_told(servers: World, target: str, reason: str) -> None:
    servers.zone("acme.test", f"www CNAME {target}\ntext TXT x\n", servers=(1,))
    servers.zone("other.test", servers=(2,))
    (sighting,) = missing(servers, Record("A", "www.acme.test", "203.0.113.10"))
    assert (sighting.state, sighting.reason) == (State.OTHER_VALUE, reason)


def test_a_silent_server_at_the_end_of_an_alias_is_the_one_that_is_told(servers: World) -> None:
    servers.zone("acme.test", "www CNAME lb.other.test.\n", servers=(1, 2))
    servers.zone("other.test", "lb A 203.0.113.10\n", servers=(3,))
    servers[3].behave(silence, type="A")
    assert said(servers, Record("A", "www.acme.test", "203.0.113.10")) == [
        "ns3.other.test does not answer (timed out after 0.5 s)"
    ]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("www CNAME www\n", ""),
        ("www CNAME a\na CNAME www\n", ""),
        ("www CNAME a.other.test.\n", "a CNAME www.acme.test.\n"),
    ],
)
def test_a_circle_of_aliases_is_told(servers: World, here: str, there: str) -> None:
    servers.zone("acme.test", here, servers=(1,))
    servers.zone("other.test", there, servers=(2,))
    (sighting,) = missing(servers, Record("A", "www.acme.test", "203.0.113.10"))
    assert (sighting.state, sighting.reason) == (State.OTHER_VALUE, "its CNAMEs go in a circle")


def test_a_chain_of_aliases_is_not_followed_for_ever(servers: World) -> None:
    here = "".join(f"n{number} CNAME n{number}.other.test.\n" for number in range(20))
    there = "".join(f"n{number} CNAME n{number + 1}.acme.test.\n" for number in range(20))
    servers.zone("acme.test", here, servers=(1,))
    servers.zone("other.test", there, servers=(2,))
    (sighting,) = missing(servers, Record("A", "n0.acme.test", "203.0.113.10"))
    assert sighting.reason == "its CNAMEs go on for more than 8 steps"


# several addresses of one server


@pytest.fixture
def two_addresses(servers: World) -> World:
    """Let ns1 have the addresses of the first two servers."""
    for number in (1, 2):
        servers[number].zone("acme.test", "@ NS ns1\nns1 A 127.0.0.2\nns1 A 127.0.0.3\n" + PUBLISHED)
    return servers


def test_addresses_that_agree_are_one_server(two_addresses: World) -> None:
    two_addresses[1].remove("acme.test", "TXT")
    two_addresses[2].remove("acme.test", "TXT")
    assert [each.server for each in missing(two_addresses, TXT)] == ["ns1.acme.test"]


def test_addresses_that_differ_are_told_apart(two_addresses: World) -> None:
    two_addresses[2].remove("acme.test", "TXT")
    assert [each.server for each in missing(two_addresses, TXT)] == [f"ns1.acme.test ({two_addresses[2]})"]


@pytest.fixture
def dual() -> Iterator[World]:
    """One server ns1 at 127.0.0.2 and ::1."""
    try:
        with world(1, ("::1",)) as servers:
            for number in (1, 2):
                servers[number].zone("acme.test", "@ NS ns1\nns1 A 127.0.0.2\nns1 AAAA ::1\n" + PUBLISHED)
            yield servers
    except OSError:
        pytest.skip("needs IPv6: this machine has no ::1")


def test_a_server_is_asked_over_ipv6_as_well(dual: World) -> None:
    dual[2].remove("acme.test", "TXT")
    assert [each.server for each in missing(dual, TXT)] == [f"ns1.acme.test ({dual[2]})"]


FAR = "2001:db8::53"


@pytest.fixture
def far(servers: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, Silence]:
    """Let ns1 be at 127.0.0.2 and at an IPv6 address elsewhere, which answers as the test says."""
    servers.zone("acme.test", f"ns1 AAAA {FAR}\n" + PUBLISHED, servers=(1,))
    outcomes: dict[str, Silence] = {}
    from pulumi_revcent_portal.dns.transport import exchange  # noqa: PLC0415 - before it is replaced

    async def network(
        endpoint: Endpoint, question: dns.message.Message, seconds: float
    ) -> dns.message.Message | Silence:
        address = ipaddress.ip_address(endpoint.address)
        if endpoint.address in outcomes:
            servers[1].asked.clear()
            return outcomes[endpoint.address]
        near = endpoint if address.is_loopback else Endpoint("127.0.0.2", endpoint.port)
        return await exchange(near, question, seconds)

    monkeypatch.setattr("pulumi_revcent_portal.dns.network.exchange", network)
    return outcomes


NO_ROUTE = Silence(f"this machine has no route to {FAR}", no_route=True)
LATE = Silence("timed out after 0.5 s", late=True)


@pytest.mark.parametrize("outcome", [NO_ROUTE, LATE])
def test_ipv6_that_does_not_work_here_is_left_out(servers: World, far: dict[str, Silence], outcome: Silence) -> None:
    far[FAR] = outcome
    lookup = looking(servers)
    assert asyncio.run(lookup.missing([A])) == []
    before = lookup.queries
    assert [each.server for each in asyncio.run(lookup.missing([Record("A", "acme.test", "192.0.2.1")]))] == [
        "ns1.acme.test"
    ]
    assert lookup.queries == before + 1


def test_an_ipv6_address_that_is_silent_is_told_where_ipv6_works(servers: World, far: dict[str, Silence]) -> None:
    far[FAR] = LATE
    lookup = looking(servers)
    lookup._network.ipv6_works = True
    assert [str(each) for each in asyncio.run(lookup.missing([A]))] == [
        f"ns1.acme.test ([{FAR}]:{servers[1].port}) does not answer (timed out after 0.5 s)"
    ]


def test_a_server_without_an_address_that_answers_is_told(servers: World, far: dict[str, Silence]) -> None:
    far |= {FAR: NO_ROUTE, "127.0.0.2": Silence("connection refused")}
    assert said(servers, A) == ["ns1.acme.test does not answer (connection refused)"]
    servers[1].remove("ns1.acme.test", "A")
    assert said(servers, A) == [f"ns1.acme.test does not answer (this machine has no route to {FAR})"]


# what is remembered


def test_what_was_seen_is_not_asked_for_until_its_time_to_live_has_passed(servers: World, clock: Clock) -> None:
    servers.zone("acme.test", "@ 30 A 203.0.113.10\n", servers=(1, 2))
    lookup = looking(servers, clock)
    for later, asked in ((0, 1), (29, 1), (1, 2)):
        clock.seconds += later
        assert asyncio.run(lookup.missing([A])) == []
        assert len(servers[1].questions("A")) == len(servers[2].questions("A")) == asked


def test_what_was_seen_is_asked_for_again_after_a_minute_at_most(servers: World, clock: Clock) -> None:
    servers.zone("acme.test", "www 300 CNAME @\n@ 86400 A 203.0.113.10\n", servers=(1,))
    lookup = looking(servers, clock)
    for later, asked in ((0, 1), (59, 1), (1, 2)):
        clock.seconds += later
        assert asyncio.run(lookup.missing([Record("A", "www.acme.test", "203.0.113.10")])) == []
        assert len(servers[1].questions("A")) == asked


def test_an_alias_holds_no_longer_than_its_shortest_time_to_live(servers: World, clock: Clock) -> None:
    servers.zone("acme.test", "www 10 CNAME lb.other.test.\n", servers=(1,))
    servers.zone("other.test", "lb 40 A 203.0.113.10\n", servers=(2,))
    lookup = looking(servers, clock)
    for later, asked in ((0, 1), (9, 1), (1, 2)):
        clock.seconds += later
        assert asyncio.run(lookup.missing([Record("A", "www.acme.test", "203.0.113.10")])) == []
        assert len(servers[1].questions("A")) == asked


def test_what_is_missing_is_asked_for_at_every_call_and_only_where_it_is_missing(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2))
    servers[2].set("acme.test", "A", "192.0.2.1")
    lookup = looking(servers)
    for _ in range(3):
        assert [each.server for each in asyncio.run(lookup.missing([A]))] == ["ns2.acme.test"]
    assert (len(servers[1].questions("A")), len(servers[2].questions("A"))) == (1, 3)
    servers[2].set("acme.test", "A", "203.0.113.10")
    assert asyncio.run(lookup.missing([A])) == []


def test_another_value_of_a_name_that_was_seen_is_asked_for(servers: World) -> None:
    servers.zone("acme.test", "@ A 203.0.113.10\n", servers=(1,))
    lookup = looking(servers)
    assert asyncio.run(lookup.missing([A])) == []
    servers[1].set("acme.test", "A", "203.0.113.10", "203.0.113.11")
    assert asyncio.run(lookup.missing(ALL[:2])) == []


def test_calls_at_the_same_time_share_their_questions(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2))
    for each in servers.all:
        each.delay = 0.02
    alone, together = looking(servers), looking(servers)
    asyncio.run(alone.missing(ALL))

    async def scenario() -> None:
        await asyncio.gather(*(together.missing(ALL) for _ in range(20)))

    asyncio.run(scenario())
    assert together.queries == alone.queries


def test_records_of_one_name_share_a_question(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1,))
    assert missing(servers, *ALL[:2]) == []
    assert servers[1].questions("A") == ["acme.test"]


# the ends


def test_one_lookup_serves_many_event_loops(servers: World) -> None:
    servers.zone("acme.test", "@ 0 A 203.0.113.10\n", servers=(1,))
    lookup = looking(servers)
    for _ in range(3):
        assert asyncio.run(lookup.missing([A])) == []
    assert len(servers[1].questions("A")) == 3


def test_a_cancelled_call_ends_at_once_and_leaves_nothing_open(servers: World) -> None:
    servers.zone("acme.test", PUBLISHED, servers=(1, 2, 3))
    for each in servers.servers:
        each.behave(silence)

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        started = len(loop._selector.get_map())  # type: ignore[attr-defined] # the only list of sockets that there is
        call = asyncio.create_task(Lookup([str(servers.resolver)], timeout=60).missing(ALL))
        while not servers[1].asked:  # noqa: ASYNC110 - the servers have threads of their own
            await asyncio.sleep(0.01)
        began = loop.time()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.sleep(0)
        assert loop.time() - began < 5
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert len(loop._selector.get_map()) == started  # type: ignore[attr-defined] # see above

    asyncio.run(scenario())


@pytest.mark.parametrize("resolvers", [["ns1.example.net"], ["192.0.2.53", "192.0.2.53:http"]])
def test_a_wrong_resolver_is_refused(resolvers: list[str]) -> None:
    with pytest.raises(ValueError, match="is no address of a DNS resolver"):
        Lookup(resolvers)


@pytest.mark.parametrize("timeout", [0, -1.5])
def test_a_time_out_without_time_is_refused(timeout: float) -> None:
    with pytest.raises(ValueError, match="leaves no time for an answer"):
        Lookup(timeout=timeout)


def test_importing_it_does_not_load_dnspython() -> None:
    program = "import sys, pulumi_revcent_portal.dns.lookup; print('dns' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "False"
