"""Compares what RevCent holds with what was declared, field by field. Not a test.

It knows the declaration and the sandbox; of the state it takes the IDs and the random words of the ownership marks,
and what outputs must repeat.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.models import (
    CustomerPortalInputs,
    RecaptchaInputs,
    SmtpProfileInputs,
    TrackingDomainInputs,
    TrackingDomainStepInputs,
    UrlParameterSetInputs,
)
from pulumi_revcent_portal.models.base import Model, long_paths, secret_paths, validate
from pulumi_revcent_portal.providers.naming import with_ids
from tests.engine.declarations import Declaration, Declared, flat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.engine.stack import Stack

MODELS: dict[str, type[Model]] = {
    "TrackingDomain": TrackingDomainInputs,
    "TrackingDomainSsl": TrackingDomainStepInputs,
    "TrackingDomainDns": TrackingDomainStepInputs,
    "SmtpProfile": SmtpProfileInputs,
    "Recaptcha": RecaptchaInputs,
    "CustomerPortal": CustomerPortalInputs,
    "UrlParameterSet": UrlParameterSetInputs,
}
ENTITIES = {
    "TrackingDomain": "tracking_domain",
    "SmtpProfile": "smtp_profile",
    "CustomerPortal": "customer_portal",
    "UrlParameterSet": "url_parameter_set",
}
OURS = {"adopt", "adopt_id", "smtp_sender", "portal_url", "sender"}
"""Inputs that RevCent does not have."""
STEERING = {"adopt", "adopt_id", "wait.timeout", "verify", "verify_url", "rules"}
"""Inputs that say how to act; outputs need not repeat them."""
REVCENTS = {"id", "created_date", "a_records", "cname_records", "ssl_status", "dns_status", "logo", "url"}
"""Fields that RevCent fills in by itself."""
NAMED = ("customer_filters.campaign", "customer_filters.third_party_shop", "campaign", "url_parameter_sets")
"""Inputs of which outputs tell the name beside the ID."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"

State = dict[str, dict[str, Any]]


def as_declared(stack: Stack, sandbox: Sandbox, declaration: Declaration, remaining: Iterable[str] = ()) -> None:
    """Assert that account and state hold what is declared, completely, and nothing else.

    Args:
        stack: where it was declared.
        sandbox: the account.
        declaration: what was declared.
        remaining: the IDs of the objects that are in the account beside it, such as retired ones.
    """
    state = stack.resources("--show-secrets")
    ours = {name for name, each in state.items() if "dynamic/revcent:" in each["type"]} - {"revcent-identity"}
    assert ours == set(declaration)
    problems = [problem for name in declaration for problem in _resource(sandbox, name, declaration, state, stack)]
    known = {state[name]["id"] for name in declaration} | set(remaining)
    for entity in ENTITIES.values():
        surplus = {each["id"]: each["name"] for each in sandbox.objects(entity) if each["id"] not in known}
        problems += [f"{entity} {object_id} ({name}) belongs to nobody" for object_id, name in surplus.items()]
    assert not problems, "\n".join(problems)


def expected(name: str, declaration: Declaration, state: State) -> dict[str, Any]:
    """Return the inputs of a resource with defaults and references filled in."""
    declared = declaration[name]
    given = resolved(declared.inputs, declaration, state)
    if declared.kind == "CustomerPortal":
        given |= _profile(declared, declaration, state)
    return validate(MODELS[declared.kind], given).dump()


def mark_of(name: str, state: State, stack: Stack) -> str:
    """Return the mark that a resource's object must carry."""
    identity = state["revcent-identity"]["outputs"]["identity"]
    return f"[pulumi {stack.project}/{stack.name}/{name} {identity} #{state[name]['outputs']['__live']['nonce']}]"


def _profile(declared: Declared, declaration: Declaration, state: State) -> dict[str, Any]:
    profile = declared.inputs["smtp_profile"]
    if isinstance(profile, dict):
        reference = resolved(profile["$SmtpProfileRef"], declaration, state)
        return {"smtp_profile": reference["id"], "smtp_sender": reference.get("sender")}
    if "." in profile:
        return {}
    return {"smtp_sender": expected(profile[1:], declaration, state).get("sender")}


def resolved(value: Any, declaration: Declaration, state: State) -> Any:
    """Return a value with IDs, or a pair of keys, in place of the resources that it refers to."""
    if isinstance(value, dict):
        return {key: resolved(item, declaration, state) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, declaration, state) for item in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    other = value[1:].partition(".")[0]
    if declaration[other].kind == "Recaptcha":
        return {key: declaration[other].inputs[key] for key in ("site_key", "secret_key")}
    return state[other]["id"]


def _resource(sandbox: Sandbox, name: str, declaration: Declaration, state: State, stack: Stack) -> list[str]:
    kind, model = declaration[name].kind, MODELS[declaration[name].kind]
    wanted = expected(name, declaration, state)
    problems = _outputs(name, model, wanted, state)
    if kind in ENTITIES:
        found = sandbox.object(ENTITIES[kind], state[name]["id"])
        problems += _object(name, model, wanted, found, mark_of(name, state, stack))
    elif kind.startswith("TrackingDomain"):
        domain = sandbox.object("tracking_domain", state[name]["id"])
        if (domain["ssl_status"], domain["dns_status"]) != ("issued", "complete"):
            problems.append(f"{name}: the domain is {domain['ssl_status']}, {domain['dns_status']}")
        records = state[name]["outputs"].get("cname_records", domain["cname_records"])
        if records != domain["cname_records"]:
            problems.append(f"{name}.cname_records: output {records!r}")
    return problems


def _outputs(name: str, model: type[Model], wanted: dict[str, Any], state: State) -> list[str]:
    """Outputs repeat every input, secrets as secrets, except long texts and idle steering."""
    outputs = with_ids(state[name]["outputs"], NAMED)
    long, secret = _dotted(long_paths(model)), _dotted(secret_paths(model))
    problems = []
    for path, declared in flat(wanted).items():
        value, found = None if path in long else declared, at(outputs, path)
        if path in secret:
            value = {_SIGNATURE: _SECRET, "plaintext": json.dumps(declared)}
        if found != value and path.partition(".")[0] not in {each.partition(".")[0] for each in STEERING}:
            problems.append(f"{name}.{path}: output {found!r}, declared {value!r}")
    return problems


def _object(name: str, model: type[Model], wanted: dict[str, Any], found: dict[str, Any], mark: str) -> list[str]:
    secret = _dotted(secret_paths(model))
    declared = flat({key: value for key, value in wanted.items() if key not in OURS | {"wait"}})
    held = flat({key: value for key, value in found.items() if key not in REVCENTS})
    declared["description"] = f"{declared['description']} {mark}".lstrip()
    problems = []
    for path in sorted(declared.keys() | held.keys()):
        value = declared.get(path)
        if path in secret:
            value = f"sha256:{hashlib.sha256(str(value).encode()).hexdigest()}"
        if held.get(path) != value:
            problems.append(f"{name}.{path}: RevCent holds {held.get(path)!r}, declared {value!r}")
    return problems


def at(nested: dict[str, Any], path: str) -> Any:
    """Return the value at a dotted path, or None."""
    value: Any = nested
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _dotted(paths: Iterable[tuple[str, ...]]) -> set[str]:
    return {".".join(path) for path in paths}
