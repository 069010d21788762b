"""How a brand and the defaults of its fleet become one portal's declaration. Pure: nothing here registers anything.

The rule, in three lines:

1. What a brand says wins over what the defaults say; what is left out, or null, is not said.
2. customer_emails, customer_permissions, customer_filters, variables and rules are merged entry by entry.
3. Everything else, lists too, is taken whole.

domain and tracking_domain are one choice: a brand that says one of them does not get the other from the defaults.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import Output, RunError
from pulumi.output import Unknown

from pulumi_revcent_portal.models.base import UNKNOWN, InvalidInputs, Model, Problem, is_plain, validate
from pulumi_revcent_portal.models.branding import DEFAULT_ACCENT, BrandedEmails, readable_on
from pulumi_revcent_portal.models.fleet import MERGED, Brand, BrandDefaults, BrandPermissions
from pulumi_revcent_portal.models.portal import CustomerPortalInputs
from pulumi_revcent_portal.models.templates import TemplateProblem, render, variables_of

PORTAL_NAME = "[[ brand ]] customer portal"
_DOMAINS = ("domain", "tracking_domain")
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
    chosen = any(name in own for name in _DOMAINS)
    merged = {**{name: value for name, value in defaults.items() if not (chosen and name in _DOMAINS)}, **own}
    for name in (*MERGED, *_EMAILS):
        shared, mine = defaults.get(name), own.get(name)
        if isinstance(shared, Mapping) and isinstance(mine, Mapping):
            merged[name] = merge(shared, mine)
    return merged


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


def complete(brand: Brand, defaults: BrandDefaults, sender: Any) -> Complete:
    """Merge a brand with the defaults, and fill in its templates.

    Args:
        brand: the brand.
        defaults: what all brands share.
        sender: the address of its mail profile: None where it names none, an Output or an unknown where it is not
            known yet, or where the profile is wrong: the rest of the brand is looked at all the same.

    Raises:
        InvalidInputs: everything that is wrong with the brand, by the brand's own fields.
    """
    whole, problems = completed(brand, said(defaults), sender)
    if problems:
        raise InvalidInputs(problems)
    return whole


def completed(
    brand: Brand, shared: Mapping[str, Any], sender: Any, *, is_told: Callable[[str], bool] = lambda _field: False
) -> tuple[Complete, list[Problem]]:
    """Complete a brand as far as it goes, and say what is wrong with it, by the brand's own fields.

    Args:
        brand: the brand.
        shared: what was said of all brands.
        sender: the address of its mail profile: None where it names none, an Output or an unknown where it is not
            known yet, or where the profile is wrong: the rest of the brand is looked at all the same.
        is_told: whether a field of the brand was wrong already and is left out here; what follows from that is not
            said.
    """
    own = said(brand)
    merged = merge(shared, own)
    filling = _Filling(brand, merged, is_told)
    portal = {
        **filling.texts(),
        **{name: merged[name] for name in _PORTAL_SETTINGS if name in merged},
        "customer_emails": filling.emails(sender),
        "customer_permissions": BrandPermissions(**merged.get("customer_permissions", {})).granted(),
        "customer_filters": merged.get("customer_filters", {}),
    }
    problems = [*_missing(merged), *filling.problems, *_portal_problems(portal, sender)]
    whole = Complete(
        merged,
        brand.key,
        brand.name,
        merged.get("domain"),
        {name: merged[name] for name in _DOMAIN_SETTINGS if name in merged},
        portal,
        frozenset(own.get("customer_permissions", {})) - {"use_cases"},
        merged.get("rules", {}),
    )
    return whole, problems


def _missing(merged: Mapping[str, Any]) -> Iterator[Problem]:
    if merged.get("domain") is None and merged.get("tracking_domain") is None:
        yield Problem(
            "domain", "is required: the root domain to serve the portal on, or tracking_domain with the ID of one."
        )
    if merged.get("recaptcha") is None:
        yield Problem("recaptcha", "is required: the reCAPTCHA v2 keys (site_key, secret_key) made for the domain.")


def _portal_problems(portal: Mapping[str, Any], sender: Any) -> Iterator[Problem]:
    """What the portal's own model says, in the fields of a brand; what both emails share is said once."""
    whole = {"tracking_domain": UNKNOWN, "smtp_profile": UNKNOWN, "recaptcha": UNKNOWN, **portal}
    if sender is not None:
        whole["smtp_sender"] = sender
    try:
        validate(CustomerPortalInputs, whole)
    except InvalidInputs as error:
        yield from dict.fromkeys(Problem(_field_of_a_brand(each.field), each.message) for each in error.problems)


def _field_of_a_brand(place: str) -> str:
    if place == "name":
        return "portal_name"
    first, _, rest = place.partition(".")
    email, _, last = rest.partition(".")
    shared = first == "customer_emails" and email in _EMAILS and last in {"from_address", "from_name"}
    return f"{first}.{last}" if shared else place


