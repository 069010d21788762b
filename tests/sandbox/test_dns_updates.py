"""Dynamic updates over the wire: keys, prerequisites, what is added and removed, and what a zone never loses."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.rdataclass
import dns.rdatatype
import dns.tsig
import dns.update
import pytest

from tests.sandbox.dns_client import Dns, rcode

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.sandbox import Sandbox

Update = dns.update.UpdateMessage


@pytest.fixture
def client(sandbox: Sandbox) -> Dns:
    return Dns(sandbox)


def serial(sandbox: Sandbox, zone: str = "acme.example") -> int:
    (soa,) = [each for each in sandbox.records(zone) if each["type"] == "SOA"]
    return int(soa["values"][0].split()[2])


def held(sandbox: Sandbox, name: str) -> dict[str, list[str]]:
    return {each["type"]: each["values"] for each in sandbox.records("acme.example") if each["name"] == name}


class TestKeys:
    def test_with_the_demo_key_over_udp_and_tcp(self, sandbox: Sandbox, client: Dns) -> None:
        for tcp, value in ((False, "192.0.2.1"), (True, "192.0.2.2")):
            update = client.new()
            update.replace("www", 60, "A", value)
            answer = client.send(update, tcp=tcp)
            assert (rcode(answer), answer.had_tsig) == ("NOERROR", True)
            assert client.values("www.acme.example") == [value]
        assert held(sandbox, "www.acme.example") == {"A": ["192.0.2.2"]}

    def test_without_a_key_it_is_refused(self, sandbox: Sandbox, client: Dns) -> None:
        update = Update("acme.example")
        update.add("www", 60, "A", "192.0.2.1")
        assert client.change(update) == "REFUSED"
        assert held(sandbox, "www.acme.example") == {}

    @pytest.mark.parametrize(
        ("alter", "error"),
        [
            (lambda key: dns.tsig.Key("another", key.secret), dns.tsig.PeerBadKey),
            (lambda key: dns.tsig.Key(key.name, key.secret, "hmac-sha512"), dns.tsig.PeerBadKey),
            (lambda key: dns.tsig.Key(key.name, "AAAA"), dns.tsig.PeerBadSignature),
        ],
    )
    def test_a_wrong_key_is_told_what_is_wrong(
        self, sandbox: Sandbox, client: Dns, alter: Callable[[dns.tsig.Key], dns.tsig.Key], error: type[Exception]
    ) -> None:
        client.key = alter(client.key)
        update = client.new()
        update.add("www", 60, "A", "192.0.2.1")
        with pytest.raises(error):
            client.change(update)
        assert held(sandbox, "www.acme.example") == {}
        assert sandbox.dns_calls[-1]["answer"] == "NOTAUTH"

    def test_a_clock_that_goes_wrong_is_told_so(
        self, sandbox: Sandbox, client: Dns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = time.time
        update = client.new()
        update.add("www", 60, "A", "192.0.2.1")
        with monkeypatch.context() as patched:
            patched.setattr("dns.message.time.time", lambda: real() - 1000)
            wire = update.to_wire()
        answer = sandbox.dns.answer(wire, "tcp")
        assert answer is not None
        with pytest.raises(dns.tsig.PeerBadTime):
            dns.message.from_wire(answer, keyring=client.key, request_mac=update.mac or b"")
        seen = dns.message.from_wire(answer, keyring=False).tsig
        assert seen is not None
        assert abs(int.from_bytes(seen[0].other, "big") - real()) < 60

    def test_a_seed_has_its_own_keys(self) -> None:
        from pulumi_revcent_portal.sandbox import Sandbox as Box  # noqa: PLC0415 - only a type above

        seed = {"zones": ["mine.example"], "dns_keys": [{"name": "mine.", "secret": "c2VjcmV0"}]}
        with Box.start(seed=seed) as box:
            assert (box.dns_key_name, box.dns_key_secret, box.dns_zones) == ("mine.", "c2VjcmV0", ["mine.example"])
            update = Dns(box).new("mine.example")
            update.add("@", 60, "TXT", "x")
            assert Dns(box).change(update) == "NOERROR"
        with Box.start(seed={"dns_keys": []}) as box, pytest.raises(ValueError, match=r"no TSIG key.*dns_keys"):
            _ = box.dns_key_name
        with Box.start(seed={}) as box:
            assert (box.dns_key_name, box.dns_zones) == ("sandbox-demo", [])


class TestZones:
    @pytest.mark.parametrize("zone", ["foreign.test", "www.acme.example", "example", "."])
    def test_an_update_is_for_a_zone_of_this_server(self, client: Dns, zone: str) -> None:
        update = client.new(zone)
        update.add("x", 60, "A", "192.0.2.1")
        assert client.change(update) == "NOTAUTH"

    @pytest.mark.parametrize("section", ["prerequisite", "update"])
    def test_names_of_another_zone_are_told_so(self, sandbox: Sandbox, client: Dns, section: str) -> None:
        update = client.new()
        if section == "update":
            update.add("www", 60, "A", "192.0.2.1")
            update.add("www.bolt.example.", 60, "A", "192.0.2.1")
        else:
            update.absent("www.bolt.example.")
            update.add("www", 60, "A", "192.0.2.1")
        assert client.change(update) == "NOTZONE"
        assert held(sandbox, "www.acme.example") == {}

    def test_the_serial_number_goes_up_with_each_change_and_only_then(self, sandbox: Sandbox, client: Dns) -> None:
        before = serial(sandbox)
        for expected in (before + 1, before + 1):  # the second time nothing is new
            update = client.new()
            update.add("www", 60, "A", "192.0.2.1")
            update.add("www", 60, "A", "192.0.2.2")
            assert client.change(update) == "NOERROR"
            assert serial(sandbox) == expected
        sandbox.remove_record("www.acme.example", "A")
        assert serial(sandbox) == before + 2
        assert serial(sandbox, "bolt.example") == before

    def test_a_serial_number_can_be_given_and_counts_on_from_there(self, sandbox: Sandbox, client: Dns) -> None:
        largest = 2**32 - 1
        for given, expected in ((2**31, 2**31), (largest, largest), (5, 5), (4, 5), (2**31, 2**31), (largest, largest)):
            update = client.new()
            update.add("@", 300, "SOA", f"ns1 hostmaster {given} 3600 600 604800 5")
            update.add("www", 300, "SOA", f"ns1 hostmaster {given} 3600 600 604800 5")
            assert client.change(update) == "NOERROR"
            assert serial(sandbox) == expected, given
        sandbox.set_record("y.acme.example", "A", ["192.0.2.1"])
        assert serial(sandbox) == 1  # 0 is left out

    def test_all_or_nothing(self, sandbox: Sandbox, client: Dns) -> None:
        update = client.new()
        update.add("one", 60, "A", "192.0.2.1")
        update.add("two", 60, "A", "192.0.2.1")
        update.absent("ns1")
        assert client.change(update) == "YXDOMAIN"
        assert (held(sandbox, "one.acme.example"), serial(sandbox)) == ({}, 1)


class TestPrerequisites:
    @pytest.mark.parametrize(
        ("prerequisite", "code"),
        [
            (lambda update: update.present("www"), "NOERROR"),
            (lambda update: update.present("nobody"), "NXDOMAIN"),
            (lambda update: update.present("www", "A"), "NOERROR"),
            (lambda update: update.present("www", "TXT"), "NXRRSET"),
            (lambda update: update.absent("nobody"), "NOERROR"),
            (lambda update: update.absent("WWW"), "YXDOMAIN"),
            (lambda update: update.absent("www", "TXT"), "NOERROR"),
            (lambda update: update.absent("www", "A"), "YXRRSET"),
            (lambda update: update.present("www", "A", "192.0.2.2", "192.0.2.1"), "NOERROR"),
            (lambda update: update.present("www", "A", "192.0.2.1"), "NXRRSET"),
            (lambda update: update.present("www", "A", "192.0.2.1", "192.0.2.2", "192.0.2.3"), "NXRRSET"),
            (lambda update: update.present("nobody", "A", "192.0.2.1"), "NXRRSET"),
        ],
    )
    def test_each_is_honoured(self, sandbox: Sandbox, client: Dns, prerequisite: Any, code: str) -> None:
        sandbox.set_record("www.acme.example", "A", ["192.0.2.1", "192.0.2.2"])
        update = client.new()
        prerequisite(update)
        update.add("done", 60, "TXT", "done")
        assert client.change(update) == code
        assert (held(sandbox, "done.acme.example") != {}) is (code == "NOERROR")

    def test_one_with_a_ttl_is_a_format_error(self, sandbox: Sandbox, client: Dns) -> None:
        update = client.new()
        update.present("www", "A", "192.0.2.1")
        update.prerequisite[0].ttl = 60
        assert client.change(update) == "FORMERR"
        assert serial(sandbox) == 1


class TestChanges:
    @pytest.fixture(autouse=True)
    def _records(self, sandbox: Sandbox) -> None:
        sandbox.set_record("www.acme.example", "A", ["192.0.2.1", "192.0.2.2"])
        sandbox.set_record("www.acme.example", "TXT", ["one"])
        sandbox.set_record("alias.acme.example", "CNAME", ["www.acme.example"])

    @pytest.mark.parametrize(
        ("change", "left"),
        [
            (lambda update: update.delete("www"), {}),
            (lambda update: update.delete("www", "A"), {"TXT": ["one"]}),
            (lambda update: update.delete("www", "A", "192.0.2.1"), {"A": ["192.0.2.2"], "TXT": ["one"]}),
            (lambda update: update.delete("www", "A", "192.0.2.1", "192.0.2.2"), {"TXT": ["one"]}),
            (lambda update: update.delete("www", "A", "192.0.2.9"), {"A": ["192.0.2.1", "192.0.2.2"], "TXT": ["one"]}),
            (lambda update: update.delete("www", "AAAA"), {"A": ["192.0.2.1", "192.0.2.2"], "TXT": ["one"]}),
            (lambda update: update.delete("www", "AAAA", "::1"), {"A": ["192.0.2.1", "192.0.2.2"], "TXT": ["one"]}),
            (
                lambda update: update.add("www", 60, "TXT", "two"),
                {"A": ["192.0.2.1", "192.0.2.2"], "TXT": ["one", "two"]},
            ),
            (lambda update: update.replace("www", 60, "A", "192.0.2.3"), {"A": ["192.0.2.3"], "TXT": ["one"]}),
            # A CNAME beside other records is passed over (RFC 2136, section 3.4.2.2).
            (lambda update: update.add("www", 60, "CNAME", "x."), {"A": ["192.0.2.1", "192.0.2.2"], "TXT": ["one"]}),
        ],
    )
    def test_each_changes_what_it_says(self, sandbox: Sandbox, client: Dns, change: Any, left: Any) -> None:
        update = client.new()
        change(update)
        assert client.change(update) == "NOERROR"
        assert held(sandbox, "www.acme.example") == left

    def test_a_cname_is_alone_and_the_last_one_stays(self, sandbox: Sandbox, client: Dns) -> None:
        update = client.new()
        update.add("alias", 60, "A", "192.0.2.1")
        update.add("alias", 60, "CNAME", "other.acme.example.")
        assert client.change(update) == "NOERROR"
        assert held(sandbox, "alias.acme.example") == {"CNAME": ["other.acme.example"]}

    def test_the_last_ttl_counts_for_the_whole_set(self, sandbox: Sandbox, client: Dns) -> None:
        update = client.new()
        update.add("www", 7200, "A", "192.0.2.3")
        client.change(update)
        (ttl,) = {
            each["ttl"]
            for each in sandbox.records("acme.example")
            if (each["name"], each["type"]) == ("www.acme.example", "A")
        }
        assert ttl == 7200

    @pytest.mark.parametrize(
        "change",
        [
            lambda update: update.delete("@"),
            lambda update: update.delete("@", "NS"),
            lambda update: update.delete("@", "SOA"),
            lambda update: update.delete("@", "NS", "ns1"),
            lambda update: update.delete("@", "SOA", "ns1 hostmaster 1 3600 600 604800 5"),
        ],
    )
    def test_a_zone_keeps_its_soa_and_its_last_name_server(self, sandbox: Sandbox, client: Dns, change: Any) -> None:
        sandbox.set_record("acme.example", "A", ["192.0.2.1"])
        update = client.new()
        change(update)
        assert client.change(update) == "NOERROR"
        assert {"SOA", "NS"} <= set(held(sandbox, "acme.example"))

    def test_other_records_of_the_origin_and_other_name_servers_go(self, sandbox: Sandbox, client: Dns) -> None:
        sandbox.set_record("acme.example", "A", ["192.0.2.1"])
        sandbox.set_record("acme.example", "NS", ["ns1.acme.example", "ns2.acme.example"])
        update = client.new()
        update.delete("@", "NS", "ns2")
        update.delete("@")
        client.change(update)
        assert held(sandbox, "acme.example").keys() == {"SOA", "NS"}
        assert held(sandbox, "acme.example")["NS"] == ["ns1.acme.example"]

    @pytest.mark.parametrize("kind", ["ANY", "MAILB"])
    def test_what_no_zone_can_hold_is_a_format_error(self, client: Dns, kind: str) -> None:
        update = client.new()
        update.add("www", 60, "TXT", "x")
        update.update[0].rdtype = dns.rdatatype.from_text(kind)
        assert client.change(update) == "FORMERR"

    def test_another_class_is_a_format_error_or_another_zone(self, client: Dns) -> None:
        update = client.new()
        update.add("www", 60, "TXT", "x")
        update.update[0].rdclass = dns.rdataclass.CH
        assert client.change(update) == "FORMERR"
        chaos = Update("acme.example", rdclass=dns.rdataclass.CH, keyring=client.key)
        assert client.change(chaos) == "NOTAUTH"

    def test_a_removal_with_a_ttl_is_a_format_error(self, client: Dns) -> None:
        update = client.new()
        update.delete("www", "A", "192.0.2.1")
        update.update[0].ttl = 60
        assert client.change(update) == "FORMERR"

    def test_an_update_of_no_zone_is_a_format_error(self, client: Dns) -> None:
        update = client.new()
        update.zone.clear()
        assert client.change(update) == "FORMERR"


class TestLog:
    def test_it_tells_who_changed_what_and_no_secret(self, sandbox: Sandbox, client: Dns) -> None:
        update = client.new()
        update.add("www", 60, "A", "192.0.2.1")
        update.delete("old", "TXT")
        client.change(update)
        client.ask("www.acme.example", "A")
        first, second = sandbox.dns_calls
        assert first.pop("at") <= second.pop("at")
        assert first == {
            "transport": "tcp",
            "kind": "update",
            "name": "acme.example",
            "type": "SOA",
            "key_name": "sandbox-demo",
            "changes": ["+ www.acme.example 60 A 192.0.2.1", "- old.acme.example TXT"],
            "answer": "NOERROR",
            "fault": None,
        }
        assert (second["kind"], second["name"], second["type"], second["changes"]) == (
            "query",
            "www.acme.example",
            "A",
            [],
        )
        assert sandbox.dns_key_secret not in str(sandbox.dns_calls)
        sandbox.clear_calls()
        assert sandbox.dns_calls == []


class TestFaults:
    @pytest.mark.parametrize(("kind", "done"), [("timeout", False), ("timeout_after", True)])
    def test_an_answer_that_never_comes(self, sandbox: Sandbox, kind: str, done: bool) -> None:
        impatient = Dns(sandbox, timeout=1)
        sandbox.dns_fault(kind, name=r"^www\.acme\.example$")
        update = impatient.new()
        update.add("www", 60, "A", "192.0.2.1")
        with pytest.raises(dns.exception.Timeout):
            impatient.change(update)
        assert (held(sandbox, "www.acme.example") != {}) is done

    @pytest.mark.parametrize("kind", ["servfail", "refused"])
    def test_a_refusal_changes_nothing(self, sandbox: Sandbox, client: Dns, kind: str) -> None:
        sandbox.dns_fault(kind)
        update = client.new()
        update.add("www", 60, "A", "192.0.2.1")
        assert client.change(update) == kind.upper()
        assert held(sandbox, "www.acme.example") == {}


class TestNsupdate:
    def run(self, sandbox: Sandbox, *lines: str, key: str = "") -> subprocess.CompletedProcess[str]:
        if not shutil.which("nsupdate"):
            pytest.skip("nsupdate is not installed (Debian: bind9-dnsutils)")
        key = key or f"hmac-sha256:{sandbox.dns_key_name}:{sandbox.dns_key_secret}"
        script = "\n".join([f"server 127.0.0.1 {sandbox.dns_port}", *lines, "send", ""])
        command = ["nsupdate", "-y", key, "-t", "5", "-r", "0"]
        return subprocess.run(command, input=script, capture_output=True, text=True, check=False, timeout=30)

    def test_it_finds_the_zone_and_changes_it(self, sandbox: Sandbox) -> None:
        ended = self.run(sandbox, "prereq nxdomain www.acme.example", "update add www.acme.example 60 A 192.0.2.1")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert held(sandbox, "www.acme.example") == {"A": ["192.0.2.1"]}
        again = self.run(sandbox, "prereq nxdomain www.acme.example", "update delete www.acme.example A")
        assert again.returncode == 2
        assert "YXDOMAIN" in again.stderr
        assert held(sandbox, "www.acme.example") == {"A": ["192.0.2.1"]}

    def test_a_wrong_secret(self, sandbox: Sandbox) -> None:
        ended = self.run(sandbox, "update add www.acme.example 60 A 192.0.2.1", key="hmac-sha256:sandbox-demo:AAAA")
        assert ended.returncode != 0
        assert "BADSIG" in ended.stderr
