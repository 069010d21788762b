"""The last step of a tracking domain: RevCent takes it into service, and a portal may use it."""

from __future__ import annotations

from typing import Any

from pulumi_revcent_portal.api.contract import status_kind
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.domain_step import DomainStepCore, describe_status, records_to_add
from pulumi_revcent_portal.providers.results import ProviderProblem


class TrackingDomainDnsCore(DomainStepCore):
    """Initialises the DNS once the certificate is there."""

    action = "initialize_dns"

    def is_done(self, domain: dict[str, Any]) -> bool:
        """Both the certificate and the DNS are complete."""
        return status_kind(domain.get("ssl_status")) == status_kind(domain.get("dns_status")) == "ready"

    def is_requested(self, domain: dict[str, Any]) -> bool:
        """The DNS is complete already; asking again while it is pending does no harm."""
        return status_kind(domain.get("dns_status")) == "ready"

    def require_possible(self, domain: dict[str, Any]) -> None:
        """Refuse before the certificate is there: RevCent would, too."""
        if status_kind(domain.get("ssl_status")) != "ready":
            raise ProviderProblem(
                f"The certificate of '{domain.get('domain')}' is "
                f"{describe_status(domain, 'ssl_status', 'not requested yet')} at "
                f"RevCent. It is issued once these records are visible in the DNS; then run `{self._again(domain)}`:\n"
                f"{records_to_add([*(domain.get('a_records') or []), *(domain.get('cname_records') or [])])}"
            )

    @staticmethod
    def _again(domain: dict[str, Any]) -> str:
        """Return the command that goes on; the step before this one asks anew only when a refresh saw the failure."""
        return "pulumi up --refresh" if status_kind(domain.get("ssl_status")) == "failed" else "pulumi up"

    def refused(self, domain: dict[str, Any], error: Exception) -> ProviderProblem:
        """Give RevCent's word for the state of the DNS."""
        return ProviderProblem(
            f"The DNS of '{domain.get('domain')}' is "
            f"{describe_status(domain, 'dns_status', 'not initialised')} at RevCent: "
            f"{error} Run `pulumi up` again in a few minutes. These records must stay visible:\n"
            f"{records_to_add([*(domain.get('a_records') or []), *(domain.get('cname_records') or [])])}"
        )

    def outputs(self, domain_id: str, domain: dict[str, Any]) -> dict[str, Any]:
        """Return the domain's ID, which a portal takes: it is known only now that the domain is ready."""
        return {"tracking_domain_id": domain_id, "status": domain.get("dns_status") or ""}


class TrackingDomainDnsProvider(Provider):
    """The provider of `TrackingDomainDns`."""

    core = TrackingDomainDnsCore
