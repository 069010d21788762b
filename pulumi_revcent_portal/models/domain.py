"""Tracking domains and the steps that make one ready. Nothing here asks the DNS."""

from functools import cache
from ipaddress import ip_address
from typing import Annotated, cast

import idna
from publicsuffixlist import PublicSuffixList
from pulumi.output import Unknown
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from pulumi_revcent_portal.models.base import In, ListOf, Model
from pulumi_revcent_portal.models.text import (
    Description,
    Flag,
    Name,
    NameOrId,
    ObjectId,
    Text,
    TrackingDomainId,
)
from pulumi_revcent_portal.models.wait import WaitOrNot
from pulumi_revcent_portal.models.wording import shown

# accept_unknown: a name of an unlisted top-level domain, such as the reserved .test, has a root domain too.


@cache
def _suffixes() -> PublicSuffixList:
    # Reading the list takes tens of milliseconds: not at import, and without punycode, which takes three times as long.
    return PublicSuffixList(accept_unknown=True, accept_encoded_idn=False)


def root_domain(value: str) -> str:
    """Give a root domain its canonical form: punycode, lower case, no dot at the end.

    Args:
        value: A domain as people write it.

    Raises:
        ValueError: For what is not a root domain by the public suffix list, with the one that was likely meant.
    """
    name = _bare_name(value)
    try:
        canonical = idna.encode(name, uts46=True).decode("ascii").lower().removesuffix(".")
    except idna.IDNAError as error:
        raise ValueError(f"{shown(value)} is not a domain name: {error}. Write it like acme.com.") from None
    if "." not in canonical:
        raise ValueError(f"{shown(value)} is a single label, not a domain. Write the whole root domain, like acme.com.")
    root = _registered(canonical)
    if root is None:
        raise ValueError(
            f"{shown(value)} is a public suffix, under which others register their domains. Write the domain that is "
            f"yours, like acme.{canonical}."
        )
    if root != canonical:
        raise ValueError(f"{shown(value)} is a sub-domain; RevCent wants the root domain. Write {root!r}.")
    return canonical


def registered_domain(host: str) -> str | None:
    """The part of a host name that somebody registered: `acme.com` of `shop.acme.com`.

    Args:
        host: A host name.

    Returns:
        The root domain in lower case and punycode; None for a public suffix, an IP address, or what is no name.
    """
    if _is_ip_address(host):
        return None
    try:
        canonical = idna.encode(host, uts46=True).decode("ascii").lower().removesuffix(".")
    except idna.IDNAError:
        return None
    return _registered(canonical)


def _registered(canonical: str) -> str | None:
    """The part of a domain that somebody registered, or None for a public suffix."""
    root = _suffixes().privatesuffix(idna.decode(canonical))
    return ".".join(canonical.split(".")[-root.count(".") - 1 :]) if root else None


def _bare_name(value: str) -> str:
    if "://" in value:
        raise ValueError(f"{shown(value)} holds a scheme. Write only the root domain, like acme.com.")
    if "@" in value:
        raise ValueError(f"{shown(value)} is an email address. Write only the root domain, like acme.com.")
    if any(mark in value for mark in "/?#"):
        raise ValueError(f"{shown(value)} holds a path. Write only the root domain, like acme.com.")
    if _is_ip_address(value):
        raise ValueError(f"{shown(value)} is an IP address. Write a root domain, like acme.com.")
    if ":" in value:
        raise ValueError(f"{shown(value)} holds a port. Write only the root domain, like acme.com.")
    if "*" in value:
        raise ValueError(f"{shown(value)} holds a wildcard. Write only the root domain, like acme.com.")
    if value != value.strip():
        raise ValueError(f"{shown(value)} begins or ends with white space. Write {shown(value.strip())}.")
    return value


def _is_ip_address(value: str) -> bool:
    try:
        ip_address(value.strip("[]"))
    except ValueError:
        return False
    return True


RootDomain = Annotated[Text, AfterValidator(root_domain)]


class TrackingDomainInputs(Model):
    """What the resource `TrackingDomain` takes."""

    domain: In[RootDomain]
    """The root domain, such as acme.com: no scheme, no sub-domain. Kept in lower case and punycode.
    It cannot be changed in place. Documented by RevCent."""

    name: In[Name | None] = Field(default=None, validate_default=True)
    """The domain's name in RevCent, unique among tracking domains. The domain itself by default. Documented."""

    description: In[Description] = ""
    """Free text for the people who run the account. Documented by RevCent."""

    url_parameter_sets: In[ListOf[NameOrId]] = Field(default_factory=list)
    """URL parameter sets, by name or by ID (20 characters). Documented by RevCent, which itself takes IDs."""

    adopt: In[Flag] = False
    """Take over a domain of this name that another stack or a person made. True or False; it only steers."""

    adopt_id: In[ObjectId | None] = None
    """The ID of an existing domain to take over: 20 characters, as shown in RevCent. It only steers."""

    @field_validator("name")
    @classmethod
    def _named_after_itself(cls, name: In[str | None], info: ValidationInfo) -> In[str | None]:
        domain = info.data.get("domain")
        if name is None and isinstance(domain, str | Unknown):
            # An Output is left to the provider, which sees the canonical domain behind it.
            return cast("str", domain)
        return name


class TrackingDomainStepInputs(Model):
    """What the resources `TrackingDomainSsl` and `TrackingDomainDns` take."""

    tracking_domain: In[TrackingDomainId]
    """The ID of the tracking domain: 20 characters. Documented by RevCent."""

    wait: In[WaitOrNot | None] = None
    """How long the program waits until the step can succeed: 20 minutes by default. False looks once, and fails with
    what is missing. It only steers; ours."""
