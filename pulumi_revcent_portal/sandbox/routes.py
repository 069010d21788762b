"""RevCent's API on the wire: turns HTTP into requests for the gateway, and spoils answers where a fault says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from pulumi_revcent_portal.sandbox.gateway import Answer, Request
from pulumi_revcent_portal.sandbox.values import new_id

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.controls import Controls
    from pulumi_revcent_portal.sandbox.faults import Fault
    from pulumi_revcent_portal.sandbox.server import Connections

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BASE: Final = "/v2"
_JSON: Final = (b"content-type", b"application/json")


class Api:
    """The ASGI application below /v2.

    Starlette's router is not used here: RevCent's paths are data, and faults need the bare connection.
    """

    def __init__(self, controls: Controls, connections: Connections) -> None:
        self._controls = controls
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = _request(scope, await _body(receive))
        with self._controls.gateway.lock:
            delay, fault = self._controls.faults.take(request.method, request.path)
        if delay:
            await asyncio.sleep(delay)
        if fault is None:
            await _reply(send, self._controls.gateway.answer(request, "delay" if delay else None))
        else:
            await self._spoil(fault, request, scope, receive, send)

    async def _spoil(self, fault: Fault, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        gateway = self._controls.gateway
        answer = gateway.answer(request, fault.kind) if fault.works else None
        entry = gateway.log(request, fault.kind) if answer is None else gateway.calls[-1]
        if fault.kind in ("drop_before", "drop_after"):
            entry["status"] = None
            self._connections.cut(scope["client"])
            await _gone(receive)
            return
        entry["status"] = 429 if fault.kind == "rate_limit" else fault.parameters.get("status", 200)
        status = entry["status"]
        text = json.dumps((answer or self._failure()).payload).encode()
        match fault.kind:
            case "rate_limit":
                after = fault.parameters["retry_after"]
                headers = [] if after is None else [(b"retry-after", str(after).encode())]
                await _send(send, status, json.dumps(self._failure("rate_limited").payload).encode(), headers)
            case "status":
                await _send(send, status, json.dumps(self._failure().payload).encode())
            case "truncated":
                await send(_start(status, [_JSON, (b"content-length", str(len(text)).encode())]))
                await send({"type": "http.response.body", "body": text[: len(text) // 2], "more_body": True})
                self._connections.close(scope["client"])
                await _gone(receive)
            case "not_json":
                await _send(send, status, b"<html><body>Service is being upgraded</body></html>")
            case _:
                await _send(send, status, b"")

    def _failure(self, error_code: str = "internal_error") -> Answer:
        now = int(self._controls.revcent.clock.now())
        message = "Too many requests." if error_code == "rate_limited" else "An internal error occurred."
        payload = {"code": 0, "error_code": error_code, "message": message, "result": "The request failed."}
        return Answer(0, {"api_call_id": new_id(), "api_call_unix": now, **payload})


def _request(scope: Scope, body: bytes) -> Request:
    headers = dict(scope["headers"])
    key = headers.get(b"x-api-key")
    return Request(
        scope["method"],
        scope["path"].removeprefix(BASE),
        dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        None if key is None else key.decode("latin-1"),
        body,
    )


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    await send(_start(status, [_JSON, (b"content-length", str(len(body)).encode()), *(headers or [])]))
    await send({"type": "http.response.body", "body": body})


async def _reply(send: Send, answer: Answer) -> None:
    headers = [(b"allow", b"GET, POST")] if answer.status == 405 else []  # noqa: PLR2004 - the number is the name
    await _send(send, answer.status, json.dumps(answer.payload).encode(), headers)
