"""Secrets that a careless program passes as plain strings show up nowhere: canaries are looked for in everything."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.programs import DOMAIN, HEAD, SITE_KEY
from tests.engine.stack import Result, Stack

pytestmark = pytest.mark.engine

API_KEY = "canary-api-key-rZ8tq1Wm5Yc3"
PASSWORD = 'canary-password "7&hJ4/<2>'
NEXT_PASSWORD = "canary-next-password-9Lx2"
CAPTCHA_SECRET = "6LcanaryCAPTCHAsecretQQQQQQQQQQQQQQQQQQQ"
BAD_SECRET = "canary-too-short"
CANARIES = (API_KEY, PASSWORD, NEXT_PASSWORD, CAPTCHA_SECRET, BAD_SECRET)

EMAILS = 'revcent.CustomerEmails.branded(brand="Acme", from_address="portal@acme.com")'
CARELESS = f"""\
{HEAD}{DOMAIN}
plain = pulumi.Output.from_input
mail = revcent.SmtpProfile("mail", name="Acme mail", host="smtp.acme.com", port=587, username="portal@acme.com",
    password={PASSWORD!r})
post = revcent.SmtpProfile("post", name="Acme post", host="smtp.acme.com", port=587, username="portal@acme.com",
    password=plain({PASSWORD!r}))
captcha = revcent.Recaptcha("captcha", site_key="{SITE_KEY}", secret_key="{CAPTCHA_SECRET}")
keys = {{"site_key": "{SITE_KEY}", "secret_key": "{CAPTCHA_SECRET}"}}
ways = {{"resource": captcha, "dict": keys, "model": revcent.RecaptchaKeys(**keys), "output": plain(keys)}}
for way, recaptcha in ways.items():
    revcent.CustomerPortal(way, name=f"Acme {{way}}", tracking_domain=ready, smtp_profile=mail, recaptcha=recaptcha,
        customer_emails={EMAILS}, display_name="Acme")
"""
WRONG_AT_THE_PROVIDER = {
    "port: ": f"""revcent.SmtpProfile("mail", name="Acme mail", host="smtp.acme.com", port=plain(99999),
        username="portal@acme.com", password={PASSWORD!r})""",
    "site_key: ": f'revcent.Recaptcha("captcha", site_key=plain("no site key"), secret_key="{CAPTCHA_SECRET}")',
    "secret_key: ": f'revcent.Recaptcha("captcha", site_key="{SITE_KEY}", secret_key=plain("{BAD_SECRET}"))',
} | {
    field: f"""revcent.CustomerPortal("portal", name="Acme", tracking_domain="D" * 20, smtp_profile="S" * 20,
        recaptcha={recaptcha}, customer_emails={EMAILS}, display_name=plain("Acme"))"""
    for field, recaptcha in (
        ("recaptcha.site_key: ", f'{{"site_key": plain("no site key"), "secret_key": "{CAPTCHA_SECRET}"}}'),
        ("recaptcha.secret: ", f'plain({{"site_key": "{SITE_KEY}", "secret": "{CAPTCHA_SECRET}"}})'),
        ("recaptcha.secret_key: ", f'{{"site_key": "{SITE_KEY}", "secret_key": plain("{BAD_SECRET}")}}'),
        ("recaptcha: ", f'plain("{CAPTCHA_SECRET}")'),
    )
}
"""By the field that the message names: wrong values that only the provider sees, with a secret in or beside them."""
WRONG_PLAIN = (
    f'revcent.Recaptcha("captcha", site_key="{SITE_KEY}", secret_key="{BAD_SECRET}")',
    f'revcent.Recaptcha("captcha", site_key="{CAPTCHA_SECRET}x", secret_key="{CAPTCHA_SECRET}")',
    f'revcent.RecaptchaKeys(site_key="{SITE_KEY}", secret="{CAPTCHA_SECRET}")',
    f'revcent.SmtpProfile("mail", name="", host="x y", port=0, username="u", password=[{PASSWORD!r}])',
)
REFUSED = f"""\
{HEAD}
captcha = revcent.Recaptcha("captcha", site_key="{SITE_KEY}", secret_key="{CAPTCHA_SECRET}")
mail = revcent.SmtpProfile("another", name="Acme mail", host="smtp.acme.com", port=587, username="portal@acme.com",
    password={PASSWORD!r})
