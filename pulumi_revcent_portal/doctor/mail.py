"""The log-in at the mail server of a profile, as RevCent would do it. It never sends a mail."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.api.redaction import Redactor
from pulumi_revcent_portal.doctor.results import Verdict, failed, ok, skipped, warning
from pulumi_revcent_portal.doctor.threads import in_thread
from pulumi_revcent_portal.doctor.tls import connection_problem, trust_problem

if TYPE_CHECKING:
    from pulumi_revcent_portal.doctor.inventory import Mail
    from pulumi_revcent_portal.doctor.means import Means

__all__ = ["check_smtp"]

_NAME: Final = "localhost"
"""What this machine calls itself: a real name would be looked up, which may take long, and tell more than it must."""
_TLS_PORT: Final = 465
_SUBMISSION_PORTS: Final = frozenset({25, 587, 2525})
_TEMPORARY: Final = range(400, 500)
_WAY: Final = {"none": "without encryption", "starttls": "by STARTTLS", "tls": "by TLS"}
_HOW: Final = {"none": "unencrypted", "starttls": "by STARTTLS", "tls": "by TLS"}


async def check_smtp(mail: Mail, means: Means) -> Verdict:
    """Say whether the server lets the profile's user log in.

    Args:
        mail: the profile.
        means: says whom to trust, and how long to wait.
    """
    if not mail.password.value:
        return skipped(
            f"No log-in was tried: of the password, {mail.password.missing}.",
            "Give --export the output of `pulumi stack export --show-secrets`, or name --smtp-password-env.",
        )
    return await in_thread(lambda: _examine(mail, means))


def _examine(mail: Mail, means: Means) -> Verdict:
    try:
        return _log_in(mail, means.trust(), means.seconds)
    except ssl.SSLCertVerificationError as error:
        return failed(
            f"The certificate of {mail.server} is not trusted: {trust_problem(error)}. The password was not sent.",
            f"Use the name that the certificate of {mail.host} is for as host of the SMTP profile, or have its "
            "operator replace the certificate.",
        )
    except smtplib.SMTPAuthenticationError as error:
        return _not_let_in(mail, error)
    except smtplib.SMTPServerDisconnected as error:
        late = isinstance(error.__context__, TimeoutError)  # smtplib takes one for the other
        what = "does not answer in time" if late else "hung up before the log-in was over"
        return failed(f"{mail.server} {what}. {_expected(mail)}", _other_way(mail))
    except smtplib.SMTPException as error:
        return failed(f"{mail.server} does not take the log-in: {_said(error, mail)}.", _other_way(mail))
    except (OSError, ValueError) as error:
        problem = connection_problem(error)
        return failed(
            f"There is no connection {_WAY[mail.secure]} to {mail.server}: {problem}. {_expected(mail)}",
            _other_way(mail),
        )


def _log_in(mail: Mail, trust: ssl.SSLContext, seconds: float) -> Verdict:
    server = _connected(mail, trust, seconds)
    try:
        verdict = _verdict(server, mail, trust)
        with contextlib.suppress(OSError, smtplib.SMTPException):  # how a server takes its leave is its own matter
            server.quit()
        return verdict
    finally:
        server.close()


def _verdict(server: smtplib.SMTP, mail: Mail, trust: ssl.SSLContext) -> Verdict:
    server.ehlo()
    if mail.secure == "starttls":
        if not server.has_extn("starttls"):
            return failed(f"{mail.server} offers no STARTTLS. The password was not sent.", _other_way(mail))
        server.starttls(context=trust)
        server.ehlo()
    if not server.has_extn("auth"):
        return failed(f"{mail.server} offers no log-in {_HOW[mail.secure]}.", _other_way(mail))
    server.login(mail.username, mail.password.value)
    if mail.secure == "none":
        offered = server.has_extn("starttls")
        return warning(
            f"{mail.server} let {mail.username} in, and the password travelled in the clear.",
            'Set secure="starttls" in the SMTP profile: the server offers it.'
            if offered
            else "Have the operator of the mail server offer STARTTLS, and set secure to it in the SMTP profile.",
        )
    version = server.sock.version() if isinstance(server.sock, ssl.SSLSocket) else ""
    return ok(f"{mail.server} let {mail.username} in {_HOW[mail.secure]} ({version}). No mail was sent.")


def _connected(mail: Mail, trust: ssl.SSLContext, seconds: float) -> smtplib.SMTP:
    if mail.secure == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, local_hostname=_NAME, timeout=seconds, context=trust)
    return smtplib.SMTP(mail.host, mail.port, local_hostname=_NAME, timeout=seconds)


def _not_let_in(mail: Mail, error: smtplib.SMTPAuthenticationError) -> Verdict:
    seen = f"{mail.server} does not let {mail.username} in: {_said(error, mail)}."
    if error.smtp_code in _TEMPORARY:
        return failed(seen, "Try again in some minutes: the server calls this temporary.")
    return failed(
        seen,
        "Log in with the same user and password elsewhere. If that works, the server may want an app password or a "
        "permission for SMTP; if not, set the right ones in the SMTP profile and run `pulumi up`.",
    )


def _said(error: smtplib.SMTPException, mail: Mail) -> str:
    """Return the server's words without the secrets of the log-in, whatever form they were repeated in."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        words = f"{error.smtp_code} {text}"
    else:
        words = str(error)
    sent = f"\0{mail.username}\0{mail.password.value}"
    return Redactor([mail.password.value, sent]).clean(words).strip().rstrip(".")


def _expected(mail: Mail) -> str:
    if mail.secure == "starttls" and mail.port == _TLS_PORT:
        return "Port 465 is encrypted from the first byte."
    if mail.secure == "tls" and mail.port in _SUBMISSION_PORTS:
        return f"Port {mail.port} begins unencrypted."
    return ""


def _other_way(mail: Mail) -> str:
    if mail.secure != "tls" and mail.port == _TLS_PORT:
        return 'Set secure="tls" in the SMTP profile.'
    if mail.secure == "tls" and mail.port in _SUBMISSION_PORTS:
        return 'Set secure="starttls" in the SMTP profile.'
    return (
        "Hold host, port and secure of the SMTP profile against what the mail server's operator says (usual are "
        "587 with starttls, 465 with tls). If they are right, a firewall may keep this machine away."
    )
