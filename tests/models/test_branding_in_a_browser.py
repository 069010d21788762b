"""The branded emails in a real browser: they fit a phone, whatever the names, and are readable in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.models import CustomerEmails
from pulumi_revcent_portal.models.branding import contrast

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützen & Söhne"
SMALLEST_PHONE = 320
READABLE = 4.5  # WCAG 2.2, 1.4.3
LOOKS = """
return [...document.querySelectorAll("td, h1, p, a")].filter(one => one.innerText.trim()).map(one => {
  const solid = colour => !/^rgba.*, 0\\)$/.test(colour);
  let behind = one;
  while (!solid(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  return [getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
});
"""


def show(browser: Chrome, directory: Path, *, width: int, dark: bool, **brand: Any) -> None:
    """Open the confirmation of a brand as a mail client would."""
    emails = CustomerEmails.branded(from_address="portal@acme.com", **brand)
    page = directory / "email.html"
    page.write_text(emails.dump()["confirmation"]["html"].replace("{{email_code}}", "0123456789abcdef" * 3))
    device = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    browser.get(page.as_uri())


@pytest.mark.parametrize("logo_url", [None, "https://127.0.0.1:9/logo.png"], ids=["no logo", "a logo not loaded"])
def test_it_fits_the_smallest_phone(browser: Chrome, tmp_path: Path, logo_url: str | None) -> None:
    support = f"{'customer-care-' * 4}department@{'very-' * 8}long-domain.com"
    show(browser, tmp_path, width=SMALLEST_PHONE, dark=False, brand=LONG, support_email=support, logo_url=logo_url)
    assert browser.execute_script("return document.documentElement.scrollWidth") == SMALLEST_PHONE


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("accent", ["#1f4e8c", "#ffb000", "#767676", "#ffffff", "#000000"])
def test_every_text_can_be_read(browser: Chrome, tmp_path: Path, accent: str, *, dark: bool) -> None:
    show(browser, tmp_path, width=600, dark=dark, brand="Acme", accent=accent, support_email="help@acme.com")
    found = browser.execute_script(LOOKS)
    assert len(found) >= 6
    poor = [pair for pair in found if contrast(*map(_hexadecimal, pair)) < READABLE]
    assert poor == []


def _hexadecimal(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in colour.partition("(")[2].rstrip(")").split(",")[:3])
