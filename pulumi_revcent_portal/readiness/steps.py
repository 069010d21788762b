"""What must be so of a domain before a resource is made, and how far it is from that. Pure: it asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.api import domains

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN = "Run `pulumi up` again: it goes on where this run stopped."
AGAIN_AFTER_FAILURE = (
    "Correct the records, and run `pulumi up --refresh`: the refresh sees the failure, and RevCent is asked anew."
)


class Step(Enum):
    """What a resource needs of its domain."""

    CERTIFICATE = "certificate"
    """`TrackingDomainSsl`: the A records are visible, so that RevCent can prepare the certificate."""
    DNS = "dns"
    """`TrackingDomainDns`: the certificate is issued."""
    SERVICE = "service"
    """`CustomerPortal`: certificate issued, DNS complete."""


@dataclass(frozen=True)
class Outlook:
    """How far a domain is from what a step needs: ready, or failed, or waiting for something.

    Attributes:
        ready: the step can be taken.
        failure: why waiting is in vain, as a sentence; empty while it is not.
        records: the DNS records that RevCent wants to see, `{"type", "name", "value"}` each.
        visible_is_enough: the step can be taken as soon as all records are visible.
        pending: what RevCent has not done yet, for when all records are visible.
    """

    ready: bool = False
    failure: str = ""
    records: tuple[Mapping[str, str], ...] = ()
    visible_is_enough: bool = False
    pending: str = ""


def outlook(step: Step, domain: Mapping[str, Any]) -> Outlook:
    """Judge a domain as RevCent answers it.

    Args:
        step: what is to be done.
        domain: the domain under our names; may lack whatever RevCent leaves out.
    """
    records = tuple(domains.records_of(domain))
    name = domain.get("domain") or domain.get("name") or domain.get("id")
    if step is Step.CERTIFICATE:
        if domains.is_prepared(domain):
            return Outlook(ready=True)
        return Outlook(records=records, visible_is_enough=True, pending="RevCent names no records yet")
    if domains.is_certified(domain) and (step is Step.DNS or domains.is_ready(domain)):
        return Outlook(ready=True)
    for status, what in (("ssl_status", "certificate"), ("dns_status", "DNS")):
        if domains.has_failed(domain, status) and (status == "ssl_status" or step is Step.SERVICE):
            return Outlook(failure=_failure(name, what, domains.described(domain, status, ""), records))
    if not domains.is_certified(domain):
        pending = f"the certificate is {domains.described(domain, 'ssl_status', 'not requested')} at RevCent"
    else:
        pending = f"the DNS is {domains.described(domain, 'dns_status', 'not initialised')} at RevCent"
    return Outlook(records=records, pending=pending)


def _failure(name: Any, what: str, word: str, records: tuple[Mapping[str, str], ...]) -> str:
    return (
        f"The {what} of '{name}' is {word} at RevCent, so nothing more is waited for. {AGAIN_AFTER_FAILURE} RevCent "
        f"wants to see:\n{domains.zone_lines(records)}"
    )
