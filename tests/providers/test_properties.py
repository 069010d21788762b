"""What holds for every valid declaration, every RevCent and every drift, as far as hypothesis can find out.

The examples are the same in every run. `EXPLORE=20 pytest tests/providers/test_properties.py` tries other ones, and
twenty times as many.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from pulumi.output import Unknown

from pulumi_revcent_portal.models import long_paths, secret_paths
from pulumi_revcent_portal.providers.drift import canonical, flatten, get_path, set_path
from pulumi_revcent_portal.providers.naming import with_ids
from pulumi_revcent_portal.providers.planning import PlanningCore
from pulumi_revcent_portal.sandbox.reading import ENTITIES as KNOWN
from pulumi_revcent_portal.sandbox.reading import Field, Kind
from tests.providers import engine as fake
from tests.providers.account import Account
from tests.providers.engine import Failed, FakeEngine, Secret
from tests.providers.programs import DOMAIN, IDENTITY, KINDS, MAIL, PARAMETER_SET, PORTAL, brand, single
from tests.providers.world import ENTITIES, declared_fields, furnish, held_fields, mark, require_held
from tests.strategies import customer_portals, smtp_profiles, tracking_domains, url_parameter_sets

MINIMAL = {
    "TrackingDomain": DOMAIN,
    "SmtpProfile": MAIL,
    "CustomerPortal": PORTAL,
    "UrlParameterSet": PARAMETER_SET,
}
EXPLORE = int(os.environ.get("EXPLORE", "0"))
DECLARATIONS = {
    "TrackingDomain": tracking_domains(),
    "SmtpProfile": smtp_profiles(),
    "CustomerPortal": customer_portals(),
    "UrlParameterSet": url_parameter_sets(),
}


def examples(count: int) -> settings:
    return settings(
        max_examples=count * max(EXPLORE, 1),
        derandomize=not EXPLORE,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


of_each_kind = pytest.mark.parametrize("kind", DECLARATIONS)


@st.composite
def brands(draw: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A portal with the mail profile and the domain that it uses."""
    portal, mail, domain = draw(customer_portals()), draw(smtp_profiles()), draw(tracking_domains())
    return portal, mail | {"sender": portal["customer_emails"]["confirmation"]["from_address"]}, domain


def require_lean(engine: FakeEngine, name: str, kind: str, inputs: dict[str, Any]) -> None:
    """Assert that the outputs hold no long text that came back verbatim, and secrets only where they came in."""
    outputs = engine.stored[name].outputs
    for path in map(".".join, long_paths(KINDS[kind][1])):
        assert get_path(outputs, path) is None
    assert "texts" not in outputs["__live"]
    for path in map(".".join, secret_paths(KINDS[kind][1])):
        assert get_path(outputs, path) == Secret(get_path(inputs, path))


# --- what is declared is what there is ------------------------------------------------------------------------------


