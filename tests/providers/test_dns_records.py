"""DNS records as the engine asks for them: made, changed, read, moved, given up. No DNS host is asked."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.dns.publishers.errors import Partial, PublisherError, Stale, Unsure
from pulumi_revcent_portal.models import validate
from pulumi_revcent_portal.models.dns import DnsRecordsInputs
from pulumi_revcent_portal.providers import dns_records
from pulumi_revcent_portal.providers.dns_records import ADDED_KEY, DnsRecordsProvider
from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY
from tests.dns_publishers.memory import Hosts, MemoryPublisher, Zone, records
from tests.providers.account import Account
from tests.providers.engine import Declared, Failed, FakeEngine, IsPreview, Ref, Secret, Step
from tests.providers.programs import IDENTITY, urn

SECRET = "Y2FuYXJ5LWtleS1zZWNyZXQ="
WWW = "A www.acme.test 192.0.2.1"
TEXT = "TXT acme.test portal=acme"
PROOF = "CNAME _proof.acme.test. _Token.cert.example."


@pytest.fixture
def zone() -> Zone:
    made = Zone()
    made.put("TXT", "acme.test", "theirs")
    made.put("A", "mail.acme.test", "192.0.2.99")
    return made


@pytest.fixture
def hosts(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    """Two names of one server, another server with a copy of the zone, and another zone."""
    made = Hosts({"ns1 acme.test": zone, "ns2 acme.test": zone, "copy acme.test": Zone(), "ns1 other.test": Zone()})
    monkeypatch.setattr(dns_records, "open_publisher", made.open)
    return made


def declared(*lines: str, name: str = "one", **inputs: Any) -> Declared:
    server, secret = inputs.pop("server", "ns1"), inputs.pop("secret", SECRET)
    publisher = {"kind": "rfc2136", "server": server, "key_name": "portal.", "key_secret": secret}
    given: dict[str, Any] = {"zone": "acme.test", "records": records(*lines), "publisher": publisher, **inputs}
    props = validate(DnsRecordsInputs, given).dump()
    props["publisher"]["key_secret"] = Secret(secret)
    owner = {"urn": urn("DnsRecords", name), DRY_KEY: IsPreview()}
    return Declared(name, DnsRecordsProvider, {**props, OWNER_KEY: owner})


def program(*lines: str, **inputs: Any) -> list[Declared]:
    return [declared(*lines, **inputs)]


def added(engine: FakeEngine, name: str = "one") -> list[dict[str, str]]:
    found: list[dict[str, str]] = engine.outputs(name)[ADDED_KEY]
    return found


pytestmark = pytest.mark.usefixtures("hosts")


def test_records_are_published_and_given_up(engine: FakeEngine, zone: Zone, account: Account) -> None:
    before = dict(zone.sets)
    engine.up(program(WWW, TEXT, PROOF))
    engine.settled(program(WWW, TEXT, PROOF))
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}
    assert zone.says("CNAME", "_proof.acme.test") == {"_token.cert.example"}
    assert zone.says("TXT", "acme.test") == {"theirs", "portal=acme"}
    assert engine.stored["one"].object_id.isalnum(), "a word of its own"
    assert engine.outputs("one")["records"] == records(WWW, TEXT, PROOF), "as they were written"
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.destroy()
    assert zone.sets == before
    assert account.calls() == [], "RevCent is not asked"
    assert account.warnings == []


def test_no_api_key_is_needed(engine: FakeEngine) -> None:
    engine.settings = {"api_key": None}
    engine.up(program(WWW))
    engine.settled(program(WWW))


@pytest.mark.parametrize(
    "same",
    [
        program(PROOF, WWW),
        program("A WWW.acme.test. 192.0.2.1", "CNAME _proof.acme.test _token.cert.example"),
        program(WWW, PROOF, zone="ACME.test."),
        program(WWW, PROOF, overwrite=True),
        program(WWW, PROOF, adopt=True),
    ],
)
def test_order_spelling_and_steering_make_no_difference(engine: FakeEngine, zone: Zone, same: list[Declared]) -> None:
    engine.up(program(WWW, PROOF))
    engine.settled(same)
    assert zone.applied == 1


def test_only_the_difference_is_written(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW, TEXT))
    changed = program(WWW, "A www.acme.test 192.0.2.2", "TXT acme.test portal=other")
    assert engine.up(changed)[-1] == Step("one", "update", ("records",))
    engine.settled(changed)
    assert zone.says("A", "www.acme.test") == {"192.0.2.1", "192.0.2.2"}
    assert zone.says("TXT", "acme.test") == {"theirs", "portal=other"}


def test_a_new_time_to_live_is_written(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW, TEXT))
    engine.up(program(WWW, TEXT, ttl=60))
    engine.settled(program(WWW, TEXT, ttl=60))
    assert zone.sets["www.acme.test", "A"].ttl == 60
    assert zone.sets["acme.test", "TXT"].ttl == 600, "others use it too"


def test_a_conflict_writes_nothing_and_names_both(engine: FakeEngine, zone: Zone) -> None:
    before = dict(zone.sets)
    with pytest.raises(
        Failed, match=r"mail\.acme\.test A exists already with 192\.0\.2\.99, not 192\.0\.2\.1"
    ) as caught:
        engine.up(program(TEXT, "A mail.acme.test 192.0.2.1"))
    assert "Set overwrite=True" in str(caught.value)
    assert zone.sets == before
    overwriting = program(TEXT, "A mail.acme.test 192.0.2.1", overwrite=True)
    engine.up(overwriting)
    engine.settled(overwriting)
    engine.settled(program(TEXT, "A mail.acme.test 192.0.2.1"))
    engine.destroy()
    assert zone.says("A", "mail.acme.test") == set(), "nothing is restored"


def test_what_was_there_already_can_be_taken_over(engine: FakeEngine, zone: Zone) -> None:
    adopting = program("A mail.acme.test 192.0.2.99", PROOF, adopt=True)
    engine.up(adopting)
    assert zone.applied == 1, "the one that was missing"
    assert {record["name"] for record in added(engine)} == {"mail.acme.test", "_proof.acme.test"}
    engine.settled(adopting)
    engine.settled(program("A mail.acme.test 192.0.2.99", PROOF))
    engine.destroy()
    assert (zone.says("A", "mail.acme.test"), zone.says("CNAME", "_proof.acme.test")) == (set(), set())


def test_another_value_is_not_taken_over(engine: FakeEngine, zone: Zone) -> None:
    before = dict(zone.sets)
    with pytest.raises(Failed, match=r"exists already with 192\.0\.2\.99, not 192\.0\.2\.1"):
        engine.up(program("A mail.acme.test 192.0.2.1", adopt=True))
    assert zone.sets == before


def test_what_was_there_already_is_kept_at_the_end(engine: FakeEngine, zone: Zone) -> None:
    before = dict(zone.sets)
    engine.up(program("A mail.acme.test 192.0.2.99", "TXT acme.test theirs"))
    assert added(engine) == []
    engine.destroy()
    assert (zone.sets, zone.applied) == (before, 0)


def test_a_create_whose_state_was_lost_finds_its_records(
    engine: FakeEngine, other_engine: FakeEngine, zone: Zone
) -> None:
    engine.up(program(WWW))
    other_engine.up(program(WWW))
    other_engine.settled(program(WWW))
    other_engine.destroy()
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}


# --- drift ------------------------------------------------------------------------------------------------------------


def test_what_changed_is_seen_record_by_record_and_mended(engine: FakeEngine, zone: Zone, account: Account) -> None:
    declaration = program(WWW, "A www.acme.test 192.0.2.2", TEXT, PROOF)
    engine.up(declaration)
    zone.put("A", "www.acme.test", "192.0.2.2", "192.0.2.66")
    zone.put("TXT", "acme.test", "theirs")
    assert engine.refresh()[-1].op == "update"
    assert engine.stored["one"].inputs["records"] == records(
        "A www.acme.test 192.0.2.66", "A www.acme.test 192.0.2.2", PROOF
    )
    assert SECRET not in engine.exported()
    engine.up(declaration)
    engine.settled(declaration)
    assert zone.says("A", "www.acme.test") == {"192.0.2.1", "192.0.2.2"}
    assert zone.says("TXT", "acme.test") == {"theirs", "portal=acme"}
    (warning,) = account.warnings
    assert "192.0.2.66" in warning[1]


def test_a_value_more_is_drift_of_an_address_and_none_of_a_text(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW, TEXT))
    zone.put("TXT", "acme.test", "theirs", "portal=acme", "more")
    assert {step.op for step in engine.refresh()} == {"same"}
    zone.put("A", "www.acme.test", "192.0.2.1", "192.0.2.66")
    engine.refresh()
    assert engine.outputs("one")["records"] == records(WWW, TEXT, "A www.acme.test 192.0.2.66")
    engine.up(program(WWW, TEXT))
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}


def test_an_alias_in_place_of_a_record_is_drift_and_a_conflict(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW))
    zone.put("A", "www.acme.test", special="an alias of x.example")
    engine.refresh()
    assert engine.outputs("one")["records"] == []
    with pytest.raises(Failed, match=r"an alias of x\.example"):
        engine.up(program(WWW))


def test_everything_gone_is_made_again(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW))
    zone.put("A", "www.acme.test")
    engine.refresh()
    engine.up(program(WWW))
    engine.settled(program(WWW))
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}


def test_a_refresh_without_an_answer_fails_and_loses_nothing(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW))
    zone.refuses = PublisherError("The name server ns1 did not answer within 10 seconds.")
    with pytest.raises(Failed, match=r"did not answer within 10 seconds\. The state keeps the records"):
        engine.refresh()
    zone.refuses = None
    engine.settled(program(WWW))


def test_what_somebody_changed_is_left_at_the_end(engine: FakeEngine, zone: Zone, account: Account) -> None:
    engine.up(program(WWW, TEXT))
    zone.put("A", "www.acme.test", "192.0.2.66")
    engine.destroy()
    assert zone.says("A", "www.acme.test") == {"192.0.2.66"}
    assert account.warnings[0][0] == "one"
    assert "was 192.0.2.1 when it was published and says 192.0.2.66 by now" in account.warnings[0][1]


# --- somebody else at the same time, and answers that get lost --------------------------------------------------------


def test_a_change_in_between_is_planned_anew(engine: FakeEngine, zone: Zone) -> None:
    zone.breaks = [(Stale("changed."), 0), (Stale("changed."), 0)]
    engine.up(program(WWW))
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}


def test_changes_without_end_are_an_error(engine: FakeEngine, zone: Zone) -> None:
    zone.breaks = [(Stale("Records are changed."), 0)] * 3
    with pytest.raises(Failed, match=r"Records are changed\. Nothing was written in 3 attempts"):
        engine.up(program(WWW))


def test_an_answer_that_was_lost_after_the_work_is_no_error(engine: FakeEngine, zone: Zone) -> None:
    zone.breaks = [(Unsure("no answer."), 9)]
    engine.up(program(WWW, TEXT))
    assert len(added(engine)) == 2, "it is known to be ours"
    engine.settled(program(WWW, TEXT))


def test_an_answer_that_was_lost_before_the_work_is_an_error(engine: FakeEngine, zone: Zone) -> None:
    zone.breaks = [(Unsure("No answer."), 0)]
    with pytest.raises(Failed, match=r"No answer\. Run `pulumi up` again\."):
        engine.up(program(WWW))
    engine.up(program(WWW))
    engine.settled(program(WWW))


def test_a_refused_change_is_an_error(engine: FakeEngine, zone: Zone) -> None:
    zone.breaks = [(PublisherError("The name server ns1 answered REFUSED."), 0)]
    with pytest.raises(Failed, match="answered REFUSED"):
        engine.up(program(WWW))


def test_a_server_that_goes_away_in_the_middle_is_an_error(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: MemoryPublisher, changes: Any) -> None:  # noqa: ARG001 - the publisher's signature
        self.zone.refuses = PublisherError("gone")
        raise Unsure("No answer.")

    monkeypatch.setattr(MemoryPublisher, "apply", away)
    with pytest.raises(Failed, match="It cannot be read either"):
        engine.up(program(WWW))


def test_half_a_change_is_taken_back(engine: FakeEngine, zone: Zone) -> None:
    before = dict(zone.sets)
    zone.breaks = [(Partial("It failed half-way."), 1)]
    with pytest.raises(Failed, match=r"It failed half-way\. Run `pulumi up` again\."):
        engine.up(program(WWW, TEXT, PROOF))
    assert zone.sets == before
    engine.up(program(WWW, TEXT, PROOF))
    engine.destroy()
    assert zone.sets == before


def test_half_an_update_keeps_what_was_ours_before(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW))
    zone.breaks = [(Partial("It failed half-way."), 1)]
    changed = program("A www.acme.test 192.0.2.2", "A xyz.acme.test 192.0.2.3")
    with pytest.raises(Failed, match="half-way"):
        engine.up(changed)
    assert zone.says("A", "www.acme.test") == {"192.0.2.2"}
    engine.up(changed)
    engine.destroy()
    assert zone.sets.keys() == {("acme.test", "TXT"), ("mail.acme.test", "A")}


# --- credentials, places, other resources -----------------------------------------------------------------------------


def test_new_credentials_are_kept_without_writing(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW))
    zone.refuses = PublisherError("not asked")
    changed = program(WWW, secret="b3RoZXI=")
    assert engine.up(changed)[-1] == Step("one", "update", ("publisher",))
    assert engine.outputs("one")["publisher"]["key_secret"] == "b3RoZXI="
    engine.settled(changed)
    assert "b3RoZXI=" not in engine.exported()


def test_another_way_to_the_same_zone_keeps_the_records_and_their_owner(
    engine: FakeEngine, zone: Zone, account: Account
) -> None:
    engine.up(program(WWW, TEXT))
    moved = program(WWW, TEXT, server="ns2")
    assert engine.up(moved)[-1].op == "update"
    engine.settled(moved)
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}
    assert "were there already on the name server ns2" in account.warnings[0][1]
    engine.destroy()
    assert zone.says("A", "www.acme.test") == set()


def test_another_server_gets_the_records_and_the_old_one_loses_them(
    engine: FakeEngine, zone: Zone, hosts: Hosts, account: Account
) -> None:
    engine.up(program(WWW, TEXT))
    engine.up(program(WWW, TEXT, server="copy"))
    copy = hosts.zones["copy acme.test"]
    assert copy.says("A", "www.acme.test") == {"192.0.2.1"}
    assert zone.says("A", "www.acme.test") == set()
    assert zone.says("TXT", "acme.test") == {"theirs"}
    assert account.warnings == []
    engine.destroy()
    assert copy.sets == {}


def test_an_old_server_that_is_gone_stops_nobody_from_moving(
    engine: FakeEngine, zone: Zone, hosts: Hosts, account: Account
) -> None:
    engine.up(program(WWW))
    zone.refuses = PublisherError("The name server ns1 cannot be reached.")
    engine.up(program(WWW, server="copy"))
    engine.settled(program(WWW, server="copy"))
    assert hosts.zones["copy acme.test"].says("A", "www.acme.test") == {"192.0.2.1"}
    assert "was not looked at: The name server ns1 cannot be reached" in account.warnings[0][1]


def test_a_new_server_that_does_not_answer_changes_nothing(engine: FakeEngine, zone: Zone, hosts: Hosts) -> None:
    engine.up(program(WWW))
    hosts.zones["copy acme.test"].refuses = PublisherError("The name server copy cannot be reached.")
    with pytest.raises(Failed, match="copy cannot be reached"):
        engine.up(program(WWW, server="copy"))
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}
    engine.settled(program(WWW))


def test_what_was_never_ours_is_not_looked_at_in_the_old_place(
    engine: FakeEngine, zone: Zone, account: Account
) -> None:
    engine.up(program("A mail.acme.test 192.0.2.99"))
    engine.up(program("A mail.acme.test 192.0.2.99", server="copy"))
    assert zone.says("A", "mail.acme.test") == {"192.0.2.99"}
    assert account.warnings == []


def test_another_zone_is_another_resource(engine: FakeEngine, zone: Zone, hosts: Hosts) -> None:
    engine.up(program(WWW))
    other = program("A www.other.test 192.0.2.1", zone="other.test")
    assert engine.up(other)[-1].op == "replace"
    assert hosts.zones["ns1 other.test"].says("A", "www.other.test") == {"192.0.2.1"}
    assert zone.says("A", "www.acme.test") == set()
    engine.settled(other)


def test_a_renamed_resource_keeps_the_records_published(engine: FakeEngine, zone: Zone, account: Account) -> None:
    engine.up(program(WWW, TEXT))
    engine.up([declared(WWW, TEXT, name="renamed")])
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}
    assert zone.says("TXT", "acme.test") == {"theirs", "portal=acme"}
    assert "another resource of this program declares it too" in account.warnings[0][1]
    engine.settled([declared(WWW, TEXT, name="renamed")])


def test_a_forced_replacement_keeps_the_records_published(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW))
    engine.up(program(WWW), replacing=["one"])
    assert zone.says("A", "www.acme.test") == {"192.0.2.1"}
    engine.settled(program(WWW))


def test_a_record_that_moves_to_another_resource_stays_published(engine: FakeEngine, zone: Zone) -> None:
    engine.up(program(WWW, TEXT))
    both = [declared(WWW), declared(TEXT, name="two")]
    engine.up(both)
    engine.up(both)
    assert zone.says("TXT", "acme.test") == {"theirs", "portal=acme"}
    engine.settled(both)


def test_two_resources_share_a_text_and_the_last_one_standing_keeps_it(engine: FakeEngine, zone: Zone) -> None:
    engine.up([declared(TEXT), declared(TEXT, WWW, name="two")])
    engine.up([declared(TEXT, WWW, name="two")])
    assert zone.says("TXT", "acme.test") == {"theirs", "portal=acme"}


# --- previews ---------------------------------------------------------------------------------------------------------


def test_records_of_a_resource_that_is_not_made_yet_are_unknown_in_a_preview(engine: FakeEngine, zone: Zone) -> None:
    base = declared(WWW)
    later = [IDENTITY, Declared("one", base.provider, {**base.props, "records": Ref(IDENTITY.name, "records")})]
    assert [step.op for step in engine.preview(later)] == ["create", "create"]
    assert zone.applied == 0


def test_what_is_not_known_yet_may_change_what_is_published(engine: FakeEngine) -> None:
    engine.up(program(WWW))
    base = declared(WWW)
    later = [IDENTITY, Declared("one", base.provider, {**base.props, "records": Ref(IDENTITY.name, "records")})]
    assert [step.op for step in engine.preview(later)] == ["create", "update"]


def test_an_input_that_got_lost_is_named_before_anything_is_written(engine: FakeEngine, zone: Zone) -> None:
    base = declared(WWW)
    props = {key: value for key, value in base.props.items() if key != "records"}
    with pytest.raises(Failed, match="records: is required"):
        engine.up([Declared("one", base.provider, props)])
    assert zone.applied == 0


def test_a_wrong_record_is_found_in_a_preview(engine: FakeEngine) -> None:
    base = declared(WWW)
    wrong = {**base.props, "records": records("A www.acme.test nonsense")}
    with pytest.raises(Failed, match=r"records\[0\]\.value: 'nonsense' is not an IPv4 address"):
        engine.preview([Declared("one", base.provider, wrong)])


def test_a_publisher_that_is_not_installed_says_so(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(zone: str, described: Any) -> Any:  # noqa: ARG001 - the signature of what it stands for
        raise PublisherError("Route 53 needs boto3, which is not installed.")

    monkeypatch.setattr(dns_records, "open_publisher", absent)
    with pytest.raises(Failed, match="needs boto3"):
        engine.up(program(WWW))
