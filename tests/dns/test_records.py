"""What a record may be, when a value is the wanted one, and how a sighting reads."""

from __future__ import annotations

import re

import pytest

from pulumi_revcent_portal.dns.records import Record, Sighting, State

NS = "ns1.example.net"


@pytest.mark.parametrize(
    ("kind", "name", "value", "message"),
    [
        ("MX", "acme.com", "mail.acme.com", "'MX' is no type of record that can be looked for: A, AAAA, "),
        ("a", "acme.com", "192.0.2.1", "'a' is no type of record"),
        ("A", "", "192.0.2.1", "'' is no domain name"),
        ("A", "acme.com", "192.0.2.256", "A record of acme.com has the value '192.0.2.256', which is no IPv4 address"),
        ("AAAA", "acme.com", "192.0.2.1", "which is no IPv6 address."),
        ("CNAME", "x.acme.com", "two words", "'two words' is no domain name."),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused(kind: str, name: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Record(kind, name, value)


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("AAAA", "2001:DB8:0::1", "2001:db8::1"),
        ("CNAME", "Target.Example.net.", "target.example.NET"),
        ("CNAME", "bücher.example.", "xn--bcher-kva.example"),
        ("TXT", "v=spf1 -all", "v=spf1 -all"),
    ],
)
def test_a_value_may_be_written_in_more_than_one_way(kind: str, value: str, found: str) -> None:
    assert Record(kind, "acme.com", value).matches(found)


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [("A", "192.0.2.1", "192.0.2.11"), ("CNAME", "a.example", "b.example"), ("TXT", "Token", "token")],
)
def test_another_value_is_another_value(kind: str, value: str, found: str) -> None:
    assert not Record(kind, "acme.com", value).matches(found)


@pytest.mark.parametrize(
    ("sighting", "text"),
    [
        (Sighting(Record("A", "acme.com.", "192.0.2.1"), NS, State.VISIBLE), "A acme.com is on ns1.example.net"),
        (
            Sighting(Record("CNAME", "_x.acme.com", "t.example"), NS, State.NO_NAME),
            "CNAME _x.acme.com not on ns1.example.net",
        ),
        (
            Sighting(Record("CNAME", "_x.acme.com", "t.example"), NS, State.NO_RECORD),
            "CNAME _x.acme.com not on ns1.example.net (the name is there, without such a record)",
        ),
        (
            Sighting(Record("A", "acme.com", "203.0.113.10"), NS, State.OTHER_VALUE, ("192.0.2.8", "192.0.2.9")),
            "A acme.com is 192.0.2.8, 192.0.2.9 on ns1.example.net, not 203.0.113.10",
        ),
        (
            Sighting(Record("CNAME", "x.acme.com", "t.example."), NS, State.OTHER_VALUE, ("o.example",)),
            "CNAME x.acme.com is o.example on ns1.example.net, not t.example",
        ),
        (
            Sighting(Record("A", "acme.com", "203.0.113.10"), NS, State.NO_ANSWER, reason="timed out after 2 s"),
            "ns1.example.net does not answer (timed out after 2 s)",
        ),
        (
            Sighting(Record("A", "acme.com", "203.0.113.10"), "", State.NO_ANSWER, reason="acme.com is not registered"),
            "A acme.com cannot be looked up: acme.com is not registered",
        ),
    ],
)
def test_a_sighting_is_a_sentence(sighting: Sighting, text: str) -> None:
    assert str(sighting) == text


def test_what_others_publish_neither_fills_a_terminal_nor_steers_it() -> None:
    shown = str(Sighting(Record("TXT", "acme.com", "token"), NS, State.OTHER_VALUE, ("\x1b[2J" + "x" * 500,)))
    assert shown.startswith('TXT acme.com is "\\x1b[2Jxxx')
    assert len(shown) < 160
