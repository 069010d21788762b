"""Several accounts in one program, two sandboxes on the real engine: each gets exactly what is its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.account import ENTITIES, changes, the
from tests.engine.programs import SECRET_KEY, SITE_KEY, but
from tests.engine.stack import Stack, end_session

pytestmark = pytest.mark.engine

PATIENCE = 90.0
KEYS = {"acme": "canary-acme-api-key-5Yc3rZ8t", "bolt": "canary-bolt-api-key-q1Wm7hJ4"}
NOBODYS = "canary-key-of-nobody-Lx29"
HEAD = """\
import pulumi
import pulumi_revcent_portal as revcent

config = pulumi.Config()


def account(name, brand=None, **options):
    brand = brand or name
    given = {"api_key": config.require_secret(f"{brand}Key"), "base_url": config.require(f"{brand}Url")}
    return revcent.Account(name, **{"resolvers": "none", **given, **options})


def within(account):
    return pulumi.ResourceOptions(provider=account)


def mail(name, opts=None):
    return revcent.SmtpProfile(f"{name}-mail", name=f"{name} mail", host=f"smtp.{name}.com", port=587,
        username=f"portal@{name}.com", password="mail-password", opts=opts)


"""
BRAND = f"""\
class Brand(pulumi.ComponentResource):
    def __init__(self, name, opts=None, wait=None):
        super().__init__("acme:portal:Brand", name, opts=opts)
        below = pulumi.ResourceOptions(parent=self)
        captcha = revcent.Recaptcha(f"{{name}}-captcha", site_key="{SITE_KEY}", secret_key="{SECRET_KEY}", opts=below)
        domain = revcent.PortalDomain(f"{{name}}-domain", domain=f"{{name}}.com", wait=wait, opts=below)
        revcent.CustomerPortal(name, name=f"{{name}} portal", tracking_domain=domain, smtp_profile=mail(name, below),
            recaptcha=captcha, wait=wait, opts=below,
            customer_emails=revcent.CustomerEmails.branded(brand=name, from_address=f"portal@{{name}}.com"))


"""
TWO = f"""\
{HEAD}{BRAND}for name in ("acme", "bolt"):
    Brand(name, within(account(name)))
