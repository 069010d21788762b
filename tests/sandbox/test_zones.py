"""The zones as a test sees and changes them past the name server, near and far, and what a state file keeps of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dns.exception
import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.controls import Controls
from tests.sandbox.dns_client import Dns

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import RemoteSandbox

    Box = Sandbox | RemoteSandbox


@pytest.fixture(params=["near", "far"])
def box(request: pytest.FixtureRequest, sandbox: Sandbox) -> Box:
    """The sandbox itself, and the same one over its control API."""
    return sandbox if request.param == "near" else Sandbox.connect(sandbox.url)


def values(box: Box, name: str, kind: str, zone: str = "acme.example") -> list[str]:
    return [
        value for each in box.records(zone) if (each["name"], each["type"]) == (name, kind) for value in each["values"]
    ]


class TestRecords:
    def test_a_zone_begins_with_its_soa_and_its_name_server(self, box: Box) -> None:
        assert box.records("Acme.Example.") == [
            {"name": "acme.example", "type": "NS", "ttl": 300, "values": ["ns1.acme.example"]},
            {
                "name": "acme.example",
                "type": "SOA",
                "ttl": 300,
                "values": ["ns1.acme.example. hostmaster.acme.example. 1 3600 600 604800 5"],
            },
            {"name": "ns1.acme.example", "type": "A", "ttl": 300, "values": ["127.0.0.1"]},
        ]

    def test_records_are_set_whole_and_removed(self, box: Box, sandbox: Sandbox) -> None:
        box.set_record("www.acme.example", "A", ["192.0.2.1", "192.0.2.2"], ttl=60)
        box.set_record("WWW.acme.example.", "a", "192.0.2.3")
        assert values(box, "www.acme.example", "A") == ["192.0.2.3"]
        assert Dns(sandbox).values("www.acme.example") == ["192.0.2.3"]
        box.remove_record("www.acme.example", "A")
        assert values(box, "www.acme.example", "A") == []
        with pytest.raises(KeyError, match=r"no A record www\.acme\.example"):
            box.remove_record("www.acme.example", "A")

    @pytest.mark.parametrize(
        ("kind", "given", "shown", "on_the_wire"),
        [
            ("CNAME", "x.cert.revcent.example", "x.cert.revcent.example", "x.cert.revcent.example."),
            ("CNAME", "x.cert.revcent.example.", "x.cert.revcent.example", "x.cert.revcent.example."),
            ("TXT", "v=spf1 -all", "v=spf1 -all", '"v=spf1 -all"'),
            ("TXT", 'a "quoted" \\ word; é', 'a "quoted" \\ word; é', '"a \\"quoted\\" \\\\ word; \\195\\169"'),
            ("TXT", '"one" "two"', "onetwo", '"one" "two"'),
            ("TXT", "", "", '""'),
            ("TXT", "x" * 300, "x" * 300, f'"{"x" * 255}" "{"x" * 45}"'),
            ("MX", "10 mail.acme.example", "10 mail.acme.example.", "10 mail.acme.example."),
            ("CAA", '0 issue ";"', '0 issue ";"', '0 issue ";"'),
        ],
    )
    def test_values_are_taken_as_people_write_them(
        self, sandbox: Sandbox, kind: str, given: str, shown: str, on_the_wire: str
    ) -> None:
        sandbox.set_record("x.acme.example", kind, [given])
        assert values(sandbox, "x.acme.example", kind) == [shown]
        assert Dns(sandbox).values("x.acme.example", kind) == [on_the_wire]

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (
                ("www.acme.example", "A", ["300.0.0.1"]),
                ValueError,
                "'300.0.0.1' is not the value of a record of type A",
            ),
            (("www.acme.example", "A", [1]), ValueError, "1 is not the value"),
            (("www.acme.example", "A", []), ValueError, r"remove_record\(\)"),
            (("www.acme.example", "HOST", ["x"]), ValueError, "no type of DNS records 'HOST'"),
            (("www.acme.example", "ANY", ["x"]), ValueError, "cannot hold records of type ANY"),
            (("www.acme.example", "SOA", ["a. b. 1 1 1 1 1"]), ValueError, "keeps its SOA record itself"),
            (("www.acme.example", "CNAME", ["a.example", "b.example"]), ValueError, "one record of type CNAME only"),
            (("acme.example", "CNAME", ["a.example"]), ValueError, r"CNAME cannot stand beside .*acme\.example has"),
            (("alias.acme.example", "A", ["192.0.2.1"]), ValueError, "has CNAME"),
            (("a..b", "A", ["192.0.2.1"]), ValueError, "'a..b' is no domain name"),
            (
                ("www.acme.test", "A", ["192.0.2.1"]),
                KeyError,
                r"www\.acme\.test is in none .*bolt\.example.*add_zone\(\)",
            ),
            (("www.acme.example", "A", ["192.0.2.1"], -1), ValueError, "TTL is a number of seconds"),
            (("www.acme.example", "A", ["192.0.2.1"], True), ValueError, "TTL is a number of seconds"),
        ],
    )
    def test_what_cannot_be_says_why(self, box: Box, arguments: Any, error: type[Exception], message: str) -> None:
        box.set_record("alias.acme.example", "CNAME", ["acme.example"])
        before = box.records("acme.example")
        with pytest.raises(error, match=message):
            box.set_record(*arguments)
        assert box.records("acme.example") == before

    @pytest.mark.parametrize("kind", ["SOA", "NS"])
    def test_what_a_zone_needs_stays(self, box: Box, kind: str) -> None:
        with pytest.raises(ValueError, match=f"cannot be without its {kind} record"):
            box.remove_record("acme.example", kind)

    def test_a_removal_elsewhere(self, box: Box) -> None:
        with pytest.raises(KeyError, match="in none of the zones"):
            box.remove_record("acme.test", "A")
        with pytest.raises(ValueError, match="no type of DNS records"):
            box.remove_record("acme.example", "HOST")


class TestZones:
    def test_a_zone_is_made_once(self, box: Box, sandbox: Sandbox) -> None:
        assert "new.example" not in box.dns_zones
        box.add_zone("New.example")
        box.set_record("new.example", "A", ["192.0.2.1"])
        box.add_zone("new.example.")
        assert Dns(sandbox).values("new.example") == ["192.0.2.1"]
        assert "new.example" in box.dns_zones
        sandbox.reset()
        assert "new.example" not in box.dns_zones

    @pytest.mark.parametrize(("name", "message"), [(".", "root"), ("", "root"), ("a..b", "no domain name")])
    def test_what_is_no_zone(self, box: Box, name: str, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            box.add_zone(name)

    def test_records_of_no_zone(self, box: Box) -> None:
        with pytest.raises(KeyError, match=r"www\.acme\.example is in none"):
            box.records("www.acme.example")
        with Sandbox.start(seed={}) as empty, pytest.raises(KeyError, match="none of the zones of this sandbox: none"):
            empty.records("acme.example")

    def test_the_server_and_its_key_are_told(self, box: Box, sandbox: Sandbox) -> None:
        assert box.dns_address == f"127.0.0.1:{box.dns_port}"
        assert (box.dns_port, box.dns_key_name) == (sandbox.dns_port, "sandbox-demo")
        assert box.dns_key_secret == sandbox.dns_key_secret
        box.dns_fault("timeout", name="acme")
        with pytest.raises(dns.exception.Timeout):
            Dns(sandbox, timeout=0.5).ask("acme.example")
        assert [call["fault"] for call in box.dns_calls] == ["timeout"]

    def test_without_a_server_there_is_no_address(self) -> None:
        controls = Controls()
        assert (controls.dns_address, controls.dns_port) == ("", 0)


class TestState:
    def test_records_and_serial_numbers_survive(self, tmp_path: Path) -> None:
        with Sandbox.start(state=tmp_path / "state.db") as first:
            first.add_zone("new.example")
            first.set_record("new.example", "TXT", ['plain "text"'], ttl=77)
            update = Dns(first).new()
            update.add("www", 60, "A", "192.0.2.1")
            Dns(first).change(update)
            before = {zone: first.records(zone) for zone in first.dns_zones}
        with Sandbox.start(state=tmp_path / "state.db") as second:
            assert {zone: second.records(zone) for zone in second.dns_zones} == before
            assert values(second, "acme.example", "SOA")[0].split()[2] == "2"
            second.reset()
        with Sandbox.start(state=tmp_path / "state.db") as third:
            assert "new.example" not in third.dns_zones
            assert values(third, "www.acme.example", "A") == []

    def test_a_state_file_from_before_there_were_zones_gets_them(self, tmp_path: Path) -> None:
        Controls(tmp_path / "state.db", {"objects": {}}).close()
        with Sandbox.start(state=tmp_path / "state.db") as sandbox:
            assert "bolt.example" in sandbox.dns_zones

    def test_the_name_server_moves_with_its_address(self, tmp_path: Path) -> None:
        with Sandbox.start(state=tmp_path / "state.db") as first:
            first.set_record("ns1.acme.example", "AAAA", ["::1"])
        with Sandbox.start(state=tmp_path / "state.db", host="127.0.0.2") as second:
            assert values(second, "ns1.acme.example", "A") == ["127.0.0.2"]
            assert values(second, "ns1.acme.example", "AAAA") == []
            second.add_zone("new.example")
            assert values(second, "ns1.new.example", "A", "new.example") == ["127.0.0.2"]

    def test_no_dns_key_is_in_the_file(self, tmp_path: Path) -> None:
        with Sandbox.start(state=tmp_path / "state.db") as sandbox:
            secret = sandbox.dns_key_secret.encode()
            assert all(secret not in path.read_bytes() for path in tmp_path.iterdir())
