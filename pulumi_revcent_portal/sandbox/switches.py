"""The switches of a sandbox: every way in which the real RevCent may differ from the default reading. Only data and checks."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_revcent_portal.sandbox.reading import ENTITIES, Field, Kind
from pulumi_revcent_portal.sandbox.values import digest

STATES: Final = ("not_initialized", "pending", "issued", "complete", "failed")
RECORD_KEYS: Final = ("type", "name", "value")
_STEPS: Final = ("certificate", "dns")


@dataclass(frozen=True)
class Switches:
    """How this RevCent behaves. The defaults are what RevCent documents, or what is most probable.

    Attributes:
        error_style: "http" answers refusals with a 4xx status, "ok" with HTTP 200 and `code: 0`.
        references: gets answer references as an "object" (`{id, name}`) or as a "string".
        spelling: wire keys: "default", "alternative" (the other known spelling of every key), or a mapping of
            `entity.field.path` to a key; the mapping's key "*" chooses the base of the others.
        record_spelling: keys of DNS records: "default" (type, name, value), "alternative" (type, host, target), or a mapping.
        status_words: the word answered for a state (not_initialized, pending, issued, complete, failed).
        delete: `POST .../{id}/delete` exists for portals, tracking domains and SMTP profiles.
        smtp_get: SMTP profiles can be fetched and listed.
        normalise: answers hold trimmed HTML and names, and addresses in lower case.
        omit: logical field paths that gets leave out, `footer_html` or `customer_portal.footer_html`.
        slim_lists: list items hold only id and name.
        list_extra: lists answer `total_count` and `total_pages`.
        list_dates: lists demand `date_start` and `date_end` (Unix seconds).
        require_ready_domain: a portal is refused while its domain has no active certificate.
        url: portals answer a `url`.
        echo: failure messages repeat the request's body, as a careless server does. For tests of redaction.
        transition: how a certificate and the DNS get ready: "immediate", "never", "failed", `{"reads": n}` (n gets still
            show it pending) or `{"seconds": t}`, the last two also with `"outcome": "failed"`; or a mapping with one of these
            for "certificate" and one for "dns".
        recaptcha_secrets: the reCAPTCHA secrets that siteverify knows; None: every one of the right shape.
        bad_recaptcha_secrets: secrets that siteverify does not know, whatever their shape.
    """

    error_style: str = "http"
    references: str = "object"
    spelling: str | Mapping[str, str] = "default"
    record_spelling: str | Mapping[str, str] = "default"
    status_words: Mapping[str, str] = field(default_factory=dict)
    delete: bool = False
    smtp_get: bool = False
    normalise: bool = False
    omit: tuple[str, ...] = ()
    slim_lists: bool = False
    list_extra: bool = False
    list_dates: bool = False
    require_ready_domain: bool = True
    url: bool = False
    echo: bool = False
    transition: str | Mapping[str, Any] = "immediate"
    recaptcha_secrets: tuple[str, ...] | None = None
    bad_recaptcha_secrets: tuple[str, ...] = ()

    def but(self, **changes: object) -> Switches:
        """Return these switches with some of them changed.

        Raises:
            ValueError: a name is not one of the switches, or a value is not one it can have; the text lists what there is.
        """
        names = [entry.name for entry in dataclasses.fields(self)]
        for name, value in changes.items():
            if name not in names:
                raise ValueError(f"There is no switch {name!r}. There are: {', '.join(names)}.")
            _CHECKS.get(name, _check_flag)(name, value)
        ready = {name: _settled(name, value) for name, value in changes.items()}
        return dataclasses.replace(self, **ready)  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, Any]:
        """Return the switches as JSON values."""
        return {
            name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            for name, value in vars(self).items()
        }


def _settled(name: str, value: Any) -> Any:
    if name.endswith("recaptcha_secrets") and value is not None:
        return tuple(digest(secret) for secret in value)
    return tuple(value) if isinstance(value, list | tuple) else value


def _refuse(name: str, value: object, wanted: str) -> None:
    shown = "" if "secret" in name else f", not {value!r}"
    raise ValueError(f"The switch {name!r} takes {wanted}{shown}.")


def _check_flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        _refuse(name, value, "True or False")


def _check_error_style(name: str, value: object) -> None:
    if value not in ("http", "ok"):
        _refuse(name, value, '"http" or "ok"')


def _check_references(name: str, value: object) -> None:
    if value not in ("object", "string"):
        _refuse(name, value, '"object" or "string"')


def _check_spelling(name: str, value: object) -> None:
    if value in ("default", "alternative"):
        return
    if not isinstance(value, Mapping) or not all(isinstance(key, str) and key for key in value.values()):
        _refuse(name, value, '"default", "alternative" or a mapping of field paths to wire keys')
        return
    known = field_paths()
    for path, key in value.items():
        if path == "*":
            if key not in ("default", "alternative"):
                _refuse(name, value, '"default" or "alternative" under "*"')
        elif path not in known:
            raise ValueError(f"The switch {name!r} speaks of a field {path!r}, which does not exist.")


def _check_record_spelling(name: str, value: object) -> None:
    if value in ("default", "alternative"):
        return
    if not isinstance(value, Mapping) or not set(value) <= set(RECORD_KEYS):
        _refuse(name, value, f'"default", "alternative" or a mapping of {", ".join(RECORD_KEYS)} to keys')


def _check_status_words(name: str, value: object) -> None:
    if not isinstance(value, Mapping) or not set(value) <= set(STATES):
        _refuse(name, value, f"a mapping of the states {', '.join(STATES)} to words")


def _check_omit(name: str, value: object) -> None:
    if not isinstance(value, list | tuple):
        _refuse(name, value, "a list of field paths")
        return
    known = field_paths()
    short = {path.partition(".")[2] for path in known}
    for path in value:
        if path not in known and path not in short:
            raise ValueError(f"The switch {name!r} speaks of a field {path!r}, which does not exist.")


def _check_transition(name: str, value: object) -> None:
    if isinstance(value, Mapping) and value and set(value) <= set(_STEPS):
        for rule in value.values():
            _check_rule(name, rule)
    else:
        _check_rule(name, value)


def _check_rule(name: str, rule: object) -> None:
    if rule in ("immediate", "never", "failed"):
        return
    wanted = (
        '"immediate", "never", "failed", {"reads": n} or {"seconds": t} (with "outcome": "failed" if it is to fail)'
    )
    if not isinstance(rule, Mapping):
        _refuse(name, rule, wanted)
        return
    amounts = [rule[key] for key in ("reads", "seconds") if key in rule]
    if (
        len(amounts) != 1
        or isinstance(amounts[0], bool)
        or not isinstance(amounts[0], int | float)
        or amounts[0] < 0
        or not set(rule) <= {"reads", "seconds", "outcome"}
        or rule.get("outcome", "failed") != "failed"
    ):
        _refuse(name, rule, wanted)


def _check_secrets(name: str, value: object) -> None:
    if value is None and name == "recaptcha_secrets":
        return
    if not isinstance(value, list | tuple) or not all(isinstance(secret, str) for secret in value):
        _refuse(name, value, "a list of strings")


_CHECKS: Final = {
    "error_style": _check_error_style,
    "references": _check_references,
    "spelling": _check_spelling,
    "record_spelling": _check_record_spelling,
    "status_words": _check_status_words,
    "omit": _check_omit,
    "transition": _check_transition,
    "recaptcha_secrets": _check_secrets,
    "bad_recaptcha_secrets": _check_secrets,
}


def field_paths() -> frozenset[str]:
    """Return every field as `entity.field.path`, nested ones too."""

    def below(prefix: str, fields: tuple[Field, ...]) -> list[str]:
        found = []
        for entry in fields:
            found.append(f"{prefix}.{entry.name}")
            if entry.kind in (Kind.GROUP, Kind.GROUPS):
                found += below(f"{prefix}.{entry.name}", entry.group)
        return found

    return frozenset(path for entity in ENTITIES.values() for path in below(entity.name, entity.fields))
