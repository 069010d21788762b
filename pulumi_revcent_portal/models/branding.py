"""The two ready-made emails in the look of a brand: how they are laid out, coloured and escaped.

The layout is what mail clients agree on: tables, inline styles, nothing loaded from elsewhere but a logo. The text on
the brand's colour is black or white, whichever has the higher contrast; one of them always has at least 4.58:1, more
than the 4.5:1 that WCAG 2.2 asks for. No other text stands in that colour or on it.
"""

import re
from dataclasses import dataclass
from string import Template
from typing import Annotated, Any

from pulumi import Output
from pulumi.output import Unknown
from pydantic import AfterValidator, Field

from pulumi_revcent_portal.models.base import UNKNOWN, In, ListOf, Model, is_plain
from pulumi_revcent_portal.models.markup import escaped, percent_encoded
from pulumi_revcent_portal.models.text import EmailAddress, HttpsUrl, Line, Name, Text
from pulumi_revcent_portal.models.wording import shown

DEFAULT_ACCENT = "#1f4e8c"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _colour(value: str) -> str:
    if re.fullmatch(r"#[0-9a-fA-F]{3}", value):
        raise ValueError(f"{value!r} is a colour in short. Write '#{''.join(2 * digit for digit in value[1:])}'.")
    if not _COLOUR.fullmatch(value):
        raise ValueError(f"{shown(value)} is not a colour. Write it like {DEFAULT_ACCENT!r}.")
    return value


def _no_placeholder(value: str) -> str:
    if "{{" in value:
        raise ValueError(f"{shown(value)} holds '{{{{', which RevCent would read as a placeholder. Write it without.")
    return value


Colour = Annotated[Text, AfterValidator(_colour)]
BrandName = Annotated[Name, AfterValidator(_no_placeholder)]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.

    Args:
        one: A colour, `#rrggbb`.
        other: Another.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # sRGB's curve
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return max(("#ffffff", "#000000"), key=lambda text: contrast(colour, text))


@dataclass(frozen=True)
class _Wording:
    subject: str
    preview: str
    request: str
    ignore: str


_CONFIRMATION = _Wording(
    subject="Confirm your {brand} account",
    preview="Your code to confirm your account",
    request="Enter this code to confirm your account:",
    ignore="You did not register? Then you need not do anything: without the code nothing happens.",
)
_PASSWORD_RESET = _Wording(
    subject="Reset your {brand} password",
    preview="Your code to choose a new password",
    request="Enter this code to choose a new password:",
    ignore="You did not ask for a new password? Then keep your old one: without the code nothing changes.",
)


class BrandedEmails(Model):
    """What the ready-made emails are made from; `CustomerEmails.branded()` documents it."""

    brand: In[BrandName]
    """The brand's name as customers know it, one line."""

    from_address: In[EmailAddress]
    """The address of the SMTP profile's sender."""

    from_name: In[Line | None] = None
    """The sender's name, one line; the brand by default."""

    accent: Colour = DEFAULT_ACCENT
    """The brand's colour, `#rrggbb`."""

    support_email: In[EmailAddress | None] = None
    """An address that customers may ask for help."""

    logo_url: In[HttpsUrl | None] = None
    """An https URL of the brand's logo."""

    cc: In[ListOf[EmailAddress]] = Field(default_factory=list)
    """Addresses that get a copy of both."""

    bcc: In[ListOf[EmailAddress]] = Field(default_factory=list)
    """Addresses that get a copy of both without being named."""

    def emails(self) -> dict[str, Any]:
        """Both emails, as `CustomerEmails` takes them."""
        return {"confirmation": self._email(_CONFIRMATION), "password_reset": self._email(_PASSWORD_RESET)}

    def _email(self, wording: _Wording) -> dict[str, Any]:
        return {
            "from_address": self.from_address,
            "from_name": self.brand if self.from_name is None else self.from_name,
            "subject": _made_of(lambda brand: wording.subject.format(brand=brand), brand=self.brand),
            "cc": self.cc,
            "bcc": self.bcc,
            "html": _made_of(
                lambda **known: _html(wording, accent=self.accent, **known),
                brand=self.brand,
                support_email=self.support_email,
                logo_url=self.logo_url,
            ),
        }


def _made_of(make: Any, **values: Any) -> Any:
    """Call with plain values at once, with Outputs as soon as they are known, and not at all with an unknown."""
    if all(is_plain(value) for value in values.values()):
        return make(**values)
    if any(isinstance(value, Unknown) for value in values.values()):
        return UNKNOWN
    return Output.all(**values).apply(lambda known: make(**known))


def _html(wording: _Wording, *, accent: str, brand: str, support_email: str | None, logo_url: str | None) -> str:
    name = escaped(brand)
    return _LAYOUT.substitute(
        title=escaped(wording.subject.format(brand=brand)),
        preview=wording.preview,
        request=wording.request,
        ignore=wording.ignore,
        accent=accent,
        on_accent=readable_on(accent),
        head=_LOGO.substitute(url=escaped(logo_url), name=name) if logo_url else name,
        help=_HELP.substitute(link=percent_encoded(support_email), address=escaped(support_email))
        if support_email
        else "",
        name=name,
    )


# Many mail clients load no images until asked: two lines of the name fit into the logo's place.
_LOGO = Template(
    '<img src="$url" alt="$name" height="40" '
    'style="display:block;height:40px;max-width:100%;border:0;font-size:16px;line-height:20px;">'
)

_HELP = Template(
    '\n<p class="quiet" style="margin:16px 0 0;font-size:14px;line-height:21px;color:#4a5261;">Questions? Write to '
    '<a class="quiet" href="mailto:$link" style="color:#4a5261;text-decoration:underline;">$address</a>.</p>'
)

_LAYOUT = Template("""\
<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$title</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #14171c !important; }
  .card { background-color: #1f242c !important; }
  .code { background-color: #2b323d !important; color: #ffffff !important; }
  .text { color: #f1f3f6 !important; }
  .quiet { color: #b9c0cc !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f2f4f7;">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">$preview</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="background-color:#f2f4f7;">
<tr>
<td align="center" style="padding:32px 12px;overflow-wrap:anywhere;">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="max-width:520px;background-color:#ffffff;border-radius:8px;\
font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;">
<tr>
<td style="padding:20px 32px;background-color:$accent;color:$on_accent;border-radius:8px 8px 0 0;\
font-size:20px;line-height:28px;font-weight:bold;">$head</td>
</tr>
<tr>
<td style="padding:32px;">
<h1 class="text" style="margin:0 0 16px;font-size:22px;line-height:30px;color:#1b1f27;">$title</h1>
<p class="text" style="margin:0 0 16px;font-size:16px;line-height:24px;color:#1b1f27;">$request</p>
<p class="code" style="margin:0 0 24px;padding:16px;background-color:#eef1f5;color:#1b1f27;border-radius:6px;\
text-align:center;font-family:Consolas,Menlo,'Courier New',monospace;font-size:30px;line-height:38px;\
font-weight:bold;letter-spacing:3px;">{{email_code}}</p>
<p class="quiet" style="margin:0;font-size:14px;line-height:21px;color:#4a5261;">$ignore</p>$help
</td>
</tr>
</table>
<p class="quiet" style="margin:16px 0 0;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
font-size:12px;line-height:18px;color:#4a5261;">$name</p>
</td>
</tr>
</table>
</body>
</html>
""")
