"""The client against the sandbox over real HTTP: two readings of RevCent's documentation must understand each other."""

from __future__ import annotations

import dataclasses
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.clock import ManualClock
from pulumi_revcent_portal.api.contract import Contract, status_kind
from pulumi_revcent_portal.api.errors import (
    BadAnswer,
    KeyRefused,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    RevCentError,
    ServerFailed,
    Unreachable,
)
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PASSWORD = "hunter22 & co"
SECRET_KEY = "6LeSecretSecretSecretSecretSecretSecret1"
US = "campaignAcmeUS000001"
SHOP = "shopAcmeWoo000000001"
PERMISSIONS = dict.fromkeys(
    [
        "contact_modify",
        "credit_card_add",
        "credit_card_remove",
        "credit_card_set_default",
        "shipping_modify_ship_to",
        "subscription_renew",
        "subscription_activate",
        "subscription_suspend",
        "subscription_cancel",
        "trial_expire",
        "trial_cancel",
        "salvage_transaction_process",
    ],
    False,
)
EMAIL = {
    "from_address": "portal@acme.com",
    "from_name": "Acme",
    "subject": "Your code",
    "cc": ["a@acme.com"],
    "bcc": [],
    "html": "<p>{{email_code}}</p>",
}
PROFILE = {
    "name": "Acme mail",
    "description": "d",
    "enabled": True,
    "host": "smtp.acme.com",
    "port": 587,
    "secure": "starttls",
    "username": "portal@acme.com",
    "password": PASSWORD,
}

MORE: dict[str, Any] = {
    f"{entity}.{action}": {}
    for entity, action in [
        ("tracking_domain", "delete"),
        ("smtp_profile", "delete"),
        ("smtp_profile", "get"),
        ("smtp_profile", "list"),
        ("customer_portal", "delete"),
        ("url_parameter_set", "delete"),
    ]
}
DATED = {
    f"{entity}.list": {"query": {"date_start": "0", "date_end": "now"}}
    for entity in ("tracking_domain", "customer_portal", "campaign", "third_party_shop", "url_parameter_set")
}
MAIL_KEYS = {"host": "server", "port": "smtp_port", "secure": "encryption", "username": "user", "password": "pass"}
PORTAL_KEYS = {
    "customer_emails.confirmation": "account_confirmation",
    "customer_emails.password_reset": "password_reset",
    "customer_emails.confirmation.html": "template_html",
    "customer_emails.password_reset.html": "template_html",
    "customer_filters": "customer_filter",
    "footer_html": "footer",
    "campaign": "campaign_id",
}
RESPELT: dict[str, Any] = {
    "smtp_profile.create": {"keys": MAIL_KEYS},
    "smtp_profile.edit": {"keys": MAIL_KEYS},
    "customer_portal.create": {"keys": PORTAL_KEYS},
    "customer_portal.edit": {"keys": PORTAL_KEYS},
    "tracking_domain.create": {"keys": {"domain": "domain_name"}},
}

WORDS = {"not_initialized": "New", "pending": "in-progress", "issued": "ACTIVE", "complete": "Verified"}
SWITCHES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "as documented": ({}, {}),
    "errors with HTTP 200": ({"error_style": "ok"}, {}),
    "references as strings": ({"references": "string"}, {}),
    "other keys": ({"spelling": "alternative"}, RESPELT),
    "other record keys": ({"record_spelling": "alternative"}, {}),
    "other record keys still": ({"record_spelling": {"name": "hostname", "value": "points_to"}}, {}),
    "other status words": ({"status_words": WORDS}, {}),
    "delete and mail profiles": ({"delete": True, "smtp_get": True}, MORE),
    "slim lists": ({"slim_lists": True}, {}),
    "totals in lists": ({"list_extra": True}, {}),
    "dates in lists": ({"list_dates": True}, DATED),
    "addresses of portals": ({"url": True}, {}),
    "messages that repeat the request": ({"echo": True}, {}),
    "messages that repeat the request, with HTTP 200": ({"echo": True, "error_style": "ok"}, {}),
    "everything": (
        {
            "error_style": "ok",
            "references": "string",
            "spelling": "alternative",
            "record_spelling": "alternative",
            "status_words": WORDS,
            "delete": True,
            "smtp_get": True,
            "slim_lists": True,
            "list_extra": True,
            "list_dates": True,
            "url": True,
            "echo": True,
        },
        MORE | RESPELT | DATED | {"smtp_profile.list": DATED["campaign.list"]},
    ),
}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.reset()
    return running


