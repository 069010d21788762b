"""The command `revcent-portal sandbox`: runs a sandbox in the foreground until it is told to stop."""

from __future__ import annotations

import signal
import threading
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated, Any

import typer

from pulumi_revcent_portal.sandbox import MissingExtraError, Sandbox, SeedError, StateFileError


class Life(StrEnum):
    """What the life of a tracking domain is driven by."""

    IMMEDIATE = "immediate"
    LOOKUP = "lookup"


def sandbox(  # noqa: PLR0913, PLR0917 - one argument per option
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 8787,
    state: Annotated[
        Path | None,
        typer.Option(help="An SQLite file that keeps objects, keys, zones and time. Without it: memory only."),
    ] = None,
    seed: Annotated[
        Path | None,
        typer.Option(help="A JSON file with keys, objects and zones to begin with.", show_default="built in"),
    ] = None,
    dns_port: Annotated[int, typer.Option(help="The port of the name server, UDP and TCP; 0 takes a free one.")] = 8053,
    life: Annotated[
        Life,
        typer.Option(help="Whether domains are ready at once, or when their records are in the DNS of the sandbox."),
    ] = Life.IMMEDIATE,
) -> None:
    """Run RevCent in a box: a stand-in for RevCent's API with pages to look at, until Ctrl-C."""
    stopped = threading.Event()

    def stop(_number: int, _frame: Any) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _started(port, state, seed, host, dns_port) as running:
            if life is Life.LOOKUP:
                running.switch(transition={"lookup": {}})
            _introduce(running, state)
            _warn_about(host)
            # A wait without an end would not let the signals through everywhere.
            while not stopped.wait(1):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    typer.echo("The sandbox has stopped.")


def _started(port: int, state: Path | None, seed: Path | None, host: str, dns_port: int) -> Sandbox:
    try:
        return Sandbox.start(port, state, seed, host, dns_port)
    except (MissingExtraError, OSError, SeedError, StateFileError) as error:
        typer.secho(str(error), err=True, fg=typer.colors.RED)
        raise typer.Exit(1) from None


def _introduce(running: Sandbox, state: Path | None) -> None:
    typer.echo("RevCent sandbox: a stand-in for RevCent's API.")
    typer.echo(f"  page      {running.url}")
    typer.echo(f"  API       {running.api_url}")
    typer.echo(f"  API key   {running.api_key}")
    typer.echo(f"  state     {state or 'in memory only'}")
    typer.echo(f"  DNS       {running.dns_address}, UDP and TCP: {', '.join(running.dns_zones) or 'no zone yet'}")
    typer.echo(f"  DNS key   {_dns_key(running)}")
    typer.echo("Point a program at it:")
    typer.echo(
        f"  export REVCENT_BASE_URL={running.api_url} REVCENT_API_KEY={running.api_key} "
        f"REVCENT_RESOLVERS={running.dns_address}"
    )
    typer.echo("Stop it with Ctrl-C.")


def _dns_key(running: Sandbox) -> str:
    try:
        return f"{running.dns_key_name} (hmac-sha256), secret {running.dns_key_secret}"
    except ValueError:
        return "none in the seed, so that no zone can be updated"


def _warn_about(host: str) -> None:
    try:
        is_local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        typer.secho(
            f"{host} can be reached from other machines, and whoever reaches it can change everything in this sandbox.",
            err=True,
            fg=typer.colors.YELLOW,
        )
