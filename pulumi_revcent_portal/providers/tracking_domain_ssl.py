"""The second step of a tracking domain: request its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.api.domains import described, is_prepared, records_of, zone_lines
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.domain_step import DomainStepCore
from pulumi_revcent_portal.providers.results import ProviderProblem

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.results import Props


class TrackingDomainSslCore(DomainStepCore):
    """Requests the certificate and hands out the CNAME records that prove the domain."""

    action = "initialize_ssl"

    def is_done(self, domain: dict[str, Any]) -> bool:
        """RevCent named the CNAME records, or needs none any more; a certificate that failed is asked for again."""
        return is_prepared(domain)

    is_requested = is_done

    def refused(self, domain: dict[str, Any], error: Exception) -> ProviderProblem:
        """Name the records that have to be visible first: the A records, and the CNAMEs where they are known."""
        return ProviderProblem(
            f"RevCent does not prepare the certificate of '{domain.get('domain')}' (status "
            f"{described(domain, 'ssl_status', 'none')}): {error} These records must be visible in the DNS "
            f"first; then run `pulumi up` again:\n{zone_lines(records_of(domain))}"
        )

    def known(self, outputs: Props) -> dict[str, Any]:
        """The records: an answer that leaves them out must not take them out of the DNS."""
        return {"cname_records": outputs.get("cname_records") or []}

    def outputs(self, domain_id: str, domain: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - the step's own face
        """Return the records to add."""
        return {"cname_records": domain.get("cname_records") or []}


class TrackingDomainSslProvider(Provider):
    """The provider of `TrackingDomainSsl`."""

    core = TrackingDomainSslCore