"""

Boxes = dict[str, Sandbox]


@pytest.fixture
def boxes() -> Iterator[Boxes]:
    """Two accounts at two places, each with a key of its own."""
    with Sandbox.start() as acme, Sandbox.start() as bolt:
        boxes = {"acme": acme, "bolt": bolt}
        for brand, box in boxes.items():
            box.add_key("of the account", key=KEYS[brand])
        yield boxes


@pytest.fixture
def environment() -> dict[str, str]:
    return {}


@pytest.fixture
def stack(new_stack: Callable[..., Stack], boxes: Boxes) -> Stack:
    """A stack whose configuration holds keys and addresses of both accounts, none of them as an option of ours."""
    made = new_stack()
    secret = [word for brand, key in KEYS.items() for word in ("--secret", f"{brand}Key={key}")]
    plain = [word for brand, box in boxes.items() for word in ("--plaintext", f"{brand}Url={box.api_url}")]
    made.pulumi("config", "set-all", *secret, *plain, "--stack", made.name).require()
    return made


@contextmanager
def update(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    """Run an update, and end what is left of it with the block."""
    process = stack.popen("up", "--yes", "--skip-preview", "--stack", stack.name)
    try:
        yield process
    finally:
        end_session(process)


def until(process: subprocess.Popen[str], condition: Callable[[], Any]) -> None:
    """Wait for something that a running command does."""
    last = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < last, "it never happened"
        time.sleep(0.05)


def require_own(boxes: Boxes) -> None:
    """Assert that each account holds its own brand, and was asked with its own key and for its own only."""
    for brand, box in boxes.items():
        found = {entity: the(box, entity) for entity in ENTITIES}
        names = {entity: each["name"] for entity, each in found.items()}
        assert list(names.values()) == [f"{brand}.com", f"{brand} mail", f"{brand} portal"]
        domain, profile, portal = found.values()
        assert (portal["tracking_domain"], portal["smtp_profile"]) == (domain["id"], profile["id"])
        assert portal["enabled"]
        asked = {(call["key_name"], call["status"]) for call in box.calls}
        assert asked == {("of the account", 200)}


def test_two_accounts_live_and_end_side_by_side_whatever_the_environment_holds(
    stack: Stack, boxes: Boxes, tmp_path: Path
) -> None:
    stack.environment = {"REVCENT_API_KEY": KEYS["acme"], "REVCENT_BASE_URL": boxes["acme"].api_url}
    said = [stack.write(TWO).preview().require(), stack.up().require()]
    require_own(boxes)
    stack.settled()
    stack.environment = {"REVCENT_API_KEY": NOBODYS, "REVCENT_BASE_URL": boxes["bolt"].api_url}
    said.append(stack.up().require().says("20 unchanged"))
    require_own(boxes)

    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    portal = the(boxes["bolt"], "customer_portal")
    boxes["bolt"].change("customer_portal", portal["id"], {"display_name": "Changed by hand"})
    words = ("--yes", "--skip-preview", "--diff", "--stack", stack.name)
    said.append(stack.pulumi("refresh", *words, directory=elsewhere).require().says("1 updated"))
    said.append(stack.up().require().says("1 updated"))
    assert the(boxes["bolt"], "customer_portal")["display_name"] == portal["display_name"]
    require_own(boxes)

    exported = json.dumps(stack.export())
    files = {path: path.read_bytes() for path in stack.backend.rglob("*") if path.is_file()}
    for key in (*KEYS.values(), NOBODYS):
        assert key not in exported
        assert [path for path, content in files.items() if key.encode() in content] == []
        assert [each.out for each in said if key in each.out] == []
    assert set(KEYS.values()) <= {key for key in KEYS.values() if key in json.dumps(stack.export("--show-secrets"))}

    stack.pulumi("destroy", *words, directory=elsewhere).require().says("20 deleted")
    assert stack.resources() == {}
    for box in boxes.values():
        assert not the(box, "customer_portal")["enabled"]
        assert not the(box, "smtp_profile")["enabled"]
        assert "[pulumi retired " in the(box, "tracking_domain")["description"]


def test_each_domain_is_waited_for_in_its_own_account(stack: Stack, boxes: Boxes) -> None:
    boxes["bolt"].switch(transition={"certificate": "never"})
    hasty = but(TWO, "within(account(name)))", 'within(account(name)), wait=revcent.Wait(timeout="2s"))')
    said = stack.write(hasty).up("--continue-on-error").require(ok=False)
    said.says('before hook "domain is ready" failed: Account "bolt": \'bolt.com\' is not ready after 2s')
    assert the(boxes["acme"], "customer_portal")["name"] == "acme portal"
    assert boxes["bolt"].objects("customer_portal") == []

    for box in boxes.values():
        box.clear_calls()
    with update(stack.write(TWO)) as process:
        # The list of each account, and looks at the domain that is not ready.
        until(process, lambda: boxes["acme"].calls and len(boxes["bolt"].calls) > 2)
        os.kill(process.pid, signal.SIGINT)  # the first Ctrl-C, as the CLI gets it
        process.communicate(timeout=PATIENCE)
    assert stack.export()["deployment"].get("pending_operations", []) == []
    assert [(call["action"], call["entity"]) for call in boxes["acme"].calls] == [("list", "tracking_domain")]

    domain = the(boxes["bolt"], "tracking_domain")
    boxes["bolt"].change("tracking_domain", domain["id"], {"ssl_status": "issued"})
    stack.up().require()
    require_own(boxes)
    for box in boxes.values():
        box.clear_calls()
    stack.up().require().says("20 unchanged")
    for box in boxes.values():
        assert [(call["action"], call["entity"]) for call in box.calls] == [("list", "tracking_domain")]


def test_an_account_without_budget_stops_no_other(stack: Stack, boxes: Boxes) -> None:
    """Six resources more than fill the four threads of a provider process: so the other account has its own."""
    program = f"""\
{HEAD}{BRAND}slow = within(account("acme", requests_per_minute=1))
for number in range(6):
    mail(f"acme{{number}}", slow)
Brand("bolt", within(account("bolt")))
"""
    stack.environment = {"REVCENT_REQUESTS_PER_MINUTE": "1"}
    with update(stack.write(program)) as process:
        until(process, lambda: boxes["bolt"].objects("customer_portal"))
    assert len(boxes["bolt"].calls) > 6
    assert 1 <= len(boxes["acme"].calls) < 6


def test_a_rotated_key(stack: Stack, boxes: Boxes) -> None:
    box = boxes["acme"]
    stack.write(HEAD + 'revcent.TrackingDomain("domain", domain="acme.com", opts=within(account("acme")))\n')
    stack.up().require()
    box.revoke(KEYS["acme"])
    new = box.add_key("new")
    stack.pulumi("config", "set", "--secret", "acmeKey", new).require()
    words = ("RevCent does not accept the API key", 'came from api_key of Account "acme"', "--run-program")
    with changes(box) as changed:
        for failed in (stack.refresh(), stack.destroy()):
            assert "revcent:apiKey" not in failed.require(ok=False).says(*words).out
        stack.refresh("--run-program").require()
        stack.refresh().require()
    assert changed == {}
    stack.settled()
    stack.destroy().require()


def test_a_resource_that_is_put_into_another_account_moves_there(stack: Stack, boxes: Boxes) -> None:
    program = f"""\
{HEAD}accounts = {{name: account(name) for name in ("acme", "bolt")}}
opts = within(accounts["acme"])
mail("acme", opts)
domain = revcent.TrackingDomain("domain", domain="acme.com", opts=opts)
certificate = revcent.TrackingDomainSsl("certificate", tracking_domain=domain, opts=opts)
"""
    stack.write(program).up().require()
    moved = but(program, 'within(accounts["acme"])', 'within(accounts["bolt"])')
    moves = 'It moves from Account "acme" to Account "bolt": it is made anew there, and retired where it was.'
    stack.write(moved).preview().require().says(moves, "+-3 to replace")
    stack.up().require().says(moves)
    stack.settled()
    assert "[pulumi retired " in the(boxes["acme"], "tracking_domain")["description"]
    assert not the(boxes["acme"], "smtp_profile")["enabled"]
    assert the(boxes["bolt"], "tracking_domain")["cname_records"]
    assert the(boxes["bolt"], "smtp_profile")["enabled"]

    # The same account under another name: nothing moves. RevCent does not show profiles, so the user has to say so.
    renamed = but(moved, "for name in", "for name, of in").replace(
        '("acme", "bolt")}', '(("acme", "acme"), ("new", "bolt"))}'
    )
    renamed = renamed.replace("account(name) for", "account(name, of) for").replace(
        'accounts["bolt"]', 'accounts["new"]'
    )
    told = stack.write(renamed).preview().require()
    told.says("+-1 to replace", f'set adopt_id="{the(boxes["bolt"], "smtp_profile")["id"]}"')
    said_so = but(
        renamed,
        'password="mail-password"',
        f'password="mail-password", adopt_id="{the(boxes["bolt"], "smtp_profile")["id"]}"',
    )
    with changes(boxes["bolt"]) as changed:
        stack.write(said_so).up().require()
    assert changed == {}
    stack.write(renamed).settled()


def test_the_program_asks_the_account_that_it_names(stack: Stack, boxes: Boxes) -> None:
    """In the middle of the program, with a key that is a secret, and in an apply; and one that an `up` has to make."""
    program = f"""\
{HEAD}{BRAND}def campaigns(chosen):
    return [each.name for each in revcent.get_campaigns(account=chosen)]


