"""The life of a tracking domain: its DNS records, and how its certificate and its DNS get ready (managed transitions).

It looks at nothing but the clock, the number of reads, and whether others have seen the records in the DNS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.refusals import Refusal
from pulumi_revcent_portal.sandbox.transitions import rule_of

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.store import Row

DONE: Final = MappingProxyType({"certificate": "issued", "dns": "complete"})
FIELD: Final = MappingProxyType({"certificate": "ssl_status", "dns": "dns_status"})


@dataclass(frozen=True)
class Step:
    """A step that is under way: the domain, "certificate" or "dns", how often it was read, and for how many seconds.

    `seen` is for how many seconds the records that it waits for have been in the DNS; None: not all of them are.
    """

    row: Row
    name: str
    reads: int
    seconds: float
    seen: float | None


Rule = Callable[[Step, Any], bool]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "reads": lambda step, amount: bool(step.reads >= amount),
        "seconds": lambda step, amount: bool(step.seconds >= amount),
        "seen": lambda step, amount: step.seen is not None and bool(step.seen >= amount),
    }
)
"""Whether a step is over, by the kind of its transition; the second argument is what the switch says of that kind."""


def a_records(domain: str) -> list[dict[str, str]]:
    """Return the A records that a domain needs before its certificate can be asked for."""
    return [{"type": "A", "name": domain, "value": value} for value in ("203.0.113.10", "203.0.113.20")]


def cname_records(domain: str, domain_id: str) -> list[dict[str, str]]:
    """Return the CNAME records that prove to the certificate authority whose domain it is."""
    return [
        {
            "type": "CNAME",
            "name": f"_{_token(domain_id, name)}.{name}",
            "value": f"_{_token(name, domain_id)}.cert.revcent.example",
        }
        for name in (domain, f"www.{domain}")
    ]


def _token(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def awaited(row: Row) -> list[dict[str, str]]:
    """Return the records that a domain's next step needs in the DNS."""
    status = row.fields["ssl_status"]
    if status in ("not_initialized", "failed"):
        return list(row.fields["a_records"])
    return list(row.fields["cname_records"]) if status == "pending" else []


def begin_certificate(row: Row, transition: Any, now: float) -> None:
    """Ask for the certificate. Asking again is harmless, and begins anew after a failure."""
    if row.fields["ssl_status"] in ("pending", "issued"):
        return
    row.fields["cname_records"] = cname_records(row.fields["domain"], row.id)
    _begin(row, "certificate", transition, now)


def begin_dns(row: Row, transition: Any, now: float) -> None:
    """Set the DNS up.

    Raises:
        Refusal: the certificate has not been issued.
    """
    if row.fields["ssl_status"] != "issued":
        raise Refusal(
            "certificate_not_active",
            "The DNS can be initialized only after the certificate of the tracking domain has been issued.",
        )
    if row.fields["dns_status"] not in ("pending", "complete"):
        _begin(row, "dns", transition, now)


def _begin(row: Row, step: str, transition: Any, now: float) -> None:
    row.fields[FIELD[step]] = "pending"
    row.life[step] = {"reads": 0, "since": now, "seen": None}
    settle(row, transition, now)


def settle(row: Row, transition: Any, now: float, *, reading: bool = False, seen: bool = False) -> bool:
    """Let pending steps come to their end when the transition says so.

    Args:
        row: a tracking domain.
        transition: the switch of that name.
        now: the time, in Unix seconds.
        reading: somebody fetches the object just now.
        seen: all records that the domain waits for have just been seen in the DNS.

    Returns:
        Whether the row has changed.
    """
    changed = False
    for step, field in FIELD.items():
        progress = row.life.get(step)
        if row.fields[field] != "pending" or progress is None:
            continue  # a step that was set to pending by hand stays so
        before = dict(progress)
        if not seen:
            progress["seen"] = None
        elif progress.get("seen") is None:
            progress["seen"] = now
        end = _end(under_way(row, step, now), rule_of(transition, row.fields["domain"], step))
        if end:
            row.fields[field] = end
            del row.life[step]
        elif reading:
            progress["reads"] += 1
        changed = changed or bool(end) or progress != before
    return changed


def under_way(row: Row, step: str, now: float) -> Step:
    """Return how far a step is that has begun and not ended."""
    progress = row.life[step]
    seen = progress.get("seen")
    return Step(row, step, progress["reads"], now - progress["since"], None if seen is None else now - seen)


def _end(step: Step, rule: Any) -> str | None:
    done = DONE[step.name]
    if isinstance(rule, str):
        return {"immediate": done, "failed": "failed"}.get(rule)
    kind = next(name for name in RULES if name in rule)
    return str(rule.get("outcome", done)) if RULES[kind](step, rule[kind]) else None
