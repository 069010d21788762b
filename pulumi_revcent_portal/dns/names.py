"""Domain names between their text and dnspython's form. This module loads dnspython."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.name
import idna

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ancestors", "parse", "shown"]

_DOTS: Final = re.compile("[.\u3002\uff0e\uff61]")
"""The full stops that IDNA takes for one."""


def parse(text: str) -> dns.name.Name:
    """Return a name in lower case, with Unicode labels as punycode (IDNA 2008, after the mapping of UTS 46).

    Raises:
        ValueError: it is no domain name.
    """
    spaceless = text.strip()
    try:
        if not spaceless.isascii():
            spaceless = ".".join(_ascii(label) for label in _DOTS.split(spaceless))
        name = dns.name.from_text(spaceless)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError(f"{text!r} is no domain name: {str(error).rstrip('.')}.") from None
    if name == dns.name.root or any(sign.isspace() for sign in spaceless):
        raise ValueError(f"{text!r} is no domain name.")
    return name.canonicalize()


def _ascii(label: str) -> str:
    """Return a label in ASCII; one that is ASCII already may hold what IDNA forbids, such as an underscore."""
    return label if label.isascii() else idna.encode(label, uts46=True).decode("ascii")


def shown(name: dns.name.Name) -> str:
    """Return a name as text without the dot at its end."""
    return name.to_text(omit_final_dot=True)


def ancestors(name: dns.name.Name) -> Iterator[dns.name.Name]:
    """Return the name and what is above it, up to the top-level domain."""
    while len(name.labels) > 1:
        yield name
        name = name.parent()
