"""Refuses a misspelt or missing keyword argument as any other wrong input. It knows nothing of the arguments' values.

Python itself raises a TypeError there, which `pulumi up` shows with a traceback and without a cure.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from pulumi_revcent_portal.models import wording
from pulumi_revcent_portal.models.base import InvalidInputs, Problem

F = TypeVar("F", bound=Callable[..., Any])


def explained(call: F) -> F:
    """Check the names of a call's keyword arguments.

    Args:
        call: A method whose inputs are keyword-only. A required one that is left out reaches it as None, which every
            model reports as missing, together with whatever else is wrong.

    Raises:
        InvalidInputs: By the decorated method: for names that it does not have, with the ones that were likely meant.
    """
    parameters = [each for each in inspect.signature(call).parameters.values() if each.kind is each.KEYWORD_ONLY]
    known = [each.name for each in parameters]
    required = [each.name for each in parameters if each.default is each.empty]

    @wraps(call)
    def explaining(*args: Any, **given: Any) -> Any:
        unknown = [Problem(name, wording.unknown_key(name, known)) for name in given if name not in known]
        if unknown:
            raise InvalidInputs(unknown, what=_called(call, args))
        return call(*args, **{**dict.fromkeys(required), **given})

    return cast("F", explaining)


def _called(call: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """What the program wrote: a resource has a name, everything else is a function."""
    if call.__name__ == "__init__" and len(args) > 1:
        return f'{type(args[0]).__name__} "{args[1]}"'
    return f"{call.__qualname__}(...)"
