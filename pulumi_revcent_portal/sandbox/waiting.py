"""What the steps of a tracking domain wait for, in words for the sandbox's page. It lets nothing happen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.life import FIELD, under_way
from pulumi_revcent_portal.sandbox.transitions import rule_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_revcent_portal.sandbox.store import Row

_NOT_BEGUN: Final = ("not_initialized", "failed")


def waiting(row: Row, transition: Any, now: float, missing: Sequence[str] | None) -> dict[str, str]:
    """Return what "certificate" and "dns" wait for; an empty text when they wait for nothing.

    Args:
        row: a tracking domain.
        transition: the switch of that name.
        now: the time, in Unix seconds.
        missing: the records that it waits for and that are not in the DNS, as text; None: it waits for none.
    """
    return {"certificate": _certificate(row, transition, now, missing), "dns": _dns(row, transition, now)}


def _certificate(row: Row, transition: Any, now: float, missing: Sequence[str] | None) -> str:
    if row.fields["ssl_status"] in _NOT_BEGUN:
        return _records(missing) if missing else "Waits for initialize_ssl"
    if row.fields["ssl_status"] == "pending" and missing:
        return _records(missing)
    return _pending(row, "certificate", transition, now)


def _dns(row: Row, transition: Any, now: float) -> str:
    if row.fields["dns_status"] in _NOT_BEGUN:
        is_issued = row.fields["ssl_status"] == "issued"
        return "Waits for initialize_dns" if is_issued else "Waits for the certificate"
    return _pending(row, "dns", transition, now)


def _pending(row: Row, step: str, transition: Any, now: float) -> str:
    if row.fields[FIELD[step]] != "pending":
        return ""
    if step not in row.life:
        return "Stays so until somebody changes it"
    progress, rule = under_way(row, step, now), rule_of(transition, row.fields["domain"], step)
    if isinstance(rule, str):
        return "Stays so: the transition is never"
    if "reads" in rule:
        return f"{max(math.ceil(rule['reads']) - progress.reads, 0)} more reads"
    if "seconds" in rule:
        return _seconds(rule["seconds"] - progress.seconds)
    return _seconds(rule["seen"] - (progress.seen or 0))


def _seconds(left: float) -> str:
    return f"{math.ceil(max(left, 0))} s more"


def _records(missing: Sequence[str]) -> str:
    return "Waits in the DNS for " + ", ".join(missing)
