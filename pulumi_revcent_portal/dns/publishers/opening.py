"""Makes the publisher that a declaration describes. Their libraries are loaded by the first request, not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.dns.publishers.records import Publisher, canonical_name

if TYPE_CHECKING:
    from collections.abc import Mapping


def open_publisher(zone: str, described: Mapping[str, Any]) -> Publisher:
    """Return the publisher of a zone.

    Args:
        zone: the zone's name.
        described: a validated description: its `kind`, and what that kind takes.

    Raises:
        PublisherError: what it needs is not installed, or cannot be made with these settings.
    """
    given = {key: value for key, value in described.items() if key != "kind"}
    zone = canonical_name(zone)
    if described["kind"] == "rfc2136":
        from pulumi_revcent_portal.dns.publishers.rfc2136 import Rfc2136Publisher  # noqa: PLC0415 - one of three

        return Rfc2136Publisher(zone=zone, **given | {"port": int(given.get("port", 53))})
    if described["kind"] == "route53":
        from pulumi_revcent_portal.dns.publishers.route53 import Route53Publisher  # noqa: PLC0415

        return Route53Publisher(zone=zone, **given)
    from pulumi_revcent_portal.dns.publishers.octodns import OctoDnsPublisher  # noqa: PLC0415

    return OctoDnsPublisher(zone=zone, **given)


def target(zone: str, described: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what says where records go, without the credentials that only say how to get in."""
    kind = described["kind"]
    if kind == "rfc2136":
        return canonical_name(zone), kind, canonical_name(described["server"]), int(described.get("port", 53))
    if kind == "route53":
        return canonical_name(zone), kind, described["hosted_zone_id"], described.get("endpoint_url")
    return canonical_name(zone), kind, described["provider"], repr(sorted(described.get("settings", {}).items()))
