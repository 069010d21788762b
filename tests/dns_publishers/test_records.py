"""Records in the form in which they are compared."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.dns.publishers.records import canonical_value
from pulumi_revcent_portal.models.dns import canonical_value as declared_value


@pytest.mark.parametrize(
    ("kind", "value", "same"),
    [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("AAAA", "2001:0DB8:0::1", "2001:db8::1"),
        ("CNAME", "A.Example.", "a.example"),
        ("CNAME", "_x.Bücher.example.", "_x.xn--bcher-kva.example"),
        ("TXT", "A.Example.", "A.Example."),
    ],
)
def test_declared_and_published_values_are_compared_in_one_form(kind: str, value: str, same: str) -> None:
    assert canonical_value(kind, value) == same
    assert declared_value(kind, value) == same


def test_an_address_that_a_host_shows_and_that_is_none_is_left_as_it_is() -> None:
    assert canonical_value("A", "ghost-1.example") == "ghost-1.example"
