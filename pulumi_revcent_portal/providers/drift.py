"""What changed, as opposed to what differs: settings as flat paths, and what came back of them. Pure functions.

RevCent may trim, lower-case or leave out what was sent. Such a difference is no drift; a change of it is. So after
each write what came back is kept as a digest wherever it differs from what was sent (the `Returned` map), and later
answers are compared with that.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Flat = dict[str, Any]

ABSENT: Final = ""
"""The digest of a field that RevCent did not answer."""


def flatten(settings: Mapping[str, Any], prefix: str = "") -> Flat:
    """Return nested settings as `{"customer_emails.confirmation.html": ...}`; lists are leaves."""
    flat: Flat = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def get_path(settings: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path, or None where there is none."""
    value: Any = settings
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def set_path(settings: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path, making the objects on the way."""
    *parents, last = path.split(".")
    for key in parents:
        settings = settings.setdefault(key, {})
    settings[last] = value


def without(settings: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return a deep copy of nested settings that lacks the given paths."""
    leave_out = set(paths)

    def copy(value: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        return {
            key: copy(item, f"{prefix}{key}.") if isinstance(item, dict) else item
            for key, item in value.items()
            if prefix + key not in leave_out
        }

    return copy(settings, "")


def canonical(value: Any) -> Any:
    """Return a value in the form in which two of them are compared: lists are sets to RevCent, blank is nothing."""
    if isinstance(value, list):
        return sorted((canonical(item) for item in value), key=repr) or None
    if isinstance(value, dict):
        return {key: canonical(value[key]) for key in sorted(value)}  # equal ones have one `repr`, by which lists sort
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the engine turns every number into a float
    return None if value == "" else value


def same(left: Any, right: Any) -> bool:
    """Whether two settings mean the same to RevCent."""
    return bool(canonical(left) == canonical(right))


def digest(value: Any) -> str:
    """Return a short fingerprint of a setting: 16 hexadecimal digits, equal for values that mean the same."""
    text = json.dumps(canonical(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def returned_otherwise(sent: Flat, answered: Flat) -> dict[str, str]:
    """Return the digests of what came back differently, and `ABSENT` for what did not come back at all."""
    odd: dict[str, str] = {}
    for path, value in sent.items():
        if path not in answered:
            if canonical(value):  # what is blank or false may be left out of an answer
                odd[path] = ABSENT
        elif not same(value, answered[path]):
            odd[path] = digest(answered[path])
    return odd
