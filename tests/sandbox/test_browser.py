"""The pages in a real browser: foreign HTML is shown, and nothing in it runs, navigates or reaches out of its frame."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.http_api import smtp_profile

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.sandbox.http_api import Api

pytestmark = pytest.mark.browser

HOSTILE = """
<p id="shown">shown</p>
<script>document.body.dataset.ran = "script"; top.document.title = "taken"</script>
<img src="data:," onerror="document.body.dataset.ran = 'onerror'; parent.document.title = 'taken'">
<svg onload="document.body.dataset.ran = 'svg'"></svg>
<iframe srcdoc="<script>top.document.title = 'taken'</script>"></iframe>
<iframe src="javascript:top.document.title = 'taken'"></iframe>
<meta http-equiv="refresh" content="0; url=/">
<form action="/_sandbox/reset" method="post"><button id="send">send</button></form>
<a id="away" href="/" target="_top">away</a>
<a id="script" href="javascript:top.document.title = 'taken'">script</a>
</iframe><script>document.title = "taken"</script>
"><script>document.title = "taken"</script>
{{email_code}}
"""


def hostile_portal(api: Api) -> str:
    email = {"from": "a@acme.com", "subject": HOSTILE, "html": HOSTILE}
    emails = {"customer_account_confirmation": email, "customer_account_password_reset": email}
    return api.portal(customer_emails=emails, footer_html=HOSTILE, description=HOSTILE, display_name=HOSTILE)


def test_foreign_html_is_shown_and_does_nothing(sandbox: Sandbox, api: Api, browser: Chrome) -> None:
    portal_id = hostile_portal(api)
    url = f"{sandbox.url}/portals/{portal_id}"
    browser.get(url)
    title = browser.title
    frames = browser.find_elements("css selector", "iframe")
    assert len(frames) == 3
    for frame in frames:
        browser.switch_to.frame(frame)
        assert browser.find_element("id", "shown").text == "shown"
        assert browser.find_element("tag name", "body").get_attribute("data-ran") is None
        for part in ("script", "away", "send"):
            browser.find_element("id", part).click()
        assert browser.find_element("id", "shown").text == "shown"
        browser.switch_to.default_content()
        assert (browser.current_url, browser.title) == (url, title)
    assert "Acme" in title
    assert sandbox.object("customer_portal", portal_id)["name"] == "Acme"


def test_the_code_is_in_both_mails(sandbox: Sandbox, api: Api, browser: Chrome) -> None:
    browser.get(f"{sandbox.url}/portals/{api.portal()}")
    for frame in browser.find_elements("css selector", "article iframe"):
        browser.switch_to.frame(frame)
        assert browser.find_element("tag name", "body").text == "482913"
        browser.switch_to.default_content()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_is_wider_than_its_window(sandbox: Sandbox, api: Api, browser: Chrome, width: int) -> None:
    portal_id = api.portal(description="word" * 60)
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    for path in ("/", f"/portals/{portal_id}"):
        browser.get(sandbox.url + path)
        seen = browser.execute_script("const e = document.documentElement; return [e.scrollWidth, e.clientWidth]")
        assert seen[0] == seen[1] <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", [360, 1200])
def test_a_mail_server_and_its_port_stand_on_one_line(sandbox: Sandbox, api: Api, browser: Chrome, width: int) -> None:
    # A long description makes every other column as narrow as it can be.
    api.post("/smtp_profiles", smtp_profile(host="smtp.acme.example", description="Sends the emails of a portal. " * 4))
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(sandbox.url)
    (server,) = [
        each for each in browser.find_elements("css selector", "td code") if each.text == "smtp.acme.example:587"
    ]
    assert browser.execute_script("return arguments[0].getClientRects().length", server) == 1
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_keyboard_reaches_the_content(sandbox: Sandbox, browser: Chrome) -> None:
    browser.get(sandbox.url)
    browser.switch_to.active_element.send_keys("\ue004")
    assert browser.switch_to.active_element.text == "Skip to the content"
    headings = [int(found.tag_name[1]) for found in browser.find_elements("css selector", "h1, h2, h3, h4")]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
