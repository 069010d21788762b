"""DNS records on the real engine, published to a real BIND: made, changed, drifted, replaced, given up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pulumi_revcent_portal.sandbox import Sandbox
from tests.dns_publishers import bind
from tests.dns_publishers.between import between
from tests.dns_publishers.bind import Bind
from tests.engine import shown
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

WRONG_SECRET = "Y2FuYXJ5LXdyb25nLXNlY3JldA=="
CANARIES = (bind.SECRET, WRONG_SECRET)
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


def program(
    port: int, *records: dict[str, str], zone: str = "acme.test", secret: str = bind.SECRET, more: str = ""
) -> str:
    text = PROGRAM.replace("PORT", str(port)).replace("KEY", bind.KEY_NAME).replace("SECRET", secret)
    return text.replace("ZONE", zone).replace("RECORDS)", f"{list(records)!r}{more})")


@pytest.fixture
def environment() -> dict[str, str]:
    return {}  # neither a key for RevCent nor its address: nothing asks RevCent


@pytest.fixture(scope="module")
def server() -> Iterator[Bind]:
    with bind.running(
        "acme.test", "other.test", extra='@ TXT "theirs"\nmail A 192.0.2.99\nproof A 192.0.2.7\n'
    ) as running:
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


def test_a_conflict_names_both_sides_and_writes_nothing(stack: Stack, server: Bind) -> None:
    taken = {"type": "A", "name": "proof.acme.test", "value": "192.0.2.1"}
    said = stack.write(program(server.port, TEXT, taken)).up().require(ok=False)
    said.says(
        "proof.acme.test A exists already with 192.0.2.7, not 192.0.2.1.", "Set overwrite=True", "Nothing was written."
    )
    assert "Traceback" not in said.out
    assert server.ask("acme.test", "TXT") == {'"theirs"'}
    stack.write(program(server.port, TEXT, taken, more=", overwrite=True")).up().require()
    stack.settled()
    stack.write(program(server.port, TEXT, taken)).settled()
    stack.destroy().require()
    assert server.ask("proof.acme.test", "A") == set()


def test_another_zone_replaces_and_another_way_to_the_zone_does_not(stack: Stack, server: Bind) -> None:
    stack.write(program(server.port, A, TEXT)).up().require()
    with between(server.port) as road:
        moved = stack.write(program(road.port, A, TEXT))
        assert shown.preview(moved)["records"][0] == "update"
        moved.up().require().says("were taken for those that the name server")
        moved.settled()
        assert server.ask("www.acme.test", "A") == {"192.0.2.1"}
    stack.write(program(server.port, A, TEXT)).up().require()
    elsewhere = {**A, "name": "www.other.test"}
    assert shown.preview(stack.write(program(server.port, elsewhere, zone="other.test")))["records"][0] == "replace"
    stack.up().require()
    stack.settled()
    assert server.ask("www.other.test", "A") == {"192.0.2.1"}
    assert server.ask("www.acme.test", "A") == set()
    assert server.ask("acme.test", "TXT") == {'"theirs"'}
    stack.destroy().require()


def test_a_renamed_resource_keeps_its_records_published(stack: Stack, server: Bind) -> None:
    stack.write(program(server.port, A)).up().require()
    renamed = program(server.port, A).replace('DnsRecords("records"', 'DnsRecords("renamed"')
    stack.write(renamed).up().require().says("another resource of this program declares it too")
    stack.settled()
    assert server.ask("www.acme.test", "A") == {"192.0.2.1"}
    stack.destroy().require()
    server.remove("www.acme.test", "A")


def test_a_server_that_does_not_answer_costs_nothing_but_time(stack: Stack, server: Bind) -> None:
    with between(server.port) as road:
        declared = stack.write(program(road.port, A, TEXT))
        road.updates = ["connection"]
        declared.up().require(ok=False).says("closed the connection without an answer", "Run `pulumi up` again.")
        assert server.ask("www.acme.test", "A") == set()

        road.updates = ["answer"]  # it is carried out, and nobody says so
        declared.up().require()
        declared.settled()
        assert server.ask("www.acme.test", "A") == {"192.0.2.1"}

        road.queries = ["connection"] * 9
        declared.refresh().require(ok=False).says("The state keeps the records as they were.")
        road.queries = []
        declared.settled()
        road.updates = ["answer"]
        declared.destroy().require()
    assert server.ask("www.acme.test", "A") == set()
    assert server.ask("acme.test", "TXT") == {'"theirs"'}


def test_the_secret_of_a_key_is_found_nowhere(stack: Stack, server: Bind) -> None:
    said = []
    for wrong, words in (
        (program(server.port, A, secret="canary that is no base64"), "key_secret: is not base64"),
        (program(server.port, A, secret=WRONG_SECRET), "BADSIGNATURE"),
        (program(1, A), "cannot be reached by TCP"),
    ):
        said.append(stack.write(wrong).up("--diff").require(ok=False).says(words).out)
    said.append(stack.write(program(server.port, A)).up("--diff").require().out)
    said.append(stack.pulumi("preview", "--json").require().out)
    server.replace("www.acme.test", "A", "192.0.2.66")
    said.append(stack.refresh("--diff").require().out)
    said.append(stack.preview().require().out)
    said.append(stack.up("--diff").require().out)
    stack.settled()
    changed = stack.write(program(server.port, A, secret=WRONG_SECRET))
    assert shown.preview(changed)["records"][0] == "update"
    said.append(changed.up("--diff").require().out)  # new credentials write nothing
    said.append(json.dumps(stack.export()))
    said += [path.read_text(errors="replace") for path in stack.backend.rglob("*") if path.is_file()]
    assert [canary for canary in (*CANARIES, "canary that") for text in said if canary in text] == []
    assert WRONG_SECRET in json.dumps(stack.export("--show-secrets")), "else nothing would be found anywhere"
    stack.write(program(server.port, A)).up().require()
    stack.destroy().require()


def test_records_of_a_tracking_domain_are_published(new_stack: Callable[..., Stack], server: Bind) -> None:
    text = program(server.port).replace("records=[]", "records=domain.a_records")
    text = text.replace("import pulumi\n", "import pulumi\nimport pulumi_revcent_portal as revcent\n")
    text = text.replace("publisher =", 'domain = revcent.TrackingDomain("domain", domain="acme.test")\npublisher =')
    with Sandbox.start() as sandbox:
        stack = new_stack(environment={"REVCENT_API_KEY": sandbox.api_key, "REVCENT_BASE_URL": sandbox.api_url})
        stack.write(text).preview().require()
        stack.up().require()
        stack.settled()
        wanted = {record["value"] for record in sandbox.objects("tracking_domain")[0]["a_records"]}
        assert server.ask("acme.test", "A") == wanted
        stack.destroy().require()
    assert server.ask("acme.test", "A") == set()


OTHER_PUBLISHERS = """\
import pulumi
from pulumi_revcent_portal.models.dns import OctoDns, Route53
from pulumi_revcent_portal.resources.dns_records import DnsRecords

