"""What the providers of one process share for one account: the client, what was seen, what was written.

It decides nothing about resources; the cores in this package do.
"""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.domains import is_ready
from pulumi_revcent_portal.api.errors import NotFound, RevCentError, Unreachable
from pulumi_revcent_portal.providers.ownership import split_mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_revcent_portal.api.settings import Settings

T = TypeVar("T")

FRESH_SECONDS = 60.0
"""How old a domain read in this process may be when another resource of the same command asks for it."""
LIST_SECONDS = 10.0
"""How old a list may be that confirms that an object is gone."""
SCAN_LIMIT = 50
"""How many objects are read one by one to find this stack's mark, where lists leave the description out."""


class Session:
    """One account as seen by one provider process; all methods may be called from several threads.

    Args:
        settings: the configuration of the provider.
        client: the client to use; made from the settings when it is first needed if left out.
        clock: seconds that only grow.
    """

    def __init__(
        self, settings: Settings, *, client: Client | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self._client = client
        self._clock = clock
        self._lock = threading.RLock()
        self._domain_locks: dict[str, threading.Lock] = {}
        self._domains: dict[str, tuple[float, dict[str, Any]]] = {}
        self._nonces: dict[str, str] = {}
        self._declared: dict[tuple[str, str], str] = {}
        self._unreachable: Unreachable | None = None
        self._saw_own = False
        self._portals: dict[str, dict[str, Any]] | None = None
        self._use_lock = threading.Lock()
        self._domains_listed = False
        self._read_for_use: dict[str, dict[str, Any]] = {}

    @property
    def client(self) -> Client:
        """The client, made at the first request so that a preview without requests needs neither key nor network."""
        with self._lock:
            if self._client is None:
                contract = Contract.load(self.settings.contract) if self.settings.contract else Contract.default()
                self._client = Client(self.settings, contract=contract)
            return self._client

    def in_preview(self, ask: Callable[[Client], T]) -> T | None:
        """Ask RevCent something that a preview can do without.

        A preview works offline, without a key, and with one that may look at nothing: any error is None. After the
        first time that RevCent could not be reached nothing more is asked, so that the retries are waited for once.

        Args:
            ask: makes read requests with the client it is given.
        """
        try:
            return self._asked(ask)
        except RevCentError:
            return None

    def _asked(self, ask: Callable[[Client], T]) -> T:
        if self._unreachable:
            raise self._unreachable.again()
        try:
            return ask(self.client)
        except Unreachable as error:
            self._unreachable = error
            raise

    def planned_list(self, entity: str, *, fresh: bool) -> list[dict[str, Any]]:
        """Return what the account has of a type, for a plan: RevCent that could not be reached once is not asked again.

        Args:
            entity: our name of the type.
            fresh: not older than seconds, as it must be before something is called missing.

        Raises:
            RevCentError: the list cannot be had.
        """
        return self._asked(lambda client: client.list(entity, not_older_than=LIST_SECONDS if fresh else None))

    def current_list(self, entity: str, *, fresh: bool) -> list[dict[str, Any]]:
        """Return what the account has of a type, for something that is written.

        Args:
            entity: our name of the type.
            fresh: not older than seconds.

        Raises:
            RevCentError: the list cannot be had.
        """
        return self.client.list(entity, not_older_than=LIST_SECONDS if fresh else None)

    def names(self, entity: str) -> dict[str, str]:
        """Return the names of a type by ID, as far as the account's list tells them."""
        items = self.in_preview(lambda client: client.list(entity)) or []
        return {item["id"]: item["name"] for item in items if item.get("name")}

    # --- tracking domains: three resources look at one object ---------------------------------------------------

    def domain(self, domain_id: str, *, fresh: bool = False) -> dict[str, Any]:
        """Return a tracking domain, read at most once a minute however many resources ask.

        Args:
            domain_id: the RevCent ID.
            fresh: ask RevCent now.

        Raises:
            RevCentError: as `Client.get`.
        """
        with self._lock:
            lock = self._domain_locks.setdefault(domain_id, threading.Lock())
        with lock:
            known = self._domains.get(domain_id)
            if not fresh and known is not None and self._clock() - known[0] < FRESH_SECONDS:
                return dict(known[1])
            domain = self.client.get("tracking_domain", domain_id)
            self._domains[domain_id] = (self._clock(), domain)
            return dict(domain)

    def merge_domain(self, domain_id: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Add what an action answered to what is known of a domain, and return all of it."""
        with self._lock:
            read_at, known = self._domains.get(domain_id, (self._clock(), {}))
            merged = known | fields
            self._domains[domain_id] = (read_at, merged)
            return dict(merged)

    def forget_domain(self, domain_id: str) -> None:
        """Read the domain anew the next time, because it was just written."""
        self._domains.pop(domain_id, None)

    def domain_is_ready(self, domain_id: str) -> tuple[bool, dict[str, Any]]:
        """Return whether a portal may use the domain (certificate active, DNS complete), and the domain."""
        domain = self.domain(domain_id)
        if not is_ready(domain):
            domain = self.domain(domain_id, fresh=True)
        return is_ready(domain), domain

    # --- what the program of this run declares -----------------------------------------------------------------------

    def declare(self, entity: str, name: str, urn: str) -> str | None:
        """Note that a resource of this run declares an object of this name; return the URN of another that does."""
        with self._lock:
            first = self._declared.setdefault((entity, name), urn)
            return None if first == urn else first

    def declared_by(self, entity: str, name: str) -> str | None:
        """Return the URN of the resource of this run that declares an object of this name, if there is one."""
        with self._lock:
            return self._declared.get((entity, name))

    # --- what this process itself wrote ---------------------------------------------------------------------------

    def remember(self, object_id: str, nonce: str) -> None:
        """Keep the nonce of an object that this process created or took over."""
        with self._lock:
            self._nonces[object_id] = nonce

    def replaced_here(self, object_id: str, nonce: str) -> bool:
        """Whether this process gave the object to another resource since the given nonce was saved in the state."""
        with self._lock:
            return self._nonces.get(object_id, nonce) != nonce

    # --- is this the right account, and is it really gone? --------------------------------------------------------

    def saw_own(self) -> None:
        """Note that an object out of the state was found: this is the right account."""
        self._saw_own = True

    def is_right_account(self, identity: str | None, domain_id: str | None = None) -> bool:
        """Whether any object of this stack was seen in the account, by its ID or by its mark.

        Args:
            identity: the stack's word in the marks; None where marks are off, and then only IDs count.
            domain_id: a tracking domain that the stack uses, to look for while no other object was seen.
        """
        with self._lock:
            if not self._saw_own and domain_id:
                self._saw_own = bool(self._read_or_nothing("tracking_domain", domain_id))
            if not self._saw_own and identity:
                self._saw_own = self._scan(identity)
            return self._saw_own

    def _scan(self, identity: str) -> bool:
        reads_left = SCAN_LIMIT
        for entity in ("tracking_domain", "customer_portal", "url_parameter_set"):
            for item in self._list_or_nothing(entity):
                description = item.get("description")
                if description is None and reads_left:
                    reads_left -= 1
                    description = self._read_or_nothing(entity, item["id"]).get("description")
                if f" {identity} #" in (description or ""):
                    return True
        return False

    def _list_or_nothing(self, entity: str) -> list[dict[str, Any]]:
        try:
            return self.client.list(entity) if self.client.may_list(entity) else []
        except RevCentError:
            return []

    def _read_or_nothing(self, entity: str, object_id: str) -> dict[str, Any]:
        try:
            return self.client.get(entity, object_id)
        except RevCentError:
            return {}

    def is_listed(self, entity: str, object_id: str) -> bool:
        """Whether the account's list, fetched seconds ago at most, holds the object.

        Raises:
            RevCentError: the list could not be had.
        """
        return any(item["id"] == object_id for item in self.client.list(entity, not_older_than=LIST_SECONDS))

    # --- who uses a mail profile? -----------------------------------------------------------------------------------

    def portals_using(self, profile_id: str) -> list[str]:
        """Return the names of the enabled portals that send by a mail profile; one scan of the account per process.

        Raises:
            RevCentError: the portals could not be listed or read.
        """
        with self._lock:
            if self._portals is None:
                found: dict[str, dict[str, Any]] = {}
                for item in self.client.list("customer_portal", not_older_than=LIST_SECONDS):
                    complete = item if {"smtp_profile", "enabled"} <= item.keys() else self._portal(item)
                    if complete is not None:
                        found[item["id"]] = complete
                self._portals = found  # a scan that broke off says nothing about who uses what
            portals = self._portals.values()
            # A portal of which RevCent does not say what it sends by may send by this one.
            users = [portal for portal in portals if portal.get("smtp_profile", profile_id) == profile_id]
            return sorted(str(portal.get("name")) for portal in users if portal.get("enabled", True))

    def _portal(self, item: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return self.client.get("customer_portal", item["id"])
        except NotFound:
            return None

    def note_portal(self, portal_id: str, **settings: Any) -> None:
        """Keep the scan of portals true after this process wrote one."""
        with self._lock:
            if self._portals is not None:
                self._portals[portal_id] = self._portals.get(portal_id, {}) | settings

    # --- who uses a URL parameter set? ------------------------------------------------------------------------------

    def domains_using(self, set_id: str) -> list[str]:
        """Return the names of the tracking domains that use a URL parameter set; one list of domains per process.

        A retired domain uses nothing any more, although RevCent keeps what it had. The client writes into its list
        what this process changes, so the list of the first question is true for the next ones.

        Args:
            set_id: the RevCent ID of the set.

        Raises:
            RevCentError: the domains could not be listed or read.
        """
        with self._use_lock:
            first = None if self._domains_listed else LIST_SECONDS
            items = self.client.list("tracking_domain", not_older_than=first)
            self._domains_listed = True
            domains = [domain for item in items if (domain := self._complete_domain(item)) is not None]
        # A domain of which RevCent does not say which sets it uses may use this one.
        users = [each for each in domains if set_id in each.get("url_parameter_sets", [set_id])]
        return sorted(str(each.get("name")) for each in users if not _is_retired(each))

    def _complete_domain(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """Return a domain out of the list with its sets and its description; None when it is gone."""
        object_id = item["id"]
        if {"url_parameter_sets", "description"} <= item.keys():
            return item
        if object_id not in self._read_for_use:
            try:
                self._read_for_use[object_id] = self.client.get("tracking_domain", object_id)
            except NotFound:
                return None
        return self._read_for_use[object_id] | item  # what this process wrote stands in the item


def _is_retired(domain: dict[str, Any]) -> bool:
    mark = split_mark(domain.get("description") or "")[1]
    return mark is not None and mark.retired


@lru_cache(maxsize=16)
def session_for(settings: Settings) -> Session:
    """Return the session of this process for an account: providers with equal settings share it."""
    return Session(settings)
