"""What RevCent's side says no with: one exception for everything the stand-in refuses, without any HTTP in it."""

from __future__ import annotations

from typing import Final

_STATUS: Final = {
    "invalid_api_key": 401,
    "permission_denied": 403,
    "not_found": 404,
    "unknown_operation": 404,
    "method_not_allowed": 405,
    "duplicate_name": 409,
}
_BAD_REQUEST: Final = 400


class Refusal(Exception):  # noqa: N818 - it is an answer of the API, not a fault of the sandbox
    """The stand-in refuses a request, as RevCent would.

    Args:
        error_code: a word for programs. RevCent's own values are unknown; these are the sandbox's.
        message: a sentence for people. It names fields and IDs, never other values.
    """

    def __init__(self, error_code: str, message: str) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status that goes with it where errors are answered as HTTP errors."""
        return _STATUS.get(self.error_code, _BAD_REQUEST)


def label(name: str) -> str:
    """Return a logical name as people write it: `smtp_profile` is an SMTP profile."""
    return name.replace("_", " ").replace("smtp", "SMTP").replace("url", "URL")
