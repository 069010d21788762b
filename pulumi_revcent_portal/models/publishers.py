"""Where DNS records can be published: Route 53, a name server, any host that octoDNS knows. Nothing here connects."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from pulumi_revcent_portal.models import wording
from pulumi_revcent_portal.models.base import In, Model, Problem, validate
from pulumi_revcent_portal.models.dns_names import DomainName, domain_name, is_address
from pulumi_revcent_portal.models.text import Name, Port, SecretText, Text, web_address_problem
from pulumi_revcent_portal.models.wording import kind, shown

_HOSTED_ZONE = re.compile(r"[A-Z0-9]{2,32}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_CLASS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_SECRET_SETTING = re.compile(
    r"(^|_)(token|secret|password|passwd|api_?key|private_key)$|(token|secret|password)$", re.IGNORECASE
)


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
    if is_address(IPv4Address, value) or is_address(IPv6Address, value):
        return value
    bare = value[1:-1] if value.startswith("[") and value.endswith("]") else ""
    if bare and is_address(IPv6Address, bare):
        raise ValueError(f"{shown(value)} is written with brackets. Write {bare!r}.")
    host, colon, rest = value.rpartition(":")
    if colon and rest.isdigit() and host:
        raise ValueError(f"{shown(value)} holds a port. Write server={host!r} and port={rest}.")
    if "*" in value or value.rpartition(".")[2].isdigit():
        raise ValueError(f"{shown(value)} is neither a host name nor an IP address. Write it like ns1.acme.com.")
    return domain_name(value)


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
