"""`DnsRecords`: records that the user's DNS host publishes, such as those that a tracking domain asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.models.dns import DnsRecordsInputs, Rfc2136
from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.providers.dns_records import DnsRecordsProvider
from pulumi_revcent_portal.resources.base import RevCentResource, declare
from pulumi_revcent_portal.resources.mapped import Mapped, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_revcent_portal.models.dns import DnsRecord, OctoDns, Route53

    Record = DnsRecord | Mapping[str, Any]


class DnsRecords(RevCentResource, module="revcent", name="DnsRecords"):
    """A, AAAA, CNAME and TXT records of one zone, published at the user's DNS host.

    It adds and removes only its own records: a record set that somebody else made is an error that names both sides,
    and of a TXT set only the declared values are ours.

    Args:
        resource_name: the Pulumi name.
        zone: the zone's name, such as acme.com. A change replaces the resource.
        records: the records, such as `TrackingDomain.a_records`.
        publisher: where the zone is kept: `Route53(...)`, `Rfc2136(...)` or `OctoDns(...)`.
        ttl: how long resolvers may keep the records, in seconds.
        overwrite: replace A, AAAA and CNAME sets that somebody else made. Nothing brings them back.
        adopt: take over those records that are published already exactly as declared, such as by the stack that had
            them before: this one then removes them at the end. By default they stay whoever's they were.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RFC 2136 (dynamic updates), RFC 8945 (TSIG), RFC 1034 (CNAME); Route 53's API; octoDNS's providers.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        zone: pulumi.Output[str]
        """The zone's name."""
        records: pulumi.Output[list[dict[str, str]]]
        """The records as they were declared; known once they are published."""
        ttl: pulumi.Output[int]
        """The time to live in seconds."""
    else:
        ttl = Mapped(whole)

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        zone: pulumi.Input[str],
        records: Sequence[Record | pulumi.Output[Any]] | pulumi.Output[Any],
        publisher: Route53 | Rfc2136 | OctoDns | Mapping[str, Any] | pulumi.Output[Any],
        ttl: pulumi.Input[int] | None = None,
        overwrite: bool = False,
        adopt: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "zone": zone,
            "records": records,
            "publisher": publisher,
            "ttl": ttl,
            "overwrite": overwrite,
            "adopt": adopt,
        }
        inputs = _sealed(declare(DnsRecordsInputs, type(self), resource_name, given))
        hidden = ["publisher", "overwrite", "adopt"]
        super().__init__(DnsRecordsProvider(), resource_name, inputs, opts, hidden=hidden, owned=False)


def _sealed(inputs: DnsRecordsInputs) -> DnsRecordsInputs:
    """Encrypt the secret of a publisher: the secrets of models that stand side by side are not found by themselves."""
    publisher = inputs.publisher
    if isinstance(publisher, Rfc2136):
        sealed = publisher.model_copy(update={"key_secret": pulumi.Output.secret(publisher.key_secret)})
        return inputs.model_copy(update={"publisher": sealed})
    return inputs
