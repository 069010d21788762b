from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import Output

from pulumi_revcent_portal.models import CustomerEmails, InvalidInputs
from pulumi_revcent_portal.models.branding import contrast, readable_on
from pulumi_revcent_portal.models.placeholder import CODE, shows_email_code
from tests.strategies import lines
from tests.wrong_declarations import SENDER

if TYPE_CHECKING:
    from collections.abc import Callable

VOID = {"meta", "img", "br"}
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


class Page(HTMLParser):
    """The tags, attributes and visible text of an email, and whether its tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def htmls(**arguments: Any) -> list[str]:
    emails = CustomerEmails.branded(**{"brand": "Acme", "from_address": SENDER, **arguments}).dump()
    return [email["html"] for email in emails.values()]


def run_to_its_end(program: Callable[[], Output[None]]) -> None:
    run: Any = getattr(pulumi.runtime, "test")(program)  # noqa: B009  # Pulumi gives it no types
    run()


def colour_of(style: str | None, name: str) -> str:
    found = re.search(rf"(?<![\w-]){name}:(#[0-9a-f]{{6}})", style or "")
    assert found
    return found.group(1)


OTHER_COLOURS = set(re.findall("#[0-9a-f]{6}", htmls(accent="#ABCDEF")[0]))


def test_both_emails_are_there_and_differ() -> None:
    emails = CustomerEmails.branded(brand="Acme", from_address=SENDER).dump()
    assert [email["subject"] for email in emails.values()] == ["Confirm your Acme account", "Reset your Acme password"]
    assert [email["from_name"] for email in emails.values()] == ["Acme", "Acme"]
    assert emails["confirmation"]["html"] != emails["password_reset"]["html"]


@pytest.mark.parametrize("html", htmls(support_email="help@acme.test", logo_url="https://acme.test/logo.png?a=1&b=2"))
def test_the_emails_are_accessible(html: str) -> None:
    page = Page(html)
    assert html.startswith("<!doctype html>")
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert {table["role"] for table in page.all("table")} == {"presentation"}
    assert len(page.all("h1")) == 1
    assert page.all("img")[0]["alt"] == "Acme"
    assert page.all("img")[0]["src"] == "https://acme.test/logo.png?a=1&b=2"
    assert {"name": "color-scheme", "content": "light dark"} in page.all("meta")
    assert "prefers-color-scheme: dark" in html
    assert page.all("a") == [
        {"class": "quiet", "href": "mailto:help@acme.test", "style": "color:#4a5261;text-decoration:underline;"}
    ]


@pytest.mark.parametrize("html", htmls())
def test_nothing_is_loaded_from_elsewhere(html: str) -> None:
    assert not re.search(r"https?:|url\(|@import|<link|<script|<img", html)
    assert len(html.encode()) < 10_000  # mail clients clip long emails, Gmail at 102 kB


@pytest.mark.parametrize("html", htmls())
def test_text_reads_well_on_its_background(html: str) -> None:
    page = Page(html)
    for attributes in (*page.all("h1"), *page.all("p")):
        style = attributes["style"]
        background = colour_of(style, "background-color") if "background-color" in str(style) else "#ffffff"
        assert contrast(colour_of(style, "color"), background) >= 7
    dark = dict(re.findall(r"\.(\w+) \{ [^}]*?color: (#[0-9a-f]{6}) !important; \}", html))
    assert {"text", "quiet", "code"} <= dark.keys()
    for name in ("text", "quiet"):
        for background in ("#14171c", "#1f242c"):
            assert contrast(dark[name], background) >= 7
    assert contrast("#ffffff", "#2b323d") >= 7


@given(colours)
def test_text_on_any_accent_has_enough_contrast(accent: str) -> None:
    assert contrast(accent, readable_on(accent)) >= 4.5
    html = htmls(accent=accent)[0]
    assert f"background-color:{accent};color:{readable_on(accent)};" in html
    assert html.count(accent) == 1 or accent in OTHER_COLOURS


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert readable_on("#ffd400") == "#000000"
    assert readable_on("#1f4e8c") == "#ffffff"


@given(lines())
def test_any_brand_is_text_and_nothing_else(brand: str) -> None:
    if "{{" in brand:
        with pytest.raises(InvalidInputs, match="placeholder"):
            htmls(brand=brand)
        return
    for html in htmls(brand=brand, logo_url="https://acme.test/logo.png"):
        page = Page(html)
        assert page.all("img")[0]["alt"] == brand
        assert brand in page.text
        assert len(CODE.findall(html)) == 1
        assert shows_email_code(html)


def test_braces_of_an_output_cannot_become_a_placeholder() -> None:
    seen: list[str] = []

    def program() -> Output[None]:
        emails = CustomerEmails.branded(brand=Output.from_input("{{x}} & Söhne"), from_address=SENDER).dump()
        return Output.from_input(emails["password_reset"]["html"]).apply(seen.append)

    run_to_its_end(program)
    (html,) = seen
    assert "{{x}}" not in html
    assert "&#123;&#123;x&#125;&#125; &amp; Söhne" in html


def test_outputs_stay_outputs_and_plain_values_plain() -> None:
    seen: list[Any] = []

    def program() -> Output[None]:
        address = Output.from_input(SENDER)
        emails = CustomerEmails.branded(brand="Acme", from_address=address, support_email=address)
        dumped = emails.dump()["confirmation"]
        assert dumped["from_address"] is address
        assert dumped["subject"] == "Confirm your Acme account"
        assert isinstance(dumped["html"], Output)
        return Output.all(dumped["html"], dumped["from_address"]).apply(seen.append)

    run_to_its_end(program)
    ((html, address),) = seen
    assert address == SENDER
    assert html == htmls(support_email=SENDER)[0]


@pytest.mark.parametrize(
    ("accent", "words"),
    [("#f60", "Write '#ff6600'"), ("red", "'#1f4e8c'"), ("#12345g", "'#1f4e8c'"), ("", "'#1f4e8c'")],
)
def test_wrong_colours(accent: str, words: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        htmls(accent=accent)
    assert words in str(caught.value)
