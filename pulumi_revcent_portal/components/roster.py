"""The plan of a fleet before anything of it is registered: every brand complete, every problem of all brands found.

It is pure but for what the caller passes in; `PortalFleet` registers what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pulumi_revcent_portal.components.brand_portal import sender_of
from pulumi_revcent_portal.models.base import InvalidInputs, Model, Problem, validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults, key_problem
from pulumi_revcent_portal.models.merging import UNTOLD, Complete, Sender, complete, merge, said
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs, SmtpProfileOfStack, SmtpProfileRef
from pulumi_revcent_portal.models.text import is_revcent_id
from pulumi_revcent_portal.models.wording import kind, shown, suggestion
from pulumi_revcent_portal.resources.account import Account, account_problems
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile
from pulumi_revcent_portal.rules import FLEET_RULES, PORTAL_RULES, Finding, Member, run
from pulumi_revcent_portal.rules.base import OFF
from pulumi_revcent_portal.rules.settings import setting_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

M = TypeVar("M", bound=Model)

Profile: TypeAlias = SmtpProfile | SmtpProfileRef | SmtpProfileOfStack | SmtpProfileInputs
"""A mail profile of a fleet: one that exists, or what is to be made."""


@dataclass(frozen=True)
class Placed:
    """A brand that is complete, and what it is placed on.

    Attributes:
        brand: the brand.
        declared: what was declared of it.
        profile: the key of its mail profile, or the ID of one.
    """

    brand: Complete
    declared: Brand
    profile: str

    @property
    def account(self) -> str:
        """The key of its account; empty for the stack's own."""
        return str(self.brand.brand.get("account", ""))

    @property
    def member(self) -> Member:
        """The brand as the rules see it."""
        place = f"brands.{self.brand.key}"
        return Member(self.brand.key, place, self.brand.portal, self.brand.domain, self.brand.said)


