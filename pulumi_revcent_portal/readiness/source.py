"""The tracking domains of an account, as a program asks for them: few requests, whoever waits. No DNS in here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.api.errors import NotFound, PermissionMissing, RevCentError

if TYPE_CHECKING:
    from collections.abc import Collection

    from pulumi_revcent_portal.api.client import Client

_ENTITY: Final = "tracking_domain"
_PAGE: Final = 25
_RECORDS: Final = ("a_records", "cname_records")
_TELLING: Final = ("ssl_status", "dns_status", *_RECORDS)
"""What list items say of a domain's state, some of it at least; slim ones say none of it."""

Domain = dict[str, Any]


class Source:
    """Reads domains by the list where that costs less than one by one. Blocks: call it from a thread.

    Args:
        client: the account.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, Domain] = {}
        self._listed = 0
        self._lists_tell = True

    def shared(self) -> dict[str, Domain]:
        """Return what one list call of this run tells; without the permission to list, or of slim lists, nothing.

        Raises:
            RevCentError: RevCent does not answer, or does not accept the key.
        """
        if self._client.may_list(_ENTITY):
            try:
                self._take(self._client.list(_ENTITY))
            except PermissionMissing:
                self._lists_tell = False
        else:
            self._lists_tell = False
        return dict(self._known)  # what is read later is newer, and not what the list said

    def fresh(self, ids: Collection[str]) -> dict[str, Domain | RevCentError]:
        """Return domains as RevCent answers them now, or why it does not.

        Args:
            ids: whose state is wanted.
        """
        found: dict[str, Domain | RevCentError] = {}
        if self._lists_tell and len(ids) > self._pages():
            try:
                listed = self._take(self._client.list(_ENTITY, not_older_than=0))
            except RevCentError as error:
                return dict.fromkeys(ids, error)
            found = {each: self._known[each] for each in listed & set(ids) if "a_records" in self._known[each]}
        for each in ids:
            if each not in found:
                try:
                    self._known[each] = found[each] = self._client.get(_ENTITY, each)
                except RevCentError as error:
                    found[each] = error
                    if not isinstance(error, NotFound):  # what stops one request stops the others too
                        return {**dict.fromkeys(ids, error), **found}
        return found

    def cost(self, wanted: int) -> int:
        """Return how many requests a look at so many domains takes."""
        return min(wanted, self._pages()) if self._lists_tell else wanted

    def _pages(self) -> int:
        """Return what the list costs; a domain that is not in it yet makes it no longer than it was."""
        return max(1, math.ceil(self._listed / _PAGE))

    def _take(self, items: list[Domain]) -> set[str]:
        """Keep what a list says, and return whose state it tells."""
        self._listed = len(items)
        telling = [item for item in items if any(key in item for key in _TELLING)]
        self._lists_tell = bool(telling) or not items
        for item in telling:
            before = self._known.get(item["id"], {})
            # lists may leave out what is big; records that were read one by one stay known
            self._known[item["id"]] = {key: before[key] for key in _RECORDS if key in before} | item
        return {item["id"] for item in telling}
