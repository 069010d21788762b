"""The switch `transition`: which values it takes, and what it says of one domain and one step. Data only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

STEPS: Final = ("certificate", "dns")
RULES: Final = (
    '"immediate", "never", "failed", {"reads": n} or {"seconds": t}, the last two also with "outcome": "failed"; '
    '{"lookup": {}}, perhaps with "issue_seconds", "dns_seconds" and "resolver"'
)
"""The values there are for one domain and one step, in words; the one with look-ups is for both steps of a domain."""
LOOKUP: Final[Mapping[str, Any]] = {"issue_seconds": 3, "dns_seconds": 0, "resolver": None}
"""What a transition with look-ups can be told, and what holds otherwise; no resolver: the sandbox's own name server."""
_DOMAIN: Final = re.compile(r"\*|[a-z0-9-]+(\.[a-z0-9-]+)+")
_ADDRESS: Final = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[0-9.]+):(\d{1,5})")
_LARGEST_PORT: Final = 65535


def is_transition(value: Any) -> bool:
    """Tell whether the switch can have a value."""
    if isinstance(value, Mapping) and set(value) == {"domains"}:
        by_domain = value["domains"]
        return (
            isinstance(by_domain, Mapping)
            and bool(by_domain)
            and all(isinstance(name, str) and _DOMAIN.fullmatch(name) for name in by_domain)
            and all(_is_for_a_domain(rules) for rules in by_domain.values())
        )
    return _is_for_a_domain(value)


def _is_for_a_domain(value: Any) -> bool:
    if isinstance(value, Mapping) and value and set(value) <= set(STEPS):
        return all(_is_rule(rule) for rule in value.values())
    if isinstance(value, Mapping) and set(value) == {"lookup"}:
        return _is_lookup(value["lookup"])
    return _is_rule(value)


def _is_rule(rule: Any) -> bool:
    if isinstance(rule, str):
        return rule in ("immediate", "never", "failed")
    if not isinstance(rule, Mapping) or rule.get("outcome", "failed") != "failed":
        return False
    amounts = [amount for name, amount in rule.items() if name in ("reads", "seconds")]
    others = set(rule) - {"reads", "seconds", "outcome"}
    return not others and len(amounts) == 1 and _is_amount(amounts[0])


def _is_lookup(settings: Any) -> bool:
    if not isinstance(settings, Mapping) or not set(settings) <= set(LOOKUP):
        return False
    given = {**LOOKUP, **settings}
    if not _is_amount(given["issue_seconds"]) or not _is_amount(given["dns_seconds"]):
        return False
    return given["resolver"] is None or _is_address(given["resolver"])


def _is_address(value: object) -> bool:
    found = _ADDRESS.fullmatch(value) if isinstance(value, str) else None
    return found is not None and 0 < int(found[1]) <= _LARGEST_PORT


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _for_domain(transition: Any, domain: str) -> Any:
    if isinstance(transition, Mapping) and "domains" in transition:
        by_domain = transition["domains"]
        return by_domain.get(domain, by_domain.get("*", "immediate"))
    return transition


def lookup_of(transition: Any, domain: str) -> Mapping[str, Any] | None:
    """Return the complete settings of a domain whose life is driven by look-ups; None: it is not."""
    rules = _for_domain(transition, domain)
    return {**LOOKUP, **rules["lookup"]} if isinstance(rules, Mapping) and "lookup" in rules else None


def rule_of(transition: Any, domain: str, step: str) -> Any:
    """Return what holds for one step of one domain: a word, or a mapping with one kind of rule and what it says."""
    rules = _for_domain(transition, domain)
    if isinstance(rules, Mapping) and set(rules) <= set(STEPS):
        return rules.get(step, "immediate")
    lookup = lookup_of(transition, domain)
    if lookup is None:
        return rules
    return {"seen": lookup["issue_seconds"]} if step == "certificate" else {"seconds": lookup["dns_seconds"]}
