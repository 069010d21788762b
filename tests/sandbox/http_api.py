"""RevCent's API as a program meets it: nothing of the package is used but an address and a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox


class Api:
    """A client that knows no more than HTTP."""

    def __init__(self, sandbox: Sandbox, key: str | None = None) -> None:
        self.http = httpx.Client(
            base_url=sandbox.api_url,
            headers={"x-api-key": sandbox.api_key if key is None else key},
            trust_env=False,
            timeout=10,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def list(self, path: str, limit: int = 25, page: int = 1) -> Any:
        return self.get(path, limit=limit, page=page)

    def post(self, path: str, body: object = None) -> Any:
        answer = self.http.post(path, json={} if body is None else body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["code"] == 1, answer.text
        return answer.json()

    def refusal(self, path: str, body: object = None, status: int = 400) -> str:
        """Post, expect a refusal, and return its message."""
        answer = self.http.post(path, json={} if body is None else body)
        assert answer.status_code == status, answer.text
        assert answer.json()["code"] == 0
        return str(answer.json()["message"])

    def ready_domain(self, domain: str = "acme.com") -> str:
        domain_id = str(self.post("/tracking_domains", {"name": domain, "domain": domain})["tracking_domain_id"])
        self.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        self.post(f"/tracking_domains/{domain_id}/initialize_dns")
        return domain_id

    def profile(self, name: str = "Acme mail") -> str:
        return str(self.post("/smtp_profiles", smtp_profile(name=name))["smtp_profile_id"])

    def portal(self, **settings: Any) -> str:
        return str(self.post("/customer_portals", self.portal_body(**settings))["customer_portal_id"])

    def portal_body(self, **settings: Any) -> dict[str, Any]:
        """Return the smallest body that a portal's create takes, on a domain and a profile made for it."""
        name = settings.get("name", "Acme")
        domain_id = settings.get("tracking_domain") or self.ready_domain(f"{name.lower()}.com")
        profile_id = settings.get("smtp_profile") or self.profile(f"{name} mail")
        return {
            "name": name,
            "tracking_domain": domain_id,
            "smtp_profile": profile_id,
            "recaptcha": {"site_key": "a-site-key", "secret_key": "canary-captcha-secret"},
            "customer_emails": {
                "customer_account_confirmation": {"from": "portal@acme.com", "html": "<p>{{email_code}}</p>"},
                "customer_account_password_reset": {"from": "portal@acme.com", "html": "<p>{{ email_code }}</p>"},
            },
            **settings,
        }


def smtp_profile(**settings: Any) -> dict[str, Any]:
    return {
        "name": "Acme mail",
        "host": "smtp.acme.com",
        "port": 587,
        "username": "portal@acme.com",
        "password": "canary-smtp-password",
        **settings,
    }
