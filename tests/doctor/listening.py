"""Servers of asyncio on a free port of loopback, in a thread, for as long as a test needs them. Not a test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

Protocol = Callable[[], asyncio.Protocol]


@contextlib.contextmanager
def listening(factory: Protocol, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[int]:
    """Serve a protocol and give its port."""
    ready: list[int] = []
    started, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def talk(client: socket.socket) -> None:
        transport, _protocol = await loop.connect_accepted_socket(factory, client, ssl=tls)
        try:
            await asyncio.Event().wait()
        finally:
            transport.abort()

    async def serve() -> None:
        loop.set_exception_handler(lambda _loop, _context: None)  # clients hang up in every way here
        with contextlib.ExitStack() as sockets:
            listener = sockets.enter_context(socket.create_server((address, 0)))
            listener.setblocking(False)
            ready.append(listener.getsockname()[1])
            tasks: list[asyncio.Task[None]] = []

            def accept() -> None:
                client = sockets.enter_context(listener.accept()[0])
                client.setblocking(False)
                tasks.append(loop.create_task(talk(client)))

            loop.add_reader(listener, accept)
            started.set()
            await ended.wait()
            loop.remove_reader(listener)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(0.01)  # what was aborted closes in the next rounds of the loop

    def run() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)


class _Silent(asyncio.Protocol):
    """Accepts a connection and never says a word."""


class _Rude(asyncio.Protocol):
    """Hangs up at once."""

    def connection_made(self, transport: Any) -> None:
        transport.abort()


class _Line(asyncio.Protocol):
    """Greets with a text and answers every line with another."""

    def __init__(self, greeting: str, answers: Callable[[str], str]) -> None:
        self._greeting = greeting
        self._answers = answers

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(self._greeting.encode())

    def data_received(self, data: bytes) -> None:
        self._transport.write(self._answers(data.decode()).encode())


def tls_server(tls: ssl.SSLContext, address: str = "127.0.0.1") -> contextlib.AbstractContextManager[int]:
    return listening(_Silent, tls, address)


def silent() -> contextlib.AbstractContextManager[int]:
    return listening(_Silent)


def rude() -> contextlib.AbstractContextManager[int]:
    return listening(_Rude)


def saying(greeting: str, answers: Callable[[str], str]) -> contextlib.AbstractContextManager[int]:
    return listening(lambda: _Line(greeting, answers))


class _Handler:
    """Would take mails; the doctor sends none, which `mails` shows."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        del server, session
        self.mails.append(envelope)
        return "250 taken"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - see above
        del server, session, envelope, options
        self.mails.append(address)
        return "250 taken"


class MailServer:
    """A mail server that lets one user in, and keeps what it was sent."""

    def __init__(self, user: str, password: str) -> None:
        self.handler = _Handler()
        self.logins: list[str] = []
        self._user, self._password = user.encode(), password.encode()

    def _decide(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        del server, session, envelope
        assert isinstance(data, LoginPassword)
        self.logins.append(mechanism)
        return AuthResult(success=(data.login, data.password) == (self._user, self._password), handled=False)

    def running(
        self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, **options: Any
    ) -> contextlib.AbstractContextManager[int]:
        """Run it: encrypted from the first byte, or with STARTTLS, or in the clear."""
        settings: dict[str, Any] = {"authenticator": self._decide, "auth_require_tls": starttls is not None} | options
        if starttls is not None:
            settings["tls_context"] = starttls
        return listening(lambda: SMTP(self.handler, hostname="mail.test", ident="test", **settings), tls)


def run(work: Awaitable[Any]) -> Any:
    async def whole() -> Any:
        return await work

    return asyncio.run(whole())
