"""The JSON Schema of a fleet file, by which editors complete and check it. It is made of the models, and reads no file.

An editor finds mistakes early, and not all of them: that a profile exists, or that an email shows the code, is found
when the file is loaded. What a file may hold it does not refuse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations at run time
from typing import Annotated, Any, Final

from pydantic import Field

from pulumi_revcent_portal.fleet.loading import FLAGS, NUMBERS, OBJECTS, SECRET_MAPPINGS, SECRETS, TEXTS
from pulumi_revcent_portal.models.base import Model
from pulumi_revcent_portal.models.fleet import BUILT_IN, BrandDefaults, BrandEntry
from pulumi_revcent_portal.models.permissions import USE_CASES
from pulumi_revcent_portal.models.publishers import PUBLISHERS
from pulumi_revcent_portal.models.smtp import (  # pydantic reads these, too
    SmtpProfileInputs,  # noqa: TC001
    SmtpProfileOfStack,  # noqa: TC001
    SmtpProfileRef,  # noqa: TC001
)
from pulumi_revcent_portal.rules import RULES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
COMMENT: Final = "# yaml-language-server: $schema=brands.schema.json"
"""The first line of a fleet file, by which an editor finds the schema."""

_REFERENCE: Final = "^config:([A-Za-z0-9_.-]+:)?[A-Za-z0-9_.-]+$|^env:[A-Za-z_][A-Za-z0-9_]*$"
_KEY: Final = "^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$"
_VARIABLE: Final = "^[A-Za-z][A-Za-z0-9_]*$"
_LINE: Final = r"^\S(.*\S)?$"
_ADDRESS: Final = r"^[^@\s<>,;]+@[^@\s<>,;]+$"
_PATTERNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("account", "group", "former_keys"), _KEY),
    **dict.fromkeys(("name", "portal_name", "subject", "username", "campaign", "third_party_shop"), _LINE),
    **dict.fromkeys(("from_address", "support_email", "sender", "cc", "bcc"), _ADDRESS),
    **dict.fromkeys(("logo_url", "portal_url"), r"^https://\S+$"),
    "domain": r"^[^\s/@:*?#]+$",
    "host": r"^[^\s/@]+$",
    "accent": "^#[0-9a-fA-F]{6}$",
    "site_key": "^6L[A-Za-z0-9_-]{38}$",
}
"""What strings look like, by the field that they stand in, as far as the models' types do not say it."""


class AccountOptions(Model):
    """A RevCent account. It takes only what stands here, and nothing from the stack's configuration."""

    api_key: str
    """The API key of the account; always encrypted in the state."""

    base_url: str | None = None
    """Where the API lives: an https URL, or http on this machine."""

    requests_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | str | None = None
    """How many requests a minute it may take, a whole number. Each account counts for itself."""

    timeout: Annotated[float, Field(gt=0, le=600)] | str | None = None
    """Seconds to wait for a connection, and for each part of an answer; up to 600."""

    max_retries: Annotated[int, Field(ge=0, le=10)] | str | None = None
    """How often a request is repeated at most, 0 to 10."""

    contract: str | None = None
    """Path of a file with RevCent's own spellings."""

    offline: bool | str | None = None
    """Whether to make no request at all."""

    ownership_mark: bool | None = None
    """Whether its objects carry a mark of their owner in their description."""

    resolvers: str | list[str] | None = None
    """The name servers to ask about the DNS: a list of IP addresses, or a text with commas between them; "none" looks
    nothing up."""


class _File(Model):
    """A fleet of brands: one RevCent customer portal each.

    A string, a number, a truth value and dns may each be a reference: config:NAME is a value of the stack's
    configuration, env:NAME an environment variable. A secret must be one. What is null is not said.
    """

    brands: Mapping[str, BrandEntry]
    """The brands by key. The names of a brand's resources are made of its key, which never changes, or else is named in
    former_keys."""

    defaults: BrandDefaults | None = None
    """What all brands share. What a brand says wins; customer_emails, customer_permissions, customer_filters, variables
    and rules are merged entry by entry."""

    smtp_profiles: Mapping[str, SmtpProfileInputs | SmtpProfileRef | SmtpProfileOfStack] | None = None
    """Mail profiles by key. One with an id exists already, one with a stack is that stack's; of all others one is made
    in each account that uses it."""

    accounts: Mapping[str, AccountOptions] | None = None
    """Further RevCent accounts by key, beside the stack's own."""


_DEFINED: Final[Mapping[str, dict[str, Any]]] = {
    "Reference": {
        "description": "A reference: config:NAME for a value of the stack's configuration, set with "
        "'pulumi config set --secret NAME', or env:NAME for an environment variable.",
        "type": "string",
        "pattern": _REFERENCE,
        # no word of JSON Schema; yaml-language-server shows it in the place of the pattern
        "patternErrorMessage": "Write a reference: config:NAME or env:NAME. No secret belongs in this file.",
        "examples": ["config:smtpPassword", "env:ACME_SMTP_PASSWORD"],
    },
    "TextFile": {
        "description": "A text in a file of its own.",
        "type": "object",
        "properties": {
            "file": {
                "description": "The file, UTF-8; a relative path begins at the directory of this file.",
                "type": "string",
                "minLength": 1,
            }
        },
        "required": ["file"],
        "additionalProperties": False,
    },
}