revcent.CustomerPortal("refused", name="Refused", tracking_domain="DOMAIN", smtp_profile="S" * 20, recaptcha=captcha,
    customer_emails={EMAILS})
"""


@dataclass
class Ears:
    """Everything that commands said, by command."""

    said: dict[str, str] = field(default_factory=dict)

    def hear(self, what: str, result: Result, *, ok: bool = True) -> Result:
        self.said[f"{len(self.said)} {what}"] = result.require(ok=ok).out
        return result


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    (tmp_path / "sandbox").mkdir()
    with Sandbox.start(state=tmp_path / "sandbox" / "state.db") as box:
        box.add_key("canary", key=API_KEY)
        yield box


def found_in(text: bytes | str) -> list[str]:
    """The canaries in a text, as they stand or as JSON or base64 spell them."""
    data = text if isinstance(text, bytes) else text.encode()
    return [canary for canary in CANARIES if any(spelling.encode() in data for spelling in spellings(canary))]


def spellings(canary: str) -> set[str]:
    encoded = json.dumps(canary)[1:-1]
    return {canary, encoded, json.dumps(encoded)[1:-1], base64.b64encode(canary.encode()).decode().rstrip("=")}


def files(*places: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


def require_silence(stack: Stack, sandbox: Sandbox, ears: Ears, *places: Path) -> None:
    """Assert that no canary is to be found: in what was said, in the state and its history, in the sandbox."""
    export = json.dumps(stack.export())
    pages = {path: fetch(sandbox.url + path) for path in ("/", *portal_pages(sandbox))}
    everything: dict[str, bytes | str] = {
        **ears.said,
        **files(stack.backend, *places),
        **{str(path): path.read_bytes() for path in stack.directory.glob("Pulumi*.yaml")},
        **pages,
        "stack export": export,
        "call log": json.dumps(sandbox.calls),
    }
    assert {place: found for place, text in everything.items() if (found := found_in(text))} == {}
    assert any("history" in place for place in everything), "the backend keeps a history"
    assert sandbox.calls


def portal_pages(sandbox: Sandbox) -> list[str]:
    return [f"/portals/{portal['id']}" for portal in sandbox.objects("customer_portal")]


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - the sandbox's own address
        content: bytes = answer.read()
    return content


def test_plain_strings_become_secrets(stack: Stack, sandbox: Sandbox, tmp_path: Path) -> None:
    del stack.environment["REVCENT_API_KEY"]
    stack.write(CARELESS)
    ears = Ears()
    ears.hear("config", stack.pulumi("config", "set", "--secret", "revcent:apiKey", API_KEY))
    plan = tmp_path / "plans" / "plan.json"
    plan.parent.mkdir()

    ears.hear("preview", stack.preview())
    ears.hear("preview --json", stack.pulumi("preview", "--json"))
    ears.hear("preview --save-plan", stack.pulumi("preview", "--save-plan", str(plan)))
    ears.hear("up --plan", stack.up("--plan", str(plan), "--diff"))
    stack.settled()

    mail = next(each for each in sandbox.objects("smtp_profile") if each["name"] == "Acme mail")
    for portal in sandbox.objects("customer_portal"):
        sandbox.change("customer_portal", portal["id"], {"display_name": "drifted", "recaptcha": {"site_key": "other"}})
    ears.hear("preview --refresh", stack.preview("--refresh"))
    ears.hear("refresh", stack.refresh("--diff"))
    ears.hear("preview of drift", stack.preview())
    stack.write(CARELESS.replace(repr(PASSWORD), repr(NEXT_PASSWORD)))
    ears.hear("preview of a new secret", stack.preview())
    ears.hear("up", stack.up("--diff"))
    stack.settled()
    require_silence(stack, sandbox, ears, plan.parent, tmp_path / "sandbox")
    shown = json.dumps(stack.export("--show-secrets"))
    assert {API_KEY, NEXT_PASSWORD, CAPTCHA_SECRET} <= set(found_in(shown)), "else nothing would be found anywhere"

    sandbox.fault("status", path=f"^/smtp_profiles/{mail['id']}$", status=400, times=None)
    ears.hear("destroy that fails", stack.destroy("--diff"), ok=False)
    sandbox.clear_faults()
    ears.hear("destroy", stack.destroy("--diff"))
    require_silence(stack, sandbox, ears, plan.parent, tmp_path / "sandbox")


def test_errors_keep_the_secrets_beside_them(stack: Stack, sandbox: Sandbox, tmp_path: Path) -> None:
    stack.environment["REVCENT_API_KEY"] = API_KEY
    ears = Ears()
    for number, wrong in enumerate(WRONG_PLAIN):
        stack.write(HEAD + wrong + "\n")
        ears.hear(f"wrong {number}", stack.preview(), ok=False).says("is not valid")
    for place, wrong in WRONG_AT_THE_PROVIDER.items():
        stack.write(f"{HEAD}plain = pulumi.Output.from_input\n{wrong}\n")
        ears.hear(place, stack.preview(), ok=False).says(f"has a problem: {place}")
    ears.hear("up that is wrong", stack.up("--diff"), ok=False)

    sandbox.switch(echo=True)  # failures repeat the request, key and body
    sandbox.add("smtp_profile", {"name": "Acme mail"})
    domain = sandbox.add("tracking_domain", {"domain": "acme.com", "ssl_status": "issued", "dns_status": "complete"})
    stack.write(REFUSED.replace("DOMAIN", domain))
    told = ears.hear("refused", stack.up("--continue-on-error", "--diff"), ok=False)
    told.says("invalid_reference", "duplicate_name", "The request was: [secret]")
    sandbox.revoke(API_KEY)
    ears.hear("refused key", stack.up("--diff"), ok=False).says("The request was: [secret]")
    require_silence(stack, sandbox, ears, tmp_path / "sandbox")


FLEET = f"""\
smtp_profiles:
  main: {{ name: Mail, host: smtp.acme.com, port: 587, username: config:user, password: config:password }}