@dataclass
class Roster:
    """A fleet that was read.

    Attributes:
        brands: the brands that are complete, in the order of their declaration.
        chosen: those of them that are to be declared.
        profiles: mail profiles by key.
        accounts: accounts by key: those that exist, and the options of those to be made.
        findings: what the rules say, warnings only.
        problems: everything that is wrong; while there are any, nothing may be registered.
        lines: gives the place of a field in the file that the fleet was read from.
        left_out: the keys of brands that another stack declares and that cannot be read here.
    """

    brands: list[Placed] = field(default_factory=list)
    chosen: list[Placed] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    accounts: dict[str, Account | Mapping[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: Callable[[str], str] | None = None
    left_out: Sequence[str] = ()


def assemble(
    *,
    brands: Sequence[Brand | Mapping[str, Any]],
    defaults: BrandDefaults | Mapping[str, Any] | None = None,
    smtp_profiles: Mapping[str, Any] | None = None,
    accounts: Mapping[str, Any] | None = None,
    rules: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
    group: str | None = None,
) -> Roster:
    """Read a fleet: complete every brand, compare them, apply the rules.

    Args:
        brands: the brands, in any order.
        defaults: what they share.
        smtp_profiles: mail profiles by key.
        accounts: accounts by key.
        rules: what becomes of what the rules find, where neither brand nor defaults say it.
        only: the keys of the brands to choose; all by default.
        group: the group of brands to choose.
    """
    roster = Roster()
    reader = _Reader(roster, defaults if defaults is not None else {})
    reader.profiles(smtp_profiles or {})
    reader.accounts(accounts or {})
    reader.brands(brands)
    roster.problems += _conflicts(roster.brands)
    roster.chosen = _chosen(roster, only, group)
    _apply_rules(roster, {**(rules or {}), **reader.rules})
    return roster


class _Reader:
    """Reads the parts of a fleet, and gathers problems by the fields of the fleet.

    What is wrong by itself is left out and the rest looked at, so that one run tells everything.
    """

    def __init__(self, roster: Roster, defaults: BrandDefaults | Mapping[str, Any]) -> None:
        self._roster = roster
        self._told: set[str] = set()
        self._defaults: BrandDefaults = self._model(BrandDefaults, defaults, "defaults") or BrandDefaults()
        self._shared = said(self._defaults)

    @property
    def rules(self) -> Mapping[str, str]:
        """What the defaults say of rules."""
        return self._defaults.rules or {}

    def _wrong(self, place: str, message: str) -> None:
        """Tell a problem, unless it follows from one that is told."""
        problem = Problem(place, message)
        follows = any(place == each or _is_within(place, each) or _is_within(each, place) for each in self._told)
        if not follows and problem not in self._roster.problems:
            self._roster.problems.append(problem)

    def _model(self, model: type[M], value: Any, place: str) -> M | None:
        """Return a model; where something is wrong, one of what is right."""
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            self._wrong(place, f"must be a {model.__name__}, or a dict of its fields, not {kind(value)}.")
            return None
        problems: list[Problem] = []
        for _ in range(_ATTEMPTS):
            try:
                made = validate(model, value)
            except InvalidInputs as error:
                found = [each for each in error.problems if not any(each.field == one.field for one in problems)]
                problems += [each for each in found if not any(_is_within(one.field, each.field) for one in problems)]
                value = {**_STAND_INS.get(model, {}), **_without(value, [each.field for each in error.problems])}
            else:
                break
        else:
            made = None
        self._roster.problems += [problem.below(place) for problem in problems]
        self._told |= {f"{place}.{problem.field}" for problem in problems}
        return made

    def profiles(self, given: Mapping[str, Any]) -> None:
        """Read mail profiles."""
        for key, value in given.items():
            place = f"smtp_profiles.{key}"
            if problem := key_problem(str(key)):
                self._wrong(place, problem)
            made: Any = value
            if not isinstance(value, SmtpProfile | SmtpProfileRef | SmtpProfileOfStack | SmtpProfileInputs):
                keys = value.keys() if isinstance(value, Mapping) else ()
                model: type[Model] = (
                    SmtpProfileRef if "id" in keys else SmtpProfileOfStack if "stack" in keys else SmtpProfileInputs
                )
                before = len(self._roster.problems)
                made = self._model(model, value, place)
                made = _BROKEN if len(self._roster.problems) > before else made
            self._roster.profiles[key] = made

    def accounts(self, given: Mapping[str, Any]) -> None:
        """Read accounts."""
        for key, value in given.items():
            place = f"accounts.{key}"
            if problem := key_problem(str(key)):
                self._wrong(place, problem)
            self._roster.accounts[key] = value
            if isinstance(value, Account):
                continue
            if not isinstance(value, Mapping):
                self._wrong(place, f"must be an Account, or a dict of its options, not {kind(value, secret=True)}.")
                self._roster.accounts[key] = {}
                continue
            for each in account_problems(value):
                self._wrong(f"{place}.{each.field}", each.message)

    def brands(self, given: Sequence[Brand | Mapping[str, Any]]) -> None:
        """Read brands; a key that stands twice is a problem of the second."""
        seen: set[str] = set()
        for index, value in enumerate(given):
            key = value.key if isinstance(value, Brand) else value.get("key") if isinstance(value, Mapping) else None
            place = f"brands.{key}" if isinstance(key, str) else f"brands[{index}]"
            if isinstance(key, str) and key in seen:
                self._wrong(place, f"the key {key!r} is another brand's already. Each brand has a key of its own.")
                continue
            seen.add(str(key))
            brand = self._model(Brand, value, place)
            if brand is not None:
                self._brand(place, brand)

    def _brand(self, place: str, brand: Brand) -> None:
        own = said(brand)

        def wrong(field: str, message: str) -> None:
            self._wrong(f"{place}.{field}" if says(own, field) or not says(self._shared, field)
                        else f"defaults.{field}", message)  # fmt: skip

        account = brand.account or self._defaults.account
        if account and account not in self._roster.accounts:
            wrong("account", _unknown("account", account, self._roster.accounts))
        for each in setting_problems(merge(self._shared.get("rules", {}), own.get("rules", {}))):
            wrong(f"rules.{each.field}", each.message)
        profile = self._profile(brand.smtp_profile or self._defaults.smtp_profile, wrong)
        try:
            whole = complete(brand, self._defaults, self._sender(profile) if profile else UNTOLD)
        except InvalidInputs as error:
            for each in error.problems:
                wrong(each.field, each.message)
            return
        if profile is not None:
            self._roster.brands.append(Placed(whole, brand, profile))

    def _profile(self, key: str | None, wrong: Callable[[str, str], None]) -> str | None:
        known = self._roster.profiles
        if key is None and len(known) == 1:
            return next(iter(known))
        if key is None:
            cure = f"Known are: {', '.join(known)}." if known else "Declare one in smtp_profiles."
            wrong("smtp_profile", f"is required: the mail profile that sends its emails. {cure}")
            return None
        if key in known or is_revcent_id(key):
            return key
        wrong("smtp_profile", _unknown("mail profile", key, known))
        return None

    def _sender(self, key: str) -> Sender:
        profile = self._roster.profiles.get(key, key)
        if profile is _BROKEN or isinstance(profile, SmtpProfileOfStack):
            return UNTOLD
        return Sender(profile.sender) if isinstance(profile, SmtpProfileInputs) else sender_of(profile)


_ATTEMPTS = 4
_STAND_INS: Mapping[type[Model], Mapping[str, str]] = {Brand: {"key": "unnamed", "name": "Unnamed"}}
"""What stands for a required field that is wrong, while the others are looked at."""
_BROKEN: Any = object()


def _steps(field_name: str) -> list[str]:
    return field_name.partition("[")[0].split(".")


def _is_within(place: str, other: str) -> bool:
    return place.startswith((f"{other}.", f"{other}["))


def says(fields: Any, field_name: str) -> bool:
    """Whether something is said of a field, or of what it stands in."""
    for step in _steps(field_name):
        if isinstance(fields, Model):
            fields = said(fields)
        if not isinstance(fields, Mapping):
            return True
        if step not in fields:
            return False
        fields = fields[step]
    return True


def _without(value: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return fields without those that are wrong; of one that is missing, without what it should stand in."""
    left = dict(value)
    for name in fields:
        first, *rest = _steps(name)
        inner = left.get(first)
        if rest and isinstance(inner, Mapping) and rest[0] in inner:
            left[first] = _without(inner, [".".join(rest)])
        else:
            left.pop(first, None)
    return left


def _unknown(what: str, word: str, known: Iterable[str]) -> str:
    known = list(known)
    cure = suggestion(word, known) if known else f"The fleet declares no {what}s."
    return f"there is no {what} {shown(word)} in this fleet. {cure}"


def _chosen(roster: Roster, only: Sequence[str] | None, group: str | None) -> list[Placed]:
    keys = {placed.brand.key for placed in roster.brands}
    groups = {placed.declared.group for placed in roster.brands} - {None}
    if not roster.problems:  # a brand that is wrong is missing here
        for key in only or ():
            if key not in keys:
                roster.problems.append(Problem("only", _unknown("brand", key, keys)))
        if group is not None and group not in groups:
            known = sorted(each for each in groups if each)
            roster.problems.append(Problem("group", _unknown("group", group, known)))
    return [
        placed
        for placed in roster.brands
        if (only is None or placed.brand.key in only) and (group is None or placed.declared.group == group)
    ]


def _conflicts(brands: Sequence[Placed]) -> Iterator[Problem]:
    """What two brands cannot both have: one domain in two ways, one portal name, one former key."""
    domains: dict[tuple[str, str], Placed] = {}
    names: dict[tuple[str, str], Placed] = {}
    keys = {placed.brand.key for placed in brands}
    former: dict[str, str] = {}
    for placed in brands:
        whole, place = placed.brand, f"brands.{placed.brand.key}"
        if whole.domain is not None:
            first = domains.setdefault((placed.account, whole.domain), placed)
            for name in sorted(_differing(first.brand.domain_settings, whole.domain_settings)):
                yield Problem(
                    f"{place}.{name}",
                    f"the brand {first.brand.key!r} shares the domain {whole.domain} and says another {name}. A domain "
                    "is made once: say the same in both, or say it in the defaults.",
                )
        portal_name = whole.portal["name"]
        first = names.setdefault((placed.account, portal_name), placed)
        if first is not placed and isinstance(portal_name, str):
            yield Problem(
                f"{place}.portal_name",
                f"{portal_name!r} is the name of the portal of {first.brand.key!r} too, and RevCent's customer portals "
                "have unique names. Set portal_name in one of them.",
            )
        for key in placed.declared.former_keys:
            other = former.setdefault(key, whole.key)
            if key in keys or other != whole.key:
                whose = f"the key of a brand of this fleet{', this one' if key == whole.key else ''}"
                cure = f"a former key of {other!r} too" if other != whole.key else whose
                yield Problem(f"{place}.former_keys", f"{key!r} is {cure}. Leave it out.")


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _apply_rules(roster: Roster, settings: Mapping[str, str]) -> None:
    """Compare the portals of each account, and look at those whose findings shall fail the plan."""
    own = {f"brands.{placed.brand.key}": {**settings, **placed.brand.rules} for placed in roster.brands}
    found: list[Finding] = []
    for account in dict.fromkeys(placed.account for placed in roster.brands):
        found += run(FLEET_RULES, [placed.member for placed in roster.brands if placed.account == account], None)
    for placed in roster.brands:
        place = f"brands.{placed.brand.key}"
        strict = {rule.id for rule in PORTAL_RULES if own[place].get(rule.id) == "error"}
        if strict:  # of the others the provider warns, which knows more of the portal
            looked = run(PORTAL_RULES, placed.brand.portal, None)
            found += [replace(each, field=f"{place}.{each.field}") for each in looked if each.rule_id in strict]
    chosen = {f"brands.{placed.brand.key}" for placed in roster.chosen}
    for finding in found:
        place = ".".join(finding.field.split(".")[:2])
        setting = own.get(place, settings).get(finding.rule_id, finding.severity)
        if setting == "error":
            roster.problems.append(Problem(finding.field, str(finding)))
        elif setting != OFF and (place == "brands" or place in chosen):
            roster.findings.append(finding)
