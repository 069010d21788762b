"""`BrandPortal`: one brand's portal, and the domain it is served on if nobody else made that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pulumi

from pulumi_revcent_portal.components.portal_domain import PortalDomain
from pulumi_revcent_portal.models.base import UNKNOWN, InvalidInputs, Model, Problem, validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults
from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.merging import Complete, completed, said
from pulumi_revcent_portal.models.smtp import SmtpProfileRef
from pulumi_revcent_portal.models.wording import kind
from pulumi_revcent_portal.resources.component import RevCentComponent
from pulumi_revcent_portal.resources.customer_portal import CustomerPortal
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile
from pulumi_revcent_portal.rules.settings import setting_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_revcent_portal.resources.tracking_domain import HasTrackingDomain

M = TypeVar("M", bound=Model)

TYPE = "revcent:index:BrandPortal"


def sender_of(profile: SmtpProfile | SmtpProfileRef | pulumi.Input[str]) -> Any:
    """Return the address that a mail profile sends from, or None where it names none."""
    return profile.known_sender if isinstance(profile, SmtpProfile) else getattr(profile, "sender", None)


class BrandPortal(RevCentComponent):
    """The portal of one brand.

    Args:
        resource_name: the Pulumi name; a program with one brand may use the brand's key.
        brand: the `Brand`, or a dict of its fields.
        smtp_profile: the `SmtpProfile` that sends its emails, an `SmtpProfileRef(id, sender)`, or an ID.
        defaults: what it shares with others: `BrandDefaults`, or a dict. What the brand says wins.
        tracking_domain: the domain to serve it on; by default one that is made of the brand's `domain`.
        opts: Pulumi's options; `provider` says in which account it is.

    Raises:
        InvalidInputs: everything that is wrong with the brand, at once; nothing was registered then.

    Source: RevCent's guide, multiple customer portals for different brands, websites, or shops.
    """

    portal: CustomerPortal
    """The customer portal."""
    portal_id: pulumi.Output[str]
    """The portal's ID in RevCent."""
    tracking_domain_id: pulumi.Output[str]
    """The ID of the tracking domain it is served on."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        brand: Brand | Mapping[str, Any],
        smtp_profile: SmtpProfile | SmtpProfileRef | pulumi.Input[str],
        defaults: BrandDefaults | Mapping[str, Any] | None = None,
        tracking_domain: HasTrackingDomain | pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        whole = (
            brand
            if isinstance(brand, Complete)
            else _complete(resource_name, brand, defaults, smtp_profile, has_domain=tracking_domain is not None)
        )
        super().__init__(TYPE, resource_name, opts)
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=whole.brand.get("retain_on_delete"))
        domain = tracking_domain if tracking_domain is not None else whole.brand.get("tracking_domain")
        if domain is None:
            domain = PortalDomain(
                f"{resource_name}-domain", domain=str(whole.domain), **whole.domain_settings, opts=kept
            )
        self.portal = CustomerPortal(
            f"{resource_name}-portal",
            tracking_domain=domain,
            smtp_profile=smtp_profile,
            rules=whole.rules,
            **whole.portal,
            opts=pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(protect=whole.brand.get("protect"))),
        )
        self._domain: Any = domain
        self._profile = smtp_profile
        self.portal_id = self.portal.id
        self.tracking_domain_id = self.portal.tracking_domain
        self.register_outputs({"portal_id": self.portal_id, "tracking_domain_id": self.tracking_domain_id})

    def needs(self) -> Iterator[tuple[str, pulumi.Output[str]]]:
        """Yield what the portal was made of, with an ID that is known once that is there."""
        domain, profile = self._domain, self._profile
        if isinstance(domain, PortalDomain):
            yield from domain.steps()
        elif isinstance(domain, pulumi.Resource):
            given: HasTrackingDomain = cast("HasTrackingDomain", domain)
            yield f"{type(domain).__name__} {domain.pulumi_resource_name}", given.tracking_domain_id
        if isinstance(profile, SmtpProfile):
            yield f"SmtpProfile {profile.pulumi_resource_name}", profile.id


def _complete(
    resource_name: str,
    brand: Brand | Mapping[str, Any],
    defaults: BrandDefaults | Mapping[str, Any] | None,
    profile: SmtpProfile | SmtpProfileRef | pulumi.Input[str],
    *,
    has_domain: bool,
) -> Complete:
    problems: list[Problem] = []

    def checked(model: type[M], value: Any, place: str) -> M | None:
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            told = kind(value, secret=True)
            problems.append(Problem(place, f"must be {model.__name__}(...), or a dict of its fields, not {told}."))
            return None
        try:
            return validate(model, value)
        except InvalidInputs as error:
            problems.extend(problem.below(place) for problem in error.problems)
            return None

    one = checked(Brand, brand, "brand")
    shared = checked(BrandDefaults, {} if defaults is None else defaults, "defaults")
    sender = sender_of(profile)
    if not isinstance(profile, SmtpProfile | SmtpProfileRef) and not checked(SmtpProfileRef, {"id": profile}, ""):
        problems[-1] = Problem("smtp_profile", problems[-1].message)
        sender = UNKNOWN
    if one is not None and shared is not None:
        if has_domain and not {"domain", "tracking_domain"} & {*said(one), *said(shared)}:
            one = one.model_copy(update={"tracking_domain": UNKNOWN})
        whole, found = completed(one, said(shared), sender)
        found += [problem.below("rules") for problem in setting_problems(whole.rules)]
        if "account" in whole.brand:
            cure = "Leave it out, and set opts=pulumi.ResourceOptions(provider=account)."
            found.append(Problem("account", f"is a key of a fleet's accounts, and this is no fleet. {cure}"))
        problems += [problem.below("brand") for problem in found]
    if problems:
        raise InvalidInputs(problems, what=f'BrandPortal "{resource_name}"')
    return whole
