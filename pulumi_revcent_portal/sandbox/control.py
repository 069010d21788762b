"""The control API: the methods of `Controls` over HTTP, one path each, so that a sandbox elsewhere can be driven.

`POST /_sandbox/{method}` takes the method's arguments as a JSON object and answers `{"result": ...}`;
`GET /_sandbox/{property}` answers the same. A refusal is `{"error": ..., "kind": "ValueError"}` with a 4xx status.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from pulumi_revcent_portal.sandbox.controls import Controls

CONTROL: Final = "/_sandbox"
METHODS: Final = (
    "objects",
    "object",
    "add",
    "change",
    "remove",
    "switch",
    "fault",
    "clear_faults",
    "clear_calls",
    "advance",
    "add_key",
    "revoke",
    "reset",
    "add_zone",
    "records",
    "set_record",
    "remove_record",
    "dns_fault",
)
PROPERTIES: Final = (
    "calls",
    "switches",
    "api_key",
    "dns_address",
    "dns_port",
    "dns_key_name",
    "dns_key_secret",
    "dns_zones",
    "dns_calls",
)


def control_routes(controls: Controls) -> list[Route]:
    """Return the routes of the control API."""

    async def read(request: Request) -> JSONResponse:
        name = request.path_params["name"]
        if name not in PROPERTIES:
            return _refusal(404, LookupError(f"There is no {name!r} to read. There are: {', '.join(PROPERTIES)}."))
        return _result(lambda: getattr(controls, name))

    async def call(request: Request) -> JSONResponse:
        name = request.path_params["name"]
        if name not in METHODS:
            return _refusal(404, LookupError(f"There is no method {name!r}. There are: {', '.join(METHODS)}."))
        # A page from elsewhere, open in the same browser, cannot send this type without asking first.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refusal(415, ValueError("The control API takes Content-Type: application/json."))
        try:
            arguments = json.loads(await request.body())
        except (ValueError, RecursionError):
            arguments = None
        if not isinstance(arguments, dict):
            return _refusal(400, ValueError("The arguments must be a JSON object; {} when there are none."))
        method = getattr(controls, name)
        try:
            inspect.signature(method).bind(**arguments)
        except TypeError as error:
            return _refusal(400, TypeError(f"{name}: {error}."))
        if name in ("object", "objects"):
            await controls.revcent.lookups.refreshed(controls.questions())
        return _result(lambda: method(**arguments))

    return [
        Route(CONTROL + "/{name}", read, methods=["GET"]),
        Route(CONTROL + "/{name}", call, methods=["POST"]),
    ]


def _result(work: Any) -> JSONResponse:
    try:
        return JSONResponse({"result": work()})
    except KeyError as error:
        return _refusal(404, error)
    except (ValueError, TypeError) as error:
        return _refusal(400, error)


def _refusal(status: int, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error.args[0]), "kind": type(error).__name__}, status)
