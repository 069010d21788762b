"""What RevCent itself says: the state of a domain, a portal and what it refers to, and what the API key may do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.api.domains import described, has_failed, is_certified, is_ready
from pulumi_revcent_portal.api.errors import KeyRefused, NotFound, PermissionMissing, Refused, RevCentError
from pulumi_revcent_portal.api.wire import ENTITIES
from pulumi_revcent_portal.doctor.results import Verdict, failed, ok, skipped, warning, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_revcent_portal.doctor.account import Account
    from pulumi_revcent_portal.doctor.inventory import Domain, Inventory, Portal
    from pulumi_revcent_portal.doctor.means import Means

__all__ = ["check_domain", "check_key", "check_portal"]

_ACCOUNT: Final = "Use the API key of the account it is in, in the right mode (live or test)"
_NEEDED: Final = frozenset({("tracking_domain", "get"), ("customer_portal", "get")})
"""The reads without which no program can use the key."""
_USEFUL: Final = frozenset({("tracking_domain", "list"), ("customer_portal", "list")})
"""Those by which a taken name is found, and by which the end of an object is believed."""


async def check_domain(domain: Domain, means: Means) -> Verdict:
    """Say whether RevCent has the domain in service: certificate issued, DNS complete."""
    if means.account.missing:
        return skipped(means.account.missing, means.account.cure)
    try:
        found = await means.account.domain(domain)
    except RevCentError as error:
        return _not_asked(error)
    if found is None:
        known = f" ({domain.id})" if domain.id else ""
        return failed(
            f"This account has no tracking domain {domain.name}{known}.",
            f"{_ACCOUNT}; if it was never made, run `pulumi up`.",
        )
    certificate = described(found, "ssl_status", "not requested yet")
    state = described(found, "dns_status", "not initialised yet")
    seen = f"The certificate is {certificate}, the DNS {state}."
    if is_ready(found):
        return ok(seen)
    if has_failed(found, "ssl_status") or has_failed(found, "dns_status"):
        return failed(
            seen,
            "Make every record visible (see the check 'records'), then run `pulumi up --refresh` to ask RevCent anew.",
        )
    waits = "the DNS step follows" if is_certified(found) else "RevCent waits for the records (see the check 'records')"
    return failed(seen, f"Run `pulumi up`; {waits}.")


def _not_asked(error: RevCentError) -> Verdict:
    return failed(str(error), "See the check 'key'.")


async def check_portal(portal: Portal, means: Means) -> Verdict:
    """Say whether a portal is in service, and whether everything that it refers to is there."""
    account = means.account
    if account.missing:
        return skipped(account.missing, account.cure)
    if not portal.id:
        return skipped("It has no ID yet.", "Run `pulumi up`.")
    try:
        live = await account.get("customer_portal", portal.id)
    except NotFound:
        return failed(
            f"This account has no portal {portal.id}.", f"{_ACCOUNT}; if it was deleted, run `pulumi up --refresh`."
        )
    except RevCentError as error:
        return _not_asked(error)
    return worst([_service(portal, live), *_drift(portal, live), *await _lost(account, portal, live)])


async def _lost(account: Account, portal: Portal, live: Mapping[str, Any]) -> list[Verdict]:
    """Return what a portal refers to that is not there, or of which nobody can say."""
    verdicts = []
    for entity, object_id in _references(account, portal, live):
        title = account.client.contract.entity(entity).title
        try:
            await account.get(entity, object_id)
        except NotFound:
            verdicts.append(
                failed(
                    f"It refers to the {title} {object_id}, which this account does not have.",
                    f"Name a {title} that exists in the program, and run `pulumi up --refresh`.",
                )
            )
        except RevCentError as error:
            verdicts.append(warning(f"Nobody can say whether its {title} exists: {error}", "See the check 'key'."))
    return verdicts


def _service(portal: Portal, live: Mapping[str, Any]) -> Verdict:
    if live.get("enabled") is not False:
        said = "is enabled" if "enabled" in live else "is there; RevCent does not say whether it is enabled"
        return ok(f"It {said}, and refers to nothing that is missing.")
    if portal.enabled is False:
        return warning("It is disabled, as it is declared.", "Set enabled=True in the program to open it.")
    return failed("It is disabled in RevCent.", "Run `pulumi up --refresh`, or enable it in RevCent.")


def _drift(portal: Portal, live: Mapping[str, Any]) -> list[Verdict]:
    if not portal.declared:
        return []
    pairs = (
        ("tracking domain", portal.tracking_domain, live.get("tracking_domain")),
        ("SMTP profile", portal.smtp_profile, live.get("smtp_profile")),
        ("reCAPTCHA site key", portal.site_key, (live.get("recaptcha") or {}).get("site_key")),
    )
    return [
        failed(
            f"In RevCent its {what} is {there}, in the export {declared}.",
            "Run `pulumi up --refresh` to set what the program declares.",
        )
        for what, declared, there in pairs
        if declared and there and declared != there
    ]


def _references(account: Account, portal: Portal, live: Mapping[str, Any]) -> list[tuple[str, str]]:
    filters = live.get("customer_filters") or {}
    found = [
        ("tracking_domain", live.get("tracking_domain") or portal.tracking_domain),
        ("smtp_profile", live.get("smtp_profile") or portal.smtp_profile),
        *(("campaign", each) for each in filters.get("campaign") or portal.campaigns),
        *(("third_party_shop", each) for each in filters.get("third_party_shop") or portal.shops),
    ]
    return [(entity, each) for entity, each in found if each and account.client.contract.supports(entity, "get")]


async def check_key(inventory: Inventory, means: Means) -> Verdict:
    """Say what the API key may read: one list of one object, and one get, of each type. Nothing is written.

    Args:
        inventory: knows objects that can be read where the key may not list.
        means: says which RevCent, and by which key.
    """
    if means.account.missing:
        return skipped(means.account.missing, means.account.cure)
    known = {
        "tracking_domain": [domain.id for domain in inventory.domains if domain.id],
        "customer_portal": [portal.id for portal in inventory.portals if portal.id],
        "smtp_profile": [mail.id for mail in inventory.mails if mail.id],
    }
    outcomes = await asyncio.gather(
        *(_probe(means.account, entity.name, known.get(entity.name, [])) for entity in ENTITIES), return_exceptions=True
    )
    tried: list[tuple[str, str, bool | None]] = []
    try:
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            tried += outcome
    except KeyRefused as error:
        return failed(
            str(error), "Set REVCENT_API_KEY to a key that is not revoked and may be used from this machine's address."
        )
    except Refused as error:
        return failed(
            str(error), "Run `revcent-portal contract check`: RevCent's API may differ from what is expected."
        )
    except RevCentError as error:
        return failed(str(error), "Look at the network, at REVCENT_BASE_URL and at RevCent's state, and try again.")
    used = {"campaign": any(each.campaigns for each in inventory.portals)}
    used["third_party_shop"] = any(each.shops for each in inventory.portals)
    useful = _USEFUL | {(entity, action) for entity, action, _ in tried if used.get(entity)}
    return _permissions(means.account, tried, useful)


def _permissions(
    account: Account, tried: Sequence[tuple[str, str, bool | None]], useful: frozenset[tuple[str, str]]
) -> Verdict:
    def names(wanted: bool | None) -> str:
        operations = account.client.contract.operations
        return ", ".join(operations[entity, action].name for entity, action, may in tried if may is wanted)

    seen = f"The key may call {names(True) or 'nothing that reads'}."
    if names(False):
        seen = f"The key may not call {names(False)}. {seen}"
    if names(None):
        seen += f" Not tried, because there is nothing to read: {names(None)}."
    seen += " What creates, edits or initialises cannot be tried without writing."
    denied = frozenset((entity, action) for entity, action, may in tried if may is False)
    cure = "Allow the key in RevCent what it may not call, as far as a program needs it."
    if denied & _NEEDED:
        return failed(seen, cure)
    return warning(seen, cure) if denied & useful else ok(seen)


async def _probe(account: Account, entity: str, known: list[str]) -> list[tuple[str, str, bool | None]]:
    """Return for each reading operation of a type whether it is allowed; None where it could not be tried."""
    contract = account.client.contract
    tried: list[tuple[str, str, bool | None]] = []
    if contract.supports(entity, "list"):
        try:
            first = await account.first(entity)
            tried.append((entity, "list", True))
            known = [first["id"], *known] if first and "id" in first else known
        except PermissionMissing:
            tried.append((entity, "list", False))
    if contract.supports(entity, "get"):
        tried.append((entity, "get", await _may_get(account, entity, known[0]) if known else None))
    return tried


async def _may_get(account: Account, entity: str, object_id: str) -> bool:
    try:
        await account.get(entity, object_id)
    except PermissionMissing:
        return False
    except NotFound:
        return True  # whoever may not read is told so before
    return True
