"""`revcent-portal contract`: shows the wire contract and holds it against RevCent's own description; it only prints."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pulumi_revcent_portal.api.comparison import Comparison, Finding, compare
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.contract_file import dump_contract
from pulumi_revcent_portal.api.errors import ContractFileError
from pulumi_revcent_portal.api.fields import Entity, Field, Spelling
from pulumi_revcent_portal.api.openapi import OpenApiError, read_specification
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.api.wire import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["app"]

_DEFAULT_BASE: Final = Settings().base_url
_DEFAULT_SPEC: Final = f"{_DEFAULT_BASE}/openapi.json"
_DIFFERS: Final = 1
_UNREADABLE: Final = 2
_PAPER: Final = 200
"""Columns where no terminal says how many there are."""
_MARKS: Final = {"D": "documented by RevCent", "I": "inferred", "?": "unknown"}
_MARK_STYLES: Final = {"D": "green", "I": "yellow", "?": "red"}
_VERDICT_STYLES: Final = {
    "agrees": "green",
    "undescribed": "dim",
    "unused": "dim",
    "offered": "cyan",
    "spelt differently": "yellow",
    "differs": "red",
    "missing": "red",
}

app = typer.Typer(no_args_is_help=True, help="What this package takes RevCent's API to be, and whether that is true.")

_ContractOption = Annotated[
    str, typer.Option("--contract", envvar="REVCENT_CONTRACT", help="A file that 'contract check --write' wrote.")
]
_JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.command()
def show(contract_file: _ContractOption = "", *, as_json: _JsonOption = False) -> None:
    """Print every operation and every key, with how sure each of them is."""
    contract = _load(contract_file)
    if as_json:
        typer.echo(json.dumps(_contract_json(contract), indent=2))
        return
    console = _console()
    marks = ", ".join(f"{mark} {meaning}" for mark, meaning in _MARKS.items())
    console.print(Text(f"Marks: {marks}. Spellings: {contract.source or 'built in'}.\n"))
    console.print(_operations_table(contract))
    for entity in ENTITIES:
        console.print()
        console.print(_fields_table(contract, entity))


@app.command()
def check(
    spec: Annotated[
        str, typer.Option(help="OpenAPI 3.x description of RevCent's API: a file or a URL.")
    ] = _DEFAULT_SPEC,
    write: Annotated[Path | None, typer.Option(help="Store the spellings of the description in this file.")] = None,
    contract_file: _ContractOption = "",
    base_url: Annotated[
        str, typer.Option(envvar="REVCENT_BASE_URL", help="Where requests would be sent.")
    ] = _DEFAULT_BASE,
    *,
    as_json: _JsonOption = False,
) -> None:
    """Compare the contract with RevCent's own description. Exit code 0: agrees, 1: differs, 2: could not be read."""
    contract = _load(contract_file)
    try:
        comparison = compare(contract, read_specification(spec), base_url.rstrip("/"))
    except OpenApiError as error:
        raise _fail(str(error)) from None
    if as_json:
        typer.echo(json.dumps(_comparison_json(comparison), indent=2))
    else:
        _print_comparison(_console(), comparison, written=write is not None)
    if write is not None:
        _write(write, comparison)
    if not comparison.agrees:
        raise typer.Exit(_DIFFERS)


def _load(contract_file: str) -> Contract:
    try:
        return Contract.load(contract_file) if contract_file else Contract.default()
    except ContractFileError as error:
        raise _fail(str(error)) from None


def _write(path: Path, comparison: Comparison) -> None:
    try:
        path.write_text(dump_contract(comparison.resolved), encoding="utf-8")
    except OSError as error:
        raise _fail(f"{path} cannot be written: {error.strerror or type(error).__name__}.") from None
    typer.echo(f"Wrote {path}. Use it with: pulumi config set revcent:contract {path}", err=True)


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(_UNREADABLE)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PAPER)


# --- show ----------------------------------------------------------------------------------------------------


def _mark(mark: str) -> Text:
    return Text(mark, style=_MARK_STYLES[mark])


def _operations_table(contract: Contract) -> Table:
    table = Table(title="Operations", title_justify="left")
    for column in ("type", "action", "RevCent's name", "method and path", "mark", "used"):
        table.add_column(column, overflow="fold")
    for operation in contract.operations.values():
        used = "yes" if operation.offered else "no: not known to exist"
        path = Text(f"{operation.method} {operation.path}")
        table.add_row(operation.entity, operation.action, operation.name, path, _mark(operation.mark), used)
    return table


