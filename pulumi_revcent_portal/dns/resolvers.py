"""The resolvers that find zones and addresses: those that somebody named, or the system's."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver

from pulumi_revcent_portal.dns.reading import failure
from pulumi_revcent_portal.dns.transport import Endpoint, Silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_revcent_portal.dns.network import Network

__all__ = ["Reply", "Resolvers", "endpoint"]

_STANDARD_PORT: Final = 53
_LAST_PORT: Final = 65535


def endpoint(text: str) -> Endpoint:
    """Return the address of a resolver: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`.

    Raises:
        ValueError: it is none.
    """
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::(\d+))?", text.strip())
    if bracketed:
        address, port = bracketed[1], bracketed[2]
    elif text.count(":") == 1:
        address, _, port = text.strip().partition(":")
    else:
        address, port = text.strip(), None
    number = _STANDARD_PORT if port is None else int(port) if port.isdecimal() else 0
    try:
        ipaddress.ip_address(address)
    except ValueError:
        number = 0
    if not 1 <= number <= _LAST_PORT:
        raise ValueError(
            f"{text!r} is no address of a DNS resolver. Write it like 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53."
        )
    return Endpoint(address, number)


@dataclass(frozen=True)
class Reply:
    """An answer, and the resolver that gave it."""

    message: dns.message.Message
    resolver: Endpoint


class Resolvers:
    """Resolvers, of which the next is asked when one has no answer.

    Args:
        network: carries the questions.
        given: the resolvers; empty for the system's.
    """

    def __init__(self, network: Network, given: Sequence[Endpoint]) -> None:
        self._network = network
        self._endpoints = tuple(given) or _of_the_system()
        self._first = 0

    @property
    def with_own_port(self) -> tuple[Endpoint, ...]:
        """Those on another port than DNS's: they may be the authoritative servers themselves."""
        return tuple(each for each in self._endpoints if each.port != _STANDARD_PORT)

    async def ask(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply | Silence:
        """Ask one after the other until one answers; the silence tells of the first."""
        if not self._endpoints:
            return Silence("this system names no DNS resolver")
        silence: Silence | None = None
        first = self._first
        for number in range(len(self._endpoints)):
            index = (first + number) % len(self._endpoints)
            resolver = self._endpoints[index]
            message = await self._network.ask(resolver, name, rdtype, recursive=True)
            if isinstance(message, Silence):
                reason = message.reason
            else:
                if number and silence is not None and silence.late:
                    self._first = index  # the ones before it would cost everybody a time-out
                reason = failure(message) or _refers_only(message)
                if not reason:
                    return Reply(message, resolver)
            late = isinstance(message, Silence) and message.late
            silence = silence or Silence(f"the resolver {resolver}: {reason}", late=late)
        return silence or Silence("no resolver was asked")


def _refers_only(message: dns.message.Message) -> str:
    """Return why an answer is none: it names other servers instead of asking them."""
    useful = message.answer or message.flags & (dns.flags.AA | dns.flags.RA)
    if useful or any(rrset.rdtype == dns.rdatatype.SOA for rrset in message.authority):
        return ""
    return "does not resolve names"


def _of_the_system() -> tuple[Endpoint, ...]:
    try:
        configured = dns.resolver.Resolver()
    except dns.exception.DNSException:
        return ()
    return tuple(Endpoint(address, configured.port) for address in configured.nameservers if isinstance(address, str))
