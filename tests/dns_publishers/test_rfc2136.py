"""Dynamic updates on a real BIND: everything or nothing, signed, nobody else's records touched, clear refusals."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import dns.message
import dns.opcode
import dns.query
import dns.rcode
import pytest

from pulumi_revcent_portal.dns.publishers.errors import PublisherError, Stale, Unsure
from pulumi_revcent_portal.dns.publishers.opening import open_publisher, target
from pulumi_revcent_portal.dns.publishers.planning import Intent, holds, plan
from pulumi_revcent_portal.dns.publishers.records import Change, Record, RecordSet
from pulumi_revcent_portal.dns.publishers.rfc2136 import Rfc2136Publisher
from tests.dns_publishers import bind
from tests.dns_publishers.between import Between, between
from tests.dns_publishers.bind import Bind
from tests.dns_publishers.memory import record

EXTRA = """\
@ TXT "theirs"
mail A 192.0.2.99
exchange MX 10 mail
*.wild A 192.0.2.7
real.wild A 192.0.2.7
deep.under.wild A 192.0.2.8
part NS ns.elsewhere
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Bind]:
    with bind.running("acme.test", "other.test", extra=EXTRA) as running:
        yield running


def publisher_on(port: int, **others: Any) -> Rfc2136Publisher:
    described = {"server": "127.0.0.1", "port": float(port), "key_name": bind.KEY_NAME, "key_secret": bind.SECRET}
    made = open_publisher("Acme.test.", {"kind": "rfc2136", "key_algorithm": "hmac-sha256", **described, **others})
    assert isinstance(made, Rfc2136Publisher)
    return made


@pytest.fixture
def publisher(server: Bind) -> Rfc2136Publisher:
    return publisher_on(server.port)


@pytest.fixture
def road(server: Bind) -> Iterator[Between]:
    with between(server.port) as made:
        yield made


@pytest.fixture
def quick(road: Between) -> Rfc2136Publisher:
    """By a road on which things get lost, without patience."""
    return replace(publisher_on(road.port), timeout=0.3)


def publish(
    publisher: Rfc2136Publisher, wanted: Collection[Record], added: Collection[Record] = (), **how: Any
) -> frozenset[Record]:
    done = plan(publisher.read({each.name for each in (*wanted, *added)}), Intent(wanted, added, ttl=300, **how))
    assert done.conflicts == ()
    if done.changes:
        publisher.apply(done.changes)
        assert holds(publisher.read({change.key[0] for change in done.changes}), done.changes)
    return done.added


def make(*lines: str) -> list[Record]:
    return [record(line) for line in lines]


def test_all_types_are_published_changed_and_removed(server: Bind, publisher: Rfc2136Publisher) -> None:
    first = make(
        "A www.acme.test 192.0.2.1", "A www.acme.test 192.0.2.2", "AAAA www.acme.test 2001:db8::1",
        "CNAME x.acme.test A.Example.", "TXT acme.test portal=acme",
    )  # fmt: skip
    ours = publish(publisher, first)
    assert server.ask("www.acme.test", "A") == {"192.0.2.1", "192.0.2.2"}
    assert server.ask("www.acme.test", "AAAA") == {"2001:db8::1"}
    assert server.ask("x.acme.test", "CNAME") == {"a.example."}
    assert server.ask("acme.test", "TXT") == {'"theirs"', '"portal=acme"'}
    assert server.ttl("acme.test", "TXT") == 3600, "the others' time to live stays"
    assert server.ttl("www.acme.test", "A") == 300

    second = make("A www.acme.test 192.0.2.2", "A x.acme.test 192.0.2.3", "TXT acme.test portal=other")
    ours = publish(publisher, second, ours)
    assert server.ask("www.acme.test", "A") == {"192.0.2.2"}
    assert server.ask("www.acme.test", "AAAA") == set()
    assert server.ask("x.acme.test", "CNAME") == set()
    assert server.ask("x.acme.test", "A") == {"192.0.2.3"}

    ours = publish(publisher, make("CNAME x.acme.test b.example"), ours)
    assert server.ask("x.acme.test", "CNAME") == {"b.example."}
    assert publish(publisher, [], ours) == frozenset()
    assert server.ask("x.acme.test", "CNAME") == set()
    assert server.ask("acme.test", "TXT") == {'"theirs"'}


