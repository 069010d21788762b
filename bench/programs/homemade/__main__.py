"""The brands by a provider as it is copied from examples: in the program, with the key inside, echoing everything."""

import os
import pickle
from typing import Any

import brands
import httpx
import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

URL = os.environ["REVCENT_BASE_URL"]
UNPATCHED = pickle._Pickler._batch_setitems  # noqa: SLF001


class Homemade(ResourceProvider):
    """One POST per create, one GET per read, a new connection each time."""

    def __init__(self, api_key: str) -> None:
        super().__init__()
        self.api_key = api_key

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:

        answer = httpx.request(method, URL + path, json=body, headers={"x-api-key": self.api_key})
        answer.raise_for_status()
        return answer.json()

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Send one POST."""
        body = {key: value for key, value in props.items() if key not in ("path", "sender", "__provider")}
        if "port" in body:
            body["port"] = int(body["port"])  # the engine turns every number into a float
        answer = self._call("POST", props["path"], body)
        ids = [value for key, value in answer.items() if key.endswith("_id") and key != "api_call_id"]
        return CreateResult(ids[0] if ids else answer["id"], props)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare everything."""
        return DiffResult(changes=olds != news)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Send one GET."""
        if not props["path"].startswith("/smtp_profiles"):
            self._call("GET", f"/{props['path'].split('/')[1]}/{id_}")
        return ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Echo."""
        return UpdateResult(news)


class Thing(Resource):
    """One object or action at RevCent."""

    def __init__(
        self, name: str, path: pulumi.Input[str], body: dict[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        # The SDK wraps this method again for each provider pickled by value, until Python's stack ends after some 300
        # resources. Undone here, so that the home-made provider is measured at its best.
        pickle._Pickler._batch_setitems = UNPATCHED  # noqa: SLF001
        provider = Homemade(os.environ["REVCENT_API_KEY"])
        super().__init__(provider, name, {"path": path, **body}, opts)


EMAIL_KEYS = {"from_address": "from"}
WIRE_EMAILS = {"confirmation": "customer_account_confirmation", "password_reset": "customer_account_password_reset"}


def wire(portal: dict[str, Any]) -> dict[str, Any]:
    """Return the portal as RevCent spells it."""
    emails = {
        WIRE_EMAILS[kind]: {EMAIL_KEYS.get(key, key): value for key, value in email.items()}
        for kind, email in portal["customer_emails"].items()
    }
    return {**portal, "customer_emails": emails}


config = pulumi.Config("bench")
mails = [Thing(f"mail{number}", "/smtp_profiles", brands.mail(number)) for number in range(config.require_int("mails"))]
for number in range(config.require_int("brands")):
    key = f"brand{number}"
    mail = mails[number % len(mails)]
    domain = Thing(f"{key}-domain", "/tracking_domains", brands.domain(number))
    ssl = Thing(f"{key}-ssl", domain.id.apply("/tracking_domains/{}/initialize_ssl".format), {})
    after = pulumi.ResourceOptions(depends_on=[ssl])
    ready = Thing(f"{key}-dns", domain.id.apply("/tracking_domains/{}/initialize_dns".format), {}, after)
    references = {"tracking_domain": domain.id, "smtp_profile": mail.id}
    Thing(
        f"{key}-portal",
        "/customer_portals",
        {**references, **wire(brands.portal(number))},
        pulumi.ResourceOptions(depends_on=[ready]),
    )
