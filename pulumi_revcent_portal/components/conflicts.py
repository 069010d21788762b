"""What brands of a fleet cannot both have, and what rules say of them. Nothing looks at a brand by itself here.

A domain is made once for all brands on it, a portal's name is unique in an account, and a former key is one brand's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi.output import Unknown

from pulumi_revcent_portal.models.smtp import SmtpProfileInputs
from pulumi_revcent_portal.models.wording import shown
from pulumi_revcent_portal.rules import FLEET_RULES, PORTAL_RULES, Finding, run
from pulumi_revcent_portal.rules.base import OFF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_revcent_portal.components.roster import Placed, Profile, Roster
    from pulumi_revcent_portal.components.telling import Telling


def tell_conflicts(telling: Telling, brands: Sequence[Placed], keys: Sequence[str], *, split: bool = False) -> None:
    """Tell what two brands cannot both have, at the later one.

    Args:
        telling: where to tell it.
        brands: all brands.
        keys: the keys of all brands.
        split: whether each group is a stack of its own.
    """
    domains: dict[tuple[str, str], Placed] = {}
    names: dict[tuple[str, str], Placed] = {}
    former: dict[str, Placed] = {}
    for placed in brands:
        whole = placed.brand
        if whole.domain is not None:
            first = domains.setdefault((placed.account, whole.domain), placed)
            if split and placed.group != first.group:
                telling.tell_of(
                    placed.subject,
                    "group",
                    f"the brand {first.brand.key!r} shares the domain {whole.domain} and is in the group "
                    f"{first.group!r}. A domain is made by one stack: put both in one group, or let one of them name "
                    "the other's domain by its ID in tracking_domain.",
                )
            for name in _differing(telling, first, placed):
                telling.tell_of(
                    placed.subject,
                    name,
                    f"the brand {first.brand.key!r} shares the domain {whole.domain} and says another {name}. A domain "
                    "is made once: say the same in both, or say it in the defaults.",
                )
        portal_name = whole.portal["name"]
        if isinstance(portal_name, str):
            first = names.setdefault((placed.account, portal_name), placed)
            if first is not placed:
                telling.tell_of(
                    placed.subject,
                    "portal_name",
                    f"{portal_name!r} is the name of the portal of {first.brand.key!r} too, and RevCent's customer "
                    "portals have unique names. Set portal_name in one of them.",
                )
        for index, key in enumerate(placed.declared.former_keys):
            owner = former.setdefault(key, placed)
            if owner is not placed or key in keys:
                whose = f"a former key of {owner.brand.key!r} too" if owner is not placed else "the key of a brand"
                telling.tell_of(placed.subject, f"former_keys[{index}]", f"{key!r} is {whose}. Leave it out.")


def tell_profiles_of_one_name(telling: Telling, brands: Sequence[Placed], profiles: Mapping[str, Profile]) -> None:
    """Tell which mail profiles would be made in one account under one name, at the later one.

    Args:
        telling: where to tell it.
        brands: all brands: a profile is made in the accounts of those that use it.
        profiles: the mail profiles of the fleet by key.
    """
    first: dict[tuple[str, str], str] = {}
    for key, profile in profiles.items():
        if not isinstance(profile, SmtpProfileInputs) or not isinstance(profile.name, str):
            continue
        for account in sorted({placed.account for placed in brands if placed.profile == key}):
            other = first.setdefault((account, profile.name), key)
            if other != key:
                telling.tell(
                    f"smtp_profiles.{key}.name",
                    f"{shown(profile.name)} is the name of the mail profile {other!r} too, and RevCent's SMTP profiles "
                    "have unique names. Change one of them, or let the brands use one profile.",
                )


def _differing(telling: Telling, one: Placed, other: Placed) -> Iterator[str]:
    mine, theirs = one.brand.domain_settings, other.brand.domain_settings
    for name in sorted((mine.keys() | theirs.keys()) - {"adopt"}):  # what one of them takes over serves them all
        values = mine.get(name), theirs.get(name)
        known = not any(isinstance(value, Unknown) for value in values)
        if known and values[0] != values[1] and not telling.is_told_of(one.subject, name):
            yield name


def apply_rules(telling: Telling, roster: Roster, settings: Mapping[str, str]) -> list[Finding]:
    """Compare the portals of each account, and look at those whose findings shall fail the plan.

    Args:
        telling: where to tell what shall.
        roster: the fleet.
        settings: what becomes of the findings about brands that say nothing of a rule.

    Returns:
        The warnings about brands that are chosen.
    """
    warnings: list[Finding] = []
    chosen = {placed.subject.place for placed in roster.chosen}
    for placed, finding in _findings(roster, settings):
        place = placed.subject.place
        setting = {**settings, **placed.brand.rules}.get(finding.rule_id, finding.severity)
        if setting == "error":
            telling.tell_of(placed.subject, finding.field, str(finding))
        elif setting != OFF and place in chosen:
            warnings.append(replace(finding, field=f"{place}.{finding.field}"))
    return warnings


def _findings(roster: Roster, settings: Mapping[str, str]) -> Iterator[tuple[Placed, Finding]]:
    """What the rules find, with the field of the brand that each finding is about."""
    for account in dict.fromkeys(placed.account for placed in roster.brands):
        brands = {placed.subject.place: placed for placed in roster.brands if placed.account == account}
        for finding in run(FLEET_RULES, [placed.member for placed in brands.values()], None):
            place = next(each for each in brands if finding.field.startswith(f"{each}."))
            yield brands[place], replace(finding, field=finding.field.removeprefix(f"{place}."))
    for placed in roster.brands:
        own = {**settings, **placed.brand.rules}
        strict = [rule for rule in PORTAL_RULES if own.get(rule.id) == "error"]
        # of the others the provider warns, which knows more of the portal
        yield from ((placed, finding) for finding in run(strict, placed.brand.portal, None))
