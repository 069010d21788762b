"""BIND from Debian with zones of its own, driven by the test. Not a test.

Without BIND the tests that ask for it are skipped: `apt-get install bind9`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.tsigkeyring
import dns.update
import pytest

KEY_NAME = "portal."
SECRET = "Y2FuYXJ5LXRzaWctc2VjcmV0LW9mLXRoZS10ZXN0cyE="  # also a canary: it must be found nowhere
FOREIGN_SECRET = "Zm9yZWlnbmZvcmVpZ25mb3JlaWduZm9yZWln"
ZONE_FILE = """\
$TTL 3600
@ SOA ns1 hostmaster 1 3600 600 86400 60
@ NS ns1
ns1 A 127.0.0.1
"""
CONFIGURATION = """\
key "portal." {{ algorithm hmac-sha256; secret "{secret}"; }};
key "foreign." {{ algorithm hmac-sha256; secret "{foreign}"; }};
key "reader." {{ algorithm hmac-sha256; secret "{secret}"; }};
options {{ directory "{directory}"; pid-file none; session-keyfile none; lock-file none;
  listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no; notify no;
  dnssec-validation no; allow-query {{ 127.0.0.1; }}; allow-transfer {{ key portal.; }}; }};
controls {{ }};
{zones}
"""
ZONE = """\
zone "{zone}" {{ type primary; file "{zone}.db"; update-policy {{
  grant portal. zonesub ANY; grant foreign. zonesub ANY; }}; }};
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Bind:
    """A running server: what others do in its zones, and what is in them."""

    port: int
    zones: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def ask(self, name: str, kind: str) -> set[str]:
        """The values of a record set, as the server gives them without a key."""
        answer = dns.query.tcp(dns.message.make_query(name, kind), "127.0.0.1", port=self.port, timeout=5)
        wanted = dns.rdatatype.from_text(kind)
        return {rdata.to_text() for rrset in answer.answer if rrset.rdtype == wanted for rdata in rrset}

    def ttl(self, name: str, kind: str) -> int:
        answer = dns.query.tcp(dns.message.make_query(name, kind), "127.0.0.1", port=self.port, timeout=5)
        return int(answer.answer[0].ttl)

    def foreign(self, zone: str = "acme.test") -> dns.update.UpdateMessage:
        """An update that somebody else makes; see `send`."""
        ring = dns.tsigkeyring.from_text({"foreign.": FOREIGN_SECRET})
        return dns.update.UpdateMessage(zone, keyring=ring, keyname=dns.name.from_text("foreign."))

    def send(self, update: dns.update.UpdateMessage) -> None:
        answer = dns.query.tcp(update, "127.0.0.1", port=self.port, timeout=5)
        assert answer.rcode() == dns.rcode.NOERROR, answer

    def add(self, name: str, kind: str, *values: str, ttl: int = 600, zone: str = "acme.test") -> None:
        update = self.foreign(zone)
        for value in values:
            update.add(f"{name}.", ttl, kind, value)
        self.send(update)

    def replace(self, name: str, kind: str, *values: str, ttl: int = 600, zone: str = "acme.test") -> None:
        update = self.foreign(zone)
        update.delete(f"{name}.", kind)
        for value in values:
            update.add(f"{name}.", ttl, kind, value)
        self.send(update)

    def remove(self, name: str, kind: str, zone: str = "acme.test") -> None:
        update = self.foreign(zone)
        update.delete(f"{name}.", kind)
        self.send(update)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None


@contextmanager
def running(*zones: str, extra: str = "") -> Iterator[Bind]:
    """A server with empty primary zones.

    Args:
        zones: their names.
        extra: more of a zone file, for the first zone.
    """
    named = shutil.which("named") or shutil.which("/usr/sbin/named")
    if named is None:
        pytest.skip("needs BIND: apt-get install bind9")
    directory = Path(tempfile.mkdtemp(prefix="bind-"))
    server = Bind(free_port(), zones or ("acme.test",))
    try:
        _write(directory, server, extra)
        server.process = _start(named, directory)
        _await(server)
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _write(directory: Path, server: Bind, extra: str) -> None:
    for number, zone in enumerate(server.zones):
        (directory / f"{zone}.db").write_text(ZONE_FILE + ("" if number else extra))
    (directory / "named.conf").write_text(
        CONFIGURATION.format(
            secret=SECRET,
            foreign=FOREIGN_SECRET,
            directory=directory,
            port=server.port,
            zones="".join(ZONE.format(zone=zone) for zone in server.zones),
        )
    )


def _start(named: str, directory: Path) -> subprocess.Popen[bytes]:
    command = [named, "-g", "-n", "1", "-c", str(directory / "named.conf")]
    if os.geteuid() == 0:  # BIND refuses to write journals as root in a directory of its user
        for path in (directory, *directory.iterdir()):
            shutil.chown(path, "bind", "bind")
        command = ["setpriv", "--reuid=bind", "--regid=bind", "--clear-groups", *command]
    with (directory / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def _await(server: Bind) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if server.ask(server.zones[0], "SOA"):
                return
        except (OSError, EOFError, dns.exception.DNSException):
            time.sleep(0.05)
    raise TimeoutError(f"BIND did not start on port {server.port}")
