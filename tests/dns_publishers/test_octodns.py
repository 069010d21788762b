"""Any DNS host by octoDNS: a provider in memory, and octoDNS's own for BIND. Only our record sets change."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pulumi_revcent_portal.dns.publishers.errors import Partial, PublisherError, Stale
from pulumi_revcent_portal.dns.publishers.octodns import OctoDnsPublisher
from pulumi_revcent_portal.dns.publishers.opening import open_publisher, target
from pulumi_revcent_portal.dns.publishers.planning import Intent, holds, plan
from pulumi_revcent_portal.dns.publishers.records import Change, Record, RecordSet
from tests.dns_publishers import bind
from tests.dns_publishers.bind import Bind
from tests.dns_publishers.memory import record
from tests.dns_publishers.octodns_memory import MemoryProvider

# octoDNS announces changes of version 2.0 to those who write providers
pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

CLASS = "tests.dns_publishers.octodns_memory.MemoryProvider"
TOKEN = "canary-token"
DYNAMIC = {
    "pools": {"one": {"values": [{"value": "192.0.2.1"}]}},
    "rules": [{"pool": "one"}],
}


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], dict[str, Any]]:
    records: dict[tuple[str, str], dict[str, Any]] = {
        ("", "TXT"): {"ttl": 3600, "value": "theirs"},
        ("", "MX"): {"ttl": 3600, "values": [{"preference": 10, "exchange": "mail.acme.test."}]},
        ("mail", "A"): {"ttl": 60, "values": ["192.0.2.99"]},
        ("geo", "A"): {"ttl": 60, "values": ["192.0.2.1"], "dynamic": DYNAMIC},
        ("proxied", "A"): {"ttl": 60, "values": ["192.0.2.5"], "octodns": {"cloudflare": {"proxied": True}}},
    }
    monkeypatch.setattr(MemoryProvider, "zones", {"acme.test.": records})
    monkeypatch.setattr(MemoryProvider, "applied", [])
    return records


def publisher_with(zone: str = "acme.test", provider: str = CLASS, **settings: Any) -> OctoDnsPublisher:
    described = {"kind": "octodns", "provider": provider, "settings": settings, "secrets": {"token": TOKEN}}
    made = open_publisher(zone, described)
    assert isinstance(made, OctoDnsPublisher)
    return made


def publish(
    publisher: OctoDnsPublisher, wanted: Collection[Record], added: Collection[Record] = (), **how: Any
) -> frozenset[Record]:
    done = plan(publisher.read({each.name for each in (*wanted, *added)}), Intent(wanted, added, ttl=300, **how))
    assert done.conflicts == ()
    if done.changes:
        publisher.apply(done.changes)
        assert holds(publisher.read({change.key[0] for change in done.changes}), done.changes)
    return done.added


def make(*lines: str) -> list[Record]:
    return [record(line) for line in lines]


FIRST = make(
    "A www.acme.test 192.0.2.1", "A www.acme.test 192.0.2.2", "AAAA www.acme.test 2001:db8::1",
    "CNAME _x.acme.test A.Example.", "TXT acme.test v=x; portal=acme",
)  # fmt: skip


def test_all_types_are_published_changed_and_removed(zone: Any) -> None:
    before = dict(zone)
    publisher = publisher_with(retries=2.0)
    ours = publish(publisher, FIRST)
    assert zone["www", "A"] == {"ttl": 300, "values": ["192.0.2.1", "192.0.2.2"]}
    assert zone["_x", "CNAME"] == {"ttl": 300, "value": "a.example."}
    assert zone["", "TXT"] == {"ttl": 3600, "values": ["theirs", "v=x\\; portal=acme"]}
    assert publisher.read(["acme.test"])["acme.test", "TXT"].values == {"theirs", "v=x; portal=acme"}
    ours = publish(publisher, make("A www.acme.test 192.0.2.2", "A _x.acme.test 192.0.2.3"), ours)
    assert sorted(MemoryProvider.applied[-1]) == [
        "Create _x.acme.test. A",
        "Delete _x.acme.test. CNAME",
        "Delete www.acme.test. AAAA",
        "Update acme.test. TXT",
        "Update www.acme.test. A",
    ]
    assert publish(publisher, [], ours) == frozenset()
    assert zone == before
    assert TOKEN not in repr(publisher)


def test_others_records_are_not_in_the_plan(zone: Any) -> None:
    publish(publisher_with(), make("A www.acme.test 192.0.2.1"))
    assert MemoryProvider.applied == [["Create www.acme.test. A"]]
    assert ("mail", "A") in zone


def test_what_the_host_keeps_beside_the_values_stays(zone: Any) -> None:
    publish(publisher_with(), make("A proxied.acme.test 192.0.2.6"), overwrite=True)
    assert zone["proxied", "A"]["octodns"] == {"cloudflare": {"proxied": True}}
    assert zone["proxied", "A"]["value"] == "192.0.2.6"


def test_sets_that_answer_differently_are_left_alone(zone: Any) -> None:
    del zone
    wanted = make("A geo.acme.test 192.0.2.1")
    sets = publisher_with().read(["geo.acme.test"])
    assert "answers differently" in plan(sets, Intent(wanted, [], ttl=300, overwrite=True)).conflicts[0]


def test_what_stands_in_the_way_of_a_cname_is_seen(zone: Any) -> None:
    zone["alias", "ALIAS"] = {"ttl": 60, "value": "x.example."}
    sets = publisher_with().read(["alias.acme.test"])
    wanted = make("CNAME alias.acme.test a.example")
    done = plan(sets, Intent(wanted, [], ttl=300, overwrite=True))
    assert "alias.acme.test ALIAS exists already" in done.conflicts[0]


def test_a_change_in_between_is_seen(zone: Any) -> None:
    del zone
    with pytest.raises(Stale, match="are changed by somebody else"):
        publisher_with().apply([Change(None, RecordSet("mail.acme.test", "A", frozenset({"192.0.2.1"}), 300))])
    assert MemoryProvider.applied == []


def test_a_failure_half_way_is_told_without_the_secret(zone: Any) -> None:
    done = plan(publisher_with().read({each.name for each in FIRST}), Intent(FIRST, [], ttl=300))
    with pytest.raises(Partial, match=r"failed while records were written: RuntimeError: 500 for \[secret\]") as caught:
        publisher_with(fail_after=1.0).apply(done.changes)
    assert TOKEN not in str(caught.value)
    assert len(zone) == 6


@pytest.mark.parametrize(
    ("zone_name", "provider", "settings", "words"),
    [
        ("broken.test", CLASS, {}, r"cannot read the zone broken\.test: RuntimeError: 401 for \[secret\]"),
        ("nothing.test", CLASS, {}, r"shows no zone nothing\.test\. Nothing was written\. Make the zone there first"),
        ("acme.test", "octodns_nowhere.Provider", {}, "Install its package, most likely `pip install octodns-nowhere`"),
        ("acme.test", "tests.dns_publishers.octodns_memory.None_", {}, r"has no class None_\. Correct provider"),
        ("acme.test", CLASS, {"unknown": 1}, "cannot be made with these settings and secrets: TypeError"),
        ("acme.test", "octodns.provider.yaml.YamlProvider", {"directory": "."}, "cannot be made"),
    ],
)
def test_why_nothing_can_be_read(
    zone: Any, zone_name: str, provider: str, settings: dict[str, Any], words: str
) -> None:
    del zone
    with pytest.raises(PublisherError, match=words) as caught:
        publisher_with(zone_name, provider, **settings).read([zone_name])
    assert TOKEN not in str(caught.value)


def test_a_wrong_secret_is_not_repeated(zone: Any) -> None:
    del zone
    publisher = OctoDnsPublisher("acme.test", CLASS, {}, {"token": "canary-wrong", "more": {"list": ["x", 5]}})
    with pytest.raises(PublisherError) as caught:
        publisher.read(["acme.test"])
    assert "canary" not in str(caught.value)


def test_a_provider_that_keeps_files_and_reads_them_works(tmp_path: Path) -> None:
    (tmp_path / "acme.test.yaml").write_text("mail:\n  type: A\n  value: 192.0.2.99\n")
    settings = {"directory": str(tmp_path), "escaped_semicolons": False, "default_ttl": 300.0}
    publisher = OctoDnsPublisher("acme.test", "octodns.provider.yaml.YamlProvider", settings)
    publish(publisher, [], publish(publisher, FIRST))
    assert publisher.read(["mail.acme.test"])["mail.acme.test", "A"].values == {"192.0.2.99"}


def test_a_provider_that_writes_whole_files_without_reading_them_is_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.test.").write_text("$ORIGIN acme.test.\n@ 60 IN SOA ns1 host 1 2 3 4 5\n@ 60 IN NS ns1\n")
    publisher = OctoDnsPublisher("acme.test", "octodns_bind.ZoneFileProvider", {"directory": str(tmp_path)})
    with pytest.raises(PublisherError, match="a provider that writes whole files cannot be used here"):
        publisher.read(["mail.acme.test"])


def test_octodns_keeps_quiet_about_what_others_keep(zone: Any) -> None:
    zone["odd", "TXT"] = {"ttl": 60, "value": "a;b"}
    publisher_with().read(["odd.acme.test"])
    publisher_with().read(["odd.acme.test"])
    handlers = [type(each) for each in logging.getLogger("Record").handlers]
    assert handlers == [logging.NullHandler], "else Python writes warnings to stderr, and pulumi shows them"


def test_a_provider_that_may_not_write_says_so(zone: Any) -> None:
    del zone
    change = Change(None, RecordSet("www.acme.test", "A", frozenset({"192.0.2.1"}), 300))
    with pytest.raises(PublisherError, match="apply_disabled"):
        publisher_with(apply_disabled=True).apply([change])


def test_a_type_that_the_host_does_not_have_is_refused(zone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    del zone
    monkeypatch.setattr(MemoryProvider, "SUPPORTS", {"A"})
    change = Change(None, RecordSet("www.acme.test", "TXT", frozenset({"x"}), 300))
    with pytest.raises(PublisherError, match=r"knows no TXT records\. Nothing was written"):
        publisher_with().apply([change])


def test_without_octodns_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "octodns.zone", None)
    with pytest.raises(PublisherError, match=r'pip install "pulumi_revcent_portal\[octodns\]"'):
        publisher_with().read(["acme.test"])


def test_where_records_go_is_told_without_the_secrets() -> None:
    described = {"kind": "octodns", "provider": "a.B", "settings": {"b": 1, "a": 2}, "secrets": {"t": "canary"}}
    assert target("acme.test", described) == ("acme.test", "octodns", "a.B", "[('a', 2), ('b', 1)]")


def test_octodns_s_own_provider_for_bind_publishes_on_bind() -> None:
    with bind.running("acme.test", extra='@ TXT "theirs"\nmail A 192.0.2.99\n') as server:
        _by_octodns_on_bind(server)


def _by_octodns_on_bind(server: Bind) -> None:
    publisher = OctoDnsPublisher(
        "acme.test",
        "octodns_bind.Rfc2136Provider",
        {"host": "127.0.0.1", "port": float(server.port), "key_name": bind.KEY_NAME, "key_algorithm": "hmac-sha256"},
        {"key_secret": bind.SECRET},
    )
    texts = [Record("t.acme.test", "TXT", text) for text in ("x" * 600, 'quo"ted; semi')]
    ours = publish(publisher, [*FIRST, *texts])
    assert server.ask("www.acme.test", "A") == {"192.0.2.1", "192.0.2.2"}
    assert server.ask("_x.acme.test", "CNAME") == {"a.example."}
    assert server.ask("acme.test", "TXT") == {'"theirs"', '"v=x; portal=acme"'}
    assert server.ask("mail.acme.test", "A") == {"192.0.2.99"}
    assert publish(publisher, [], ours) == frozenset()
    assert server.ask("www.acme.test", "A") == set()
    assert server.ask("acme.test", "TXT") == {'"theirs"'}
    wrong = replace(publisher, secrets={"key_secret": "d3Jvbmd3cm9uZ3dyb25n"})
    with pytest.raises(PublisherError, match=r"cannot read the zone acme\.test") as caught:
        wrong.read(["acme.test"])
    assert "d3Jvbmd3" not in str(caught.value)
