"""DNS records and publishers: what is accepted, and what is said about what is not."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import Output
from pulumi.output import Unknown

from pulumi_revcent_portal.models.base import InvalidInputs, validate
from pulumi_revcent_portal.models.dns import (
    DnsRecordsInputs,
    OctoDns,
    Rfc2136,
    Route53,
    canonical_value,
)

SECRET = "Y2FuYXJ5LWtleS1zZWNyZXQ="
UNKNOWN: Any = Unknown()  # type: ignore[no-untyped-call]
BIND = {"kind": "rfc2136", "server": "ns1.acme.test", "key_name": "portal.", "key_secret": SECRET}
RECORD = {"type": "A", "name": "www.acme.test", "value": "192.0.2.1"}
VALID: dict[str, Any] = {"zone": "acme.test", "records": [RECORD], "publisher": BIND}


def problems(given: dict[str, Any], model: Any = DnsRecordsInputs) -> dict[str, str]:
    with pytest.raises(InvalidInputs) as caught:
        validate(model, given)
    return {problem.field: problem.message for problem in caught.value.problems}


def problem_of(record: dict[str, Any], **inputs: Any) -> tuple[str, str]:
    ((field, message),) = problems({**VALID, "records": [record], **inputs}).items()
    return field, message


def test_defaults_are_filled_in_and_spelling_is_kept() -> None:
    given = {**VALID, "zone": "ACME.test.", "records": [{**RECORD, "name": "WWW.acme.test."}]}
    assert validate(DnsRecordsInputs, given).dump() == {
        "zone": "ACME.test.",
        "records": [{"type": "A", "name": "WWW.acme.test.", "value": "192.0.2.1"}],
        "publisher": {**BIND, "port": 53, "key_algorithm": "hmac-sha256"},
        "ttl": 300,
        "overwrite": False,
        "adopt": False,
    }


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("A", "acme.test", "192.0.2.1"),
        ("A", "*.acme.test", "192.0.2.1"),
        ("AAAA", "a.b.c.acme.test", "2001:DB8::1"),
        ("CNAME", "_f00.acme.test", "_x.acm-validations.example."),
        ("CNAME", "www.acme.test", "xn--bcher-kva.example"),
        ("CNAME", "_x.Bücher.acme.test", "*.bücher.example."),
        ("TXT", "acme.test", "v=spf1 include:_spf.acme.test ~all"),
        ("TXT", "acme.test", "x" * 4000),
        ("TXT", "acme.test", '"'),
        ("TXT", "acme.test", 'grüße; \\ "quoted" inside'),
    ],
)
def test_records_that_are_fine(kind: str, name: str, value: str) -> None:
    record = {"type": kind, "name": name, "value": value}
    assert validate(DnsRecordsInputs, {**VALID, "records": [record]}).dump()["records"] == [record]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("A", "192.0.2", "is not an IPv4 address. Write it like 192.0.2.1"),
        ("A", "192.0.2.01", "is not an IPv4 address"),
        ("A", "2001:db8::1", "is an IPv6 address. Its type is AAAA"),
        ("A", "www.acme.test", "is not an IPv4 address"),
        ("AAAA", "192.0.2.1", "is an IPv4 address. Its type is A"),
        ("AAAA", "fe80::1%eth0", "is not an IPv6 address. Write it like 2001:db8::1"),
        ("CNAME", "192.0.2.1", "is an IP address, and a CNAME record holds a host name. Use the type A or AAAA"),
        ("CNAME", "https://acme.test", "is not a domain name"),
        ("CNAME", "", "is not a domain name"),
        ("TXT", "", "is empty"),
        ("TXT", "é" * 2001, "has 4002 bytes of UTF-8. A TXT record of ours holds at most 4000"),
        ("TXT", '"v=spf1 -all"', "is quoted as in a zone file"),
    ],
)
def test_values_that_do_not_fit_their_type(kind: str, value: str, words: str) -> None:
    field, message = problem_of({"type": kind, "name": "www.acme.test", "value": value})
    assert field == "records[0].value"
    assert words in message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("www.acme.com", "is not inside of the zone acme.test. Write the name in full, like 'www.acme.com.acme.test'"),
        ("notacme.test", "is not inside of the zone"),
        ("www", "Write the name in full, like 'www.acme.test'"),
        ("@", "is not a domain name. Write it in full"),
        ("a..acme.test", "is not a domain name"),
        ("-a.acme.test", "is not a domain name"),
        ("www.*.acme.test", "is not a domain name"),
        ("x" * 64 + ".acme.test", "is not a domain name"),
        (".".join(["x" * 60] * 5) + ".acme.test", "is not a domain name"),
        ("☃️.acme.test", "is not a domain name: Codepoint U+2603"),
    ],
)
def test_names_that_are_none_of_the_zone(name: str, words: str) -> None:
    field, message = problem_of({**RECORD, "name": name})
    assert field == "records[0].name"
    assert words in message


def test_names_may_be_written_in_any_alphabet() -> None:
    record = {**RECORD, "name": "www.xn--bcher-kva.example"}
    inputs = validate(DnsRecordsInputs, {**VALID, "zone": "Bücher.example", "records": [record]}).dump()
    assert inputs["zone"] == "Bücher.example"
    twice = [record, {**record, "name": "WWW.bücher.example."}]
    assert "records[0] once more" in problems({**VALID, "zone": "bücher.example", "records": twice})["records[1]"]


def test_a_type_that_is_not_published_is_named() -> None:
    field, message = problem_of({**RECORD, "type": "MX"})
    assert field == "records[0].type"
    assert "must be 'A', 'AAAA', 'CNAME' or 'TXT', not the string 'MX'" in message


@pytest.mark.parametrize(
    ("others", "field", "words"),
    [
        ([{**RECORD, "name": "WWW.acme.test."}], "records[1]", "is records[0] once more"),
        ([{"type": "CNAME", "name": "www.acme.test", "value": "a.example"}], "records[1]", "is a CNAME beside A"),
        ([{"type": "CNAME", "name": "acme.test.", "value": "a.example"}], "records[1]", "at the zone's own name"),
        (
            [
                {"type": "CNAME", "name": "x.acme.test", "value": "a.example"},
                {"type": "CNAME", "name": "X.acme.test", "value": "b.example"},
            ],
            "records[2]",
            "is a second CNAME of 'X.acme.test'; records[1] is one",
        ),
    ],
)
def test_records_that_cannot_stand_together(others: list[dict[str, str]], field: str, words: str) -> None:
    ((told, message),) = problems({**VALID, "records": [RECORD, *others]}).items()
    assert told == field
    assert words in message


def test_everything_that_is_wrong_is_told_at_once() -> None:
    records = [{**RECORD, "value": "x"}, {**RECORD, "name": "www.other.test"}, dict(RECORD), "no record"]
    assert "zone" in problems({**VALID, "zone": "acme..test"})
    assert problems({**VALID, "records": records, "ttl": 0}).keys() == {
        "records[0].value",
        "records[1].name",
        "records[3]",
        "ttl",
    }


@pytest.mark.parametrize(
    ("ttl", "words"),
    [
        (0, "0 is no time to live"),
        (2**31, "is no time to live"),
        ("300", "must be a whole number of seconds such as 300, without quotes"),
        (1.5, "must be a whole number"),
        (True, "must be a whole number"),
    ],
)
def test_times_to_live_that_are_none(ttl: Any, words: str) -> None:
    assert words in problems({**VALID, "ttl": ttl})["ttl"]


def test_the_engine_s_floats_are_whole_numbers() -> None:
    inputs = validate(DnsRecordsInputs, {**VALID, "ttl": 60.0, "publisher": {**BIND, "port": 5353.0}}).dump()
    assert (inputs["ttl"], inputs["publisher"]["port"]) == (60, 5353)


@pytest.mark.parametrize("zone", ["*.acme.test", "acme test", "https://acme.test", ""])
def test_zones_that_are_none(zone: str) -> None:
    assert "zone" in problems({**VALID, "zone": zone})


def test_outputs_and_unknowns_pass() -> None:
    later: Any = Output.from_input("x")
    inputs = validate(
        DnsRecordsInputs,
        {
            "zone": later,
            "records": [{"type": "A", "name": UNKNOWN, "value": UNKNOWN}, later],
            "publisher": {**BIND, "key_secret": later},
            "ttl": UNKNOWN,
        },
    ).dump()
    assert inputs["zone"] is later
    assert inputs["records"][1] is later
    assert inputs["publisher"]["key_secret"] is later
    assert validate(DnsRecordsInputs, {**VALID, "records": UNKNOWN, "publisher": later}).dump()["publisher"] is later
    assert validate(DnsRecordsInputs, {**VALID, "records": [{**RECORD, "type": UNKNOWN}]})


def test_addresses_and_names_are_compared_in_one_form() -> None:
    assert canonical_value("AAAA", "2001:0DB8:0::1") == "2001:db8::1"
    assert canonical_value("A", "192.0.2.1") == "192.0.2.1"
    assert canonical_value("CNAME", "A.Example.") == "a.example"
    assert canonical_value("TXT", "A.Example.") == "A.Example."


# --- publishers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "described"),
    [
        (Route53(hosted_zone_id="Z0123456789", profile="dns", role_arn="arn:aws:iam::123456789012:role/dns"),
         {"kind": "route53", "hosted_zone_id": "Z0123456789", "profile": "dns", "region": "us-east-1",
          "role_arn": "arn:aws:iam::123456789012:role/dns"}),
        (Route53(hosted_zone_id="Z0", endpoint_url="http://127.0.0.1:1"),
         {"kind": "route53", "hosted_zone_id": "Z0", "endpoint_url": "http://127.0.0.1:1"}),
        (Rfc2136(server="2001:db8::53", key_name="k", key_secret=SECRET),
         {**BIND, "server": "2001:db8::53", "key_name": "k"}),
        (OctoDns(provider="octodns_cloudflare.CloudflareProvider", secrets={"token": "t"}),
         {"kind": "octodns", "provider": "octodns_cloudflare.CloudflareProvider", "secrets": {"token": "t"}}),
    ],
)  # fmt: skip
def test_a_dict_is_as_good_as_a_publisher(model: Any, described: dict[str, Any]) -> None:
    first, second = (validate(DnsRecordsInputs, {**VALID, "publisher": each}).dump() for each in (model, described))
    assert first == second


@pytest.mark.parametrize(
    ("publisher", "words"),
    [
        ("route53", "must be Route53(...), Rfc2136(...) or OctoDns(...), or a dict with their keys, not a string"),
        ({"server": "ns1.acme.test"}, "needs a key kind that says which publisher it describes. Known are: route53"),
        ({"kind": "route35"}, "Did you mean 'route53'?"),
        ({"kind": UNKNOWN}, "Known are: route53, rfc2136, octodns."),
    ],
)
def test_publishers_that_are_none(publisher: Any, words: str) -> None:
    assert words in problems({**VALID, "publisher": publisher})["publisher"]


@pytest.mark.parametrize(
    ("described", "field", "words"),
    [
        ({"kind": "route53"}, "hosted_zone_id", "is required"),
        ({"kind": "route53", "hosted_zone_id": "/hostedzone/Z012"}, "hosted_zone_id", "Write 'Z012'"),
        ({"kind": "route53", "hosted_zone_id": "acme.test"}, "hosted_zone_id", "is not the ID of a hosted zone"),
        ({"kind": "route53", "hosted_zone_id": "Z012", "region": "Ireland"}, "region", "Write it like us-east-1"),
        ({"kind": "route53", "hosted_zone_id": "Z012", "role_arn": "dns"}, "role_arn", "is not the ARN of a role"),
        ({"kind": "route53", "hosted_zone_id": "Z012", "endpoint_url": "http://a.test"}, "endpoint_url", "https"),
        ({"kind": "route53", "hosted_zone_id": "Z012", "profile": " "}, "profile", "is blank"),
        ({"kind": "route53", "hosted_zone": "Z012", "hosted_zone_id": "Z012"}, "hosted_zone", "Did you mean"),
        ({**BIND, "server": "ns1.acme.test:5353"}, "server", "Write server='ns1.acme.test' and port=5353"),
        ({**BIND, "server": "[2001:db8::53]"}, "server", "Write '2001:db8::53'"),
        ({**BIND, "server": "[ns1]"}, "server", "is not a domain name"),
        ({**BIND, "server": "192.0.2"}, "server", "is neither a host name nor an IP address"),
        ({**BIND, "server": "*.acme.test"}, "server", "is neither a host name nor an IP address"),
        ({**BIND, "port": 0}, "port", "is not a TCP port"),
        ({**BIND, "key_name": "a key"}, "key_name", "is not a domain name"),
        ({**BIND, "key_algorithm": "sha256"}, "key_algorithm", "must be 'hmac-sha256'"),
        ({**BIND, "key_secret": "canary is no base64"}, "key_secret", "is not base64"),
        ({**BIND, "key_secret": "canäry"}, "key_secret", "is not base64"),
        ({**BIND, "key_secret": ""}, "key_secret", "is blank"),
        ({**BIND, "key_secret": "===="}, "key_secret", "is not base64"),
        ({**BIND, "key_secret": ["canary"]}, "key_secret", "must be a string"),
        ({"kind": "octodns", "provider": "Cloudflare"}, "provider", "is not the path of a class"),
        ({"kind": "octodns", "provider": "a.B", "settings": ["x"]}, "settings", "must be a dict"),
        ({"kind": "octodns", "provider": "a.B", "settings": {1: "x"}}, "settings", "has a key that is no text"),
        ({"kind": "octodns", "provider": "a.B", "secrets": "canary"}, "secrets", "must be a dict, not a string"),
        ({"kind": "octodns", "provider": "a.B", "settings": {"token": "canary"}}, "settings.token", "like a secret"),
        ({"kind": "octodns", "provider": "a.B", "settings": {"x": 1}, "secrets": {"x": "canary"}}, "settings.x", "too"),
    ],
)  # fmt: skip
def test_publishers_that_are_described_wrongly(described: dict[str, Any], field: str, words: str) -> None:
    ((told, message),) = problems({**VALID, "publisher": described}).items()
    assert told == f"publisher.{field}"
    assert words in message
    assert "canary" not in message


def test_no_secret_is_shown_by_repr() -> None:
    shown = repr(Rfc2136(server="ns1", key_name="k", key_secret=SECRET)) + repr(
        OctoDns(provider="a.B", secrets={"t": SECRET})
    )
    assert SECRET not in shown
