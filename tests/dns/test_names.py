"""Names as people and RevCent write them."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.dns.names import ancestors, parse, shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("acme.com", "acme.com"),
        (" acme.com. ", "acme.com"),
        ("_x.Bücher.Example", "_x.xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("*.acme.com", "*.acme.com"),
    ],
)
def test_a_name_is_read_as_it_is_written(text: str, name: str) -> None:
    assert shown(parse(text)) == name


@pytest.mark.parametrize(
    "text", ["", ".", "a..com", "x" * 64 + ".com", "two words.com", "-ü-.com", ".".join(["a" * 60] * 5)]
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no domain name"):
        parse(text)


def test_climbing_ends_at_the_top_level_domain() -> None:
    assert [shown(each) for each in ancestors(parse("x.acme.co.uk"))] == ["x.acme.co.uk", "acme.co.uk", "co.uk", "uk"]