acme, bolt = account("acme"), account("bolt")
pulumi.export("own", campaigns(None))
pulumi.export("acme", campaigns(acme))
first = mail("acme", within(acme))
pulumi.export("bolt", first.name.apply(lambda _: campaigns(bolt)))
late = account("late", "bolt", api_key=first.id.apply(lambda _: config.require("boltKey")))
Brand("bolt", within(late))
"""
    stack.environment = {"REVCENT_API_KEY": boxes["acme"].add_key("of another", account="other")}
    stack.environment["REVCENT_BASE_URL"] = boxes["acme"].api_url
    boxes["acme"].add("campaign", {"name": "Other's"}, account="other")
    boxes["acme"].add("campaign", {"name": "Acme's"})
    boxes["bolt"].add("campaign", {"name": "Bolt's"})
    stack.write(program).preview().require()
    assert boxes["bolt"].objects("tracking_domain") == []
    stack.up().require()
    assert the(boxes["bolt"], "customer_portal")["name"] == "bolt portal"
    found = stack.outputs()
    assert found["own"] == ["Other's"]
    assert "Acme's" in found["acme"]
    assert "Bolt's" in found["bolt"]
    assert "Acme's" not in found["bolt"]
    stack.settled()
    told = (
        stack.write(program + "campaigns(account('never', 'bolt', api_key=mail('new').id))\n")
        .preview()
        .require(ok=False)
    )
    told.says('Account "never": an option is not known before `pulumi up` has made what it comes from.')
    assert "Traceback" not in told.out


def test_what_is_wrong_is_told_before_anything_is_made(stack: Stack, boxes: Boxes) -> None:
    crossed = f"""\
{HEAD}theirs = revcent.PortalDomain("domain", domain="acme.com", opts=within(account("acme")))
revcent.CustomerPortal("portal", name="Portal", tracking_domain=theirs, smtp_profile=mail("acme"),
    recaptcha={{"site_key": "{SITE_KEY}", "secret_key": "{SECRET_KEY}"}}, opts=within(account("bolt")),
    customer_emails=revcent.CustomerEmails.branded(brand="Acme", from_address="portal@acme.com"))
"""
    stack.environment = {"REVCENT_API_KEY": KEYS["acme"], "REVCENT_BASE_URL": boxes["acme"].api_url}
    line = crossed[: crossed.index("revcent.CustomerPortal")].count("\n") + 1
    told = stack.write(crossed).preview().require(ok=False)
    told.says(
        f'__main__.py:{line}: CustomerPortal "portal" is not valid:',
        'tracking_domain: PortalDomain "domain" is in Account "acme", and this resource in Account "bolt"',
        'smtp_profile: SmtpProfile "acme-mail" is in the stack\'s own account, and this resource in Account "bolt"',
    )
    wrong = """\
bad = account("bad", "acme", api_key=plain("canary with blanks"), timeout=plain(0), base_url=plain("http://revcent.com"))
revcent.TrackingDomain("domain", domain="acme.com", opts=within(bad))
"""
    for plain in ("pulumi.Output.from_input", "lambda value: value"):  # found in check, and at the line
        told = stack.write(f"{HEAD}plain = {plain}\n{wrong}").preview().require(ok=False)
        told.says('Account "bad"', "api_key", "holds characters that no API key has", "timeout", "'0' must be a number")
        told.says("base_url", "'http://revcent.com' must begin with https://")
        assert "canary" not in told.out
    assert [call for box in boxes.values() for call in box.calls if call["method"] != "GET"] == []
