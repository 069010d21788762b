"""A hosted zone of Amazon Route 53, by boto3. The credentials are boto3's own affair.

A change of a record set is the removal of exactly what was read and the creation of what is wanted, all in one change
batch: Route 53 carries out all of a batch or nothing of it, and refuses a removal whose values are no longer there.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.dns.publishers.errors import PublisherError, Stale, Unsure
from pulumi_revcent_portal.dns.publishers.records import RecordSet, Sets, canonical_name, canonical_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi_revcent_portal.dns.publishers.records import Change

PIECE: Final = 255
"""How many bytes one quoted string of a TXT record holds."""
RENEWED: Final = 1800
"""After how many seconds a new client is made: those of an assumed role are good for an hour."""
COMMENT: Final = "pulumi_revcent_portal"
_ESCAPE: Final = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_POLICIES: Final = {
    "Weight": "weighted",
    "Region": "latency",
    "GeoLocation": "geolocation",
    "GeoProximityLocation": "geoproximity",
    "CidrRoutingConfig": "IP-based",
    "Failover": "failover",
    "MultiValueAnswer": "multivalue answer",
}


@dataclass(frozen=True)
class Route53Publisher:
    """One hosted zone; may be used by several threads."""

    zone: str
    hosted_zone_id: str
    region: str = "us-east-1"
    profile: str | None = None
    role_arn: str | None = None
    endpoint_url: str | None = None

    @property
    def where(self) -> str:
        """The hosted zone, for messages."""
        return f"hosted zone {self.hosted_zone_id} of Route 53"

    # --- reading ------------------------------------------------------------------------------------------------------

    def read(self, names: Iterable[str]) -> Sets:
        """Return the record sets of these names. The zone is listed from each name on, and not as a whole."""
        sets: Sets = self._asking("read the record sets", lambda client: self._read(client, names))
        return sets

    def _read(self, client: Any, names: Iterable[str]) -> Sets:
        self._require_zone(client)
        sets: Sets = {}
        for name in sorted(set(names)):
            for described in self._listed(client, name):
                found = _record_set(name, described)
                known = sets.get(found.key)
                sets[found.key] = found if known is None else known  # several of one type are all special
        return sets

    def _require_zone(self, client: Any) -> None:
        found = canonical_name(_unescaped(client.get_hosted_zone(Id=self.hosted_zone_id)["HostedZone"]["Name"]))
        if found != self.zone:
            raise PublisherError(
                f"The {self.where} keeps {found}, not {self.zone}. Nothing was written. Correct hosted_zone_id or zone."
            )

    def _listed(self, client: Any, name: str) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {"StartRecordName": _escaped_name(name)}
        while True:
            page = client.list_resource_record_sets(HostedZoneId=self.hosted_zone_id, **start)
            for described in page["ResourceRecordSets"]:
                if canonical_name(_unescaped(described["Name"])) != name:
                    return  # sorted by name: all of this one were seen
                yield described
            if not page.get("IsTruncated"):
                return
            start = {"StartRecordName": page["NextRecordName"], "StartRecordType": page["NextRecordType"]}
            if page.get("NextRecordIdentifier"):
                start["StartRecordIdentifier"] = page["NextRecordIdentifier"]

    # --- writing ------------------------------------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> None:
        """Send one change batch. It is carried out as a whole, or not at all."""
        changes = list(changes)
        removed = [_action("DELETE", change.before.raw) for change in changes if change.before]
        created = [_action("CREATE", _described(change.after)) for change in changes if change.after]
        batch = {"Comment": COMMENT, "Changes": removed + created}
        what = ", ".join(" ".join(change.key) for change in changes)

        def send(client: Any) -> None:
            client.change_resource_record_sets(HostedZoneId=self.hosted_zone_id, ChangeBatch=batch)

        self._asking(f"change {what}", send, writes=True)

    # --- the wire -----------------------------------------------------------------------------------------------------

    def _asking(self, what: str, ask: Callable[[Any], Any], *, writes: bool = False) -> Any:
        try:
            from botocore.exceptions import (  # noqa: PLC0415 - an extra, loaded only when it is used
                BotoCoreError,
                ClientError,
                ConnectionError,  # noqa: A004 - its name; not Python's, but that of everything which does not connect
                HTTPClientError,
            )
        except ImportError:
            raise PublisherError(
                'Route 53 needs boto3, which is not installed. Run `pip install "pulumi_revcent_portal[route53]"`.'
            ) from None
        try:
            window = int(time.monotonic() // RENEWED)
            return ask(_client(self.region, self.profile, self.role_arn, self.endpoint_url, window))
        except ClientError as error:
            raise self._refused(error, what, writes=writes) from None
        except (ConnectionError, HTTPClientError) as error:
            told = f"The {self.where} did not answer ({type(error).__name__})"
            if writes:  # the last of several attempts failed; one before it may have arrived
                raise Unsure(f"{told}, and whether it did what it was asked ({what}) is not known.") from None
            raise PublisherError(f"{told}. Nothing was written. Try again when there is a network.") from None
        except BotoCoreError as error:
            raise PublisherError(_unusable(error)) from None

    def _refused(self, error: Any, what: str, *, writes: bool) -> PublisherError:
        code, message = error.response["Error"].get("Code", ""), _messages(error.response)
        told = f"Route 53 refused to {what} ({code}): {message}"
        if code == "InvalidChangeBatch":
            # A request that was sent again after a lost answer finds its own work and is refused for it.
            sent_again = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0
            return (Unsure if sent_again else Stale)(told)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if writes and status >= 500:  # noqa: PLR2004 - the server's own mistakes
            return Unsure(f"{told} Whether it was done is not known.")
        cures = {
            "AccessDenied": "Allow route53:GetHostedZone, route53:ListResourceRecordSets and "
            "route53:ChangeResourceRecordSets on the hosted zone to these credentials.",
            "NoSuchHostedZone": "Correct hosted_zone_id, or use the credentials of the account that has it.",
            "InvalidClientTokenId": "The credentials are not valid any more: renew them.",
            "ExpiredToken": "The credentials are not valid any more: renew them.",
            "SignatureDoesNotMatch": "The secret access key is not the one of the access key.",
            "Throttling": "Too many requests were sent in this account; it was tried several times. Try again later.",
            "PriorRequestNotComplete": "An earlier change of this zone is still under way. Try again later.",
        }
        cure = cures.get(code.removesuffix("Exception"), "")
        return PublisherError(f"{told} {cure}".rstrip())


@lru_cache(maxsize=32)
def _client(region: str, profile: str | None, role_arn: str | None, endpoint_url: str | None, window: int) -> Any:  # noqa: ARG001 - the window is there for the cache
    """Return a client; making one takes a tenth of a second, and one may be used by several threads."""
    import boto3  # noqa: PLC0415 - an extra, loaded only when it is used
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        retries={"mode": "standard", "max_attempts": 4},
        connect_timeout=5,
        read_timeout=10,
        user_agent_extra=COMMENT,
    )
    session = boto3.Session(profile_name=profile, region_name=region)
    keys: dict[str, str] = {}
    if role_arn:
        sts = session.client("sts", endpoint_url=endpoint_url, config=config)
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName=COMMENT)["Credentials"]
        keys = {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }
    return session.client("route53", endpoint_url=endpoint_url, config=config, **keys)


def _unusable(error: Exception) -> str:
    """What boto3 found out by itself, before it asked anybody."""
    name = type(error).__name__
    if name in {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError"}:
        return (
            f"boto3 finds no AWS credentials ({name}). Nothing was written. Give it some as for any AWS program: the "
            "environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), profile=..., or the role of this machine."
        )
    if name == "ProfileNotFound":
        return "There is no such profile in the AWS configuration files of this machine. Correct profile."
    return f"boto3 cannot work with these settings ({name}). Nothing was written. Correct region, profile or role_arn."


def _messages(answer: dict[str, Any]) -> str:
    """The sentences of an answer: Route 53 gives those about a change batch as a list of their own."""
    message = answer["Error"].get("Message") or " ".join(answer.get("messages", ()))
    return f"{message.strip().rstrip('.')}."


def _action(action: str, described: dict[str, Any]) -> dict[str, Any]:
    return {"Action": action, "ResourceRecordSet": described}


def _record_set(name: str, described: dict[str, Any]) -> RecordSet:
    kind = described["Type"]
    special = ""
    if "AliasTarget" in described:
        special = f"an alias of {canonical_name(described['AliasTarget']['DNSName'])}"
    elif "TrafficPolicyInstanceId" in described:
        special = "a record set of a traffic policy"
    elif "SetIdentifier" in described:
        policy = next((word for key, word in _POLICIES.items() if key in described), "routed")
        special = f"a {policy} record set"
    values = (each["Value"] for each in described.get("ResourceRecords", ()))
    published = kind in {"A", "AAAA", "CNAME", "TXT"}
    known = frozenset(_value(kind, value) for value in values) if published else frozenset()
    return RecordSet(name, kind, known, int(described.get("TTL", 0)), special, described)


def _described(after: RecordSet) -> dict[str, Any]:
    values = [{"Value": _written(after.type, value)} for value in sorted(after.values)]
    return {"Name": f"{_escaped_name(after.name)}.", "Type": after.type, "TTL": after.ttl, "ResourceRecords": values}


def _value(kind: str, value: str) -> str:
    if kind != "TXT":
        return canonical_value(kind, _unescaped(value))
    return _unescaped("".join(_QUOTED.findall(value) or [value]))  # joined first: a character may be cut in two


def _unescaped(text: str) -> str:
    r"""Undo how Route 53 writes what is no printable ASCII, and the asterisk of a name: `\\052`."""
    data = _ESCAPE.sub(
        lambda found: bytes([int(found[1], 8) & 0xFF]) if len(found[1]) == 3 else found[1],  # noqa: PLR2004 - octal
        text.encode("utf-8", "surrogateescape"),
    )
    return data.decode("utf-8", "surrogateescape")


def _written(kind: str, value: str) -> str:
    if kind != "TXT":
        return f"{value}." if kind == "CNAME" else value
    data = value.encode("utf-8", "surrogateescape")
    pieces = [data[start : start + PIECE] for start in range(0, len(data), PIECE)] or [b""]
    return " ".join(f'"{_escaped(piece)}"' for piece in pieces)


def _escaped(piece: bytes) -> str:
    return "".join(_character(byte) for byte in piece)


def _character(byte: int) -> str:
    character = chr(byte)
    if not (character.isascii() and character.isprintable()):
        return f"\\{byte:03o}"
    return f"\\{character}" if character in '"\\' else character


def _escaped_name(name: str) -> str:
    return name.replace("*", "\\052", 1) if name.startswith("*") else name
