"""RevCent's operations as methods, with budget, repetitions and lists; it knows neither HTTP nor wire keys."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pulumi_revcent_portal.api.answers import Call, read_answer
from pulumi_revcent_portal.api.budget import Budget
from pulumi_revcent_portal.api.cache import ListCache
from pulumi_revcent_portal.api.clock import Clock
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.errors import BadAnswer, NotFound, PermissionMissing, RateLimited, RevCentError
from pulumi_revcent_portal.api.redaction import Redactor
from pulumi_revcent_portal.api.retry import RetryPolicy
from pulumi_revcent_portal.api.transport import Transport
from pulumi_revcent_portal.api.wire import ENTITIES, PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.api.settings import Settings

__all__ = ["Client", "Created"]

Item: TypeAlias = dict[str, Any]
Items: TypeAlias = list[Item]

_BODILESS: Final = frozenset({"GET", "DELETE"})
_REPEATABLE: Final = frozenset({"get", "list", "edit", "delete"})
"""Reading changes nothing, an edit sets absolute values, and what is deleted stays deleted."""

_THINGS_OF_ACTIONS: Final = ("record", "dns", "certificate", "host")
"""What an action may fail to find without the object itself being gone."""


@dataclass(frozen=True)
class Created:
    """What RevCent answered to a create.

    Attributes:
        id: the RevCent ID of the new object.
        fields: what else the answer said, under our names.
        call_id: RevCent's name for the call.
    """

    id: str
    fields: dict[str, Any] = field(default_factory=dict)
    call_id: str | None = None


class Client:
    """One RevCent account. All methods may be called from several threads; httpx is loaded by the first request.

    Args:
        settings: how to reach the account.
        contract: paths and wire keys; by default those of `settings.contract`.
        transport: an `httpx.BaseTransport`, such as `httpx.MockTransport`: the seam for tests.
        retry: how often a request is repeated; by default `settings.max_retries` times with growing pauses.
        clock: the time; a `ManualClock` in tests.

    Attributes:
        contract: the contract in use.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        contract: Contract | None = None,
        transport: Any = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.contract = contract or (Contract.load(settings.contract) if settings.contract else Contract.default())
        self._clock = clock or Clock()
        self._settings = settings
        self._retry = retry or RetryPolicy(retries=settings.max_retries)
        self._budget = Budget(settings.requests_per_minute, self._clock)
        self._transport = Transport(settings, self._clock, transport)
        self._lists = ListCache(self._clock)
        self._unlisted: dict[str, PermissionMissing] = {}

    @property
    def requests_made(self) -> int:
        """How many requests were begun, repetitions included."""
        return self._transport.requests_made

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        self._transport.close()

    # --- objects ---------------------------------------------------------------------------------------------

    def create(self, entity: str, settings: Mapping[str, Any]) -> Created:
        """Create an object. Never repeated, except where RevCent certainly did nothing: not reached, or 429.

        Args:
            entity: our name of the type.
            settings: our names and values, nested.

        Raises:
            RevCentError: `ambiguous` says whether the object may exist all the same.
        """
        answer = self._call(entity, "create", settings=settings)
        try:
            object_id = self.contract.created_id(entity, answer)
        except ValueError as error:
            raise self._bad(answer, str(error), ambiguous=True) from None
        self._note(entity, object_id, settings)
        return Created(object_id, self.contract.decode(entity, answer), self.contract.envelope(answer).call_id)

    def get(self, entity: str, object_id: str) -> Item:
        """Return an object under our names, with its `id`.

        Raises:
            RevCentError: NotFound when the account has no such object.
        """
        answer = self._call(entity, "get", object_id)
        fields = self.contract.decode(entity, answer)
        if fields.setdefault("id", object_id) != object_id:
            raise self._bad(answer, f"Asked for {object_id}, RevCent answered with {fields['id']}.")
        return fields

    def edit(self, entity: str, object_id: str, settings: Mapping[str, Any]) -> None:
        """Set the given values of an object; repeated on failure, which is harmless because values are absolute.

        Args:
            entity: our name of the type.
            object_id: the RevCent ID.
            settings: our names and values; lists and nested objects replace what is there as a whole.

        Raises:
            RevCentError: the edit failed.
        """
        self._call(entity, "edit", object_id, settings=settings)
        self._note(entity, object_id, settings)

    def act(self, entity: str, object_id: str, action: str) -> Item:
        """Start something on an object, such as `initialize_ssl`, and return the answer under our names.

        Raises:
            RevCentError: `ambiguous` says whether it may have started all the same.
        """
        return self.contract.decode(entity, self._call(entity, action, object_id))

    def delete(self, entity: str, object_id: str) -> None:
        """Delete an object, where the contract has a delete.

        Raises:
            RevCentError: NotFound when it did not exist before the first attempt.
        """
        self._call(entity, "delete", object_id)
        self._lists.write(entity, object_id, None)

    # --- lists -----------------------------------------------------------------------------------------------

    def may_list(self, entity: str) -> bool:
        """Whether the contract has the list, and the API key was not refused it so far."""
        return self.contract.supports(entity, "list") and entity not in self._unlisted

    def list(self, entity: str, *, not_older_than: float | None = None) -> Items:
        """Return all objects of a type, as far as lists show them; fetched once per process.

        What this client creates, edits and deletes is written into the list. Nested values of the items are shared:
        they must not be changed.

        Args:
            entity: our name of the type.
            not_older_than: seconds; an older list is fetched again. 0 asks RevCent in any case.

        Raises:
            RevCentError: PermissionMissing without another request when the key was refused this list before.
        """
        refused = self._unlisted.get(entity)
        if refused is not None:
            raise refused.again()
        try:
            return self._lists.items(entity, lambda: self._pages(entity), not_older_than=not_older_than)
        except PermissionMissing as error:
            self._unlisted[entity] = error
            raise

    def find(self, entity: str, name: str, *, fresh: bool = False) -> Item | None:
        """Return the object with exactly this name, as the list shows it, or None.

        Args:
            entity: our name of the type.
            name: the name, compared as it stands.
            fresh: ask RevCent now, as must be done before a name is called taken or missing.

        Raises:
            RevCentError: the list could not be had.
        """
        items = self.list(entity, not_older_than=0 if fresh else None)
        return next((item for item in items if item.get("name") == name), None)

    def _pages(self, entity: str) -> Items:
        """Fetch page after page until one is short, or brings nothing new (a server that ignores the number)."""
        found: dict[str, Item] = {}
        page = 0
        while True:
            page += 1
            answer = self._call(entity, "list", query=self.contract.page_query(entity, page))
            try:
                items = self.contract.items(answer)
            except ValueError as error:
                raise self._bad(answer, str(error)) from None
            before = len(found)
            found |= {item["id"]: item for raw in items if "id" in (item := self.contract.decode(entity, raw))}
            if len(items) < PAGE_LIMIT or len(found) == before:
                return [*found.values()]

    def _note(self, entity: str, object_id: str, settings: Mapping[str, Any]) -> None:
        """Write what was just set into the list: a copy, without what is secret."""
        self._lists.write(entity, object_id, copy.deepcopy(self.contract.without_secrets(entity, settings)))

    # --- one call --------------------------------------------------------------------------------------------

    def _call(
        self,
        entity: str,
        action: str,
        object_id: str | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """Make a call, with its repetitions, and return the content of the answer."""
        settings = settings or {}
        method, path = self.contract.request(entity, action, object_id)
        body = None if method in _BODILESS else self.contract.encode(entity, action, settings)
        redactor = Redactor([self._settings.api_key, *self.contract.secrets(entity, settings)])
        call = self._describe(entity, action, object_id, f"{method} {path}", settings)
        self._transport.require_access(call)
        attempts = 0

        def attempt() -> Mapping[str, Any]:
            nonlocal attempts
            attempts += 1
            self._budget.acquire()
            answer = self._transport.send(call, query, body, redactor)
            try:
                return read_answer(self.contract, call, answer, redactor)
            except NotFound:
                if action == "delete" and attempts > 1:
                    return {}  # an earlier attempt did it, and its answer was lost
                raise

        return self._retry.run(
            attempt, repeatable=action in _REPEATABLE, clock=self._clock, on_wait=self._hold_all_threads
        )

    def _bad(self, answer: Mapping[str, Any], message: str, *, ambiguous: bool = False) -> BadAnswer:
        return BadAnswer(message, api_call_id=self.contract.envelope(answer).call_id, ambiguous=ambiguous)

    def _describe(
        self, entity: str, action: str, object_id: str | None, request: str, settings: Mapping[str, Any]
    ) -> Call:
        others = [other for other in ENTITIES if other.name != entity] if action == "edit" else []
        titles = [re.sub(r"[_-]", " ", name.lower()) for other in others for name in (other.title, other.wire)]
        return Call(
            entity,
            action,
            request,
            self.contract.entity(entity).title,
            object_id,
            frozenset(self.contract.references(entity, settings)),
            tuple(titles) if action == "edit" else _THINGS_OF_ACTIONS,
        )

    def _hold_all_threads(self, error: RevCentError, seconds: float) -> None:
        """A request too many concerns the account, so no thread may go on before the pause is over."""
        if isinstance(error, RateLimited):
            self._budget.pause(seconds)
