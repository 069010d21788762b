"""Rules about the portals of one account beside each other: what is fine in each by itself and odd in their company."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pulumi_revcent_portal.models.base import is_plain
from pulumi_revcent_portal.models.domain import registered_domain
from pulumi_revcent_portal.rules.base import Place, Rule

ORIGINS = ("campaign", "third_party_shop")
NOUNS = {"campaign": "campaign", "third_party_shop": "third-party shop"}


@dataclass(frozen=True)
class Member:
    """One portal of a fleet.

    Attributes:
        key: The brand's key, or whatever else tells the portal from the others.
        place: Where it is declared: `brands.acme`.
        portal: The inputs of `CustomerPortal`, as far as they are known; names, IDs or pairs in the filters.
        domain: The root domain it is served on, or None where that is not known.
        said: The permissions that the brand says by itself.
    """

    key: str
    place: str
    portal: Mapping[str, Any]
    domain: str | None = None
    said: frozenset[str] = field(default_factory=frozenset)

    def _filter(self, kind: str) -> Any:
        filters = self.portal.get("customer_filters", {})
        return filters.get(kind, ()) if isinstance(filters, Mapping) else filters

    def origins(self, kind: str) -> tuple[str, ...]:
        """What its filter admits, as it was written, and as far as that is known."""
        value = self._filter(kind)
        items = value if isinstance(value, list | tuple) else ()
        told = (item.get("id", item.get("name")) if isinstance(item, Mapping) else item for item in items)
        return tuple(item for item in told if isinstance(item, str))

    @property
    def has_known_filters(self) -> bool:
        """Whether all is known that its filters admit."""
        values = [self._filter(kind) for kind in ORIGINS]
        return all(isinstance(value, list | tuple) and all(map(is_plain, value)) for value in values)

    @property
    def is_open(self) -> bool:
        """Whether every customer of the account may enter, as far as that is known."""
        return self.has_known_filters and not any(self.origins(kind) for kind in ORIGINS)

    @property
    def is_filtered(self) -> bool:
        """Whether only some may enter, as far as that is known."""
        values = [self._filter(kind) for kind in ORIGINS]
        return any(isinstance(value, list | tuple) and value for value in values)

    @property
    def is_enabled(self) -> bool:
        """Whether customers can reach it, as far as that is known."""
        return self.portal.get("enabled", True) is True


@dataclass(frozen=True)
class AccountView:
    """What an account has, as its lists show it: by type the items with `id`, `name`, and a shop's `url`."""

    items: Mapping[str, Sequence[Mapping[str, Any]]]

    def id_of(self, kind: str, word: str) -> str:
        """The ID of what is called so, or the word itself."""
        found = [item["id"] for item in self.items.get(kind, ()) if word in (item["id"], item.get("name"))]
        return str(found[0]) if len(found) == 1 else word

    def name_of(self, kind: str, word: str) -> str:
        """The name of what is told by its ID, or the word itself."""
        names = {item["id"]: item.get("name") for item in self.items.get(kind, ())}
        return str(names.get(word) or word)


Fleet: TypeAlias = Sequence[Member]
World: TypeAlias = AccountView | None


def _enabled(fleet: Fleet) -> list[Member]:
    return [member for member in fleet if member.is_enabled]


def _admitted(member: Member, kind: str, world: World) -> set[str]:
    words = member.origins(kind)
    return {world.id_of(kind, word) for word in words} if world else set(words)


def _open_beside_filtered(fleet: Fleet, _: World) -> Iterator[Place]:
    enabled = _enabled(fleet)
    filtered = [member.key for member in enabled if member.is_filtered]
    for member in enabled:
        if member.is_open and filtered:
            yield (
                f"{member.place}.customer_filters",
                (
                    f"Every customer of the account may enter this portal, those of {_listed(filtered)} too, "
                    f"{'which admits' if len(filtered) == 1 else 'which admit'} only some."
                ),
            )


