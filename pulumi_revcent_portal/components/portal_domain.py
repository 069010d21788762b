"""`PortalDomain`: a domain from nothing to "a portal may use it", in one `pulumi up`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.resources.component import RevCentComponent
from pulumi_revcent_portal.resources.dns_records import DnsRecords
from pulumi_revcent_portal.resources.tracking_domain import TrackingDomain, TrackingDomainDns, TrackingDomainSsl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_revcent_portal.models.dns import OctoDns, Rfc2136, Route53
    from pulumi_revcent_portal.models.wait import Wait
    from pulumi_revcent_portal.resources.url_parameter_set import UrlParameterSet

    Publisher = Route53 | Rfc2136 | OctoDns | Mapping[str, Any] | pulumi.Output[Any]


class PortalDomain(RevCentComponent):
    """A root domain on which portals can be served: the tracking domain, its DNS records, its certificate, its DNS.

    Args:
        resource_name: the Pulumi name.
        domain: the root domain, `acme.com`: no scheme, no sub-domain. A change replaces it.
        dns: where its records are published: `Route53(...)`, `Rfc2136(...)` or `OctoDns(...)`. Without it the program
            tells the records to add, and waits until somebody has added them.
        name: RevCent's name for it; the domain by default.
        description: free text.
        url_parameter_sets: the URL parameters to save: `UrlParameterSet` resources, or what stands for sets that this
            program does not declare.
        zone: the DNS zone that the records belong to; the domain by default.
        ttl: how long resolvers may keep the records, in seconds.
        overwrite: replace record sets of the same names that somebody else made.
        wait: how long each step waits; 20 minutes by default. False looks once, and fails with what is missing.
        adopt: take over an existing tracking domain of this name, with all its settings, and those of its records that
            are published already.
        adopt_id: take over the tracking domain with this ID, and those records.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RevCent's guide to customer portals (required: a DNS-ready tracking domain).
    """

    tracking_domain_id: pulumi.Output[str]
    """The domain's ID in RevCent, known only once the domain goes into service: what a portal takes."""
    a_records: pulumi.Output[list[dict[str, str]]]
    """The A records: `{"type": "A", "name": "acme.com", "value": "192.0.2.1"}`."""
    cname_records: pulumi.Output[list[dict[str, str]]]
    """The CNAME records that prove the domain."""
    status: pulumi.Output[str]
    """RevCent's word for the state of the DNS when it was last looked at."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        domain: pulumi.Input[str],
        dns: Publisher | None = None,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        url_parameter_sets: pulumi.Input[Sequence[UrlParameterSet | pulumi.Input[str]]] | None = None,
        zone: pulumi.Input[str] | None = None,
        ttl: pulumi.Input[int] | None = None,
        overwrite: bool = False,
        wait: pulumi.Input[Wait | bool] | None = None,
        adopt: bool = False,
        adopt_id: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("revcent:index:PortalDomain", resource_name, opts)
        below = pulumi.ResourceOptions(parent=self)
        tracked = TrackingDomain(
            f"{resource_name}-domain",
            domain=domain, name=name, description=description, url_parameter_sets=url_parameter_sets,
            adopt=adopt, adopt_id=adopt_id, opts=below,
        )  # fmt: skip

        def published(what: str, records: pulumi.Output[list[dict[str, str]]]) -> pulumi.ResourceOptions:
            """Publish records, and return the options of the step that needs them."""
            if dns is None:
                return below
            made = DnsRecords(
                f"{resource_name}-{what}",
                zone=domain if zone is None else zone, records=records, publisher=dns, ttl=ttl, overwrite=overwrite,
                adopt=adopt or adopt_id is not None, opts=below,
            )  # fmt: skip
            return pulumi.ResourceOptions(parent=self, depends_on=[made])

        certificate = TrackingDomainSsl(
            f"{resource_name}-certificate",
            tracking_domain=tracked,
            wait=wait,
            opts=published("a-records", tracked.a_records),
        )
        ready = TrackingDomainDns(
            f"{resource_name}-ready",
            tracking_domain=certificate,
            wait=wait,
            opts=published("cname-records", certificate.cname_records),
        )
        self._steps: list[pulumi.CustomResource] = [tracked, certificate, ready]
        self.tracking_domain_id = ready.tracking_domain_id
        self.a_records = tracked.a_records
        self.cname_records = certificate.cname_records
        self.status = ready.status
        self.register_outputs(
            {
                "tracking_domain_id": self.tracking_domain_id,
                "a_records": self.a_records,
                "cname_records": self.cname_records,
                "status": self.status,
            }
        )

    def steps(self) -> Iterator[tuple[str, pulumi.Output[str]]]:
        """Yield the steps by name, each with an ID that is known once the step is done."""
        for step in self._steps:
            yield f"{type(step).__name__} {step.pulumi_resource_name}", step.id
