"""Stands between a client and a name server, by TCP, and loses what a test says. Not a test."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import dns.message
import dns.opcode

LOST = ("request", "answer", "connection", "garbage", "signature", "other")
"""What can happen to a message: it never arrives; its answer is lost; the connection breaks; something else comes."""


@dataclass
class Between:
    """What happens to the next messages.

    Attributes:
        target: the port of the real server.
        queries: what happens to each query, in order; "" lets it pass, and so does the end of the list.
        updates: the same for updates that write.
        seen: how many updates came by.
    """

    target: int
    port: int = 0
    queries: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    seen: int = 0

    def fate(self, wire: bytes) -> str:
        is_update = (wire[2] >> 3) & 15 == dns.opcode.UPDATE
        self.seen += is_update
        fates = self.updates if is_update else self.queries
        return fates.pop(0) if fates else ""


@contextlib.contextmanager
def between(target: int) -> Iterator[Between]:
    rules = Between(target)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while wire := _receive(self.request):
                fate = rules.fate(wire)
                if fate == "connection":
                    return
                if fate == "request":
                    stopped.wait(30)
                    return
                answer = _ask(rules.target, wire)
                if fate == "answer":
                    stopped.wait(30)
                    return
                if fate == "garbage":
                    answer = b"\x00" * 7
                elif fate == "signature":
                    answer = _unsigned(wire, answer)
                elif fate == "other":
                    answer = bytes([answer[0] ^ 1]) + answer[1:]
                self.request.sendall(struct.pack("!H", len(answer)) + answer)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    stopped = threading.Event()
    with Server(("127.0.0.1", 0), Handler) as server:
        rules.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield rules
        finally:
            stopped.set()
            server.shutdown()
            thread.join()


def _receive(connection: socket.socket) -> bytes:
    with contextlib.suppress(OSError):
        head = connection.recv(2, socket.MSG_WAITALL)
        if len(head) == 2:
            return connection.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
    return b""


def _ask(port: int, wire: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(struct.pack("!H", len(wire)) + wire)
        return _receive(connection)


def _unsigned(wire: bytes, answer: bytes) -> bytes:
    """The answer of somebody who does not have the key: whole, but without a signature."""
    del answer
    request = dns.message.from_wire(wire, keyring=False)
    made = dns.message.make_response(request)
    made.tsig = None
    return made.to_wire()
