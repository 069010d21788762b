"""DMARC by RFC 7489: the record that applies to a sender's domain, and what it asks of receivers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.doctor.results import Verdict, ok, warning

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from pulumi_revcent_portal.doctor.names import Names

__all__ = ["check_dmarc", "organisational_domain"]

_VERSION: Final = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)")
_POLICIES: Final = ("none", "quarantine", "reject")
_PERCENT: Final = 100


async def check_dmarc(domain: str, names: Names) -> Verdict:
    """Say which DMARC policy applies to a sender's domain.

    Args:
        domain: what stands behind the @ of the sender.
        names: the resolvers.

    Raises:
        NoAnswerError: no resolver answered.
    """
    root = organisational_domain(domain)
    records: list[str] = []
    place = domain
    for place in dict.fromkeys((domain, root)):
        records = [text for text in await names.texts(f"_dmarc.{place}") if _VERSION.match(text)]
        if records:
            break
    where = f"_dmarc.{place}"
    if not records:
        return warning(
            f"{domain} has no DMARC record; large mail providers ask for one.",
            f"Publish a TXT record at {where}, to begin with one that only watches.",
            [f'{where}. 300 IN TXT "v=DMARC1; p=none"'],
        )
    shown = [f'{where}. IN TXT "{record}"' for record in records]
    if len(records) > 1:
        return warning(
            f"{where} has {len(records)} DMARC records, so receivers apply none of them.", "Keep one of them.", shown
        )
    tags, problem = _tags(records[0])
    if problem:
        return warning(f"Receivers ignore the DMARC record at {where}: {problem}.", "Correct it.", shown)
    policy = tags["p"] if place == domain else tags.get("sp", tags["p"])
    inherited = "" if place == domain else f", from {where}"
    return ok(f"{records[0]} (policy for {domain}: {policy}{inherited})")


def _tags(record: str) -> tuple[dict[str, str], str]:
    """Return the tags of a record, and what makes it useless."""
    tags: dict[str, str] = {}
    for part in record.split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not name and not equals:
            continue
        if not equals or not name:
            return tags, f"'{part.strip()}' is no tag"
        if name in tags:
            return tags, f"the tag '{name}' occurs twice"
        tags[name] = value
    for name in ("p", "sp"):
        if name in tags:
            tags[name] = tags[name].lower()
            if tags[name] not in _POLICIES:
                return tags, f"{name}={tags[name]} is none of {', '.join(_POLICIES)}"
    if "p" not in tags:
        return tags, "it has no policy (p=)"
    percent = tags.get("pct", "0")
    if not re.fullmatch(r"\d{1,3}", percent) or int(percent) > _PERCENT:
        return tags, f"pct={percent} is no number from 0 to {_PERCENT}"
    return tags, ""


def organisational_domain(domain: str) -> str:
    """Return the domain that was registered, by the public suffix list (RFC 7489, 3.2); the domain itself if none."""
    return _suffixes().privatesuffix(domain) or domain


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - reading the list takes tens of milliseconds

    return PublicSuffixList(accept_unknown=True)
