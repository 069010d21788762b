"""Removes known secrets from texts that people or logs will see; it does not guess what else might be a secret."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Redactor"]

_MASK: Final = "[secret]"
_SHORTEST: Final = 4
"""A shorter secret occurs in ordinary words: masking it there would spell it out, so the whole text is withheld."""


class Redactor:
    """Masks secrets in every spelling in which a server, a proxy or a library repeats them.

    Args:
        secrets: the values to hide; empty ones are ignored.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret for secret in secrets if secret}
        spellings = {spelling for secret in known for spelling in _spellings(secret)}
        self._short = sorted(secret for secret in known if len(secret) < _SHORTEST)
        longest_first = sorted((text for text in spellings if len(text) >= _SHORTEST), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None

    def clean(self, text: str) -> str:
        """Return the text without any of the secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(_MASK, text)
        if any(secret in text for secret in self._short):
            return "(withheld, because it holds a secret of the request)"
        return text


def _spellings(secret: str) -> set[str]:
    """Return a secret as it stands and as JSON, URLs, HTML, base64 and Python's repr spell it."""
    return {
        secret,
        secret.strip(),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        json.dumps(json.dumps(secret))[3:-3],
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
        html.escape(secret, quote=False),
        repr(secret)[1:-1],
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }
