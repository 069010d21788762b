"""`PortalFleet`: many brands' portals, of which the shared things are made once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import is_config_secret

from pulumi_revcent_portal.components.brand_portal import BrandPortal
from pulumi_revcent_portal.components.names import unknown_names
from pulumi_revcent_portal.components.outcome import pending_of, portals_of
from pulumi_revcent_portal.components.portal_domain import PortalDomain
from pulumi_revcent_portal.components.review import by_account, reviewed
from pulumi_revcent_portal.components.roster import assemble
from pulumi_revcent_portal.fleet.loading import load_fleet, told
from pulumi_revcent_portal.fleet.references import Encrypted
from pulumi_revcent_portal.models.base import InvalidInputs, Problem
from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.smtp import (
    SmtpProfileInputs,
    SmtpProfileOfStack,
    SmtpProfileRef,
    exported_profile,
    exported_sender,
)
from pulumi_revcent_portal.resources.account import Account
from pulumi_revcent_portal.resources.component import RevCentComponent
from pulumi_revcent_portal.resources.fleet_review import FleetReview
from pulumi_revcent_portal.resources.program import program_rules
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_revcent_portal.components.roster import Placed, Roster
    from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults
    from pulumi_revcent_portal.models.merging import Complete

TYPE = "revcent:index:PortalFleet"


class PortalFleet(RevCentComponent):
    """The portals of many brands.

    The names of all resources are made of the fleet's name and the keys of brands, domains, mail profiles and
    accounts, so that adding, removing or reordering brands touches those brands only.

    Args:
        resource_name: the Pulumi name.
        brands: the brands: `Brand(...)`, or dicts of its fields.
        defaults: what they share: `BrandDefaults(...)`, or a dict. What a brand says wins.
        smtp_profiles: mail profiles by key: an `SmtpProfile`, an `SmtpProfileRef`, or a dict of what either takes.
            Of a dict one profile is made in each account that uses it.
        accounts: further RevCent accounts by key: an `Account`, or a dict of what it takes.
        only: the keys of the brands to declare; all by default. The others are checked all the same.
        group: declare the brands of this group only. A brand without a group is one of its own, called by its key.
        opts: Pulumi's options; protect and retain_on_delete reach everything in the fleet.

    Raises:
        InvalidInputs: everything that is wrong with any brand, at once; nothing was registered then.

    Source: RevCent's guide, portal strategy for multi-brand RevCent accounts.
    """

    portals: pulumi.Output[dict[str, str]]
    """The IDs of the portals by the key of the brand: of those that RevCent has, whatever failed."""
    pending: pulumi.Output[dict[str, str]]
    """The other brands by key, each with the reason."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        brands: Sequence[Brand | Mapping[str, Any]],
        defaults: BrandDefaults | Mapping[str, Any] | None = None,
        smtp_profiles: Mapping[str, SmtpProfile | SmtpProfileRef | Mapping[str, Any]] | None = None,
        accounts: Mapping[str, Account | Mapping[str, Any]] | None = None,
        only: Sequence[str] | None = None,
        group: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        declared = brands or []
        roster = assemble(
            brands=declared, defaults=defaults, smtp_profiles=smtp_profiles, accounts=accounts,
            rules=program_rules(), only=only, group=group,
        )  # fmt: skip
        if roster.problems:
            found = [*roster.problems, *unknown_names(declared, defaults, roster.accounts, roster.problems)]
            raise InvalidInputs(found, what=f'PortalFleet "{resource_name}"')
        self._register(resource_name, roster, opts)

    @classmethod
    @explained
    def from_yaml(
        cls,
        resource_name: str,
        path: str | Path,
        /,
        *,
        only: Sequence[str] | None = None,
        group: str | None = None,
        smtp_profiles: Mapping[str, SmtpProfile | SmtpProfileRef | Mapping[str, Any]] | None = None,
        accounts: Mapping[str, Account | Mapping[str, Any]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> PortalFleet:
        """Declare the fleet of a file.

        Args:
            resource_name: the Pulumi name.
            path: a YAML file, relative to the project; `revcent-portal schema` prints what it may hold. Secrets stand
                in it as references: `config:NAME` for the stack's configuration, `env:NAME` for the environment.
            only: the keys of the brands to declare; all by default.
            group: declare the brands of this group only. A brand without a group is one of its own, called by its key.
            smtp_profiles: mail profiles beside those of the file, such as one of another stack.
            accounts: accounts beside those of the file.
            opts: Pulumi's options.

        Raises:
            InvalidInputs: everything that is wrong, at once, each with file, line and field; nothing was registered.
        """

        def chosen(key: str, brand: Mapping[str, Any]) -> bool:
            return (only is None or key in only) and (group is None or (brand.get("group") or key) == group)

        read = load_fleet(Path(path), config=_configuration, environment=os.environ, chosen=chosen)
        given: dict[str, Any] = {
            "brands": read.brands,
            "defaults": read.defaults,
            "smtp_profiles": _with(read.smtp_profiles, smtp_profiles),
            "accounts": _with(read.accounts, accounts),
        }
        roster = assemble(
            **given, rules=program_rules(), only=only, group=group,
            told=read.told, left_out=read.left_out,
        )  # fmt: skip
        roster.lines = lambda field: str(read.document.place(field))
        if read.problems or roster.problems:
            found = [*roster.problems, *unknown_names(read.brands, read.defaults, roster.accounts, roster.problems)]
            what = f'PortalFleet.from_yaml("{resource_name}", {str(path)!r})'
            raise InvalidInputs([Problem("", str(each)) for each in told(read, found)], what=what)
        fleet = cls.__new__(cls)
        fleet._register(resource_name, roster, opts)  # noqa: SLF001 - its own
        return fleet

    def _register(self, resource_name: str, roster: Roster, opts: pulumi.ResourceOptions | None) -> None:
        super().__init__(TYPE, resource_name, opts)
        made = _Shared(self, self.pulumi_resource_name, roster, opts)
        for account in by_account(roster.chosen):
            freely = pulumi.ResourceOptions(protect=False)  # it holds nothing that a protected fleet could lose
            name = made.named(account, "review")
            FleetReview(name, reviewed(roster, account), pulumi.ResourceOptions.merge(made.options(account), freely))
        self.brands: dict[str, BrandPortal] = {
            placed.brand.key: self._declare(placed, made)
            for placed in sorted(roster.chosen, key=lambda placed: placed.brand.key)
        }
        """What was declared of each brand, by key."""
        for finding in roster.findings:
            where = f"{roster.lines(finding.field)}: " if roster.lines else ""
            pulumi.log.warn(f"{where}{finding.field}: {finding}", self)
        self.smtp_profiles = made.profiles
        """The mail profiles that the fleet made in the stack's own account, by key."""
        self.portals = portals_of(self.brands)
        self.pending = pending_of(self.brands)
        self.register_outputs({"portals": self.portals, "pending": self.pending})

    def _declare(self, placed: Placed, made: _Shared) -> BrandPortal:
        name = self.pulumi_resource_name
        aliases = [pulumi.Alias(name=f"{name}-{key}") for key in placed.declared.former_keys]
        return BrandPortal(
            f"{name}-{placed.brand.key}",
            brand=made.brand(placed),  # type: ignore[arg-type]  # complete already
            smtp_profile=made.profile(placed),
            tracking_domain=made.domain(placed),
            opts=made.options(placed.account, aliases=aliases),
        )


def _configuration(name: str) -> str | None:
    """Return a value of the stack's configuration, of the project's own or of another namespace."""
    namespace, colon, key = name.rpartition(":")
    config = pulumi.Config(namespace if colon else None)
    value = config.get(key)
    return Encrypted(value) if value and is_config_secret(config.full_key(key)) else value


def _with(read: Mapping[str, Any], given: Mapping[str, Any] | None) -> Any:
    """Return what a file and a program declare together; what is no mapping is for the roster to refuse."""
    return {**read, **(given or {})} if isinstance(given, Mapping | None) else given


def _output_of(profile: str) -> str:
    return f"smtp_profiles.{profile}.output"


class _Shared:
    """What several brands of a fleet use, made when the first of them asks for it."""

    def __init__(self, fleet: PortalFleet, name: str, roster: Roster, opts: pulumi.ResourceOptions | None) -> None:
        self._fleet = fleet
        self._name = name
        self._roster = roster
        self._retain = opts.retain_on_delete if opts else None
        self._accounts: dict[str, Account] = {}
        self._profiles: dict[tuple[str, str], SmtpProfile] = {}
        self._stacks: dict[str, pulumi.StackReference] = {}
        self._exported: dict[str, pulumi.Output[dict[str, Any]]] = {}
        self._domains: dict[tuple[str, str], PortalDomain] = {}
        self._kept = self._domains_that("retain_on_delete")  # a portal that stays in service stays on its domain
        self._adopted = self._domains_that("adopt")

    def _domains_that(self, setting: str) -> set[tuple[str, str | None]]:
        """Return the domains, by account and name, of which one brand at least has said yes to something."""
        brands = self._roster.chosen
        return {(placed.account, placed.brand.domain) for placed in brands if placed.brand.brand.get(setting)}

    def options(
        self, account: str, *, aliases: Sequence[pulumi.Alias] = (), retain: bool | None = None
    ) -> pulumi.ResourceOptions:
        """Return the options of something in an account."""
        return pulumi.ResourceOptions(
            parent=self._fleet,
            provider=self._account(account),
            aliases=list(aliases) or None,
            retain_on_delete=self._retain if retain is None else retain,
        )

    def _account(self, key: str) -> Account | None:
        if not key:
            return None
        known = self._roster.accounts[key]
        if isinstance(known, Account):
            return known
        if key not in self._accounts:
            below = pulumi.ResourceOptions(parent=self._fleet)
            self._accounts[key] = Account(f"{self._name}-{key}", **known, opts=below)
        return self._accounts[key]

    @property
    def profiles(self) -> dict[str, SmtpProfile]:
        """The mail profiles in the stack's own account."""
        return {key: profile for (account, key), profile in self._profiles.items() if not account}

    def named(self, account: str, key: str) -> str:
        """Return the name of something in an account; a dot keeps `eu.acme.com` apart from the domain eu-acme.com."""
        return f"{self._name}-{f'{account}.' if account else ''}{key}"

    def brand(self, placed: Placed) -> Complete:
        """Return a brand with the sender of its mail profile, which another stack may have to tell first."""
        known = self._roster.profiles.get(placed.profile)
        if not isinstance(known, SmtpProfileOfStack) or placed.names_sender:
            return placed.brand
        place = _output_of(placed.profile)
        found = self._of_stack(placed.profile, known)["sender"].apply(
            partial(exported_sender, known=known, place=place)
        )
        return self._roster.sent_from(placed, found)

    def profile(self, placed: Placed) -> SmtpProfile | SmtpProfileRef | str:
        """Return the mail profile of a brand."""
        known = self._roster.profiles.get(placed.profile, placed.profile)
        if isinstance(known, SmtpProfileOfStack):
            found = self._of_stack(placed.profile, known)
            return SmtpProfileRef(id=found["id"], sender=found["sender"])
        if not isinstance(known, SmtpProfileInputs):
            return known
        place = (placed.account, placed.profile)
        if place not in self._profiles:
            given = {name: getattr(known, name) for name in known.model_fields_set}
            self._profiles[place] = SmtpProfile(self.named(*place), **given, opts=self.options(placed.account))
        return self._profiles[place]

    def _of_stack(self, key: str, known: SmtpProfileOfStack) -> pulumi.Output[dict[str, Any]]:
        if known.stack not in self._stacks:
            below = pulumi.ResourceOptions(parent=self._fleet)
            self._stacks[known.stack] = pulumi.StackReference(known.stack, opts=below)
        if key not in self._exported:
            found = self._stacks[known.stack].get_output(known.output)
            self._exported[key] = found.apply(partial(exported_profile, known=known, place=_output_of(key)))
        return self._exported[key]

    def domain(self, placed: Placed) -> PortalDomain | None:
        """Return the domain of a brand; None where it names one that exists."""
        if placed.brand.domain is None:
            return None
        place = (placed.account, placed.brand.domain)
        if place not in self._domains:
            adopted = {"adopt": True} if place in self._adopted else {}
            self._domains[place] = PortalDomain(
                self.named(*place),
                domain=placed.brand.domain,
                **{**placed.brand.domain_settings, **adopted},
                opts=self.options(placed.account, retain=True if place in self._kept else None),
            )
        return self._domains[place]
