"""The certificate of a portal's host as a browser meets it: trusted, for this name, for how long."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.doctor.names import NoAnswerError
from pulumi_revcent_portal.doctor.results import Verdict, counted, failed, ok, warning, worst
from pulumi_revcent_portal.doctor.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.doctor.means import Means

__all__ = ["Certificate", "check_certificate", "connection_problem", "trust_problem"]

_EXPIRED: Final = 10
_NOT_YET: Final = 9
_SELF_SIGNED: Final = 18
_MISMATCH: Final = frozenset({62, 64})
_UNTRUSTED: Final = frozenset({2, 19, 20, 21})
_NO_CHECK_TIME: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which `ssl` has no name."""
_DAY: Final = 86400.0
_SOON_DAYS: Final = 21
_MOST_ADDRESSES: Final = 4
_MOST_NAMES: Final = 6
_ANEW: Final = "run `pulumi up --refresh`, which asks RevCent anew"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says of itself.

    Attributes:
        names: the names it is for.
        issuer: who made it.
        begins: Unix seconds.
        ends: Unix seconds.
    """

    names: tuple[str, ...]
    issuer: str
    begins: float
    ends: float

    @classmethod
    def read(cls, decoded: Mapping[str, Any]) -> Certificate:
        """Return what `ssl` decoded."""
        issuer = dict(pair for group in decoded.get("issuer", ()) for pair in group)
        return cls(
            tuple(name for _, name in decoded.get("subjectAltName", ())),
            issuer.get("organizationName") or issuer.get("commonName") or "nobody",
            ssl.cert_time_to_seconds(decoded["notBefore"]),
            ssl.cert_time_to_seconds(decoded["notAfter"]),
        )

    def __str__(self) -> str:
        more = f" and {len(self.names) - _MOST_NAMES} more" if len(self.names) > _MOST_NAMES else ""
        names = ", ".join(self.names[:_MOST_NAMES]) + more or "no name at all"
        return f"for {names}, issued by {self.issuer}, until {_date(self.ends)}"


def _date(moment: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


@dataclass(frozen=True)
class _Place:
    """Where to ask for the certificate of which name."""

    name: str
    address: str
    port: int

    def __str__(self) -> str:
        """Return the address for people: nothing where it is only the name's usual port."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


async def check_certificate(host: str, means: Means) -> Verdict:
    """Say what a browser thinks of the certificate of a host, on each of its addresses.

    Args:
        host: the host in the portal's URL.
        means: with a port, and perhaps another place to connect to.
    """
    if means.connect is not None:
        return await in_thread(lambda: _examine(_Place(host, *means.connect), means))  # type: ignore[misc]
    try:
        addresses = await _addresses(host, means)
    except NoAnswerError as error:
        return failed(str(error), "Name a working --resolver, or look at the network of this machine.")
    if not addresses:
        return failed(
            f"{host} has no address, so no browser finds the portal.",
            "Publish the A records that RevCent names (see the check 'records').",
        )
    places = [_Place(host, address, means.tls_port) for address in addresses[:_MOST_ADDRESSES]]
    return worst([await each for each in [_started(place, means) for place in places]])


def _started(place: _Place, means: Means) -> Any:
    """Begin to look at once; who waits for one of several must not make the others late."""
    import asyncio  # noqa: PLC0415 - here only

    return asyncio.ensure_future(in_thread(lambda: _examine(place, means)))


async def _addresses(host: str, means: Means) -> tuple[str, ...]:
    """Return the addresses of a host: from the given resolvers, else as every program of this machine finds them."""
    with contextlib.suppress(ValueError):
        return (str(ipaddress.ip_address(host)),)
    if means.names is not None and means.names.are_given:
        return await means.names.addresses(host)

    def ask() -> tuple[str, ...]:
        try:
            found = socket.getaddrinfo(host, means.tls_port, type=socket.SOCK_STREAM)
        except OSError:
            return ()
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

    return await in_thread(ask)