@pytest.fixture
def clients(sandbox: Sandbox) -> Iterator[Any]:
    """Return a function that makes clients, and close them at the end."""
    made: list[Client] = []

    def make(contract: Contract | None = None, **settings: Any) -> Client:
        default = Settings(api_key=sandbox.api_key, base_url=sandbox.api_url, max_retries=2)
        made.append(Client(dataclasses.replace(default, **settings), contract=contract, clock=ManualClock()))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture(params=SWITCHES)
def switched(request: pytest.FixtureRequest, sandbox: Sandbox, clients: Any, tmp_path: Path) -> Client:
    """Return a client of a sandbox with its switches set, that knows of them what a contract file can say."""
    switches, operations = SWITCHES[request.param]
    sandbox.switch(**switches)
    path = tmp_path / "contract.json"
    path.write_text(json.dumps({"format": 1, "operations": operations}), encoding="utf-8")
    client: Client = clients(Contract.load(path))
    return client


def portal_settings(domain: str, profile: str) -> dict[str, Any]:
    return {
        "name": "Acme portal",
        "description": "d",
        "enabled": True,
        "tracking_domain": domain,
        "smtp_profile": profile,
        "recaptcha": {"site_key": "6LeSiteSiteSiteSiteSiteSiteSiteSiteSite1", "secret_key": SECRET_KEY},
        "customer_emails": {"confirmation": EMAIL, "password_reset": EMAIL},
        "customer_permissions": PERMISSIONS | {"contact_modify": True},
        "customer_filters": {"campaign": [US], "third_party_shop": [SHOP]},
        "display_name": "Acme",
        "footer_html": "<a href='https://acme.com'>Terms</a>",
        "create_non_existing_customer": True,
        "campaign": US,
    }


def ready_domain(client: Client) -> str:
    domain = client.create("tracking_domain", {"name": "acme.com", "domain": "acme.com", "description": "d"}).id
    client.act("tracking_domain", domain, "initialize_ssl")
    client.act("tracking_domain", domain, "initialize_dns")
    return domain


def whole(client: Client) -> tuple[str, str, str]:
    """Create a domain, a profile and a portal."""
    domain = ready_domain(client)
    profile = client.create("smtp_profile", PROFILE).id
    return domain, profile, client.create("customer_portal", portal_settings(domain, profile)).id


def without(settings: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in names}


# --- every operation, whatever the switches -------------------------------------------------------------------


def test_a_tracking_domain_from_its_creation_to_its_end(sandbox: Sandbox, switched: Client) -> None:
    tags = switched.create(
        "url_parameter_set", {"name": "tags", "url_parameters": [{"url_parameter": "a", "metadata_name": "b"}]}
    )
    settings = {"name": "Acme", "domain": "acme.com", "description": "d", "url_parameter_sets": [tags.id]}
    created = switched.create("tracking_domain", settings)
    assert len(created.id) == 20
    assert created.call_id is not None
    assert [record["type"] for record in created.fields["a_records"]] == ["A"] * len(created.fields["a_records"])
    read = switched.get("tracking_domain", created.id)
    assert read == settings | {
        "id": created.id,
        "a_records": created.fields["a_records"],
        "cname_records": [],
        "ssl_status": read["ssl_status"],
        "dns_status": read["dns_status"],
        "created_date": read["created_date"],
    }
    assert status_kind(read["ssl_status"]) == "pending"
    assert isinstance(read["created_date"], int)
    started = switched.act("tracking_domain", created.id, "initialize_ssl")
    assert [record["type"] for record in started["cname_records"]] == ["CNAME"] * len(started["cname_records"])
    assert started["cname_records"]
    switched.act("tracking_domain", created.id, "initialize_dns")
    ready = switched.get("tracking_domain", created.id)
    assert status_kind(ready["ssl_status"]) == status_kind(ready["dns_status"]) == "ready"
    switched.edit("tracking_domain", created.id, {"name": "Renamed", "url_parameter_sets": []})
    stored = sandbox.object("tracking_domain", created.id)
    assert (stored["name"], list(stored["url_parameter_sets"]), stored["domain"]) == ("Renamed", [], "acme.com")
    if switched.contract.supports("tracking_domain", "delete"):
        switched.delete("tracking_domain", created.id)
        assert sandbox.objects("tracking_domain") == []


