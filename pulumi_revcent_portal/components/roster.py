"""The plan of a fleet before anything of it is registered: every brand complete, every problem of all brands found.

It is pure but for what the caller passes in; `PortalFleet` registers what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pulumi_revcent_portal.components.brand_portal import sender_of
from pulumi_revcent_portal.components.conflicts import apply_rules, tell_conflicts, tell_profiles_of_one_name
from pulumi_revcent_portal.components.telling import Subject, Telling, says
from pulumi_revcent_portal.models.base import UNKNOWN, InvalidInputs, Model, Problem, secret_paths, validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults, key_problem
from pulumi_revcent_portal.models.merging import Complete, completed, merge, said
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs, SmtpProfileOfStack, SmtpProfileRef, profile_model
from pulumi_revcent_portal.models.text import is_revcent_id
from pulumi_revcent_portal.models.wording import kind, shown, suggestion
from pulumi_revcent_portal.resources.account import Account, account_problems
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile
from pulumi_revcent_portal.rules import Finding, Member
from pulumi_revcent_portal.rules.settings import setting_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
        subject: the brand as problems are told of it.
    """

    brand: Complete
    declared: Brand
    profile: str
    subject: Subject

    @property
    def account(self) -> str:
        """The key of its account; empty for the stack's own."""
        return str(self.brand.brand.get("account", ""))

    @property
    def group(self) -> str:
        """The group of its stack, where the fleet is split: a brand without one is a group of its own."""
        return self.declared.group or self.subject.key

    @property
    def names_sender(self) -> bool:
        """Whether it says by itself from which address its emails come."""
        return self.brand.brand.get("customer_emails", {}).get("from_address") is not None

    @property
    def member(self) -> Member:
        """The brand as the rules see it."""
        return Member(self.brand.key, self.subject.place, self.brand.portal, self.brand.domain, self.brand.said)


