"""The door of the stand-in: finds the operation, checks the key, wraps the answer in RevCent's envelope, logs the call.

It is given plain values and returns plain values; sockets are the part of server.py and routes.py.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.calls import Calls, loggable
from pulumi_revcent_portal.sandbox.lookups import MAX_AGE
from pulumi_revcent_portal.sandbox.reading import BY_PLURAL, CUSTOMER_PORTAL, TRACKING_DOMAIN, Entity
from pulumi_revcent_portal.sandbox.refusals import Refusal
from pulumi_revcent_portal.sandbox.revcent import Operation, RevCent
from pulumi_revcent_portal.sandbox.values import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.sandbox.asking import Question
    from pulumi_revcent_portal.sandbox.keys import Keys

_TOUCHING_DOMAINS: Final = (TRACKING_DOMAIN, CUSTOMER_PORTAL)
"""Entities whose operations depend on how far a tracking domain is."""
_FAILED: Final = "The request failed."


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
    """One answer: HTTP status, JSON object, and the entry of the call log."""

    status: int
    payload: dict[str, Any]
    entry: dict[str, Any]


class Gateway:
    """Answers requests, one at a time, and keeps the call log."""

    def __init__(self, revcent: RevCent, keys: Keys) -> None:
        self.revcent = revcent
        self.keys = keys
        self.lock = threading.RLock()
        self.calls = Calls()

    def answer(self, request: Request) -> Answer:
        """Carry a request out."""
        with self.lock:
            entry = self._logged(request)
            try:
                status, fields = 200, {**self._carried_out(request), "code": 1}
            except Refusal as refusal:
                status, fields = self._refused(request, refusal)
            return self._answer(entry, status, fields)

    def questions(self, request: Request) -> list[Question]:
        """Return what is to be looked up in the DNS before a request is carried out; mostly nothing.

        The look-ups are up to the caller, who holds no lock: a silent server takes its time.
        """
        if not self.revcent.switches.looks_up:
            return []
        with self.lock:
            try:
                world = self.keys.admitted(request.key).world
            except Refusal:
                return []
            entity, action, object_id = find_operation(request)
            rows = self.revcent.store.rows(world, "tracking_domain") if entity in _TOUCHING_DOMAINS else []
            if object_id and entity is TRACKING_DOMAIN:
                rows = [row for row in rows if row.id == object_id]
            # Who asks for a step has published the records just now, and does not want to hear of a second ago.
            max_age = 0 if action in ("initialize_ssl", "initialize_dns") else MAX_AGE
            return self.revcent.lookups.stale(self.revcent.questions(rows), max_age)

    def fail(self, request: Request, status: int) -> Answer:
        """Return the failure of a server that is busy (429) or broken (5xx), without doing any work."""
        with self.lock:
            return self._answer(self._logged(request), status, _failure(status))

    def failure(self, status: int) -> dict[str, Any]:
        """Return the body of an answer that says only that the server failed."""
        return {**self._envelope(), **_failure(status)}

    def _answer(self, entry: dict[str, Any], status: int, fields: dict[str, Any]) -> Answer:
        envelope = self._envelope()
        entry |= {"status": status, "api_call_id": envelope["api_call_id"]}
        return Answer(status, {**envelope, **fields}, entry)

    def _envelope(self) -> dict[str, Any]:
        return {"api_call_id": new_id(), "api_call_unix": int(self.revcent.clock.now())}

    def _logged(self, request: Request) -> dict[str, Any]:
        entity, action, _ = find_operation(request)
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "status": None,
            "entity": entity.name if entity else None,
            "action": action,
            "key_name": self.keys.name_of(request.key),
            "at": self.revcent.clock.now(),
            "body": loggable(entity, request.body),
            "fault": None,
            "api_call_id": None,
        }
        self.calls.append(entry)
        return entry

    def _carried_out(self, request: Request) -> dict[str, Any]:
        key = self.keys.admitted(request.key)
        if request.method not in ("GET", "POST"):
            raise Refusal("method_not_allowed", "Only GET and POST are allowed.")
        entity, action, object_id = find_operation(request)
        if entity is None or action is None or not self._exists(entity, action):
            raise Refusal("unknown_operation", "There is no such operation.")
        operation = entity.operations[action]
        if key.allow is not None and operation not in key.allow:
            raise Refusal("permission_denied", f"The API key does not have permission to call {operation}.")
        body = _json(request.body) if request.method == "POST" else None
        return self.revcent.act(Operation(key.world, entity, action, object_id, request.query, body))

    def _exists(self, entity: Entity, action: str) -> bool:
        if action not in entity.operations:
            return False
        switches = self.revcent.switches
        return action not in entity.optional or (switches.delete if action == "delete" else switches.smtp_get)

    def _refused(self, request: Request, refusal: Refusal) -> tuple[int, dict[str, Any]]:
        switches = self.revcent.switches
        message = refusal.message
        if switches.echo:
            message += f" The request was: {request.key}: {request.body.decode(errors='replace')}"
        # That a method is not allowed is said by the web server in front of the API, whatever the API's own habits.
        is_http = switches.error_style == "http" or refusal.error_code == "method_not_allowed"
        fields = {"code": 0, "error_code": refusal.error_code, "message": message, "result": _FAILED}
        return (refusal.status if is_http else 200), fields


def _failure(status: int) -> dict[str, Any]:
    error_code, message = "internal_error", "An internal error occurred."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        error_code, message = "rate_limited", "Too many requests."
    return {"code": 0, "error_code": error_code, "message": message, "result": _FAILED}


def find_operation(request: Request) -> tuple[Entity | None, str | None, str]:
    """Return entity, action and object ID that a method and a path stand for; None for what they do not name."""
    first, *others = request.path.removeprefix("/").split("/")
    entity = BY_PLURAL.get(first)
    if request.method in ("GET", "POST"):
        reading = request.method == "GET"
        match others:
            case []:
                return entity, "list" if reading else "create", ""
            case [object_id]:
                return entity, "get" if reading else "edit", object_id
            case [object_id, action] if not reading and action not in ("create", "list", "get", "edit"):
                return entity, action, object_id
    return entity, None, ""


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("invalid_request", "The body must be a JSON object.") from None
