"""What an answer of a server means. Pure: messages in, findings out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any, Final

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from pulumi_revcent_portal.dns.names import shown
from pulumi_revcent_portal.dns.transport import Silence

__all__ = ["CIRCLE", "Answer", "Kind", "chain", "denied_by", "failure", "read", "rrset_of", "silent", "values_of"]

CIRCLE: Final = "its CNAMEs go in a circle"
_WORDS: Final = {dns.rcode.REFUSED: "refused"}
_FOREVER: Final = 2**31


class Kind(Enum):
    """What became of a question."""

    FOUND = auto()
    NO_NAME = auto()
    NO_RECORD = auto()
    SILENT = auto()


@dataclass(frozen=True)
class Answer:
    """What a server says about a name and a type.

    Attributes:
        kind: what became of the question.
        values: the values, as text.
        reason: for `SILENT` why.
        aliases: the targets of the CNAMEs that led there, in their order.
        at: the server that said so, when a CNAME led to the servers of another zone.
        no_route: this machine cannot reach the server at all.
        late: the server was silent.
        ttl: for how long it holds, in seconds.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    reason: str = ""
    aliases: tuple[str, ...] = ()
    at: str = ""
    no_route: bool = False
    late: bool = False
    ttl: int = field(default=0, compare=False)

    def after(self, aliases: tuple[str, ...], ttl: int) -> Answer:
        """Return the same at the end of aliases that hold for so long."""
        return replace(self, aliases=aliases + self.aliases, ttl=min(ttl, self.ttl))


def silent(reason: str) -> Answer:
    """Return an answer that is none."""
    return Answer(Kind.SILENT, reason=reason)


def failure(message: dns.message.Message) -> str:
    """Return why a message answers nothing, or an empty text when it does."""
    rcode = message.rcode()
    if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return ""
    return _WORDS.get(rcode, dns.rcode.to_text(rcode))


def read(
    message: dns.message.Message | Silence, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, zone: dns.name.Name
) -> tuple[Answer, dns.name.Name | None]:
    """Read what a server that should be authoritative for a zone says.

    Returns:
        The answer, and None; or, when a CNAME leads to where the message says nothing of, the aliases so far and the
        name that is to be looked up next.
    """
    if isinstance(message, Silence):
        return Answer(Kind.SILENT, reason=message.reason, no_route=message.no_route, late=message.late), None
    reason = failure(message) or _not_authoritative(message, name, zone)
    if reason:
        return silent(reason), None
    names, ttl = chain(message, name, rdtype, within=zone)
    aliases = tuple(shown(each) for each in names[1:])
    here = names[-1]
    if here in names[:-1]:
        return Answer(Kind.NO_RECORD, reason=CIRCLE, aliases=aliases), None
    found = rrset_of(message, here, rdtype)
    if found is not None:
        return Answer(Kind.FOUND, values_of(found), aliases=aliases, ttl=min(ttl, found.ttl)), None
    nothing = Answer(Kind.NO_NAME if message.rcode() == dns.rcode.NXDOMAIN else Kind.NO_RECORD, aliases=aliases)
    if aliases and not (here.is_subdomain(zone) and denied_by(message) == zone):
        return replace(nothing, ttl=ttl), here
    return nothing, None


def denied_by(message: dns.message.Message) -> dns.name.Name | None:
    """Return the zone whose start of authority comes with an answer that something is not there."""
    return next((rrset.name for rrset in message.authority if rrset.rdtype == dns.rdatatype.SOA), None)


def _not_authoritative(message: dns.message.Message, name: dns.name.Name, zone: dns.name.Name) -> str:
    if message.flags & dns.flags.AA:
        return ""
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.NS and name.is_subdomain(rrset.name) and rrset.name != zone:
            if rrset.name.is_subdomain(zone):
                return f"says that {shown(rrset.name)} is delegated to other servers"
            break
    return f"is not authoritative for {shown(zone)}"


def chain(
    message: dns.message.Message, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, within: dns.name.Name
) -> tuple[list[dns.name.Name], int]:
    """Follow the CNAMEs of a message as far as they stay inside of a zone.

    Returns:
        The name and its aliases, the last of them twice when they go in a circle; and for how long they hold.
    """
    names, ttl = [name], _FOREVER
    while rdtype != dns.rdatatype.CNAME and names[-1].is_subdomain(within):
        alias = rrset_of(message, names[-1], dns.rdatatype.CNAME)
        if alias is None:
            break
        ttl = min(ttl, alias.ttl)
        names.append(alias[0].target)
        if names[-1] in names[:-1]:
            break
    return names, ttl


def rrset_of(
    message: dns.message.Message, name: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    """Return the record set of a name and type in the answer section, or None."""
    return next(
        (each for each in message.answer if each.match(name, dns.rdataclass.IN, rdtype, dns.rdatatype.NONE)), None
    )


def values_of(rrset: Any) -> tuple[str, ...]:
    """Return the values of a record set as text, sorted: hosts without the dot at the end, texts joined."""
    return tuple(sorted(_value(rdata) for rdata in rrset))


def _value(rdata: Any) -> str:
    if rdata.rdtype == dns.rdatatype.TXT:
        return b"".join(rdata.strings).decode("utf-8", "backslashreplace")
    if rdata.rdtype in (dns.rdatatype.CNAME, dns.rdatatype.NS):
        return shown(rdata.target)
    return str(rdata.to_text())
