"""The command `revcent-portal`: puts the commands of this folder together; each of them lives in a file of its own."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Final

import typer
from typer.core import TyperGroup

from pulumi_revcent_portal.cli import contract

__all__ = ["main"]


@dataclass(frozen=True)
class _Lazy:
    """A command that is imported when it is used, because what it needs is large or in an extra.

    Attributes:
        module: the module that holds it.
        function: the function, with its options as annotations.
        extra: the extra of this package that brings what the module imports.
    """

    module: str
    function: str
    extra: str


_LAZY: Final = {"sandbox": _Lazy("pulumi_revcent_portal.cli.sandbox", "sandbox", "sandbox")}


class _Commands(TyperGroup):
    """The commands registered on the app, and the lazy ones."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help."""
        return [*super().list_commands(ctx), *_LAZY]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; a lazy one is imported now."""
        lazy = _LAZY.get(cmd_name)
        return _load(cmd_name, lazy) if lazy is not None else super().get_command(ctx, cmd_name)


def _load(name: str, lazy: _Lazy) -> Any:
    app = typer.Typer(add_completion=False)
    try:
        module = importlib.import_module(lazy.module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("pulumi_revcent_portal"):
            raise
        _register_absent(app, name, lazy, error.name or "a package")
    else:
        app.command(name)(getattr(module, lazy.function))
    command = typer.main.get_command(app)
    command.name = name
    return command


def _register_absent(app: typer.Typer, name: str, lazy: _Lazy, missing: str) -> None:
    """Stand in for a command whose extra is not installed: whatever the options, say what to install."""

    @app.command(
        name,
        help=f"Not available: {missing} is not installed.",
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def absent(ctx: typer.Context) -> None:
        typer.echo(
            f"'revcent-portal {ctx.info_name}' needs packages that are not installed ({missing}). Install them with:\n"
            f"    pip install 'pulumi_revcent_portal[{lazy.extra}]'",
            err=True,
        )
        raise typer.Exit(1)


main = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
main.add_typer(contract.app, name="contract")


@main.callback()
def _revcent_portal() -> None:
    """RevCent customer portals as code: the tools beside `pulumi up`."""
