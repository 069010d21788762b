"""What the doctor reads is what the real engine writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_revcent_portal.doctor.export import read_export
from tests.engine.programs import SECRET_KEY, SITE_KEY, WHOLE
from tests.engine.stack import Stack, engine_is_there

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import Sandbox

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not engine_is_there(), reason="needs the Pulumi engine: make setup"),
]


def test_an_export_of_the_engine_is_read_with_and_without_secrets(sandbox: Sandbox, tmp_path: Path) -> None:
    environment = {
        "REVCENT_API_KEY": sandbox.api_key,
        "REVCENT_BASE_URL": sandbox.api_url,
        "REVCENT_RESOLVERS": "none",
    }
    stack = Stack(tmp_path / "project", tmp_path / "backend", environment=environment)
    stack.write(WHOLE).up().require()
    for words, password, secret in (((), "", ""), (("--show-secrets",), "mail-password", SECRET_KEY)):
        path = tmp_path / "state.json"
        stack.pulumi("stack", "export", "--file", str(path), "--stack", stack.name, *words).require()
        found = read_export(str(path))
        (made,) = sandbox.objects("customer_portal")
        assert [portal.id for portal in found.portals] == [made["id"]]
        assert found.portals[0].names == ("portal",)
        assert {record["type"] for record in found.domains[0].records} == {"A", "CNAME"}
        assert (found.mails[0].server, found.mails[0].password.value) == ("smtp.acme.com:587", password)
        assert [(each.site_key, each.secret.value) for each in found.captchas] == [(SITE_KEY, secret)]
