"""Small values used everywhere in the sandbox: IDs, digests of secrets, the clock. No state of RevCent in here."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import time
from typing import Final

ID_LENGTH: Final = 20
_ALPHABET: Final = string.ascii_letters + string.digits
_ID: Final = re.compile(rf"[A-Za-z0-9]{{{ID_LENGTH}}}")
_DIGEST: Final = "sha256:"


def new_id() -> str:
    """Return a fresh ID of RevCent's shape: 20 letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(ID_LENGTH))


def is_id(value: object) -> bool:
    """Tell whether a value has the shape of a RevCent ID."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def digest(secret: str) -> str:
    """Return what the sandbox keeps of a secret: `sha256:` and the hexadecimal digest. A digest is left as it is."""
    if re.fullmatch(_DIGEST + "[0-9a-f]{64}", secret):
        return secret
    return _DIGEST + hashlib.sha256(secret.encode()).hexdigest()


class Clock:
    """The sandbox's time, in Unix seconds: the machine's, plus what a test has advanced it by."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Return the time in Unix seconds."""
        return time.time() + self.offset

    @staticmethod
    def machine() -> float:
        """Return the machine's own time, which nobody has advanced."""
        return time.time()

    def advance(self, seconds: float) -> None:
        """Move the time forward; a negative number of seconds is an error."""
        if seconds < 0:
            raise ValueError("Time only moves forward: give a number of seconds that is not negative.")
        self.offset += seconds
