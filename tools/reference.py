"""Writes the tables of inputs, outputs and options into the pages of `docs/`, so that they cannot differ from the code.

`make reference` runs it. A page asks for a table with a pair of comments, and the table stands between:

    <!-- generated: inputs TrackingDomain -->
    <!-- end -->

What each input means is taken from the models, how it may be passed from the resource classes, the options from
`api.settings`. Everything else in the pages is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

from pulumi import Output

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal import models
from pulumi_revcent_portal.api.settings import Settings, environment_name, option_name
from pulumi_revcent_portal.models.base import Model
from pulumi_revcent_portal.models.branding import BrandedEmails
from pulumi_revcent_portal.models.dns import DnsRecordsInputs
from pulumi_revcent_portal.rules import FLEET_RULES, PORTAL_RULES, SMTP_RULES, URL_PARAMETER_RULES, Rule

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

CHECKOUT: Final = Path(__file__).resolve().parents[1]
INPUTS: Final[Mapping[str, type[Model]]] = {
    "TrackingDomain": models.TrackingDomainInputs,
    "TrackingDomainSsl": models.TrackingDomainStepInputs,
    "TrackingDomainDns": models.TrackingDomainStepInputs,
    "DnsRecords": DnsRecordsInputs,
    "SmtpProfile": models.SmtpProfileInputs,
    "Recaptcha": models.RecaptchaInputs,
    "CustomerPortal": models.CustomerPortalInputs,
    "UrlParameterSet": models.UrlParameterSetInputs,
}
"""The model behind each resource."""
_BLOCK: Final = re.compile(
    r"(?P<begin><!-- generated: (?P<kind>\w+)(?: (?P<of>\w+))? -->\n).*?(?P<end><!-- end -->)", re.DOTALL
)
Row = Sequence[str]


def pages(checkout: Path = CHECKOUT) -> list[Path]:
    """The pages that may ask for tables."""
    return [checkout / "README.md", *sorted((checkout / "docs").glob("*.md"))]


def filled(text: str) -> str:
    """A page with every table that it asks for as the code has it now.

    Raises:
        KeyError: The page asks for a table that there is not.
    """

    def block(match: re.Match[str]) -> str:
        table = "\n".join(_TABLES[match["kind"]](match["of"]))
        return f"{match['begin']}{table}\n{match['end']}"

    return _BLOCK.sub(block, text)


def inputs(resource: str) -> Iterator[str]:
    """The table of a resource's inputs."""
    fields = INPUTS[resource].model_fields
    classes = _accepted_resources(resource)
    yield from _table(
        ("input", "type", "default", "meaning"),
        [_field_row(name, fields[name], _with(classes[name], _type_arms(fields[name]))) for name in classes],
    )


def _with(classes: Sequence[str], arms: Sequence[str]) -> Sequence[str]:
    """Resources beside plain values; where a list is taken, they are items of it."""
    item = arms[0].partition("list of ")[2]
    return [f"list of {' or '.join([*classes, item])}"] if classes and item else [*classes, *arms]


def parameters(resource: str) -> list[inspect.Parameter]:
    """What the class of a resource takes beside its name and Pulumi's options."""
    taken = inspect.signature(getattr(revcent, resource).__init__).parameters.values()
    return [each for each in taken if each.kind is each.KEYWORD_ONLY and each.name != "opts"]


def outputs(resource: str) -> Iterator[str]:
    """The table of a resource's outputs."""
    declared = _declared_outputs(getattr(revcent, resource))
    rows = [(f"`{name}`", f"`{kind}`", _sentence(meaning)) for name, kind, meaning in declared]
    own_id = [("`id`", "`str`", _ID[resource])] if resource in _ID else []  # a component has none
    yield from _table(("output", "type", "meaning"), [*own_id, *rows])


_ID: Final = {
    "TrackingDomain": "The domain's ID in RevCent, 20 characters.",
    "TrackingDomainSsl": "The domain's ID in RevCent.",
    "TrackingDomainDns": "The domain's ID in RevCent.",
    "DnsRecords": "A word of its own; no DNS host knows it.",
    "SmtpProfile": "The profile's ID in RevCent, 20 characters.",
    "Recaptcha": "The site key; RevCent has no such object.",
    "CustomerPortal": "The portal's ID in RevCent, 20 characters.",
    "UrlParameterSet": "The set's ID in RevCent, 20 characters.",
}


