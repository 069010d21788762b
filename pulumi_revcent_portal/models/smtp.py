"""The mail server that sends a portal's emails. Nothing here connects to it."""

import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Annotated, Any, Literal, cast

from pulumi import RunError
from pulumi.output import Unknown
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from pulumi_revcent_portal.models.base import In, Model, Problem
from pulumi_revcent_portal.models.text import (
    Description,
    EmailAddress,
    Flag,
    Name,
    ObjectId,
    Port,
    SecretText,
    SmtpProfileId,
    Text,
    is_email_address,
    is_revcent_id,
)
from pulumi_revcent_portal.models.wording import shown

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.IGNORECASE)
_LONGEST_HOST_NAME = 253  # RFC 1035, without the dot of the root


def _host(value: str) -> str:
    try:
        ip_address(value)
    except ValueError:
        pass
    else:
        return value
    if "://" in value:
        raise ValueError(f"{shown(value)} holds a scheme. Write only the host name; secure= says how to encrypt.")
    name, colon, rest = value.rpartition(":")
    if value.startswith("[") and value.endswith("]") and _is_ipv6(value[1:-1]):
        raise ValueError(f"{shown(value)} is written with brackets. Write {shown(value[1:-1])}.")
    if colon and rest.isdigit() and name:
        raise ValueError(f"{shown(value)} holds a port. Write host={name!r} and port={rest}.")
    if is_email_address(value):
        raise ValueError(
            f"{shown(value)} is an email address. Write the name of the mail server, such as smtp.acme.com."
        )
    if len(value) > _LONGEST_HOST_NAME or not _HOST_NAME.fullmatch(value) or _looks_like_ipv4(value):
        raise ValueError(f"{shown(value)} is neither a host name nor an IP address. Write it like smtp.acme.com.")
    return value


def _is_ipv6(value: str) -> bool:
    try:
        return isinstance(ip_address(value), IPv6Address)
    except ValueError:
        return False


def _looks_like_ipv4(value: str) -> bool:
    return value.rpartition(".")[2].isdigit()


Host = Annotated[Text, AfterValidator(_host)]


class SmtpProfileInputs(Model):
    """What the resource `SmtpProfile` takes. That an SMTP profile has these fields is inferred, all of it."""

    name: In[Name]
    """The profile's name in RevCent, unique among SMTP profiles. Inferred."""

    description: In[Description] = ""
    """Free text for the people who run the account. Inferred."""

    enabled: In[Flag] = True
    """Whether the profile may send. True or False; inferred."""

    host: In[Host]
    """The mail server: a host name or an IP address, without a scheme or a port. Inferred."""

    port: In[Port]
    """The server's TCP port, 1 to 65535; usually 587 for starttls and 465 for tls. Inferred."""

    secure: In[Literal["none", "starttls", "tls"]] = "starttls"
    """How the connection is encrypted: "starttls" upgrades a plain one, "tls" is encrypted from its first byte,
    "none" sends the password in the clear. Inferred."""

    username: In[Name]
    """Who logs in at the mail server; often an email address. Inferred."""

    password: In[SecretText] = Field(repr=False, json_schema_extra={"secret": True})
    """The password for the mail server. RevCent never returns it. Inferred."""

    sender: In[EmailAddress | None] = Field(default=None, validate_default=True)
    """The address this server may send from: the `from_address` of a portal's emails is held against it.
    The username by default, where that is an email address. Ours: RevCent has no such field, and asks for the match."""

    adopt: In[Flag] = False
    """Take over a profile of this name that another stack or a person made. True or False; it only steers."""

    adopt_id: In[ObjectId | None] = None
    """The ID of an existing profile to take over: 20 characters, as shown in RevCent. It only steers."""

    @field_validator("sender")
    @classmethod
    def _the_username_sends(cls, sender: In[str | None], info: ValidationInfo) -> In[str | None]:
        username = info.data.get("username")
        if sender is None and (isinstance(username, Unknown) or is_email_address(username)):
            # An unknown stays unknown: a preview that left it out would promise a profile without a sender.
            return cast("str", username)
        return sender


def _whole_stack(value: str) -> str:
    if value.count("/") == 1:
        raise ValueError(
            f"{shown(value)} must be organization/project/stack. On a backend without organizations the first word is "
            f"organization itself: organization/{value}"
        )
    return value


class SmtpProfileOfStack(Model):
    """An SMTP profile that another stack of this backend declares and exports."""

    stack: Annotated[Name, AfterValidator(_whole_stack)]
    """The other stack: organization/project/stack. On a backend without organizations the first word is organization
    itself."""

    output: Name = "smtp_profile"
    """Its output: the ID of the profile, or a mapping with its id and its sender."""


_EXPORT = 'Export {"id": mail.id, "sender": mail.sender}'


def profile_model(given: Any) -> type[Model]:
    """Which model a mail profile of a fleet is of, by its fields: one that exists, another stack's, or one to make."""
    keys = given.keys() if isinstance(given, Mapping) else ()
    return SmtpProfileRef if "id" in keys else SmtpProfileOfStack if "stack" in keys else SmtpProfileInputs


def exported_profile(output: Any, known: SmtpProfileOfStack, place: str) -> dict[str, Any]:
    """Return the id and the sender in what another stack exports of a profile; the sender may be None.

    Args:
        output: what it exports.
        known: the profile.
        place: the field that names it.

    Raises:
        RunError: that is no profile. It is no ValueError, of which the SDK would print a traceback.
    """
    found = output if isinstance(output, Mapping) else {"id": output}
    if not is_revcent_id(found.get("id")):
        lacks = f"has no output {known.output!r}" if output is None else f"exports no ID in {known.output!r}"
        message = f"the stack {known.stack} {lacks}. {_EXPORT} there, and run `pulumi up` there first."
        raise RunError(str(Problem(place, message)))
    return {"id": found["id"], "sender": found.get("sender")}


def exported_sender(sender: Any, known: SmtpProfileOfStack, place: str) -> str:
    """Return the sender of an exported profile, for brands that name no address to send from.

    Args:
        sender: what the other stack exports.
        known: the profile.
        place: the field that names it.

    Raises:
        RunError: there is none.
    """
    if not is_email_address(sender):
        cure = f"{_EXPORT} there, or set customer_emails.from_address."
        raise RunError(str(Problem(place, f"the stack {known.stack} exports no sender in {known.output!r}. {cure}")))
    return str(sender)


class SmtpProfileRef(Model):
    """An SMTP profile that this program does not declare, such as one of another stack."""

    id: In[SmtpProfileId]
    """The profile's ID: 20 characters."""

    sender: In[EmailAddress | None] = None
    """The address it may send from, so that a portal's emails can be held against it. Left out, they are not."""
