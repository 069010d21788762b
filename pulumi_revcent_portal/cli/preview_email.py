"""The command `revcent-portal preview-email`: a page with a brand's emails and footer. Nothing is sent or loaded.

HTML of the brand is shown in frames without any right, under a policy that lets nothing run and nothing be loaded.
"""

from __future__ import annotations

import os
import re
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pulumi_revcent_portal.cli.fleet_file import DEFAULT, FileOption, refuse, tell
from pulumi_revcent_portal.fleet.overview import Overview, Seen, look
from pulumi_revcent_portal.models.base import is_plain
from pulumi_revcent_portal.models.branding import DEFAULT_ACCENT
from pulumi_revcent_portal.models.placeholder import CODE
from pulumi_revcent_portal.models.wording import nearest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["preview_email"]

SAMPLE_CODE: Final = "482913"
_KINDS: Final = {
    "confirmation": "Account confirmation: when a customer registers",
    "password_reset": "Password reset: when a customer asks for a new password",
}
_HANDLEBARS: Final = re.compile(r"\{\{.*?\}\}+", re.DOTALL)
_SCHEME: Final = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_LEFT_OUT: Final = re.compile(
    r"<(script|iframe|object|applet)\b.*?</\1\s*>|</?(script|iframe|frame|object|embed|applet|link|base)\b[^>]*>?",
    re.IGNORECASE | re.DOTALL,
)
"""What mail programs leave out, too. Browsers connect for some of it before they ask whether they may."""
_PICTURES: Final = re.compile(r"<img\b|\burl\(|\bbackground\s*=", re.IGNORECASE)
_FRAME: Final = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="x-dns-prefetch-control" content="off">'
    # A frame may open no window, and so follows no link into one. But browsers connect as soon as one is pressed.
    '<base target="_blank"><style>a,area,form *{pointer-events:none!important}</style>'
)
_PLAIN: Final = "<style>body{margin:16px;font:15px/1.5 Arial,sans-serif}</style>"
"""What HTML without a body of its own looks like in a mail client, about."""
_FOOTER: Final = (
    "<style>html{scrollbar-width:thin}"
    "body{margin:14px 18px;font:14px/1.5 system-ui,sans-serif;color:#333;overflow-wrap:break-word}</style>"
)
_SCROLLING: Final = {
    "phone": "<style>html{scrollbar-width:none}</style>",  # as on a phone, where it takes no width
    "desktop": "<style>html{scrollbar-width:thin}</style>",
}


class Only(StrEnum):
    """One of the two emails."""

    CONFIRMATION = "confirmation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - an email, not a password


def preview_email(
    brand: Annotated[str, typer.Argument(metavar="BRAND", help="The key of the brand.")],
    file: FileOption = DEFAULT,
    output: Annotated[Path, typer.Option(metavar="PAGE", help="Where to write the page.")] = Path("preview.html"),
    only: Annotated[Only | None, typer.Option(help="Show only this email.", show_default="both")] = None,
    code: Annotated[str, typer.Option(help="What stands for {{email_code}}.")] = SAMPLE_CODE,
) -> None:
    """Write a page that shows a brand's emails and footer as customers get to see them.

    It needs no stack and no network: a reference without a value stands for itself.

    Exit code 0: the page was written, 1: something is wrong with the brand, 2: there is no such brand, or the page
    could not be written.
    """
    seen = look(file, environment=os.environ)
    if brand not in seen.brands:
        raise tell(seen.problems) if not seen.brands else refuse(_no_such_brand(brand, seen))
    own = seen.problems_of(brand)
    _count(len(seen.problems) - len(own))
    found = seen.brands[brand]
    if own or found is None:
        raise tell(own)
    try:
        output.write_text(_page(seen, found, [only] if only else list(Only), code), encoding="utf-8")
    except OSError as error:
        raise refuse(f"{output} cannot be written: {error.strerror or type(error).__name__}.") from None
    typer.echo(output)


def _no_such_brand(key: str, seen: Overview) -> str:
    near = nearest_of(key, seen.brands)
    cure = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"There are: {', '.join(seen.brands)}."
    return f"There is no brand {key!r} in {seen.document.file}. {cure}"


def _count(others: int) -> None:
    if others:
        what = "1 problem" if others == 1 else f"{others} problems"
        typer.secho(
            f"{what} in other parts of the file: 'revcent-portal brands' tells.", err=True, fg=typer.colors.YELLOW
        )


# --- the page ------------------------------------------------------------------------------------------------


