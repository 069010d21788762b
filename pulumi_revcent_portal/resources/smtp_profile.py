"""`SmtpProfile`: RevCent's connection to the merchant's own mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs
from pulumi_revcent_portal.models.text import is_email_address
from pulumi_revcent_portal.providers.smtp_profile import SmtpProfileProvider
from pulumi_revcent_portal.resources.base import RevCentResource, declare
from pulumi_revcent_portal.resources.mapped import Mapped, whole


class SmtpProfile(RevCentResource, module="revcent", name="SmtpProfile"):
    """An SMTP profile, by which portals send their emails.

    Args:
        resource_name: the Pulumi name.
        name: RevCent's name for it, unique in the account.
        host: the mail server, a host name or an IP address.
        port: 1 to 65535; 587 is usual with STARTTLS, 465 with TLS.
        secure: `none`, `starttls` or `tls`.
        username: the log-in.
        password: the log-in's secret; always encrypted in the state.
        sender: the address that the server lets this log-in send from. RevCent has no such field: it stays here, and
            the `from_address` of a portal's emails is held against it. Default: the username, if it is an address.
        description: free text.
        enabled: whether portals may send by it.
        adopt: accepted for symmetry; RevCent offers no look-up of profiles by name, so it matters only where it does.
        adopt_id: take over the profile with this ID, with all its settings.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RevCent's CreateSMTPProfile.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        name: pulumi.Output[str]
        """RevCent's name for it."""
        host: pulumi.Output[str]
        """The mail server."""
        port: pulumi.Output[int]
        """Its TCP port."""
        secure: pulumi.Output[str]
        """`none`, `starttls` or `tls`."""
        username: pulumi.Output[str]
        """The log-in."""
        sender: pulumi.Output[str | None]
        """The address that the server lets this log-in send from, if one is known."""
        description: pulumi.Output[str]
        """The free text, without the ownership mark."""
        enabled: pulumi.Output[bool]
        """Whether it is in service."""
    else:
        port = Mapped(whole)

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        name: pulumi.Input[str],
        host: pulumi.Input[str],
        port: pulumi.Input[int],
        username: pulumi.Input[str],
        password: pulumi.Input[str],
        secure: pulumi.Input[str] | None = None,
        sender: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        enabled: pulumi.Input[bool] | None = None,
        adopt: bool = False,
        adopt_id: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "name": name,
            "host": host,
            "port": port,
            "secure": secure,
            "username": username,
            "password": password,
            "sender": sender,
            "description": description,
            "enabled": enabled,
            "adopt": adopt,
            "adopt_id": adopt_id,
        }
        address: Any = username if sender is None else sender
        if isinstance(address, pulumi.Output):
            address = address.apply(_sender)
            if sender is None:
                given["sender"] = address  # as secret as the username
        inputs = declare(SmtpProfileInputs, type(self), resource_name, given)
        super().__init__(SmtpProfileProvider(), resource_name, inputs, opts, hidden=["password", "adopt", "adopt_id"])
        # Known in the program, because a profile without a sender has no such property to wait for.
        self.known_sender: pulumi.Input[str] | None = _sender(address) if isinstance(address, str) else address
        """The sender as the program knows it now: as it was written, or an Output."""
        self.sender = pulumi.Output.from_input(self.known_sender)


def _sender(address: str) -> str | None:
    return address if is_email_address(address) else None
