"""What is to be examined: domains, portals, mail profiles and reCAPTCHA keys, as plain values; it asks nobody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Captcha", "Domain", "Inventory", "Mail", "Portal", "Secret", "SelectionError"]

_NAMES_SHOWN: Final = 12


class SelectionError(ValueError):
    """What was asked for is not there; the text names what is."""


@dataclass(frozen=True)
class Secret:
    """A secret, or the reason why it cannot be read.

    Attributes:
        value: the secret; never part of `repr()`.
        missing: why there is none, a clause.
    """

    value: str = field(default="", repr=False)
    missing: str = ""


@dataclass(frozen=True)
class Domain:
    """A root domain.

    Attributes:
        name: in lower case and punycode.
        id: RevCent's ID of the tracking domain, where it is known.
        records: the DNS records that RevCent wants to see, as `{"type", "name", "value"}`.
        host: the host of its portal, where somebody named it; the portals' own URLs count otherwise.
    """

    name: str
    id: str = ""
    records: tuple[Mapping[str, str], ...] = ()
    host: str = ""


@dataclass(frozen=True)
class Portal:
    """A customer portal, as it is declared or as RevCent answers it.

    Attributes:
        name: its name in RevCent.
        id: its ID.
        names: what a person may call it: the names of its resource and of the components around that.
        url: its address, where one is known.
        tracking_domain: the ID of its domain.
        smtp_profile: the ID of its mail profile.
        site_key: its public reCAPTCHA key.
        senders: the addresses that its emails come from.
        enabled: whether it is declared to be in service; None where nobody says.
        campaigns: the IDs of the campaigns among its filters.
        shops: the IDs of the shops among its filters.
        declared: whether this is what a program declares, so that RevCent can be held against it.
    """

    name: str
    id: str = ""
    names: tuple[str, ...] = ()
    url: str = ""
    tracking_domain: str = ""
    smtp_profile: str = ""
    site_key: str = ""
    senders: tuple[str, ...] = ()
    enabled: bool | None = None
    campaigns: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    declared: bool = False


@dataclass(frozen=True)
class Mail:
    """A mail server and who logs in there.

    Attributes:
        name: the profile's name.
        host: the server.
        port: its TCP port.
        secure: `none`, `starttls` or `tls`.
        username: the log-in.
        password: its secret.
        id: RevCent's ID of the profile.
        sender: the address that it sends from.
    """

    name: str
    host: str
    port: int
    secure: str
    username: str
    password: Secret
    id: str = ""
    sender: str = ""

    @property
    def server(self) -> str:
        """Host and port, for people."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Captcha:
    """A pair of reCAPTCHA keys: the public one, the secret, and the service to ask where the program names one."""

    site_key: str
    secret: Secret
    verify_url: str = ""


@dataclass(frozen=True)
class Inventory:
    """Everything that is to be examined.

    Attributes:
        domains: by what they are called, in order.
        portals: likewise.
        mails: likewise.
        captchas: one per site key.
        senders: further addresses whose domains are examined.
    """

    domains: tuple[Domain, ...] = ()
    portals: tuple[Portal, ...] = ()
    mails: tuple[Mail, ...] = ()
    captchas: tuple[Captcha, ...] = ()
    senders: tuple[str, ...] = ()

    def of_brand(self, brand: str) -> Inventory:
        """Return the portals of a name, and what they use.

        Args:
            brand: the name of a portal in RevCent, of its resource, or of a component around it.

        Raises:
            SelectionError: no portal is called so.
        """
        wanted = brand.casefold()
        chosen = [
            portal for portal in self.portals if wanted in {name.casefold() for name in (portal.name, *portal.names)}
        ]
        if not chosen:
            names = _some(portal.names[0] if portal.names else portal.name for portal in self.portals)
            raise SelectionError(f"No portal is called '{brand}'. There are: {names}.")
        return self._used_by(chosen)

    def of_domains(self, names: Iterable[str]) -> Inventory:
        """Return some domains with their portals and what those use; a domain that is not here comes as a bare name."""
        known = {domain.name: domain for domain in self.domains}
        wanted = [known.get(name, Domain(name)) for name in dict.fromkeys(names)]
        ids = {domain.id for domain in wanted if domain.id}
        used = self._used_by([portal for portal in self.portals if portal.tracking_domain in ids])
        return replace(used, domains=tuple(wanted))

    def _used_by(self, portals: list[Portal]) -> Inventory:
        domains = {portal.tracking_domain for portal in portals}
        profiles = {portal.smtp_profile for portal in portals}
        keys = {portal.site_key for portal in portals}
        return Inventory(
            tuple(domain for domain in self.domains if domain.id in domains),
            tuple(portals),
            tuple(mail for mail in self.mails if mail.id in profiles),
            tuple(captcha for captcha in self.captchas if captcha.site_key in keys),
            self.senders,
        )

    def with_password(self, password: Secret) -> Inventory:
        """Return the same with a password for the one mail profile that has none.

        Raises:
            SelectionError: there is none such, or several.
        """
        without = [mail for mail in self.mails if not mail.password.value]
        if len(without) != 1:
            problem = (
                f"could be that of {_some(mail.name for mail in without)}: choose one with --brand"
                if without
                else "is for no mail profile here: leave it out, or name a server with --smtp-host"
            )
            raise SelectionError(f"The SMTP password {problem}.")
        mails = tuple(replace(mail, password=password) if mail is without[0] else mail for mail in self.mails)
        return replace(self, mails=mails)

    @property
    def sender_domains(self) -> tuple[str, ...]:
        """The domains that mails come from, each once."""
        addresses = [
            *self.senders,
            *(mail.sender for mail in self.mails),
            *(sender for portal in self.portals for sender in portal.senders),
        ]
        found = (address.rpartition("@")[2].strip().lower().rstrip(".") for address in addresses if "@" in address)
        return tuple(dict.fromkeys(domain for domain in found if domain))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in here, so that none is ever shown."""
        return tuple(
            found
            for found in (
                *(mail.password.value for mail in self.mails),
                *(captcha.secret.value for captcha in self.captchas),
            )
            if found
        )


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _NAMES_SHOWN} more" if len(every) > _NAMES_SHOWN else ""
    return ", ".join(every[:_NAMES_SHOWN]) + more or "none"
