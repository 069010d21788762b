"""How a brand and the defaults of its fleet become one portal's declaration. Pure: nothing here registers anything.

The rule, in three lines:

1. What a brand says wins over what the defaults say; what is left out, or null, is not said.
2. customer_emails, customer_permissions, customer_filters, variables and rules are merged entry by entry.
3. Everything else, lists too, is taken whole.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from pulumi import Output
from pulumi.output import Unknown

from pulumi_revcent_portal.models.base import InvalidInputs, Model, Problem, is_plain, validate
from pulumi_revcent_portal.models.branding import DEFAULT_ACCENT, BrandedEmails, readable_on
from pulumi_revcent_portal.models.fleet import MERGED, Brand, BrandDefaults, BrandPermissions
from pulumi_revcent_portal.models.portal import CustomerPortalInputs
from pulumi_revcent_portal.models.templates import TemplateProblem, render

PORTAL_NAME = "[[ brand ]] customer portal"
_DOMAIN_SETTINGS = ("dns", "zone", "ttl", "overwrite", "wait", "url_parameter_sets", "adopt")
_PORTAL_SETTINGS = ("create_non_existing_customer", "campaign", "portal_url", "enabled", "recaptcha", "wait", "adopt")
_EMAILS = ("confirmation", "password_reset")
_LOOK = ("from_name", "accent", "support_email", "logo_url", "cc", "bcc")


def said(model: Model) -> dict[str, Any]:
    """What was said of a model: its fields that were given, as they are, nested ones of `MERGED` as dicts.

    Args:
        model: defaults, a brand, or a part of one.
    """
    return {
        name: said(value) if isinstance(value, Model) and name in (*MERGED, *_EMAILS) else value
        for name in type(model).model_fields
        if name in model.model_fields_set and (value := getattr(model, name)) is not None
    }


def merge(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Merge what was said by the rule above.

    Args:
        defaults: what all brands share.
        own: what the brand says.
    """
    merged = {**defaults, **own}
    for name in (*MERGED, *_EMAILS):
        shared, mine = defaults.get(name), own.get(name)
        if isinstance(shared, Mapping) and isinstance(mine, Mapping):
            merged[name] = merge(shared, mine)
    return merged


@dataclass(frozen=True)
class Sender:
    """The mail profile of a brand, as far as its emails must know it.

    Attributes:
        address: the address that it sends from; None where it names none, an Output or an unknown where it is not
            known yet.
    """

    address: Any = None


@dataclass(frozen=True)
class Complete:
    """A brand with everything filled in.

    Attributes:
        brand: what was merged with the defaults, by field.
        key: its key.
        name: the brand's name as customers know it.
        domain: the root domain, or None where `brand` names a tracking domain.
        domain_settings: what else the domain takes, by the inputs of `PortalDomain`.
        portal: the inputs of `CustomerPortal`, without its domain and its mail profile.
        said: the permissions that the brand says by itself, use cases not among them.
        rules: what becomes of what rules find, by the ID of the rule.
    """

    brand: Mapping[str, Any]
    key: str
    name: str
    domain: str | None
    domain_settings: Mapping[str, Any]
    portal: Mapping[str, Any]
    said: frozenset[str] = field(default_factory=frozenset)
    rules: Mapping[str, str] = field(default_factory=dict)


UNTOLD = Sender(Unknown())  # type: ignore[no-untyped-call]
"""The mail profile of a brand that names a wrong one: whatever its sender is, the rest of the brand is looked at."""


def complete(brand: Brand, defaults: BrandDefaults, sender: Sender) -> Complete:
    """Merge a brand with the defaults, and fill in its templates.

    Args:
        brand: the brand.
        defaults: what all brands share.
        sender: the mail profile that sends its emails.

    Raises:
        InvalidInputs: everything that is wrong with the brand, by the brand's own fields.
    """
    own = said(brand)
    merged = merge(said(defaults), own)
    filling = _Filling(brand, merged)
    texts = filling.texts()
    emails = filling.emails(sender)
    portal = {
        **texts,
        **{name: merged[name] for name in _PORTAL_SETTINGS if name in merged},
        **({"customer_emails": emails} if emails is not None else {}),
        "customer_permissions": BrandPermissions(**merged.get("customer_permissions", {})).granted(),
        "customer_filters": merged.get("customer_filters", {}),
    }
    problems = [*_missing(merged), *filling.problems]
    problems += _portal_problems(portal, sender, {problem.field for problem in problems})
    if problems:
        raise InvalidInputs(problems)
    return Complete(
        merged,
        brand.key,
        brand.name,
        merged.get("domain"),
        {name: merged[name] for name in _DOMAIN_SETTINGS if name in merged},
        portal,
        frozenset(own.get("customer_permissions", {})) - {"use_cases"},
        merged.get("rules", {}),
    )