def test_a_mail_profile_from_its_creation_to_its_end(sandbox: Sandbox, switched: Client) -> None:
    created = switched.create("smtp_profile", PROFILE)
    stored = sandbox.object("smtp_profile", created.id)
    assert without(stored, "id", "password", "created_date") == without(PROFILE, "password")
    switched.edit("smtp_profile", created.id, {"port": 465.0, "secure": "tls", "enabled": False})
    stored = sandbox.object("smtp_profile", created.id)
    assert (stored["port"], stored["secure"], stored["enabled"]) == (465, "tls", False)
    if switched.contract.supports("smtp_profile", "get"):
        read = switched.get("smtp_profile", created.id)
        expected = without(PROFILE, "password") | {"port": 465, "secure": "tls", "enabled": False}
        assert without(read, "id") == expected
        found = switched.find("smtp_profile", "Acme mail")
        assert found is not None
        assert found["id"] == created.id
        switched.delete("smtp_profile", created.id)
        assert sandbox.objects("smtp_profile") == []


def test_a_portal_from_its_creation_to_its_end(sandbox: Sandbox, switched: Client) -> None:
    domain, profile, portal = whole(switched)
    settings = portal_settings(domain, profile)
    read = switched.get("customer_portal", portal)
    seen = without(read, "id", "created_date", "logo", "url")
    assert seen == settings | {"recaptcha": without(settings["recaptcha"], "secret_key")}
    assert read["id"] == portal
    assert isinstance(read["created_date"], int)
    assert read.get("url", "https://").startswith("https://")
    assert SECRET_KEY not in str(read)
    change = {
        "name": "Renamed",
        "enabled": False,
        "customer_filters": {"campaign": [], "third_party_shop": [SHOP]},
        "customer_emails": {"confirmation": EMAIL | {"cc": []}, "password_reset": EMAIL | {"html": "{{email_code}}!"}},
        "customer_permissions": PERMISSIONS,
    }
    switched.edit("customer_portal", portal, change)
    seen = switched.get("customer_portal", portal)
    assert {name: seen[name] for name in change} == change
    assert seen["footer_html"] == settings["footer_html"]
    if switched.contract.supports("customer_portal", "delete"):
        switched.delete("customer_portal", portal)
        assert sandbox.objects("customer_portal") == []


def test_url_parameter_sets(switched: Client, sandbox: Sandbox) -> None:
    settings = {"name": "n", "description": "d", "enabled": True, "url_parameters": []}
    created = switched.create("url_parameter_set", settings)
    switched.edit("url_parameter_set", created.id, {"url_parameters": [{"url_parameter": "a", "metadata_name": "b"}]})
    assert switched.get("url_parameter_set", created.id) == settings | {
        "id": created.id,
        "url_parameters": [{"url_parameter": "a", "metadata_name": "b"}],
    }
    if switched.contract.supports("url_parameter_set", "delete"):
        switched.delete("url_parameter_set", created.id)
        assert sandbox.objects("url_parameter_set") == []


def test_campaigns_and_shops_are_found_by_name_over_all_pages(sandbox: Sandbox, switched: Client) -> None:
    wanted = [sandbox.add("campaign", {"name": f"Campaign {number}"}) for number in range(60)]
    assert {item["id"] for item in switched.list("campaign")} >= set(wanted)
    found = switched.find("campaign", "Campaign 59")
    assert found is not None
    assert switched.get("campaign", found["id"])["name"] == "Campaign 59"
    assert switched.find("campaign", "campaign 59") is None
    assert [call["query"]["page"] for call in sandbox.calls if call["action"] == "list"] == ["1", "2", "3"]
    shop = switched.find("third_party_shop", "acme-woo")
    assert shop is not None
    assert switched.get("third_party_shop", shop["id"])["url"] == "https://shop.acme.example"


def test_own_writes_are_in_the_lists(sandbox: Sandbox, switched: Client) -> None:
    assert switched.list("customer_portal") == []
    _, _, portal = whole(switched)
    assert [(item["id"], item["name"]) for item in switched.list("customer_portal")] == [(portal, "Acme portal")]
    switched.edit("customer_portal", portal, {"name": "Renamed"})
    assert switched.find("customer_portal", "Renamed") is not None
    lists = [call for call in sandbox.calls if (call["entity"], call["action"]) == ("customer_portal", "list")]
    assert len(lists) == 1
    fresh = switched.find("customer_portal", "Renamed", fresh=True)
    assert fresh is not None
    assert fresh["id"] == portal