def _fields_table(contract: Contract, entity: Entity) -> Table:
    table = Table(title=f"Fields: {entity.title} ({entity.name})", title_justify="left")
    for column in ("name", "RevCent's key", "kind", "mark", "create", "edit", "get", "alternatives"):
        table.add_column(column, overflow="fold")
    for path, entry in _walk(entity.fields):
        create = "-" if "create" not in entry.writes else "required" if entry.required else "yes"
        table.add_row(
            path,
            Text(_key(contract, entity, path, entry) + (" (secret)" if entry.secret else "")),
            Text(entry.kind.value),
            _mark(entry.mark),
            create,
            "yes" if "edit" in entry.writes else "-",
            "yes" if entry.reads else "never",
            ", ".join(entry.alternatives),
        )
    return table


def _walk(fields: tuple[Field, ...], prefix: str = "") -> Iterator[tuple[str, Field]]:
    for entry in fields:
        yield f"{prefix}{entry.name}", entry
        if entry.kind.has_fields:
            yield from _walk(entry.fields, f"{prefix}{entry.name}.")


def _key(contract: Contract, entity: Entity, path: str, entry: Field) -> str:
    """Return the keys in use for a field: mostly one, but a file may know several, one per operation."""
    keys = {
        action: contract.spellings.get((entity.name, action), {}).get(path, Spelling(entry.wire)).key
        for action in ("create", "edit", "get")
        if (action in entry.writes or (action == "get" and entry.reads)) and contract.supports(entity.name, action)
    }
    if len(set(keys.values())) <= 1:
        return next(iter(keys.values()), entry.wire)
    return ", ".join(f"{key} ({action})" for action, key in keys.items())


def _contract_json(contract: Contract) -> dict[str, Any]:
    return {
        "source": contract.source,
        "marks": _MARKS,
        "operations": [
            {
                "entity": operation.entity,
                "action": operation.action,
                "name": operation.name,
                "method": operation.method,
                "path": operation.path,
                "mark": operation.mark,
                "offered": operation.offered,
            }
            for operation in contract.operations.values()
        ],
        "fields": [
            {
                "entity": entity.name,
                "name": path,
                "key": _key(contract, entity, path, entry),
                "kind": entry.kind.value,
                "mark": entry.mark,
                "create": "create" in entry.writes,
                "required": entry.required,
                "edit": "edit" in entry.writes,
                "get": entry.reads,
                "secret": entry.secret,
                "alternatives": list(entry.alternatives),
            }
            for entity in ENTITIES
            for path, entry in _walk(entity.fields)
        ],
    }


# --- check ---------------------------------------------------------------------------------------------------


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "source": comparison.resolved.source,
        "agrees": comparison.agrees,
        "findings": [
            {
                "place": finding.place,
                "subject": finding.subject,
                "verdict": finding.verdict,
                "ours": finding.ours,
                "theirs": finding.theirs,
            }
            for finding in comparison.findings
        ],
    }


def _print_comparison(console: Console, comparison: Comparison, *, written: bool) -> None:
    console.print(_summary_table(comparison.findings))
    rest = [finding for finding in comparison.findings if finding.verdict != "agrees"]
    if rest:
        console.print()
        console.print(_findings_table(rest))
    console.print()
    console.print(Text(_conclusion(comparison, written=written)))


def _summary_table(findings: tuple[Finding, ...]) -> Table:
    table = Table(title="What agrees", title_justify="left")
    for column in ("operation", "agrees", "of", "path"):
        table.add_column(column, overflow="fold")
    for place in dict.fromkeys(finding.place for finding in findings):
        own = [finding for finding in findings if finding.place == place]
        agreed = sum(finding.verdict == "agrees" for finding in own)
        path = next((finding.theirs for finding in own if finding.subject in {"path", "base URL"}), "")
        table.add_row(place or "server", str(agreed), str(len(own)), Text(path))
    return table


def _findings_table(findings: list[Finding]) -> Table:
    table = Table(title="What does not", title_justify="left")
    for column in ("operation", "what", "verdict", "here", "RevCent's description"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        verdict = Text(finding.verdict, style=_VERDICT_STYLES[finding.verdict])
        place = finding.place or "server"
        table.add_row(place, Text(finding.subject), verdict, Text(finding.ours), Text(finding.theirs))
    return table


def _conclusion(comparison: Comparison, *, written: bool) -> str:
    counts = Counter(finding.verdict for finding in comparison.findings)
    total = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    source = comparison.resolved.source
    if comparison.agrees:
        return f"The contract agrees with {source}: {total}."
    text = f"The contract differs from {source}: {total}."
    if counts["spelt differently"] + counts["offered"] and not written:
        text += " --write FILE stores RevCent's spellings for revcent:contract."
    return text
