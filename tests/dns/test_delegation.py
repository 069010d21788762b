"""Whose servers answer for a name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import dns.message
import dns.name
import dns.rcode
import pytest

from pulumi_revcent_portal.dns.delegation import Delegation, _is_registered, _unregistered
from pulumi_revcent_portal.dns.lookup import Lookup
from pulumi_revcent_portal.dns.records import Record
from tests.dns.clock import Clock
from tests.dns.servers import NameServer, World, lame, silence, with_rcode, world


@pytest.fixture
def servers() -> Iterator[World]:
    with world(3) as servers:
        yield servers


def looking(servers: World, clock: Clock | None = None) -> Lookup:
    return Lookup([str(servers.resolver)], timeout=0.5, clock=clock or Clock())


def delegation(servers: World, name: str) -> Delegation:
    return asyncio.run(looking(servers).delegation(name))


@pytest.mark.parametrize("name", ["acme.test", "www.acme.test", "not.there.acme.test", "ACME.test."])
def test_the_zone_above_a_name_answers_for_it(servers: World, name: str) -> None:
    servers.zone("acme.test", "www A 192.0.2.1\n", servers=(1, 2))
    found = delegation(servers, name)
    assert found.zone == "acme.test"
    assert [(each.name, each.addresses) for each in found.servers] == [
        ("ns1.acme.test", ("127.0.0.2",)),
        ("ns2.acme.test", ("127.0.0.3",)),
    ]
    assert found.problem == ""


def test_an_alias_belongs_to_the_zone_of_its_name_and_not_of_its_target(servers: World) -> None:
    servers.zone("acme.test", "www CNAME lb.other.test.\n", servers=(1,))
    servers.zone("other.test", "lb A 192.0.2.1\n", servers=(2,))
    assert delegation(servers, "www.acme.test").zone == "acme.test"


def test_a_zone_of_its_own_below_a_domain_is_found(servers: World) -> None:
    servers.zone("acme.test", "shop NS ns2.shop\nns2.shop A 127.0.0.3\n", servers=(1,))
    servers.zone("shop.acme.test", servers=(2,))
    found = delegation(servers, "www.shop.acme.test")
    assert (found.zone, [each.addresses for each in found.servers]) == ("shop.acme.test", [("127.0.0.3",)])


def test_a_zone_below_on_the_same_server_is_found(servers: World) -> None:
    servers.zone("acme.test", "shop NS ns1.shop\n", servers=(1,))
    servers.zone("shop.acme.test", servers=(1,))
    assert delegation(servers, "shop.acme.test").zone == "shop.acme.test"


def test_resolvers_are_not_asked_about_a_name_that_is_about_to_be_published(servers: World) -> None:
    servers.zone("acme.test", servers=(1,))
    asyncio.run(looking(servers).missing([Record("CNAME", "_x.portal.acme.test", "t.example")]))
    assert not any("portal" in name for name in servers.resolver.questions())


def test_the_second_server_tells_when_the_first_does_not(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))
    servers[1].behave(silence)
    lookup = looking(servers)
    asyncio.run(lookup.delegation("a.acme.test"))
    assert not any(name.startswith("a.") for name in servers.resolver.questions())


def test_when_no_server_of_the_domain_answers_the_resolvers_are_asked(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))
    for each in servers.servers:
        each.behave(with_rcode(dns.rcode.SERVFAIL))
    found = delegation(servers, "a.acme.test")
    assert found.zone == "acme.test"
    assert found.problem == (
        "ns1.acme.test does not answer for acme.test: SERVFAIL. ns2.acme.test does not answer for acme.test: SERVFAIL."
    )


def test_a_server_that_is_not_authoritative_is_told(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))
    servers[2].behave(lame)
    found = delegation(servers, "acme.test")
    problem = "ns2.acme.test does not answer for acme.test: is not authoritative for acme.test."
    assert [each.problem for each in found.servers] == ["", problem]
    assert found.problem == problem


def test_a_server_without_the_zone_is_told(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))
    servers[2].zones.clear()
    assert delegation(servers, "acme.test").problem == "ns2.acme.test does not answer for acme.test: refused."


def test_a_server_without_a_start_of_authority_is_told(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))

    def empty(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del question, tcp
        answer.answer.clear()
        return answer.to_wire()

    servers[2].behave(empty)
    found = delegation(servers, "acme.test")
    assert found.problem == "ns2.acme.test has no start of authority for acme.test."


def test_a_name_server_without_an_address_is_told_and_the_others_are_asked(servers: World) -> None:
    servers.zone("acme.test", "@ NS ns9\n", servers=(1,))
    found = delegation(servers, "acme.test")
    assert found.problem == "The name server ns9.acme.test cannot be asked: it has no address."
    assert [each.addresses for each in found.servers] == [("127.0.0.2",), ()]
    missing = asyncio.run(looking(servers).missing([Record("A", "ns1.acme.test", "127.0.0.2")]))
    assert [str(each) for each in missing] == ["ns9.acme.test does not answer (it has no address)"]


def test_a_name_server_whose_address_cannot_be_looked_up_is_told(servers: World) -> None:
    servers.zone("acme.test", servers=(1, 2))
    servers.resolver.behave(with_rcode(dns.rcode.SERVFAIL), name="ns2.acme.test")
    assert delegation(servers, "acme.test").problem == (
        "The name server ns2.acme.test cannot be asked: its addresses could not be looked up: "
        f"the resolver {servers.resolver}: SERVFAIL."
    )


def test_a_name_server_that_is_an_alias_is_asked_all_the_same(servers: World) -> None:
    servers.zone("acme.test", "@ NS alias.other.test.\n", servers=(1,))
    servers.zone("other.test", "alias CNAME real\nreal A 127.0.0.3\n", servers=(2,))
    servers[2].zones |= servers[1].zones
    found = delegation(servers, "acme.test")
    assert (found.servers[0].name, found.servers[0].addresses) == ("alias.other.test", ("127.0.0.3",))
    assert found.problem == ""


def test_a_domain_that_nobody_registered_is_told(servers: World) -> None:
    servers.zone("com", servers=(1,))
    for name in ("nobody-has-this.com", "www.nobody-has-this.com"):
        found = delegation(servers, name)
        assert found.servers == ()
        assert found.problem == (
            "nobody-has-this.com is not registered, or has no name servers yet: com does not delegate it."
        )


def test_a_top_level_domain_that_does_not_exist_is_told(servers: World) -> None:
    assert delegation(servers, "acme.test").problem == "There is no top-level domain test."


def test_resolvers_that_do_not_answer_are_told_and_asked_once(servers: World) -> None:
    servers.resolver.behave(silence)
    found = delegation(servers, "a.b.c.acme.test")
    assert found.problem == (
        f"The zone of acme.test could not be found: the resolver {servers.resolver}: timed out after 0.5 s."
    )
    assert len(servers.resolver.asked) == 2


def test_resolvers_that_refuse_a_domain_may_know_a_name_below_it(servers: World) -> None:
    servers.zone("shop.acme.test", servers=(1,))
    servers.resolver.behave(with_rcode(dns.rcode.REFUSED), name="acme.test")
    assert delegation(servers, "www.shop.acme.test").zone == "shop.acme.test"


def test_resolvers_that_know_no_zone_at_all_are_told(servers: World) -> None:
    def nothing(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del answer, tcp
        return dns.message.make_response(question, recursion_available=True).to_wire()

    servers.resolver.behave(nothing)
    assert (
        delegation(servers, "acme.test").problem
        == "The zone of acme.test could not be found: the resolvers know of none."
    )


def test_a_zone_whose_servers_cannot_be_found_is_told(servers: World) -> None:
    servers.zone("acme.test", servers=(1,))
    servers.resolver.behave(with_rcode(dns.rcode.SERVFAIL), type="NS")
    assert delegation(servers, "acme.test").problem == (
        f"The name servers of acme.test could not be found: the resolver {servers.resolver}: SERVFAIL."
    )


def test_a_zone_without_servers_is_told(servers: World) -> None:
    servers.zone("acme.test", servers=(1,))
    servers[1].remove("acme.test", "NS")
    assert delegation(servers, "acme.test").problem == "The zone acme.test names no name servers."


@pytest.mark.parametrize(("ttl", "remembered"), [(1, 5), (60, 60), (86400, 300)])
def test_a_delegation_is_remembered_for_its_time_to_live_within_limits(
    servers: World, ttl: int, remembered: int
) -> None:
    servers[1].zone("acme.test", "@ 86400 NS ns1\nns1 86400 A 127.0.0.2\n")
    soa = servers[1].zones[dns.name.from_text("acme.test")].get_rdataset("acme.test.", "SOA")
    assert soa is not None
    soa.ttl = ttl
    clock = Clock()
    lookup = looking(servers, clock)
    asyncio.run(lookup.delegation("acme.test"))
    once = len(servers.resolver.asked)
    clock.seconds += remembered - 1
    asyncio.run(lookup.delegation("acme.test"))
    assert len(servers.resolver.asked) == once
    clock.seconds += 1
    asyncio.run(lookup.delegation("acme.test"))
    assert len(servers.resolver.asked) == 2 * once


def test_names_of_one_zone_share_what_is_known_of_it(servers: World) -> None:
    servers.zone("acme.test", servers=(1,))
    lookup = looking(servers)
    for name in ("acme.test", "a.acme.test", "b.acme.test"):
        asyncio.run(lookup.delegation(name))
    assert servers.resolver.questions("NS") == ["acme.test"]


class TestResolversThatAreAuthoritative:
    """On a port of their own: the sandbox, and split DNS."""

    def test_one_is_the_server_whatever_the_zone_says_of_its_name_servers(self) -> None:
        with NameServer().zone("acme.test", "@ NS ns1.nowhere.invalid.\n@ A 192.0.2.1\n") as server:
            lookup = Lookup([str(server)], timeout=0.5)
            found = asyncio.run(lookup.delegation("www.acme.test"))
            assert [(each.name, each.addresses) for each in found.servers] == [(str(server), ("127.0.0.1",))]
            assert found.problem == ""
            assert asyncio.run(lookup.missing([Record("A", "acme.test", "192.0.2.1")])) == []
            missing = asyncio.run(lookup.missing([Record("A", "acme.test", "192.0.2.2")]))
            assert [str(each) for each in missing] == [f"A acme.test is 192.0.2.1 on {server}, not 192.0.2.2"]

    def test_all_of_them_are_that_have_the_zone(self) -> None:
        with NameServer() as first, NameServer() as second, NameServer() as other:
            for each in (first, second):
                each.zone("acme.test")
            lookup = Lookup([str(each) for each in (other, first, second)], timeout=0.5)
            found = asyncio.run(lookup.delegation("acme.test"))
            assert [each.name for each in found.servers] == [str(first), str(second)]

    def test_each_zone_may_have_one_of_its_own(self) -> None:
        with NameServer().zone("acme.test") as first, NameServer().zone("other.test") as second:
            lookup = Lookup([str(first), str(second)], timeout=0.5)
            for name, server in (("acme.test", first), ("other.test", second)):
                found = asyncio.run(lookup.delegation(name))
                assert [each.name for each in found.servers] == [str(server)]

    def test_one_that_knows_nothing_of_a_name_says_so(self) -> None:
        with NameServer().zone("acme.test") as server:
            found = asyncio.run(Lookup([str(server)], timeout=0.5).delegation("www.other.test"))
            assert found.problem == (f"The zone of www.other.test could not be found: the resolver {server}: refused.")


@pytest.mark.parametrize(
    ("name", "registered"),
    [("acme.com", True), ("www.acme.com", False), ("acme.co.uk", True), ("www.acme.co.uk", False), ("com", True)],
)
def test_a_registered_domain_is_told_from_what_is_below_it(name: str, registered: bool) -> None:
    assert _is_registered(dns.name.from_text(name)) is registered


def test_a_public_suffix_itself_is_not_unregistered() -> None:
    assert _unregistered(dns.name.from_text("co.uk"), dns.name.from_text("co.uk")) == ""
