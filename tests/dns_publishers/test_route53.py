"""Route 53 as moto serves it: paging, escapes, aliases left alone, everything or nothing, clear refusals."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    InvalidRegionError,
    NoCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
)
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from pulumi_revcent_portal.dns.publishers import route53
from pulumi_revcent_portal.dns.publishers.errors import PublisherError, Stale, Unsure
from pulumi_revcent_portal.dns.publishers.opening import open_publisher, target
from pulumi_revcent_portal.dns.publishers.planning import Intent, holds, plan
from pulumi_revcent_portal.dns.publishers.records import Change, Record, RecordSet
from pulumi_revcent_portal.dns.publishers.route53 import Route53Publisher
from tests.dns_publishers.memory import record

# moto's server hands its sockets to threads that end after the test
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-aws-secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def amazon(endpoint: str) -> Any:
    """What somebody else does in the account."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("route53", region_name="us-east-1", endpoint_url=endpoint, **keys)
    yield client
    client.close()


@pytest.fixture
def publisher(amazon: Any, endpoint: str) -> Route53Publisher:
    made = amazon.create_hosted_zone(Name="acme.test.", CallerReference=str(threading.get_ident()) + str(id(amazon)))
    zone_id = made["HostedZone"]["Id"].removeprefix("/hostedzone/")
    opened = open_publisher("ACME.test", {"kind": "route53", "hosted_zone_id": zone_id, "endpoint_url": endpoint})
    assert isinstance(opened, Route53Publisher)
    return opened