def test_texts_of_any_length_and_character_come_back_as_they_were(server: Bind, publisher: Rfc2136Publisher) -> None:
    texts = ["x" * 255, "y" * 256, 'quo"ted \\ back; semi', "grüße " + "é" * 300, "z" * 4000]
    wanted = [Record("text.acme.test", "TXT", text) for text in texts]
    ours = publish(publisher, wanted)
    assert publisher.read(["text.acme.test"])["text.acme.test", "TXT"].values == set(texts)
    assert len(server.ask("text.acme.test", "TXT")) == len(texts)
    publish(publisher, [], ours)
    assert server.ask("text.acme.test", "TXT") == set()


def test_a_text_in_other_pieces_is_the_same_text_and_can_be_removed(server: Bind, publisher: Rfc2136Publisher) -> None:
    server.add("pieces.acme.test", "TXT", '"port" "al=acme"')
    wanted = make("TXT pieces.acme.test portal=acme")
    assert publish(publisher, wanted) == frozenset()
    publish(publisher, [], wanted)
    assert server.ask("pieces.acme.test", "TXT") == set()


def test_a_new_time_to_live_reaches_the_server(server: Bind, publisher: Rfc2136Publisher) -> None:
    wanted = make("A ttl.acme.test 192.0.2.1", "TXT ttl.acme.test one", "TXT ttl.acme.test two")
    ours = publish(publisher, wanted)
    done = plan(publisher.read(["ttl.acme.test"]), Intent(wanted, ours, ttl=60, retime=True))
    publisher.apply(done.changes)
    assert (server.ttl("ttl.acme.test", "A"), server.ttl("ttl.acme.test", "TXT")) == (60, 60)
    assert len(server.ask("ttl.acme.test", "TXT")) == 2
    publish(publisher, [], ours)


def test_a_wildcard_is_not_taken_for_the_name_itself(server: Bind, publisher: Rfc2136Publisher) -> None:
    names = ["a.wild.acme.test", "real.wild.acme.test", "*.wild.acme.test", "b.under.wild.acme.test"]
    assert publisher.read(names).keys() == {("real.wild.acme.test", "A"), ("*.wild.acme.test", "A")}
    ours = publish(publisher, make("A a.wild.acme.test 192.0.2.1"))
    assert server.ask("a.wild.acme.test", "A") == {"192.0.2.1"}
    assert server.ask("b.wild.acme.test", "A") == {"192.0.2.7"}
    publish(publisher, [], ours)
    assert publish(publisher, make("A a.wild.acme.test 192.0.2.7")), "what is only the wildcard's is not there yet"
    publish(publisher, [], make("A a.wild.acme.test 192.0.2.7"))


def test_a_wildcard_can_be_published(server: Bind, publisher: Rfc2136Publisher) -> None:
    ours = publish(publisher, make("CNAME *.any.acme.test a.example"))
    assert server.ask("x.any.acme.test", "CNAME") == {"a.example."}
    publish(publisher, [], ours)


def test_what_stands_in_the_way_of_a_cname_is_named(publisher: Rfc2136Publisher) -> None:
    sets = publisher.read(["exchange.acme.test"])
    done = plan(sets, Intent(make("CNAME exchange.acme.test a.example"), [], ttl=300, overwrite=True))
    assert "exchange.acme.test MX exists already, and a CNAME record stands alone" in done.conflicts[0]


