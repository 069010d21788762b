"""A RevCent of a few lines for tests of the client: answers are queued, requests are kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import httpx

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.settings import Settings

if TYPE_CHECKING:
    from pulumi_revcent_portal.api.contract import Contract

KEY = "live_4f9aB7/+key"
CALL = "Call5678901234567890"
PORTAL = "Portal78901234567890"
DOMAIN = "Domain78901234567890"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def ok(**fields: Any) -> httpx.Response:
    """Return a successful answer."""
    return httpx.Response(200, json={"api_call_id": CALL, "api_call_unix": 1, "code": 1, "result": "Done."} | fields)


def failed(message: str = "", *, status: int = 200, error_code: str = "", **headers: str) -> httpx.Response:
    """Return a failure in RevCent's envelope."""
    body = {"api_call_id": CALL, "code": 0, "error_code": error_code, "message": message, "result": "Failed."}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


class FakeRevCent:
    """Answers with what was queued, in order; the last answer is repeated when `endless`."""

    def __init__(self, *replies: Reply, endless: bool = False) -> None:
        self.replies = list(replies)
        self.requests: list[httpx.Request] = []
        self.endless = endless
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            reply = self.replies[0] if self.endless and len(self.replies) == 1 else self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    @property
    def seen(self) -> list[str]:
        """The requests as `METHOD path`, without the host."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]

    def body(self, index: int = -1) -> Any:
        """The JSON that was sent."""
        return json.loads(self.requests[index].content)

    def client(self, *, clock: ManualClock | None = None, contract: Contract | None = None, **settings: Any) -> Client:
        """Return a client that talks to this one, and never sleeps."""
        made = Settings(**({"api_key": KEY, "key_source": "configuration"} | settings))
        return Client(made, contract=contract, transport=httpx.MockTransport(self), clock=clock or ManualClock())


def page(items: Sequence[Mapping[str, Any]]) -> httpx.Response:
    """Return one page of a list."""
    return ok(current_count=len(items), current_page=1, results=list(items))
