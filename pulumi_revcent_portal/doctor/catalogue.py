"""Every check with its id, and which of them apply to what is examined; the checks themselves are elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

from pulumi_revcent_portal.doctor.captcha import check_recaptcha
from pulumi_revcent_portal.doctor.dmarc import check_dmarc
from pulumi_revcent_portal.doctor.mail import check_smtp
from pulumi_revcent_portal.doctor.names import NoAnswerError
from pulumi_revcent_portal.doctor.results import Verdict, failed
from pulumi_revcent_portal.doctor.revcent import check_domain, check_key, check_portal
from pulumi_revcent_portal.doctor.spf import check_spf
from pulumi_revcent_portal.doctor.tls import check_certificate
from pulumi_revcent_portal.doctor.zone import NOT_LOOKED_UP, check_caa, check_delegation, check_records

if TYPE_CHECKING:
    from pulumi_revcent_portal.doctor.inventory import Captcha, Inventory, Portal
    from pulumi_revcent_portal.doctor.means import Means
    from pulumi_revcent_portal.doctor.names import Names

__all__ = ["CHECKS", "Check", "Job", "plan"]

Look: TypeAlias = Callable[["Means"], Awaitable[Verdict]]


@dataclass(frozen=True)
class Check:
    """A kind of check.

    Attributes:
        id: its name on the command line and in JSON.
        about: what it says, for people.
    """

    id: str
    about: str


@dataclass(frozen=True)
class Job:
    """One check of one thing.

    Attributes:
        check: the check's id.
        subject: the thing, for people.
        look: does it.
    """

    check: str
    subject: str
    look: Look


CHECKS: Final = (
    Check("delegation", "the domain's name servers are known and authoritative"),
    Check("records", "every record that RevCent names is visible on every authoritative server"),
    Check("caa", "no CAA record forbids the certificate"),
    Check("domain", "RevCent has issued the certificate and completed the DNS"),
    Check("certificate", "browsers trust the certificate of the portal's host, for 21 days at least"),
    Check("portal", "the portal is enabled in RevCent, and what it refers to exists"),
    Check("recaptcha", "the siteverify service knows the secret key"),
    Check("smtp", "the mail server lets the SMTP profile log in; no mail is sent"),
    Check("spf", "the sender's domain has one SPF record that receivers can use"),
    Check("dmarc", "the sender's domain has one DMARC record that receivers can use"),
    Check("key", "the API key is valid, and what it may read"),
)


def plan(inventory: Inventory, wanted: frozenset[str]) -> list[Job]:
    """Return the jobs for what is examined: what belongs to a domain together, in the order of cause and effect.

    Args:
        inventory: what is examined.
        wanted: the ids of the checks that are made.
    """
    return [job for job in _every_job(inventory) if job.check in wanted]


def _every_job(inventory: Inventory) -> Iterator[Job]:
    left = list(inventory.portals)
    for domain in inventory.domains:
        own = [portal for portal in inventory.portals if domain.id and portal.tracking_domain == domain.id]
        yield Job("delegation", domain.name, partial(check_delegation, domain))
        yield Job("records", domain.name, partial(check_records, domain))
        yield Job("caa", domain.name, partial(check_caa, domain))
        yield Job("domain", domain.name, partial(check_domain, domain))
        hosts = [domain.host] if domain.host else [host for portal in own if (host := _host(portal))]
        for host in dict.fromkeys(hosts or [domain.name]):
            yield Job("certificate", host, partial(check_certificate, host))
        for portal in own:
            left.remove(portal)
            yield _portal(portal)
    for portal in left:
        yield _portal(portal)
        if host := _host(portal):
            yield Job("certificate", host, partial(check_certificate, host))
    for captcha in inventory.captchas:
        subject = _keys_of(captcha, inventory)
        yield Job("recaptcha", subject, partial(check_recaptcha, captcha))
    for mail in inventory.mails:
        yield Job("smtp", mail.name or mail.server, partial(check_smtp, mail))
    for sender in inventory.sender_domains:
        yield Job("spf", sender, partial(_by_names, check_spf, sender))
        yield Job("dmarc", sender, partial(_by_names, check_dmarc, sender))
    yield Job("key", "RevCent API key", partial(check_key, inventory))


def _portal(portal: Portal) -> Job:
    return Job("portal", portal.name or portal.id, partial(check_portal, portal))


def _host(portal: Portal) -> str:
    try:
        return urlsplit(portal.url).hostname or ""
    except ValueError:
        return ""


def _keys_of(captcha: Captcha, inventory: Inventory) -> str:
    """Name a pair of keys by the portals that use it, as their owners know those better."""
    users = [portal.name for portal in inventory.portals if portal.site_key == captcha.site_key and portal.name]
    return f"reCAPTCHA of {', '.join(users)}" if users else f"reCAPTCHA {captcha.site_key}"


async def _by_names(check: Callable[[str, Names], Awaitable[Verdict]], domain: str, means: Means) -> Verdict:
    if means.names is None:
        return NOT_LOOKED_UP
    try:
        return await check(domain, means.names)
    except NoAnswerError as error:
        return failed(str(error), "Name a working --resolver, or look at the network of this machine.")
