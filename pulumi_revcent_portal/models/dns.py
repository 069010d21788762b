"""DNS records to publish, and the three ways to publish them. Nothing here asks or changes the DNS."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Annotated, Any, Final, Literal

import idna
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from pulumi_revcent_portal.models import wording
from pulumi_revcent_portal.models.base import In, ListOf, Model, Problem, plain_text, validate
from pulumi_revcent_portal.models.text import Flag, Name, Port, SecretText, Text, web_address_problem
from pulumi_revcent_portal.models.wording import kind, shown

LONGEST_NAME: Final = 253  # RFC 1035, without the dot of the root
LONGEST_TEXT: Final = 4000  # what Route 53 takes in one TXT record; RFC 1035 would allow more
LONGEST_TTL: Final = 2**31 - 1  # RFC 2181, section 8

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_HOSTED_ZONE = re.compile(r"[A-Z0-9]{2,32}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_CLASS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_SECRET_SETTING = re.compile(
    r"(^|_)(token|secret|password|passwd|api_?key|private_key)$|(token|secret|password)$", re.IGNORECASE
)


def canonical_name(name: str) -> str:
    """A domain name as it is compared: lower case, without the dot of the root."""
    return name.lower().removesuffix(".")


def canonical_value(record_type: str, value: str) -> str:
    """A record's value as it is compared: addresses in their shortest form, host names as names, texts as they are."""
    if record_type == "A":
        return str(IPv4Address(value))
    if record_type == "AAAA":
        return str(IPv6Address(value))
    return canonical_name(value) if record_type == "CNAME" else value


def _domain_name(value: str) -> str:
    if not value.isascii():
        raise ValueError(f"{shown(value)} is not ASCII. Write {_in_punycode(value)}.")
    labels = value.removesuffix(".").split(".")
    rest = labels[1:] if labels[0] == "*" and len(labels) > 1 else labels
    if len(value.removesuffix(".")) > LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in rest):
        raise ValueError(f"{shown(value)} is not a domain name. Write it in full, like www.acme.com.")
    return value


def _in_punycode(value: str) -> str:
    try:
        return repr(idna.encode(value, uts46=True).decode("ascii"))
    except idna.IDNAError:
        return "it in punycode, like xn--bcher-kva.example"


def _zone(value: str) -> str:
    if value.startswith("*"):
        raise ValueError(f"{shown(value)} holds a wildcard. Write the name of the zone, like acme.com.")
    return _domain_name(value)


DomainName = Annotated[Text, AfterValidator(_domain_name)]
ZoneName = Annotated[Text, AfterValidator(_zone)]


def _value_problem(record_type: str, value: str) -> str | None:
    """Say why a value does not fit its type, or None."""
    if record_type in {"A", "AAAA"}:
        return _address_problem(record_type, value)
    if record_type == "CNAME":
        return _target_problem(value)
    if not value:
        return "is empty. Write the text of the record."
    if len(value.encode()) > LONGEST_TEXT:
        return f"has {len(value.encode())} bytes of UTF-8. A TXT record of ours holds at most {LONGEST_TEXT}."
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        return f"{shown(value)} is quoted as in a zone file. Write only the text: quotes and pieces are made for you."
    return None


def _address_problem(record_type: str, value: str) -> str | None:
    mine, other = (IPv4Address, IPv6Address) if record_type == "A" else (IPv6Address, IPv4Address)
    if _is(mine, value):
        return None
    version, example = (4, "192.0.2.1") if record_type == "A" else (6, "2001:db8::1")
    if _is(other, value):
        return f"{shown(value)} is an IPv{10 - version} address. Its type is {'AAAA' if version == 4 else 'A'}."  # noqa: PLR2004
    return f"{shown(value)} is not an IPv{version} address. Write it like {example}."


def _is(address: type[IPv4Address | IPv6Address], value: str) -> bool:
    try:
        return "%" not in str(address(value))  # a scope says where on a machine, and no DNS record holds one
    except AddressValueError:
        return False


def _target_problem(value: str) -> str | None:
    if _is(IPv4Address, value) or _is(IPv6Address, value):
        return f"{shown(value)} is an IP address, and a CNAME record holds a host name. Use the type A or AAAA."
    try:
        _domain_name(value)
    except ValueError as error:
        return str(error)
    return None


