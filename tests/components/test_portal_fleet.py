"""What a fleet registers: what brands share is made once, with what any of them says of it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pulumi_revcent_portal import InvalidInputs, PortalFleet
from tests.components.mistakes import KEYS, MAIL
from tests.providers.engine import Secret
from tests.resources.program import Run, run

CONFIG = {"revcent:apiKey": "key", "revcent:resolvers": "none", "revcent:offline": "true"}


def declared(*brands: dict[str, Any], **parts: Any) -> Run:
    profiles = {"smtp_profiles": {"main": MAIL}, **parts}
    return run(lambda: PortalFleet("fleet", brands=brands, **profiles), preview=True, config=CONFIG)


def brand(key: str, domain: str = "acme.test", **fields: Any) -> dict[str, Any]:
    return {"key": key, "name": key.title(), "domain": domain, "recaptcha": KEYS, **fields}


@pytest.mark.parametrize("adopting", ["acme", "bolt"])
def test_a_domain_is_taken_over_when_one_of_its_brands_says_so(adopting: str) -> None:
    done = declared(*(brand(key, adopt=True) if key == adopting else brand(key) for key in ("acme", "bolt")))
    tracked = done.resources["fleet-acme.test-domain"].inputs
    assert tracked["adopt"] is True
    portals = {key: done.resources[f"fleet-{key}-portal"].inputs.get("adopt", False) for key in ("acme", "bolt")}
    assert portals == {"acme": adopting == "acme", "bolt": adopting == "bolt"}


def test_a_domain_of_its_own_is_not_taken_over_with_another() -> None:
    done = declared(brand("acme", adopt=True), brand("bolt", "bolt.test"))
    assert "adopt" not in done.resources["fleet-bolt.test-domain"].inputs


FILE = """
smtp_profiles:
  main: { name: Mail, host: smtp.acme.test, port: 587, username: config:user, password: config:password }
brands:
  acme:
    name: Acme
    domain: acme.test
    recaptcha: { site_key: config:siteKey, secret_key: config:secretKey }
    customer_emails: { from_address: portal@acme.test }
    customer_filters: { campaign: [config:campaign] }
    customer_permissions: { contact_modify: config:allowed }
    variables: { tagline: config:tagline }
    footer_html: "<p>[[ tagline ]]</p>"
"""
SECRETS = {
    "acme:user": "canary-user", "acme:password": "canary-password", "acme:siteKey": KEYS["site_key"],
    "acme:secretKey": KEYS["secret_key"], "acme:campaign": "Canary campaign", "acme:allowed": "true",
    "acme:tagline": "canary tagline",
}  # fmt: skip


def read(directory: Path, text: str, **config: str) -> Run:
    (directory / "brands.yaml").write_text(text)
    settings = {**CONFIG, **SECRETS, **{f"acme:{name}": value for name, value in config.items()}}
    secret = [key for key in settings if key.startswith("acme:")]
    fleet = partial(PortalFleet.from_yaml, "fleet", directory / "brands.yaml")
    return run(fleet, preview=True, config=settings, secret=secret)


def test_what_the_configuration_keeps_secret_is_encrypted_in_whatever_field_it_stands(tmp_path: Path) -> None:
    done = read(tmp_path, FILE)
    portal, mail = done.resources["fleet-acme-portal"].inputs, done.resources["fleet-main"].inputs
    assert mail["username"] == Secret("canary-user")
    assert portal["footer_html"] == Secret("<p>canary tagline</p>")
    assert portal["customer_filters"]["campaign"] == [Secret("Canary campaign")]
    assert portal["customer_permissions"]["contact_modify"] == Secret(value=True)
    everything = str([resource.inputs for resource in done.resources.values()])
    assert "canary" not in re.sub(r"Secret\(value='[^']*'\)", "", everything).casefold()


def test_what_is_secret_and_cannot_be_encrypted_is_refused(tmp_path: Path) -> None:
    text = FILE.replace("domain: acme.test", "domain: config:domain").replace("name: Acme", "name: config:brand")
    with pytest.raises(InvalidInputs) as caught:
        read(tmp_path, text, domain="canary.test", brand="Canary")
    told = str(caught.value)
    assert "brands.yaml:6: brands.acme.name: config:brand is secret in the stack's configuration" in told
    assert "brands.yaml:7: brands.acme.domain: config:domain is secret in the stack's configuration" in told
    assert "canary" not in told.casefold()


def test_a_name_that_one_mail_profile_has_in_each_account_is_no_conflict() -> None:
    done = declared(
        brand("acme"),
        brand("bolt", account="eu", smtp_profile="other"),
        smtp_profiles={"main": MAIL, "other": MAIL},
        defaults={"smtp_profile": "main"},
        accounts={"eu": {"api_key": "key-of-eu"}},
    )
    assert {"fleet-main", "fleet-eu.other"} <= set(done.names)