def fleet_schema() -> dict[str, Any]:
    """Make the JSON Schema of a fleet file, draft 2020-12."""
    made = _File.model_json_schema()
    models: dict[str, Any] = made.pop("$defs")
    for publisher in PUBLISHERS.values():
        models[publisher.__name__]["required"].insert(0, "kind")
        del models[publisher.__name__]["properties"]["kind"]["default"]
    definitions = {name: _mapping(model) for name, model in models.items()}
    for name in ("BrandDefaults", "BrandEntry"):
        both = ("domain", "tracking_domain")
        definitions[name]["not"] = {"required": list(both), "properties": {each: {"type": "string"} for each in both}}
    whole = _mapping(made)
    parts = whole["properties"]
    parts["brands"] = _part(parts["brands"], _at("BrandEntry")) | {"type": "object", "minProperties": 1}
    parts["accounts"] = _part(parts["accounts"], _at("AccountOptions"))
    profile = _at("SmtpProfileInputs")
    for key, existing in (("stack", "SmtpProfileOfStack"), ("id", "SmtpProfileRef")):
        profile = {"if": {"type": "object", "required": [key]}, "then": _at(existing), "else": profile}
    parts["smtp_profiles"] = _part(parts["smtp_profiles"], profile)
    return {
        "$schema": DIALECT,
        "title": "Fleet file of pulumi_revcent_portal",
        **whole,
        "$defs": dict(sorted({**definitions, **_DEFINED}.items())),
    }


def _at(definition: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{definition}"}


def _part(made: Mapping[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """A part of the file whose entries stand below their keys."""
    return {
        "description": made["description"],
        "type": ["object", "null"],
        "propertyNames": {"pattern": _KEY},
        "additionalProperties": entry,
    }


def _mapping(made: Mapping[str, Any]) -> dict[str, Any]:
    """What a model is in the file."""
    required = made.get("required", [])
    return {
        "description": _told(made["description"]),
        "type": "object",
        "properties": {
            name: _field(name, field, optional=name not in required) for name, field in made["properties"].items()
        },
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _field(name: str, made: Mapping[str, Any], *, optional: bool) -> dict[str, Any]:
    plain = {key: value for key, value in made.items() if key not in _BESIDE}
    arms = _arms(plain, name)
    arms += _references_to(name, arms)
    if optional:
        arms.append(_NULL)
    types = [arm["type"] for arm in arms if arm.keys() == {"type"}]
    if len(types) == len(arms):
        arms = [{"type": types[0] if len(types) == 1 else types}]
    default = made.get("default")
    return {
        "description": _told(made["description"]),
        **_one_of(arms),
        **({} if default is None else {"default": default}),
    }


_NAMES: Final[Mapping[str, dict[str, Any]]] = {
    "rules": {"enum": sorted(RULES)},
    "variables": {"pattern": _VARIABLE, "not": {"enum": list(BUILT_IN)}},
}
"""What the keys of a mapping may be, by the field that it stands in."""
_NULL: Final = {"type": "null"}
"""A way to leave something out."""
_BESIDE: Final = ("title", "description", "default", "secret", "long")


def _values(name: str, made: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What may stand at a field of this name, as `loading` reads it: one of these."""
    kind = made.get("type")
    if name in SECRETS:
        return [_at("Reference")]
    if name in SECRET_MAPPINGS:
        return [{"type": "object", "additionalProperties": _at("Reference")}]
    if name in _NAMES:
        entry = {"anyOf": [*_arms(made["additionalProperties"]), _NULL]}
        return [{**made, "propertyNames": _NAMES[name], "additionalProperties": entry}]
    if kind == "array":
        return [{"type": "array", "items": _one_of(_arms(made["items"], name)), "uniqueItems": True}]
    return _texts(name, made) if kind == "string" else [dict(made)]


def _arms(made: Mapping[str, Any], name: str = "") -> list[dict[str, Any]]:
    return [each for arm in made.get("anyOf", [made]) if arm != _NULL for each in _values(name, arm)]


def _one_of(arms: list[dict[str, Any]]) -> dict[str, Any]:
    return arms[0] if len(arms) == 1 else {"anyOf": arms}


def _references_to(name: str, arms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A reference, where the loader turns what it stands for into something else than a text."""
    types = {arm.get("type") for arm in arms}
    typed = (name in NUMBERS and types & {"integer", "number"}) or (name in FLAGS and "boolean" in types)
    return [_at("Reference")] if (typed or name in OBJECTS) and "string" not in types else []


def _texts(name: str, made: Mapping[str, Any]) -> list[dict[str, Any]]:
    if name in TEXTS:
        return [{"type": "string"}, _at("TextFile")]
    words = made.get("enum") or (sorted(USE_CASES) if name == "use_cases" else None)
    if words:
        return [{"enum": list(words)}, _at("Reference")]
    pattern = _PATTERNS.get(name) or made.get("pattern")
    if pattern is None:
        return [dict(made)]
    also = "" if re.search(pattern, "config:name") else f"|{_REFERENCE}"
    return [{"type": "string", "pattern": f"{pattern}{also}"}]


def _told(text: str) -> str:
    """A text of the models in the words of YAML, on one line."""
    return " ".join(text.split()).replace("True", "true").replace("False", "false")
