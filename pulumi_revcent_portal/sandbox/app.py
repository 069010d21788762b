"""Everything the sandbox serves under one roof: RevCent's API, the reCAPTCHA check, the control API and the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_revcent_portal.sandbox.routes import Api, Receive, Scope, Send

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.controls import Controls
    from pulumi_revcent_portal.sandbox.server import App, Connections


def make_app(controls: Controls, connections: Connections) -> App:
    """Return the ASGI application of a sandbox."""
    api = Api(controls, connections)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await api(scope, receive, send)

    return app
