"""The command `revcent-portal doctor`: says why a portal does not work; the checks themselves are in `doctor/`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from pulumi_revcent_portal.api.errors import RevCentError
from pulumi_revcent_portal.api.redaction import Redactor
from pulumi_revcent_portal.api.settings import NO_LOOKUP, Settings, read_settings
from pulumi_revcent_portal.doctor.account import Account
from pulumi_revcent_portal.doctor.catalogue import CHECKS, plan
from pulumi_revcent_portal.doctor.export import read_export
from pulumi_revcent_portal.doctor.inventory import Inventory, Mail, Secret
from pulumi_revcent_portal.doctor.means import Means
from pulumi_revcent_portal.doctor.names import Names
from pulumi_revcent_portal.doctor.rendering import print_report
from pulumi_revcent_portal.doctor.results import Report, Status
from pulumi_revcent_portal.doctor.runner import Progress, examine
from pulumi_revcent_portal.models.domain import root_domain
from pulumi_revcent_portal.models.text import is_email_address, web_address_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

__all__ = ["doctor"]

T = TypeVar("T")

_FAILED: Final = 1
_NOTHING_SEEN: Final = 2
_INTERRUPTED: Final = 130
_LONGEST: Final = 600.0
_LAST_PORT: Final = 65535
_SUBMISSION: Final = 587
_LOOKUP_SECONDS: Final = 2.0
_IDS: Final = ", ".join(check.id for check in CHECKS)


class _WrongError(ValueError):
    """Something on the command line cannot be used; the text says what, and what to write instead."""


def doctor(  # noqa: PLR0913, PLR0917 - one argument per option
    domains: Annotated[
        list[str] | None, typer.Argument(metavar="DOMAIN", help="Root domains, such as acme.com.")
    ] = None,
    export: Annotated[
        str, typer.Option(metavar="FILE|-", help="Examine what 'pulumi stack export' wrote; - reads standard input.")
    ] = "",
    brand: Annotated[
        str, typer.Option(metavar="NAME", help="Only the portals of the export that are called so, and what they use.")
    ] = "",
    a_record: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="An A record that DOMAIN should have. Repeatable.")
    ] = None,
    cname_record: Annotated[
        list[str] | None, typer.Option(metavar="NAME=TARGET", help="A CNAME record that there should be. Repeatable.")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="NAME", help="The host of the portal's URL, where it is not DOMAIN.")
    ] = "",
    sender: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Who sends the portal's emails. Repeatable.")
    ] = None,
    smtp_host: Annotated[str, typer.Option(metavar="HOST[:PORT]", help="A mail server to log in at.")] = "",
    smtp_secure: Annotated[
        str, typer.Option(metavar="HOW", help="Its encryption: starttls, tls or none.")
    ] = "starttls",
    smtp_user: Annotated[str, typer.Option(metavar="NAME", help="Who logs in; the sender by default.")] = "",
    smtp_password_env: Annotated[
        str, typer.Option(metavar="VARIABLE", help="The environment variable that holds the mail password.")
    ] = "",
    smtp_password_prompt: Annotated[
        bool, typer.Option("--smtp-password-prompt", help="Ask for the mail password.")
    ] = False,
    siteverify_url: Annotated[
        str, typer.Option(metavar="URL", help="The reCAPTCHA service to ask.", show_default="Google's")
    ] = "",
    issuer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A certificate authority that CAA must allow, such as amazon.com. Repeatable."
        ),
    ] = None,
    resolver: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="A resolver, such as 192.0.2.53 or 127.0.0.1:8053. Repeatable."),
    ] = None,
    connect: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Ask there for the certificate of the portal's host.")
    ] = "",
    tls_port: Annotated[int, typer.Option(min=1, max=_LAST_PORT, help="The port to ask for the certificate.")] = 443,
    ca_file: Annotated[
        str, typer.Option(metavar="FILE", help="Trust the authorities in this file instead of this machine's.")
    ] = "",
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="How long one check may take.")] = 10.0,
    only: Annotated[list[str] | None, typer.Option(metavar="CHECK", help="Make only this check. Repeatable.")] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="CHECK", help="Leave this check out. Repeatable.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let a warning count as a failure.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    list_checks: Annotated[bool, typer.Option("--list", help="List the checks, and do nothing.")] = False,
) -> None:
    """Say why a portal does not work. It only looks: nothing is written, and no mail is sent.

    RevCent is asked with REVCENT_API_KEY. Exit code 0: all is well, 1: something failed, 2: nothing could be examined.
    """
    if list_checks:
        _list_checks(as_json=as_json)
        return
    try:
        wanted = _wanted(only or [], skip or [])
        settings = read_settings(lambda _option: None, os.environ)
        inventory = _read(export, brand, domains or [])
        inventory = _with_given(inventory, a_record or [], cname_record or [], host)
        inventory = _with_mail(inventory, smtp_host, smtp_secure, smtp_user, sender or [])
        password = _password(smtp_password_env, prompt=smtp_password_prompt)
        if password:
            inventory = inventory.with_password(password)
        if inventory == Inventory() and wanted != {"key"}:
            raise _WrongError("There is nothing to examine. Name a domain, or give --export FILE.")
        options = _Options(
            settings=settings,
            seconds=_seconds(timeout),
            resolvers=tuple(resolver or settings.resolvers),
            ca_file=ca_file,
            tls_port=tls_port,
            connect=_place(connect, "--connect") if connect else None,
            siteverify_url=_siteverify(siteverify_url),
            issuers=tuple(name.lower().rstrip(".") for name in issuer or []),
        )
        options.means().trust()
    except OSError:
        raise _refuse(f"--ca-file: {ca_file} cannot be read, or holds no certificate in PEM form.") from None
    except (ValueError, RevCentError) as error:
        raise _refuse(str(error)) from None
    report, secrets = _run(inventory, options, wanted)
    report = Report(tuple(result.clean(Redactor(secrets)) for result in report.results), report.seconds)
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2))
    else:
        print_report(report, Console(highlight=False))
    if report.status is Status.SKIPPED:
        raise _refuse("Nothing could be examined.")
    if report.status is Status.FAILED or (strict and report.status is Status.WARNING):
        raise typer.Exit(_FAILED)


@dataclass(frozen=True)
class _Options:
    """What the command line and the environment say about how to look."""

    settings: Settings
    seconds: float
    resolvers: tuple[str, ...]
    ca_file: str
    tls_port: int
    connect: tuple[str, int] | None
    siteverify_url: str
    issuers: tuple[str, ...]

    def means(self) -> Means:
        from pulumi_revcent_portal.dns.lookup import Lookup  # noqa: PLC0415 - it loads dnspython, and --list does without

        looks = self.resolvers != (NO_LOOKUP,)
        return Means(
            account=Account(self.settings, self.seconds),
            names=Names(self.resolvers, self.seconds / 2) if looks else None,
            lookup=Lookup(self.resolvers, timeout=min(_LOOKUP_SECONDS, self.seconds / 4)) if looks else None,
            seconds=self.seconds,
            ca_file=self.ca_file,
            tls_port=self.tls_port,
            connect=self.connect,
            siteverify_url=self.siteverify_url,
            issuers=self.issuers,
        )


def _refuse(message: str) -> typer.Exit:
    typer.secho(message, err=True, fg=typer.colors.RED)
    return typer.Exit(_NOTHING_SEEN)


def _list_checks(*, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([{"check": check.id, "about": check.about} for check in CHECKS], indent=2))
        return
    for check in CHECKS:
        typer.echo(f"{check.id:<13}{check.about}")


# --- what is asked for ---------------------------------------------------------------------------------------


def _wanted(only: list[str], skip: list[str]) -> frozenset[str]:
    known = frozenset(check.id for check in CHECKS)
    for option, names in (("--only", only), ("--skip", skip)):
        for name in names:
            if name not in known:
                raise _WrongError(f"{option}: there is no check '{name}'. There are: {_IDS}.")
    wanted = (frozenset(only) or known) - frozenset(skip)
    if not wanted:
        raise _WrongError("--only and --skip leave no check.")
    return wanted


def _read(export: str, brand: str, domains: list[str]) -> Inventory:
    names = [root_domain(domain) for domain in domains]
    if brand and not export:
        raise _WrongError("--brand chooses from an export: give --export FILE, too.")
    inventory = Inventory()
    if export == "-":
        inventory = read_export("standard input", typer.get_binary_stream("stdin").read())
    elif export:
        inventory = read_export(export)
    if brand:
        inventory = inventory.of_brand(brand)
    return inventory.of_domains(names) if names else inventory


def _with_given(inventory: Inventory, addresses: list[str], cnames: list[str], host: str) -> Inventory:
    if not (addresses or cnames or host):
        return inventory
    if len(inventory.domains) != 1:
        raise _WrongError("--a-record, --cname-record and --host belong to one domain: name one.")
    from pulumi_revcent_portal.dns.records import Record  # noqa: PLC0415 - what it holds is parsed by dnspython

    (domain,) = inventory.domains
    given = [{"type": "A", "name": domain.name, "value": address} for address in addresses]
    for each in cnames:
        name, _, target = (part.strip() for part in each.partition("="))
        if not name or not target:
            raise _WrongError(f"--cname-record '{each}' is no NAME=TARGET.")
        given.append({"type": "CNAME", "name": name, "value": target})
    for record in given:
        Record(record["type"], record["name"], record["value"])
    domain = replace(domain, records=(*domain.records, *given), host=host or domain.host)
    return replace(inventory, domains=(domain,))


def _with_mail(inventory: Inventory, server: str, secure: str, user: str, senders: list[str]) -> Inventory:
    for address in senders:
        if not is_email_address(address):
            raise _WrongError(f"--sender '{address}' is no email address. Write it like portal@acme.com.")
    if secure not in {"none", "starttls", "tls"}:
        raise _WrongError(f"--smtp-secure '{secure}' is none of starttls, tls, none.")
    inventory = replace(inventory, senders=tuple(senders))
    if not server:
        return inventory
    name, port = _place(server, "--smtp-host", default=_SUBMISSION)
    user = user or next(iter(senders), "")
    if not user:
        raise _WrongError("--smtp-host needs --smtp-user, who logs in there, or --sender.")
    mail = Mail(server, name, port, secure, user, Secret(missing="none was given"), sender=next(iter(senders), user))
    return replace(inventory, mails=(*inventory.mails, mail))


def _password(variable: str, *, prompt: bool) -> Secret | None:
    if variable:
        value = os.environ.get(variable, "")
        if not value:
            raise _WrongError(f"--smtp-password-env: the environment variable {variable} is not set, or empty.")
        return Secret(value)
    if prompt:
        return Secret(typer.prompt("Mail password", hide_input=True, err=True))
    return None


def _seconds(timeout: float) -> float:
    if not 0 < timeout <= _LONGEST:
        raise _WrongError(f"--timeout must be a number of seconds above 0 and up to {_LONGEST:g}.")
    return timeout


def _place(text: str, option: str, default: int | None = None) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if re.search(r":\d*$", text) and not _is_bare_ipv6(text) else (text, "", "")
    number = int(port) if port else default or 0
    if not host or not 1 <= number <= _LAST_PORT:
        raise _WrongError(f"{option} '{text}' is no HOST:PORT, such as 127.0.0.1:8443.")
    return host.strip("[]"), number


def _is_bare_ipv6(text: str) -> bool:
    return text.count(":") > 1 and not text.startswith("[")


def _siteverify(url: str) -> str:
    problem = web_address_problem(url, loopback=True) if url else None
    if problem:
        raise _WrongError(f"--siteverify-url: {problem} Plain http is accepted only for this machine itself.")
    return url


# --- the examination -----------------------------------------------------------------------------------------


def _run(inventory: Inventory, options: _Options, wanted: frozenset[str]) -> tuple[Report, list[str]]:
    """Return the report, and every secret that may have got into it."""
    with _progress() as show:
        outcome = asyncio.run(_until_interrupted(_examine(inventory, options, wanted, show)))
    if outcome is None:
        typer.echo("Interrupted.", err=True)
        raise typer.Exit(_INTERRUPTED)
    report, found = outcome
    return report, [options.settings.api_key, *found.secrets]


async def _until_interrupted(work: Coroutine[Any, Any, T]) -> T | None:
    """Return what some work gives, or None after Ctrl-C; what it was doing is cancelled then."""
    interrupted = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows: there the command line's own handling remains
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    task, ctrl_c = asyncio.ensure_future(work), asyncio.ensure_future(interrupted.wait())
    await asyncio.wait((task, ctrl_c), return_when=asyncio.FIRST_COMPLETED)
    for each in (task, ctrl_c):
        each.cancel()
    await asyncio.wait((task, ctrl_c))
    return None if task.cancelled() else task.result()


async def _examine(
    inventory: Inventory, options: _Options, wanted: frozenset[str], show: Callable[[Progress | str], None]
) -> tuple[Report, Inventory]:
    means = options.means()
    async with AsyncExitStack() as open_until_the_end:
        open_until_the_end.push_async_callback(means.account.close)
        if means.names is not None:
            open_until_the_end.push_async_callback(means.names.close)
        if not means.account.missing and any(not domain.id for domain in inventory.domains):
            show("asking RevCent for the domain and its portals")
            # What RevCent does not tell here, the checks 'domain' and 'key' find out, and say why.
            with contextlib.suppress(RevCentError, TimeoutError):
                async with asyncio.timeout(means.seconds):
                    inventory = await means.account.filled_in(inventory)
        return await examine(plan(inventory, wanted), means, show), inventory


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Progress | str], None]]:
    """Show on a terminal what is being looked at; standard output stays clean, and so does a pipe's standard error."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda _progress: None
        return

    with console.status("looking") as spinner:

        def show(progress: Progress | str) -> None:
            text = progress if isinstance(progress, str) else _still(progress)
            spinner.update(Text(text[: max(console.width - 4, 10)]))

        yield show


def _still(progress: Progress) -> str:
    names = ", ".join(progress.running)
    return f"{progress.done} of {progress.total} checks done; looking at {names}" if names else "done"
