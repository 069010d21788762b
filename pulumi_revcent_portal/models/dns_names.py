"""Domain names and IP addresses as DNS records and publishers hold them. Nothing here asks the DNS."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Annotated, Final

import idna
from pydantic import AfterValidator

from pulumi_revcent_portal.models.text import Text
from pulumi_revcent_portal.models.wording import shown

LONGEST_NAME: Final = 253  # RFC 1035, without the dot of the root

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


def canonical_name(name: str) -> str:
    """A domain name as it is compared: lower case and punycode, without the dot of the root."""
    try:
        return _in_ascii(name)
    except idna.IDNAError:
        return name.lower()  # which is no domain name, and told by itself


def _in_ascii(name: str) -> str:
    # Label by label: those that begin with an underscore, and the asterisk, are no names by the rules of IDNA.
    labels = name.lower().removesuffix(".").split(".")
    return ".".join(each if each.isascii() else idna.encode(each, uts46=True).decode() for each in labels)


def domain_name(value: str) -> str:
    """Hold a domain name against the rules, and return it as it was written.

    Raises:
        ValueError: It is none.
    """
    try:
        name = _in_ascii(value)
    except idna.IDNAError as error:
        raise ValueError(
            f"{shown(value)} is not a domain name: {error}. Write it in full, like www.acme.com."
        ) from None
    labels = name.split(".")
    rest = labels[1:] if labels[0] == "*" and len(labels) > 1 else labels
    if len(name) > LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in rest):
        raise ValueError(f"{shown(value)} is not a domain name. Write it in full, like www.acme.com.")
    return value


DomainName = Annotated[Text, AfterValidator(domain_name)]
"""A domain name in full, in any alphabet, kept as it was written."""


def is_address(kind: type[IPv4Address | IPv6Address], value: str) -> bool:
    """Tell whether a text is an address of this kind."""
    try:
        return "%" not in str(kind(value))  # a scope says where on a machine, and no DNS record holds one
    except AddressValueError:
        return False
