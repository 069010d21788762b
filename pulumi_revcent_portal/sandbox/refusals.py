"""What RevCent's side says no with: one exception for everything the stand-in refuses, without any HTTP in it."""

from __future__ import annotations

from typing import Final

HTTP_STATUS: Final = {
    "invalid_api_key": 401,
    "permission_denied": 403,
    "not_found": 404,
    "unknown_operation": 404,
    "method_not_allowed": 405,
    "duplicate_name": 409,
    "invalid_request": 400,
    "invalid_reference": 400,
    "domain_not_ready": 400,
    "certificate_not_active": 400,
}


class Refusal(Exception):  # noqa: N818 - it is an answer of the API, not a fault of the sandbox
    """The stand-in refuses a request, as RevCent would.

    Args:
        error_code: a word for programs. RevCent's own values are unknown; these are the sandbox's.
        message: a sentence for people. It names fields, never the values they hold.
    """

    def __init__(self, error_code: str, message: str) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status that goes with it where errors are answered as HTTP errors."""
        return HTTP_STATUS[self.error_code]


def not_found(what: str, object_id: str) -> Refusal:
    """Return the refusal for an object that this account does not hold."""
    return Refusal("not_found", f"The {what.replace('_', ' ')} {object_id} was not found.")