def fields_of(model: str) -> Iterator[str]:
    """The table of a nested value's fields."""
    chosen = getattr(revcent, model).model_fields
    yield from _table(
        ("field", "type", "default", "meaning"),
        [_field_row(name, field, _type_arms(field)) for name, field in chosen.items()],
    )


def branded(_: str) -> Iterator[str]:
    """The table of the arguments of `CustomerEmails.branded()`."""
    chosen = BrandedEmails.model_fields
    yield from _table(
        ("argument", "type", "default", "meaning"),
        [_field_row(name, field, _type_arms(field)) for name, field in chosen.items()],
    )


def use_cases(_: str) -> Iterator[str]:
    """The table of what `CustomerPermissions.for_use_cases()` knows."""
    yield from _table(
        ("use case", "permissions"),
        [
            (f"`{case}`", ", ".join(f"`{permission}`" for permission in granted))
            for case, granted in models.USE_CASES.items()
        ],
    )


def options(_: str) -> Iterator[str]:
    """The table of the provider's options."""
    rows = []
    for name, meaning in _documented_attributes(Settings):
        if name in _FOUND_OUT:
            continue
        option, value = option_name(name), _default_setting(name)
        shown = "-" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"
        rows.append((f"`{option}`", f"`{environment_name(option)}`", shown, _sentence(meaning.partition(";")[0])))
    rows.append(("`revcent:rules`", "`REVCENT_RULES`", "-", "What becomes of what rules find: off, warning or error."))
    yield from _table(("option", "environment", "default", "meaning"), rows)


_FOUND_OUT: Final = {"key_source", "account"}
"""What settings say of themselves, and nobody sets."""


def _default_setting(name: str) -> Any:
    """The default of an option, None where it has none."""
    value = getattr(Settings(), name)
    whole = isinstance(value, float) and value.is_integer()
    return None if value in ("", ()) else int(value) if whole else value


def rules(subject: str) -> Iterator[str]:
    """The table of the rules about something: portal, smtp, url_parameters or fleet."""
    chosen: Sequence[Rule[Any, Any]] = _RULES[subject]
    yield from _table(
        ("rule", "severity", "why", "what to do"),
        [(f"`{rule.id}`", rule.severity, rule.reason, rule.cure) for rule in chosen],
    )


_RULES: Final[Mapping[str, Sequence[Rule[Any, Any]]]] = {
    "portal": PORTAL_RULES,
    "smtp": SMTP_RULES,
    "url_parameters": URL_PARAMETER_RULES,
    "fleet": FLEET_RULES,
}


def account(_: str) -> Iterator[str]:
    """The table of what an `Account` takes, in the words of its docstring, with the defaults of the options."""
    meanings = dict(_listed(inspect.getdoc(revcent.Account) or "", "Args"))
    rows = []
    for each in parameters("Account"):
        default = _default_setting(each.name)
        shown = "**required**" if each.default is each.empty else "-" if default is None else _literal(default)
        rows.append((f"`{each.name}`", shown, _sentence(meanings[each.name])))
    yield from _table(("input", "default", "meaning"), rows)


def _documented_attributes(cls: type) -> list[tuple[str, str]]:
    """What a docstring says under "Attributes:"."""
    _, _, listed = dedent(f"    {cls.__doc__}").partition("Attributes:\n")
    return re.findall(r"^\s+(\w+): (.*(?:\n\s{8,}.*)*)", listed, re.MULTILINE)


def arguments(component: str) -> Iterator[str]:
    """The table of what a component takes, in the words of its docstring."""
    cls = getattr(revcent, component)
    meanings = dict(_listed(inspect.getdoc(cls) or "", "Args"))
    taken = inspect.signature(cls.__init__).parameters.values()
    rows = [
        (f"`{each.name}`", "**required**" if each.default is each.empty else "-", _sentence(meanings[each.name]))
        for each in taken
        if each.kind is each.KEYWORD_ONLY and each.name != "opts"
    ]
    yield from _table(("input", "default", "meaning"), rows)


