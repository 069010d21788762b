"""What the checks look with: resolvers, RevCent, trust in certificates, and what the command line set."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_revcent_portal.dns.lookup import Lookup
    from pulumi_revcent_portal.doctor.account import Account
    from pulumi_revcent_portal.doctor.names import Names

__all__ = ["Means"]


@dataclass(frozen=True)
class Means:
    """Everything that a check may use.

    Attributes:
        account: RevCent.
        names: what resolvers say; None where nothing is to be looked up.
        lookup: what authoritative servers say; None where nothing is to be looked up.
        seconds: how long a check may take.
        ca_file: certificate authorities to trust instead of this machine's.
        tls_port: where the portal's host is asked for its certificate.
        connect: host and port to ask instead of the portal's host.
        siteverify_url: the reCAPTCHA service, where the command line names one.
        issuers: the certificate authorities that a CAA record must allow, where somebody knows them.
    """

    account: Account
    names: Names | None
    lookup: Lookup | None
    seconds: float = 10.0
    ca_file: str = ""
    tls_port: int = 443
    connect: tuple[str, int] | None = None
    siteverify_url: str = ""
    issuers: tuple[str, ...] = ()

    def trust(self) -> ssl.SSLContext:
        """Return what decides whom to trust: this machine, or the given file alone.

        Raises:
            OSError: the file cannot be read, or holds no certificate.
        """
        return ssl.create_default_context(cafile=self.ca_file or None)
