"""Everything that can go wrong between this package and RevCent, as sentences for people; nothing is raised here.

```
RevCentError
├── SettingError            an option of the configuration is wrong
│   ├── MissingSetting      ... or missing, as the API key is at the first request
│   └── ContractFileError   the file named by revcent:contract is not usable
├── Unreachable             no answer: not connected, timed out, cut off
│   └── Offline             revcent:offline is set, so nothing was asked
├── KeyRefused              RevCent does not accept the API key
├── PermissionMissing       the key is good, but not for this operation
├── NotFound                there is no such object in this account
├── RateLimited             still too many requests after all retries
├── Refused                 RevCent understood and said no
├── ServerFailed            RevCent failed (5xx)
└── BadAnswer               an answer that is none: empty, cut off, not JSON, not RevCent's
```

None of them ever carries a secret: the client removes the API key and the secret values of a request from every text
before it raises, also where RevCent repeated them.
"""

# ruff: noqa: N818 - the names say what happened, and are caught by that name

from __future__ import annotations

import copy
from typing import Self

__all__ = [
    "BadAnswer",
    "ContractFileError",
    "KeyRefused",
    "MissingSetting",
    "NotFound",
    "Offline",
    "PermissionMissing",
    "RateLimited",
    "Refused",
    "RevCentError",
    "ServerFailed",
    "SettingError",
    "Unreachable",
]


class RevCentError(Exception):
    """The root: a message for people and what is known of the call.

    Args:
        message: one or two sentences. The call ID is added by `str()`.
        request: method and path, such as `POST /customer_portals`; None when no call was on its way.
        status: the HTTP status, when there was an answer.
        error_code: RevCent's word for the failure.
        api_call_id: RevCent's name for the call.
        ambiguous: whether RevCent may have done the work all the same.
        retry_after: seconds that RevCent asked to wait.
        permanent: whether trying again cannot help, as with a certificate that does not fit the host.
    """

    def __init__(  # noqa: PLR0913 - keywords only, each a plain fact of the call
        self,
        message: str,
        *,
        request: str | None = None,
        status: int | None = None,
        error_code: str | None = None,
        api_call_id: str | None = None,
        ambiguous: bool = False,
        retry_after: float | None = None,
        permanent: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = f"{message} [RevCent call {api_call_id}]" if api_call_id else message
        self.request = request
        self.status = status
        self.error_code = error_code
        self.api_call_id = api_call_id
        self.ambiguous = ambiguous
        self.retry_after = retry_after
        self.permanent = permanent

    def again(self) -> Self:
        """Return an equal error to raise in another place: one that was raised carries that place's traceback."""
        return copy.copy(self)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"


class SettingError(RevCentError):
    """An option has a value that cannot be used; names the option, its environment variable and the cure."""


class MissingSetting(SettingError):
    """An option without which nothing can be asked of RevCent is not set."""


class ContractFileError(SettingError):
    """A contract file cannot be used; names the file, the field and the cure."""


class Unreachable(RevCentError):
    """RevCent gave no answer; ambiguous unless it is certain that nothing was sent."""


class Offline(Unreachable):
    """`revcent:offline` is set, so no request was made."""


class KeyRefused(RevCentError):
    """RevCent does not accept the API key: wrong, revoked, or not from this IP address."""


class PermissionMissing(RevCentError):
    """The API key is valid but does not hold the permission for this operation."""


class NotFound(RevCentError):
    """The account that the API key belongs to has no such object."""


class RateLimited(RevCentError):
    """RevCent still asked for fewer requests after all retries."""


class Refused(RevCentError):
    """RevCent understood the request and declined it."""


class ServerFailed(RevCentError):
    """RevCent failed on its side; what was asked may have been done."""


class BadAnswer(RevCentError):
    """What came back is not an answer of RevCent's API; what was asked may have been done."""
