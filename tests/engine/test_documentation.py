"""The programs in the README and in the pages of `docs/`, to the letter, on the real engine against a sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import Page, pages
from tests.engine.programs import SECRET_KEY, SITE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

README, *OTHERS = [page for page in pages() if "pulumi_revcent_portal as revcent" in page.program]


def configure(stack: Stack, **more: str) -> Stack:
    """Set what the programs of the pages read from their configuration."""
    settings = {"smtpPassword": "mail-password", "captchaSiteKey": SITE_KEY, "captchaSecretKey": SECRET_KEY, **more}
    words = [word for key, value in settings.items() for word in ("--plaintext", f"{key}={value}")]
    stack.pulumi("config", "set-all", *words, "--stack", stack.name).require()
    return stack


def test_the_program_of_the_readme(stack: Stack, sandbox: Sandbox) -> None:
    assert README.name == "README.md"
    configure(stack).write(README.program)
    stack.pulumi("up", "--yes", "--stack", stack.name).require()
    (portal,) = sandbox.objects("customer_portal")
    assert portal["id"] == stack.outputs()["portal_id"]
    assert portal["customer_filters"]["third_party_shop"] == ["shopAcmeWoo000000001"]
    stack.settled()


def test_the_programs_of_all_pages_in_one_stack(
    new_stack: Callable[..., Stack], sandbox: Sandbox, tmp_path: Path
) -> None:
    profile = {"host": "smtp.echo.com", "port": 25, "username": "somebody", "password": "made-up"}
    by_hand = {
        "tracking_domain": sandbox.add("tracking_domain", {"name": "echo.com", "domain": "echo.com"}),
        "smtp_profile": sandbox.add("smtp_profile", {"id": "smtpProfileByHand001", "name": "by hand", **profile}),
    }
    lost = sandbox.add("smtp_profile", {"id": "smtpProfileLost00001", "name": "Lost mail", **profile})
    new_stack(project="mail", name="production").write(
        'import pulumi\npulumi.export("mail_profile", "smtpProfileShared001")\n'
    ).up().require()
    for zone in ("foxtrot.example", "golf.example", "india.example", "kilo.example", "acme.com"):
        sandbox.add_zone(zone)
    stack = configure(
        new_stack(project="pages"),
        siteverifyUrl=sandbox.siteverify_url,
        dnsServer="127.0.0.1",
        dnsPort=str(sandbox.dns_port),
        dnsKeyName=sandbox.dns_key_name,
        dnsKeySecret=sandbox.dns_key_secret,
        boltApiKey=sandbox.add_key("bolt", account="bolt"),
        boltUrl=sandbox.api_url,
    )
    stack.write(_in_turn(OTHERS, tmp_path))
    stack.up().require()
    found = {
        entity: {item["name"]: item for item in sandbox.objects(entity)}
        for entity in ("tracking_domain", "smtp_profile", "customer_portal")
    }
    assert found["tracking_domain"]["echo.com"]["id"] == by_hand["tracking_domain"]
    assert found["smtp_profile"]["Echo mail"]["id"] == by_hand["smtp_profile"]
    assert found["smtp_profile"]["Lost mail"]["id"] == lost
    assert found["smtp_profile"]["Lost mail"]["host"] == "smtp.acme.com"
    assert found["customer_portal"].keys() == {"Acme customer portal", "Acme Club", "Kilo portal"}
    assert found["customer_portal"]["Acme customer portal"]["enabled"]
    assert found["customer_portal"]["Acme Club"]["campaign"] == "campaignAcmeUS000001"
    assert [each["name"] for each in sandbox.objects("customer_portal", account="bolt")] == ["Bolt customer portal"]
    stack.settled()


def _in_turn(chosen: list[Page], directory: Path) -> str:
    """A program that runs the programs of pages one after the other, each with its own names."""
    lines = ["import runpy"]
    for page in chosen:
        path = directory / f"{page.path.stem}.py"
        path.write_text(page.program)
        lines.append(f"runpy.run_path({str(path)!r})")
    return "\n".join(lines)