def test_refusals_are_told_apart_and_hold_no_secret(sandbox: Sandbox, switched: Client) -> None:
    domain, profile, portal = whole(switched)
    new = sandbox.add("tracking_domain", {"domain": "other.com"})
    settings = portal_settings(domain, profile)
    absent = "Absent78901234567890"
    attempts: list[tuple[type[RevCentError], Any]] = [
        (Refused, lambda: switched.create("customer_portal", settings)),
        (Refused, lambda: switched.create("smtp_profile", PROFILE)),
        (Refused, lambda: switched.create("tracking_domain", {"name": "acme.com", "domain": "acme.com"})),
        (Refused, lambda: switched.create("customer_portal", settings | {"name": "2", "tracking_domain": absent})),
        (Refused, lambda: switched.create("customer_portal", settings | {"name": "2", "tracking_domain": new})),
        (Refused, lambda: switched.edit("customer_portal", portal, {"smtp_profile": absent})),
        (Refused, lambda: switched.edit("customer_portal", portal, {"customer_filters": {"campaign": [absent]}})),
        (Refused, lambda: switched.edit("customer_portal", portal, {"campaign": absent})),
        (NotFound, lambda: switched.get("customer_portal", absent)),
        (NotFound, lambda: switched.edit("customer_portal", absent, {"enabled": False})),
        (NotFound, lambda: switched.edit("customer_portal", absent, settings)),
        (NotFound, lambda: switched.edit("smtp_profile", absent, {"password": PASSWORD})),
        (NotFound, lambda: switched.act("tracking_domain", absent, "initialize_ssl")),
        (NotFound, lambda: switched.get("campaign", absent)),
    ]
    if switched.contract.supports("customer_portal", "delete"):
        attempts.append((NotFound, lambda: switched.delete("customer_portal", absent)))
    for number, (kind, attempt) in enumerate(attempts):
        with pytest.raises(RevCentError) as caught:
            attempt()
        assert type(caught.value) is kind, f"attempt {number}: {caught.value!r}"
        assert caught.value.api_call_id is not None
        assert not caught.value.ambiguous
        text = f"{caught.value} {caught.value!r} {vars(caught.value)}"
        for secret in (PASSWORD, SECRET_KEY, sandbox.api_key):
            assert secret not in text
    assert len(sandbox.objects("customer_portal")) == len(sandbox.objects("smtp_profile")) == 1


@pytest.mark.parametrize("style", ["http", "ok"])
def test_keys_are_told_apart(sandbox: Sandbox, clients: Any, style: str) -> None:
    client = clients()
    _, _, portal = whole(client)
    sandbox.switch(error_style=style, echo=True)
    narrow = clients(api_key=sandbox.add_key("narrow", allow=["GetCustomerPortal"]))
    assert narrow.get("customer_portal", portal)["id"] == portal
    with pytest.raises(PermissionMissing):
        narrow.edit("customer_portal", portal, {"enabled": False})
    assert narrow.may_list("campaign")
    with pytest.raises(PermissionMissing, match="no permission to list the campaigns"):
        narrow.find("campaign", "Acme US")
    assert not narrow.may_list("campaign")
    for other in (sandbox.add_key("other", account="other"), sandbox.add_key("test", mode="test")):
        stranger = clients(api_key=other)
        assert stranger.list("customer_portal") == []
        with pytest.raises(NotFound):
            stranger.get("customer_portal", portal)
    revoked = sandbox.add_key("revoked")
    sandbox.revoke(revoked)
    for key in (revoked, "sandbox-live-no-such-key"):
        with pytest.raises(KeyRefused) as caught:
            clients(api_key=key).get("customer_portal", portal)
        assert key not in f"{caught.value!r}"


def test_four_threads_share_client_and_lists(sandbox: Sandbox, clients: Any) -> None:
    client = clients()

    def work(number: int) -> tuple[str, str]:
        name = f"Acme {number}"
        made = client.create("tracking_domain", {"name": name, "domain": f"acme{number}.com"}).id
        client.edit("tracking_domain", made, {"description": name})
        found = client.find("tracking_domain", name)
        client.find("campaign", "Acme US")
        return made, found["id"]

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(24)))
    assert all(made == found for made, found in done)
    stored = {entry["id"]: entry["description"] for entry in sandbox.objects("tracking_domain")}
    assert stored == {made: f"Acme {number}" for number, (made, _) in enumerate(done)}
    for entity in ("campaign", "tracking_domain"):
        assert sum((call["entity"], call["action"]) == (entity, "list") for call in sandbox.calls) == 1
    assert client.requests_made == len(sandbox.calls)


# --- answers that differ from what was sent --------------------------------------------------------------------


