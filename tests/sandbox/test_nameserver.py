"""The name server's answers and its sockets: what a query meets, over UDP and TCP, and what a fault makes of it."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import time
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.tsig
import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.nameserver import _reachable
from pulumi_revcent_portal.sandbox.sockets import PortInUseError, bound_for_dns
from tests.sandbox.dns_client import Dns, rcode


@pytest.fixture
def dns_client(sandbox: Sandbox) -> Dns:
    return Dns(sandbox)


class TestAnswers:
    def test_an_answer_is_authoritative_and_offers_no_recursion(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("acme.example", "A", ["203.0.113.10", "203.0.113.20"], ttl=60)
        for tcp in (False, True):
            answer = dns_client.ask("ACME.example.", tcp=tcp)
            assert rcode(answer) == "NOERROR"
            assert answer.flags & dns.flags.AA
            assert not answer.flags & (dns.flags.RA | dns.flags.TC)
            assert sorted(item.to_text() for item in answer.answer[0]) == ["203.0.113.10", "203.0.113.20"]
            assert answer.answer[0].ttl == 60
            assert answer.authority == []

    @pytest.mark.parametrize("zone", ["acme.example", "acme-us.example", "acme-eu.example", "bolt.example"])
    def test_every_zone_of_the_examples_names_this_server(self, sandbox: Sandbox, dns_client: Dns, zone: str) -> None:
        answer = dns_client.ask(zone, "NS")
        assert [item.to_text() for item in answer.answer[0]] == [f"ns1.{zone}."]
        assert [str(each) for each in answer.additional] == [f"ns1.{zone}. 300 IN A 127.0.0.1"]
        assert dns_client.values(f"ns1.{zone}") == ["127.0.0.1"]
        assert zone in sandbox.dns_zones

    def test_no_such_name_and_no_such_record_are_told_apart(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("_proof.deep.acme.example", "TXT", ["here"])
        for name, kind, code in [
            ("nobody.acme.example", "A", "NXDOMAIN"),
            ("acme.example", "AAAA", "NOERROR"),
            ("_proof.deep.acme.example", "A", "NOERROR"),
            ("deep.acme.example", "A", "NOERROR"),  # nothing is at it, but something below it
        ]:
            answer = dns_client.ask(name, kind)
            assert (rcode(answer), answer.answer) == (code, []), name
            assert answer.flags & dns.flags.AA
            (soa,) = answer.authority
            assert (soa.name.to_text(), soa.rdtype, soa.ttl) == ("acme.example.", dns.rdatatype.SOA, 5)

    @pytest.mark.parametrize("name", ["acme.test", "example", ".", "notacme.example"])
    def test_what_is_in_no_zone_of_it_is_refused(self, dns_client: Dns, name: str) -> None:
        answer = dns_client.ask(name)
        assert (rcode(answer), answer.flags & dns.flags.AA, answer.authority) == ("REFUSED", 0, [])

    def test_the_longest_zone_answers(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.add_zone("eu.acme.example")
        sandbox.set_record("www.eu.acme.example", "A", ["192.0.2.1"])
        answer = dns_client.ask("nobody.eu.acme.example")
        assert answer.authority[0].name.to_text() == "eu.acme.example."
        assert not any("www" in each["name"] for each in sandbox.records("acme.example"))

    def test_a_cname_is_followed_inside_its_zone(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("www.acme.example", "CNAME", ["shop.acme.example"])
        sandbox.set_record("shop.acme.example", "CNAME", ["acme.example."])
        sandbox.set_record("acme.example", "A", ["192.0.2.1"])
        chain = [(each.name.to_text(), each.rdtype.name) for each in dns_client.ask("www.acme.example").answer]
        assert chain == [("www.acme.example.", "CNAME"), ("shop.acme.example.", "CNAME"), ("acme.example.", "A")]
        assert dns_client.values("www.acme.example", "CNAME") == ["shop.acme.example."]
        assert len(dns_client.ask("www.acme.example", "CNAME").answer) == 1
        assert len(dns_client.ask("www.acme.example", "ANY").answer) == 1

    def test_a_cname_that_leads_out_of_its_zone_is_all_there_is(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("out.acme.example", "CNAME", ["bolt.example"])
        sandbox.set_record("bolt.example", "A", ["192.0.2.1"])
        answer = dns_client.ask("out.acme.example")
        assert [each.rdtype.name for each in answer.answer] == ["CNAME"]
        assert (rcode(answer), answer.authority) == ("NOERROR", [])

    def test_a_cname_to_nothing_says_so(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("www.acme.example", "CNAME", ["gone.acme.example"])
        answer = dns_client.ask("www.acme.example")
        assert (rcode(answer), len(answer.answer), len(answer.authority)) == ("NXDOMAIN", 1, 1)

    def test_cnames_in_a_circle_end(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("a.acme.example", "CNAME", ["b.acme.example"])
        sandbox.set_record("b.acme.example", "CNAME", ["a.acme.example"])
        answer = dns_client.ask("a.acme.example")
        assert (rcode(answer), len(answer.answer)) == ("NOERROR", 2)

    def test_a_wildcard_stands_for_what_is_not_there(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("*.acme.example", "A", ["192.0.2.7"])
        assert dns_client.ask("any.name.acme.example").answer[0].name.to_text() == "any.name.acme.example."
        assert dns_client.values("any.acme.example") == ["192.0.2.7"]
        assert rcode(dns_client.ask("any.acme.example", "TXT")) == "NOERROR"
        assert rcode(dns_client.ask("x.ns1.acme.example")) == "NXDOMAIN"  # ns1 is nearer than the star

    def test_any_answers_all_types(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("acme.example", "TXT", ["v=spf1 -all"])
        assert {each.rdtype.name for each in dns_client.ask("acme.example", "ANY").answer} == {"NS", "SOA", "TXT"}

    @pytest.mark.parametrize("kind", ["AXFR", "IXFR", "MAILB"])
    def test_transfers_are_refused(self, dns_client: Dns, kind: str) -> None:
        query = dns.message.make_query("acme.example", kind)
        wire = dns.query.tcp(query, "127.0.0.1", port=dns_client.port, timeout=5, ignore_trailing=True)
        assert rcode(wire) == "REFUSED"


class TestMessages:
    def test_long_answers_are_cut_over_udp_and_whole_over_tcp(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("long.acme.example", "TXT", [f"{number:03d}" + "x" * 200 for number in range(5)])
        plain = dns_client.ask("long.acme.example", "TXT")
        assert plain.flags & dns.flags.TC
        assert plain.answer == []
        assert len(plain.to_wire()) <= 512
        assert not dns_client.ask("long.acme.example", "TXT", use_edns=0, payload=1232).flags & dns.flags.TC
        assert dns_client.ask("long.acme.example", "TXT", use_edns=0, payload=800).flags & dns.flags.TC
        whole = dns_client.ask("long.acme.example", "TXT", tcp=True)
        assert not whole.flags & dns.flags.TC
        assert len(whole.answer[0]) == 5

    def test_no_datagram_is_larger_than_a_packet(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.set_record("long.acme.example", "TXT", [f"{number:03d}" + "x" * 200 for number in range(15)])
        assert dns_client.ask("long.acme.example", "TXT", use_edns=0, payload=4096).flags & dns.flags.TC

    def test_edns_is_answered_with_edns_and_a_later_version_refused(self, dns_client: Dns) -> None:
        assert dns_client.ask("acme.example").edns == -1
        assert dns_client.ask("acme.example", use_edns=0).payload == 1232
        assert rcode(dns_client.ask("acme.example", use_edns=1)) == "BADVERS"

    @pytest.mark.parametrize(
        ("alter", "code"),
        [
            (lambda query: query.set_opcode(dns.opcode.NOTIFY), "NOTIMP"),
            (lambda query: query.question.clear(), "FORMERR"),
            (lambda query: query.question.append(query.question[0]), "FORMERR"),
        ],
    )
    def test_what_is_no_query_is_told_so(self, dns_client: Dns, alter: Any, code: str) -> None:
        query = dns.message.make_query("acme.example", "A")
        alter(query)
        assert rcode(dns.message.from_wire(exchange(dns_client, query.to_wire()))) == code

    def test_another_class_is_refused(self, dns_client: Dns) -> None:
        assert rcode(dns_client.ask("acme.example", rdclass="CH")) == "REFUSED"

    def test_garbage_behind_a_header_is_a_format_error(self, dns_client: Dns) -> None:
        answer = exchange(dns_client, struct.pack("!HHHHHH", 4711, 0x0100, 1, 0, 0, 0) + b"\xff" * 9)
        assert struct.unpack("!HHHHHH", answer) == (4711, 0x8101, 0, 0, 0, 0)

    @pytest.mark.parametrize("wire", [b"", b"short", struct.pack("!HHHHHH", 1, 0x8000, 0, 0, 0, 0)])
    def test_what_is_too_short_or_an_answer_itself_is_not_answered(self, dns_client: Dns, wire: bytes) -> None:
        with pytest.raises(TimeoutError):
            exchange(dns_client, wire, timeout=0.1)
        assert rcode(dns_client.ask("acme.example")) == "NOERROR"

    def test_a_tcp_connection_takes_many_messages_in_any_pieces(self, dns_client: Dns) -> None:
        queries = [dns.message.make_query("acme.example", kind) for kind in ("NS", "SOA")]
        stream = b"".join(len(query.to_wire()).to_bytes(2, "big") + query.to_wire() for query in queries)
        with socket.create_connection(("127.0.0.1", dns_client.port), timeout=5) as connection:
            for piece in (stream[:1], stream[1:5], stream[5:]):
                connection.sendall(piece)
                time.sleep(0.02)
            for query in queries:
                answer, _ = dns.query.receive_tcp(connection, time.time() + 5)
                assert answer.id == query.id

    def test_a_signed_query_gets_a_signed_answer(self, dns_client: Dns) -> None:
        query = dns.message.make_query("acme.example", "NS")
        query.use_tsig(dns_client.key)
        assert dns_client.send(query).had_tsig


def exchange(client: Dns, wire: bytes, timeout: float = 5) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(timeout)
        sender.sendto(wire, ("127.0.0.1", client.port))
        return sender.recv(65535)


class TestFaults:
    def test_silence(self, sandbox: Sandbox) -> None:
        impatient = Dns(sandbox, timeout=0.5)
        sandbox.dns_fault("timeout", times=2)
        for tcp in (False, True):
            with pytest.raises(dns.exception.Timeout):
                impatient.ask("acme.example", tcp=tcp)
        assert rcode(Dns(sandbox).ask("acme.example")) == "NOERROR"
        assert [(call["fault"], call["answer"]) for call in sandbox.dns_calls] == [
            ("timeout", None),
            ("timeout", None),
            (None, "NOERROR"),
        ]

    @pytest.mark.parametrize("kind", ["servfail", "refused"])
    def test_refusals(self, sandbox: Sandbox, dns_client: Dns, kind: str) -> None:
        sandbox.dns_fault(kind)
        answer = dns_client.ask("acme.example", "NS")
        assert (rcode(answer), answer.answer) == (kind.upper(), [])
        assert rcode(dns_client.ask("acme.example", "NS")) == "NOERROR"

    def test_truncation_is_for_udp_only(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.dns_fault("truncate", times=None)
        for _ in range(2):
            assert dns_client.ask("acme.example", "NS").flags & dns.flags.TC
            assert dns_client.ask("acme.example", "NS", tcp=True).answer
        sandbox.clear_faults()
        assert dns_client.ask("acme.example", "NS").answer

    def test_only_some_names_and_only_later(self, sandbox: Sandbox, dns_client: Dns) -> None:
        sandbox.dns_fault("servfail", name=r"^_.*\.acme\.example$", after=1)
        codes = [
            rcode(dns_client.ask(name))
            for name in ("acme.example", "_A.acme.example", "_b.ACME.example", "_c.acme.example")
        ]
        assert codes == ["NOERROR", "NXDOMAIN", "SERVFAIL", "NXDOMAIN"]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"kind": "explode"}, "no DNS fault 'explode'.*timeout, timeout_after, servfail, refused, truncate"),
            ({"kind": "timeout", "name": "("}, "no regular expression"),
            ({"kind": "timeout", "times": 0}, "'times' one from 1"),
            ({"kind": "timeout", "after": -1}, "'after' is a number"),
            ({"kind": "timeout", "after": True}, "'after' is a number"),
        ],
    )
    def test_a_wrong_fault_says_what_there_is(self, sandbox: Sandbox, arguments: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            sandbox.dns_fault(**arguments)


class TestPorts:
    def test_a_port_in_use(self) -> None:
        with Sandbox.start() as first, pytest.raises(PortInUseError, match=f"port {first.dns_port}.*another port"):
            Sandbox.start(dns_port=first.dns_port)
        with Sandbox.start(dns_port=first.dns_port) as second:
            assert second.dns_port == first.dns_port

    def test_a_port_that_only_tcp_has_lost_is_in_use_and_never_chosen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(PortInUseError, match=f"port {port}"):
                bound_for_dns("127.0.0.1", port)
            monkeypatch.setattr("pulumi_revcent_portal.sandbox.sockets.bound", unlucky(port))
            with pytest.raises(PortInUseError, match="another"):
                bound_for_dns("127.0.0.1", 0)

    def test_it_ends_with_open_connections(self) -> None:
        with Sandbox.start() as sandbox:
            connection = socket.create_connection(("127.0.0.1", sandbox.dns_port), timeout=5)
            assert rcode(Dns(sandbox).ask("acme.example", tcp=True)) == "NOERROR"
        with connection:
            assert connection.recv(1) == b""

    def test_a_server_that_never_started_can_be_stopped(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortInUseError):
            Sandbox.start(port=taken.getsockname()[1])

    @pytest.mark.parametrize(
        ("host", "client"),
        [("127.0.0.2", "127.0.0.2"), ("0.0.0.0", "127.0.0.1"), ("::", "::1")],  # noqa: S104
    )
    def test_where_clients_on_this_machine_find_it(self, host: str, client: str) -> None:
        assert _reachable(host) == client

    def test_ipv6(self) -> None:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("this machine has no IPv6")
        with Sandbox.start(host="::1") as sandbox:
            assert sandbox.dns_address == f"[::1]:{sandbox.dns_port}"
            assert Dns(sandbox).values("ns1.acme.example", "AAAA") == ["::1"]


def unlucky(port: int) -> Any:
    from pulumi_revcent_portal.sandbox import sockets  # noqa: PLC0415 - the one that is replaced

    real = sockets.bound

    def bound(host: str, _port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
        return real(host, port, kind)

    return bound


class TestDig:
    @pytest.fixture
    def dig(self, sandbox: Sandbox) -> Any:
        if not shutil.which("dig"):
            pytest.skip("dig is not installed (Debian: bind9-dnsutils)")

        def ask(*arguments: str) -> str:
            command = ["dig", "@127.0.0.1", "-p", str(sandbox.dns_port), "+time=5", "+tries=1", *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout

        return ask

    def test_dig_reads_it(self, sandbox: Sandbox, dig: Any) -> None:
        sandbox.set_record("www.acme.example", "CNAME", ["acme.example"])
        sandbox.set_record("acme.example", "A", ["192.0.2.1"])
        assert dig("+short", "www.acme.example").split() == ["acme.example.", "192.0.2.1"]
        assert "status: NXDOMAIN" in dig("nobody.acme.example")
        assert "flags: qr aa" in dig("+tcp", "+norecurse", "SOA", "acme.example")
