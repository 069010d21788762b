"""Everything the sandbox serves, under one roof: RevCent's API, the reCAPTCHA check, the control API and the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from pulumi_revcent_portal.sandbox.control import control_routes
from pulumi_revcent_portal.sandbox.pages import page_routes
from pulumi_revcent_portal.sandbox.recaptcha import siteverify
from pulumi_revcent_portal.sandbox.routes import BASE, Api

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from pulumi_revcent_portal.sandbox.controls import Controls
    from pulumi_revcent_portal.sandbox.server import Connections


def make_app(controls: Controls, connections: Connections) -> ASGIApp:
    """Return the ASGI application of a sandbox."""
    api = Api(controls, connections)
    others = Starlette(
        routes=[
            Route("/recaptcha/api/siteverify", _siteverify(controls), methods=["POST"]),
            *control_routes(controls),
            *page_routes(controls),
        ]
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["path"] == BASE or scope["path"].startswith(BASE + "/")
        await (api if is_api else others)(scope, receive, send)

    return app


def _siteverify(controls: Controls) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        now = controls.revcent.clock.now()
        return JSONResponse(
            siteverify(controls.revcent.switches, form.get("secret", ""), form.get("response", ""), now)
        )

    return endpoint
