"""DNS records on the real engine, published to a real BIND: made, changed, drifted, replaced, given up."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dns_publishers import bind
from tests.dns_publishers.bind import Bind
from tests.engine import shown
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

CANARY = base64.b64encode(b"canary-tsig-secret-of-the-tests").decode()
PROGRAM = """\
import pulumi
from pulumi_revcent_portal.models.dns import DnsRecord, Rfc2136
from pulumi_revcent_portal.resources.dns_records import DnsRecords

publisher = Rfc2136(server="127.0.0.1", port=PORT, key_name="KEY", key_secret="SECRET")
records = DnsRecords("records", zone="ZONE", publisher=publisher, records=RECORDS)
pulumi.export("names", records.records.apply(lambda each: [record["name"] for record in each]))
"""
A = {"type": "A", "name": "www.acme.test", "value": "192.0.2.1"}
TWO = {"type": "A", "name": "www.acme.test", "value": "192.0.2.2"}
CNAME = {"type": "CNAME", "name": "_proof.acme.test.", "value": "_Token.cert.example."}
TEXT = {"type": "TXT", "name": "acme.test", "value": "portal=acme"}


def program(port: int, *records: dict[str, str], zone: str = "acme.test", key: tuple[str, str] | None = None) -> str:
    name, secret = key or (bind.KEY_NAME, bind.SECRET)
    text = PROGRAM.replace("PORT", str(port)).replace('"KEY"', repr(name)).replace('"SECRET"', repr(secret))
    return text.replace("ZONE", zone).replace("RECORDS", repr(list(records)))


@pytest.fixture
def environment() -> dict[str, str]:
    return {}  # neither a key for RevCent nor its address: nothing asks RevCent


@pytest.fixture
def server() -> Iterator[Bind]:
    with bind.running("acme.test", "other.test", extra='@ TXT "theirs"\nmail A 192.0.2.99\n') as running:
        yield running


def test_records_are_made_changed_mended_and_given_up(stack: Stack, server: Bind) -> None:
    stack.write(program(server.port, A, CNAME, TEXT)).up().require()
    stack.settled()
    assert server.ask("www.acme.test", "A") == {"192.0.2.1"}
    assert server.ask("_proof.acme.test", "CNAME") == {"_token.cert.example."}
    assert server.ask("acme.test", "TXT") == {'"theirs"', '"portal=acme"'}
    assert stack.outputs()["names"] == ["www.acme.test", "_proof.acme.test.", "acme.test"]

    stack.write(program(server.port, A, TWO, TEXT)).up().require()
    stack.settled()
    assert server.ask("www.acme.test", "A") == {"192.0.2.1", "192.0.2.2"}
    assert server.ask("_proof.acme.test", "CNAME") == set()

    server.replace("www.acme.test", "A", "192.0.2.1", "192.0.2.66")
    drifted = shown.refresh(stack)
    assert drifted["records"][1] == frozenset({"records.value"})
    stack.refresh().require()
    stack.preview().require().says("192.0.2.66", "192.0.2.2")
    stack.up().require().says("which somebody else had put there")
    stack.settled()
    assert server.ask("www.acme.test", "A") == {"192.0.2.1", "192.0.2.2"}

    server.remove("www.acme.test", "A")
    stack.refresh().require()
    stack.up().require()
    stack.settled()
    assert server.ask("www.acme.test", "A") == {"192.0.2.1", "192.0.2.2"}

    stack.destroy().require()
    assert server.ask("www.acme.test", "A") == set()
    assert server.ask("acme.test", "TXT") == {'"theirs"'}
    assert server.ask("mail.acme.test", "A") == {"192.0.2.99"}