def test_normalised_answers_and_fields_left_out(sandbox: Sandbox, clients: Any) -> None:
    client = clients()
    domain, profile, _ = whole(client)
    sandbox.switch(normalise=True, omit=["footer_html", "customer_emails.confirmation.html", "campaign"])
    odd = portal_settings(domain, profile) | {"name": "Odd", "footer_html": "  x  "}
    odd["customer_emails"] = {"confirmation": EMAIL | {"from_address": "Portal@Acme.com"}, "password_reset": EMAIL}
    read = client.get("customer_portal", client.create("customer_portal", odd).id)
    assert "footer_html" not in read
    assert "campaign" not in read
    assert "html" not in read["customer_emails"]["confirmation"]
    assert read["customer_emails"]["password_reset"]["html"] == EMAIL["html"]
    assert read["customer_emails"]["confirmation"]["from_address"] == "portal@acme.com"


# --- faults ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Trouble:
    """A fault, and what becomes of a create that meets it."""

    fault: str
    error: type[RevCentError]
    done: bool
    parameters: dict[str, Any] = dataclasses.field(default_factory=dict)


TROUBLES = [
    Trouble("drop_before", Unreachable, done=False),
    Trouble("drop_after", Unreachable, done=True),
    Trouble("truncated", Unreachable, done=True),
    Trouble("not_json", BadAnswer, done=True),
    Trouble("empty", BadAnswer, done=True),
    Trouble("empty", ServerFailed, done=True, parameters={"status": 502}),
    Trouble("status", ServerFailed, done=False, parameters={"status": 500, "work": False}),
    Trouble("status", ServerFailed, done=True, parameters={"status": 503, "work": True}),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_a_create_is_sent_once_when_it_may_have_worked(sandbox: Sandbox, clients: Any, trouble: Trouble) -> None:
    client = clients()
    sandbox.fault(trouble.fault, method="POST", **trouble.parameters)
    with pytest.raises(trouble.error) as caught:
        client.create("smtp_profile", PROFILE)
    assert type(caught.value) is trouble.error
    assert caught.value.ambiguous
    assert len(sandbox.calls) == 1
    assert len(sandbox.objects("smtp_profile")) == int(trouble.done)


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_gets_edits_and_lists_get_over_faults(sandbox: Sandbox, clients: Any, trouble: Trouble) -> None:
    client = clients()
    domain = ready_domain(client)
    attempts: list[Callable[[], Any]] = [
        lambda: client.get("tracking_domain", domain),
        lambda: client.edit("tracking_domain", domain, {"name": "Renamed"}),
        lambda: client.list("campaign"),
    ]
    for attempt in attempts:
        sandbox.clear_calls()
        sandbox.fault(trouble.fault, **trouble.parameters)
        attempt()
        assert len(sandbox.calls) == 2
    assert sandbox.object("tracking_domain", domain)["name"] == "Renamed"


def test_a_lost_delete_is_repeated_and_has_worked(sandbox: Sandbox, clients: Any, tmp_path: Path) -> None:
    sandbox.switch(delete=True)
    path = tmp_path / "contract.json"
    path.write_text(json.dumps({"format": 1, "operations": MORE}), encoding="utf-8")
    client = clients(Contract.load(path))
    domain = ready_domain(client)
    sandbox.fault("drop_after", path="delete")
    client.delete("tracking_domain", domain)
    assert sandbox.objects("tracking_domain") == []
    with pytest.raises(NotFound):
        client.delete("tracking_domain", domain)


@pytest.mark.parametrize("wait", ["3", None])
def test_too_many_requests_are_waited_out_even_by_a_create(sandbox: Sandbox, clients: Any, wait: str | None) -> None:
    client = clients()
    sandbox.fault("rate_limit", times=2, retry_after=wait)
    assert client.create("smtp_profile", PROFILE).id == sandbox.objects("smtp_profile")[0]["id"]
    assert len(sandbox.calls) == 3
    sandbox.fault("rate_limit", times=None)
    with pytest.raises(RateLimited):
        client.get("tracking_domain", "Absent78901234567890")


def test_a_slow_answer_is_not_waited_for_longer_than_configured(sandbox: Sandbox, clients: Any) -> None:
    client = clients(timeout=0.2, max_retries=0)
    sandbox.fault("delay", seconds=1.0)
    with pytest.raises(Unreachable, match="revcent:timeout") as caught:
        client.create("smtp_profile", PROFILE)
    assert caught.value.ambiguous
    assert len(sandbox.objects("smtp_profile")) == 1


def test_nothing_secret_is_logged(sandbox: Sandbox, clients: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        whole(clients())
    assert caplog.records
    for secret in (PASSWORD, SECRET_KEY, sandbox.api_key):
        assert secret not in caplog.text
