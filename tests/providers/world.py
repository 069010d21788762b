"""What stands around a declaration in RevCent, and what RevCent must hold after it was carried out. Not a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_revcent_portal.models import secret_paths, validate
from pulumi_revcent_portal.providers.drift import flatten, get_path, set_path
from pulumi_revcent_portal.providers.entity import EntityCore
from pulumi_revcent_portal.providers.ownership import Mark, split_mark
from pulumi_revcent_portal.sandbox.controls import Controls
from pulumi_revcent_portal.sandbox.values import digest
from tests.providers.programs import KINDS

READY = {"ssl_status": "issued", "dns_status": "complete"}
ENTITIES = {
    "TrackingDomain": "tracking_domain",
    "SmtpProfile": "smtp_profile",
    "CustomerPortal": "customer_portal",
    "UrlParameterSet": "url_parameter_set",
}
_REFERENCES = (
    ("tracking_domain", "tracking_domain"),
    ("smtp_profile", "smtp_profile"),
    ("campaign", "campaign"),
    ("customer_filters.campaign", "campaign"),
    ("customer_filters.third_party_shop", "third_party_shop"),
    ("url_parameter_sets", "url_parameter_set"),
)


def furnish(box: Controls, *declarations: Mapping[str, Any]) -> None:
    """Make the objects that declarations refer to by ID; domains are ready."""
    for declaration in declarations:
        for path, entity in _REFERENCES:
            value = get_path(declaration, path) or []
            for object_id in [value] if isinstance(value, str) else value:
                if object_id in {found["id"] for found in box.objects(entity)}:
                    continue
                number = len(box.objects(entity))
                fields: dict[str, Any] = {"id": object_id, "name": f"furniture {number}"}
                if entity == "tracking_domain":
                    fields |= {"domain": f"furniture{number}.example", **READY}
                box.add(entity, fields)


def declared_fields(kind: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that RevCent is to hold, by path; secrets as the sandbox shows them."""
    model = KINDS[kind][1]
    canonical = validate(model, inputs).dump()
    core = KINDS[kind][0].core
    assert issubclass(core, EntityCore)  # type: ignore[arg-type]
    settings = {key: canonical.get(key, "") for key in core.settings}  # type: ignore[attr-defined]
    for path in secret_paths(model):
        set_path(settings, ".".join(path), digest(get_path(settings, ".".join(path))))
    return flatten(settings)


def held_fields(found: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """The wanted fields of an object in the sandbox, by path, and the description without its mark."""
    flat = flatten(found)
    held = {path: "" if flat.get(path) is None else flat[path] for path in wanted}
    held["description"] = split_mark(flat["description"])[0]
    return held


def mark(found: Mapping[str, Any]) -> Mark:
    """The ownership mark of an object in the sandbox."""
    found_mark = split_mark(found["description"])[1]
    assert found_mark is not None
    return found_mark


def require_held(box: Controls, kind: str, object_id: str, inputs: Mapping[str, Any]) -> None:
    """Assert that RevCent holds what was declared."""
    wanted = declared_fields(kind, inputs)
    held = held_fields(box.object(ENTITIES[kind], object_id), wanted)
    differing = {path: (held[path], wanted[path]) for path in wanted if held[path] != wanted[path]}
    assert differing == {}, "held, declared"