@examples(120)
@given(brands())
def test_any_brand_is_made_as_declared_and_then_nothing_differs(
    parts: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    portal, mail, domain = parts
    account = Account()
    furnish(account.box, {key: portal[key] for key in ("campaign", "customer_filters") if key in portal}, domain)
    engine, program = FakeEngine(account), brand(*parts)

    planned = engine.preview(program)
    assert {step.op for step in planned} == {"create"}
    assert engine.up(program) == planned
    account.box.clear_calls()
    engine.settled(program)
    assert account.calls() == []
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(program)

    found = {name: engine.stored[name].object_id for name in ("domain", "mail", "portal")}
    require_held(account.box, "TrackingDomain", found["domain"], domain)
    require_held(account.box, "SmtpProfile", found["mail"], mail)
    wired = portal | {"tracking_domain": found["domain"], "smtp_profile": found["mail"]}
    require_held(account.box, "CustomerPortal", found["portal"], wired)
    identity = engine.outputs("revcent-identity")["identity"]
    for name, kind in (("domain", "TrackingDomain"), ("mail", "SmtpProfile"), ("portal", "CustomerPortal")):
        assert mark(account.box.object(ENTITIES[kind], found[name])).identity == identity
    require_lean(engine, "portal", "CustomerPortal", portal)
    engine.destroy()
    assert engine.stored == {}


@of_each_kind
@examples(150)
@given(data=st.data())
def test_any_declaration_can_become_any_other(kind: str, data: st.DataObject) -> None:
    first, second = data.draw(DECLARATIONS[kind]), data.draw(DECLARATIONS[kind])
    account = Account()
    furnish(account.box, first, second)
    engine = FakeEngine(account)

    engine.up(single(kind, first))
    try:
        planned = engine.preview(single(kind, second))
    except Failed as failed:
        assert "still belongs to the domain" in str(failed)  # noqa: PT017 - the one change that is refused
        event("refused")
        return
    assert engine.up(single(kind, second)) == planned
    engine.settled(single(kind, second))

    require_held(account.box, kind, engine.stored["one"].object_id, second)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(single(kind, second))


@of_each_kind
@examples(80)
@given(data=st.data())
def test_a_part_of_the_settings_can_be_changed_and_changed_back(kind: str, data: st.DataObject) -> None:
    first, other = data.draw(DECLARATIONS[kind]), data.draw(DECLARATIONS[kind])
    keys = data.draw(st.sets(st.sampled_from(sorted(other)), max_size=3))
    second = first | {key: other[key] for key in keys - {"domain", "smtp_sender", "customer_emails"}}
    account = Account()
    furnish(account.box, first, second)
    engine = FakeEngine(account)

    for inputs in (first, second, first):
        engine.up(single(kind, inputs))
        engine.settled(single(kind, inputs))
        require_held(account.box, kind, engine.stored["one"].object_id, inputs)


# --- whatever RevCent is like ---------------------------------------------------------------------------------------


def leaves(fields: tuple[Field, ...], prefix: str = "") -> list[str]:
    return [
        path
        for field in fields
        for path in [f"{prefix}{field.name}", *leaves(nested(field), f"{prefix}{field.name}.")]
        if path != "name"
    ]


def nested(field: Field) -> tuple[Field, ...]:
    """The fields below a field; a list is answered as a whole or not at all."""
    return field.group if field.kind is Kind.GROUP else ()


@st.composite
def revcents(draw: Any, kind: str) -> dict[str, Any]:
    """Switches: how RevCent may answer."""
    fields = leaves(KNOWN[ENTITIES[kind]].fields)
    return {
        "normalise": draw(st.booleans()),
        "omit": draw(st.lists(st.sampled_from(fields), unique=True, max_size=6)),
        "references": draw(st.sampled_from(["object", "string"])),
        "slim_lists": draw(st.booleans()),
        "error_style": draw(st.sampled_from(["http", "ok"])),
        "url": draw(st.booleans()),
    }


@of_each_kind
@examples(150)
@given(data=st.data())
def test_however_revcent_answers_there_is_no_drift(kind: str, data: st.DataObject) -> None:
    inputs, switches = data.draw(DECLARATIONS[kind]), data.draw(revcents(kind))
    account = Account(offers={"smtp_get": data.draw(st.booleans(), label="smtp_get")})
    account.box.switch(**switches)
    furnish(account.box, inputs)
    engine = FakeEngine(account)

    engine.up(single(kind, inputs))
    engine.settled(single(kind, inputs))
    for _ in range(2):
        assert {step.op for step in engine.refresh()} == {"same"}
        engine.settled(single(kind, inputs))
    require_held(account.box, kind, engine.stored["one"].object_id, inputs)
    require_secrets(engine, "one", kind, inputs)


@of_each_kind
@examples(150)
@given(data=st.data())
def test_whatever_drifts_is_seen_by_refresh_and_mended_by_the_next_up(kind: str, data: st.DataObject) -> None:
    inputs, other = data.draw(DECLARATIONS[kind]), data.draw(DECLARATIONS[kind])
    switches = data.draw(revcents(kind))
    account = Account(offers={"smtp_get": True})
    account.box.switch(**switches)
    furnish(account.box, inputs, other)
    engine, program = FakeEngine(account), single(kind, inputs)
    engine.up(program)
    object_id = engine.stored["one"].object_id

    wanted, drifted = declared_fields(kind, inputs), declared_fields(kind, other)
    paths = [path for path in wanted if path not in immune(kind) and not is_omitted(path, switches["omit"])]
    chosen = data.draw(st.sets(st.sampled_from(paths), min_size=1, max_size=4))
    change: dict[str, Any] = {}
    for path in chosen:
        set_path(change, path, None if path == "campaign" and not drifted[path] else drifted[path])
    account.box.change(ENTITIES[kind], object_id, change)

    tidy = normal if switches["normalise"] else canonical
    differs = any(tidy(drifted[path]) != tidy(wanted[path]) for path in chosen)
    event("drift" if differs or "description" in chosen else "none to be seen")
    (step,) = [step for step in engine.refresh() if step.name == "one"]
    assert step.op == ("update" if differs or "description" in chosen else "same")
    require_secrets(engine, "one", kind, inputs)
    engine.up(program)

    held = held_fields(account.box.object(ENTITIES[kind], object_id), wanted)
    assert {path: tidy(held[path]) for path in wanted} == {path: tidy(wanted[path]) for path in wanted}
    assert mark(account.box.object(ENTITIES[kind], object_id)).identity == engine.outputs(IDENTITY.name)["identity"]
    engine.settled(program)
    assert {step.op for step in engine.refresh()} == {"same"}
    engine.settled(program)
    require_secrets(engine, "one", kind, inputs)


def immune(kind: str) -> set[str]:
    """What cannot drift, or what nobody could see drifting."""
    return {"domain", *(".".join(path) for path in secret_paths(KINDS[kind][1]))}


def is_omitted(path: str, omitted: list[str]) -> bool:
    return any(path == field or path.startswith(f"{field}.") for field in omitted)


def normal(value: Any) -> Any:
    """A setting as a normalising RevCent answers it, at least."""
    if isinstance(value, list):
        return canonical([normal(item) for item in value])
    return canonical(value.strip().lower() if isinstance(value, str) else value)


def require_secrets(engine: FakeEngine, name: str, kind: str, inputs: dict[str, Any]) -> None:
    """Assert that the state holds each secret, at the path where it came in, encrypted."""
    for path in map(".".join, secret_paths(KINDS[kind][1])):
        assert get_path(engine.stored[name].outputs, path) == Secret(get_path(inputs, path))
        assert get_path(engine.stored[name].inputs, path) == Secret(get_path(inputs, path))


# --- check ----------------------------------------------------------------------------------------------------------


def checked(kind: str, props: dict[str, Any], olds: dict[str, Any] | None = None) -> dict[str, Any]:
    (_, one) = single(kind, {**MINIMAL[kind]})
    core = one.provider.core(Account().session(), Account().warn)
    result = core.check(olds or {}, props)
    assert result.problems == []
    return result.inputs


@of_each_kind
@examples(200)
@given(data=st.data())
def test_checking_twice_is_checking_once_and_alters_no_long_text(kind: str, data: st.DataObject) -> None:
    inputs = data.draw(DECLARATIONS[kind])
    once = checked(kind, fake.given(inputs))
    assert fake.given(checked(kind, fake.given(inputs), fake.given(once))) == fake.given(once)
    ignoring_changes = checked(kind, fake.given(once), fake.given(once))
    assert fake.given(ignoring_changes) == fake.given(once)
    for path in map(".".join, long_paths(KINDS[kind][1])):
        assert get_path(once, path) == get_path(inputs, path) or (path == "footer_html" and not get_path(once, path))


@pytest.mark.parametrize("kind", ["TrackingDomain", "CustomerPortal"])
@examples(200)
@given(data=st.data())
def test_a_list_keeps_its_order_when_some_of_it_is_unknown(kind: str, data: st.DataObject) -> None:
    inputs = fake.given(data.draw(DECLARATIONS[kind]))
    lists = [path for path, value in flatten(inputs).items() if isinstance(value, list) and value]
    assume(lists)
    path = data.draw(st.sampled_from(lists))
    items = get_path(inputs, path)
    hidden = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1))
    partly = [fake.unknown() if index in hidden else item for index, item in enumerate(items)]
    set_path(inputs, path, partly)

    core = KINDS[kind][0].core
    assert issubclass(core, PlanningCore)  # type: ignore[arg-type]
    result = get_path(with_ids(checked(kind, inputs), core.named), path)  # type: ignore[attr-defined]

    assert [None if isinstance(item, Unknown) else item for item in result] == [
        None if index in hidden else item for index, item in enumerate(items)
    ]
