"""What a person reads while a program waits, and when it gave up. Text only: nothing is sent anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.api.domains import zone_lines
from pulumi_revcent_portal.readiness.schedule import spoken
from pulumi_revcent_portal.readiness.steps import AGAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_revcent_portal.dns.records import Sighting
    from pulumi_revcent_portal.readiness.steps import Outlook

BLIND = (
    "Where this network lets no DNS through, `pulumi config set revcent:resolvers none` leaves the look-up to RevCent."
)


def detail(outlook: Outlook, missing: Sequence[Sighting]) -> str:
    """Return the one thing that is waited for, and how many more there are."""
    if not missing:
        return outlook.pending
    more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    return f"{missing[0]}{more}"


def progress(gone: float, timeout: float, what: str) -> str:
    """Return the line in the CLI's tree: `waiting 2m10s of 20m: CNAME _x.acme.com not on ns2.example.net`."""
    return f"waiting {spoken(gone)} of {spoken(timeout)}: {what}"


def gave_up(domain: Mapping[str, Any], gone: float, outlook: Outlook, missing: Sequence[Sighting]) -> str:
    """Return the error after the time is up, with what is missing in a form that can be handed on.

    Args:
        domain: the domain as RevCent answers it.
        gone: seconds since the wait began; less than one when nothing was waited for.
        outlook: how far the domain is.
        missing: the records that are not visible, server by server.
    """
    name = domain.get("domain") or domain.get("name") or domain.get("id")
    after = f"after {spoken(gone)}" if gone >= 1 else "yet"
    text = f"'{name}' is not ready {after}: {detail(outlook, missing)}. {AGAIN}"
    if not missing:
        return f"{text} These records must stay visible:\n{zone_lines(outlook.records)}" if outlook.records else text
    wanted = {(each.record.type, each.record.name, each.record.value) for each in missing}
    records = [each for each in outlook.records if (each["type"], each["name"], each["value"]) in wanted]
    blind = f" {BLIND}" if all(each.state.name == "NO_ANSWER" for each in missing) else ""
    return f"{text}{blind} Records to add, as lines of a zone file:\n{zone_lines(records)}\n{table(missing)}"


def table(missing: Sequence[Sighting]) -> str:
    """Return where each record is missing, as columns."""
    head = ("type", "name", "value", "name server", "found there")
    rows = [(each.record.type, each.record.name, each.record.value, each.server, _found(each)) for each in missing]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))
    return "\n".join(f"    {line.rstrip()}" for line in lines)


def _found(sighting: Sighting) -> str:
    words = {"NO_NAME": "no such name", "NO_RECORD": "no such record", "OTHER_VALUE": ", ".join(sighting.found)}
    return words.get(sighting.state.name) or f"no answer: {sighting.reason}"


def to_add(domain: Mapping[str, Any], outlook: Outlook) -> str:
    """Return what a person is told who publishes the records by hand."""
    name = domain.get("domain") or domain.get("name")
    return f"Add these records at the DNS host of '{name}':\n{zone_lines(outlook.records)}"
