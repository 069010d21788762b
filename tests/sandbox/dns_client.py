"""The sandbox's name server as a program meets it: dnspython, an address and a key; nothing of the package is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dns.message
import dns.query
import dns.rcode
import dns.tsig
import dns.update

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.sandbox import Sandbox


class Dns:
    """A client of one sandbox's name server."""

    def __init__(self, sandbox: Sandbox, timeout: float = 5) -> None:
        self.timeout = timeout
        self.host, _, port = sandbox.dns_address.rpartition(":")
        self.port = int(port)
        self.key = dns.tsig.Key(sandbox.dns_key_name, sandbox.dns_key_secret, "hmac-sha256")

    def send(self, message: dns.message.Message, *, tcp: bool = False) -> dns.message.Message:
        ask: Callable[..., dns.message.Message] = dns.query.tcp if tcp else dns.query.udp
        return ask(message, self.host.strip("[]"), port=self.port, timeout=self.timeout)

    def ask(self, name: str, kind: str = "A", *, tcp: bool = False, **settings: Any) -> dns.message.Message:
        return self.send(dns.message.make_query(name, kind, **settings), tcp=tcp)

    def values(self, name: str, kind: str = "A") -> list[str]:
        """Return the last record set of the answer; an empty list when there is none."""
        answer = self.ask(name, kind).answer
        return sorted(item.to_text() for item in answer[-1]) if answer else []

    def new(self, zone: str = "acme.example") -> dns.update.UpdateMessage:
        return dns.update.UpdateMessage(zone, keyring=self.key)

    def change(self, message: dns.update.UpdateMessage, *, tcp: bool = True) -> str:
        """Send an update and return the code of the answer, such as "NOERROR"."""
        return rcode(self.send(message, tcp=tcp))


def rcode(answer: dns.message.Message) -> str:
    return dns.rcode.to_text(answer.rcode())
