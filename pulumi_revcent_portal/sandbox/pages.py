"""The sandbox's pages: what an account holds, and what a customer would meet in a portal. They only look.

HTML that users supplied is shown in frames without any right, under a policy that lets no script run at all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pulumi_revcent_portal.sandbox import words
from pulumi_revcent_portal.sandbox.checks import EMAIL_CODE

if TYPE_CHECKING:
    from starlette.requests import Request

    from pulumi_revcent_portal.sandbox.controls import Controls

SAMPLE_CODE: Final = "482913"
LATEST_CALLS: Final = 20
# Pages and mails carry their styles inline, and a frame with srcdoc inherits the policy of its page.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_FRAME: Final = '<!doctype html><meta charset="utf-8"><style>body{margin:0}</style>'
_FOOTER: Final = _FRAME + "<style>body{margin:14px 36px;font:14px/1.5 system-ui,sans-serif;color:#333}</style>"
_MAIL_KINDS: Final = {"confirmation": "Account confirmation", "password_reset": "Password reset"}


def page_routes(controls: Controls) -> list[Route]:
    """Return the routes of the pages."""
    pages = _Pages(controls)
    return [
        Route("/", pages.account, methods=["GET"]),
        Route("/portals/{portal_id}", pages.portal, methods=["GET"]),
    ]


class _Pages:
    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._templates = Environment(
            loader=PackageLoader("pulumi_revcent_portal.sandbox"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def account(self, request: Request) -> Response:
        await self._controls.revcent.lookups.refreshed(self._controls.questions())
        world = _World(self._controls, request)
        calls, all_calls = self._controls.latest_calls(LATEST_CALLS)
        return self._page(
            "account.html",
            world,
            portals=[world.card(portal) for portal in world.objects("customer_portal")],
            domains=[world.domain(domain) for domain in world.objects("tracking_domain")],
            profiles=world.objects("smtp_profile"),
            parameter_sets=[world.parameter_set(found) for found in world.objects("url_parameter_set")],
            campaigns=world.objects("campaign"),
            shops=world.objects("third_party_shop"),
            dns_address=self._controls.dns_address,
            zones=[{"name": name, "sets": self._controls.records(name)} for name in self._controls.dns_zones],
            calls=[_call(call) for call in calls],
            all_calls=all_calls,
        )

    async def portal(self, request: Request) -> Response:
        await self._controls.revcent.lookups.refreshed(self._controls.questions())
        world = _World(self._controls, request)
        portal_id = request.path_params["portal_id"]
        found = [portal for portal in world.objects("customer_portal") if portal["id"] == portal_id]
        if not found:
            message = "This account holds no such portal."
            return self._page("missing.html", world, status=404, message=message)
        mails = [_mail(kind, mail) for kind, mail in found[0]["customer_emails"].items()]
        return self._page("portal.html", world, portal=world.portal(found[0]), mails=mails, code=SAMPLE_CODE)

    def _page(self, template: str, world: _World, *, status: int = 200, **values: Any) -> Response:
        text = self._templates.get_template(template).render(
            worlds=world.all(), account=world.account, mode=world.mode, home=world.link("/"), **values
        )
        return HTMLResponse(text, status, headers=_HEADERS)


class _World:
    """What one page is about: the live or the test objects of one account, as its address says."""

    def __init__(self, controls: Controls, request: Request) -> None:
        self._controls = controls
        self.account = request.query_params.get("account", "default")
        self.mode = request.query_params.get("mode", "live")
        self._objects: dict[str, list[dict[str, Any]]] = {}

    def objects(self, entity: str) -> list[dict[str, Any]]:
        if entity not in self._objects:
            self._objects[entity] = self._controls.objects(entity, self.account, self.mode)
        return self._objects[entity]

    def link(self, path: str) -> str:
        return _link(path, self.account, self.mode)

    def all(self) -> list[dict[str, Any]]:
        return [
            {
                "account": account,
                "mode": mode,
                "link": _link("/", account, mode),
                "current": (account, mode) == (self.account, self.mode),
            }
            for account, mode in self._controls.worlds
        ]

    def _name(self, entity: str, object_id: str | None, field: str = "name") -> str:
        names = {each["id"]: each[field] for each in self.objects(entity)}
        return str(names.get(object_id, object_id))

    def _filter(self, portal: dict[str, Any], entity: str) -> list[str]:
        return [self._name(entity, object_id) for object_id in portal["customer_filters"][entity]]

    def card(self, portal: dict[str, Any]) -> dict[str, Any]:
        permissions = portal["customer_permissions"]
        return {
            **portal,
            "link": self.link(f"/portals/{portal['id']}"),
            "domain": self._name("tracking_domain", portal["tracking_domain"], "domain"),
            "profile": self._name("smtp_profile", portal["smtp_profile"]),
            "audience": words.audience(self._filter(portal, "campaign"), self._filter(portal, "third_party_shop")),
            "allowed": [name for name, allowed in permissions.items() if allowed],
            "all": len(permissions),
        }

    def domain(self, domain: dict[str, Any]) -> dict[str, Any]:
        return {
            **domain,
            "certificate": words.state(domain["ssl_status"]),
            "dns": words.state(domain["dns_status"]),
            "waiting": self._controls.waiting(domain["id"], self.account, self.mode),
            "records": [*domain["a_records"], *domain["cname_records"]],
        }

    def parameter_set(self, parameter_set: dict[str, Any]) -> dict[str, Any]:
        return {
            **parameter_set,
            "parameters": [
                (each["url_parameter"], each["metadata_name"] or each["url_parameter"])
                for each in parameter_set["url_parameters"]
            ],
            "domains": [
                domain["domain"]
                for domain in self.objects("tracking_domain")
                if parameter_set["id"] in domain["url_parameter_sets"]
            ],
        }

    def portal(self, portal: dict[str, Any]) -> dict[str, Any]:
        campaign = portal["campaign"] and self._name("campaign", portal["campaign"])
        return {
            **self.card(portal),
            "display_name": portal["display_name"].strip() or portal["name"],
            "address": portal["url"],
            "logo": portal["logo"] if portal["logo"].startswith("https://") else "",
            "groups": words.actions(portal["customer_permissions"]),
            "denied": words.denied(portal["customer_permissions"]),
            "footer": _FOOTER + portal["footer_html"] if portal["footer_html"].strip() else "",
            "campaigns": self._filter(portal, "campaign"),
            "shops": self._filter(portal, "third_party_shop"),
            "strangers": words.strangers(admitted=portal["create_non_existing_customer"], campaign=campaign),
            "site_key": portal["recaptcha"]["site_key"],
            "created": _time(portal["created_date"], "%d %B %Y, %H:%M UTC"),
        }


def _mail(kind: str, mail: dict[str, Any]) -> dict[str, Any]:
    return {**mail, "kind": _MAIL_KINDS[kind], "html": _FRAME + EMAIL_CODE.sub(SAMPLE_CODE, mail["html"])}


def _call(call: dict[str, Any]) -> dict[str, Any]:
    return {**call, "time": _time(call["at"], "%H:%M:%S"), "answer": words.answer(call["status"], call["fault"])}


def _time(seconds: float, form: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


def _link(path: str, account: str, mode: str) -> str:
    if (account, mode) == ("default", "live"):
        return path
    return f"{path}?{urlencode({'account': account, 'mode': mode})}"
