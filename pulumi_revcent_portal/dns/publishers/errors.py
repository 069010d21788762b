"""What a publisher says when it cannot do its work. Each message is for people and holds no secret.

PublisherError        nothing was written, and trying again alone does not help
├── Stale             nothing was written, because the zone is no longer what was read: read again
└── Unsure            the connection was lost: what was sent may be done or not
    └── Partial       a part of it was done
"""

from __future__ import annotations


class PublisherError(Exception):
    """Records could not be read or written; the message says where, why, and what to do."""


class Stale(PublisherError):  # noqa: N818 - it reads as what happened
    """Somebody changed the record sets between reading and writing; nothing was written."""


class Unsure(PublisherError):  # noqa: N818 - it reads as what happened
    """Nobody answered what became of the change."""


class Partial(Unsure):
    """Some of the changes were carried out, and some were not."""
