"""The life of a tracking domain that is driven by real look-ups, and the rules that hold for one domain only."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from pulumi_revcent_portal.sandbox.controls import Controls
from tests.sandbox.dns_client import Dns
from tests.sandbox.http_api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = "acme.example"


@pytest.fixture(autouse=True)
def _life(sandbox: Sandbox) -> None:
    sandbox.switch(transition={"lookup": {}})


def made(api: Api, domain: str = DOMAIN) -> str:
    return str(api.post("/tracking_domains", {"name": domain, "domain": domain})["tracking_domain_id"])


def publish(sandbox: Sandbox, records: list[dict[str, str]]) -> None:
    by_set: dict[tuple[str, str], list[str]] = {}
    for record in records:
        by_set.setdefault((record["name"], record["type"]), []).append(record["value"])
    for (name, kind), values in by_set.items():
        sandbox.set_record(name, kind, values)


def initialized(sandbox: Sandbox, api: Api, domain: str = DOMAIN) -> tuple[str, list[dict[str, str]]]:
    """Return a domain whose A records are there, and the CNAME records that it now wants."""
    domain_id = made(api, domain)
    publish(sandbox, api.get(f"/tracking_domains/{domain_id}")["a_records"])
    answer = api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
    return domain_id, answer["ssl"]["cname_records"]


def states(api: Api, domain_id: str) -> tuple[str, str]:
    answer = api.get(f"/tracking_domains/{domain_id}")
    return answer["ssl"]["status"], answer["dns"]["status"]


def queries(sandbox: Sandbox, name: str) -> int:
    return len([call for call in sandbox.dns_calls if call["name"] == name])


class TestSteps:
    def test_the_certificate_is_refused_until_every_a_record_is_there(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        path = f"/tracking_domains/{domain_id}/initialize_ssl"
        said = api.refusal(path)
        assert "Missing: A acme.example 203.0.113.10, A acme.example 203.0.113.20." in said
        sandbox.set_record(DOMAIN, "A", ["203.0.113.10", "192.0.2.1"])
        assert "Missing: A acme.example 203.0.113.20." in api.refusal(path)  # at once: what was asked just now is old
        assert states(api, domain_id)[0] == "not_initialized"
        sandbox.set_record(DOMAIN, "A", ["203.0.113.20", "192.0.2.1", "203.0.113.10"])
        assert len(api.post(path)["ssl"]["cname_records"]) == 2
        assert states(api, domain_id)[0] == "pending"
        other = made(api, "bolt.example")
        answer = api.http.post(f"/tracking_domains/{other}/initialize_ssl", json={})
        assert answer.json()["error_code"] == "dns_records_missing"

    def test_the_certificate_comes_three_seconds_after_all_cname_records_were_seen(
        self, sandbox: Sandbox, api: Api
    ) -> None:
        domain_id, wanted = initialized(sandbox, api)
        sandbox.advance(1000)
        assert states(api, domain_id)[0] == "pending"
        publish(sandbox, wanted[:1])
        sandbox.advance(1000)
        assert states(api, domain_id)[0] == "pending"
        publish(sandbox, wanted)
        sandbox.advance(1000)
        assert states(api, domain_id)[0] == "pending"  # it sees them now, and counts from now on
        sandbox.advance(2)
        assert states(api, domain_id)[0] == "pending"
        assert "after the certificate" in api.refusal(f"/tracking_domains/{domain_id}/initialize_dns")
        sandbox.advance(1)
        assert states(api, domain_id) == ("issued", "not_initialized")
        assert api.post(f"/tracking_domains/{domain_id}/initialize_dns")["dns"]["status"] == "complete"
        assert api.portal(tracking_domain=domain_id)

    def test_it_really_takes_the_time(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0.5, "dns_seconds": 0.5}})
        domain_id, wanted = initialized(sandbox, api)
        publish(sandbox, wanted)
        begun = time.monotonic()
        wait_for(lambda: states(api, domain_id)[0] == "issued")
        assert time.monotonic() - begun > 0.45
        begun = time.monotonic()
        assert api.post(f"/tracking_domains/{domain_id}/initialize_dns")["dns"]["status"] == "pending"
        wait_for(lambda: states(api, domain_id)[1] == "complete")
        assert time.monotonic() - begun > 0.45

    def test_records_that_vanish_meanwhile_start_the_time_anew(self, sandbox: Sandbox, api: Api) -> None:
        domain_id, wanted = initialized(sandbox, api)
        publish(sandbox, wanted)
        states(api, domain_id)
        sandbox.remove_record(wanted[0]["name"], "CNAME")
        sandbox.advance(2)
        assert states(api, domain_id)[0] == "pending"
        publish(sandbox, wanted)
        sandbox.advance(2)
        assert states(api, domain_id)[0] == "pending"
        sandbox.advance(2)
        assert states(api, domain_id)[0] == "pending"
        sandbox.advance(1)
        assert states(api, domain_id)[0] == "issued"

    def test_another_target_is_not_the_record(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0}})
        domain_id, wanted = initialized(sandbox, api)
        publish(sandbox, wanted)
        sandbox.set_record(wanted[0]["name"], "CNAME", ["another.cert.revcent.example"])
        assert states(api, domain_id)[0] == "pending"
        sandbox.set_record(wanted[0]["name"].upper(), "CNAME", [wanted[0]["value"].upper() + "."])
        sandbox.advance(1)
        assert states(api, domain_id)[0] == "issued"

    def test_steps_can_be_repeated_without_the_records(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0}})
        domain_id, wanted = initialized(sandbox, api)
        sandbox.remove_record(DOMAIN, "A")
        for _ in range(2):
            again = api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
            assert again["ssl"]["cname_records"] == wanted
            publish(sandbox, wanted)
            sandbox.advance(1)
            assert states(api, domain_id)[0] == "issued"
        sandbox.change("tracking_domain", domain_id, {"ssl_status": "failed"})
        assert "Missing: A acme.example" in api.refusal(f"/tracking_domains/{domain_id}/initialize_ssl")

    def test_an_alias_at_the_end_of_which_the_addresses_are_is_good_enough(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        sandbox.change(
            "tracking_domain", domain_id, {"a_records": [{"type": "A", "name": f"www.{DOMAIN}", "value": "192.0.2.9"}]}
        )
        sandbox.set_record(f"www.{DOMAIN}", "CNAME", [DOMAIN])
        sandbox.set_record(DOMAIN, "A", ["192.0.2.9"])
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")

    def test_a_portal_and_the_dns_step_look_too(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0}})
        first, wanted = initialized(sandbox, api)
        second, others = initialized(sandbox, api, "bolt.example")
        assert "certificate" in api.refusal("/customer_portals", api.portal_body(tracking_domain=first))
        publish(sandbox, [*wanted, *others])
        sandbox.advance(1)
        api.portal(tracking_domain=first, smtp_profile=sandbox.objects("smtp_profile")[0]["id"])
        api.post(f"/tracking_domains/{second}/initialize_dns")

    @pytest.mark.parametrize("who", ["list", "near", "far", "page"])
    def test_whoever_looks_at_a_domain_sees_how_it_is(self, sandbox: Sandbox, api: Api, who: str) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0}})
        domain_id, wanted = initialized(sandbox, api)
        publish(sandbox, wanted)
        if who == "list":
            assert api.list("/tracking_domains")["results"][0]["ssl"]["status"] == "issued"
        elif who == "near":
            assert sandbox.object("tracking_domain", domain_id)["ssl_status"] == "issued"
        elif who == "far":
            assert Sandbox.connect(sandbox.url).objects("tracking_domain")[0]["ssl_status"] == "issued"
        else:
            assert "Issued" in api.http.get(sandbox.url).text

    def test_a_switch_back_ends_the_waiting(self, sandbox: Sandbox, api: Api) -> None:
        domain_id, _ = initialized(sandbox, api)
        sandbox.switch(transition="immediate")
        assert states(api, domain_id)[0] == "issued"

    def test_the_time_goes_on_after_a_restart(self, tmp_path: Any) -> None:
        with Sandbox.start(state=tmp_path / "state.db") as first, Api(first) as api:
            first.switch(transition={"lookup": {}})
            domain_id, wanted = initialized(first, api)
            publish(first, wanted)
            assert states(api, domain_id)[0] == "pending"
            first.advance(3)
        with Sandbox.start(state=tmp_path / "state.db") as second, Api(second) as api:
            second.switch(transition={"lookup": {}})
            assert states(api, domain_id)[0] == "issued"


def wait_for(met: Any, seconds: float = 20) -> None:
    last = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < last
        time.sleep(0.02)


class TestLookups:
    def test_nothing_is_looked_up_more_often_than_once_a_second(
        self, sandbox: Sandbox, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        domain_id, wanted = initialized(sandbox, api)
        now = sandbox.revcent.clock.now()
        for later, times in ((0, 1), (0.9, 1), (1, 2), (1.9, 2)):
            monkeypatch.setattr(sandbox.revcent.clock, "now", lambda at=now + later: at)
            for _ in range(3):
                states(api, domain_id)
                api.list("/tracking_domains")
            assert queries(sandbox, wanted[0]["name"]) == times, later

    def test_nothing_is_looked_up_that_is_not_waited_for(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"domains": {DOMAIN: {"lookup": {"issue_seconds": 0}}}})
        domain_id, wanted = initialized(sandbox, api)
        publish(sandbox, wanted)
        states(api, domain_id)
        sandbox.clear_calls()
        other = made(api, "bolt.example")
        sandbox.advance(10)
        states(api, domain_id)
        states(api, other)
        api.list("/campaigns")
        api.http.get("/tracking_domains", headers={"x-api-key": "wrong"})
        assert sandbox.dns_calls == []

    def test_a_cut_answer_is_asked_for_again_over_tcp(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0}})
        domain_id, wanted = initialized(sandbox, api)
        publish(sandbox, wanted)
        sandbox.dns_fault("truncate", name="^_", times=None)
        assert states(api, domain_id)[0] == "issued"
        assert {call["transport"] for call in sandbox.dns_calls if call["name"] == wanted[0]["name"]} == {"udp", "tcp"}

    def test_an_answer_that_was_cut_and_never_comes(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        sandbox.dns_fault("truncate")
        sandbox.dns_fault("timeout")
        assert "no answer over TCP" in api.refusal(f"/tracking_domains/{domain_id}/initialize_ssl")

    def test_one_answer_may_be_lost(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        publish(sandbox, sandbox.object("tracking_domain", domain_id)["a_records"])
        sandbox.dns_fault("timeout")
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")

    @pytest.mark.parametrize(
        ("kind", "said"), [("servfail", "SERVFAIL"), ("refused", "REFUSED"), ("timeout", "no answer")]
    )
    def test_a_server_that_fails_is_named_with_its_reason(
        self, sandbox: Sandbox, api: Api, kind: str, said: str
    ) -> None:
        domain_id = made(api)
        sandbox.dns_fault(kind, times=None)
        refusal = api.refusal(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert f"A acme.example 203.0.113.10 ({sandbox.dns_address}: {said})" in refusal

    def test_a_resolver_of_ones_own(self, sandbox: Sandbox, api: Api) -> None:
        with Sandbox.start() as elsewhere:
            sandbox.switch(transition={"lookup": {"resolver": elsewhere.dns_address}})
            domain_id = made(api)
            assert "Missing" in api.refusal(f"/tracking_domains/{domain_id}/initialize_ssl")
            publish(elsewhere, sandbox.object("tracking_domain", domain_id)["a_records"])
            api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
            assert sandbox.dns_calls == []
        bolt = made(api, "bolt.example")
        gone = api.refusal(f"/tracking_domains/{bolt}/initialize_ssl")
        assert f"({elsewhere_address(sandbox)}: Connection refused)" in gone

    def test_a_name_that_cannot_be_asked_for_is_missing(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = sandbox.add("tracking_domain", {"domain": "a..b"})
        publish(sandbox, api.get(f"/tracking_domains/{made(api)}")["a_records"])
        assert "no domain name" in api.refusal(f"/tracking_domains/{domain_id}/initialize_ssl")

    def test_cnames_without_an_end_are_no_answer(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        for number in range(20):
            sandbox.set_record(f"n{number}.{DOMAIN}", "CNAME", [f"n{number + 1}.{DOMAIN}"])
        record = {"type": "A", "name": f"n0.{DOMAIN}", "value": "192.0.2.1"}
        sandbox.change("tracking_domain", domain_id, {"a_records": [record]})
        assert "makes no sense" in api.refusal(f"/tracking_domains/{domain_id}/initialize_ssl")

    def test_without_a_name_server_everything_is_missing(self) -> None:
        controls = Controls()
        controls.switch(transition={"lookup": {}})
        domain_id = controls.add("tracking_domain", {"domain": DOMAIN})
        assert controls.object("tracking_domain", domain_id)["ssl_status"] == "not_initialized"
        assert len(controls.revcent.lookups.missing([{"type": "A", "name": DOMAIN, "value": "x"}], None)) == 1
        controls.close()

    def test_many_domains_are_looked_up_together(self, sandbox: Sandbox, api: Api) -> None:
        names = [f"brand{number}.example" for number in range(100)]
        for name in names:
            sandbox.add_zone(name)
            sandbox.add("tracking_domain", {"domain": name, "ssl_status": "pending"})
        sandbox.clear_calls()
        api.list("/tracking_domains")
        assert len({call["name"] for call in sandbox.dns_calls}) == 200
        sandbox.dns_fault("timeout", times=None)
        sandbox.advance(1)
        begun = time.monotonic()
        api.list("/tracking_domains")
        assert time.monotonic() - begun < 7  # a server that is silent is not waited for a hundred times


class TestOthers:
    def test_a_silent_server_holds_nobody_else_up(self, sandbox: Sandbox, api: Api) -> None:
        waiting = [made(api, f"brand{number}.example") for number in range(3)]
        with silence(sandbox):
            threads = [threading.Thread(target=self.read, args=(sandbox, domain_id)) for domain_id in waiting * 3]
            for thread in threads:
                thread.start()
            wait_for(lambda: any(call["name"] == "brand2.example" for call in sandbox.dns_calls))
            for number in range(5):
                api.list("/campaigns")
                sandbox.add("campaign", {"name": f"Made meanwhile {number}"})
            assert any(thread.is_alive() for thread in threads), "they were answered before the look-ups had ended"
            for thread in threads:
                thread.join(20)

    def read(self, sandbox: Sandbox, domain_id: str) -> None:
        with Api(sandbox) as api:
            api.get(f"/tracking_domains/{domain_id}")

    def test_two_who_ask_the_same_at_the_same_time_share_the_look_up(self, sandbox: Sandbox, api: Api) -> None:
        domain_id = made(api)
        with silence(sandbox):
            begun = time.monotonic()
            threads = [threading.Thread(target=self.read, args=(sandbox, domain_id)) for _ in range(5)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        assert time.monotonic() - begun < 8  # one after the other they would have taken ten seconds
        assert queries(sandbox, DOMAIN) == 2  # the question and its repetition

    def test_a_sandbox_ends_while_it_looks(self) -> None:
        with Sandbox.start() as sandbox:
            with Api(sandbox) as api:
                domain_id = made(api)
            sandbox.switch(transition={"lookup": {}})
            sandbox.dns_fault("timeout", times=None)
            thread = threading.Thread(target=self.left_alone, args=(sandbox, domain_id))
            thread.start()
            time.sleep(0.2)
            begun = time.monotonic()
        assert time.monotonic() - begun < 5
        thread.join(20)

    def left_alone(self, sandbox: Sandbox, domain_id: str) -> None:
        with Api(sandbox) as api, suppress(httpx.TransportError):
            api.http.get(f"/tracking_domains/{domain_id}")


@contextmanager
def silence(sandbox: Sandbox) -> Iterator[None]:
    sandbox.dns_fault("timeout", times=None)
    yield
    sandbox.clear_faults()


def elsewhere_address(sandbox: Sandbox) -> str:
    return str(sandbox.switches["transition"]["lookup"]["resolver"])


class TestDomains:
    def test_each_domain_has_its_own_rule(self, sandbox: Sandbox, api: Api) -> None:
        rules: dict[str, Any] = {
            "brand7.example": {"seconds": 42},
            "brand8.example": {"certificate": "failed"},
            "brand9.example": {"lookup": {}},
            "*": {"dns": "never"},
        }
        sandbox.switch(transition={"domains": rules})
        assert sandbox.switches["transition"]["domains"] == rules
        seven, eight, nine, ten = (made(api, f"brand{number}.example") for number in (7, 8, 9, 10))
        for domain_id in (seven, eight, ten):
            api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert "Missing" in api.refusal(f"/tracking_domains/{nine}/initialize_ssl")
        api.post(f"/tracking_domains/{ten}/initialize_dns")
        assert [states(api, each) for each in (seven, eight, ten)] == [
            ("pending", "not_initialized"),
            ("failed", "not_initialized"),
            ("issued", "pending"),
        ]
        sandbox.advance(42)
        assert states(api, seven)[0] == "issued"

    def test_without_a_star_the_others_are_ready_at_once(self, sandbox: Sandbox, api: Api) -> None:
        sandbox.switch(transition={"domains": {"brand7.example": "never"}})
        assert api.ready_domain("brand8.example")

    @pytest.mark.parametrize(
        "value",
        [
            {"domains": {}},
            {"domains": []},
            {"domains": {"brand7.example": "soon"}},
            {"domains": {"Brand7.example": "never"}},
            {"domains": {"brand7": "never"}},
            {"domains": {1: "never"}},
            {"domains": {"*": {"domains": {"*": "never"}}}},
            {"domains": {"*": "never"}, "dns": "never"},
            {"lookup": None},
            {"lookup": {"issue_seconds": -1}},
            {"lookup": {"dns_seconds": "1"}},
            {"lookup": {"seconds": 1}},
            {"lookup": {"resolver": "127.0.0.1"}},
            {"lookup": {"resolver": "127.0.0.1:0"}},
            {"lookup": {"resolver": "127.0.0.1:70000"}},
            {"lookup": {"resolver": "localhost:53"}},
            {"lookup": {"resolver": 53}},
            {"lookup": {}, "outcome": "failed"},
            {"certificate": {"lookup": {}}},
        ],
    )
    def test_a_wrong_value_says_what_is_taken(self, sandbox: Sandbox, value: Any) -> None:
        with pytest.raises(ValueError, match=r"The switch 'transition' takes .*\"lookup\".*\"domains\""):
            sandbox.switch(transition=value)

    @pytest.mark.parametrize("resolver", ["127.0.0.1:8053", "[::1]:53", None])
    def test_addresses_of_resolvers(self, sandbox: Sandbox, resolver: str | None) -> None:
        sandbox.switch(transition={"lookup": {"issue_seconds": 0.5, "dns_seconds": 1, "resolver": resolver}})


def test_published_by_an_update_it_is_seen(sandbox: Sandbox, api: Api) -> None:
    sandbox.switch(transition={"lookup": {"issue_seconds": 0}})
    domain_id = made(api)
    client = Dns(sandbox)
    wanted = api.get(f"/tracking_domains/{domain_id}")["a_records"]
    for step in ("initialize_ssl", "initialize_dns"):
        update = client.new(DOMAIN)
        for record in wanted:
            value = record["value"] + ("." if record["type"] == "CNAME" else "")
            update.add(record["name"] + ".", 60, record["type"], value)
        assert client.change(update) == "NOERROR"
        wanted = api.post(f"/tracking_domains/{domain_id}/{step}").get("ssl", {}).get("cname_records", [])
    assert states(api, domain_id) == ("issued", "complete")