class DnsRecord(Model):
    """One record to publish. Several of one name and type make a record set."""

    type: In[Literal["A", "AAAA", "CNAME", "TXT"]]
    """The type of the record."""

    name: In[DomainName]
    """The record's owner name in full, such as www.acme.com, inside of the zone. A dot at its end is optional."""

    value: In[Text]
    """What the record says: an IPv4 address for A, an IPv6 address for AAAA, a host name in full for CNAME, for TXT a
    text of at most 4000 bytes, without quotes."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """What a value may be depends on the type."""
        record_type, value = plain_text(given, "type"), plain_text(given, "value")
        if record_type in {"A", "AAAA", "CNAME", "TXT"} and value is not None:
            problem = _value_problem(record_type, value)
            if problem:
                yield Problem("value", problem)


# --- publishers -------------------------------------------------------------------------------------------------------


def _hosted_zone(value: str) -> str:
    bare = value.removeprefix("/").removeprefix("hostedzone/")
    if bare != value and _HOSTED_ZONE.fullmatch(bare):
        raise ValueError(f"{shown(value)} is the ID with its path. Write {bare!r}.")
    if not _HOSTED_ZONE.fullmatch(value):
        raise ValueError(
            f"{shown(value)} is not the ID of a hosted zone. Copy it from the Route 53 console: it looks like "
            "Z0123456789ABCDEFGHIJ."
        )
    return value


def _region(value: str) -> str:
    if not _REGION.fullmatch(value):
        raise ValueError(f"{shown(value)} is not an AWS region. Write it like us-east-1.")
    return value


def _role(value: str) -> str:
    if not _ROLE.fullmatch(value):
        raise ValueError(f"{shown(value)} is not the ARN of a role. Write it like arn:aws:iam::123456789012:role/dns.")
    return value


def _endpoint(value: str) -> str:
    problem = web_address_problem(value, loopback=True)
    if problem:
        raise ValueError(f"{problem} Plain http is accepted only for this machine itself.")
    return value


class Route53(Model):
    """A hosted zone of Amazon Route 53. The credentials are those that boto3 finds, and are never in the state."""

    kind: Literal["route53"] = "route53"
    """What tells this publisher from the others."""

    hosted_zone_id: In[Annotated[Text, AfterValidator(_hosted_zone)]]
    """The ID of the hosted zone, which must be of the name that `zone` says."""

    region: In[Annotated[Text, AfterValidator(_region)]] = "us-east-1"
    """The AWS region whose endpoints are asked; Route 53 itself has one for all."""

    profile: In[Name | None] = None
    """A profile of the AWS configuration files. What boto3 finds by itself, when left out."""

    role_arn: In[Annotated[Text, AfterValidator(_role)] | None] = None
    """The ARN of a role to assume first."""

    endpoint_url: In[Annotated[Text, AfterValidator(_endpoint)] | None] = None
    """Another endpoint than Amazon's: an https URL, or http on this machine."""


def _server(value: str) -> str:
    if _is(IPv4Address, value) or _is(IPv6Address, value):
        return value
    bare = value[1:-1] if value.startswith("[") and value.endswith("]") else ""
    if bare and _is(IPv6Address, bare):
        raise ValueError(f"{shown(value)} is written with brackets. Write {bare!r}.")
    host, colon, rest = value.rpartition(":")
    if colon and rest.isdigit() and host:
        raise ValueError(f"{shown(value)} holds a port. Write server={host!r} and port={rest}.")
    if "*" in value or value.rpartition(".")[2].isdigit():
        raise ValueError(f"{shown(value)} is neither a host name nor an IP address. Write it like ns1.acme.com.")
    return _domain_name(value)


def _base64(value: str) -> str:
    """Hold a TSIG secret against its spelling, without showing it."""
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(
            'is not base64. Copy what stands between the quotes after "secret" in the key file of the name server, '
            "or what tsig-keygen printed."
        ) from None
    return value


