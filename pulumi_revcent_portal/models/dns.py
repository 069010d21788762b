"""DNS records to publish, and what the resource that publishes them takes. Nothing here asks or changes the DNS."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from pulumi_revcent_portal.models.base import In, ListOf, Model, Problem, plain_text
from pulumi_revcent_portal.models.dns_names import DomainName, canonical_name, domain_name, is_address
from pulumi_revcent_portal.models.publishers import OctoDns, Publisher, Rfc2136, Route53
from pulumi_revcent_portal.models.text import Flag, Text
from pulumi_revcent_portal.models.wording import kind, shown

__all__ = ["DnsRecord", "DnsRecordsInputs", "OctoDns", "Rfc2136", "Route53", "canonical_value"]

LONGEST_TEXT: Final = 4000  # what Route 53 takes in one TXT record; RFC 1035 would allow more
LONGEST_TTL: Final = 2**31 - 1  # RFC 2181, section 8


def canonical_value(record_type: str, value: str) -> str:
    """A record's value as it is compared: addresses in their shortest form, host names as names, texts as they are."""
    if record_type == "A":
        return str(IPv4Address(value))
    if record_type == "AAAA":
        return str(IPv6Address(value))
    return canonical_name(value) if record_type == "CNAME" else value


def _zone(value: str) -> str:
    if value.startswith("*"):
        raise ValueError(f"{shown(value)} holds a wildcard. Write the name of the zone, like acme.com.")
    return domain_name(value)


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
    if is_address(mine, value):
        return None
    version, example = (4, "192.0.2.1") if record_type == "A" else (6, "2001:db8::1")
    if is_address(other, value):
        return f"{shown(value)} is an IPv{10 - version} address. Its type is {'AAAA' if version == 4 else 'A'}."  # noqa: PLR2004
    return f"{shown(value)} is not an IPv{version} address. Write it like {example}."


def _target_problem(value: str) -> str | None:
    if is_address(IPv4Address, value) or is_address(IPv6Address, value):
        return f"{shown(value)} is an IP address, and a CNAME record holds a host name. Use the type A or AAAA."
    try:
        domain_name(value)
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

    adopt: In[Flag] = False
    """Take over those records that are published already exactly as declared, as this stack's to remove. True or
    False; it only steers, when the resource is made."""

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