def _listed(text: str, heading: str) -> list[tuple[str, str]]:
    """What a docstring lists under a heading."""
    _, _, listed = text.partition(f"{heading}:\n")
    section = re.split(r"\n\n", listed, maxsplit=1)[0]
    return re.findall(r"^ {4}(\w+): (.*(?:\n {8,}.*)*)", section, re.MULTILINE)


_TABLES: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "inputs": inputs,
    "outputs": outputs,
    "arguments": arguments,
    "account": account,
    "rules": rules,
    "fields": fields_of,
    "branded": branded,
    "use_cases": use_cases,
    "options": options,
}


def _table(head: Row, rows: Sequence[Row]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _field_row(name: str, field: FieldInfo, arms: Sequence[str]) -> Row:
    *first, last = dict.fromkeys(arms)
    kind = f"{', '.join(first)} or {last}" if first else last
    if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("secret"):
        kind += ", secret"
    return f"`{name}`", kind, _default(field), _sentence(field.description or "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Model):
        return f"`{type(value).__name__}()`"
    return "-" if value is None else _literal(value)


def _literal(value: Any) -> str:
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _type_arms(field: FieldInfo) -> list[str]:
    """How a plain value of a field may be passed."""
    return list(_arms(field.annotation))


def _arms(kind: Any) -> Iterator[str]:
    """The words for a type, without the Outputs that every field takes and without None."""
    origin = get_origin(kind)
    if kind is type(None) or kind is Output or origin is Output:
        return
    if isinstance(kind, type) and issubclass(kind, Model):
        yield f"`{kind.__name__}`"
        yield "`dict`"
    elif origin is Literal:
        yield ", ".join(f'`"{word}"`' for word in get_args(kind))
    elif origin is Sequence:
        yield f"list of {' or '.join(_arms(get_args(kind)[0]))}"
    elif origin in (dict, Mapping):
        yield "`dict`"
    elif origin is None:
        yield f"`{kind.__name__}`"
    elif hasattr(kind, "__metadata__"):
        yield from _arms(kind.__origin__)
    else:
        for arm in get_args(kind):
            yield from _arms(arm)


def _accepted_resources(resource: str) -> dict[str, list[str]]:
    """By parameter, the resources and references of this package that may be passed instead of a plain value."""
    found = {}
    for parameter in parameters(resource):
        names = [node.id for node in ast.walk(ast.parse(str(parameter.annotation))) if isinstance(node, ast.Name)]
        found[parameter.name] = [f"`{name}`" for name in sorted(names) if _is_accepted(name)]
    return found


def _is_accepted(name: str) -> bool:
    """Whether a parameter takes a thing of this name; the models of nested values are named by the field's own type."""
    accepted = getattr(revcent, name, None) if name in revcent.__all__ else None
    return accepted is revcent.SmtpProfileRef or (isinstance(accepted, type) and not issubclass(accepted, Model))


def _declared_outputs(cls: type) -> Iterator[tuple[str, str, str]]:
    """The names, types and documentation of the attributes that a class declares."""
    body = next(node.body for node in ast.walk(ast.parse(inspect.getsource(cls))) if isinstance(node, ast.ClassDef))
    guarded = [statement.body for statement in body if isinstance(statement, ast.If)]  # `if TYPE_CHECKING:`
    for statement, following in pairwise(chain(body, *guarded)):
        if isinstance(statement, ast.AnnAssign) and isinstance(following, ast.Expr):
            kind = ast.unparse(statement.annotation).removeprefix("pulumi.Output[").removesuffix("]")
            yield ast.unparse(statement.target), kind, ast.literal_eval(following.value)


def _sentence(text: str) -> str:
    """One line, from a capital letter to a full stop."""
    line = " ".join(text.split())
    return f"{line[:1].upper()}{line[1:]}".removesuffix(".") + "."


def main() -> int:
    """Brings the pages up to date and names those that changed."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (now := filled(text)) != text:
            page.write_text(now, encoding="utf-8")
            print(page.relative_to(CHECKOUT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