def _examine(place: _Place, means: Means) -> Verdict:
    try:
        decoded = _handshake(place, means.trust(), means.seconds)
    except ssl.SSLCertVerificationError as error:
        return _refused(place, error, _look_closer(place, means.seconds))
    except (OSError, ValueError) as error:
        return failed(
            f"{place} shows no certificate for {place.name}: {connection_problem(error)}.",
            f"Look whether the A records of {place.name} are those that RevCent names; if they are, {_ANEW}.",
        )
    certificate = Certificate.read(decoded)
    days = (certificate.ends - time.time()) / _DAY
    if days < _SOON_DAYS:
        return warning(
            f"The certificate on {place} ends in {counted(int(days), 'day')}: it is {certificate}.",
            "Look whether the CNAME records that RevCent names are still visible: without them it is not renewed.",
        )
    return ok(f"Trusted on {place}: {certificate}.")


def _handshake(place: _Place, context: ssl.SSLContext, seconds: float) -> Mapping[str, Any]:
    with (
        socket.create_connection((place.address, place.port), timeout=seconds) as plain,
        context.wrap_socket(plain, server_hostname=place.name) as encrypted,
    ):
        return encrypted.getpeercert() or {}


def _look_closer(place: _Place, seconds: float) -> Certificate | None:
    """Return what is in a certificate that is not trusted: `ssl` decodes only what it trusts, so it is told to."""
    blind = ssl.create_default_context()
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((place.address, place.port), timeout=seconds) as plain,
            blind.wrap_socket(plain, server_hostname=place.name) as encrypted,
        ):
            encoded = encrypted.getpeercert(binary_form=True) or b""
        believing = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        believing.check_hostname = False
        believing.load_verify_locations(cadata=encoded)
        believing.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_NO_CHECK_TIME)
        return Certificate.read(_handshake(place, believing, seconds))
    except (OSError, ValueError, KeyError):
        return None


def _refused(place: _Place, error: ssl.SSLCertVerificationError, certificate: Certificate | None) -> Verdict:
    shown = f" It is {certificate}." if certificate else ""
    seen = f"Browsers refuse the certificate on {place}: {trust_problem(error)}.{shown}"
    code = error.verify_code
    if code == _EXPIRED:
        cure = f"Look whether the CNAME records that RevCent names are visible, then {_ANEW}."
    elif code in _MISMATCH or code == _SELF_SIGNED:
        cure = (
            f"Look whether {place.name} leads to RevCent (see the check 'records'). If it does, RevCent has not put "
            f"the certificate into service yet: {_ANEW}."
        )
    elif code == _NOT_YET:
        cure = "Look at the clock of this machine; if it is right, wait until the certificate begins."
    else:
        cure = (
            "Look whether something between this machine and the portal opens its connections (a proxy, a virus "
            "scanner); --ca-file names the authorities to trust."
        )
    return failed(seen, cure)


def trust_problem(error: ssl.SSLCertVerificationError) -> str:
    """Return why a certificate is not trusted, as a clause."""
    code = error.verify_code
    said = str(error.verify_message).rstrip(".")
    if code == _EXPIRED:
        return "it has expired"
    if code == _NOT_YET:
        return "it is not valid yet"
    if code == _SELF_SIGNED:
        return "it is self-signed"
    if code in _MISMATCH:
        return f"it is for another name ({said})"
    if code in _UNTRUSTED:
        return f"nobody whom this machine trusts has signed it ({said})"
    return said


def connection_problem(error: Exception) -> str:
    """Return why there is no connection, as a clause."""
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, socket.gaierror):
        return "the name has no address"
    if isinstance(error, ConnectionError | ssl.SSLEOFError) or (
        isinstance(error, ssl.SSLError) and "eof while reading" in _reason(error)
    ):
        return "the connection is cut"
    if isinstance(error, ssl.SSLError):
        return f"the encryption fails ({_reason(error)})"
    return getattr(error, "strerror", None) or type(error).__name__


def _reason(error: ssl.SSLError) -> str:
    return (getattr(error, "reason", None) or "no reason given").replace("_", " ").lower()
