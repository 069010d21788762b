"""URL parameter sets in RevCent: shared by tracking domains, and kept while one of them uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.models.url_parameters import UrlParameterSetInputs
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.drift import same
from pulumi_revcent_portal.providers.entity import EntityCore
from pulumi_revcent_portal.rules import url_parameter_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.providers.results import Props
    from pulumi_revcent_portal.rules import Finding, Settings


class UrlParameterSetCore(EntityCore):
    """Reconciles a URL parameter set."""

    entity = "url_parameter_set"
    users = "tracking domains"
    inputs_model = UrlParameterSetInputs
    settings = ("name", "description", "enabled", "url_parameters")

    def plan_findings(self, olds: Props, news: Props, rules: Settings, *, preview: bool) -> Iterable[Finding]:  # noqa: ARG002 - no requests
        """Apply the rules to parameters that are new or changed: what was meant then is meant now."""
        if same(olds.get("url_parameters"), news["url_parameters"]):
            return []
        return url_parameter_findings(news, settings=rules)

    def fetch(self, object_id: str, *, fresh: bool) -> dict[str, Any]:
        """Read the set; RevCent saves a parameter without a metadata name under its own name."""
        found = super().fetch(object_id, fresh=fresh)
        if "url_parameters" in found:
            found["url_parameters"] = [
                each | {"metadata_name": each.get("metadata_name") or each.get("url_parameter", "")}
                for each in found["url_parameters"]
            ]
        return found

    def used_by(self, object_id: str) -> list[str]:
        """Return the tracking domains that use it."""
        return self.session.domains_using(object_id)

    def retire(self, object_id: str, description: str, outputs: Props, urn: str) -> None:
        """Disable the set: RevCent has no delete for it."""
        self.session.client.edit(self.entity, object_id, {"enabled": False, "description": description})
        self.warn(
            urn,
            f"RevCent cannot delete URL parameter sets: '{outputs.get('name')}' ({object_id}) was disabled and keeps "
            "its name. A later create of that name takes it back.",
        )


class UrlParameterSetProvider(Provider):
    """The provider of `UrlParameterSet`."""

    core = UrlParameterSetCore
