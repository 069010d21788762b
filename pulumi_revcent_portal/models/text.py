"""The kinds of strings and numbers that inputs are made of: names, IDs, addresses, URLs, ports.

Each type either accepts a value as it was written or refuses it with the cure. None of them alters anything.
"""

import re
import unicodedata
from functools import lru_cache
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import email_validator
from pydantic import AfterValidator, BeforeValidator, Strict, WithJsonSchema

from pulumi_revcent_portal.models.wording import kind, shown

OWNERSHIP_MARK = "[pulumi "
"""How the mark begins that this package writes at the end of descriptions."""

_UNKNOWN_OF_ANOTHER_STACK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # how the engine writes one, exports included
_OUTPUT_IN_A_STRING = "Calling __str__ on an Output[T] is not supported"
_REVCENT_ID = re.compile(r"[A-Za-z0-9]{20}")


def _written_out(value: str) -> str:
    """Refuse what nobody meant to write, and what neither JSON nor the engine can carry."""
    if _OUTPUT_IN_A_STRING in value:
        raise ValueError(
            "was made from an Output with str() or an f-string, which gives an error text and not its value. "
            "Use pulumi.Output.concat(...) or pulumi.Output.format(...)."
        )
    if _UNKNOWN_OF_ANOTHER_STACK in value:
        raise ValueError(
            "is not known yet: the stack that exports it has not finished an update. Run `pulumi up` there first."
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a surrogate pair, which UTF-8 cannot carry. Remove that character.") from None
    if "\x00" in value:
        raise ValueError("holds a NUL character. Remove it.")
    return value


def _trimmed(value: str) -> str:
    if value != value.strip():
        raise ValueError(f"{shown(value)} begins or ends with white space. Write {shown(value.strip())}.")
    return value


def _one_line(value: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValueError(f"{shown(value)} holds a line break or a control character. Write it on one line.")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is blank. Write at least one visible character, or leave the input out if it has a default.")
    return value


def _unmarked(value: str) -> str:
    if OWNERSHIP_MARK in value:
        raise ValueError(
            f"holds {OWNERSHIP_MARK!r}, which is reserved: the mark that says which stack owns an object "
            "begins with it. Remove it; the mark is added for you."
        )
    return value


def _nonblank_secret(value: str) -> str:
    if not value.strip():
        raise ValueError("is blank. Pass the secret itself, for instance config.require_secret(...).")
    return value


RuleSetting = Literal["off", "warning", "error"]
"""What becomes of a finding of a rule: nothing, a warning, or a plan that fails."""

Flag = Annotated[bool, Strict()]
"""True or False, and nothing that merely looks like it."""

Text = Annotated[str, Strict(), AfterValidator(_written_out)]
"""Any text that was meant; what every other kind of string is made of."""

Line = Annotated[Text, AfterValidator(_one_line), AfterValidator(_trimmed)]
"""One line of text without white space around it; may be empty."""

Name = Annotated[Text, AfterValidator(_filled), AfterValidator(_one_line), AfterValidator(_trimmed)]
"""One line of text that is not empty."""

Description = Annotated[Text, AfterValidator(_trimmed), AfterValidator(_unmarked)]
"""Text of any number of lines, without the mark that this package adds itself."""

Html = Text
"""HTML, passed on to the letter."""

SecretText = Annotated[Text, AfterValidator(_nonblank_secret)]
"""A secret, passed on to the letter and never shown."""


class _IdOf:
    """The shape of a RevCent ID, and where to find the right one."""

    def __init__(self, thing: str, cure: str) -> None:
        self.thing = thing
        self.cure = cure

    def __call__(self, value: str) -> str:
        if is_revcent_id(value):
            return value
        raise ValueError(
            f"{shown(value)} is not the ID of {self.thing}: RevCent's IDs are 20 letters and digits. {self.cure}"
        )


_ID_SCHEMA = WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9]{20}$"})

ObjectId = Annotated[
    Text,
    AfterValidator(_IdOf("an object in RevCent", "Open the object in RevCent and copy its ID.")),
    _ID_SCHEMA,
]
"""The ID of an object that is to be adopted."""

NameOrId = Name
"""The name or the ID of something that exists in RevCent: one line. What has the shape of an ID is taken for one."""

TrackingDomainId = Annotated[
    Text,
    AfterValidator(
        _IdOf("a tracking domain", "Pass the id of a TrackingDomain resource, or copy the ID of the domain in RevCent.")
    ),
    _ID_SCHEMA,
]
"""The ID of a tracking domain."""

SmtpProfileId = Annotated[
    Text,
    AfterValidator(
        _IdOf("an SMTP profile", "Pass the id of an SmtpProfile resource, or copy the ID of the profile in RevCent.")
    ),
    _ID_SCHEMA,
]
"""The ID of an SMTP profile."""


def is_revcent_id(value: object) -> bool:
    """Tell whether a value has the shape of RevCent's IDs: 20 letters and digits."""
    return isinstance(value, str) and _REVCENT_ID.fullmatch(value) is not None


def is_email_address(value: object) -> bool:
    """Tell whether a value is one email address."""
    return isinstance(value, str) and _address_problem(value) is None


@lru_cache(maxsize=4096)  # a fleet names few addresses, each many times
def _address_problem(value: str) -> str | None:
    try:
        # Demonstrations use domains below the reserved .test, which are refused otherwise; "test" itself is no domain.
        reserved = value.lower().endswith(".test")
        email_validator.validate_email(value, check_deliverability=False, test_environment=reserved)
    except email_validator.EmailNotValidError as error:
        return str(error)
    return None


def _email_address(value: str) -> str:
    if "<" in value or ">" in value:
        raise ValueError(
            f"{shown(value)} holds more than the address. Write only what stands between < and >; "
            "a name belongs in from_name."
        )
    if "," in value or ";" in value:
        raise ValueError(f"{shown(value)} looks like several addresses. Write one; cc and bcc take a list.")
    problem = _address_problem(value)
    if problem:
        raise ValueError(f"{shown(value)} is not an email address: {problem} Write it like portal@acme.com.")
    return value


EmailAddress = Annotated[Text, AfterValidator(_email_address), WithJsonSchema({"type": "string", "format": "email"})]
"""One email address, without a display name, kept as it was written."""


def is_loopback(host: str) -> bool:
    """Tell whether a host name or an address means this machine."""
    if host.casefold() == "localhost" or host.casefold().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def web_address_problem(value: str, *, loopback: bool) -> str | None:
    """Say why a string is not an https URL, or None.

    Args:
        value: The string.
        loopback: Whether plain http is fine for this machine itself.
    """
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        return f"{shown(value)} is not a URL: {error}."
    if any(character.isspace() for character in value):
        return f"{shown(value)} holds white space. Write the URL without it."
    if parts.username is not None or parts.password is not None:
        return "holds a user name or a password. Write the URL without them."
    if host and (parts.scheme == "https" or (loopback and parts.scheme == "http" and is_loopback(host))):
        return None
    return f"{shown(value)} is not an https URL. Write it like https://acme.com/portal."


def _https_url(value: str) -> str:
    problem = web_address_problem(value, loopback=False)
    if problem:
        raise ValueError(problem)
    return value


HttpsUrl = Annotated[Text, AfterValidator(_https_url), WithJsonSchema({"type": "string", "format": "uri"})]
"""An https URL."""


def _whole_number(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():  # the engine sends every number as a float
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"must be a whole number such as 587, without quotes, not {kind(value)}.")  # noqa: TRY004
    return value


def _port(value: int) -> int:
    if not 1 <= value <= 65535:  # noqa: PLR2004  # the range of TCP ports, RFC 9293
        raise ValueError(
            f"{value} is not a TCP port. Ports go from 1 to 65535; mail is mostly handed in at 587 or 465."
        )
    return value


Port = Annotated[
    int,
    BeforeValidator(_whole_number),
    AfterValidator(_port),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 65535}),
]
"""A TCP port."""
