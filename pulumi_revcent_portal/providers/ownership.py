"""Who owns an object in RevCent: the mark at the end of its description. It reads and writes text, nothing else.

RevCent has unique names but no tags, so a description ends in `[pulumi project/stack/name IDENTITY #nonce]`, the
way DNS controllers keep an ownership record beside what they manage. `project/stack/name` is for people. What
decides is IDENTITY (a random word kept in the stack's state, see `StackIdentity`), the resource's name, and the
nonce, which is fresh whenever an object is created or taken over.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no look-alikes: people read these aloud
_MARK = re.compile(
    r"\s*\[pulumi (?P<retired>retired )?(?P<label>\S+) (?P<identity>[a-z0-9]+) #(?P<nonce>[a-z0-9]+)\]\s*\Z"
)
OWNER_KEY = "__owner"
"""The hidden input in which a resource says whose its object is; the engine does not print keys that begin so."""
DRY_KEY = "dry"
"""The key in it that says whether this is a preview: an input of its own would cost every resource an Output."""
RULES_KEY = "rules"
"""The key in it that says what becomes of the findings of rules."""
PASSING = frozenset({DRY_KEY, RULES_KEY})
"""The keys in it that are about this run and are not kept."""
MISSING_MARK = "[pulumi: ownership mark missing]"
"""What refresh shows at the end of a description from which somebody removed the mark."""


def random_word(length: int) -> str:
    """Return `length` random characters that survive trimming and a change of case."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_nonce() -> str:
    """Return the word that tells one creation or take-over of an object from every other."""
    return random_word(8)


@dataclass(frozen=True)
class Owner:
    """The resource that owns an object.

    Attributes:
        urn: the resource's Pulumi URN; warnings are reported on it.
        identity: the stack's random word, or None where the mark is switched off.
    """

    urn: str
    identity: str | None

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Owner:
        """Read the hidden input of a resource; what is still unknown in a preview counts as absent."""
        value = props.get(OWNER_KEY) or {}
        urn, identity = value.get("urn"), value.get("identity")
        return cls(urn if isinstance(urn, str) else "", identity if isinstance(identity, str) else None)

    @property
    def label(self) -> str:
        """`project/stack/name`; the parents' types stand before the name, because only together are they unique."""
        stack, project, types, name = (self.urn.removeprefix("urn:pulumi:").split("::", 3) + [""] * 4)[:4]
        parents = [kind.rsplit(":", 1)[-1] for kind in types.split("$")[:-1]]
        return "/".join(quote(part, safe="$") for part in (project, stack, "$".join([*parents, name])))

    def mark(self, nonce: str, *, retired: bool = False) -> Mark | None:
        """Return this owner's mark, or None where marks are switched off."""
        return Mark(self.label, self.identity, nonce, retired) if self.identity else None


@dataclass(frozen=True)
class Mark:
    """The ownership mark of one object, as it stands at the end of the description."""

    label: str
    identity: str
    nonce: str
    retired: bool = False

    def __str__(self) -> str:
        return f"[pulumi {'retired ' if self.retired else ''}{self.label} {self.identity} #{self.nonce}]"

    def belongs_to(self, owner: Owner) -> bool:
        """Whether identity and resource name are the owner's; project and stack may have been renamed."""
        mine, theirs = (label.rpartition("/")[2].lower() for label in (owner.label, self.label))
        return self.identity == owner.identity and mine == theirs

    def names(self, owner: Owner) -> bool:
        """Whether project, stack and resource name are the owner's."""
        return self.label.lower() == owner.label.lower()

    def is_of(self, owner: Owner) -> bool:
        """Whether identity, project, stack and resource name are the owner's."""
        return self.identity == owner.identity and self.names(owner)


def with_mark(description: str, mark: Mark | None) -> str:
    """Return the description as RevCent is to store it."""
    return description if mark is None else f"{description} {mark}".lstrip()


def split_mark(description: str) -> tuple[str, Mark | None]:
    """Split a description that RevCent answered into the user's text and the mark, if there is one."""
    found = _MARK.search(description)
    if found is None:
        return description, None
    mark = Mark(found["label"], found["identity"], found["nonce"], retired=found["retired"] is not None)
    return description[: found.start()], mark
