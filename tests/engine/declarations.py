"""Declarations as data: a program that makes resources of them, and a brand that most tests begin with. Not a test.

A declaration maps Pulumi names to what is declared under them, in the order of the program. Inside of inputs,
"$name" stands for another resource, "$name.attribute" for one of its outputs, and {"$SmtpProfileRef": {...}} for a
reference to a profile of another program.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.engine.programs import SECRET_KEY, SITE_KEY

if TYPE_CHECKING:
    from tests.engine.stack import Stack

PROGRAM = """\
import json
from pathlib import Path

import pulumi
import pulumi_revcent_portal as revcent

made = {}


def value(given):
    if isinstance(given, str) and given.startswith("$"):
        name, _, attribute = given[1:].partition(".")
        return getattr(made[name], attribute) if attribute else made[name]
    if isinstance(given, list):
        return [value(item) for item in given]
    if not isinstance(given, dict):
        return given
    inner = {key: value(item) for key, item in given.items()}
    return revcent.SmtpProfileRef(**inner["$SmtpProfileRef"]) if "$SmtpProfileRef" in inner else inner


for name, (kind, inputs, after) in json.loads(Path("declaration.json").read_text()).items():
    opts = pulumi.ResourceOptions(depends_on=[made[other] for other in after])
    made[name] = getattr(revcent, kind)(name, **value(inputs), opts=opts)
"""


@dataclass(frozen=True)
class Declared:
    """One resource of a declaration.

    Attributes:
        kind: the resource class.
        inputs: its arguments, as JSON values.
        after: the names of the resources that it depends on beside its inputs.
    """

    kind: str
    inputs: dict[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()


Declaration = dict[str, Declared]


def declare(stack: Stack, declaration: Declaration) -> Stack:
    """Make the declaration the stack's program."""
    plain = {name: (each.kind, each.inputs, each.after) for name, each in declaration.items()}
    (stack.directory / "declaration.json").write_text(json.dumps(plain))
    return stack.write(PROGRAM)


def but(declaration: Declaration, changes: dict[tuple[str, str], Any]) -> Declaration:
    """Return the declaration with other inputs, by resource and dotted path; None leaves an input out."""
    changed = dict(declaration)
    for (name, path), value in changes.items():
        inputs = copy.deepcopy(changed[name].inputs)
        put(inputs, path, value)
        changed[name] = replace(changed[name], inputs=inputs)
    return changed


def without(declaration: Declaration, *names: str) -> Declaration:
    """Return the declaration without some of its resources."""
    return {name: each for name, each in declaration.items() if name not in names}


def put(nested: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path, or remove it when it is None."""
    *parents, last = path.split(".")
    for key in parents:
        nested = nested.setdefault(key, {})
    if value is None:
        nested.pop(last, None)
    else:
        nested[last] = value


def flat(nested: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested values by dotted path; lists are leaves."""
    leaves: dict[str, Any] = {}
    for key, value in nested.items():
        leaves |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return leaves


def nested(path: str, value: Any) -> dict[str, Any]:
    """Return a value at a dotted path and nothing beside it."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return dict(value)


def html(word: str) -> str:
    return f"<p>{word}: <b>{{{{email_code}}}}</b></p>"


def portal(name: str, **others: Any) -> Declared:
    """A portal with little more than what RevCent requires, of the domain `ready` and the profile `mail`."""
    inputs: dict[str, Any] = {
        "name": name,
        "tracking_domain": "$ready",
        "smtp_profile": "$mail",
        "recaptcha": {"site_key": SITE_KEY, "secret_key": SECRET_KEY},
        "customer_emails": {
            "confirmation": {"from_address": "portal@acme.com", "html": html("Register")},
            "password_reset": {"from_address": "portal@acme.com", "html": html("Reset")},
        },
        "customer_filters": {"campaign": ["campaignAcmeUS000001"]},
    }
    return Declared("CustomerPortal", inputs | others)


def mail(name: str, **others: Any) -> Declared:
    inputs = {
        "name": name,
        "host": "smtp.acme.com",
        "port": 587,
        "username": "portal@acme.com",
        "password": "first password",
    }
    return Declared("SmtpProfile", inputs | others)


SOURCE = {"url_parameter": "utm_source", "metadata_name": "source"}
CLICK = {"url_parameter": "gclid", "metadata_name": "click"}


def parameters(name: str, **others: Any) -> Declared:
    """A URL parameter set with one parameter."""
    return Declared("UrlParameterSet", {"name": name, "url_parameters": [SOURCE]} | others)


def domain(root: str, prefix: str = "", **others: Any) -> Declaration:
    """A tracking domain and its two steps: `domain`, `ssl` and `ready`, with the prefix in front."""
    first = f"{prefix}domain"
    return {
        first: Declared("TrackingDomain", {"domain": root} | others),
        f"{prefix}ssl": Declared("TrackingDomainSsl", {"tracking_domain": f"${first}"}),
        f"{prefix}ready": Declared("TrackingDomainDns", {"tracking_domain": f"${first}"}, after=(f"{prefix}ssl",)),
    }


BRAND: Declaration = {
    "mail": mail("Acme mail"),
    "captcha": Declared("Recaptcha", {"site_key": SITE_KEY, "secret_key": SECRET_KEY}),
    **domain("acme.com"),
    "portal": portal("Acme customer portal", recaptcha="$captcha", display_name="Acme", footer_html="<p>Acme</p>"),
}
"""One brand: everything a portal needs, and the portal."""