class Rfc2136(Model):
    """A name server that takes dynamic updates (RFC 2136) signed with a TSIG key: BIND, Knot, PowerDNS and others."""

    kind: Literal["rfc2136"] = "rfc2136"
    """What tells this publisher from the others."""

    server: In[Annotated[Text, AfterValidator(_server)]]
    """The primary name server of the zone: a host name or an IP address, without a port."""

    port: In[Port] = 53
    """The server's TCP port, 1 to 65535."""

    key_name: In[DomainName]
    """The name of the TSIG key, as the server knows it."""

    key_secret: In[Annotated[SecretText, AfterValidator(_base64)]] = Field(
        repr=False, json_schema_extra={"secret": True}
    )
    """The secret of the TSIG key in base64. Always encrypted in the state."""

    key_algorithm: In[Literal["hmac-sha256", "hmac-sha224", "hmac-sha384", "hmac-sha512", "hmac-sha1", "hmac-md5"]] = (
        "hmac-sha256"
    )
    """The algorithm of the TSIG key, as the server knows it."""


def _class_path(value: str) -> str:
    if not _CLASS.fullmatch(value):
        raise ValueError(
            f"{shown(value)} is not the path of a class. Write it as in octoDNS's own configuration, like "
            "octodns_cloudflare.CloudflareProvider."
        )
    return value


