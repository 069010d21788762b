"""What RevCent holds a create or an edit against, beyond the shape of its body: names, references, domains, emails."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from publicsuffixlist import PublicSuffixList

from pulumi_revcent_portal.sandbox.reading import Entity, Field, Kind
from pulumi_revcent_portal.sandbox.refusals import Refusal, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.sandbox.store import Store, World

EMAIL_CODE: Final = re.compile(r"\{\{\s*email_code\s*\}\}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")


def check(store: Store, world: World, entity: Entity, fields: Mapping[str, Any], own_id: str = "") -> None:
    """Hold what a create or an edit wants to write against the rest of the account.

    Args:
        store: the objects there are.
        world: whose objects count.
        entity: what is created or edited.
        fields: what is to be written, under logical names; an edit's may be few.
        own_id: the ID of the object that is edited.

    Raises:
        Refusal: a name is taken, a reference leads nowhere, a domain is not a root domain, an address is none, or an
            email lacks its code.
    """
    if "name" in fields:
        taken = {row.fields["name"] for row in store.rows(world, entity.name) if row.id != own_id}
        if fields["name"] in taken:
            raise Refusal("duplicate_name", f"A {label(entity.name)} with this name already exists.")
    _check_fields(store, world, "", entity.fields, fields)
    if entity.name == "tracking_domain" and "domain" in fields:
        _check_root(fields["domain"])
    for name, email in fields.get("customer_emails", {}).items():
        if not EMAIL_CODE.search(email["html"]):
            raise Refusal("invalid_request", f"The {label(name)} email must hold {{{{email_code}}}} in its HTML.")


def _check_fields(store: Store, world: World, where: str, known: tuple[Field, ...], fields: Mapping[str, Any]) -> None:
    for field in known:
        value = fields.get(field.name)
        if value is None:
            continue
        path = f"{where}{field.name}"
        if field.kind is Kind.GROUP:
            _check_fields(store, world, f"{path}.", field.group, value)
        elif field.refers_to:
            for object_id in [value] if field.kind is Kind.REFERENCE else value:
                if store.row(world, field.refers_to, object_id) is None:
                    raise Refusal("invalid_reference", f"{path}: there is no {label(field.refers_to)} {object_id}.")
        elif field.is_address:
            for address in [value] if field.kind is Kind.TEXT else value:
                if not _ADDRESS.fullmatch(address):
                    raise Refusal("invalid_request", f"{path}: this is not an email address.")


def _check_root(domain: str) -> None:
    if not _HOST.fullmatch(domain) or _suffixes().privatesuffix(domain) != domain:
        raise Refusal("invalid_request", "The domain must be a root domain such as example.com.")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
