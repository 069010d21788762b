"""A zone on a name server that takes dynamic updates (RFC 2136), by TCP, every message signed with TSIG (RFC 8945).

What the server holds is asked of the server itself. A change is one update whose prerequisites are what was read, so
that it happens as planned or not at all.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.dns.publishers.errors import PublisherError, Stale, Unsure
from pulumi_revcent_portal.dns.publishers.records import Change, Key, RecordSet, Sets, canonical_name, canonical_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import dns.message
    import dns.rdataset
    import dns.rrset
    import dns.update

TIMEOUT: Final = 10.0
"""How many seconds an answer may take."""
PUBLISHED: Final = ("A", "AAAA", "CNAME", "TXT")
NEIGHBOURS: Final = ("MX", "NS", "CAA", "SRV", "HTTPS", "SVCB", "DS", "TLSA", "SSHFP", "PTR", "NAPTR", "LOC", "DNAME")
"""Types that may stand at a name where a CNAME is wanted; they are only looked for, to say what is in the way."""
PIECE: Final = 255  # RFC 1035, section 3.3.14: a text is made of pieces of at most 255 bytes


@dataclass(frozen=True)
class Rfc2136Publisher:
    """One zone of one server; an instance keeps nothing, and may be used by several threads."""

    zone: str
    server: str
    key_name: str
    key_secret: str = field(repr=False)
    key_algorithm: str = "hmac-sha256"
    port: int = 53
    timeout: float = TIMEOUT

    @property
    def where(self) -> str:
        """The server, for messages."""
        return f"name server {self.server}" + (f" port {self.port}" if self.port != 53 else "")  # noqa: PLR2004 - DNS

    # --- reading ------------------------------------------------------------------------------------------------------

    def read(self, names: Iterable[str]) -> Sets:
        """Return the record sets of these names."""
        sets: Sets = {}
        with self._connected() as connection:
            for name in sorted(set(names)):
                for found in self._sets_of(connection, name):
                    sets[found.key] = found
        return sets

    def _sets_of(self, connection: socket.socket, name: str) -> Iterator[RecordSet]:
        found = [each for kind in PUBLISHED if (each := self._ask(connection, name, kind))]
        if not any(each.type in {"A", "AAAA", "TXT"} for each in found):
            found += [each for kind in NEIGHBOURS if (each := self._ask(connection, name, kind))]
        yield from (each for each in found if not self._is_of_a_wildcard(connection, each))

    def _ask(self, connection: socket.socket, name: str, kind: str) -> RecordSet | None:
        import dns.flags  # noqa: PLC0415 - loaded only when it is used
        import dns.message  # noqa: PLC0415
        import dns.rcode  # noqa: PLC0415

        query = dns.message.make_query(f"{name}.", kind, flags=0)
        answer = self._exchange(connection, query)
        if answer.rcode() == dns.rcode.NXDOMAIN:
            return None
        if answer.rcode() != dns.rcode.NOERROR:
            raise PublisherError(self._refusal(answer.rcode(), f"a query for {name} {kind}"))
        if not answer.flags & dns.flags.AA:
            raise PublisherError(
                f"The {self.where} is not the authority for {name}: the zone {self.zone} is kept elsewhere, or "
                "hands this part of itself to other servers. Name the primary server of the zone as publisher."
            )
        for rrset in answer.answer:
            if canonical_name(rrset.name.to_text()) == name and rrset.rdtype == query.question[0].rdtype:
                values = frozenset(_value(rdata, kind) for rdata in rrset) if kind in PUBLISHED else frozenset()
                return RecordSet(name, kind, values, rrset.ttl, raw=rrset)
        return None

    def _is_of_a_wildcard(self, connection: socket.socket, found: RecordSet) -> bool:
        """Whether the name itself has no such set, and the answer was made from a wildcard above it (RFC 4592).

        Only then a prerequisite tells them apart: prerequisites look at what is in the zone. It changes nothing.
        """
        import dns.rcode  # noqa: PLC0415 - loaded only when it is used

        parents = found.name.removesuffix(self.zone).rstrip(".").split(".")[1:]
        above = [".".join(["*", *parents[skip:], self.zone]) for skip in range(len(parents) + 1)]
        if found.name == self.zone or found.name.startswith("*."):
            return False
        same = (self._ask(connection, wildcard, found.type) for wildcard in above)
        if not any(each and each.values == found.values for each in same):
            return False
        update = self._update()
        update.present(f"{found.name}.", found.type)
        answer = self._exchange(connection, update)
        if answer.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXRRSET}:
            raise PublisherError(self._refusal(answer.rcode(), f"the question whether {found.name} is there"))
        return bool(answer.rcode() == dns.rcode.NXRRSET)

    # --- writing ------------------------------------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> None:
        """Send one update that carries out all changes or none."""
        import dns.rcode  # noqa: PLC0415 - loaded only when it is used

        changes = list(changes)
        update = self._update()
        for change in changes:
            self._require(update, change, [each.key for each in changes if each.key[0] == change.key[0]])
        for change in changes:
            self._write(update, change)
        with self._connected() as connection:
            answer = self._exchange(connection, update)
        code = answer.rcode()
        if code == dns.rcode.YXDOMAIN:
            raise Stale(
                f"Records of another type stand on the {self.where} at a name where a CNAME record is wanted, and that "
                "stands alone. Remove them in the zone first."
            )
        if code in {dns.rcode.NXRRSET, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN}:
            raise Stale(f"Records of {self.zone} on the {self.where} are changed by somebody else at the same time.")
        if code != dns.rcode.NOERROR:
            what = ", ".join(" ".join(each.key) for each in changes)
            raise PublisherError(f"{self._refusal(code, f'an update of {what}')} Nothing was written.")
        if any(change.after and change.after.type == "CNAME" for change in changes):
            self._require_cnames(changes)

    def _require(self, update: dns.update.UpdateMessage, change: Change, changing: list[Key]) -> None:
        """What was read is still so. Values of TXT sets are added and removed one by one, whatever else is there.

        Args:
            update: the update that the prerequisites are for.
            change: what it carries out.
            changing: all record sets of the same name that change.
        """
        name, kind = change.key
        owner = f"{name}."
        if change.before is not None and kind != "TXT":
            update.present(owner, *change.before.raw)  # one by one: a prerequisite has no time to live
        if change.before is None and kind == "CNAME":
            if len(changing) == 1:
                update.absent(owner)
            else:
                update.absent(owner, kind)
        elif change.before is None and kind != "TXT":
            update.absent(owner, kind)
        if change.after is not None and kind != "CNAME" and (name, "CNAME") not in changing:
            update.absent(owner, "CNAME")

    def _write(self, update: dns.update.UpdateMessage, change: Change) -> None:
        import dns.rdataset  # noqa: PLC0415 - loaded only when it is used

        name, kind = f"{change.key[0]}.", change.key[1]
        before, after = change.before, change.after
        if kind != "TXT" and before is not None:
            update.delete(name, before.raw)
        elif before is not None:
            gone = [rdata for rdata in before.raw if after is None or _value(rdata, kind) not in after.values]
            if gone:
                update.delete(name, dns.rdataset.from_rdata_list(0, gone))
        if after is None:
            return
        values = after.values if kind != "TXT" or before is None else after.values - before.values
        if before is not None and before.ttl != after.ttl:
            values = after.values  # a server gives the whole set the time of what is added
        if values:
            rdatas = [_rdata(value, kind) for value in sorted(values)]
            update.add(name, dns.rdataset.from_rdata_list(after.ttl, rdatas))

    def _require_cnames(self, changes: list[Change]) -> None:
        """A server passes over a CNAME beside other types in silence (RFC 2136, section 3.4.2.2)."""
        wanted = [each.after for each in changes if each.after and each.after.type == "CNAME"]
        found = self.read({each.name for each in wanted})
        for each in wanted:
            if each.key not in found:
                raise PublisherError(
                    f"The {self.where} passed over the record {each.name} CNAME: records of another type stand at that "
                    "name, and a CNAME record stands alone. Remove them in the zone first."
                )

    def _update(self) -> dns.update.UpdateMessage:
        import dns.update  # noqa: PLC0415 - loaded only when it is used

        return dns.update.UpdateMessage(f"{self.zone}.")

    # --- the wire -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            connection = socket.create_connection((self.server, self.port), self.timeout)
        except socket.gaierror:
            raise PublisherError(f"There is no address of the {self.where}. Correct server.") from None
        except OSError as error:
            raise PublisherError(
                f"The {self.where} cannot be reached by TCP ({error.strerror or 'it does not answer'}). Nothing was "
                "written. Correct server and port, or try again when it runs."
            ) from None
        with connection:
            connection.setblocking(False)
            yield connection

    def _exchange(self, connection: socket.socket, message: dns.message.Message) -> dns.message.Message:
        import dns.exception  # noqa: PLC0415 - loaded only when it is used
        import dns.name  # noqa: PLC0415
        import dns.opcode  # noqa: PLC0415
        import dns.query  # noqa: PLC0415
        import dns.rcode  # noqa: PLC0415
        import dns.tsig  # noqa: PLC0415

        key = dns.tsig.Key(self.key_name, self.key_secret, _ALGORITHMS.get(self.key_algorithm, self.key_algorithm))
        message.use_tsig(key)
        writes = message.opcode() == dns.opcode.UPDATE and bool(getattr(message, "update", None))
        try:
            answer = dns.query.tcp(message, self.server, self.timeout, self.port, sock=connection)
        except dns.tsig.PeerError as error:
            raise PublisherError(self._bad_key(error)) from None
        except dns.exception.Timeout:
            raise self._silence(f"did not answer within {self.timeout:g} seconds", writes=writes) from None
        except (OSError, EOFError):
            raise self._silence("closed the connection without an answer", writes=writes) from None
        except dns.exception.DNSException as error:
            what = _UNSIGNED if "TSIG" in str(error) else f"sent what cannot be read ({type(error).__name__})"
            raise self._silence(what, writes=writes) from None
        if not answer.had_tsig and answer.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            raise self._silence(_UNSIGNED, writes=writes)  # newer versions of dnspython see to it themselves
        return answer

    def _silence(self, what: str, *, writes: bool) -> PublisherError:
        told = f"The {self.where} {what}."
        if writes:
            return Unsure(f"{told} Whether it changed the zone {self.zone} is not known.")
        return PublisherError(f"{told} Nothing was written. Try again when it runs.")

    def _bad_key(self, error: Exception) -> str:
        import dns.tsig  # noqa: PLC0415 - loaded only when it is used

        told = f"The {self.where} does not accept the TSIG key {self.key_name!r}"
        if isinstance(error, dns.tsig.PeerBadKey):
            return (
                f"{told} (BADKEY): it does not know a key of this name and algorithm ({self.key_algorithm}). Correct "
                "key_name and key_algorithm."
            )
        if isinstance(error, dns.tsig.PeerBadTime):
            return f"{told} (BADTIME): the clocks of the server and of this machine differ. Set them right."
        return f"{told} ({type(error).__name__.removeprefix('Peer').upper()}). Correct key_secret and key_algorithm."

    def _refusal(self, code: int, what: str) -> str:
        import dns.rcode  # noqa: PLC0415 - loaded only when it is used

        name = dns.rcode.to_text(dns.rcode.Rcode(code))
        cures = {
            "REFUSED": (
                f"Allow that to the key {self.key_name!r} on the server (allow-query, update-policy, allow-update); if "
                f"it does not keep the zone {self.zone} at all, correct zone and server."
            ),
            "NOTAUTH": f"It is not the primary server of the zone {self.zone}. Correct zone and server.",
            "NOTZONE": f"The zone there has another name than {self.zone}. Correct zone.",
            "NOTIMP": "It takes no dynamic updates. Name a server that does.",
            "SERVFAIL": "Its log says why.",
        }
        return f"The {self.where} answered {name} to {what}. {cures.get(name, '')}".rstrip()


_UNSIGNED: Final = "sent an answer without a signature, which cannot be trusted; perhaps it knows no TSIG keys"
_ALGORITHMS: Final = {"hmac-md5": "HMAC-MD5.SIG-ALG.REG.INT"}  # RFC 8945, section 6: the only one that is no plain word


def _value(rdata: Any, kind: str) -> str:
    if kind == "TXT":
        return b"".join(rdata.strings).decode("utf-8", "surrogateescape")
    return canonical_value(kind, rdata.to_text())


def _rdata(value: str, kind: str) -> Any:
    import dns.rdata  # noqa: PLC0415 - loaded only when it is used
    import dns.rdataclass  # noqa: PLC0415
    import dns.rdatatype  # noqa: PLC0415
    import dns.rdtypes.ANY.TXT  # noqa: PLC0415

    if kind == "TXT":
        text = value.encode("utf-8", "surrogateescape")
        pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)] or [b""]
        return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, pieces)
    return dns.rdata.from_text(dns.rdataclass.IN, kind, f"{value}." if kind == "CNAME" else value)