class _Filling:
    """Fills the templates of one brand in, and gathers what is wrong with them."""

    def __init__(self, brand: Brand, merged: Mapping[str, Any], is_told: Callable[[str], bool]) -> None:
        self._merged = merged
        self._emails: Mapping[str, Any] = merged.get("customer_emails", {})
        self._is_told = is_told
        self.problems: list[Problem] = []
        accent = self._emails.get("accent") or DEFAULT_ACCENT
        self._known: dict[str, Any] = {
            **merged.get("variables", {}),
            "brand": brand.name,
            "key": brand.key,
            "domain": merged.get("domain", self._unsaid("domain") if "tracking_domain" in merged else UNKNOWN),
            "support_email": self._emails.get("support_email", self._unsaid("customer_emails.support_email")),
            "logo_url": self._emails.get("logo_url", self._unsaid("customer_emails.logo_url")),
            "accent": accent,
            "on_accent": readable_on(accent),
        }

    def _unsaid(self, place: str) -> Any:
        """What a template finds where nothing is said; what was wrong there is left out, and so unknown."""
        return UNKNOWN if self._is_told(place) else None

    def texts(self) -> dict[str, Any]:
        """The portal's names, its description and its footer."""
        for name, default in (("display_name", "[[ brand ]]"), ("portal_name", PORTAL_NAME)):
            self._known[name] = self._filled(name, self._merged.get(name) or default)
        found = {"name": self._known["portal_name"], "display_name": self._known["display_name"]}
        if "description" in self._merged:
            found["description"] = self._filled("description", self._merged["description"])
        if "footer_html" in self._merged:
            found["footer_html"] = self._filled("footer_html", self._merged["footer_html"], html=True)
        return found

    def emails(self, sender: Any) -> dict[str, Any]:
        """Both emails."""
        look = {name: self._emails[name] for name in _LOOK if name in self._emails}
        if "from_name" in look:
            look["from_name"] = self._filled("customer_emails.from_name", look["from_name"])
        address = self._emails.get("from_address", sender)
        if address is None:
            self.problems.append(
                Problem(
                    "customer_emails.from_address",
                    "is required: the mail profile names no sender. Set it, or set sender on the profile.",
                )
            )
            address = UNKNOWN
        try:
            made = validate(BrandedEmails, {**look, "brand": self._known["brand"], "from_address": address}).emails()
        except InvalidInputs as error:  # what a template of from_name gives
            self.problems += [problem.below("customer_emails") for problem in error.problems]
            made = validate(BrandedEmails, {"brand": self._known["brand"], "from_address": UNKNOWN}).emails()
        for name in _EMAILS:
            made[name] |= self._own(name, self._emails.get(name, {}))
        return made

    def _own(self, email: str, own: Mapping[str, Any]) -> dict[str, Any]:
        place = f"customer_emails.{email}"
        found = {name: own[name] for name in ("cc", "bcc") if name in own}
        if "subject" in own:
            found["subject"] = self._filled(f"{place}.subject", own["subject"])
        if "html" in own:
            found["html"] = self._filled(f"{place}.html", own["html"], html=True)
        return found

    def _filled(self, place: str, source: Any, *, html: bool = False) -> Any:
        """Render at once where everything that is used is known, and else as soon as it is."""

        def make(given: list[Any]) -> str:
            try:
                return render(*given, html=html)
            except TemplateProblem as problem:  # no InvalidInputs: of a ValueError the SDK would print a traceback
                told = _of_template(place, problem).below(f"brands.{self._known['key']}")
                raise RunError(str(told)) from None

        if not is_plain(source):
            return source if isinstance(source, Unknown) else Output.all(source, self._known).apply(make)
        if "[[" not in source and "[%" not in source:
            return source
        try:
            return self._rendered(source, make, html=html)
        except TemplateProblem as problem:
            self.problems.append(_of_template(place, problem))
            return UNKNOWN

    def _rendered(self, source: str, make: Callable[[list[Any]], str], *, html: bool) -> Any:
        used = variables_of(source)
        known = {**(dict.fromkeys(used, UNKNOWN) if self._is_told("variables") else {}), **self._known}
        waiting = {name: known[name] for name in used & known.keys() if not is_plain(known[name])}
        text = render(source, {**known, **dict.fromkeys(waiting, self._known["key"])}, html=html)
        if not waiting:
            return text
        if any(isinstance(value, Unknown) for value in waiting.values()):
            return UNKNOWN
        return Output.all(source, {name: known[name] for name in used & known.keys()}).apply(make)


def _of_template(place: str, problem: TemplateProblem) -> Problem:
    return Problem(place, f"line {problem.line} of the template: {problem}")
