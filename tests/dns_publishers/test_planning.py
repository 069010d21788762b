"""The plan of a zone: what is ours is made and removed, what is not is never touched, and it converges."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_revcent_portal.dns.publishers.planning import Intent, Plan, holds, outcome, plan
from pulumi_revcent_portal.dns.publishers.records import EXCLUSIVE, Key, Record, RecordSet, Sets

NAME = "www.acme.test"
VALUES = {
    "A": ("192.0.2.1", "192.0.2.2", "192.0.2.3"),
    "AAAA": ("2001:db8::1", "2001:db8::2"),
    "CNAME": ("a.example", "b.example"),
    "TXT": ("one", "two", "three"),
    "MX": (),
}


def record(kind: str, value: str, name: str = NAME) -> Record:
    return Record(name, kind, value)


def a(*values: str) -> list[Record]:
    return [record("A", value) for value in values]


def txt(*values: str) -> list[Record]:
    return [record("TXT", value) for value in values]


def zone(*sets: RecordSet) -> Sets:
    return {each.key: each for each in sets}


def there(kind: str, *values: str, ttl: int = 600, special: str = "", name: str = NAME) -> RecordSet:
    return RecordSet(name, kind, frozenset(values), ttl, special)


def planned(
    sets: Mapping[Key, RecordSet], wanted: Collection[Record], added: Collection[Record] = (), **how: object
) -> Plan:
    return plan(sets, replace(Intent(wanted, added, ttl=300), **how))  # type: ignore[arg-type]


def after(sets: Sets, done: Plan) -> dict[Key, set[str]]:
    return {key: set(each.values) for key, each in outcome(sets, done.changes).items()}


# --- by example -------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_made_and_ours() -> None:
    done = planned({}, a("192.0.2.1", "192.0.2.2"))
    assert after({}, done) == {(NAME, "A"): {"192.0.2.1", "192.0.2.2"}}
    assert done.added == set(a("192.0.2.1", "192.0.2.2"))
    assert done.changes[0].after == there("A", "192.0.2.1", "192.0.2.2", ttl=300)


def test_what_is_there_already_is_left_and_not_ours() -> None:
    done = planned(zone(there("A", "192.0.2.1"), there("TXT", "one", "two")), [*a("192.0.2.1"), *txt("one")])
    assert done == Plan()


def test_another_value_is_a_conflict_that_names_both_and_the_cure() -> None:
    done = planned(zone(there("A", "192.0.2.9")), [*a("192.0.2.1"), *txt("one")])
    assert done.changes == ()
    (conflict,) = done.conflicts
    assert conflict == (
        "www.acme.test A exists already with 192.0.2.9, not 192.0.2.1. Set overwrite=True to replace it, or remove it "
        "in the zone."
    )


def test_a_part_of_our_values_is_a_conflict_too() -> None:
    assert planned(zone(there("A", "192.0.2.1")), a("192.0.2.1", "192.0.2.2")).conflicts


def test_overwriting_takes_the_whole_set_over() -> None:
    sets = zone(there("A", "192.0.2.1", "192.0.2.9"))
    done = planned(sets, a("192.0.2.1", "192.0.2.2"), overwrite=True)
    assert after(sets, done) == {(NAME, "A"): {"192.0.2.1", "192.0.2.2"}}
    assert done.added == set(a("192.0.2.1", "192.0.2.2"))
    assert "192.0.2.9" in done.warnings[0]


def test_a_set_of_ours_that_somebody_changed_is_mended_with_a_warning() -> None:
    sets = zone(there("A", "192.0.2.66"))
    done = planned(sets, a("192.0.2.1"), a("192.0.2.1"))
    assert after(sets, done) == {(NAME, "A"): {"192.0.2.1"}}
    assert done.warnings == (
        "www.acme.test A said 192.0.2.66, which somebody else had put there; it was replaced by 192.0.2.1.",
    )


def test_a_set_of_ours_that_says_already_what_is_wanted_stays_ours() -> None:
    done = planned(zone(there("A", "192.0.2.2")), a("192.0.2.2"), a("192.0.2.1"))
    assert done.changes == ()
    assert done.added == set(a("192.0.2.2"))


def test_texts_are_added_to_those_of_others_with_their_time_to_live() -> None:
    sets = zone(there("TXT", "theirs", ttl=3600))
    done = planned(sets, txt("one"), retime=True)
    assert done.changes[0].after == there("TXT", "theirs", "one", ttl=3600)
    assert done.added == set(txt("one"))


def test_only_our_texts_are_removed() -> None:
    sets = zone(there("TXT", "theirs", "one", "two"))
    done = planned(sets, txt("two"), txt("one"))
    assert after(sets, done) == {(NAME, "TXT"): {"theirs", "two"}}
    assert done.added == set(), "two was there before us"


def test_deleting_leaves_what_somebody_changed_and_names_both() -> None:
    sets = zone(there("A", "192.0.2.66"))
    done = planned(sets, [], a("192.0.2.1"))
    assert done.changes == ()
    assert done.warnings == (
        "www.acme.test A was 192.0.2.1 when it was published and says 192.0.2.66 by now. It was left as it is.",
    )


def test_deleting_what_is_missing_is_nothing() -> None:
    assert planned({}, [], [*a("192.0.2.1"), *txt("one")]) == Plan()


def test_deleting_takes_our_addresses_from_between_those_of_others() -> None:
    sets = zone(there("A", "192.0.2.1", "192.0.2.66"))
    done = planned(sets, [], a("192.0.2.1"))
    assert after(sets, done) == {(NAME, "A"): {"192.0.2.66"}}


def test_what_another_resource_declares_stays() -> None:
    sets = zone(there("A", "192.0.2.1"), there("TXT", "one", "two"))
    done = planned(sets, [], [*a("192.0.2.1"), *txt("one", "two")], kept=[*a("192.0.2.1"), *txt("one")])
    assert after(sets, done) == {(NAME, "A"): {"192.0.2.1"}, (NAME, "TXT"): {"one"}}
    assert done.added == set()
    assert len(done.warnings) == 2
    assert "another resource of this program declares it too" in done.warnings[0]


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_alias_is_a_conflict_that_nothing_resolves(overwrite: bool) -> None:
    sets = zone(there("A", special="an alias of d1.cloudfront.net"))
    done = planned(sets, a("192.0.2.1"), overwrite=overwrite)
    assert "an alias of d1.cloudfront.net" in done.conflicts[0]
    assert "with overwrite=True too" in done.conflicts[0]


def test_an_alias_in_place_of_a_set_of_ours_is_left_at_the_end() -> None:
    done = planned(zone(there("A", special="an alias of d1.cloudfront.net")), [], a("192.0.2.1"))
    assert done.changes == ()
    assert "was left as it is" in done.warnings[0]


def test_a_cname_makes_room_only_when_it_may() -> None:
    sets = zone(there("A", "192.0.2.9"))
    wanted = [record("CNAME", "a.example")]
    assert "Set overwrite=True to replace it by CNAME" in planned(sets, wanted).conflicts[0]
    done = planned(sets, wanted, overwrite=True)
    assert after(sets, done) == {(NAME, "CNAME"): {"a.example"}}
    assert [change.key[1] for change in done.changes] == ["A", "CNAME"], "removals first"
    assert "it was removed to make room for CNAME" in done.warnings[0]


def test_an_address_takes_the_place_of_a_cname_only_when_it_may() -> None:
    sets = zone(there("CNAME", "a.example"))
    assert "exists already with a.example" in planned(sets, a("192.0.2.1")).conflicts[0]
    assert after(sets, planned(sets, a("192.0.2.1"), overwrite=True)) == {(NAME, "A"): {"192.0.2.1"}}


@pytest.mark.parametrize("other", [there("MX"), there("TXT", "theirs"), there("A", special="an alias of x.example")])
def test_what_a_cname_never_evicts(other: RecordSet) -> None:
    done = planned(zone(other), [record("CNAME", "a.example")], overwrite=True)
    assert "It is left alone, with overwrite=True too" in done.conflicts[0]


def test_signatures_may_stand_beside_a_cname() -> None:
    done = planned(zone(there("RRSIG"), there("NSEC")), [record("CNAME", "a.example")])
    assert [change.key for change in done.changes] == [(NAME, "CNAME")]


def test_our_address_gives_way_to_our_cname() -> None:
    sets = zone(there("A", "192.0.2.1"))
    done = planned(sets, [record("CNAME", "a.example")], a("192.0.2.1"))
    assert after(sets, done) == {(NAME, "CNAME"): {"a.example"}}
    assert done.added == {record("CNAME", "a.example")}


def test_a_new_time_to_live_changes_what_is_ours_alone() -> None:
    sets = zone(there("A", "192.0.2.1"), there("TXT", "one", "theirs"))
    ours = [*a("192.0.2.1"), *txt("one")]
    assert planned(sets, ours, ours).changes == ()
    (change,) = planned(sets, ours, ours, retime=True).changes
    assert change.after == there("A", "192.0.2.1", ttl=300)


def test_what_holds_is_told_from_what_does_not() -> None:
    done = planned(zone(there("A", "192.0.2.1")), [record("CNAME", "a.example")], a("192.0.2.1"))
    assert holds(zone(there("CNAME", "a.example", ttl=1)), done.changes)
    assert not holds(zone(there("A", "192.0.2.1")), done.changes)
    assert not holds({}, done.changes)


# --- by property ------------------------------------------------------------------------------------------------------

NAMES = ("www.acme.test", "acme.test")


@st.composite
def zones(draw: st.DrawFn) -> Sets:
    """Record sets as a server may hold them: a CNAME stands alone."""
    sets = []
    for name in NAMES:
        kinds = draw(st.sampled_from([["CNAME"], *[list(chosen) for chosen in _subsets(("A", "AAAA", "TXT", "MX"))]]))
        for kind in kinds:
            values = draw(st.sets(st.sampled_from(VALUES[kind]), min_size=1)) if VALUES[kind] else set()
            chosen = {min(values)} if kind == "CNAME" else values
            special = draw(st.sampled_from(["", "", "", "an alias of x.example"])) if kind in {"A", "AAAA"} else ""
            sets.append(there(kind, *(() if special else chosen), special=special, name=name))
    return zone(*sets)


def _subsets(kinds: tuple[str, ...]) -> list[list[str]]:
    return [[kind for bit, kind in enumerate(kinds) if mask >> bit & 1] for mask in range(2 ** len(kinds))]


@st.composite
def declarations(draw: st.DrawFn) -> list[Record]:
    """Records that a model lets through: a CNAME stands alone at its name."""
    found = []
    for name in NAMES:
        kinds = draw(st.sampled_from([["CNAME"], *[list(chosen) for chosen in _subsets(("A", "AAAA", "TXT"))]]))
        for kind in kinds:
            values = draw(st.sets(st.sampled_from(VALUES[kind]), min_size=1, max_size=1 if kind == "CNAME" else 3))
            found += [record(kind, value, name) for value in values]
    return found


@st.composite
def former(draw: st.DrawFn) -> frozenset[Record]:
    everything = [record(kind, value, name) for name in NAMES for kind in VALUES for value in VALUES[kind]]
    return frozenset(draw(st.sets(st.sampled_from(everything), max_size=4)))


@given(zones(), declarations(), former(), st.booleans(), st.booleans())
def test_it_converges(
    sets: Sets, wanted: list[Record], added: frozenset[Record], overwrite: bool, retime: bool
) -> None:
    wanted = [each for each in wanted if not planned(sets, [each], added, overwrite=overwrite).conflicts]
    first = planned(sets, wanted, added, overwrite=overwrite, retime=retime)
    assume(not first.conflicts)
    now = outcome(sets, first.changes)
    for each in wanted:
        assert each.value in now[each.key].values
        if each.type in EXCLUSIVE:
            assert now[each.key].values == {other.value for other in wanted if other.key == each.key}
    assert planned(now, wanted, first.added, overwrite=overwrite) == Plan(added=first.added)
    assert first.added <= set(wanted)


@given(zones(), declarations(), former(), st.booleans())
def test_what_is_not_ours_is_not_touched(
    sets: Sets, wanted: list[Record], added: frozenset[Record], retime: bool
) -> None:
    done = planned(sets, wanted, added, retime=retime)
    now = outcome(sets, done.changes)
    owned = {each.key for each in added}
    for key, before in sets.items():
        foreign = before.values - {each.value for each in added if each.key == key}
        if key[1] in EXCLUSIVE and key in owned and any(each.key == key for each in wanted):
            continue  # we made the set, and what somebody changed in it is mended
        assert foreign <= (now[key].values if key in now else frozenset())
        if before.special or key[1] == "MX":
            assert now[key] is before
        if foreign:
            assert now[key].ttl == before.ttl


@given(zones(), declarations())
def test_making_and_deleting_leaves_everything_as_it_was(sets: Sets, wanted: list[Record]) -> None:
    wanted = [each for each in wanted if not planned(sets, [each]).conflicts]  # few zones take all at random
    made = planned(sets, wanted)
    assume(not made.conflicts)
    between = outcome(sets, made.changes)
    gone = planned(between, [], made.added)
    assert outcome(between, gone.changes) == sets
    assert gone.warnings == ()


@given(zones(), former())
def test_deleting_removes_only_what_was_added(sets: Sets, added: frozenset[Record]) -> None:
    done = planned(sets, [], added, overwrite=True)
    now = outcome(sets, done.changes)
    removed = {
        Record(*key, value)
        for key, before in sets.items()
        for value in before.values - (now[key].values if key in now else frozenset())
    }
    assert removed <= added
    assert done.added == frozenset()
    assert not done.conflicts


@given(zones(), declarations(), former())
def test_conflicts_write_nothing_and_forget_nothing(sets: Sets, wanted: list[Record], added: frozenset[Record]) -> None:
    done = planned(sets, wanted, added)
    if done.conflicts:
        assert done.changes == ()
        assert done.added == added
