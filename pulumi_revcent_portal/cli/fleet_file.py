"""What the commands about a fleet file have in common: the option that names it, and how its problems are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.fleet.places import FileProblem

__all__ = ["DEFAULT", "FileOption", "refuse", "tell"]

DEFAULT: Final = Path("brands.yaml")
_WRONG: Final = 1
_IMPOSSIBLE: Final = 2

FileOption = Annotated[Path, typer.Option("--file", metavar="FILE", help="The fleet file.")]


def tell(problems: Iterable[FileProblem]) -> typer.Exit:
    """Print problems to standard error, one a line, and return how to end."""
    for problem in problems:
        typer.secho(str(problem), err=True, fg=typer.colors.RED)
    return typer.Exit(_WRONG)


def refuse(message: str) -> typer.Exit:
    """Say on standard error why a command cannot be followed, and return how to end."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    return typer.Exit(_IMPOSSIBLE)
