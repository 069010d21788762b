"""Customer portals in RevCent: what is particular to them beside the common life of an object."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_revcent_portal.api.errors import NotFound
from pulumi_revcent_portal.models.filters import CustomerFilters
from pulumi_revcent_portal.models.portal import CustomerPortalInputs
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.entity import EntityCore
from pulumi_revcent_portal.providers.results import ProviderProblem
from pulumi_revcent_portal.rules import portal_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_revcent_portal.api.client import Client
    from pulumi_revcent_portal.providers.results import Props
    from pulumi_revcent_portal.rules import Finding, Settings


class CustomerPortalCore(EntityCore):
    """Reconciles a customer portal."""

    entity = "customer_portal"
    inputs_model = CustomerPortalInputs
    settings = (
        "name", "description", "enabled", "tracking_domain", "smtp_profile", "recaptcha", "customer_emails",
        "customer_permissions", "customer_filters", "display_name", "footer_html", "create_non_existing_customer",
        "campaign",
    )  # fmt: skip
    computed = ("created_date", "url", "logo")
    named: ClassVar[Mapping[str, str]] = {
        "customer_filters.campaign": "campaign",
        "customer_filters.third_party_shop": "third_party_shop",
        "campaign": "campaign",
    }

    def plan_findings(self, olds: Props, news: Props, rules: Settings, *, preview: bool) -> Iterable[Finding]:
        """Apply the rules; the account is asked for its campaigns and shops only about a new portal without filters."""
        filters = news.get("customer_filters")
        opened = preview and filters != olds.get("customer_filters") and filters == CustomerFilters().dump()
        counts = self._origins() if opened else None
        return portal_findings(news, origins=counts, settings=rules)

    def _origins(self) -> tuple[int, int] | None:
        def count(client: Client) -> tuple[int, int]:
            return len(client.list("campaign")), len(client.list("third_party_shop"))

        return self.session.in_preview(count)

    def before_write(self, changed: dict[str, Any]) -> None:
        """Refuse a domain that cannot serve customers over HTTPS yet."""
        domain_id = changed.get("tracking_domain")
        if domain_id is None:
            return
        try:
            ready, domain = self.session.domain_is_ready(domain_id)
        except NotFound as error:
            raise ProviderProblem(
                f"tracking_domain: there is no tracking domain {domain_id} in this account. [{error}]"
            ) from None
        if not ready:
            raise ProviderProblem(
                f"tracking_domain '{domain.get('domain', domain_id)}' is not ready: its certificate is "
                f"'{domain.get('ssl_status') or 'not requested'}' and its DNS is "
                f"'{domain.get('dns_status') or 'not initialised'}' at RevCent. "
                "Pass the TrackingDomainDns resource, which is created once both are complete."
            )

    def after_write(self, object_id: str, sent: dict[str, Any]) -> None:
        """Keep the scan of portals true, by which a mail profile knows whether it is in use."""
        self.session.note_portal(
            object_id, **{key: sent[key] for key in ("name", "enabled", "smtp_profile") if key in sent}
        )

    def derived(self, outputs: Props) -> dict[str, Any]:
        """Return the iframe that embeds the portal, when its address is known."""
        url = outputs.get("url") or outputs.get("portal_url")
        title = outputs.get("display_name") or outputs.get("name")
        if not isinstance(url, str):
            return {"embed_html": ""}
        style = "width: 100%; min-height: 800px; border: 0"
        return {"embed_html": f'<iframe src="{escape(url)}" title="{escape(str(title))}" style="{style}"></iframe>'}

    def retire(self, object_id: str, description: str, outputs: Props, urn: str) -> None:
        """Disable the portal: RevCent has no delete for it."""
        self.session.client.edit(self.entity, object_id, {"enabled": False, "description": description})
        self.session.note_portal(object_id, enabled=False)
        self.warn(
            urn,
            f"RevCent cannot delete customer portals: '{outputs.get('name')}' ({object_id}) was disabled and keeps "
            "its name. A later create of that name takes it back.",
        )


class CustomerPortalProvider(Provider):
    """The provider of `CustomerPortal`."""

    core = CustomerPortalCore