brands:
  acme:
    name: Acme
    domain: acme.com
    recaptcha: {{ site_key: {SITE_KEY}, secret_key: config:captcha }}
    customer_emails: {{ from_address: config:user, confirmation: {{ subject: "[[ tagline ]]" }} }}
    customer_filters: {{ campaign: [config:campaign] }}
    variables: {{ tagline: config:tagline }}
    footer_html: "<p>[[ tagline ]]</p>"
    portal_url: config:address
"""
KEPT_SECRET = {
    "user": "canary-user@acme.com", "password": PASSWORD, "captcha": CAPTCHA_SECRET, "campaign": "Canary campaign",
    "tagline": "canary-tagline", "address": "https://canary.acme.com/",
}  # fmt: skip


def test_what_a_fleet_takes_from_secret_configuration_stays_secret_in_every_field(
    stack: Stack, sandbox: Sandbox
) -> None:
    sandbox.add("campaign", {"name": KEPT_SECRET["campaign"]})
    for name, value in KEPT_SECRET.items():
        stack.pulumi("config", "set", "--secret", name, value).require()
    stack.write(f'{HEAD}revcent.PortalFleet.from_yaml("portals", "brands.yaml")\n')
    (stack.directory / "brands.yaml").write_text(FLEET)
    ears = Ears()
    ears.hear("preview", stack.preview())
    ears.hear("up", stack.up("--diff"))
    stack.settled()
    (portal,) = sandbox.objects("customer_portal")
    assert portal["footer_html"] == "<p>canary-tagline</p>", "RevCent got it"
    sandbox.change("customer_portal", portal["id"], {"footer_html": "drifted"})
    ears.hear("refresh", stack.refresh("--diff"))
    (stack.directory / "brands.yaml").write_text(FLEET.replace("<p>", "<b>"))
    ears.hear("preview of a change", stack.preview())
    ears.hear("up again", stack.up("--diff"))
    everything = {**ears.said, **files(stack.backend), "stack export": json.dumps(stack.export())}
    assert [place for place, text in everything.items() if "canary" in str(text).casefold()] == []
    assert "canary" in json.dumps(stack.export("--show-secrets")), "else it would be found nowhere"