def _page(seen: Overview, brand: Seen, chosen: Iterable[str], code: str) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - the other commands do without

    environment = Environment(
        loader=PackageLoader("pulumi_revcent_portal.cli"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    portal = brand.whole.portal
    facts = [(term, seen.shown(value)) for term, value in _facts(brand)]
    emails = {kind: _given_back(seen, portal["customer_emails"][kind]) for kind in chosen}
    footer = seen.shown(portal.get("footer_html", ""))
    look_of_emails = brand.whole.brand.get("customer_emails", {})
    return environment.get_template("preview_email.html").render(
        name=seen.shown(brand.whole.name),
        key=brand.key,
        file=seen.document.file,
        accent=look_of_emails.get("accent") or DEFAULT_ACCENT,
        facts=facts,
        footer=_framed(_FOOTER, footer) if footer.strip() else "",
        notes=list(_notes(seen, emails, footer, facts, code)),
        scrolling=_SCROLLING,
        mails=[_mail(kind, email, brand.profile, code) for kind, email in emails.items()],
    )


def _given_back(seen: Overview, email: Mapping[str, Any]) -> dict[str, Any]:
    """An email with the texts of its references."""

    def shown(value: Any) -> Any:
        if isinstance(value, list):
            return [shown(item) for item in value]
        return seen.shown(value) if isinstance(value, str) else value

    return {name: shown(value) for name, value in email.items()}


def _facts(brand: Seen) -> Iterator[tuple[str, str]]:
    whole = brand.whole
    yield "Customers see", whole.portal["display_name"]
    if whole.domain is not None:
        yield "On the domain", whole.domain
    else:
        yield "On the tracking domain", whole.brand["tracking_domain"]
    yield "RevCent calls it", whole.portal["name"]
    if brand.profile:
        yield "Mail profile", brand.profile
    if brand.account:
        yield "Account", brand.account
    if brand.group:
        yield "Group", brand.group


def _notes(
    seen: Overview,
    emails: Mapping[str, Mapping[str, Any]],
    footer: str,
    facts: Iterable[tuple[str, str]],
    code: str,
) -> Iterator[tuple[str, list[str]]]:
    """Sentences about what stands in the page otherwise than in a customer's mail, and what they are about."""
    yield f"{code} stands for the code that RevCent puts in the place of", ["{{email_code}}"]
    texts = [footer, *(email[name] for email in emails.values() for name in ("from_name", "subject", "html"))]
    others = [found for text in texts for found in _HANDLEBARS.findall(text) if not CODE.fullmatch(found)]
    if others:
        yield "Shown as written, because RevCent alone knows what comes in its place:", list(dict.fromkeys(others))
    addresses = (str(email[name]) for email in emails.values() for name in ("from_address", "cc", "bcc"))
    shown = "\n".join([*texts, *addresses, *(value for _, value in facts)])
    without_value = [text for text in dict.fromkeys(seen.references.values()) if text in shown]
    if without_value:
        yield "Without a value here, and so shown as it stands in the file:", without_value
    left_out = [(found[1] or found[2]).lower() for text in texts for found in _LEFT_OUT.finditer(text)]
    if left_out:
        yield "Left out, because this page runs and loads nothing:", [f"<{name}>" for name in dict.fromkeys(left_out)]
    if any(_PICTURES.search(text) for text in texts):
        yield "Pictures are not loaded, as in many mail programs until the reader asks for them.", []


def _mail(kind: str, email: Mapping[str, Any], profile: str, code: str) -> dict[str, Any]:
    html = CODE.sub(lambda _: escape(code), email["html"])
    body = _framed("" if re.search(r"<body\b", html, re.IGNORECASE) else _PLAIN, html)
    copies = [(name, ", ".join(email[field])) for name, field in (("Cc", "cc"), ("Bcc", "bcc")) if email[field]]
    return {
        "kind": _KINDS[kind],
        "subject": CODE.sub(lambda _: code, email["subject"]),
        "facts": [("From", _sender(email, profile)), ("To", "the customer"), *copies],
        "light": _in_scheme(body, "light"),
        "dark": _in_scheme(body, "dark"),
    }


def _framed(style: str, html: str) -> str:
    return _FRAME + style + _LEFT_OUT.sub(" ", html)


def _sender(email: Mapping[str, Any], profile: str) -> str:
    name, address = email["from_name"], email["from_address"]
    if is_plain(address):
        return f"{name} <{address}>" if name else str(address)
    named = " ".join(filter(None, ("the mail profile", profile)))
    return f"{name or 'no name'}, at the address of {named}, which is not known here"


def _in_scheme(html: str, scheme: str) -> str:
    """HTML that takes a scheme for the preferred one, whatever the browser that shows it prefers."""
    return _SCHEME.sub(lambda found: "(min-width:0)" if found[1].lower() == scheme else "(max-width:0)", html)