def test_nothing_is_written_when_a_set_changed_in_between(server: Bind, publisher: Rfc2136Publisher) -> None:
    wanted = make("A race.acme.test 192.0.2.1", "TXT race.acme.test ours")
    done = plan({}, Intent(wanted, [], ttl=300))
    server.add("race.acme.test", "A", "192.0.2.66")
    with pytest.raises(Stale, match="are changed by somebody else"):
        publisher.apply(done.changes)
    assert server.ask("race.acme.test", "TXT") == set(), "all or nothing"
    sets = publisher.read(["race.acme.test"])
    server.add("race.acme.test", "A", "192.0.2.67")
    with pytest.raises(Stale):
        publisher.apply(plan(sets, Intent(wanted, [], ttl=300, overwrite=True)).changes)
    assert server.ask("race.acme.test", "A") == {"192.0.2.66", "192.0.2.67"}


@pytest.mark.parametrize("kind", ["A", "TXT"])
def test_a_cname_that_came_in_between_is_seen(server: Bind, publisher: Rfc2136Publisher, kind: str) -> None:
    server.add("late.acme.test", "CNAME", "a.example.")
    value = "192.0.2.1" if kind == "A" else "text"
    with pytest.raises(Stale):
        publisher.apply([Change(None, RecordSet("late.acme.test", kind, frozenset({value}), 300))])
    server.remove("late.acme.test", "CNAME")


def test_a_cname_is_not_put_beside_what_cannot_be_seen(server: Bind, publisher: Rfc2136Publisher) -> None:
    server.add("odd.acme.test", "TYPE65400", r"\# 1 00")
    wanted = make("CNAME odd.acme.test a.example")
    done = plan(publisher.read(["odd.acme.test"]), Intent(wanted, [], ttl=300))
    with pytest.raises(Stale, match="Records of another type stand"):
        publisher.apply(done.changes)
    server.replace("odd.acme.test", "A", "192.0.2.1")
    before = publisher.read(["odd.acme.test"])["odd.acme.test", "A"]
    after = RecordSet("odd.acme.test", "CNAME", frozenset({"a.example"}), 300)
    with pytest.raises(PublisherError, match="passed over the record odd"):
        publisher.apply([Change(before, None), Change(None, after)])


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key_secret": "d3Jvbmd3cm9uZ3dyb25n"}, r"TSIG key 'portal\.' \(BADSIGNATURE\)\. Correct key_secret"),
        ({"key_name": "nobody."}, r"\(BADKEY\): it does not know a key of this name and algorithm \(hmac-sha256\)"),
        ({"key_algorithm": "hmac-md5"}, r"algorithm \(hmac-md5\)\. Correct key_name and key_algorithm"),
        ({"zone": "elsewhere.test"}, "answered REFUSED to a query for www.elsewhere.test A"),
        ({"zone": "part.acme.test"}, "is not the authority for www.part.acme.test"),
        ({"port": 1}, r"cannot be reached by TCP \(Connection refused\)\. Nothing was written"),
        ({"server": "no-such-host.invalid"}, r"There is no address of the name server no-such-host\.invalid"),
    ],
)
def test_why_nothing_can_be_read(publisher: Rfc2136Publisher, changes: dict[str, Any], words: str) -> None:
    changed = replace(publisher, **changes)
    with pytest.raises(PublisherError, match=words) as caught:
        changed.read([f"www.{changed.zone}"])
    assert changed.key_secret not in str(caught.value)
    assert changed.key_secret not in repr(changed)


def test_why_nothing_can_be_written(publisher: Rfc2136Publisher) -> None:
    change = Change(None, RecordSet("www.acme.test", "A", frozenset({"192.0.2.1"}), 300))
    with pytest.raises(PublisherError, match=r"answered REFUSED to an update of www\.acme\.test A\. Allow that"):
        replace(publisher, key_name="reader.").apply([change])
    with pytest.raises(PublisherError, match=r"answered NOTAUTH .*not the primary server of the zone x\.y"):
        replace(publisher, zone="x.y").apply([Change(None, RecordSet("x.y", "A", frozenset({"192.0.2.1"}), 300))])
    with pytest.raises(PublisherError, match="answered NOTZONE"):
        publisher.apply([Change(None, RecordSet("www.other.test", "A", frozenset({"192.0.2.1"}), 300))])


