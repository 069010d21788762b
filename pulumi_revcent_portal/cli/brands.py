"""The command `revcent-portal brands`: lists the brands of a fleet file for people and pipelines; it needs no stack."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pulumi_revcent_portal.cli.fleet_file import DEFAULT, FileOption, refuse, tell
from pulumi_revcent_portal.fleet.overview import Overview, Seen, look
from pulumi_revcent_portal.models.wording import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["brands"]

_COLUMNS: Final = ("key", "name", "group", "account", "domain", "portal name")
_PAPER: Final = 100_000
"""Columns in a pipe, where no line is torn."""


class Format(StrEnum):
    """How the brands are printed."""

    TABLE = "table"
    JSON = "json"
    MATRIX = "matrix"


def brands(
    file: FileOption = DEFAULT,
    form: Annotated[
        Format,
        typer.Option("--format", help="A table, JSON, or the matrix of a GitHub Actions workflow: a job per stack."),
    ] = Format.TABLE,
    group: Annotated[str, typer.Option(metavar="GROUP", help="Only the brands of this group.")] = "",
) -> None:
    """List the brands of a fleet file.

    A brand without a group is a group of its own, called by its key.

    Exit code 0: the file is in order, 1: it is not, and what is wrong is told on standard error, 2: there is no such
    group.
    """
    seen = look(file, environment=os.environ)
    if seen.problems:
        raise tell(seen.problems)
    listed = [brand for brand in seen.brands.values() if brand]
    if group:
        groups = list(dict.fromkeys(map(_stack, listed)))
        if group not in groups:
            raise refuse(f"There is no group {group!r} in {seen.document.file}. {suggestion(group, groups)}")
        listed = [brand for brand in listed if _stack(brand) == group]
    if form is Format.TABLE:
        _print_table([_row(seen, brand) for brand in listed])
    elif form is Format.JSON:
        typer.echo(json.dumps({"brands": [_row(seen, brand) for brand in listed]}, indent=2, ensure_ascii=False))
    else:
        typer.echo(json.dumps(_matrix(listed)))


def _row(seen: Overview, brand: Seen) -> dict[str, Any]:
    whole = brand.whole
    row = {
        "key": brand.key,
        "name": whole.name,
        "group": brand.group or None,
        "account": brand.account or None,
        "domain": whole.domain,
        "tracking_domain": whole.brand.get("tracking_domain"),
        "portal_name": whole.portal["name"],
    }
    return {name: seen.shown(value) if isinstance(value, str) else value for name, value in row.items()}


def _print_table(rows: list[Mapping[str, Any]]) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in _COLUMNS:
        table.add_column(column, overflow="fold", no_wrap=not console.is_terminal)
    for row in rows:
        domain = row["domain"] or row["tracking_domain"]
        cells = (row["key"], row["name"], row["group"], row["account"], domain, row["portal_name"])
        table.add_row(*(Text(cell or "-") for cell in cells))
    if console.is_terminal:
        console.print(table)
        return
    console = Console(highlight=False, width=_PAPER)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())


def _matrix(listed: list[Seen]) -> dict[str, Any]:
    stacks: dict[str, list[str]] = {}
    for brand in listed:
        stacks.setdefault(_stack(brand), []).append(brand.key)
    return {"include": [{"stack": stack, "brands": keys} for stack, keys in stacks.items()]}


def _stack(brand: Seen) -> str:
    """The group that a brand is deployed with, as `PortalFleet` takes it: without one it is a group of its own."""
    return brand.group or brand.key
