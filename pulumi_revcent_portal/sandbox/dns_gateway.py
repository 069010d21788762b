"""The door of the sandbox's name server: reads messages, checks their keys (TSIG, RFC 8945), and keeps the log.

It is given bytes and returns bytes; sockets are the part of nameserver.py.
"""

from __future__ import annotations

import copy
import struct
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.rrset
import dns.tsig
import dns.update

from pulumi_revcent_portal.sandbox.answers import answer_query
from pulumi_revcent_portal.sandbox.dns_faults import DnsFaults
from pulumi_revcent_portal.sandbox.updates import carry_out, described
from pulumi_revcent_portal.sandbox.zones import owner_name, shown_name

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from dns.message import Message
    from dns.name import Name
    from dns.rcode import Rcode

    from pulumi_revcent_portal.sandbox.values import Clock
    from pulumi_revcent_portal.sandbox.zones import Zones

MOST_MESSAGES: Final = 50_000
"""How many messages are remembered; the oldest are forgotten first."""
LARGEST_DATAGRAM: Final = 1232
"""What fits into one packet everywhere (DNS flag day 2020), whatever more a client says that it takes."""
_SMALLEST_DATAGRAM: Final = 512
_HEADER: Final = 12
_ANSWER_BIT: Final = 0x80
_FUDGE: Final = 300


@dataclass(frozen=True)
class _Failure:
    """Why a message is not carried out: the code of the answer, and the error that its TSIG record tells."""

    rcode: Rcode
    tsig_error: Rcode = dns.rcode.NOERROR


