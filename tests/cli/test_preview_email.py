from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from pulumi_revcent_portal.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

CONFIRMATION = "Account confirmation: when a customer registers"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützen & Söhne"
MARKUP = """<b>"Acme" & 'Söhne' {x}</b></iframe><script>document.title = "taken"</script>"""
FLEET = """\
smtp_profiles:
  main: {name: Mail, host: smtp.acme.com, port: 587, username: portal@acme.com, password: config:smtpPassword}
accounts:
  eu: {api_key: env:ACME_TEST_KEY}
defaults:
  recaptcha: {site_key: config:siteKey, secret_key: config:secretKey}
  smtp_profile: main
  footer_html: "<p id='shown'>Terms of [[ brand ]]</p>"
brands:
  acme: {name: Acme, domain: acme.com}
"""
BOLT = """\
  bolt:
    name: config:boltName
    domain: config:boltDomain
    group: emea
    account: eu
    smtp_profile: other
    footer_html: {file: footer.html}
    customer_emails:
      accent: "#ffb000"
      support_email: config:support
      logo_url: https://bolt.com/logo.png
      cc: [a@bolt.com, env:BOLT_TEST_COPY]
      bcc: [b@bolt.com]
      confirmation:
        subject: Welcome, {{customer_first_name}}, your code is {{ email_code }}
        html: <p id="shown">{{#if vip}}Dear{{/if}} {{customer_first_name}}, {{email_code}}</p>
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, FLEET + BOLT)
    (tmp_path / "footer.html").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "brands.yaml").write_text(text, encoding="utf-8")


def run(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of `revcent-portal preview-email ...`."""
    result = CliRunner().invoke(main, ["preview-email", *map(str, arguments)], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def page(folder: Path, *arguments: object, **environment: str) -> str:
    assert run(*arguments, **environment) == (0, "preview.html\n", "")
    return (folder / "preview.html").read_text(encoding="utf-8")


def terms(text: str) -> list[tuple[str, str]]:
    return [(term, unescape(value)) for term, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)]


def frames(text: str) -> dict[str, str]:
    """The HTML in each frame, by its title."""
    found = re.findall(r'<iframe[^>]*? title="([^"]*)" sandbox="" srcdoc="([^"]*)">', text)
    assert len(found) == text.count("<iframe")
    return {title: unescape(html) for title, html in found}


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_which_brand_of_which_file_it_shows(folder: Path) -> None:
    text = page(folder, "acme")
    sentence = re.sub(r"<.*?>", "", text.partition('<p class="lead">')[2].partition("</p>")[0])
    assert sentence == (
        "What customers of the brand acme in brands.yaml get to see: its two emails and the footer of its portal."
    )
    assert "one of its two emails" in page(folder, "acme", "--only", "confirmation")


def test_both_emails_are_shown_in_two_widths_and_two_schemes_and_the_footer_beside(folder: Path) -> None:
    shown = frames(page(folder, "acme"))
    kinds = (
        "Account confirmation: when a customer registers",
        "Password reset: when a customer asks for a new password",
    )
    assert list(shown) == [
        "Footer of the portal",
        *(
            f"{kind}, {place}, {scheme}"
            for kind in kinds
            for place in ("On a phone, 375 px", "On a computer, 600 px")
            for scheme in ("light", "dark")
        ),
    ]
    assert "<p id='shown'>Terms of Acme</p>" in shown["Footer of the portal"]
    assert all("482913" in html and "{{" not in html for title, html in shown.items() if "px" in title)


@pytest.mark.parametrize(("only", "subject"), [("confirmation", "Confirm your"), ("password_reset", "Reset your")])
def test_one_email_alone(folder: Path, only: str, subject: str) -> None:
    text = page(folder, "acme", "--only", only)
    assert re.findall(r"<h2[^>]*>(\w+ your)", text) == [subject]
    assert len(frames(text)) == 5


def test_the_code_is_what_is_asked_for_and_no_markup(folder: Path) -> None:
    text = page(folder, "bolt", "--only", "confirmation", "--code", r"<\1>")
    assert r"your code is &lt;\1&gt;</h2>" in text
    html = frames(text)[f"{CONFIRMATION}, On a phone, 375 px, light"]
    assert r", &lt;\1&gt;</p>" in html


