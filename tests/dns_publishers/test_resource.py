"""What a program registers by `DnsRecords`: inputs, secrets whatever the program passed, errors at its own line."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_revcent_portal.models.base import InvalidInputs, validate
from pulumi_revcent_portal.models.dns import DnsRecord, OctoDns, Rfc2136, Route53
from pulumi_revcent_portal.providers.ownership import OWNER_KEY
from pulumi_revcent_portal.resources.dns_records import DnsRecords
from tests.providers.engine import Secret
from tests.resources.program import run

SECRET = "Y2FuYXJ5LWtleS1zZWNyZXQ="
RECORD = {"type": "A", "name": "www.acme.test", "value": "192.0.2.1"}
BIND = {"kind": "rfc2136", "server": "ns1.acme.test", "key_name": "portal.", "key_secret": SECRET}
DESCRIBED = {**BIND, "port": 53, "key_algorithm": "hmac-sha256", "key_secret": Secret(SECRET)}


def registered(**given: Any) -> dict[str, Any]:
    """The inputs; functions are called by the program, because Outputs belong to one."""

    def program() -> None:
        called = {key: value() if callable(value) else value for key, value in given.items()}
        DnsRecords("one", **{"zone": "acme.test", "records": [RECORD], "publisher": BIND, **called})

    done = run(program)
    assert done.names == ["one"], "a stack identity is for what lies in RevCent"
    assert done.resources["one"].kind == "pulumi-python:dynamic/revcent:DnsRecords"
    return done.resources["one"].inputs


def test_the_inputs_are_registered_with_their_defaults() -> None:
    inputs = registered()
    assert inputs["zone"] == "acme.test"
    assert inputs["records"] == [RECORD]
    assert inputs["ttl"] == 300
    assert set(inputs[OWNER_KEY]) == {"urn", "dry"}


@pytest.mark.parametrize(
    "publisher",
    [
        BIND,
        Rfc2136(server="ns1.acme.test", key_name="portal.", key_secret=SECRET),
        lambda: {**BIND, "key_secret": pulumi.Output.from_input(SECRET)},
        lambda: {**BIND, "key_secret": pulumi.Output.secret(SECRET)},
    ],
)
def test_the_secret_of_a_key_is_encrypted_whatever_was_passed(publisher: Any) -> None:
    assert registered(publisher=publisher)["publisher"] == DESCRIBED


def test_the_secrets_of_a_dns_host_are_encrypted_as_a_whole() -> None:
    publisher = OctoDns(provider="a.B", settings={"x": 1}, secrets={"token": SECRET})
    assert registered(publisher=publisher)["publisher"] == {
        "kind": "octodns",
        "provider": "a.B",
        "settings": {"x": 1},
        "secrets": Secret({"token": SECRET}),
    }


def test_a_publisher_that_is_an_output_is_encrypted_as_a_whole() -> None:
    assert registered(publisher=lambda: pulumi.Output.from_input(BIND))["publisher"] == Secret(BIND)


def test_route_53_has_no_secret() -> None:
    publisher = registered(publisher=Route53(hosted_zone_id="Z0123456789"))["publisher"]
    assert publisher == {"kind": "route53", "hosted_zone_id": "Z0123456789", "region": "us-east-1"}


def test_records_may_come_from_another_resource_whole_or_one_by_one() -> None:
    second = {**RECORD, "value": "192.0.2.2"}
    assert registered(records=lambda: pulumi.Output.from_input([RECORD]))["records"] == [RECORD]
    one_by_one = registered(records=lambda: [pulumi.Output.from_input(RECORD), validate(DnsRecord, second)])
    assert one_by_one["records"] == [RECORD, second]


def test_outputs_are_what_was_published_and_not_how() -> None:
    def program() -> Any:
        made = DnsRecords("one", zone="acme.test", records=[RECORD], publisher=BIND, ttl=60)
        assert not hasattr(made, "publisher")
        assert not hasattr(made, "overwrite")
        return {"zone": made.zone, "records": made.records, "ttl": made.ttl}

    result = run(program).result
    assert result == {"zone": "acme.test", "records": [RECORD], "ttl": 60}
    assert isinstance(result["ttl"], int)


def test_wrong_inputs_are_told_at_the_line_of_the_program() -> None:
    with pytest.raises(InvalidInputs) as caught:
        DnsRecords("one", zone="acme.test", records=[{**RECORD, "name": "www"}], publisher={**BIND, "key_secret": "x"})
    told = str(caught.value)
    assert told.startswith("test_resource.py:")
    assert 'DnsRecords "one" is not valid:' in told
    assert "records[0].name: 'www' is not inside of the zone acme.test" in told
    assert "publisher.key_secret: is not base64" in told
    with pytest.raises(InvalidInputs, match="Did you mean 'records'"):
        DnsRecords("one", zone="acme.test", record=[RECORD], publisher=BIND)  # type: ignore[call-arg]
