"""SPF by RFC 7208: the syntax of a record, and how many look-ups it costs a receiver. It does not judge any sender."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.doctor.results import Verdict, failed, ok, warning, worst

if TYPE_CHECKING:
    from pulumi_revcent_portal.doctor.names import Names

__all__ = ["SpfError", "Term", "check_spf", "parse_spf"]

_VERSION: Final = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_MOST_LOOKUPS: Final = 10
"""RFC 7208, 4.6.4: more is a permanent error."""
_MOST_VOIDS: Final = 2
"""The same section: look-ups that find nothing."""
_MOST_HOSTS: Final = 10
"""The same section: hosts in the MX records of one name."""
_MECHANISM: Final = re.compile(r"([-+~?])?([a-z][a-z0-9]*)(?:([:/])(.*))?", re.IGNORECASE | re.DOTALL)
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL)
_ADDRESS_AND_LENGTH: Final = re.compile(r"([^/]*)(?:/(\d{1,2}))?(?://(\d{1,3}))?")
_LONGEST_V4: Final = 32
_LONGEST_V6: Final = 128
_LOOKS: Final = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_NEEDS_DOMAIN: Final = frozenset({"include", "exists", "redirect", "exp"})


class SpfError(ValueError):
    """A record that no receiver can use; the text is a clause."""


@dataclass(frozen=True)
class Term:
    """One word of a record.

    Attributes:
        name: the mechanism or modifier, in lower case.
        qualifier: what a match means: `+`, `-`, `~` or `?`; empty for a modifier.
        domain: the domain that it names; empty for the record's own.
    """

    name: str
    qualifier: str = ""
    domain: str = ""

    @property
    def has_macro(self) -> bool:
        """Whether the domain depends on the mail, so that it cannot be looked up without one."""
        return "%" in self.domain


def parse_spf(record: str) -> list[Term]:
    """Return the terms of a record in order.

    Raises:
        SpfError: a term has no meaning, which makes the whole record an error (RFC 7208, 4.6).
    """
    terms = [_term(word) for word in record.split(" ")[1:] if word]
    for name in ("redirect", "exp"):
        if sum(term.name == name for term in terms) > 1:
            raise SpfError(f"'{name}=' occurs twice")
    return terms


def _term(word: str) -> Term:
    modifier = _MODIFIER.fullmatch(word)
    if modifier:
        name, domain = modifier[1].lower(), modifier[2]
        if name in _NEEDS_DOMAIN and not domain:
            raise SpfError(f"'{word}' names no domain")
        return Term(name, domain=domain)
    match = _MECHANISM.fullmatch(word)
    name = match[2].lower() if match else ""
    if match is None or name not in {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"}:
        raise SpfError(f"'{word}' is no mechanism of SPF")
    sign, rest = match[3] or "", match[4] or ""
    return Term(name, match[1] or "+", _domain(word, name, sign, rest))


def _domain(word: str, name: str, sign: str, rest: str) -> str:
    """Return the domain of a mechanism, after holding its argument against the syntax."""
    if name == "all":
        if sign:
            raise SpfError(f"'{word}' has an argument, and 'all' takes none")
        return ""
    if name in {"ip4", "ip6"}:
        if sign != ":" or not _is_network(name, rest):
            raise SpfError(f"'{word}' holds no {'IPv4' if name == 'ip4' else 'IPv6'} address or network")
        return ""
    if (sign == ":" and not rest) or (name in _NEEDS_DOMAIN and sign != ":") or (name == "ptr" and sign == "/"):
        raise SpfError(f"'{word}' names no domain")
    if name in {"include", "exists", "ptr"}:
        return rest
    match = _ADDRESS_AND_LENGTH.fullmatch(f"/{rest}" if sign == "/" else rest)
    if match is None or int(match[2] or 0) > _LONGEST_V4 or int(match[3] or 0) > _LONGEST_V6:
        raise SpfError(f"'{word}' has a wrong length of a network")
    return match[1]


def _is_network(name: str, text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return network.version == (4 if name == "ip4" else 6)


@dataclass
class _Count:
    """What an evaluation costs."""

    lookups: int = 0
    voids: list[str] = field(default_factory=list)

    def one_more(self, term: Term, domain: str) -> None:
        self.lookups += 1
        if self.lookups > _MOST_LOOKUPS:
            raise SpfError(f"it needs more than {_MOST_LOOKUPS} look-ups (reached at '{term.name}' of {domain})")

    def found(self, domain: str, answers: tuple[str, ...]) -> None:
        if not answers:
            self.voids.append(domain)


async def check_spf(domain: str, names: Names) -> Verdict:
    """Say whether receivers can use the SPF record of a sender's domain.

    Args:
        domain: what stands behind the @ of the sender.
        names: the resolvers.

    Raises:
        NoAnswerError: no resolver answered.
    """
    records = await _records(domain, names)
    if not records:
        return warning(
            f"{domain} has no SPF record, so receivers cannot tell its mails from forged ones.",
            f"Publish one TXT record at {domain} that names the servers that send for it, as their operator says.",
            [f'{domain}. 300 IN TXT "v=spf1 include:<your mail provider> ~all"'],
        )
    if len(records) > 1:
        return failed(
            f"{domain} has {len(records)} SPF records, and may have one: receivers take that for an error.",
            "Merge them into one TXT record and delete the others.",
            [f'{domain}. IN TXT "{record}"' for record in records],
        )
    count = _Count()
    try:
        terms = parse_spf(records[0])
        await _evaluate(domain, terms, names, count)
    except SpfError as error:
        return failed(
            f"The SPF record of {domain} is an error for receivers: {error}.",
            f"Correct the TXT record of {domain}"
            + (": replace includes that are not needed any more by ip4: and ip6:." if count.lookups else "."),
            [f'{domain}. IN TXT "{records[0]}"'],
        )
    return worst([ok(f"{records[0]} ({count.lookups} of {_MOST_LOOKUPS} look-ups)"), *_doubts(domain, terms, count)])


def _doubts(domain: str, terms: list[Term], count: _Count) -> list[Verdict]:
    found = []
    last = next((term for term in terms if term.name == "all"), None)
    if last is not None and last.qualifier == "+":
        found.append(
            warning(
                f"The SPF record of {domain} ends in '+all': everybody may send as {domain}.",
                f"Replace '+all' by '~all' in the TXT record of {domain}.",
            )
        )
    if last is None and not any(term.name == "redirect" for term in terms):
        found.append(
            warning(
                f"The SPF record of {domain} says nothing about servers that it does not name.",
                f"Add '~all' at the end of the TXT record of {domain}.",
            )
        )
    if len(count.voids) > _MOST_VOIDS:
        found.append(
            warning(
                f"The SPF record of {domain} leads to {len(count.voids)} names without a record "
                f"({', '.join(count.voids)}); some receivers take more than {_MOST_VOIDS} for an error.",
                f"Remove these names from the TXT record of {domain}.",
            )
        )
    return found


async def _records(domain: str, names: Names) -> list[str]:
    return sorted(text for text in await names.texts(domain) if _VERSION.match(text))


async def _evaluate(domain: str, terms: list[Term], names: Names, count: _Count) -> None:
    """Walk through all terms as the receiver of a mail that matches none of them does: the dearest case."""
    has_all = any(term.name == "all" for term in terms)
    for term in terms:
        if term.name == "all":
            return  # what follows is never looked at
        if term.name in _LOOKS and not (term.name == "redirect" and has_all):
            count.one_more(term, domain)
            if not term.has_macro:
                await _follow(domain, term, names, count)


async def _follow(domain: str, term: Term, names: Names, count: _Count) -> None:
    target = term.domain or domain
    if term.name == "a":
        count.found(target, await names.addresses(target))
    elif term.name == "mx":
        hosts = await names.mail_servers(target)
        count.found(target, hosts)
        if len(hosts) > _MOST_HOSTS:
            raise SpfError(f"{target} has {len(hosts)} mail servers, and 'mx' allows {_MOST_HOSTS}")
    elif term.name in {"include", "redirect"}:
        records = await _records(target, names)
        if len(records) != 1:
            number = "no SPF record" if not records else f"{len(records)} SPF records"
            raise SpfError(f"'{term.name}' leads to {target}, which has {number}")
        try:
            inner = parse_spf(records[0])
        except SpfError as error:
            raise SpfError(f"the record of {target}, to which '{term.name}' leads: {error}") from None
        await _evaluate(target, inner, names, count)
