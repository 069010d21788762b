"""The values in a template: how they are inserted, gone over and filtered. What a template may say is not decided here.

A value that does not fit is refused with `WrongUse`: nothing is written as "None" or "True" into an email.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from pulumi_revcent_portal.models.markup import escaped, percent_encoded
from pulumi_revcent_portal.models.wording import kind

MAX_CHARACTERS: Final = 1_000_000
MAX_ROUNDS: Final = 1_000


class WrongUse(Exception):  # noqa: N818  # it reads as what it is
    """A value cannot be used in this way; the line is added where the template is known."""


def inserted(value: object, name: str) -> Markup:
    """A value as it stands in HTML.

    Args:
        value: Any value.
        name: What it is called in the template.

    Raises:
        WrongUse: It is no text and no number.
    """
    return Markup(escaped(_insertable(value, name)))  # noqa: S704  # it is escaped


def inserted_as_it_is(value: object, name: str) -> Markup:
    """A value as it stands in plain text. The arguments, and what is raised, are those of `inserted()`."""
    return Markup(_insertable(value, name))  # noqa: S704  # for Jinja, which escapes all else: it is no HTML


def _insertable(value: object, name: str) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    subject, name = name or "the value", name or "..."
    if value is None:
        cure = f"Put it between [% if {name} %] and [% endif %], or write [[ {name}|default('...') ]]."
        raise WrongUse(f"{subject} is not given. {cure}")
    if isinstance(value, bool):
        raise WrongUse(f"{subject} is true or false, and no text. Ask for it: [% if {name} %].")
    if isinstance(value, list):
        raise WrongUse(f"{subject} is a list. Write [[ {name}|join(', ') ]], or [% for item in {name} %].")
    if isinstance(value, dict):
        raise WrongUse(f"{subject} is a dict. Name one of its values: [[ {name}.KEY ]].")
    raise WrongUse(f"{subject} is {kind(value)}, and no text.")


def gone_over(value: object, name: str) -> Iterable[Any]:
    """A value as a loop goes over it; one that is not given has no items.

    Args:
        value: Any value.
        name: What it is called in the template.

    Raises:
        WrongUse: It has no items, or too many.
    """
    if value is None:
        return ()
    name = name or "the value"
    if not isinstance(value, list | dict | range):
        raise WrongUse(f"{name} is {kind(value)}, and a loop needs a list.")
    if len(value) > MAX_ROUNDS:
        raise WrongUse(f"a loop goes over at most {MAX_ROUNDS:,} items, and {name} has {len(value):,}.")
    return value


def limited_range(*bounds: int) -> range:
    """Python's `range()`, as far as a loop may go.

    Raises:
        WrongUse: It goes further.
    """
    numbers = range(*bounds)
    if numbers[MAX_ROUNDS:]:
        raise WrongUse(f"range() goes over at most {MAX_ROUNDS:,} numbers.")
    return numbers


def _text(value: object, name: str) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise WrongUse(f"|{name} takes a text, not {kind(value)}. Ask first with [% if ... %] whether there is one.")


def _of_text(name: str, change: Callable[[str], str]) -> Callable[[object], str]:
    return lambda value: change(_text(value, name))


def _url(text: str) -> str:
    try:
        return percent_encoded(text)
    except UnicodeEncodeError:
        raise WrongUse("a value holds half of a surrogate pair, which a URL cannot carry.") from None


def _default(value: object, other: object) -> object:
    return other if value is None or value == "" else value


def _replace(value: object, old: str, new: str) -> str:
    text = _text(value, "replace")
    require_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _join(value: object, separator: str = "") -> str:
    if not isinstance(value, list):
        raise WrongUse(f"|join takes a list, not {kind(value)}.")
    texts = [_text(item, "join") for item in value]
    require_size(sum(map(len, texts)) + len(texts) * len(separator))
    return separator.join(texts)


def _items(value: object) -> list[tuple[Any, Any]]:
    if not isinstance(value, Mapping):
        raise WrongUse(f"|items takes a dict, not {kind(value)}.")
    return list(value.items())


def _length(value: object) -> int:
    if not isinstance(value, str | list | Mapping):
        raise WrongUse(f"|length takes a list or a text, not {kind(value)}.")
    return len(value)


def _whole(value: object, name: str) -> int:
    if isinstance(value, int):
        return value
    raise WrongUse(f"'is {name}' asks for a whole number, not {kind(value)}.")


def require_size(characters: int) -> None:
    """Refuse texts that get too long.

    Raises:
        WrongUse: It is more than an email may have.
    """
    if characters > MAX_CHARACTERS:
        raise WrongUse(f"gives more than {MAX_CHARACTERS:,} characters.")


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "capitalize": _of_text("capitalize", str.capitalize),
    "default": _default,
    "items": _items,
    "join": _join,
    "length": _length,
    "lower": _of_text("lower", str.lower),
    "replace": _replace,
    "trim": _of_text("trim", str.strip),
    "upper": _of_text("upper", str.upper),
    "url": _of_text("url", _url),
}
TESTS: Final[dict[str, Callable[..., bool]]] = {
    "defined": lambda value: value is not None,
    "even": lambda value: _whole(value, "even") % 2 == 0,
    "none": lambda value: value is None,
    "odd": lambda value: _whole(value, "odd") % 2 == 1,
}
