"""The last step of a tracking domain: RevCent takes it into service; a portal may use it once that is complete."""

from __future__ import annotations

from typing import Any

from pulumi_revcent_portal.api.domains import described, has_failed, is_certified, is_ready, records_of, zone_lines
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.domain_step import DomainStepCore
from pulumi_revcent_portal.providers.results import ProviderProblem


class TrackingDomainDnsCore(DomainStepCore):
    """Initialises the DNS once the certificate is there."""

    action = "initialize_dns"

    def is_done(self, domain: dict[str, Any]) -> bool:
        """Both the certificate and the DNS are complete."""
        return is_ready(domain)

    def is_under_way(self, domain: dict[str, Any], status: Any) -> bool:
        """RevCent was asked and still says what it said then; a portal waits for the end, not this step."""
        return is_certified(domain) and not has_failed(domain, "dns_status") and domain.get("dns_status") == status

    def is_requested(self, domain: dict[str, Any]) -> bool:
        """The DNS is complete already; asking again while it is pending does no harm."""
        return is_ready(domain)

    def require_possible(self, domain: dict[str, Any]) -> None:
        """Refuse before the certificate is there: RevCent would, too."""
        if not is_certified(domain):
            raise ProviderProblem(
                f"The certificate of '{domain.get('domain')}' is "
                f"{described(domain, 'ssl_status', 'not requested yet')} at RevCent. It is issued once these records "
                f"are visible in the DNS; then run `{self._again(domain)}`:\n{zone_lines(records_of(domain))}"
            )

    @staticmethod
    def _again(domain: dict[str, Any]) -> str:
        """Return the command that goes on; the step before this one asks anew only when a refresh saw the failure."""
        return "pulumi up --refresh" if has_failed(domain, "ssl_status") else "pulumi up"

    def refused(self, domain: dict[str, Any], error: Exception) -> ProviderProblem:
        """Give RevCent's word for the state of the DNS."""
        return ProviderProblem(
            f"The DNS of '{domain.get('domain')}' is {described(domain, 'dns_status', 'not initialised')} at RevCent: "
            f"{error} Run `pulumi up` again in a few minutes. These records must stay visible:\n"
            f"{zone_lines(records_of(domain))}"
        )

    def outputs(self, domain_id: str, domain: dict[str, Any]) -> dict[str, Any]:
        """Return the domain's ID, which a portal takes: it is known only now that the domain goes into service."""
        return {"tracking_domain_id": domain_id, "status": domain.get("dns_status") or ""}


class TrackingDomainDnsProvider(Provider):
    """The provider of `TrackingDomainDns`."""

    core = TrackingDomainDnsCore
