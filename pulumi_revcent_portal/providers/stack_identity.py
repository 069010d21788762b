"""The random word by which a stack knows its own objects. It exists in the state only, and makes no request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.ownership import random_word
from pulumi_revcent_portal.providers.results import Checked, Difference, State

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session


class StackIdentityCore:
    """Makes the word once and keeps it."""

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

    def check(self, olds: Props, news: Props) -> Checked:  # noqa: ARG002 - there are no inputs
        """Accept: there are no inputs."""
        return Checked(dict(news))

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:  # noqa: ARG002 - it never changes
        """Never change."""
        return Difference(changes=False)

    def create(self, props: Props) -> State:  # noqa: ARG002 - there are no inputs
        """Make the word."""
        word = random_word(12)
        return State(word, {"identity": word})

    def read(self, object_id: str, olds: Props) -> State:
        """Keep the word."""
        return State(object_id, dict(olds))

    def update(self, object_id: str, olds: Props, news: Props) -> State:  # noqa: ARG002 - it never changes
        """Keep the word."""
        return State(object_id, dict(olds))

    def delete(self, object_id: str, olds: Props) -> None:
        """Forget the word with the state."""


class StackIdentityProvider(Provider):
    """The provider of `StackIdentity`."""

    core = StackIdentityCore
