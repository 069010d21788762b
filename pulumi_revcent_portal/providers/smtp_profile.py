"""SMTP profiles in RevCent: no look-up, as far as is known, and shared by portals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pulumi_revcent_portal.models.smtp import SmtpProfileInputs
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.entity import EntityCore
from pulumi_revcent_portal.providers.ownership import random_word
from pulumi_revcent_portal.rules import smtp_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.providers.results import Props
    from pulumi_revcent_portal.rules import Finding, Settings


class SmtpProfileCore(EntityCore):
    """Reconciles an SMTP profile."""

    entity = "smtp_profile"
    users = "enabled portals"
    inputs_model = SmtpProfileInputs
    settings = ("name", "description", "enabled", "host", "port", "secure", "username", "password")

    def plan_findings(self, olds: Props, news: Props, rules: Settings, *, preview: bool) -> Iterable[Finding]:  # noqa: ARG002 - no requests
        """Apply the rules."""
        return smtp_findings(news, settings=rules)

    def used_by(self, object_id: str) -> list[str]:
        """Return the enabled portals that use it."""
        return self.session.portals_using(object_id)

    def retire(self, object_id: str, description: str, outputs: Props, urn: str) -> None:
        """Disable and rename the profile; a later create could not look the old object up under its name."""
        name = f"{outputs.get('name')} (retired {datetime.now(UTC):%Y-%m-%d} {random_word(4)})"
        retired = {"enabled": False, "name": name, "description": description}
        self.session.client.edit(self.entity, object_id, retired)
        self.warn(urn, f"RevCent cannot delete SMTP profiles: {object_id} was disabled and renamed to '{name}'.")


class SmtpProfileProvider(Provider):
    """The provider of `SmtpProfile`."""

    core = SmtpProfileCore
