"""The command `revcent-portal schema`: prints the JSON Schema of a fleet file; what is in it is decided in `fleet`."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated

import typer

from pulumi_revcent_portal.cli.fleet_file import refuse
from pulumi_revcent_portal.fleet.schema import COMMENT, fleet_schema

__all__ = ["HELP", "schema"]

HELP = f"""Print the JSON Schema of a fleet file, by which editors complete and check it.

Write it beside the file, and begin the file with the line

{COMMENT}

Exit code 0: printed or written, 2: the file could not be written."""


def schema(
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")] = None,
) -> None:
    """Print the JSON Schema of a fleet file; the help text is `HELP`, because it names the comment for editors."""
    text = json.dumps(fleet_schema(), indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise refuse(f"{output} cannot be written: {error.strerror or type(error).__name__}.") from None
    typer.echo(
        f"Wrote {output}. Begin the fleet file with: {COMMENT.replace('brands.schema.json', output.name)}", err=True
    )