def _same_origin_twice(fleet: Fleet, world: World) -> Iterator[Place]:
    before: list[tuple[Member, dict[str, set[str]]]] = []
    admitting: dict[tuple[str, str], list[int]] = {}
    for member in _enabled(fleet):
        if not member.has_known_filters:
            continue
        mine = {kind: _admitted(member, kind, world) for kind in ORIGINS}
        words = [(kind, word) for kind in ORIGINS for word in mine[kind]]
        rivals = [before[index] for index in sorted({each for word in words for each in admitting.get(word, ())})]
        both = [(other, theirs) for other, theirs in rivals if _meet(mine, theirs)]
        if both:
            shared = {kind: mine[kind] & set().union(*(theirs[kind] for _, theirs in both)) for kind in ORIGINS}
            what = " and ".join(
                f"the {NOUNS[kind]} {_listed(_names(world, kind, words))}" for kind, words in shared.items() if words
            )
            portals = f"the {'one' if len(both) == 1 else 'ones'} of {_listed([other.key for other, _ in both])}"
            yield (
                f"{member.place}.customer_filters",
                f"Customers of {what} fit this portal and {portals}: which of them is theirs?",
            )
        for word in words:
            admitting.setdefault(word, []).append(len(before))
        before.append((member, mine))


def _meet(mine: Mapping[str, set[str]], theirs: Mapping[str, set[str]]) -> bool:
    """Whether somebody may fit two filters that share something; a filter that asks for nothing fits everybody."""
    return all(mine[kind] & theirs[kind] or not (mine[kind] and theirs[kind]) for kind in ORIGINS)


def _names(world: World, kind: str, words: set[str]) -> list[str]:
    return sorted(repr(world.name_of(kind, word) if world else word) for word in words)


def _admitted_nowhere(fleet: Fleet, world: World) -> Iterator[Place]:
    enabled = [member for member in fleet if member.portal.get("enabled", True) is not False]
    if world is None or not enabled or not all(member.has_known_filters for member in enabled):
        return
    if any(member.is_open for member in enabled):
        return
    for kind in ORIGINS:
        # a portal that asks nothing about campaigns may admit customers of any, by their shops
        if any(not member.origins(kind) for member in enabled):
            continue
        admitted = set().union(*(_admitted(member, kind, world) for member in enabled))
        items = [item for item in world.items.get(kind, ()) if item.get("enabled") is not False]
        left_out = sorted(repr(str(item.get("name") or item["id"])) for item in items if item["id"] not in admitted)
        if left_out:
            noun = NOUNS[kind] if len(left_out) == 1 else f"{NOUNS[kind]}s"
            yield "brands", f"No portal admits customers of the {noun} {_listed(left_out)}."


def _shop_on_another_domain(fleet: Fleet, world: World) -> Iterator[Place]:
    if world is None:
        return
    urls = {str(item["id"]): str(item.get("url") or "") for item in world.items.get("third_party_shop", ())}
    for member in _enabled(fleet):
        for index, word in enumerate(member.origins("third_party_shop")):
            url = urls.get(world.id_of("third_party_shop", word), "")
            host = _host(url)
            root = registered_domain(host) if host else None
            if root is not None and member.domain is not None and root != member.domain:
                name = world.name_of("third_party_shop", word)
                yield (
                    f"{member.place}.customer_filters.third_party_shop[{index}]",
                    (
                        f"The shop {name!r} is at {host}, and the portal is served on {member.domain}: as an iframe in "
                        "the shop's pages it would not work."
                    ),
                )


def _host(url: str) -> str:
    try:
        return urlsplit(url if "://" in url else f"https://{url}").hostname or ""
    except ValueError:
        return ""


def _one_domain_two_senders(fleet: Fleet, _: World) -> Iterator[Place]:
    first: dict[str, tuple[Member, set[str]]] = {}
    for member in fleet:
        senders = _senders(member)
        if member.domain is None or not senders:
            continue
        before, known = first.setdefault(member.domain, (member, senders))
        if known != senders:
            yield (
                f"{member.place}.customer_emails.from_address",
                (
                    f"Emails of {member.domain} come from {_listed(sorted(senders))}, and those of {before.key} on the "
                    f"same domain from {_listed(sorted(known))}."
                ),
            )


