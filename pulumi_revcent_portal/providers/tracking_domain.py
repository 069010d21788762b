"""Tracking domains in RevCent: made here, made ready by the two step resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_revcent_portal.models.domain import TrackingDomainInputs
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.entity import EntityCore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_revcent_portal.providers.results import Props


class TrackingDomainCore(EntityCore):
    """Reconciles a tracking domain."""

    entity = "tracking_domain"
    inputs_model = TrackingDomainInputs
    settings = ("name", "description", "domain", "url_parameter_sets")
    immutable = ("domain",)
    computed = ("a_records",)
    named: ClassVar[Mapping[str, str]] = {"url_parameter_sets": "url_parameter_set"}

    def plan_problems(self, olds: Props, news: Props) -> Iterable[str]:
        """Refuse another domain under the same explicit name: the replacement would collide with what it replaces."""
        old, new, name = olds.get("domain"), news.get("domain"), news.get("name")
        if isinstance(old, str) and isinstance(new, str) and old != new and name == olds.get("name"):
            yield (
                f"name: '{name}' still belongs to the domain '{old}', and RevCent cannot change a tracking domain's "
                "domain, so this one is replaced while the old one exists. Change name too, or leave it out (it then "
                "is the domain)."
            )

    def fetch(self, object_id: str, *, fresh: bool) -> dict[str, Any]:
        """Read the domain, once for the three resources that look at it."""
        return self.session.domain(object_id, fresh=fresh)

    def after_write(self, object_id: str, sent: dict[str, Any]) -> None:  # noqa: ARG002 - whatever was written
        """Read the domain anew."""
        self.session.forget_domain(object_id)

    def retire(self, object_id: str, description: str, outputs: Props, urn: str) -> None:
        """Mark the domain as retired: RevCent can neither delete nor disable it."""
        self.session.client.edit(self.entity, object_id, {"description": description})
        self.session.forget_domain(object_id)
        self.warn(
            urn,
            f"RevCent cannot delete tracking domains: '{outputs.get('domain')}' ({object_id}) remains, marked as "
            "retired. A later create of that name takes it back. Its DNS records may be removed.",
        )


class TrackingDomainProvider(Provider):
    """The provider of `TrackingDomain`."""

    core = TrackingDomainCore