publisher = PUBLISHER
DnsRecords("records", zone="acme.test", publisher=publisher, records=RECORDS)
"""


def test_octodns_publishes_and_keeps_its_secrets(stack: Stack, server: Bind) -> None:
    described = (
        f'OctoDns(provider="octodns_bind.Rfc2136Provider", settings={{"host": "127.0.0.1", "port": {server.port}, '
        f'"key_name": "{bind.KEY_NAME}", "key_algorithm": "hmac-sha256"}}, secrets={{"key_secret": "{bind.SECRET}"}})'
    )
    text = OTHER_PUBLISHERS.replace("PUBLISHER", described)
    said = [stack.write(text.replace("RECORDS", repr([A, TEXT]))).up("--diff").require().out]
    stack.settled()
    assert server.ask("www.acme.test", "A") == {"192.0.2.1"}
    said.append(stack.write(text.replace("RECORDS", repr([TWO, TEXT]))).up("--diff").require().out)
    stack.settled()
    server.replace("www.acme.test", "A", "192.0.2.66")
    said.append(stack.refresh("--diff").require().out)
    said.append(stack.up("--diff").require().out)
    stack.settled()
    wrong = text.replace("RECORDS", repr([A])).replace(bind.SECRET, WRONG_SECRET)
    said.append(stack.write(wrong).up("--diff").require(ok=False).says("cannot read the zone acme.test").out)
    said += [path.read_text(errors="replace") for path in stack.backend.rglob("*") if path.is_file()]
    assert [canary for canary in CANARIES for text in said if canary in text] == []
    stack.destroy().require()
    assert server.ask("www.acme.test", "A") == set()
    assert server.ask("acme.test", "TXT") == {'"theirs"'}


def test_route_53_publishes(new_stack: Callable[..., Stack]) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "canary-aws-secret"}
    amazon = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    amazon.start()
    try:
        host, port = amazon.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        credentials = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        client = boto3.client("route53", region_name="us-east-1", endpoint_url=endpoint, **credentials)
        made = client.create_hosted_zone(Name="acme.test.", CallerReference="engine")["HostedZone"]["Id"]
        zone_id = made.removeprefix("/hostedzone/")
        described = f'Route53(hosted_zone_id="{zone_id}", endpoint_url="{endpoint}")'
        text = OTHER_PUBLISHERS.replace("PUBLISHER", described)
        stack = new_stack(environment=keys)
        stack.write(text.replace("RECORDS", repr([A, CNAME, TEXT]))).up().require()
        stack.settled()
        stack.write(text.replace("RECORDS", repr([A, TWO]))).up().require()
        stack.settled()
        listed = client.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
        assert {each["Type"] for each in listed} == {"A", "NS", "SOA"}
        state = json.dumps(stack.export("--show-secrets"))
        stack.destroy().require()
        assert "canary-aws-secret" not in state, "credentials are boto3's own affair"
        client.close()
    finally:
        amazon.stop()
