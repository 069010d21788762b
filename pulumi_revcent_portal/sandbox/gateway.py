"""The door of the stand-in: finds the operation, checks the key, wraps the answer in RevCent's envelope, logs the call.

It is given plain values and returns plain values; sockets are server.py's part.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.sandbox.reading import BY_PLURAL, Entity
from pulumi_revcent_portal.sandbox.refusals import Refusal
from pulumi_revcent_portal.sandbox.values import new_id
from pulumi_revcent_portal.sandbox.wire import NOT_LOGGED, loggable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.sandbox.keys import Key, Keys
    from pulumi_revcent_portal.sandbox.revcent import RevCent


@dataclass(frozen=True)
class Request:
    """One request as it came in; `path` is what follows /v2."""

    method: str
    path: str
    query: Mapping[str, str]
    key: str | None
    body: bytes


@dataclass(frozen=True)
class Answer:
    """One answer: HTTP status and JSON object."""

    status: int
    payload: dict[str, Any]


class Gateway:
    """Answers requests, one at a time, and keeps the call log."""

    def __init__(self, revcent: RevCent, keys: Keys) -> None:
        self.revcent = revcent
        self.keys = keys
        self.lock = threading.RLock()
        self.calls: list[dict[str, Any]] = []

    def answer(self, request: Request, fault: str | None = None) -> Answer:
        """Carry a request out.

        Args:
            request: what came in.
            fault: the kind of fault that its answer will suffer, for the log.
        """
        with self.lock:
            call_id = new_id()
            entry = self.log(request, fault)
            entry["api_call_id"] = call_id
            try:
                status, fields = 200, {**self._carried_out(request, entry), "code": 1}
            except Refusal as refusal:
                status, fields = self._refused(request, refusal)
            entry["status"] = status
            envelope = {"api_call_id": call_id, "api_call_unix": int(self.revcent.clock.now())}
            return Answer(status, {**envelope, **fields})

    def log(self, request: Request, fault: str | None) -> dict[str, Any]:
        """Write a call down and return its entry; without a status, for the case that it gets no answer."""
        entity, action, _ = find_operation(request)
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "status": None,
            "entity": entity.name if entity else None,
            "action": action,
            "key_name": None,
            "at": self.revcent.clock.now(),
            "body": _body_for_log(entity, request.body),
            "fault": fault,
            "api_call_id": None,
        }
        with self.lock:
            self.calls.append(entry)
        return entry

    def _carried_out(self, request: Request, entry: dict[str, Any]) -> dict[str, Any]:
        key = self.keys.admitted(request.key)
        entry["key_name"] = key.name
        if request.method not in ("GET", "POST"):
            raise Refusal("method_not_allowed", "Only GET and POST are allowed.")
        entity, action, object_id = find_operation(request)
        if entity is None or action is None or not self._exists(entity, action):
            raise Refusal("unknown_operation", "There is no such operation.")
        _permit(key, entity.operations[action])
        body = _json(request.body) if request.method == "POST" else None
        return self.revcent.act(key.world, entity, action, object_id, request.query, body)

    def _exists(self, entity: Entity, action: str) -> bool:
        if action not in entity.operations:
            return False
        switches = self.revcent.switches
        return action not in entity.optional or (switches.delete if action == "delete" else switches.smtp_get)

    def _refused(self, request: Request, refusal: Refusal) -> tuple[int, dict[str, Any]]:
        switches = self.revcent.switches
        message = refusal.message
        if switches.echo:
            message += f" The request was: {request.body.decode(errors='replace')}"
        style_is_http = switches.error_style == "http" or refusal.error_code == "method_not_allowed"
        return (
            refusal.status if style_is_http else 200,
            {"code": 0, "error_code": refusal.error_code, "message": message, "result": "The request failed."},
        )


def find_operation(request: Request) -> tuple[Entity | None, str | None, str]:
    """Return entity, action and object ID that a method and a path stand for; None for what they do not name."""
    parts = request.path.removeprefix("/").split("/")
    entity = BY_PLURAL.get(parts[0])
    reading = request.method == "GET"
    match parts[1:]:
        case []:
            return entity, "list" if reading else "create", ""
        case [object_id]:
            return entity, "get" if reading else "edit", object_id
        case [object_id, action] if not reading and action not in ("create", "list", "get", "edit"):
            return entity, action, object_id
    return entity, None, ""


def _permit(key: Key, operation: str) -> None:
    if key.allow is not None and operation not in key.allow:
        raise Refusal("permission_denied", f"The API key does not have permission to call {operation}.")


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        raise Refusal("invalid_request", "The body must be a JSON object.") from None


def _body_for_log(entity: Entity | None, body: bytes) -> Any:
    if not body:
        return None
    try:
        return loggable(entity, json.loads(body))
    except ValueError:
        return NOT_LOGGED
