"""What a fleet registers: what brands share is made once, with what any of them says of it."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal import PortalFleet
from tests.components.mistakes import KEYS, MAIL
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


def test_a_name_that_one_mail_profile_has_in_each_account_is_no_conflict() -> None:
    done = declared(
        brand("acme"),
        brand("bolt", account="eu", smtp_profile="other"),
        smtp_profiles={"main": MAIL, "other": MAIL},
        defaults={"smtp_profile": "main"},
        accounts={"eu": {"api_key": "key-of-eu"}},
    )
    assert {"fleet-main", "fleet-eu.other"} <= set(done.names)