class DnsGateway:
    """Answers DNS messages, one at a time, and keeps the log of them.

    Args:
        zones: what is answered from, and what updates change.
        keys: the TSIG keys that may update, secrets in base64 by name.
        lock: held while a message is worked on.
        clock: the time that the log tells.
    """

    def __init__(self, zones: Zones, keys: Mapping[str, str], lock: threading.RLock, clock: Clock) -> None:
        self.zones = zones
        self.faults = DnsFaults()
        self.calls: deque[dict[str, Any]] = deque(maxlen=MOST_MESSAGES)
        self._keys: dict[Name, dns.tsig.Key] = {
            owner_name(name): dns.tsig.Key(owner_name(name), secret, dns.tsig.HMAC_SHA256)
            for name, secret in keys.items()
        }
        self._lock = lock
        self._clock = clock

    def answer(self, wire: bytes, transport: str) -> bytes | None:
        """Return the answer to a message that came over "udp" or "tcp"; None: there is none."""
        if len(wire) < _HEADER or wire[2] & _ANSWER_BIT:
            return None  # nobody to answer to, or an answer itself: two servers must not chat for ever
        message, failure = self._read(wire)
        if message is None:
            return _form_error(wire)
        with self._lock:
            entry = _entry(message, transport, self._clock.now())
            self.calls.append(entry)
            fault = entry["fault"] = self.faults.take(_names(message), transport)
            response = self._response(message, failure, fault)
            if response is None or fault in ("timeout", "timeout_after"):
                return None
            entry["answer"] = dns.rcode.to_text(response.rcode())
        return response.to_wire(max_size=_room(message, transport), prefer_truncation=True)

    def copied_calls(self) -> list[dict[str, Any]]:
        """Return the messages so far, oldest first."""
        with self._lock:
            return copy.deepcopy(list(self.calls))

    def _read(self, wire: bytes) -> tuple[Message | None, _Failure | None]:
        try:
            return dns.message.from_wire(wire, keyring=self._keys), None
        except (dns.message.UnknownTSIGKey, dns.tsig.BadKey, dns.tsig.BadAlgorithm):
            error = dns.rcode.BADKEY
        except dns.tsig.BadSignature:
            error = dns.rcode.BADSIG
        except dns.tsig.BadTime:
            error = dns.rcode.BADTIME
        except (dns.exception.DNSException, ValueError):
            return None, None
        return dns.message.from_wire(wire, keyring=False), _Failure(dns.rcode.NOTAUTH, error)

    def _response(self, message: Message, failure: _Failure | None, fault: str | None) -> Message | None:
        response = dns.message.make_response(message, our_payload=LARGEST_DATAGRAM)
        if failure is not None:
            response.set_rcode(failure.rcode)
            self._tell_tsig_error(message, response, failure.tsig_error)
        elif fault == "timeout":
            return None
        elif fault in ("servfail", "refused"):
            response.set_rcode(dns.rcode.from_text(fault))
        elif fault == "truncate":
            response.flags |= dns.flags.TC
        else:
            self._work(message, response)
        return response

    def _work(self, message: Message, response: Message) -> None:
        if message.edns > 0:
            response.set_rcode(dns.rcode.BADVERS)
        elif isinstance(message, dns.update.UpdateMessage):
            response.set_rcode(self._updated(message))
        elif message.opcode() != dns.opcode.QUERY:
            response.set_rcode(dns.rcode.NOTIMP)
        elif len(message.question) != 1:
            response.set_rcode(dns.rcode.FORMERR)
        elif message.question[0].rdclass != dns.rdataclass.IN:
            response.set_rcode(dns.rcode.REFUSED)
        else:
            answer_query(self.zones, response)

    def _updated(self, message: dns.update.UpdateMessage) -> Rcode:
        if not message.zone:
            return dns.rcode.FORMERR
        zone = self.zones.named(message.zone[0].name)
        if message.zone[0].rdclass != dns.rdataclass.IN or zone is None:
            return dns.rcode.NOTAUTH
        if not message.had_tsig:
            return dns.rcode.REFUSED
        return carry_out(self.zones, zone, message)

    def _tell_tsig_error(self, message: Message, response: Message, error: Rcode) -> None:
        """Say in the TSIG record what is wrong with the message's one: signed only where the key is beyond doubt."""
        assert message.keyname is not None  # noqa: S101 - it is the key that failed
        assert message.tsig is not None  # noqa: S101 - it is what failed
        seen = message.tsig[0]
        if error == dns.rcode.BADTIME:
            now = int(self._clock.machine()).to_bytes(6, "big")
            key = self._keys[message.keyname]
            response.use_tsig(key, fudge=_FUDGE, original_id=message.id, tsig_error=error, other_data=now)
            response.request_mac = seen.mac
            return
        unsigned = dns.rdtypes.ANY.TSIG.TSIG(  # type: ignore[no-untyped-call]
            dns.rdataclass.ANY,
            dns.rdatatype.TSIG,
            seen.algorithm,
            seen.time_signed,
            _FUDGE,
            b"",
            message.id,
            error,
            b"",
        )
        response.tsig = dns.rrset.from_rdata(message.keyname, 0, unsigned)


def _form_error(wire: bytes) -> bytes:
    # Nothing of the message can be trusted but its first two bytes and what it wants to be.
    number, second = struct.unpack("!HB", wire[:3])
    return struct.pack("!HBB4H", number, _ANSWER_BIT | (second & 0x79), dns.rcode.FORMERR, 0, 0, 0, 0)


def _names(message: Message) -> list[str]:
    asked = [each.name for each in message.question]
    changed = [each.name for each in message.sections[2]] if message.opcode() == dns.opcode.UPDATE else []
    return [shown_name(name).lower() for name in (*asked, *changed)]


def _entry(message: Message, transport: str, now: float) -> dict[str, Any]:
    asked = message.question[0] if message.question else None
    return {
        "at": now,
        "transport": transport,
        "kind": dns.opcode.to_text(message.opcode()).lower(),
        "name": shown_name(asked.name) if asked is not None else None,
        "type": dns.rdatatype.to_text(asked.rdtype) if asked is not None else None,
        "key_name": shown_name(message.keyname) if message.keyname is not None else None,
        "changes": described(message) if isinstance(message, dns.update.UpdateMessage) else [],
        "answer": None,
        "fault": None,
    }


def _room(message: Message, transport: str) -> int:
    if transport != "udp":
        return 65535
    return max(_SMALLEST_DATAGRAM, min(message.payload, LARGEST_DATAGRAM)) if message.edns >= 0 else _SMALLEST_DATAGRAM
