"""RevCent as the checks see it: read only, asked once however many checks want to know the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.errors import NotFound
from pulumi_revcent_portal.api.wire import LIMIT
from pulumi_revcent_portal.doctor.inventory import Domain, Inventory, Mail, Portal, Secret
from pulumi_revcent_portal.doctor.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_revcent_portal.api.settings import Settings

__all__ = ["Account", "ReadingClient"]

T = TypeVar("T")
Items: TypeAlias = list[dict[str, Any]]
Portals: TypeAlias = list[Portal]

_READING: Final = frozenset({"get", "list"})
_RETRIES: Final = 1
_READS_PER_LIST: Final = 50
"""How many objects are read one by one where the items of a list do not say enough."""
NOT_RETURNED: Final = "RevCent never returns it; use --export with --show-secrets, or --smtp-password-env"


class ReadingClient(Client):
    """A client that cannot write, whoever uses it."""

    def first(self, entity: str) -> dict[str, Any] | None:
        """Return one object of a type, as a list shows it, or None: one request for a list of one.

        Raises:
            RevCentError: the list could not be had.
        """
        query = {**self.contract.page_query(entity, 1), LIMIT: "1"}
        answer = self._call(entity, "list", query=query)
        try:
            items = self.contract.items(answer)
        except ValueError as error:
            raise self._bad(answer, str(error)) from None
        return self.contract.decode(entity, items[0]) if items else None

    def _call(self, entity: str, action: str, *arguments: Any, **options: Any) -> Mapping[str, Any]:
        if action not in _READING:
            raise AssertionError(f"A check must not {action} anything.")
        return super()._call(entity, action, *arguments, **options)


class Account:
    """One RevCent account.

    Args:
        settings: how to reach it.
        seconds: how long one answer may take.
        client: a client to use instead of one that is made from the settings.

    Attributes:
        missing: why nothing can be asked; empty where it can.
        cure: what to do about that.
    """

    def __init__(self, settings: Settings, seconds: float, client: ReadingClient | None = None) -> None:
        self.missing, self.cure = "", ""
        if settings.offline:
            self.missing, self.cure = "RevCent is not asked: REVCENT_OFFLINE is set.", "Unset it."
        elif not settings.api_key:
            self.missing, self.cure = "There is no RevCent API key.", "Set REVCENT_API_KEY."
        bounded = replace(
            settings, timeout=min(settings.timeout, seconds), max_retries=min(settings.max_retries, _RETRIES)
        )
        self.client = client or ReadingClient(bounded)
        self._asked: dict[tuple[str, ...], asyncio.Task[Any]] = {}

    async def close(self) -> None:
        """Close all connections, and forget what nobody waits for any more."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        self.client.close()

    async def first(self, entity: str) -> dict[str, Any] | None:
        """Return one object of a type, as a list shows it.

        Raises:
            RevCentError: it could not be had.
        """
        return await self._once(("first", entity), lambda: self.client.first(entity))

    async def list(self, entity: str) -> Items:
        """Return all objects of a type.

        Raises:
            RevCentError: they could not be had.
        """
        return await self._once(("list", entity), lambda: self.client.list(entity))

    async def get(self, entity: str, object_id: str) -> dict[str, Any]:
        """Return an object.

        Raises:
            RevCentError: NotFound when the account has no such object.
        """
        return await self._once(("get", entity, object_id), lambda: self.client.get(entity, object_id))

    async def domain(self, domain: Domain) -> dict[str, Any] | None:
        """Return a tracking domain, by its ID or by what it is called; None where the account has none such.

        Raises:
            RevCentError: RevCent could not be asked.
        """
        if domain.id:
            try:
                return await self.get("tracking_domain", domain.id)
            except NotFound:
                return None
        reads_left = _READS_PER_LIST
        for item in await self.list("tracking_domain"):
            name = item.get("domain")
            if name is None and item.get("name") != domain.name and reads_left:
                reads_left -= 1
                name = (await self.get("tracking_domain", item["id"])).get("domain")
            if domain.name in {name, item.get("name")}:
                return await self.get("tracking_domain", item["id"])
        return None

    async def filled_in(self, inventory: Inventory) -> Inventory:
        """Return an inventory with what RevCent knows of the domains in it: records, portals, mail profiles.

        Raises:
            RevCentError: RevCent could not be asked.
        """
        domains: list[Domain] = []
        portals, mails = [*inventory.portals], [*inventory.mails]
        for domain in inventory.domains:
            found = None if domain.id else await self.domain(domain)
            if found is None:
                domains.append(domain)
                continue
            records = (*(found.get("a_records") or ()), *(found.get("cname_records") or ()))
            domains.append(replace(domain, id=found["id"], records=records or domain.records))
            portals += await self._portals_of(found["id"])
        known = {mail.id for mail in mails}
        for profile in dict.fromkeys(portal.smtp_profile for portal in portals):
            if profile and profile not in known and self.client.contract.supports("smtp_profile", "get"):
                mails += _mail(await self.get("smtp_profile", profile))
        return replace(inventory, domains=tuple(domains), portals=tuple(portals), mails=tuple(mails))

    async def _portals_of(self, domain_id: str) -> Portals:
        found = []
        reads_left = _READS_PER_LIST
        for item in await self.list("customer_portal"):
            domain = item.get("tracking_domain")
            if domain is None and reads_left:
                reads_left -= 1
                domain = (await self.get("customer_portal", item["id"])).get("tracking_domain")
            if domain == domain_id:
                found.append(_portal(await self.get("customer_portal", item["id"])))
        return found

    async def _once(self, key: tuple[str, ...], ask: Callable[[], T]) -> T:
        """Ask once; a check that gives up does not take the answer from the others."""
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(in_thread(ask))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # an error may meet nobody
        answer: T = await asyncio.shield(task)
        return answer


def _portal(fields: Mapping[str, Any]) -> Portal:
    emails = (fields.get("customer_emails") or {}).values()
    filters = fields.get("customer_filters") or {}
    return Portal(
        name=str(fields.get("name") or fields["id"]),
        id=fields["id"],
        url=fields.get("url") or "",
        tracking_domain=fields.get("tracking_domain") or "",
        smtp_profile=fields.get("smtp_profile") or "",
        site_key=(fields.get("recaptcha") or {}).get("site_key") or "",
        senders=tuple(dict.fromkeys(address for email in emails if (address := email.get("from_address")))),
        campaigns=tuple(filters.get("campaign") or ()),
        shops=tuple(filters.get("third_party_shop") or ()),
    )


def _mail(fields: Mapping[str, Any]) -> list[Mail]:
    if not fields.get("host") or not fields.get("port"):
        return []
    username = fields.get("username") or ""
    return [
        Mail(
            name=str(fields.get("name") or fields["id"]),
            host=fields["host"],
            port=fields["port"],
            secure=fields.get("secure") or "starttls",
            username=username,
            password=Secret(missing=NOT_RETURNED),
            id=fields["id"],
            sender=username if "@" in username else "",
        )
    ]
