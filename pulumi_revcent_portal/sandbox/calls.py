"""The call log: which requests came in, and what may be remembered of them. No secret is ever written down."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.reading import Entity, Field

SECRET: Final = "[secret]"  # noqa: S105 - what stands in the place of one
NOT_LOGGED: Final = "[not logged]"
MOST_CALLS: Final = 50_000
"""How many calls are remembered; the oldest are forgotten first."""


class Calls(deque[dict[str, Any]]):
    """The calls so far, oldest first."""

    def __init__(self) -> None:
        super().__init__(maxlen=MOST_CALLS)


def loggable(entity: Entity | None, body: bytes) -> Any:
    """Return a request's body as the call log may keep it; None for an empty one.

    The values of secret fields are replaced, under every spelling; so are the values of keys that no schema knows and
    bodies that are not JSON, because a secret under a misspelt key is a secret.
    """
    if not body:
        return None
    try:
        return _loggable(entity.fields if entity else (), json.loads(body))
    except (ValueError, RecursionError):
        return NOT_LOGGED


def _loggable(fields: tuple[Field, ...], body: object) -> Any:
    if isinstance(body, list):
        return [_loggable(fields, item) for item in body]
    if not isinstance(body, dict):
        return NOT_LOGGED
    by_key = {key: field for field in fields for key in (*field.other, field.key)}
    return {key: _value(by_key.get(key), value) for key, value in body.items()}


def _value(field: Field | None, value: object) -> Any:
    if field is None:
        return NOT_LOGGED
    if field.secret:
        return SECRET
    if field.group:
        return _loggable(field.group, value)
    return NOT_LOGGED if _is_nested(value) else value


def _is_nested(value: object) -> bool:
    items: list[object] = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict | list) for item in items)
