"""Rules about an SMTP profile: settings that mail servers rarely mean."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_revcent_portal.models.text import is_loopback
from pulumi_revcent_portal.rules.base import Finding, Place, Rule, Settings, known, run

_SUBMISSIONS = 465  # RFC 8314: encrypted from the first byte
_SUBMISSION = 587  # RFC 6409: begins in the clear
_TRANSFER = 25  # RFC 5321: between servers; begins in the clear


def _port_and_encryption(inputs: Mapping[str, Any], _: None) -> Iterator[Place]:
    port, secure = known(inputs, "port"), known(inputs, "secure")
    if port == _SUBMISSIONS and secure != "tls":
        yield "secure", f"Servers expect TLS from the first byte at port 465, but secure is {secure!r}."
    if port in {_SUBMISSION, _TRANSFER} and secure == "tls":
        yield "secure", f"Servers expect a plain connection first at port {port}, but secure is 'tls'."


def _password_in_the_clear(inputs: Mapping[str, Any], _: None) -> Iterator[Place]:
    host = known(inputs, "host")
    if known(inputs, "secure") == "none" and not is_loopback(host):
        yield "secure", f"secure is 'none', so the password travels to {host} unencrypted."


def _unknown_sender(inputs: Mapping[str, Any], _: None) -> Iterator[Place]:
    if known(inputs, "sender") is None:
        yield (
            "sender",
            (
                "The profile names no sender and its username is no email address, so the from_address of a portal's "
                "emails cannot be checked."
            ),
        )


SMTP_RULES: tuple[Rule[Mapping[str, Any], None], ...] = (
    Rule(
        id="smtp-port-and-encryption",
        severity="warning",
        reason="RFC 8314: port 465 begins with TLS; ports 587 and 25 begin in the clear and upgrade with STARTTLS.",
        cure="Use port=465 with secure='tls', or port=587 with secure='starttls', unless the server differs.",
        check=_port_and_encryption,
    ),
    Rule(
        id="smtp-password-in-the-clear",
        severity="warning",
        reason="RFC 8314: whoever can read the connection learns the password of the merchant's mail server.",
        cure="Use secure='starttls' with port=587, or secure='tls' with port=465.",
        check=_password_in_the_clear,
    ),
    Rule(
        id="smtp-unknown-sender",
        severity="warning",
        reason="RevCent's guide: a portal's emails come from the address that the profile sends from.",
        cure="Set sender= to the address that this server may send from.",
        check=_unknown_sender,
    ),
)


def smtp_findings(inputs: Mapping[str, Any], *, settings: Settings | None = None) -> list[Finding]:
    """What to warn about in an SMTP profile's canonical inputs.

    Args:
        inputs: `SmtpProfileInputs.dump()`; unknowns of a preview may stand anywhere.
        settings: What becomes of the findings of single rules.
    """
    return run(SMTP_RULES, inputs, None, settings)