def put(amazon: Any, publisher: Route53Publisher, name: str, kind: str, *values: str, **others: Any) -> None:
    described = {"Name": name, "Type": kind, **others}
    if values:
        described |= {"TTL": 600, "ResourceRecords": [{"Value": value} for value in values]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": described}]}
    amazon.change_resource_record_sets(HostedZoneId=publisher.hosted_zone_id, ChangeBatch=batch)


def listed(amazon: Any, publisher: Route53Publisher) -> dict[tuple[str, str], list[str]]:
    pages = amazon.get_paginator("list_resource_record_sets").paginate(HostedZoneId=publisher.hosted_zone_id)
    found = [each for page in pages for each in page["ResourceRecordSets"]]
    return {
        (each["Name"], each["Type"]): sorted(value["Value"] for value in each.get("ResourceRecords", ()))
        for each in found
        if each["Type"] not in {"NS", "SOA"}
    }


def publish(
    publisher: Route53Publisher, wanted: Collection[Record], added: Collection[Record] = (), **how: Any
) -> frozenset[Record]:
    done = plan(publisher.read({each.name for each in (*wanted, *added)}), Intent(wanted, added, ttl=300, **how))
    assert done.conflicts == ()
    if done.changes:
        publisher.apply(done.changes)
        assert holds(publisher.read({change.key[0] for change in done.changes}), done.changes)
    return done.added


def make(*lines: str) -> list[Record]:
    return [record(line) for line in lines]


def test_all_types_are_published_changed_and_removed(amazon: Any, publisher: Route53Publisher) -> None:
    put(amazon, publisher, "acme.test.", "TXT", '"theirs"')
    first = make(
        "A www.acme.test 192.0.2.1", "A www.acme.test 192.0.2.2", "AAAA www.acme.test 2001:db8::1",
        "CNAME _x.acme.test A.Example.", "TXT acme.test portal=acme",
    )  # fmt: skip
    ours = publish(publisher, first)
    assert listed(amazon, publisher) == {
        ("acme.test.", "TXT"): ['"portal=acme"', '"theirs"'],
        ("www.acme.test.", "A"): ["192.0.2.1", "192.0.2.2"],
        ("www.acme.test.", "AAAA"): ["2001:db8::1"],
        ("_x.acme.test.", "CNAME"): ["a.example."],
    }
    sets = publisher.read(["acme.test", "www.acme.test"])
    assert sets["acme.test", "TXT"].ttl == 600
    assert sets["www.acme.test", "A"].ttl == 300
    ours = publish(publisher, make("A www.acme.test 192.0.2.2", "A _x.acme.test 192.0.2.3"), ours)
    assert publish(publisher, [], ours) == frozenset()
    assert listed(amazon, publisher) == {("acme.test.", "TXT"): ['"theirs"']}


def test_a_name_is_found_among_hundreds_of_record_sets_and_on_several_pages(
    amazon: Any, publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [
        {"Action": "CREATE", "ResourceRecordSet": {
            "Name": f"host{number:03}.acme.test.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}}
        for number in range(350)
    ]  # fmt: skip
    amazon.change_resource_record_sets(HostedZoneId=publisher.hosted_zone_id, ChangeBatch={"Changes": changes})
    for kind, value in (("A", "192.0.2.9"), ("AAAA", "2001:db8::9"), ("TXT", '"nine"'), ("MX", "10 mail.acme.test.")):
        put(amazon, publisher, "host349x.acme.test.", kind, value)
    assert publisher.read(
        ["host349.acme.test", "host349x.acme.test", "host000.acme.test", "nothing.acme.test"]
    ).keys() == {
        ("host349.acme.test", "A"),
        ("host000.acme.test", "A"),
        *(("host349x.acme.test", kind) for kind in ("A", "AAAA", "TXT", "MX")),
    }
    client = route53._client("us-east-1", None, None, publisher.endpoint_url, 0)
    asked: list[dict[str, Any]] = []

    class Short:
        """Pages of two record sets each."""

        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def list_resource_record_sets(self, **given: Any) -> Any:
            asked.append(given)
            return client.list_resource_record_sets(**given, MaxItems="2")

    monkeypatch.setattr(route53, "_client", lambda *_: Short())
    assert len(publisher.read(["host349x.acme.test"])) == 4
    assert len(asked) == 2, "and not the whole zone"


def test_a_page_that_ends_in_the_middle_of_routed_sets_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(number: int) -> dict[str, Any]:
        return {"Name": "w.acme.test.", "Type": "A", "SetIdentifier": str(number), "Weight": number, "TTL": 1}

    pages = [
        {"ResourceRecordSets": [one(1)], "IsTruncated": True, "NextRecordName": "w.acme.test.", "NextRecordType": "A",
         "NextRecordIdentifier": "2"},
        {"ResourceRecordSets": [one(2)], "IsTruncated": False},
    ]  # fmt: skip
    asked: list[dict[str, Any]] = []

    class Fake:
        def get_hosted_zone(self, Id: str) -> Any:  # noqa: N803 - as boto3 has it
            del Id
            return {"HostedZone": {"Name": "acme.test."}}

        def list_resource_record_sets(self, **given: Any) -> Any:
            asked.append(given)
            return pages[len(asked) - 1]

    monkeypatch.setattr(route53, "_client", lambda *_: Fake())
    sets = Route53Publisher("acme.test", "Z1").read(["w.acme.test"])
    assert sets["w.acme.test", "A"].special == "a weighted record set"
    assert asked[1]["StartRecordIdentifier"] == "2"


def test_aliases_and_routed_sets_are_left_alone(amazon: Any, publisher: Route53Publisher) -> None:
    alias = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d1.cloudfront.net.", "EvaluateTargetHealth": False}
    put(amazon, publisher, "alias.acme.test.", "A", AliasTarget=alias)
    put(amazon, publisher, "geo.acme.test.", "A", "192.0.2.1", SetIdentifier="eu", GeoLocation={"ContinentCode": "EU"})
    put(amazon, publisher, "geo.acme.test.", "A", "192.0.2.2", SetIdentifier="us", GeoLocation={"ContinentCode": "NA"})
    before = listed(amazon, publisher)
    sets = publisher.read(["alias.acme.test", "geo.acme.test"])
    assert sets["alias.acme.test", "A"].special == "an alias of d1.cloudfront.net"
    assert sets["geo.acme.test", "A"].special == "a geolocation record set"
    wanted = make("A alias.acme.test 192.0.2.3", "A geo.acme.test 192.0.2.1")
    done = plan(sets, Intent(wanted, [], ttl=300, overwrite=True))
    assert len(done.conflicts) == 2
    assert plan(sets, Intent([], wanted, ttl=300)).changes == ()
    ours = publish(publisher, make("TXT alias.acme.test beside", "AAAA geo.acme.test 2001:db8::1"))
    publish(publisher, [], ours)
    assert listed(amazon, publisher) == before


def test_a_wildcard_is_published_in_the_way_route_53_writes_it(amazon: Any, publisher: Route53Publisher) -> None:
    ours = publish(publisher, make("CNAME *.acme.test a.example"))
    assert [name for name, _ in listed(amazon, publisher)] in ([r"\052.acme.test."], ["*.acme.test."])
    assert publisher.read(["*.acme.test"])["*.acme.test", "CNAME"].values == {"a.example"}
    publish(publisher, [], ours)
    assert listed(amazon, publisher) == {}


def test_texts_of_any_length_and_character_come_back_as_they_were(publisher: Route53Publisher) -> None:
    texts = ["x" * 255, "y" * 256, 'quo"ted \\ back; semi', "grüße " + "é" * 300, "z" * 4000, "tab\there"]
    ours = publish(publisher, [Record("text.acme.test", "TXT", text) for text in texts])
    assert publisher.read(["text.acme.test"])["text.acme.test", "TXT"].values == set(texts)
    publish(publisher, [], ours)


@given(st.text(max_size=600))
def test_a_text_survives_its_spelling(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    written = route53._written("TXT", text)
    assert route53._value("TXT", written) == text
    assert written.isascii()
    assert all(len(piece) <= 255 * 4 + 2 for piece in written.split(" "))


@pytest.mark.parametrize(
    ("described", "special"),
    [
        ({"TrafficPolicyInstanceId": "x"}, "a record set of a traffic policy"),
        ({"SetIdentifier": "x", "Failover": "PRIMARY"}, "a failover record set"),
        ({"SetIdentifier": "x", "SomethingNew": {}}, "a routed record set"),
    ],
)
def test_what_is_more_than_its_values_is_named(described: dict[str, Any], special: str) -> None:
    assert route53._record_set("www.acme.test", {"Type": "A", **described}).special == special


def test_an_unquoted_text_is_read_as_it_is() -> None:
    assert route53._value("TXT", "plain") == "plain"
    assert route53._value("TXT", r'"a\"b" "c\303" "\244"') == 'a"bcä'


def test_four_threads_publish_at_once(amazon: Any, publisher: Route53Publisher) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: publish(publisher, make(f"A t{n}.acme.test 192.0.2.{n}")), range(1, 9)))
    assert len(listed(amazon, publisher)) == 8


def test_a_change_takes_away_exactly_what_was_read(
    publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = answering(monkeypatch, {})
    before = {"Name": "www.acme.test.", "Type": "A", "TTL": 600, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    publisher.apply([
        Change(RecordSet("www.acme.test", "A", frozenset({"192.0.2.1"}), 600, raw=before),
               RecordSet("www.acme.test", "A", frozenset({"192.0.2.2"}), 300)),
    ])  # fmt: skip
    assert sent[0]["ChangeBatch"]["Changes"] == [
        {"Action": "DELETE", "ResourceRecordSet": before},
        {"Action": "CREATE", "ResourceRecordSet": {**before, "TTL": 300, "ResourceRecords": [{"Value": "192.0.2.2"}]}},
    ]


# --- refusals ---------------------------------------------------------------------------------------------------------

CHANGE = Change(None, RecordSet("www.acme.test", "A", frozenset({"192.0.2.1"}), 300))


def answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[dict[str, Any]]:
    """Let every request be answered so; an exception is raised."""
    asked: list[dict[str, Any]] = []

    class Fake:
        def __getattr__(self, _: str) -> Any:
            return self._answer

        def _answer(self, **given: Any) -> Any:
            asked.append(given)
            if isinstance(answer, Exception):
                raise answer
            return answer

    monkeypatch.setattr(route53, "_client", lambda *_: Fake())
    return asked


def refusal(code: str, message: str = "", *, status: int = 400, retries: int = 0, **others: Any) -> ClientError:
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": retries},
        **others,
    }
    return ClientError(answer, "ChangeResourceRecordSets")


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (refusal("AccessDenied", "x is not authorized"), PublisherError, "authorized. Allow route53:GetHostedZone"),
        (refusal("AccessDeniedException", "no"), PublisherError, "Allow route53:"),
        (refusal("NoSuchHostedZone", "No hosted zone"), PublisherError, "Correct hosted_zone_id"),
        (refusal("Throttling", "Rate exceeded"), PublisherError, "Try again later"),
        (refusal("InvalidClientTokenId", "The security token is invalid."), PublisherError, "renew them"),
        (refusal("Strange", "Something else"), PublisherError, "(Strange): Something else."),
        (refusal("InvalidChangeBatch", messages=["it exists", "and more"]), Stale, "it exists and more."),
        (refusal("InvalidChangeBatch", "it already exists", retries=1), Unsure, "it already exists"),
        (refusal("InternalError", "oops", status=500), Unsure, "Whether it was done is not known"),
        (ReadTimeoutError(endpoint_url="http://x"), Unsure, "did not answer (ReadTimeoutError), and whether"),
        (EndpointConnectionError(endpoint_url="http://x"), Unsure, "did not answer (EndpointConnectionError)"),
        (NoCredentialsError(), PublisherError, "boto3 finds no AWS credentials (NoCredentialsError)"),
        (ProfileNotFound(profile="x"), PublisherError, "There is no such profile"),
    ],
)  # fmt: skip
def test_why_nothing_could_be_written(
    publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception], words: str
) -> None:
    answering(monkeypatch, error)
    with pytest.raises(kind) as caught:
        publisher.apply([CHANGE])
    assert type(caught.value) is kind
    assert words in str(caught.value)


def test_why_nothing_could_be_read(publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PublisherError, match=r"keeps acme\.test, not other\.test\. Nothing was written"):
        replace(publisher, zone="other.test").read(["www.other.test"])
    with pytest.raises(PublisherError, match="NoSuchHostedZone"):
        replace(publisher, hosted_zone_id="ZNOWHERE").read(["www.acme.test"])
    with pytest.raises(PublisherError, match="There is no such profile"):
        replace(publisher, profile="nobody").read(["www.acme.test"])
    answering(monkeypatch, ReadTimeoutError(endpoint_url="http://x"))
    with pytest.raises(PublisherError, match=r"Nothing was written\. Try again") as caught:
        publisher.read(["www.acme.test"])
    assert not isinstance(caught.value, Unsure)


def test_settings_that_boto3_cannot_use(publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, InvalidRegionError(region_name="nowhere"))
    with pytest.raises(PublisherError, match=r"boto3 cannot work with these settings \(InvalidRegionError\)"):
        publisher.read(["www.acme.test"])


def test_without_credentials_it_says_where_they_come_from(
    publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    route53._client.cache_clear()
    with pytest.raises(PublisherError, match="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        publisher.read(["www.acme.test"])
    route53._client.cache_clear()


def test_a_role_is_assumed(publisher: Route53Publisher) -> None:
    role = replace(publisher, role_arn="arn:aws:iam::123456789012:role/dns")
    publish(role, [], publish(role, make("A www.acme.test 192.0.2.1")))
    foreign = replace(publisher, role_arn="arn:aws:iam::999999999999:role/dns")
    with pytest.raises(PublisherError, match="NoSuchHostedZone"):
        foreign.read(["www.acme.test"])


def test_without_boto3_it_says_what_to_install(publisher: Route53Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "botocore.exceptions", None)
    with pytest.raises(PublisherError, match=r'pip install "pulumi_revcent_portal\[route53\]"'):
        publisher.read(["www.acme.test"])


def test_where_records_go_is_told_without_the_credentials() -> None:
    described = {"kind": "route53", "hosted_zone_id": "Z1", "profile": "a", "role_arn": "b", "region": "c"}
    assert target("acme.test", described) == ("acme.test", "route53", "Z1", None)