def test_senders_recipients_and_the_facts_of_the_portal_are_told(folder: Path) -> None:
    write(folder, (FLEET + BOLT).replace("smtp_profile: other", "portal_name: Portal 2"))
    assert terms(page(folder, "bolt", "--only", "confirmation")) == [
        ("Customers see", "config:boltName"),
        ("On the domain", "config:boltDomain"),
        ("RevCent calls it", "Portal 2"),
        ("Mail profile", "main"),
        ("Account", "eu"),
        ("Group", "emea"),
        ("From", "config:boltName <portal@acme.com>"),
        ("To", "the customer"),
        ("Cc", "a@bolt.com, env:BOLT_TEST_COPY"),
        ("Bcc", "b@bolt.com"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sender"),
    [
        ("", "", "config:boltName, at the address of the mail profile other, which is not known here"),
        ("accent:", "from_name: ''\n      accent:", "no name, at the address of the mail profile other, which"),
        ("accent:", "from_name: ''\n      from_address: p@bolt.com\n      accent:", "p@bolt.com"),
    ],
)
def test_a_sender_that_is_not_known_is_told_to_be_so(folder: Path, old: str, new: str, sender: str) -> None:
    write(folder, FLEET + BOLT.replace(old, new, 1))
    assert dict(terms(page(folder, "bolt")))["From"].startswith(sender)


def test_a_profile_without_a_name_is_told_to_be_so(folder: Path) -> None:
    write(folder, re.sub("smtp_profiles:\n.*\n", "", FLEET).replace("  smtp_profile: main\n", ""))
    text = page(folder, "acme")
    assert dict(terms(text))["From"] == "Acme, at the address of the mail profile, which is not known here"
    assert "Mail profile" not in dict(terms(text))


def notes(text: str) -> list[str]:
    found = re.findall(r"<li>(.*?)</li>", text.partition('<ul class="notes">')[2].partition("</ul>")[0])
    return [unescape(re.sub(r"<.*?>", "", each)) for each in found]


def test_notes_say_what_stands_there_otherwise_than_in_a_mail(folder: Path) -> None:
    code = "482913 stands for the code that RevCent puts in the place of {{email_code}}."
    pictures = "Pictures are not loaded, as in many mail programs until the reader asks for them."
    assert notes(page(folder, "acme")) == [code]
    first, handlebars, references, last = notes(page(folder, "bolt", BOLT_TEST_COPY="c@bolt.com"))
    assert (first, last) == (code, pictures)
    assert handlebars.startswith("Shown as written, because RevCent alone knows what comes in its place: ")
    assert handlebars.endswith(": {{customer_first_name}}, {{#if vip}}, {{/if}}.")
    assert references.startswith("Without a value here, and so shown as it stands in the file: ")
    assert references.endswith(": config:boltName, config:boltDomain, config:support.")


def test_what_a_mail_program_leaves_out_is_left_out_and_told(folder: Path) -> None:
    html = "a<SCRIPT>1</script >b<link rel=x>c<iframe src=x>d</iframe>e<base>f<object>{{email_code}}<br>"
    write(folder, FLEET.replace("acme.com}", f"acme.com, customer_emails: {{confirmation: {{html: '{html}'}}}}}}"))
    text = page(folder, "acme")
    assert "</style>a b c e f 482913<br>" in frames(text)[f"{CONFIRMATION}, On a phone, 375 px, light"]
    assert notes(text)[1] == (
        "Left out, because this page runs and loads nothing: <script>, <link>, <iframe>, <base>, <object>."
    )


def test_a_domain_that_exists_and_no_footer(folder: Path) -> None:
    fleet = FLEET.replace("domain: acme.com", "tracking_domain: a1B2c3D4e5F6g7H8i9J0, footer_html: ' '")
    write(folder, fleet)
    text = page(folder, "acme")
    assert ("On the tracking domain", "a1B2c3D4e5F6g7H8i9J0") in terms(text)
    assert "The portal has no footer." in text
    assert "Footer of the portal" not in frames(text)


def test_what_a_brand_holds_is_no_markup_of_the_page(folder: Path) -> None:
    write(folder, FLEET.replace("name: Acme,", f"name: {MARKUP!r},".replace("\\'", "''")))
    text = page(folder, "acme")
    assert "<script" not in text
    assert "&lt;b&gt;&#34;Acme&#34; &amp; &#39;Söhne&#39; {x}" in text


def test_no_secret_is_in_the_page(folder: Path) -> None:
    write(folder, FLEET.replace("config:smtpPassword", "env:ACME_TEST_KEY"))
    assert "hunter2-and-more" not in page(folder, "acme", ACME_TEST_KEY="hunter2-and-more")


# -- what is wrong ----------------------------------------------------------------------------------------------------


def test_what_is_wrong_with_the_brand_is_told_with_its_line(folder: Path) -> None:
    write(folder, FLEET.replace("domain: acme.com", "domain: https://acme.com, footer_html: '[[ x ]]'"))
    code, printed, told = run("acme")
    assert (code, printed) == (1, "")
    assert told.startswith("brands.yaml:10: brands.acme.domain: 'https://acme.com' holds a scheme.")
    assert not (folder / "preview.html").exists()


def test_an_email_without_the_code_is_told(folder: Path) -> None:
    write(folder, FLEET + BOLT.replace(", {{email_code}}</p>", "</p>"))
    code, _, told = run("bolt")
    assert code == 1
    assert "brands.bolt.customer_emails.confirmation.html: does not show {{email_code}}." in told


def test_what_is_wrong_with_others_stops_nothing_and_is_counted(folder: Path) -> None:
    write(folder, FLEET + BOLT.replace('accent: "#ffb000"', "accent: red"))
    told = "1 problem in other parts of the file: 'revcent-portal brands' tells.\n"
    assert run("acme") == (0, "preview.html\n", told)
    write(folder, FLEET + BOLT.replace('accent: "#ffb000"', "accent: red").replace("group: emea", "group: '-'"))
    assert run("acme")[2] == told.replace("1 problem", "2 problems")


def test_a_brand_that_there_is_not_ends_with_2() -> None:
    assert run("acne") == (2, "", "There is no brand 'acne' in brands.yaml. Did you mean 'acme'?\n")
    assert run("zulu") == (2, "", "There is no brand 'zulu' in brands.yaml. There are: acme, bolt.\n")


def test_several_brands_that_may_be_meant_are_named(folder: Path) -> None:
    write(folder, FLEET + "".join(f"  acme-{word}: {{name: A, domain: a.com}}\n" for word in ("eu", "us", "uk")))
    assert (
        run("acme-e")[2]
        == "There is no brand 'acme-e' in brands.yaml. Did you mean 'acme-eu' or 'acme' or 'acme-uk'?\n"
    )


def test_a_file_that_cannot_be_read_ends_with_1() -> None:
    code, printed, told = run("acme", "--file", "nowhere.yaml")
    assert (code, printed) == (1, "")
    assert told.startswith("nowhere.yaml:1: there is no such file.")


def test_a_page_that_cannot_be_written_ends_with_2(folder: Path) -> None:
    code, printed, told = run("acme", "--output", folder)
    assert (code, printed) == (2, "")
    assert told == f"{folder} cannot be written: Is a directory.\n"


# -- in a browser -----------------------------------------------------------------------------------------------------

browser_test = pytest.mark.browser


def opened(browser: Chrome, folder: Path, key: str, *, width: int = 1280, dark: bool = False) -> None:
    page(folder, key)
    device = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    browser.get((folder / "preview.html").as_uri())


def shown_frames(browser: Chrome) -> list[Any]:
    return [frame for frame in browser.find_elements("css selector", "article iframe") if frame.is_displayed()]


@browser_test
@pytest.mark.parametrize("width", [375, 768, 1280])
@pytest.mark.parametrize("name", ["Acme", LONG, "'<b>\"Acme\" & {x}'"])
def test_the_page_is_as_wide_as_its_window(browser: Chrome, folder: Path, width: int, name: str) -> None:
    write(folder, FLEET.replace("name: Acme,", f"name: {name},"))
    opened(browser, folder, "acme", width=width)
    seen = browser.execute_script("const e = document.documentElement; return [e.scrollWidth, e.clientWidth]")
    assert seen[0] == seen[1] <= width
    assert browser.find_element("tag name", "h1").text == name.strip("'")


@browser_test
def test_the_emails_are_as_wide_as_the_page_says(browser: Chrome, folder: Path) -> None:
    write(folder, FLEET.replace("name: Acme,", f"name: {LONG},"))
    opened(browser, folder, "acme")
    widths = []
    for frame in shown_frames(browser):
        browser.switch_to.frame(frame)
        script = "const e = document.documentElement; return [e.clientWidth, innerWidth, e.scrollWidth]"
        widths.append(browser.execute_script(script))
        browser.switch_to.default_content()
    assert [inner for _, inner, _ in widths] == [375, 600, 375, 600]
    assert widths[0] == widths[2] == [375] * 3
    assert all(scrolled == client for client, _, scrolled in widths)


@browser_test
@pytest.mark.parametrize("dark", [False, True], ids=["in a light browser", "in a dark browser"])
def test_light_and_dark_are_shown_whatever_the_browser_prefers(browser: Chrome, folder: Path, *, dark: bool) -> None:
    opened(browser, folder, "acme", dark=dark)
    colours = []
    for scheme in ("light", "dark"):
        browser.find_element("css selector", f"label:has(#{scheme})").click()
        frame = shown_frames(browser)[0]
        assert len(shown_frames(browser)) == 4
        browser.switch_to.frame(frame)
        colours.append(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
        browser.switch_to.default_content()
    assert colours == ["rgb(242, 244, 247)", "rgb(20, 23, 28)"]


@browser_test
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_every_text_of_the_page_can_be_read(browser: Chrome, folder: Path, width: int, *, dark: bool) -> None:
    opened(browser, folder, "bolt", width=width, dark=dark)
    found = browser.execute_script(LOOKS)
    assert len(found) > 20
    assert [text for text, ratio in found if ratio < 4.5] == []  # WCAG 2.2, 1.4.3


LOOKS = """
const channels = colour => colour.match(/[\\d.]+/g).map(Number);
const light = colour => channels(colour).slice(0, 3).map(c => c / 255)
  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
return [...document.querySelectorAll("h1, h2, h3, p, dt, dd, li, code, label, legend, figcaption, footer")]
  .filter(one => one.innerText.trim()).map(one => {
    let behind = one;
    while ((channels(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
    const both = [light(getComputedStyle(one).color), light(getComputedStyle(behind).backgroundColor)].sort();
    return [one.innerText, (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05)];
  });
"""


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """A port of this machine, and who has connected to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                with suppress(TimeoutError):
                    connection, address = server.accept()
                    came.append(address)  # before the other side can know
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", came
        finally:
            done.set()
            thread.join()


HOSTILE = """
<p id="shown">shown {{{{email_code}}}}</p>
<script>document.body.dataset.ran = "script"; top.document.title = "taken"</script>
<img src="{url}/img" onerror="document.body.dataset.ran = 'onerror'">
<link rel="preconnect" href="{url}/preconnect"><link rel="stylesheet" href="{url}/css">
<style>body {{ background: url({url}/background) }}
@font-face {{ font-family: x; src: url({url}/font) }} p {{ font-family: x }}</style>
<iframe src="{url}/frame"></iframe><object data="{url}/object"></object><video src="{url}/video" autoplay></video>
<meta http-equiv="refresh" content="0; url={url}/refresh">
<form action="{url}/form"><button id="send">send</button></form>
<a id="away" href="{url}/away">away</a> <a id="top" href="{url}/top" target="_top">top</a>
<a id="self" href="{url}/self" target="_self">self</a>
<a id="script" href="javascript:top.document.title = 'taken'">script</a>
</iframe><script>document.title = "taken"</script>
"""


EVIL = """\
  evil:
    name: Evil
    domain: evil.com
    footer_html: {file: hostile.html}
    customer_emails: {confirmation: {html: {file: hostile.html}}, password_reset: {html: {file: hostile.html}}}
"""


@browser_test
def test_hostile_html_runs_nothing_and_reaches_nothing(browser: Chrome, folder: Path) -> None:
    from selenium.webdriver import ActionChains  # noqa: PLC0415 - with the browser

    write(folder, FLEET + EVIL)
    with listening() as (url, came):
        (folder / "hostile.html").write_text(HOSTILE.format(url=url), encoding="utf-8")
        opened(browser, folder, "evil")
        address, windows = browser.current_url, browser.window_handles
        every = browser.find_elements("css selector", "iframe")
        assert len(every) == 9
        for frame in [frame for frame in every if frame.is_displayed()]:
            for part in ("away", "top", "script", "send", "self"):
                browser.switch_to.frame(frame)
                assert browser.find_element("tag name", "body").get_attribute("data-ran") is None
                element = browser.find_element("id", part)
                browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
                ActionChains(browser, duration=0).move_to_element(element).click().perform()
                assert browser.find_element("id", "shown").text.startswith("shown")
                browser.switch_to.default_content()
        assert (browser.current_url, browser.title, browser.window_handles) == (address, "Evil: emails", windows)
        assert came == []
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as own:
            assert own.recv(1) == b""
        assert len(came) == 1
