"""Servers may send anything: it is read, or it is nonsense, but nothing is raised."""

from __future__ import annotations

import dns.message
import dns.name
import dns.rdatatype
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_revcent_portal.dns.caa import record
from pulumi_revcent_portal.dns.reading import Answer, Kind, read
from pulumi_revcent_portal.dns.records import Record
from pulumi_revcent_portal.dns.transport import _Ear
from pulumi_revcent_portal.dns.verdicts import judged

NAME = dns.name.from_text("www.acme.test")
ZONE = dns.name.from_text("acme.test")
TYPES = ("A", "AAAA", "CNAME", "TXT", "CAA", "SOA")
WANTED = {
    "A": Record("A", "www.acme.test", "192.0.2.1"),
    "AAAA": Record("AAAA", "www.acme.test", "2001:db8::1"),
    "CNAME": Record("CNAME", "www.acme.test", "t.example"),
    "TXT": Record("TXT", "www.acme.test", "x"),
}
ANSWER = """\
id 1
opcode QUERY
rcode NOERROR
flags QR AA
;QUESTION
www.acme.test. IN {type}
;ANSWER
www.acme.test. 60 IN CNAME a.acme.test.
a.acme.test. 60 IN A 192.0.2.9
a.acme.test. 60 IN AAAA 2001:db8::9
a.acme.test. 60 IN TXT "text" "more"
a.acme.test. 60 IN CAA 0 issue "ca.example"
;AUTHORITY
acme.test. 60 IN SOA ns1.acme.test. hostmaster.acme.test. 1 2 3 4 5
acme.test. 60 IN NS ns1.acme.test.
;ADDITIONAL
ns1.acme.test. 60 IN A 192.0.2.53
"""


def understood(wire: bytes, kind: str) -> dns.message.Message | None:
    question = dns.message.make_query(NAME, kind, id=1)
    return _Ear(question).understand(wire)


def readable(message: dns.message.Message, kind: str) -> None:
    answer, _ = read(message, NAME, dns.rdatatype.from_text(kind), ZONE)
    for value in answer.values:
        record(value)
    if kind in WANTED:
        assert str(judged(WANTED[kind], "ns1.acme.test", (answer,)))


@given(wire=st.binary(max_size=200), kind=st.sampled_from(TYPES))
def test_bytes_of_any_kind_raise_nothing(wire: bytes, kind: str) -> None:
    message = understood(b"\x00\x01" + wire, kind)
    if message is not None:
        readable(message, kind)


@settings(max_examples=400)
@given(
    kind=st.sampled_from(TYPES),
    changes=st.lists(st.tuples(st.integers(2, 400), st.integers(0, 255)), max_size=4),
    cut=st.none() | st.integers(0, 400),
)
def test_a_damaged_answer_raises_nothing(kind: str, changes: list[tuple[int, int]], cut: int | None) -> None:
    wire = bytearray(dns.message.from_text(ANSWER.format(type=kind)).to_wire())
    for place, value in changes:
        wire[place % (len(wire) - 2) + 2] = value
    message = understood(bytes(wire[:cut]), kind)
    if message is not None:
        readable(message, kind)


@given(value=st.text(max_size=300))
def test_whatever_a_text_holds_a_sighting_is_one_printable_line(value: str) -> None:
    sighting = judged(WANTED["TXT"], "ns1.acme.test", (Answer(Kind.FOUND, (value,)),))
    assert str(sighting).isprintable()
    assert all(each.isprintable() for each in sighting.found)
