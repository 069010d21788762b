"""RevCent's API on the wire: turns HTTP into requests for the gateway, and spoils answers where a fault says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from pulumi_revcent_portal.sandbox.gateway import Answer, Request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from pulumi_revcent_portal.sandbox.controls import Controls
    from pulumi_revcent_portal.sandbox.faults import Fault
    from pulumi_revcent_portal.sandbox.server import Connections

BASE: Final = "/v2"
_MAINTENANCE: Final = b"<html><body>We will be back soon.</body></html>"


class Api:
    """The ASGI application below /v2.

    Starlette's router has no part in it: RevCent's paths are data, and faults need the bare connection.
    """

    def __init__(self, controls: Controls, connections: Connections) -> None:
        self._controls = controls
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a delayed one is carried out at once, and its answer comes late."""
        request = _request(scope, await read_body(receive))
        gateway = self._controls.gateway
        await gateway.revcent.lookups.refreshed(gateway.questions(request))
        with self._controls.gateway.lock:
            delay, fault = self._controls.faults.take(request.method, request.path)
            answer = self._answer(request, fault)
            answer.entry["fault"] = fault.kind if fault else "delay" if delay else None
        if delay:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_gone(receive), delay)
        body = json.dumps(answer.payload).encode()
        if fault is None:
            await _send(send, answer.status, body)
        elif fault.kind in ("drop_before", "drop_after"):
            self._connections.cut(scope["client"])
            await _gone(receive)
        elif fault.kind == "truncated":
            await send(_start(answer.status, len(body)))
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            self._connections.close(scope["client"])
            await _gone(receive)
        else:
            body = {"not_json": _MAINTENANCE, "empty": b""}.get(fault.kind, body)
            await _send(send, answer.status, body, retry_after=fault.parameters.get("retry_after"))

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        gateway = self._controls.gateway
        if fault is None:
            return gateway.answer(request)
        if fault.kind == "rate_limit":
            return gateway.fail(request, HTTPStatus.TOO_MANY_REQUESTS)
        answer = gateway.answer(request) if fault.works else gateway.fail(request, HTTPStatus.INTERNAL_SERVER_ERROR)
        status = fault.parameters.get("status") or answer.status
        # The log tells what the client saw, and nothing is what it sees of an answer that never comes.
        answer.entry["status"] = None if fault.kind.startswith("drop") else status
        if fault.kind == "status":
            return Answer(status, gateway.failure(status), answer.entry)
        return Answer(status, answer.payload, answer.entry)


def _request(scope: Scope, body: bytes) -> Request:
    key = dict(scope["headers"]).get(b"x-api-key")
    return Request(
        scope["method"],
        scope["path"].removeprefix(BASE),
        dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        None if key is None else key.decode("latin-1"),
        body,
    )


async def read_body(receive: Receive) -> bytes:
    """Return the whole body of a request."""
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _gone(receive: Receive) -> None:
    # After the whole body, the end of the connection is all that is left to receive.
    await receive()


def _start(status: int, length: int, *, retry_after: Any = None) -> dict[str, Any]:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"GET, POST"))
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _send(send: Send, status: int, body: bytes, *, retry_after: Any = None) -> None:
    await send(_start(status, len(body), retry_after=retry_after))
    await send({"type": "http.response.body", "body": body})