def _missing(merged: Mapping[str, Any]) -> Iterator[Problem]:
    if merged.get("domain") is None and merged.get("tracking_domain") is None:
        yield Problem(
            "domain", "is required: the root domain to serve the portal on, or tracking_domain with the ID of one."
        )
    if merged.get("recaptcha") is None:
        yield Problem("recaptcha", "is required: the reCAPTCHA v2 keys (site_key, secret_key) made for the domain.")


_UNKNOWN = UNTOLD.address
_FIELDS = {"name": "portal_name"}


def _portal_problems(portal: Mapping[str, Any], sender: Sender, told: set[str]) -> Iterator[Problem]:
    """What the portal's own model says, in the fields of a brand; what is told already is not said again."""
    whole = {"tracking_domain": _UNKNOWN, "smtp_profile": _UNKNOWN, "recaptcha": _UNKNOWN, **portal}
    if "customer_emails" not in portal:
        whole["customer_emails"] = _UNKNOWN
    if sender.address is not None:
        whole["smtp_sender"] = sender.address
    try:
        validate(CustomerPortalInputs, whole)
    except InvalidInputs as error:
        for problem in error.problems:
            place = _FIELDS.get(problem.field, problem.field)
            if not any(place == each or place.startswith((f"{each}.", f"{each}[")) for each in told):
                yield Problem(place, problem.message)


class _Filling:
    """Fills the templates of one brand in, and gathers what is wrong with them."""

    def __init__(self, brand: Brand, merged: Mapping[str, Any]) -> None:
        self._merged = merged
        self._emails: Mapping[str, Any] = merged.get("customer_emails", {})
        self.problems: list[Problem] = []
        accent = self._emails.get("accent") or DEFAULT_ACCENT
        self._known: dict[str, Any] = {
            **merged.get("variables", {}),
            "brand": brand.name,
            "key": brand.key,
            "domain": merged.get("domain") or "",
            "support_email": self._emails.get("support_email") or "",
            "logo_url": self._emails.get("logo_url") or "",
            "accent": accent,
            "on_accent": readable_on(accent),
        }

    def texts(self) -> dict[str, Any]:
        """The portal's names, its description and its footer."""
        portal_name = self._text("portal_name", self._merged.get("portal_name") or PORTAL_NAME)
        display_name = self._text("display_name", self._merged.get("display_name") or "[[ brand ]]")
        self._known |= {"portal_name": portal_name, "display_name": display_name}
        found = {"name": portal_name, "display_name": display_name}
        if "description" in self._merged:
            found["description"] = self._text("description", self._merged["description"])
        if "footer_html" in self._merged:
            found["footer_html"] = self._html("footer_html", self._merged["footer_html"])
        return found

    def emails(self, sender: Sender) -> dict[str, Any] | None:
        """Both emails, or None when they could not be made."""
        look = {name: self._emails[name] for name in _LOOK if name in self._emails}
        if "from_name" in look:
            look["from_name"] = self._text("customer_emails.from_name", look["from_name"])
        address = self._emails.get("from_address", sender.address)
        if address is None:
            self.problems.append(
                Problem(
                    "customer_emails.from_address",
                    "is required: the mail profile names no sender. Set it, or set sender on the profile.",
                )
            )
            return None
        try:
            made = validate(
                BrandedEmails, {**look, "brand": self._known["brand"], "from_address": address}
            ).emails()
        except InvalidInputs as error:
            self.problems += [problem.below("customer_emails") for problem in error.problems]
            return None
        for name in _EMAILS:
            made[name] |= self._own(name, self._emails.get(name, {}))
        return made

    def _own(self, email: str, own: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: own[name] for name in ("cc", "bcc") if name in own}
        if "subject" in own:
            found["subject"] = self._text(f"customer_emails.{email}.subject", own["subject"])
        if "html" in own:
            found["html"] = self._html(f"customer_emails.{email}.html", own["html"])
        return found

    def _text(self, place: str, source: Any) -> Any:
        return self._rendered(place, source, lambda text, known: unescape(render(text, known)))

    def _html(self, place: str, source: Any) -> Any:
        return self._rendered(place, source, render)

    def _rendered(self, place: str, source: Any, make: Callable[[str, Mapping[str, Any]], str]) -> Any:
        """Render at once where everything is known, and else as soon as it is."""
        if not is_plain(source) or not all(map(is_plain, self._known.values())):
            return Output.all(source=source, **self._known).apply(lambda known: make(known.pop("source"), known))
        if "[[" not in source and "[%" not in source:
            return source
        try:
            return make(source, self._known)
        except TemplateProblem as problem:
            self.problems.append(Problem(place, f"line {problem.line} of the template: {problem}"))
            return source
