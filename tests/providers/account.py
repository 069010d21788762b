"""A RevCent account in this process: the sandbox behind the real client, without sockets. Not a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.providers.session import Session
from pulumi_revcent_portal.sandbox.controls import Controls
from pulumi_revcent_portal.sandbox.gateway import Request
from pulumi_revcent_portal.sandbox.routes import Api
from pulumi_revcent_portal.sandbox.server import Connections

KEY = "key-of-the-account"
SEED = {"keys": [{"name": "live", "key": KEY}], "objects": {}}


Alter = Callable[[dict[str, Any]], dict[str, Any]]


def contract(*, delete: bool = False, smtp_get: bool = False) -> Contract:
    """The default contract, with what RevCent may offer beyond it."""
    wanted = {*(["delete"] if delete else []), *(["get", "list"] if smtp_get else [])}
    default = Contract.default()
    operations = {
        place: replace(operation, offered=operation.offered or operation.action in wanted)
        for place, operation in default.operations.items()
    }
    return replace(default, operations=operations)


class InProcess(httpx.BaseTransport):
    """Hands requests to a sandbox directly; its faults are felt as httpx reports them.

    Args:
        box: the sandbox.
        alter: changes what is answered to a GET, for a RevCent that no switch of the sandbox makes.
    """

    def __init__(self, box: Controls, alter: Alter = dict) -> None:
        self._box = box
        self._alter = alter
        self._api = Api(box, Connections())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = Request(
            request.method,
            request.url.path.removeprefix("/v2"),
            dict(request.url.params),
            request.headers.get("x-api-key"),
            request.read(),
        )
        with self._box.gateway.lock:
            _, fault = self._box.faults.take(asked.method, asked.path)
            answer = self._api._answer(asked, fault)
        if fault is not None and fault.kind.startswith("drop"):
            raise httpx.ReadError("Connection reset by peer", request=request)
        payload = self._alter(answer.payload) if asked.method == "GET" else answer.payload
        return httpx.Response(answer.status, content=json.dumps(payload).encode())


@dataclass
class Account:
    """One account of RevCent and how it is reached.

    Attributes:
        box: the sandbox, without a server.
        offers: what the contract offers beyond the default one; switched on in the sandbox too.
        settings: what every process is configured with.
        warnings: what providers warned about: the URN's name and the sentence.
        alter: changes what is answered to a GET.
    """

    box: Controls = field(default_factory=lambda: Controls(seed=SEED))
    offers: dict[str, bool] = field(default_factory=dict)
    settings: Settings = field(
        default_factory=lambda: Settings(
            api_key=KEY, base_url="http://127.0.0.1/v2", requests_per_minute=1_000_000, max_retries=1
        )
    )
    warnings: list[tuple[str, str]] = field(default_factory=list)
    alter: Alter = dict

    def __post_init__(self) -> None:
        self.box.switch(**self.offers)

    def session(self, **settings: Any) -> Session:
        """What the providers of one new process share."""
        own = replace(self.settings, **settings)
        client = Client(own, contract=contract(**self.offers), transport=self.transport(), clock=ManualClock())
        return Session(own, client=client)

    def transport(self) -> InProcess:
        return InProcess(self.box, self._altered)

    def _altered(self, payload: dict[str, Any]) -> dict[str, Any]:
        return self.alter(payload)  # which a test may set later

    def warn(self, urn: str, message: str) -> None:
        self.warnings.append((urn.rpartition("::")[2], message))

    def calls(self) -> list[tuple[str, str]]:
        """What was asked of RevCent: method and action."""
        return [(call["method"], f"{call['entity']} {call['action']}") for call in self.box.calls]

    def writes(self) -> list[str]:
        """What was written: everything but reads."""
        return [what for method, what in self.calls() if method != "GET"]