def test_clocks_that_differ_are_named(publisher: Rfc2136Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    import time  # noqa: PLC0415 - only its clock is moved

    now = time.time()
    monkeypatch.setattr("dns.message.time.time", lambda: now - 3600)
    with pytest.raises(PublisherError, match=r"\(BADTIME\): the clocks of the server and of this machine differ"):
        publisher.read(["www.acme.test"])


# --- a road on which things get lost ----------------------------------------------------------------------------------

CHANGE = Change(None, RecordSet("lost.acme.test", "A", frozenset({"192.0.2.1"}), 300))


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        ("request", r"did not answer within 0\.3 seconds\. Nothing was written"),
        ("connection", "closed the connection without an answer. Nothing was written"),
        ("garbage", "sent what cannot be read"),
        ("other", "sent what cannot be read"),
        ("signature", "sent an answer without a signature"),
    ],
)
def test_a_query_that_is_not_answered(road: Between, quick: Rfc2136Publisher, fate: str, words: str) -> None:
    road.queries = [fate]
    with pytest.raises(PublisherError, match=words) as caught:
        quick.read(["www.acme.test"])
    assert not isinstance(caught.value, Unsure)


@pytest.mark.parametrize("fate", ["request", "answer", "connection", "garbage", "signature"])
def test_an_update_that_is_not_answered_may_have_been_done(
    server: Bind, road: Between, quick: Rfc2136Publisher, fate: str
) -> None:
    road.updates = [fate]
    with pytest.raises(Unsure, match=r"Whether it changed the zone acme\.test is not known"):
        quick.apply([CHANGE])
    done = fate in {"answer", "garbage", "signature"}
    assert server.ask("lost.acme.test", "A") == ({"192.0.2.1"} if done else set())
    server.remove("lost.acme.test", "A")


def test_an_unsigned_answer_is_refused_whatever_the_library_says(
    publisher: Rfc2136Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsigned(query: dns.message.Message, *_: Any, **__: Any) -> dns.message.Message:
        plain = dns.message.make_query("www.acme.test", "A", id=query.id)
        return dns.message.make_response(plain)

    monkeypatch.setattr("dns.query.tcp", unsigned)
    with pytest.raises(PublisherError, match="without a signature"):
        publisher.read(["www.acme.test"])


def test_a_question_about_a_wildcard_that_is_refused_is_an_error(
    publisher: Rfc2136Publisher, road: Between, quick: Rfc2136Publisher
) -> None:
    road.updates = ["connection"]
    with pytest.raises(PublisherError, match="Nothing was written"):
        quick.read(["a.wild.acme.test"])
    assert road.seen == 1
    assert publisher.read(["a.wild.acme.test"]) == {}


def test_who_may_not_ask_about_a_wildcard_is_told(publisher: Rfc2136Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    tcp = dns.query.tcp

    def refusing(message: dns.message.Message, *given: Any, **named: Any) -> dns.message.Message:
        answer = tcp(message, *given, **named)
        if message.opcode() == dns.opcode.UPDATE:
            answer.set_rcode(dns.rcode.REFUSED)
        return answer

    monkeypatch.setattr("dns.query.tcp", refusing)
    with pytest.raises(PublisherError, match=r"REFUSED to the question whether a\.wild\.acme\.test is there"):
        publisher.read(["a.wild.acme.test"])


def test_a_server_that_does_not_serve_says_so(publisher: Rfc2136Publisher) -> None:
    assert publisher._refusal(2, "a query for x A").endswith("answered SERVFAIL to a query for x A. Its log says why.")
    assert publisher._refusal(1, "a query for x A").endswith("answered FORMERR to a query for x A.")
    assert replace(publisher, port=53).where == "name server 127.0.0.1"


def test_where_records_go_is_told_without_the_key() -> None:
    described = {"kind": "rfc2136", "server": "NS1.acme.test.", "key_name": "a", "key_secret": "b"}
    assert target("Acme.test.", described) == ("acme.test", "rfc2136", "ns1.acme.test", 53)