def _senders(member: Member) -> set[str]:
    emails = member.portal.get("customer_emails")
    each = emails.values() if isinstance(emails, Mapping) else ()
    found = (email.get("from_address") for email in each if isinstance(email, Mapping))
    return {address for address in found if isinstance(address, str)}


def _permissions_differ_unsaid(fleet: Fleet, _: World) -> Iterator[Place]:
    members = [member for member in fleet if isinstance(member.portal.get("customer_permissions"), Mapping)]
    for name in members[0].portal["customer_permissions"] if members else ():
        values = Counter(member.portal["customer_permissions"].get(name) for member in members)
        usual, count = values.most_common(1)[0]
        if count * 2 <= len(members) or not isinstance(usual, bool):
            continue
        for member in members:
            value = member.portal["customer_permissions"].get(name)
            if isinstance(value, bool) and value != usual and name not in member.said:
                yield (
                    f"{member.place}.customer_permissions",
                    (
                        f"Customers {'may' if value else 'may not'} {name} here, and {'may not' if value else 'may'} "
                        f"with {count} of {len(members)} brands; the brand itself says nothing of it."
                    ),
                )


def _same_display_name(fleet: Fleet, _: World) -> Iterator[Place]:
    first: dict[str, Member] = {}
    for member in _enabled(fleet):
        name = member.portal.get("display_name") or member.portal.get("name")
        if not isinstance(name, str):
            continue
        other = first.setdefault(name.casefold(), member)
        if other is not member:
            yield f"{member.place}.display_name", f"Customers see {name!r} here and in the portal of {other.key}."


def _listed(words: Sequence[str]) -> str:
    most = 5
    told = [*words[:most], *([f"{len(words) - most} more"] if len(words) > most else [])]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


FLEET_RULES: tuple[Rule[Fleet, World], ...] = (
    Rule(
        id="open-beside-filtered",
        severity="warning",
        reason="RevCent's guide: without filters all customers enter; several brands in an account should each filter.",
        cure="Set customer_filters, or disable the portal that nobody is meant to use.",
        check=_open_beside_filtered,
    ),
    Rule(
        id="same-origin-twice",
        severity="warning",
        reason="RevCent's guide: a portal is filtered to the brand, website or shop that a customer came from.",
        cure="Admit each campaign and each shop in one portal, or switch this rule off where two are meant.",
        check=_same_origin_twice,
    ),
    Rule(
        id="origin-admitted-nowhere",
        severity="warning",
        reason="RevCent's guide: filters should match where customers came from, or those customers find no portal.",
        cure="Admit them in a portal, or disable in RevCent what is not used any more.",
        check=_admitted_nowhere,
    ),
    Rule(
        id="shop-on-another-domain",
        severity="warning",
        reason="RevCent's guide: a portal is embedded in the website that has the same domain as its tracking domain.",
        cure="Serve the portal on the shop's domain, or link to it instead of embedding it.",
        check=_shop_on_another_domain,
    ),
    Rule(
        id="one-domain-two-senders",
        severity="warning",
        reason="RevCent's guide: the sender of a portal's emails should match; customers trust one per domain.",
        cure="Use one sender for the domain.",
        check=_one_domain_two_senders,
    ),
    Rule(
        id="permissions-differ-unsaid",
        severity="warning",
        reason="RevCent's guide: permissions are to be intentional.",
        cure="Say it in the brand, or move what is usual into the defaults.",
        check=_permissions_differ_unsaid,
    ),
    Rule(
        id="same-display-name",
        severity="warning",
        reason="RevCent's guide: each portal shows the brand where the customer purchased.",
        cure="Give each portal a display_name of its own.",
        check=_same_display_name,
    ),
)
"""The rules about a fleet; what they look at are the portals of one account."""
