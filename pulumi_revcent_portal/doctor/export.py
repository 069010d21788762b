"""Reads a `pulumi stack export` for what is to be examined: tolerant of what is unknown, encrypted, of other kinds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.doctor.inventory import Captcha, Domain, Inventory, Mail, Portal, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ExportError", "read_export", "read_inventory"]

_TYPE: Final = "pulumi-python:dynamic/revcent:"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What Pulumi writes where a value was not known yet."""
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi marks an object that stands for another value."""
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - Pulumi's word for "a secret", not one
_ENCRYPTED: Final = "it is encrypted in the export; export with --show-secrets"
_ABSENT: Final = "the export does not hold it"


class ExportError(ValueError):
    """A file is no export that can be examined; the text names it and the cure."""


class _Unreadable:
    """Stands for a value that is there and cannot be read."""


_UNREADABLE: Final = _Unreadable()


def read_export(source: str, content: bytes | None = None) -> Inventory:
    """Return what an export declares.

    Args:
        source: the path of the file; a name for people where `content` is given.
        content: the bytes, where they do not come from a file.

    Raises:
        ExportError: it cannot be read, is no export, or holds nothing of this package.
    """
    if content is None:
        try:
            content = Path(source).read_bytes()
        except OSError as error:
            raise ExportError(f"{source} cannot be read: {error.strerror or type(error).__name__}.") from None
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        raise ExportError(
            f"{source} is not JSON. Write it with 'pulumi stack export --file {_file_for(source)}'."
        ) from None
    resources = _resources(parsed)
    if resources is None:
        raise ExportError(
            f"{source} is no stack export: it has no deployment with resources. Write it with "
            f"'pulumi stack export --file {_file_for(source)}'."
        )
    inventory = read_inventory(resources)
    if not (inventory.domains or inventory.portals or inventory.mails or inventory.captchas):
        raise ExportError(
            f"{source} holds no portal, domain, mail profile or reCAPTCHA keys of this package. Is it the export of "
            "the right stack?"
        )
    return inventory


def _file_for(source: str) -> str:
    return source if source.endswith(".json") else "export.json"


def _resources(parsed: Any) -> list[Mapping[str, Any]] | None:
    deployment = parsed.get("deployment") if isinstance(parsed, Mapping) else None
    resources = deployment.get("resources") if isinstance(deployment, Mapping) else None
    if not isinstance(resources, list):
        return None
    return [resource for resource in resources if isinstance(resource, Mapping)]


def read_inventory(resources: Iterable[Mapping[str, Any]]) -> Inventory:
    """Return what resources of a state declare; those that wait for their deletion do not count."""
    kinds: dict[str, list[_Resource]] = {}
    for raw in resources:
        kind = str(raw.get("type", ""))
        if kind.startswith(_TYPE) and not raw.get("delete"):
            kinds.setdefault(kind.removeprefix(_TYPE), []).append(_Resource(raw))
    cnames: dict[str, list[Mapping[str, str]]] = {}
    for step in kinds.get("TrackingDomainSsl", []):
        cnames.setdefault(step.text("tracking_domain") or step.id, []).extend(step.records("cname_records"))
    portals = kinds.get("CustomerPortal", [])
    return Inventory(
        tuple(domain for each in kinds.get("TrackingDomain", []) if (domain := _domain(each, cnames))),
        tuple(_portal(each) for each in portals),
        tuple(mail for each in kinds.get("SmtpProfile", []) if (mail := _mail(each))),
        _captchas([*kinds.get("Recaptcha", []), *(_Resource({"inputs": keys}) for keys in _keys_of(portals))]),
    )


class _Resource:
    """One resource of a state: its values, wherever they stand, in plain."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.id = _string(raw.get("id"))
        self.urn = _string(raw.get("urn"))
        self.parent = _string(raw.get("parent"))
        outputs, inputs = (plain if isinstance(plain := _plain(raw.get(key)), dict) else {} for key in _PLACES)
        self.values = {**outputs, **inputs}
        self.outputs = outputs

    def text(self, name: str, *, computed: bool = False) -> str:
        return _string((self.outputs if computed else self.values).get(name))

    def ids(self, *path: str) -> tuple[str, ...]:
        """Return IDs, which stand by themselves or in pairs with their names."""
        value: Any = self.values
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        items = (item.get("id") if isinstance(item, dict) else item for item in value or () if isinstance(value, list))
        return tuple(item for item in items if isinstance(item, str))

    def records(self, name: str) -> Iterator[Mapping[str, str]]:
        found = self.outputs.get(name)
        for record in found if isinstance(found, list) else ():
            if isinstance(record, dict) and all(isinstance(record.get(key), str) for key in _RECORD):
                yield {key: record[key] for key in _RECORD}

    def secret(self, name: str) -> Secret:
        value = self.values.get(name)
        if isinstance(value, str) and value:
            return Secret(value)
        return Secret(missing=_ENCRYPTED if value is _UNREADABLE else _ABSENT)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the resource and of its parents that are components; the stack itself is none."""
        above = self.parent.rpartition("::")[2] if self.parent and "::pulumi:pulumi:Stack::" not in self.parent else ""
        return tuple(name for name in (self.urn.rpartition("::")[2], above) if name)


_PLACES: Final = ("outputs", "inputs")
_RECORD: Final = ("type", "name", "value")


def _plain(value: Any) -> Any:
    """Return a value without Pulumi's marks; what is encrypted or unknown becomes `_UNREADABLE`."""
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET:
            return _decrypted(value)
        if _SIGNATURE in value:
            return _UNREADABLE
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return _UNREADABLE if value == _UNKNOWN else value