@dataclass
class Roster:
    """A fleet that was read.

    Attributes:
        brands: the brands, in the order of their declaration. Where something is wrong with one, it has an unknown
            there, or nothing.
        chosen: those of them that are to be declared.
        profiles: mail profiles by key.
        accounts: accounts by key: those that exist, and the options of those to be made.
        findings: what the rules say, warnings only.
        problems: everything that is wrong; while there are any, nothing may be registered.
        lines: gives the place of a field in the file that the fleet was read from.
        left_out: the keys of brands that another stack declares and that cannot be read here.
        shared: what was said of all brands.
    """

    brands: list[Placed] = field(default_factory=list)
    chosen: list[Placed] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    accounts: dict[str, Account | Mapping[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: Callable[[str], str] | None = None
    left_out: Sequence[str] = ()
    shared: Mapping[str, Any] = field(default_factory=dict)

    def sent_from(self, placed: Placed, sender: Any) -> Complete:
        """Complete a brand anew with the sender of its mail profile, where that is an Output of another stack."""
        return completed(placed.declared, self.shared, sender)[0]


def assemble(
    *,
    brands: Sequence[Brand | Mapping[str, Any]],
    defaults: BrandDefaults | Mapping[str, Any] | None = None,
    smtp_profiles: Mapping[str, Any] | None = None,
    accounts: Mapping[str, Any] | None = None,
    rules: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
    group: str | None = None,
    told: Iterable[str] = (),
    left_out: Sequence[str] = (),
) -> Roster:
    """Read a fleet: complete every brand, compare them, apply the rules.

    Args:
        brands: the brands, in any order.
        defaults: what they share.
        smtp_profiles: mail profiles by key.
        accounts: accounts by key.
        rules: what becomes of what the rules find, where neither brand nor defaults say it.
        only: the keys of the brands to choose; all by default.
        group: the group of brands to choose, where the fleet is split over stacks.
        told: fields of which is told elsewhere what is wrong with them.
        left_out: the keys of brands that are not to be chosen, and of which not everything is known here.
    """
    roster, telling = Roster(left_out=left_out), Telling(told)
    reader = _Reader(roster, telling, defaults if defaults is not None else {})
    reader.profiles(smtp_profiles or {})
    reader.accounts(accounts or {})
    reader.brands(brands)
    tell_conflicts(telling, roster.brands, reader.keys, split=group is not None)
    tell_profiles_of_one_name(telling, roster.brands, roster.profiles)
    roster.chosen = reader.chosen(only, group)
    roster.brands = [placed for placed in roster.brands if placed.brand.key not in left_out]
    roster.findings = apply_rules(telling, roster, {**(rules or {}), **reader.rules})
    roster.problems = telling.problems(sum(not telling.is_told(f"brands.{key}") for key in reader.keys))
    return roster


class _Reader:
    """Reads the parts of a fleet, and tells what is wrong with each of them.

    What is wrong by itself is unknown from there on, or left out, and the rest looked at: one run tells everything.
    """

    def __init__(self, roster: Roster, telling: Telling, defaults: BrandDefaults | Mapping[str, Any]) -> None:
        self._roster = roster
        self._telling = telling
        self._defaults: BrandDefaults = self._model(BrandDefaults, defaults, "defaults") or BrandDefaults()
        self._shared = telling.shared = roster.shared = said(self._defaults)
        self.keys: list[str] = []
        """The keys of all brands, whatever is wrong with them."""

    @property
    def rules(self) -> Mapping[str, str]:
        """What the defaults say of rules."""
        return self._defaults.rules or {}

    def _model(
        self, model: type[M], value: Any, place: str, *, called: str = "", stand_ins: Mapping[str, str] | None = None
    ) -> M | None:
        """Return a model; where something is wrong, one of what is right.

        Args:
            model: the model.
            value: one of it, or a dict of its fields.
            place: where it stands.
            called: what messages call it; its class by default.
            stand_ins: what stands for required fields that are wrong, while the others are looked at.
        """
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            told = kind(value, secret=bool(secret_paths(model)))
            self._telling.tell(place, f"must be {called or model.__name__}(...), or a dict of its fields, not {told}.")
            return None
        made, given = None, value
        messages: dict[str, str] = {}
        unknown: set[str] = set()
        for _ in range(_ATTEMPTS):
            try:
                made = validate(model, value)
                break
            except InvalidInputs as error:
                messages = messages or {each.field: each.message for each in error.problems}
                paths = {each.field.partition("[")[0] for each in error.problems}
                for path in paths:
                    value = _changed(value, path.split("."), None if path in unknown else UNKNOWN)
                unknown |= paths
                value |= {name: word for name, word in (stand_ins or {}).items() if value.get(name) is None}
        for name, message in messages.items():
            if says(given, name) or not self._telling.may_be_lost(f"{place}.{name}"):
                self._telling.tell(f"{place}.{name}", message)
        return made

    def profiles(self, given: Mapping[str, Any]) -> None:
        """Read mail profiles."""
        for key, value in self._entries(given, "smtp_profiles"):
            made: Any = value
            if not isinstance(value, SmtpProfile | SmtpProfileRef | SmtpProfileOfStack | SmtpProfileInputs):
                made = self._model(profile_model(value), value, f"smtp_profiles.{key}", called="SmtpProfile")
            self._roster.profiles[key] = made

    def accounts(self, given: Mapping[str, Any]) -> None:
        """Read accounts."""
        for key, value in self._entries(given, "accounts"):
            place = f"accounts.{key}"
            self._roster.accounts[key] = value
            if isinstance(value, Account):
                continue
            if not isinstance(value, Mapping):
                told = kind(value, secret=True)
                self._telling.tell(place, f"must be an Account, or a dict of its options, not {told}.")
                self._roster.accounts[key] = {}
                continue
            for each in account_problems(value):
                self._telling.tell(f"{place}.{each.field}", each.message)

    def _entries(self, given: Any, part: str) -> Iterable[tuple[str, Any]]:
        if not isinstance(given, Mapping):
            self._telling.tell(part, f"must be a dict by key, not {kind(given, secret=True)}.")
            return
        for key, value in given.items():
            if problem := key_problem(str(key)):
                self._telling.tell(f"{part}.{key}", problem)
            yield str(key), value

    def brands(self, given: Sequence[Brand | Mapping[str, Any]]) -> None:
        """Read brands; a key that stands twice is a problem of the second."""
        if isinstance(given, str | bytes) or not isinstance(given, Sequence):
            cure = "Each brand has its key among its fields."
            self._telling.tell("brands", f"must be a list of brands, not {kind(given, secret=True)}. {cure}")
            return
        for index, value in enumerate(given):
            key = value.key if isinstance(value, Brand) else value.get("key") if isinstance(value, Mapping) else None
            key, place = (key, f"brands.{key}") if isinstance(key, str) else ("", f"brands[{index}]")
            if key in self.keys:
                message = f"the key {key!r} is another brand's already. Each brand has a key of its own."
                self._telling.tell(f"brands[{index}].key", message)
                continue
            self.keys.append(key or place)
            stand_ins = {"key": f"unnamed-{index}", "name": f"Unnamed {index}"}
            brand = self._model(Brand, value, place, stand_ins=stand_ins)
            if brand is not None:
                self._brand(brand, Subject(key or place, place, said(brand)))

    def _brand(self, brand: Brand, subject: Subject) -> None:
        telling = self._telling
        account = brand.account or self._defaults.account
        if account and account not in self._roster.accounts and not telling.is_told("accounts"):
            telling.tell_of(subject, "account", _unknown("account", account, self._roster.accounts))
        for each in setting_problems(merge(self._shared.get("rules", {}), subject.own.get("rules", {}))):
            telling.tell_of(subject, f"rules.{each.field}", each.message)
        profile = self._profile(brand.smtp_profile or self._defaults.smtp_profile, subject)
        whole, problems = completed(
            brand, self._shared, self._sender(profile), is_told=lambda name: telling.is_told_of(subject, name)
        )
        for each in problems:
            telling.tell_of(subject, each.field, each.message)
        self._roster.brands.append(Placed(whole, brand, profile, subject))

    def _profile(self, key: str | None, subject: Subject) -> str:
        """Return the key of a mail profile, or the ID of one; nothing where it is wrong."""
        known = self._roster.profiles
        if key is not None and (key in known or is_revcent_id(key)):
            return key
        if key is None and len(known) == 1:
            return next(iter(known))
        if not self._telling.is_told("smtp_profiles"):
            if key is None:
                cure = f"Known are: {', '.join(known)}." if known else "Declare one in smtp_profiles."
                message = f"is required: the mail profile that sends its emails. {cure}"
            else:
                message = _unknown("mail profile", key, known)
            self._telling.tell_of(subject, "smtp_profile", message)
        return ""

    def _sender(self, key: str) -> Any:
        profile = self._roster.profiles.get(key, key)
        if not profile or isinstance(profile, SmtpProfileOfStack):
            return UNKNOWN  # the rest of the brand is looked at
        return profile.sender if isinstance(profile, SmtpProfileInputs) else sender_of(profile)

    def chosen(self, only: Sequence[str] | None, group: str | None) -> list[Placed]:
        """Return the brands that are to be declared.

        Args:
            only: their keys; all by default.
            group: the group that they are in.
        """
        brands, telling = self._roster.brands, self._telling
        if isinstance(only, str | bytes) or not isinstance(only, Sequence | None):
            telling.tell("only", f"must be a list of keys of brands, not {kind(only)}.")
            return []
        for index, key in enumerate(only or ()):
            if key not in self.keys:
                telling.tell(f"only[{index}]", _unknown("brand", key, self.keys))
        groups = sorted({placed.group for placed in brands})
        if group is not None and group not in groups:
            telling.tell("group", _unknown("group", group, groups))
        found = [
            placed
            for placed in brands
            if (only is None or placed.subject.key in only) and (group is None or placed.group == group)
        ]
        if only and group is not None and not found:
            telling.tell("group", f"no brand of only is in the group {shown(str(group))}. Leave one of the two out.")
        return found


_ATTEMPTS = 4


def _changed(value: Mapping[str, Any], steps: Sequence[str], stand_in: Any) -> dict[str, Any]:
    """Return fields with something else in the place of one of them."""
    first, *rest = steps
    inner = value.get(first)
    changed = _changed(inner, rest, stand_in) if rest and isinstance(inner, Mapping) else stand_in
    return {**value, first: changed}


def _unknown(what: str, word: Any, known: Iterable[str]) -> str:
    known = list(known)
    cure = suggestion(str(word), known) if known else f"The fleet declares no {what}s."
    return f"there is no {what} {shown(str(word))} in this fleet. {cure}"
