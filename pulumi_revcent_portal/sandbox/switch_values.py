"""Which values each switch takes: checks only, so that a misspelt word in a test fails at its own line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.reading import ENTITIES, RECORD_KEYS
from pulumi_revcent_portal.sandbox.transitions import RULES, is_transition

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.reading import Field

STATES: Final = ("not_initialized", "pending", "issued", "complete", "failed")


@cache
def field_paths() -> frozenset[str]:
    """Return every field as `entity.field.path`, nested ones too."""
    return frozenset(path for entity in ENTITIES.values() for path in _below(entity.name, entity.fields))


def _below(prefix: str, fields: tuple[Field, ...]) -> list[str]:
    found = []
    for entry in fields:
        path = f"{prefix}.{entry.name}"
        found += [path, *_below(path, entry.group)]
    return found


def check_value(name: str, value: object) -> None:
    """Refuse a value that a switch cannot have.

    Raises:
        ValueError: it cannot; the text says what it takes.
    """
    wanted, fits = _VALUES.get(name, ("True or False", lambda given: isinstance(given, bool)))
    if not fits(value):
        shown = "" if "secret" in name else f", not {value!r}"
        raise ValueError(f"The switch {name!r} takes {wanted}{shown}.")


def _is_one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _maps(value: object, names: Callable[[str], bool]) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and names(name) and isinstance(word, str) and word for name, word in value.items()
    )


def _is_spelling(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("default", "alternative")
    return _maps(value, lambda name: name == "*" or name in field_paths()) and _is_spelling(value.get("*", "default"))


def _is_record_spelling(value: Any) -> bool:
    return _is_one_of("default", "alternative")(value) or _maps(value, lambda name: name in RECORD_KEYS)


def _is_list(fits: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list | tuple) and all(isinstance(item, str) and fits(item) for item in value)


def _is_field(path: str) -> bool:
    return path in field_paths() or any(known.partition(".")[2] == path for known in field_paths())


_VALUES: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "error_style": ('"http" or "ok"', _is_one_of("http", "ok")),
    "references": ('"object" or "string"', _is_one_of("object", "string")),
    "spelling": (
        '"default", "alternative", or a mapping of existing entity.field.paths (or "*") to wire keys',
        _is_spelling,
    ),
    "record_spelling": (
        '"default", "alternative", or a mapping of type, name, value to keys',
        _is_record_spelling,
    ),
    "status_words": (
        f"a mapping of {', '.join(STATES)} to words",
        lambda value: _maps(value, lambda name: name in STATES),
    ),
    "omit": ("a list of existing field paths", _is_list(_is_field)),
    "transition": (
        f'{RULES}; a mapping of "certificate" and "dns" to the others; or {{"domains": {{...}}}}, by domain and "*"',
        is_transition,
    ),
    "recaptcha_secrets": (
        "a list of strings, or None",
        lambda value: value is None or _is_list(bool)(value),
    ),
    "bad_recaptcha_secrets": ("a list of strings", _is_list(bool)),
}
