"""How far a tracking domain is, read from what RevCent answers of it; pure, it asks nobody.

The order of the steps is documented by RevCent; that the status words mean what `wire.status_kind` says is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.api.wire import status_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["described", "has_failed", "is_certified", "is_prepared", "is_ready", "records_of", "zone_lines"]

_DNS = "dns_status"
_SSL = "ssl_status"


def is_prepared(domain: Mapping[str, Any]) -> bool:
    """Whether the certificate was asked for: RevCent named the CNAME records, or needs none any more.

    A certificate that failed has to be asked for again.
    """
    kind = status_kind(domain.get(_SSL))
    return kind == "ready" or (kind == "pending" and bool(domain.get("cname_records")))


def is_certified(domain: Mapping[str, Any]) -> bool:
    """Whether the certificate is issued."""
    return status_kind(domain.get(_SSL)) == "ready"


def is_ready(domain: Mapping[str, Any]) -> bool:
    """Whether a portal may use the domain: certificate issued, DNS complete."""
    return is_certified(domain) and status_kind(domain.get(_DNS)) == "ready"


def has_failed(domain: Mapping[str, Any], status: str) -> bool:
    """Whether a status (`ssl_status` or `dns_status`) means failure."""
    return status_kind(domain.get(status)) == "failed"


def described(domain: Mapping[str, Any], status: str, nothing: str) -> str:
    """Return RevCent's own word for a status, and whether it means failure.

    Args:
        domain: as RevCent answers it, under our names.
        status: `ssl_status` or `dns_status`.
        nothing: what to say where RevCent has no word.
    """
    word = domain.get(status)
    if not word:
        return nothing
    explained = has_failed(domain, status) and word.lower() != "failed"
    return f"'{word}' (failed)" if explained else f"'{word}'"


def records_of(domain: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return every DNS record that RevCent wants to see: `{"type", "name", "value"}` each."""
    return [*(domain.get("a_records") or []), *(domain.get("cname_records") or [])]


def zone_lines(records: Sequence[Mapping[str, str]]) -> str:
    """Return records as lines of a zone file, to be pasted to whoever runs the DNS."""
    lines = [f"{record['name'].rstrip('.')}. 300 IN {record['type']} {_target(record)}" for record in records]
    return "\n".join(f"    {line}" for line in lines) or "    (RevCent names no records)"


def _target(record: Mapping[str, str]) -> str:
    value = str(record["value"])
    return f"{value.rstrip('.')}." if record["type"].upper() == "CNAME" else value
