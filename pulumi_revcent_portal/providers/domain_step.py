"""What the two steps of a tracking domain have in common: they act on a domain and own nothing.

A step's ID is the domain's. It looks, acts once where that is needed, looks again, and fails with what is missing:
it never waits, because a provider process has four threads for all resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_revcent_portal.api.errors import NotFound, Refused, RevCentError
from pulumi_revcent_portal.models.domain import TrackingDomainStepInputs
from pulumi_revcent_portal.providers.gone import require_gone
from pulumi_revcent_portal.providers.planning import checked, require_complete
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, State

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session


class DomainStepCore:
    """Brings a tracking domain one step further; a subclass names the action and knows when it is done."""

    action: ClassVar[str]

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

    def is_done(self, domain: dict[str, Any]) -> bool:
        """Whether the step needs no action any more."""
        raise NotImplementedError

    def is_requested(self, domain: dict[str, Any]) -> bool:
        """Whether the action was taken already, be its outcome known or not."""
        raise NotImplementedError

    def is_under_way(self, domain: dict[str, Any], status: Any) -> bool:  # noqa: ARG002 - for subclasses
        """Whether the action was taken and RevCent still works on it, as it did when it answered this status."""
        return False

    def require_possible(self, domain: dict[str, Any]) -> None:
        """Raise ProviderProblem when the step before this one is not complete."""

    def refused(self, domain: dict[str, Any], error: Exception) -> ProviderProblem:
        """Say why RevCent refuses the action, as far as it can be known."""
        raise NotImplementedError

    def known(self, outputs: Props) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """Return what the state knows of the domain: it stands where RevCent no longer answers it."""
        return {}

    def outputs(self, domain_id: str, domain: dict[str, Any]) -> dict[str, Any]:
        """Return what the program gets from the step."""
        raise NotImplementedError

    def check(self, olds: Props, news: Props) -> Checked:  # noqa: ARG002 - the old inputs do not matter here
        """Validate."""
        return checked(TrackingDomainStepInputs, news)

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:
        """Another domain is another step; a step that came undone is done again."""
        if news.get("tracking_domain") != object_id:
            return Difference(changes=None, replaces=["tracking_domain"])
        return Difference(changes=not olds.get("done"))

    def create(self, props: Props) -> State:
        """Take the step."""
        require_complete(TrackingDomainStepInputs, props)
        domain_id = str(props["tracking_domain"])
        domain = self._look(domain_id)
        if not self.is_done(domain):
            domain = self._act(domain_id, domain)
        return State(domain_id, self._outputs(props, domain_id, domain, domain.get("dns_status")))

    def _look(self, domain_id: str, *, fresh: bool = False) -> dict[str, Any]:
        try:
            return self.session.domain(domain_id, fresh=fresh)
        except NotFound as error:
            raise ProviderProblem(
                f"tracking_domain: there is no tracking domain {domain_id} in this account. [{error}]"
            ) from None

    def _act(self, domain_id: str, domain: dict[str, Any]) -> dict[str, Any]:
        try:
            self.require_possible(domain)
        except ProviderProblem:
            domain = self._look(domain_id, fresh=True)
            self.require_possible(domain)
        if not self.is_requested(domain):
            try:
                answer = self.session.client.act("tracking_domain", domain_id, self.action)
            except Refused as error:
                domain = self._look(domain_id, fresh=True)
                if not self.is_requested(domain):
                    raise self.refused(domain, error) from None
            except RevCentError as error:
                domain = self._look(domain_id, fresh=True)
                if not (error.ambiguous and self.is_requested(domain)):
                    raise
            else:
                domain = self.session.merge_domain(domain_id, answer)
        if not self.is_done(domain):
            domain = self._look(domain_id, fresh=True)
        if not (self.is_done(domain) or self.is_under_way(domain, domain.get("dns_status"))):
            raise self.refused(domain, ProviderProblem("it is not complete yet."))
        return domain

    def _outputs(self, props: Props, domain_id: str, domain: dict[str, Any], status: Any) -> dict[str, Any]:
        done = self.is_done(domain) or self.is_under_way(domain, status)
        return dict(props) | self.outputs(domain_id, domain) | {"done": done}

    def read(self, object_id: str, olds: Props) -> State:
        """Look whether the step is still done."""
        try:
            domain = self.known(olds) | self.session.domain(object_id)
        except NotFound as error:
            require_gone(self.session, "tracking_domain", object_id, olds, error)
            return State(None)
        self.session.saw_own()
        return State(object_id, self._outputs(olds, object_id, domain, olds.get("status")))

    def update(self, object_id: str, olds: Props, news: Props) -> State:  # noqa: ARG002 - the engine's signature
        """Take the step again, because it came undone."""
        return self.create(news)

    def delete(self, object_id: str, olds: Props) -> None:
        """Do nothing: what a step did belongs to the domain."""