def _keyed(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a dict, not {kind(value, secret=True)}.")  # noqa: TRY004 - reported with the field
    if not all(isinstance(key, str) and key for key in value):
        raise ValueError("has a key that is no text. Write the names of the provider's own settings.")
    return dict(value)


Arguments = Annotated[dict[str, Any], BeforeValidator(_keyed)]


class OctoDns(Model):
    """Any DNS host that octoDNS has a provider for. The provider's package is installed beside this one."""

    kind: Literal["octodns"] = "octodns"
    """What tells this publisher from the others."""

    provider: In[Annotated[Text, AfterValidator(_class_path)]]
    """The provider's class, such as octodns_cloudflare.CloudflareProvider."""

    settings: In[Arguments] = Field(default_factory=dict)
    """The provider's own settings, as octoDNS's configuration has them, without its secrets."""

    secrets: In[Arguments] = Field(default_factory=dict, repr=False, json_schema_extra={"secret": True})
    """The provider's settings that are secret, such as a token. Always encrypted in the state, all of them."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """A secret has one place, and it is not among the settings."""
        settings, secrets = given.get("settings"), given.get("secrets")
        for key in settings if isinstance(settings, Mapping) else ():
            if isinstance(secrets, Mapping) and key in secrets:
                yield Problem(f"settings.{key}", "stands in secrets too. Leave one of them.")
            elif isinstance(key, str) and _SECRET_SETTING.search(key):
                yield Problem(f"settings.{key}", f"looks like a secret. Write it as secrets={{{key!r}: ...}}.")


PUBLISHERS: Final[Mapping[str, type[Route53 | Rfc2136 | OctoDns]]] = {
    "route53": Route53,
    "rfc2136": Rfc2136,
    "octodns": OctoDns,
}
"""The models of the publishers by their kind."""


def publisher_of(value: Any) -> Route53 | Rfc2136 | OctoDns:
    """Take a publisher, or a dict that describes one.

    Raises:
        ValueError: It is neither; `InvalidInputs` with every problem when the dict describes one wrongly.
    """
    if isinstance(value, Route53 | Rfc2136 | OctoDns):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(  # noqa: TRY004 - reported with the field
            f"must be Route53(...), Rfc2136(...) or OctoDns(...), or a dict with their keys, not "
            f"{kind(value, secret=True)}."
        )
    chosen = value.get("kind")
    if not isinstance(chosen, str) or chosen not in PUBLISHERS:
        hint = wording.suggestion(chosen, PUBLISHERS) if isinstance(chosen, str) else f"Known are: {_KINDS}."
        raise ValueError(f"needs a key kind that says which publisher it describes. {hint}")
    return validate(PUBLISHERS[chosen], value)


_KINDS: Final = ", ".join(PUBLISHERS)

Publisher = Annotated[
    Route53 | Rfc2136 | OctoDns,
    PlainValidator(publisher_of, json_schema_input_type=Route53 | Rfc2136 | OctoDns),
]


# --- the resource -----------------------------------------------------------------------------------------------------


def _seconds(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():  # the engine sends every number as a float
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"must be a whole number of seconds such as 300, without quotes, not {kind(value)}.")  # noqa: TRY004
    return value


def _ttl(value: int) -> int:
    if not 1 <= value <= LONGEST_TTL:
        raise ValueError(f"{value} is no time to live. Write seconds, 1 to {LONGEST_TTL}; usual are 60 to 86400.")
    return value


Ttl = Annotated[
    int,
    BeforeValidator(_seconds),
    AfterValidator(_ttl),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LONGEST_TTL}),
]


class DnsRecordsInputs(Model):
    """What the resource `DnsRecords` takes."""

    zone: In[ZoneName]
    """The zone that the records belong to, such as acme.com. A change replaces the resource."""

    records: In[ListOf[DnsRecord]]
    """The records, such as the `a_records` of a tracking domain. Their order says nothing."""

    publisher: In[Publisher]
    """Where the zone is kept: Amazon Route 53, a name server that takes dynamic updates, or a DNS host that octoDNS
    has a provider for."""

    ttl: In[Ttl] = 300
    """How long resolvers may keep the records, in seconds. The time of a set that others use too stays theirs."""

    overwrite: In[Flag] = False
    """Replace A, AAAA and CNAME record sets of the same names that somebody else made. True or False; it only
    steers."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """Records are inside of the zone, different from each other, and a CNAME stands alone."""
        records = given.get("records")
        zone = _valid_zone(plain_text(given, "zone"))
        listed = list(enumerate(records)) if isinstance(records, list | tuple) else []
        seen: dict[tuple[str, ...], int] = {}
        types: dict[str, set[str]] = {}
        for index, record in listed:
            record_type, name, value = (_text(record, key) for key in ("type", "name", "value"))
            if name is not None and zone is not None:
                yield from _outside(index, name, zone)
            if record_type is None or name is None:
                continue
            types.setdefault(canonical_name(name), set()).add(record_type)
            if value is not None and not _value_problem(record_type, value):
                key = (canonical_name(name), record_type, canonical_value(record_type, value))
                if (first := seen.setdefault(key, index)) != index:
                    yield Problem(f"records[{index}]", f"is records[{first}] once more. Leave one of them.")
        yield from _crowded(listed, types, zone)


def _valid_zone(value: str | None) -> str | None:
    try:
        return None if value is None else _zone(value)
    except ValueError:
        return None  # which is told by itself


def _text(record: Any, key: str) -> str | None:
    return plain_text({"record": record}, "record", key)


def _outside(index: int, name: str, zone: str) -> Iterator[Problem]:
    bare, root = canonical_name(name), canonical_name(zone)
    if bare != root and not bare.endswith(f".{root}"):
        cure = f"the zone's own name, {root!r}" if bare == "@" else f"the name in full, like {f'{bare}.{root}'!r}"
        yield Problem(
            f"records[{index}].name",
            f"{shown(name)} is not inside of the zone {root}. Write {cure}, or declare it with its own zone.",
        )


def _crowded(listed: list[tuple[int, Any]], types: Mapping[str, set[str]], zone: str | None) -> Iterator[Problem]:
    """A CNAME record has its name for itself (RFC 1034, section 3.6.2)."""
    targets: dict[str, int] = {}
    for index, record in listed:
        name = _text(record, "name")
        if name is None or _text(record, "type") != "CNAME":
            continue
        bare = canonical_name(name)
        others = sorted(types[bare] - {"CNAME"})
        if zone is not None and bare == canonical_name(zone):
            yield Problem(f"records[{index}]", "is a CNAME at the zone's own name, where no CNAME can stand. Use A.")
        elif others:
            yield Problem(
                f"records[{index}]", f"is a CNAME beside {' and '.join(others)} at the same name. Leave one type only."
            )
        elif bare in targets and _text(listed[targets[bare]][1], "value") != _text(record, "value"):
            yield Problem(
                f"records[{index}]", f"is a second CNAME of {shown(name)}; records[{targets[bare]}] is one. Leave one."
            )
        targets.setdefault(bare, index)