def _decrypted(value: Mapping[str, Any]) -> Any:
    text = value.get("plaintext")
    try:
        return _plain(json.loads(text)) if isinstance(text, str) else _UNREADABLE
    except (ValueError, RecursionError):
        return _UNREADABLE


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _domain(resource: _Resource, cnames: Mapping[str, list[Mapping[str, str]]]) -> Domain | None:
    name = resource.text("domain")
    records = (*resource.records("a_records"), *cnames.get(resource.id, ()))
    return Domain(name, resource.id, records) if name else None


def _portal(resource: _Resource) -> Portal:
    emails = resource.values.get("customer_emails")
    each = emails.values() if isinstance(emails, dict) else ()
    addresses = [_string(email.get("from_address")) for email in each if isinstance(email, dict)]
    keys = resource.values.get("recaptcha")
    enabled = resource.values.get("enabled")
    return Portal(
        name=resource.text("name"),
        id=resource.id,
        names=resource.names,
        url=resource.text("url", computed=True) or resource.text("portal_url"),
        tracking_domain=resource.text("tracking_domain"),
        smtp_profile=resource.text("smtp_profile"),
        site_key=_string(keys.get("site_key")) if isinstance(keys, dict) else "",
        senders=tuple(dict.fromkeys(address for address in addresses if address)),
        enabled=enabled if isinstance(enabled, bool) else None,
        campaigns=resource.ids("customer_filters", "campaign"),
        shops=resource.ids("customer_filters", "third_party_shop"),
        declared=True,
    )


def _mail(resource: _Resource) -> Mail | None:
    host, port = resource.text("host"), resource.values.get("port")
    if not host or isinstance(port, bool) or not isinstance(port, int | float):
        return None
    return Mail(
        name=resource.text("name"),
        host=host,
        port=int(port),
        secure=resource.text("secure") or "starttls",
        username=resource.text("username"),
        password=resource.secret("password"),
        id=resource.id,
        sender=resource.text("sender") or resource.text("username"),
    )


def _keys_of(portals: Iterable[_Resource]) -> Iterator[Mapping[str, Any]]:
    for portal in portals:
        keys = portal.values.get("recaptcha")
        if isinstance(keys, dict):
            yield {"site_key": keys.get("site_key"), "secret_key": keys.get("secret_key")}


def _captchas(resources: Iterable[_Resource]) -> tuple[Captcha, ...]:
    found: dict[str, Captcha] = {}
    for resource in resources:
        site_key = resource.text("site_key")
        captcha = Captcha(site_key, resource.secret("secret_key"), resource.text("verify_url"))
        if site_key and not (site_key in found and found[site_key].secret.value):
            found[site_key] = captcha
    return tuple(found.values())
