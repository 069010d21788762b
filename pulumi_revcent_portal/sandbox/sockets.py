"""The ports that a sandbox listens on, and what is said when one cannot be had."""

from __future__ import annotations

import socket
from typing import Final

_ATTEMPTS: Final = 20


class PortInUseError(OSError):
    """The wanted port is taken or not allowed; the text names it and the cure."""


def bound(host: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
    """Return a socket on a port, listening when its kind does.

    Args:
        host: the address to listen on.
        port: the port; 0 lets the system choose one.
        kind: a stream (TCP) or datagrams (UDP).

    Raises:
        PortInUseError: the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    is_stream = kind == socket.SOCK_STREAM
    # Without the protocol's number asyncio leaves Nagle's algorithm on, and every answer takes 40 ms.
    made = socket.socket(family, kind, socket.IPPROTO_TCP if is_stream else socket.IPPROTO_UDP)
    try:
        if is_stream:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        if is_stream:
            made.listen(128)
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or error
        raise PortInUseError(
            f"The sandbox cannot listen on {host} port {port}: {reason}. "
            "Choose another port (0 takes a free one), or stop what uses it."
        ) from error
    return made


def bound_for_dns(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """Return sockets for UDP and TCP on one port; see `bound` for the rest."""
    for _ in range(_ATTEMPTS):
        datagrams = bound(host, port, socket.SOCK_DGRAM)
        try:
            return datagrams, bound(host, datagrams.getsockname()[1])
        except PortInUseError as error:
            datagrams.close()
            if port:
                raise
            last = error  # the system chose for UDP a port that another one has for TCP
    raise last
