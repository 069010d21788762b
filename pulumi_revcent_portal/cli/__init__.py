"""The command `revcent-portal`: puts the commands of this folder together; each of them lives in a file of its own."""

from __future__ import annotations

import typer

from pulumi_revcent_portal.cli import brands, contract, doctor, preview_email, sandbox, schema

__all__ = ["main"]

main = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
main.add_typer(contract.app, name="contract")
main.command("sandbox")(sandbox.sandbox)
main.command("doctor")(doctor.doctor)
main.command("brands")(brands.brands)
main.command("preview-email")(preview_email.preview_email)
main.command("schema", help=schema.HELP)(schema.schema)


@main.callback()
def _revcent_portal() -> None:
    """RevCent customer portals as code: the tools beside `pulumi up`."""
