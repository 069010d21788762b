"""The hands behind the scenes: objects made, changed and removed past the API; keys; time; seeds; the way back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pulumi_revcent_portal.sandbox import Sandbox, SeedError
from pulumi_revcent_portal.sandbox.controls import Controls

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.http_api import Api


class TestObjects:
    def test_added_objects_are_seen_through_the_api(self, sandbox: Sandbox, api: Api) -> None:
        campaign_id = sandbox.add("campaign", {"name": "Cirrus"})
        assert api.get(f"/campaigns/{campaign_id}")["name"] == "Cirrus"
        assert api.get(f"/campaigns/{campaign_id}")["enabled"] is True

    def test_an_id_can_be_chosen_once(self, sandbox: Sandbox) -> None:
        assert sandbox.add("campaign", {"id": "a" * 20, "name": "A"}) == "a" * 20
        with pytest.raises(ValueError, match="is in use"):
            sandbox.add("campaign", {"id": "a" * 20, "name": "B"})
        with pytest.raises(ValueError, match="20 letters and digits"):
            sandbox.add("campaign", {"id": "short", "name": "B"})

    def test_a_domain_made_by_hand(self, sandbox: Sandbox, api: Api) -> None:
        raw = sandbox.add("tracking_domain", {"domain": "raw.com"})
        ready = sandbox.add("tracking_domain", {"name": "ready.com", "ssl_status": "issued", "dns_status": "complete"})
        assert sandbox.object("tracking_domain", raw)["name"] == "raw.com"
        assert sandbox.object("tracking_domain", raw)["cname_records"] == []
        stored = sandbox.object("tracking_domain", ready)
        assert stored["domain"] == "ready.com"
        assert len(stored["cname_records"]) == 2
        assert api.portal(tracking_domain=ready)

    def test_a_portal_made_by_hand_is_complete(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = sandbox.add(
            "customer_portal",
            {"name": "By hand", "recaptcha": {"secret_key": "canary"}, "customer_permissions": {"trial_cancel": True}},
        )
        stored = sandbox.object("customer_portal", portal_id)
        assert len(stored["customer_permissions"]) == 12
        assert stored["customer_permissions"]["trial_cancel"] is True
        assert stored["customer_emails"]["confirmation"]["html"] == ""
        assert stored["recaptcha"]["secret_key"].startswith("sha256:")
        assert api.get(f"/customer_portals/{portal_id}")["name"] == "By hand"

    def test_changes_are_merged(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal(customer_permissions={"trial_cancel": True, "trial_expire": True})
        before = sandbox.object("customer_portal", portal_id)
        sandbox.change(
            "customer_portal",
            portal_id,
            {
                "customer_permissions": {"trial_cancel": False},
                "customer_emails": {"confirmation": {"cc": ["x@acme.com"]}},
                "recaptcha": {"secret_key": "another"},
            },
        )
        after = sandbox.object("customer_portal", portal_id)
        assert after["customer_permissions"] == {**before["customer_permissions"], "trial_cancel": False}
        assert after["customer_emails"]["confirmation"] == {
            **before["customer_emails"]["confirmation"],
            "cc": ["x@acme.com"],
        }
        assert re.fullmatch("sha256:[0-9a-f]{64}", after["recaptcha"]["secret_key"])
        assert after["recaptcha"]["secret_key"] != before["recaptcha"]["secret_key"]
        assert after["recaptcha"]["site_key"] == before["recaptcha"]["site_key"]

    def test_a_secret_that_was_not_touched_stays(self, sandbox: Sandbox, api: Api) -> None:
        profile_id = api.profile()
        before = sandbox.object("smtp_profile", profile_id)["password"]
        sandbox.change("smtp_profile", profile_id, {"host": "other.acme.com"})
        assert sandbox.object("smtp_profile", profile_id)["password"] == before

    def test_objects_are_copies(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal()
        sandbox.object("customer_portal", portal_id)["recaptcha"]["site_key"] = "changed"
        assert sandbox.object("customer_portal", portal_id)["recaptcha"]["site_key"] == "a-site-key"

    def test_removed_objects_are_gone(self, sandbox: Sandbox, api: Api) -> None:
        portal_id = api.portal()
        sandbox.remove("customer_portal", portal_id)
        assert api.http.get(f"/customer_portals/{portal_id}").status_code == 404
        with pytest.raises(KeyError, match="no customer_portal"):
            sandbox.object("customer_portal", portal_id)
        with pytest.raises(KeyError):
            sandbox.change("customer_portal", portal_id, {})
        with pytest.raises(KeyError):
            sandbox.remove("customer_portal", portal_id)

    def test_misspelt_names_are_refused(self, sandbox: Sandbox) -> None:
        with pytest.raises(ValueError, match=r"no entity 'portal'.*customer_portal"):
            sandbox.objects("portal")
        with pytest.raises(ValueError, match=r"no field 'hots'.*host"):
            sandbox.add("smtp_profile", {"hots": "h"})
        with pytest.raises(ValueError, match=r"customer_portal\.recaptcha has no field 'secret'"):
            sandbox.add("customer_portal", {"recaptcha": {"secret": "x"}})

    @pytest.mark.parametrize(
        ("entity", "fields", "wrong"),
        [
            ("smtp_profile", {"port": "587"}, "smtp_profile.port must be an integer"),
            ("customer_portal", {"recaptcha": None}, "customer_portal.recaptcha must be an object"),
            ("customer_portal", {"tracking_domain": "acme.com"}, "tracking_domain must be an ID"),
            (
                "tracking_domain",
                {"a_records": [{"type": "A", "host": "x"}]},
                "a_records must be an array of DNS records",
            ),
        ],
    )
    def test_values_that_do_not_fit_are_refused(
        self, sandbox: Sandbox, entity: str, fields: dict[str, Any], wrong: str
    ) -> None:
        with pytest.raises(ValueError, match=wrong):
            sandbox.add(entity, fields)

    def test_records_and_references_can_be_set(self, sandbox: Sandbox, api: Api) -> None:
        records = [{"type": "A", "name": "acme.com", "value": "192.0.2.1"}]
        domain_id = sandbox.add("tracking_domain", {"domain": "acme.com", "a_records": records})
        assert api.get(f"/tracking_domains/{domain_id}")["a_records"] == records
        portal_id = api.portal(name="Bolt", campaign="campaignBolt00000001")
        sandbox.change("customer_portal", portal_id, {"campaign": None})
        assert api.get(f"/customer_portals/{portal_id}")["campaign"] is None


class TestKeys:
    def test_a_limited_key(self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]) -> None:
        portal_id = api.portal()
        limited = api_with(sandbox.add_key("reader", allow=["GetCustomerPortal"]))
        assert limited.get(f"/customer_portals/{portal_id}")["id"] == portal_id
        answer = limited.http.get("/campaigns", params={"limit": 1, "page": 1})
        assert (answer.status_code, answer.json()["error_code"]) == (403, "permission_denied")
        assert "GetCampaigns" in answer.json()["message"]
        assert sandbox.calls[-1]["key_name"] == "reader"

    def test_another_account_sees_nothing_of_this_one(
        self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]
    ) -> None:
        portal_id = api.portal()
        other = api_with(sandbox.add_key("other", account="other"))
        assert other.http.get(f"/customer_portals/{portal_id}").status_code == 404
        assert other.list("/campaigns")["results"] == []
        other.ready_domain("acme.com")
        assert [item["domain"] for item in sandbox.objects("tracking_domain", account="other")] == ["acme.com"]

    def test_a_test_key_sees_the_test_objects_of_the_account(
        self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]
    ) -> None:
        portal_id = api.portal()
        test = api_with(sandbox.add_key("test", mode="test"))
        assert test.http.get(f"/customer_portals/{portal_id}").status_code == 404
        assert [item["name"] for item in test.list("/campaigns")["results"]] == ["Acme US", "Acme EU", "Bolt"]
        test.portal()
        assert len(sandbox.objects("customer_portal", mode="test")) == 1
        assert sandbox.worlds == [("bolt", "live"), ("bolt", "test"), ("default", "live"), ("default", "test")]

    def test_a_revoked_key(self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]) -> None:
        key = sandbox.add_key("gone")
        sandbox.revoke(key)
        answer = api_with(key).http.get("/campaigns", params={"limit": 1, "page": 1})
        assert (answer.status_code, answer.json()["error_code"]) == (401, "invalid_api_key")
        assert "revoked" in answer.json()["message"]
        assert api.list("/campaigns")["current_count"] == 3

    def test_a_key_can_be_chosen(self, sandbox: Sandbox, api_with: Callable[[str], Api]) -> None:
        assert sandbox.add_key("mine", key="my-own-key") == "my-own-key"
        assert api_with("my-own-key").list("/campaigns")["current_count"] == 3

    def test_keys_differ(self, sandbox: Sandbox) -> None:
        assert sandbox.add_key("a") != sandbox.add_key("a")

    def test_what_is_no_key(self, sandbox: Sandbox) -> None:
        with pytest.raises(ValueError, match="live"):
            sandbox.add_key("x", mode="staging")
        with pytest.raises(ValueError, match=r"no operation GetPortal.*GetCustomerPortal"):
            sandbox.add_key("x", allow=["GetPortal"])
        with pytest.raises(ValueError, match="no such key"):
            sandbox.revoke("unknown")


class TestTimeAndReset:
    def test_time_goes_forward_only(self, sandbox: Sandbox, api: Api) -> None:
        before = api.list("/campaigns")["api_call_unix"]
        sandbox.advance(3600)
        assert api.list("/campaigns")["api_call_unix"] - before >= 3600
        assert sandbox.calls[1]["at"] - sandbox.calls[0]["at"] >= 3600
        with pytest.raises(ValueError, match="forward"):
            sandbox.advance(-1)

    def test_reset_brings_everything_back(self, sandbox: Sandbox, api: Api, api_with: Callable[[str], Api]) -> None:
        key = sandbox.add_key("extra")
        sandbox.revoke(sandbox.api_key)
        sandbox.add("campaign", {"name": "Extra"})
        sandbox.switch(delete=True)
        sandbox.fault("status", times=None)
        sandbox.advance(10**6)
        sandbox.reset()
        assert sandbox.calls == []
        assert [item["name"] for item in api.list("/campaigns")["results"]] == ["Acme US", "Acme EU", "Bolt"]
        assert api_with(key).http.get("/campaigns").status_code == 401
        assert sandbox.switches["delete"] is False
        assert sandbox.calls[0]["at"] - sandbox.objects("campaign")[0]["created_date"] < 10


class TestSeeds:
    SEED: ClassVar[dict[str, Any]] = {
        "keys": [
            {"name": "t", "key": "test-key", "mode": "test"},
            {"name": "l", "key": "live-key", "allow": ["GetCampaigns"]},
        ],
        "objects": {
            "campaign": [
                {"name": "Everywhere"},
                {"name": "Live", "mode": "live"},
                {"name": "Other", "account": "other"},
            ],
            "tracking_domain": [{"domain": "acme.com", "ssl_status": "issued"}],
        },
    }

    def names(self, controls: Controls, **world: str) -> list[str]:
        return [item["name"] for item in controls.objects("campaign", **world)]

    def test_a_seed_from_a_mapping(self) -> None:
        controls = Controls(seed=self.SEED)
        assert controls.api_key == "live-key"
        assert self.names(controls) == ["Everywhere", "Live"]
        assert self.names(controls, mode="test") == ["Everywhere"]
        assert self.names(controls, account="other") == ["Other"]
        live, test = controls.objects("campaign")[0], controls.objects("campaign", mode="test")[0]
        assert live["id"] == test["id"]

    def test_a_seed_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "seed.json"
        path.write_text(json.dumps(self.SEED))
        assert self.names(Controls(seed=path)) == ["Everywhere", "Live"]
        assert self.names(Controls(seed=str(path))) == ["Everywhere", "Live"]

    def test_a_seed_is_not_altered(self) -> None:
        before = json.dumps(self.SEED)
        Controls(seed=self.SEED)
        assert json.dumps(self.SEED) == before

    def test_without_a_live_key_there_is_no_default_key(self) -> None:
        with pytest.raises(ValueError, match="no live key"):
            _ = Controls(seed={"keys": [{"name": "t", "key": "k", "mode": "test"}]}).api_key

    @pytest.mark.parametrize(
        ("seed", "message"),
        [
            ({"campaigns": []}, 'object with "keys", "objects", "zones" and "dns_keys"'),
            ([], 'object with "keys"'),
            ({"zones": "acme.example"}, "zones must be an array of domain names"),
            ({"zones": [1]}, "zones must be an array of domain names"),
            ({"zones": ["acme.example", "a..b"]}, r"zones\[1\]: 'a..b' is no domain name"),
            ({"dns_keys": {}}, "dns_keys must be an array"),
            ({"dns_keys": [{"name": "k"}]}, r"dns_keys\[0\] must be an object"),
            ({"dns_keys": [{"name": "k", "secret": "?"}]}, r"dns_keys\[0\]\.secret must be base64"),
            ({"dns_keys": [{"name": "k", "secret": 1}]}, r"dns_keys\[0\]\.secret must be base64"),
            ({"dns_keys": [{"name": "k..", "secret": "AAAA"}]}, "'k..' is no domain name"),
            ({"keys": {}}, "keys must be an array"),
            ({"keys": [{"name": "x"}]}, r"keys\[0\]"),
            ({"keys": [{"name": "x", "key": "k", "rights": []}]}, r"keys\[0\]: .*rights"),
            ({"keys": [{"name": "x", "key": "k", "allow": ["Nothing"]}]}, r"keys\[0\]: There is no operation Nothing"),
            ({"objects": []}, "objects must be an object"),
            ({"objects": {"shop": []}}, "no entity 'shop'"),
            ({"objects": {"campaign": {}}}, r"objects\.campaign must be an array of objects"),
            ({"objects": {"campaign": ["x"]}}, r"objects\.campaign must be an array of objects"),
            ({"objects": {"campaign": [{"title": "x"}]}}, r"objects\.campaign\[0\]: .*no field 'title'"),
            ({"objects": {"campaign": [{"name": "x"}, {"id": "x", "name": "y"}]}}, r"objects\.campaign\[1\]: An ID"),
        ],
    )
    def test_a_wrong_seed_says_where(self, seed: Any, message: str) -> None:
        with pytest.raises(SeedError, match=message):
            Controls(seed=seed)

    def test_an_unreadable_file(self, tmp_path: Path) -> None:
        with pytest.raises(SeedError, match="cannot be read"):
            Controls(seed=tmp_path / "none.json")
        (tmp_path / "bad.json").write_text("{")
        with pytest.raises(SeedError, match=r"bad.json cannot be read"):
            Controls(seed=tmp_path / "bad.json")

    def test_a_wrong_seed_leaves_nothing_running(self, tmp_path: Path) -> None:
        state = tmp_path / "state"
        with pytest.raises(SeedError):
            Sandbox.start(state=state, seed={"objects": {"campaign": [{"title": "x"}]}})
        with Sandbox.start(state=state) as sandbox:
            assert len(sandbox.objects("campaign")) == 3
