"""The sandbox as a program uses it: started in a thread, stopped with its context, with the methods of `Controls`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Self

from pulumi_revcent_portal.sandbox.controls import Controls
from pulumi_revcent_portal.sandbox.remote import RemoteSandbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from pulumi_revcent_portal.sandbox.nameserver import NameServer
    from pulumi_revcent_portal.sandbox.server import Server


class MissingExtraError(ImportError):
    """What the sandbox needs is not installed; the text holds the command that installs it."""


class Sandbox(Controls):
    """RevCent in a box: a stand-in for RevCent's API on a local port.

    Start it with `Sandbox.start()`, as a context manager or with `stop()` at the end.
    """

    _server: Server
    _name_server: NameServer

    @classmethod
    def start(
        cls,
        port: int = 0,
        state: str | Path | None = None,
        seed: Mapping[str, Any] | str | Path | None = None,
        host: str = "127.0.0.1",
        dns_port: int = 0,
    ) -> Self:
        """Start a sandbox.

        Args:
            port: the port to listen on; 0 takes a free one.
            state: an SQLite file in which objects, keys, zones and time survive; None keeps them in memory.
            seed: a mapping or a JSON file with keys, objects and zones to begin with; None takes the default seed.
            host: the address to listen on.
            dns_port: the port of the name server, UDP and TCP; 0 takes a free one.

        Raises:
            MissingExtraError: the extra `[sandbox]` is not installed.
            PortInUseError: a port cannot be had.
            StateFileError: the state file cannot be used.
            SeedError: the seed cannot be used.
        """
        try:
            # The extra is needed from here on only: the package and the client of a remote sandbox do without it.
            from pulumi_revcent_portal.sandbox.app import make_app  # noqa: PLC0415
            from pulumi_revcent_portal.sandbox.nameserver import NameServer  # noqa: PLC0415
            from pulumi_revcent_portal.sandbox.server import Server  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"The sandbox needs {error.name}, which is not installed. "
                'Install it with: pip install "pulumi_revcent_portal[sandbox]"'
            ) from error
        sandbox = cls(state, seed)
        with contextlib.ExitStack() as undone:
            undone.callback(sandbox.close)
            sandbox._server = Server(lambda connections: make_app(sandbox, connections), host, port)
            undone.callback(sandbox._server.stop)
            sandbox._name_server = NameServer(sandbox.dns.answer, host, dns_port)
            undone.callback(sandbox._name_server.stop)
            sandbox._serve_zones_at(sandbox._name_server)
            sandbox._name_server.start()
            sandbox._server.start()
            undone.pop_all()
        return sandbox

    def _serve_zones_at(self, server: NameServer) -> None:
        with self.gateway.lock:
            self._dns_address = self.revcent.lookups.own_server = server.address
            self.zones.serve_at(server.host)

    @staticmethod
    def connect(url: str) -> RemoteSandbox:
        """Return the means to drive a sandbox that runs elsewhere.

        Args:
            url: where its pages are, such as "http://127.0.0.1:8787".

        Raises:
            SandboxUnreachableError: no sandbox answers there.
        """
        return RemoteSandbox(url)

    @property
    def url(self) -> str:
        """Where the pages are, and everything else below it."""
        host = f"[{self._server.host}]" if ":" in self._server.host else self._server.host
        return f"http://{host}:{self._server.port}"

    @property
    def api_url(self) -> str:
        """The base URL for RevCent's API."""
        return self.url + "/v2"

    @property
    def siteverify_url(self) -> str:
        """The stand-in for Google's reCAPTCHA check."""
        return self.url + "/recaptcha/api/siteverify"

    def stop(self) -> None:
        """Stop serving, let go of ports and state file."""
        self.revcent.lookups.close()
        self._server.stop()
        self._name_server.stop()
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
