"""`TrackingDomain`, and the two steps that make it ready: `TrackingDomainSsl` and `TrackingDomainDns`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import pulumi

from pulumi_revcent_portal.models.domain import TrackingDomainInputs, TrackingDomainStepInputs
from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.providers.tracking_domain import TrackingDomainProvider
from pulumi_revcent_portal.providers.tracking_domain_dns import TrackingDomainDnsProvider
from pulumi_revcent_portal.providers.tracking_domain_ssl import TrackingDomainSslProvider
from pulumi_revcent_portal.readiness.steps import Step
from pulumi_revcent_portal.resources.base import Needs, RevCentResource, declare
from pulumi_revcent_portal.resources.url_parameter_set import UrlParameterSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_revcent_portal.models.wait import Wait


class TrackingDomain(RevCentResource, module="revcent", name="TrackingDomain"):
    """A root domain known to RevCent, on which portals can be served once it is ready.

    Args:
        resource_name: the Pulumi name.
        domain: the root domain, `acme.com`: no scheme, no sub-domain. A change replaces the object.
        name: RevCent's name for it, unique in the account; the domain by default.
        description: free text.
        url_parameter_sets: the URL parameters to save: `UrlParameterSet` resources, or what stands for sets that this
            program does not declare.
        adopt: take over an existing tracking domain of this name, with all its settings.
        adopt_id: take over the tracking domain with this ID.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RevCent's CreateTrackingDomain.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        domain: pulumi.Output[str]
        """The root domain, in lower case and punycode."""
        name: pulumi.Output[str]
        """RevCent's name for it."""
        description: pulumi.Output[str]
        """The free text, without the ownership mark."""
        url_parameter_sets: pulumi.Output[list[dict[str, str]]]
        """Its URL parameter sets: `{"id": ..., "name": ...}`, without a name where an ID was declared."""
        a_records: pulumi.Output[list[dict[str, str]]]
        """The A records to publish: `{"type": "A", "name": "acme.com", "value": "192.0.2.1"}`."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        domain: pulumi.Input[str],
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        url_parameter_sets: pulumi.Input[Sequence[UrlParameterSet | pulumi.Input[str]]] | None = None,
        adopt: bool = False,
        adopt_id: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "domain": domain,
            "name": name,
            "description": description,
            "url_parameter_sets": set_ids(url_parameter_sets),
            "adopt": adopt,
            "adopt_id": adopt_id,
        }
        inputs = declare(TrackingDomainInputs, type(self), resource_name, given)
        super().__init__(
            TrackingDomainProvider(), resource_name, inputs, opts,
            computed=["a_records"], hidden=["adopt", "adopt_id"], refers={"url_parameter_sets": url_parameter_sets},
        )  # fmt: skip


class TrackingDomainSsl(RevCentResource, module="revcent", name="TrackingDomainSsl"):
    """The certificate of a tracking domain, requested once its A records are visible.

    Args:
        resource_name: the Pulumi name.
        tracking_domain: the `TrackingDomain`, or its ID.
        wait: how long the program waits until the A records are visible; 20 minutes by default. False looks once, and
            fails with the records that are missing.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong.

    Source: RevCent's InitializeTrackingDomainSSL.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        tracking_domain: pulumi.Output[str]
        """The ID of the tracking domain."""
        cname_records: pulumi.Output[list[dict[str, str]]]
        """The CNAME records to publish: `{"type": "CNAME", "name": ..., "value": ...}`."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        tracking_domain: TrackingDomain | pulumi.Input[str],
        wait: pulumi.Input[Wait | bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given = {"tracking_domain": domain_id(tracking_domain), "wait": wait}
        inputs = declare(TrackingDomainStepInputs, type(self), resource_name, given)
        super().__init__(
            TrackingDomainSslProvider(), resource_name, inputs, opts,
            computed=["cname_records"], needs=Needs(Step.CERTIFICATE, tracking_domain),
        )  # fmt: skip


class TrackingDomainDns(RevCentResource, module="revcent", name="TrackingDomainDns"):
    """A tracking domain that goes into service once its certificate is issued. It is what a portal depends on.

    Args:
        resource_name: the Pulumi name.
        tracking_domain: the `TrackingDomain`, the `TrackingDomainSsl`, or the domain's ID.
        wait: how long the program waits until the certificate is issued; 20 minutes by default. False looks once, and
            fails with what is missing.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong.

    Source: RevCent's InitializeTrackingDomainDNS.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        tracking_domain: pulumi.Output[str]
        """The ID of the tracking domain."""
        tracking_domain_id: pulumi.Output[str]
        """The domain's ID, known only once the domain goes into service: pass it to a portal."""
        status: pulumi.Output[str]
        """RevCent's word for the state of the DNS when it was last looked at."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        tracking_domain: TrackingDomain | TrackingDomainSsl | pulumi.Input[str],
        wait: pulumi.Input[Wait | bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given = {"tracking_domain": domain_id(tracking_domain), "wait": wait}
        inputs = declare(TrackingDomainStepInputs, type(self), resource_name, given)
        super().__init__(
            TrackingDomainDnsProvider(), resource_name, inputs, opts,
            computed=["tracking_domain_id", "status"], needs=Needs(Step.DNS, tracking_domain),
        )  # fmt: skip


def set_ids(sets: Any) -> Any:
    """Return URL parameter sets with IDs in place of resources; what is no list is left to the model."""
    if not isinstance(sets, list | tuple):
        return sets
    return [each.id if isinstance(each, UrlParameterSet) else each for each in sets]


class HasTrackingDomain(Protocol):
    """Whatever knows a domain that goes into service: `TrackingDomainDns`, or the component `PortalDomain`."""

    tracking_domain_id: pulumi.Output[str]


def domain_id(
    domain: HasTrackingDomain | TrackingDomain | TrackingDomainSsl | pulumi.Input[str],
) -> pulumi.Input[str]:
    """Return the ID of whatever stands for a tracking domain; the last step's is known once it goes into service."""
    if isinstance(domain, TrackingDomain | TrackingDomainSsl):
        return domain.id
    if isinstance(domain, pulumi.Resource):  # an Output would claim to have any attribute
        given: HasTrackingDomain = cast("HasTrackingDomain", domain)
        return given.tracking_domain_id
    return cast("pulumi.Input[str]", domain)
