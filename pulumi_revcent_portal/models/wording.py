"""What to say about a value that does not fit, in words for the person who wrote it. It decides nothing else.

Values are shown only where they are short and no secret; a parent that holds a secret is never shown.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pulumi import Output

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SHOWN_CHARACTERS = 80
AN_OUTPUT: Final = "an Output, whose value comes too late here"
_NEAR = 0.6


def shown(value: str) -> str:
    """A string between quotes, cut where it gets long."""
    return repr(value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]}...")


def kind(value: object, *, secret: bool = False) -> str:
    """What a value is, and, when that is short and no secret, what it says."""
    if value is None:
        return "None"
    if isinstance(value, bool | int | float):
        return "a number or a truth value" if secret else repr(value)
    if isinstance(value, str):
        return "a string" if secret else f"the string {shown(value)}"
    if isinstance(value, Mapping):
        return "a dict"
    if isinstance(value, list | tuple | set | frozenset):
        return f"a {type(value).__name__}"
    return AN_OUTPUT if isinstance(value, Output) else f"a {type(value).__name__} object"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most likely means, if there is one."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold().replace("-", "_").replace(" ", "_"), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def nearest_of(word: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known words that look like a misspelt one, the likeliest first; case and words in another order count little.

    Args:
        word: What was written.
        known: Words to choose from.
        most: How many at most.
    """
    parts = set(word.casefold().split())

    def likeness(name: str) -> float:
        ratio = difflib.SequenceMatcher(None, word.casefold(), name.casefold()).ratio()
        return ratio + 0.2 * len(parts & set(name.casefold().split()))

    scored = sorted(((likeness(name), name) for name in known), key=lambda each: (-each[0], each[1]))
    return [name for score, name in scored[:most] if score >= _NEAR]


def suggestion(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?`, or all that is known when nothing is near."""
    known = list(known)
    near = nearest(word, known)
    return f"Did you mean {near!r}?" if near else f"Known are: {', '.join(known)}."


def unknown_key(key: str, known: Iterable[str]) -> str:
    """An input that does not exist."""
    return f"there is no input {key!r} here. {suggestion(key, known)}"


def sameness(item: str) -> str:
    """What two items of a list must share to be the same one: the domain of an address has no case."""
    local, at, domain = item.rpartition("@")
    return f"{local}{at}{domain.casefold()}" if at else item


def require_list(value: Any) -> list[Any]:
    """Take a list or a tuple as a list.

    Raises:
        ValueError: For a single value, which lacks its brackets, and for a set, which has no order.
    """
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, str):
        raise ValueError(f"must be a list, not {kind(value)}. Put it in brackets: [{shown(value)}].")  # noqa: TRY004
    if isinstance(value, Mapping):
        raise ValueError(f"must be a list, not {kind(value)}. Put it in brackets.")  # noqa: TRY004
    raise ValueError(f"must be a list, not {kind(value)}.")


def of(detail: ErrorDetails, *, purpose: str, model: str, keys: list[str], secret: bool) -> str:
    """Say in a sentence what pydantic found.

    Args:
        detail: One error of pydantic's.
        purpose: The field's documentation, for a field that is missing.
        model: The name of the model that the field holds, or "".
        keys: The inputs of that model.
        secret: Whether the value, or anything in it, must not be shown.
    """
    error, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if error == "missing":
        return f"is required: {_first_sentence(purpose)}"
    if error == "value_error":
        return str(context["error"])
    if error == "bool_type":
        wanted = "True or False, without quotes"
    elif error == "string_type":
        wanted = "a string"
    elif error in {"mapping_type", "dict_type"}:
        wanted = "a dict"
    elif error == "literal_error":
        wanted = str(context["expected"])
    else:
        wanted = f"{model}(...), or a dict with the keys {', '.join(keys)}"
    hint = _literal_hint(value, wanted) if error == "literal_error" and isinstance(value, str) else ""
    return f"must be {wanted}, not {kind(value, secret=secret)}.{hint}"


def _literal_hint(value: str, allowed: str) -> str:
    near = nearest(value, [word for word in allowed.split("'")[1::2] if word.isidentifier()])
    return f" Did you mean {near!r}?" if near else ""


def _first_sentence(text: str) -> str:
    sentence = " ".join(text.split()).partition(". ")[0].removesuffix(".")
    return f"{sentence[:1].lower()}{sentence[1:]}." if sentence else "it has no default."
