"""Wrong declarations as programs write them: the table of `wrong_declarations.py`, made with the real resource classes.

Programs that the engine runs import this too. Not a test.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi_revcent_portal as revcent
from tests.wrong_declarations import VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wrong_declarations import Wrong


def declare(wrong: Wrong, hide: Callable[[Any], Any] = lambda value: value) -> Any:
    """Make a wrong declaration.

    Args:
        wrong: an entry of the table.
        hide: wraps each input, for instance in an Output, so that only the provider can see it.
    """
    inputs = wrong.declaration()
    sender = inputs.pop("smtp_sender", None)
    given = {name: hide(value) for name, value in inputs.items()}
    if sender is not None and re.fullmatch(r"\w{20}", str(inputs.get("smtp_profile"))):
        # A program has no other way to name the sender of a profile that it does not declare.
        given["smtp_profile"] = revcent.SmtpProfileRef(id=given["smtp_profile"], sender=hide(sender))
    if wrong.resource in VALUES:
        return getattr(revcent, wrong.resource)(**given)
    return getattr(revcent, wrong.resource)("one", **given)


def field_told(wrong: Wrong) -> str:
    """The input as the message calls it: `smtp_sender` is the `sender` of a profile to programs."""
    return wrong.path.removeprefix("smtp_") if wrong.path == "smtp_sender" else wrong.path
