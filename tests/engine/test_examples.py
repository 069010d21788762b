"""The examples, the project at the root and the template, as they are: on the real engine, against a sandbox."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.programs import SECRET_KEY, SITE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

CHECKOUT = Path(__file__).resolve().parents[2]
KEPT = shutil.ignore_patterns("__pycache__", "Pulumi.[!s]*.yaml")


def with_dns(stack: Stack, sandbox: Sandbox) -> Stack:
    """Let records be published, looked up and validated in the sandbox's own DNS, as in the demo."""
    sandbox.switch(transition={"lookup": {"issue_seconds": 1}})
    stack.environment["REVCENT_RESOLVERS"] = sandbox.dns_address
    port = str(sandbox.dns_port)
    stack.pulumi("config", "set", "--path", "dns.port", port, "--stack", stack.name).require()
    return stack


def test_one_brand_from_the_root_and_from_its_own_directory(
    new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path
) -> None:
    root = tmp_path / "checkout"
    example = shutil.copytree(CHECKOUT / "examples/single-brand", root / "examples/single-brand", ignore=KEPT)
    shutil.copy(CHECKOUT / "Pulumi.yaml", root)
    stack = with_dns(new_stack(directory=root, name="sandbox", existing=True), sandbox)
    stack.pulumi("up", "--yes", "--stack", "sandbox").require()
    (portal,) = sandbox.objects("customer_portal")
    assert portal["id"] == stack.outputs()["portal_id"]
    assert portal["name"] == "Acme customer portal"
    assert portal["customer_filters"] == {
        "campaign": ["campaignAcmeUS000001"],
        "third_party_shop": ["shopAcmeWoo000000001"],
    }
    assert portal["customer_permissions"]["subscription_renew"]
    assert not portal["customer_permissions"]["subscription_cancel"]
    unchanged = stack.preview("--expect-no-changes").require()
    assert "[unknown]" not in unchanged.out, "an output that nobody can know for an unchanged resource"
    stack.pulumi("preview", "--expect-no-changes", "--stack", "sandbox", directory=example).require()
    published = {record["type"] for record in sandbox.records("acme-store.example")}
    assert {"A", "CNAME"} <= published
    stack.destroy().require()
    left = [record for record in sandbox.records("acme-store.example") if record["type"] in ("A", "CNAME")]
    assert [record["name"] for record in left if not record["name"].startswith("ns1.")] == []


def fleet_example(new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path) -> Stack:
    """The example of five brands, whose second account is in the same sandbox."""
    example = shutil.copytree(CHECKOUT / "examples/multi-brand", tmp_path / "multi-brand", ignore=KEPT)
    stack = with_dns(new_stack(directory=example, name="sandbox", existing=True), sandbox)
    stack.pulumi("config", "set", "boltBaseUrl", sandbox.api_url, "--stack", "sandbox").require()
    return stack


def test_five_brands_in_two_accounts(new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path) -> None:
    stack = fleet_example(new_stack, sandbox, tmp_path)
    made = stack.up().require()
    assert "warning" not in made.out

    first = {portal["display_name"]: portal for portal in sandbox.objects("customer_portal")}
    second = {portal["display_name"]: portal for portal in sandbox.objects("customer_portal", account="bolt")}
    assert {name: portal["customer_filters"] for name, portal in (first | second).items()} == {
        "Acme": {"campaign": ["campaignAcmeUS000001"], "third_party_shop": []},
        "Acme payments": {"campaign": ["campaignAcmeEU000001"], "third_party_shop": []},
        "Acme Store": {"campaign": [], "third_party_shop": ["shopAcmeWoo000000001"]},
        "Bolt": {"campaign": [], "third_party_shop": ["shopBoltShopify00002"]},
        "Bolt VIP": {"campaign": ["campaignBoltVIP00001"], "third_party_shop": []},
    }
    assert set(second) == {"Bolt", "Bolt VIP"}
    for account, portals in (("default", first), ("bolt", second)):
        (mail,) = sandbox.objects("smtp_profile", account=account)
        assert {portal["smtp_profile"] for portal in portals.values()} == {mail["id"]}
    assert first["Acme"]["tracking_domain"] == first["Acme payments"]["tracking_domain"]
    granted = {
        name: {permission for permission, on in portal["customer_permissions"].items() if on}
        for name, portal in (first | second).items()
    }
    assert granted["Acme payments"] == {"credit_card_add", "credit_card_set_default", "salvage_transaction_process"}
    assert "subscription_cancel" not in granted["Acme"]
    assert "subscription_cancel" in granted["Bolt VIP"]
    vip = second["Bolt VIP"]["customer_emails"]["confirmation"]
    assert vip["subject"] == "Welcome to Bolt VIP"
    assert "Welcome to Bolt VIP</h1>" in vip["html"]
    assert "{{email_code}}" in vip["html"]
    assert 'href="mailto:vip@brands.example"' in vip["html"]
    assert stack.outputs()["portals"]["bolt-vip"] == second["Bolt VIP"]["id"]
    assert stack.outputs()["pending"] == {}
    stack.settled()

    stack.pulumi("config", "set", "inPython", "true", "--stack", "sandbox").require()
    stack.preview("--expect-no-changes").require()


def test_the_fleet_says_what_is_not_configured(
    new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path
) -> None:
    stack = fleet_example(new_stack, sandbox, tmp_path)
    for key in ("storeCaptchaSecret", "boltApiKey"):
        stack.pulumi("config", "rm", key, "--stack", "sandbox").require()
    sandbox.clear_calls()
    answer = stack.preview().require(ok=False)
    answer.says("brands.acme-store.recaptcha.secret_key: config:storeCaptchaSecret is not set.")
    answer.says(
        "accounts.bolt.api_key: config:boltApiKey is not set. Set it with 'pulumi config set --secret boltApiKey'."
    )
    assert "Traceback" not in answer.out
    assert {call["action"] for call in sandbox.calls} <= {"list"}


def test_a_project_made_from_the_template(new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path) -> None:
    made = tmp_path / "portals"
    beside = new_stack()
    template = str(CHECKOUT / "templates/single-brand")
    beside.pulumi("new", template, "--generate-only", "--offline", "--yes", "--dir", str(made)).require()
    assert "${" not in (made / "Pulumi.yaml").read_text()
    (made / "venv").symlink_to(sys.prefix)  # in the place of `python3 -m venv venv` and the installation into it
    stack = new_stack(directory=made, name="production", existing=True)
    plain = {
        "brand": "Acme",
        "domain": "acme.com",
        "sender": "portal@acme.com",
        "smtpHost": "smtp.acme.com",
        "captchaSiteKey": SITE_KEY,
    }
    secret = {"smtpPassword": "mail-password", "captchaSecretKey": SECRET_KEY}
    words = [word for key, value in plain.items() for word in ("--plaintext", f"{key}={value}")]
    words += [word for key, value in secret.items() for word in ("--secret", f"{key}={value}")]
    stack.pulumi("config", "set-all", *words, "--stack", "production").require()
    stack.up().require()
    (portal,) = sandbox.objects("customer_portal")
    assert portal["customer_emails"]["password_reset"]["from_address"] == "portal@acme.com"
    stack.settled()
