"""Looks at a fleet with the eyes of its account: names that do not exist, customers whom no portal admits.

It changes nothing in RevCent, and asks only when something of the fleet is new.

It is a resource, because only a provider knows what the last update knew. In the state it keeps a digest per brand.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.api.errors import RevCentError
from pulumi_revcent_portal.models.base import UNKNOWN
from pulumi_revcent_portal.providers import naming
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.customer_portal import CustomerPortalCore
from pulumi_revcent_portal.providers.drift import digest
from pulumi_revcent_portal.providers.ownership import Owner
from pulumi_revcent_portal.providers.planning import is_preview
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, State
from pulumi_revcent_portal.providers.tracking_domain import TrackingDomainCore
from pulumi_revcent_portal.rules import FLEET_RULES, AccountView, Finding, Member, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session

PLACES = {**CustomerPortalCore.named, **TrackingDomainCore.named}
"""Where a brand names what exists in RevCent: field to type."""
_PROBLEM = "problem"


class FleetReviewCore:
    """Reviews the brands of one account."""

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

    def check(self, olds: Props, news: Props) -> Checked:
        """Review what is new. In an `up` what rules forbid is left to create and update: here it would end the run.

        Names that do not exist are told in a preview only; in an `up` they are those portals' own failures.
        """
        brands = [brand for brand in news.get("brands", ()) if isinstance(brand, dict)]
        digests = {str(brand["key"]): _digest(brand) for brand in brands}
        inputs: dict[str, Any] = {"brands": digests}
        known = olds.get("brands")
        before = known if isinstance(known, dict) else {}
        if digests == before or self.session.settings.offline:
            return Checked(inputs)
        preview = is_preview(news)
        here = [brand for brand in brands if not brand.get("elsewhere")]
        new = [brand for brand in here if before.get(brand["key"]) != digests[brand["key"]]]
        problems = list(self._unknown_names(new)) if preview else []
        if problems:
            return Checked(inputs, problems)
        for finding, setting in self._findings(brands, whole=news.get("whole", True) is not False):
            told = f"{_where(brands, finding.field)}{finding.field}: {finding}"
            if setting == "error":
                problems.append(told)
            else:
                self.warn(Owner.of(news).urn, told)
        if problems and not preview:
            return Checked(inputs | {_PROBLEM: "\n".join(problems)})
        return Checked(inputs, problems)

    def _unknown_names(self, brands: list[dict[str, Any]]) -> Iterator[str]:
        for brand in brands:
            for path, entity in PLACES.items():
                value = brand.get("names", {}).get(path, ())
                for index, text in enumerate(value):
                    if not isinstance(text, str):
                        continue
                    place = path if path == "campaign" else f"{path}[{index}]"
                    try:
                        naming.find(entity, text, self.session.planned_list)
                    except naming.NoSuchName as problem:
                        field = f"brands.{brand['key']}.{place}"
                        yield f"{_where(brands, field)}{field}: {problem}"
                    except RevCentError:
                        return  # who may not look finds out when the portals are made

    def _findings(self, brands: list[dict[str, Any]], *, whole: bool) -> Iterator[tuple[Finding, str]]:
        """Yield what the rules find with knowledge of the account and would not find without it."""
        try:
            view = AccountView({kind: self.session.planned_list(kind, fresh=False) for kind in _KINDS})
        except RevCentError:
            return
        fleet = [_member(brand) for brand in brands]
        without = Counter((each.rule_id, each.field) for each in run(FLEET_RULES, fleet, None))
        found = [each for each in run(FLEET_RULES, fleet, view) if whole or each.field != "brands"]
        counted = Counter((each.rule_id, each.field) for each in found)
        settings = {member.place: brand.get("rules", {}) for member, brand in zip(fleet, brands, strict=True)}
        shared = brands[0].get("rules", {}) if brands else {}
        for finding in found:
            key = (finding.rule_id, finding.field)
            setting = settings.get(".".join(finding.field.split(".")[:2]), shared).get(finding.rule_id, "warning")
            if counted[key] > without[key] and setting != "off":
                yield finding, setting

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:  # noqa: ARG002 - the engine's signature
        """Never show a change: what is new is kept without one, and a problem makes the resource fail."""
        return Difference(changes=_PROBLEM in news)

    def create(self, props: Props) -> State:
        """Keep the digests."""
        return State("review", _passed(props))

    def read(self, object_id: str, olds: Props) -> State:
        """Keep the digests."""
        return State(object_id, dict(olds))

    def update(self, object_id: str, olds: Props, news: Props) -> State:  # noqa: ARG002 - the engine's signature
        """Fail with the problem that was found."""
        return State(object_id, _passed(news))

    def delete(self, object_id: str, olds: Props) -> None:
        """Forget the digests with the state."""


_KINDS = ("campaign", "third_party_shop")


def _passed(props: Props) -> dict[str, Any]:
    if problem := props.get(_PROBLEM):
        raise ProviderProblem(str(problem))
    return {"reviewed": True}


def _digest(brand: Mapping[str, Any]) -> str:
    """Return the digest of what is reviewed; the line in which it stands is not."""
    return digest({key: value for key, value in brand.items() if key != "lines"})


def _member(brand: Mapping[str, Any]) -> Member:
    names = brand.get("names", {})
    written = {kind: names.get(f"customer_filters.{kind}", []) for kind in _KINDS}
    filters = {kind: [UNKNOWN if word is None else word for word in words] for kind, words in written.items()}
    portal = {"customer_filters": filters, "enabled": brand.get("enabled", True)}
    return Member(str(brand["key"]), f"brands.{brand['key']}", portal, brand.get("domain") or None)


def _where(brands: list[dict[str, Any]], field: str) -> str:
    """Return the place in a file, where a field of a brand has one."""
    for brand in brands:
        place = f"brands.{brand['key']}."
        if field.startswith(place):
            lines, own = brand.get("lines", {}), field.removeprefix(place)
            line = lines.get(own) or lines.get(own.partition("[")[0]) or lines.get(own.partition(".")[0]) or ""
            return f"{line}: " if line else ""
    return ""


class FleetReviewProvider(Provider):
    """The provider of `FleetReview`."""

    core = FleetReviewCore
