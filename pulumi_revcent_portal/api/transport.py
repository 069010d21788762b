"""One HTTP request to RevCent by httpx, which is loaded here only; what an answer means is not decided here."""

from __future__ import annotations

import json
import platform
import threading
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pulumi_revcent_portal.api.answers import Answer, retry_after
from pulumi_revcent_portal.api.errors import MissingSetting, Offline, SettingError, Unreachable
from pulumi_revcent_portal.api.settings import is_loopback
from pulumi_revcent_portal.api.wire import API_KEY_HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from pulumi_revcent_portal.api.answers import Call
    from pulumi_revcent_portal.api.clock import Clock
    from pulumi_revcent_portal.api.redaction import Redactor
    from pulumi_revcent_portal.api.settings import Settings

__all__ = ["Transport"]

_DISTRIBUTION: Final = "pulumi-revcent-portal"
_CONNECTIONS: Final = 8
"""Twice the threads of a provider process, so that no request waits for a connection."""
_IDLE_SECONDS: Final = 3.0
"""Shorter than servers keep an idle connection: a create must not meet one that is just being closed."""


class Transport:
    """Connections to one RevCent, opened at the first request and used again.

    Args:
        settings: how to reach the account.
        clock: the time, for a `Retry-After` that is a date.
        transport: an `httpx.BaseTransport` to use instead of the network.

    Attributes:
        requests_made: how many requests were begun.
    """

    def __init__(self, settings: Settings, clock: Clock, transport: Any = None) -> None:
        self.requests_made = 0
        self._settings = settings
        self._clock = clock
        self._transport = transport
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None

    def require_access(self, call: Call) -> None:
        """Make sure that requests may be made at all.

        Raises:
            Offline: `revcent:offline` is set.
            MissingSetting: there is no API key.
        """
        if self._settings.offline:
            raise Offline(
                f"revcent:offline is set, so RevCent was not asked to {call.purpose}. "
                "Run 'pulumi config rm revcent:offline' (or unset REVCENT_OFFLINE) to work with RevCent.",
                request=call.request,
            )
        if not self._settings.api_key:
            raise MissingSetting(
                "No RevCent API key is configured. Set it with 'pulumi config set --secret revcent:apiKey', "
                "or in the environment variable REVCENT_API_KEY.",
                request=call.request,
            )

    def send(
        self, call: Call, query: Mapping[str, str] | None, body: Mapping[str, Any] | None, redactor: Redactor
    ) -> Answer:
        """Make one request and return what came back, whatever its status.

        Args:
            call: what is asked; `call.request` holds method and path.
            query: query parameters.
            body: what to send as JSON; None sends no body.
            redactor: knows the secrets of the request.

        Raises:
            Unreachable: no answer came; `ambiguous` unless nothing was sent.
            SettingError: the environment's certificates or proxy cannot be used.
        """
        http = self._open()
        method, _, path = call.request.partition(" ")
        content = None if body is None else json.dumps(body).encode()
        failure = None
        import httpx  # noqa: PLC0415 - the first request loads it, not the import of the package

        try:
            response = http.request(
                method,
                self._settings.base_url.rstrip("/") + path,
                params=query,
                content=content,
                headers={"content-type": "application/json"} if content is not None else None,
            )
            return Answer(
                response.status_code,
                response.content,
                retry_after(response.headers.get("retry-after"), self._clock.today()),
            )
        except httpx.HTTPError as error:
            failure = _unreachable(error, call, redactor)
        raise failure  # outside of the handler: httpx's error holds the request, and that holds the key

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                try:
                    self._http = self._new_client()
                except (OSError, ImportError, ValueError) as error:
                    # a ValueError is about the proxy's address, which may hold a password
                    reason = type(error).__name__ if isinstance(error, ValueError) else str(error)
                    raise SettingError(
                        f"No connection to RevCent can be set up: {reason}. Look at the environment variables "
                        "SSL_CERT_FILE, SSL_CERT_DIR, HTTPS_PROXY and ALL_PROXY."
                    ) from None
            self.requests_made += 1
            return self._http

    def _new_client(self) -> httpx.Client:
        import httpx  # noqa: PLC0415 - see above

        local = is_loopback(urlsplit(self._settings.base_url).hostname or "")
        return httpx.Client(
            headers={
                API_KEY_HEADER: self._settings.api_key,
                "accept": "application/json",
                "user-agent": _user_agent(),
            },
            timeout=self._settings.timeout,
            limits=httpx.Limits(
                max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS
            ),
            trust_env=not local,  # no proxy stands between this machine and itself
            transport=self._transport,
        )

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        with self._lock:
            http, self._http = self._http, None
        if http is not None:
            http.close()


def _unreachable(error: httpx.HTTPError, call: Call, redactor: Redactor) -> Unreachable:
    """Return the error for a request without an answer; httpx's class says whether anything was sent."""
    import httpx  # noqa: PLC0415 - see above

    unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.LocalProtocolError)
    reason = redactor.clean(str(error)) or type(error).__name__
    certificate = "CERTIFICATE_VERIFY_FAILED" in reason.upper()
    if isinstance(error, unsent):
        message = f"RevCent could not be reached to {call.purpose}: {reason}."
        if certificate:
            message += " Is revcent:baseUrl right, and does this machine know the certificate authority?"
        return Unreachable(message, request=call.request, permanent=certificate)
    if isinstance(error, httpx.TimeoutException):
        message = f"RevCent did not answer in time when asked to {call.purpose}; revcent:timeout sets how long to wait."
    else:
        message = f"The connection to RevCent broke when it was asked to {call.purpose}: {reason}."
    return Unreachable(message, request=call.request, ambiguous=True)


@cache
def _user_agent() -> str:
    try:
        version = metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        version = "unreleased"
    return f"{_DISTRIBUTION}/{version} python/{platform.python_version()}"
