"""Names of campaigns, shops and URL parameter sets: resolved into IDs at plan time, kept as pairs. It writes nothing.

RevCent wants IDs, people know names. A program writes either; inputs and outputs hold `{"id": ..., "name": ...}`, so
that an unchanged declaration is planned without asking RevCent. What was declared by its ID is `{"id": ...}`, whoever
may list names: a plan must not depend on that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pulumi.output import Unknown

from pulumi_revcent_portal.api.errors import PermissionMissing, RevCentError
from pulumi_revcent_portal.api.wire import OPERATIONS
from pulumi_revcent_portal.models.text import is_revcent_id
from pulumi_revcent_portal.models.wording import nearest_of, shown
from pulumi_revcent_portal.providers.drift import get_path, set_path, without
from pulumi_revcent_portal.providers.results import ProviderProblem, noun_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pulumi_revcent_portal.providers.results import Props

Pair: TypeAlias = "dict[str, Any]"
"""`{"id": ..., "name": ...}`: without a name where an ID was written, without an ID where a name is not resolved."""
Names: TypeAlias = "Callable[[str], Mapping[str, str]]"
"""Gives the names of a type by ID, or nothing where they cannot be had."""
Items: TypeAlias = "Sequence[Mapping[str, Any]]"
"""What the account has of a type, as its list shows it."""


class Ask(Protocol):
    """Gives what the account has of a type; a fresh list is asked for when the last one lacks something."""

    def __call__(self, entity: str, *, fresh: bool) -> Items:
        """Return the list, or raise RevCentError."""


_OPERATIONS = {operation.entity: operation.name for operation in OPERATIONS if operation.action == "list"}
_ID_LENGTH = 20


class NoSuchName(ProviderProblem):
    """The account has nothing of this name or ID, or several things."""


@dataclass
class Resolved:
    """Inputs whose names became pairs.

    Attributes:
        inputs: the inputs; a name that is not resolved is `{"name": ...}`, with an unknown ID in a preview.
        problems: what the account does not have, or has twice.
        unasked: names about which nothing could be learnt, with the reason.
    """

    inputs: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def with_ids(settings: Props, places: Iterable[str], *, once: bool = True) -> dict[str, Any]:
    """Return settings as RevCent takes them: IDs where pairs stand. A name that is not resolved stays.

    Args:
        settings: inputs or outputs; they are not changed.
        places: dotted paths at which pairs, or lists of them, may stand.
        once: whether what a list names twice is left out the second time.
    """
    result = dict(settings)
    for path in places:
        *parents, last = path.split(".")
        target = result
        for key in parents:
            if not isinstance(target.get(key), dict):
                break
            target[key] = dict(target[key])
            target = target[key]
        else:
            if last in target:
                target[last] = _ids(target[last], once=once)
    return result


def _ids(value: Any, *, once: bool) -> Any:
    if not isinstance(value, list):
        return _id(value)
    if not once:
        return [_id(item) for item in value]
    unique: list[Any] = []
    unique.extend(each for item in value if (each := _id(item)) not in unique)
    return unique


def _id(item: Any) -> Any:
    return item.get("id", item.get("name")) if isinstance(item, dict) else item


def pairs_at(settings: Props, path: str) -> list[Pair]:
    """Return the pairs at a path; an older version kept IDs only."""
    value = get_path(settings, path)
    items = value if isinstance(value, list) else [value]
    pairs = ({"id": item} if is_revcent_id(item) else item for item in items)
    return [pair for pair in pairs if isinstance(pair, dict) and isinstance(pair.get("id"), str)]


def resolve(inputs: Props, olds: Props, places: Mapping[str, str], ask: Ask, *, planning: bool = False) -> Resolved:
    """Make pairs of names and IDs: first from the old inputs, and from the account only for what is new.

    Args:
        inputs: valid inputs with names and IDs as strings; unknowns of a preview may stand at any place.
        olds: the inputs of the last update, with pairs.
        places: dotted path to the type that is named there.
        ask: asks the account.
        planning: whether this is a preview, in which the ID of a name that is not resolved is not known yet.
    """
    done = _Resolver(olds, places, ask, planning=planning)
    result = without(inputs, ())
    for path, entity in places.items():
        value = get_path(inputs, path)
        if isinstance(value, list):
            pairs = [done.pair(item, f"{path}[{index}]", entity) for index, item in enumerate(value)]
            done.problems += _repeated(pairs, path, value, noun_of(entity))
            set_path(result, path, pairs)
        elif isinstance(value, str):
            set_path(result, path, done.pair(value, path, entity))
    return Resolved(result, done.problems, done.unasked)


class _Resolver:
    """Makes pairs, and gathers why some could not be made."""

    def __init__(self, olds: Props, places: Mapping[str, str], ask: Ask, *, planning: bool) -> None:
        self._ask = ask
        self._planning = planning
        self._known: dict[str, list[Pair]] = {entity: [] for entity in places.values()}
        for path, entity in places.items():
            self._known[entity] += pairs_at(olds, path)
        self.problems: list[str] = []
        self.unasked: list[str] = []

    def pair(self, item: Any, place: str, entity: str) -> Any:
        if not isinstance(item, str):
            return item  # an unknown of a preview
        known = self._known[entity]
        kept = next((pair for pair in known if item in (pair.get("name"), pair["id"])), None)
        if kept is not None:
            return dict(kept)
        try:
            return find(entity, item, self._ask, before=known)
        except NoSuchName as problem:
            self.problems.append(f"{place}: {problem}")
        except RevCentError as error:
            if is_revcent_id(item):
                return {"id": item}
            self.unasked.append(f"{place}: {_unasked(entity, item, error)}")
        return {"name": item, "id": Unknown()} if self._planning else {"name": item}  # type: ignore[no-untyped-call]


def _repeated(pairs: Sequence[Any], path: str, given: Sequence[Any], noun: str) -> Iterable[str]:
    first: dict[str, int] = {}
    for index, pair in enumerate(pairs):
        object_id = pair.get("id") if isinstance(pair, dict) else None
        if object_id is not None and (other := first.setdefault(object_id, index)) != index:
            yield f"{path}[{index}]: {given[index]!r} is the {noun} of {path}[{other}], {given[other]!r}. Leave one."


def find(entity: str, text: str, ask: Ask, *, before: Iterable[Pair] = ()) -> Pair:
    """Return the pair of something by its name or its ID; of an ID without the name, see the module.

    Args:
        entity: the type.
        text: a name, compared as it stands, or an ID.
        ask: asks the account.
        before: what was declared until now, to tell a renamed thing.

    Raises:
        NoSuchName: the account has none, or several of this name; the nearest are named.
        RevCentError: the account could not be asked.
    """
    for fresh in (False, True):
        items = ask(entity, fresh=fresh)
        if any(item["id"] == text for item in items):
            return {"id": text}
        named = [item for item in items if item.get("name") == text]
        if len(named) == 1:
            return {"id": named[0]["id"], "name": text}
        if named:
            raise NoSuchName(_ambiguous(entity, text, named))
    raise NoSuchName(_unknown(entity, text, items, list(before)))


def _ambiguous(entity: str, text: str, named: Items) -> str:
    told = " or ".join(
        f"{item['id']}{' (disabled)' if item.get('enabled') is False else ''}"
        for item in sorted(named, key=lambda item: str(item["id"]))
    )
    return f"{len(named)} {noun_of(entity)}s are called {shown(text)}. Write the ID of the one that is meant: {told}."


def _unknown(entity: str, text: str, items: Items, before: list[Pair]) -> str:
    noun = noun_of(entity)
    if is_revcent_id(text):
        lacking = f"there is no {noun} with the ID or the name {text!r} in this account."
    else:
        lacking = f"there is no {noun} {shown(text)} in this account."
    ids = {pair["id"]: pair.get("name") for pair in before}
    renamed = [item for item in items if item["id"] in ids and item.get("name") not in (None, text)]
    names = {str(item["name"]): str(item["id"]) for item in items if item.get("name")}
    near = nearest_of(text, names)
    if len(renamed) == 1 and len(ids) == 1:
        cure = f"The one declared until now is called {renamed[0]['name']!r}: if it was renamed, write that."
    elif near:
        cure = f"Near are: {', '.join(f'{name!r} ({names[name]})' for name in near)}."
    elif names:
        cure = f"It has {len(names)}, such as {', '.join(repr(name) for name in sorted(names)[:3])}."
    else:
        cure = f"It has no {noun}s at all: is it the right account?"
    return f"{lacking} {cure}{_nearly_an_id(text)}"


def _nearly_an_id(text: str) -> str:
    """Say that a word looks like an ID with a letter too many or too few."""
    looks = text.isalnum() and any(character.isdigit() for character in text)
    if looks and not is_revcent_id(text) and abs(len(text) - _ID_LENGTH) <= 2:  # noqa: PLR2004 - a slip, not a name
        return f" (An ID has {_ID_LENGTH} letters and digits, and this has {len(text)}.)"
    return ""


def _unasked(entity: str, text: str, error: RevCentError) -> str:
    noun = noun_of(entity)
    if isinstance(error, PermissionMissing):
        return (
            f"{shown(text)} is a name, and this API key may not list {noun}s to find its ID. Give the key "
            f"{_OPERATIONS[entity]}, or write the {noun}'s ID. [{error}]"
        )
    return f"the {noun} {shown(text)} could not be looked up: {error}"


def require_ids(props: Props, places: Mapping[str, str], ask: Ask) -> dict[str, Any]:
    """Return properties of which every name has its ID, looking up what was not resolved when it was planned.

    Raises:
        ProviderProblem: a name that the account does not have, or that cannot be looked up.
    """
    result = without(props, ())
    for path, entity in places.items():
        value = get_path(props, path)
        listed = value if isinstance(value, list) else [value]
        if not any(isinstance(item, dict) and "id" not in item for item in listed):
            continue
        pairs = []
        for index, item in enumerate(listed):
            if not isinstance(item, dict) or "id" in item:
                pairs.append(item)
                continue
            place = f"{path}[{index}]" if isinstance(value, list) else path
            try:
                pairs.append(find(entity, item["name"], ask))
            except NoSuchName as problem:
                raise ProviderProblem(f"{place}: {problem}") from None
            except RevCentError as error:
                raise ProviderProblem(f"{place}: {_unasked(entity, item['name'], error)}") from None
        set_path(result, path, pairs if isinstance(value, list) else pairs[0])
    return result


def with_current_names(props: Props, places: Mapping[str, str], names: Names) -> dict[str, Any]:
    """Return outputs in which what is declared by name has the name that it has now, and a bare ID is made a pair.

    Args:
        props: outputs; where a refresh found other IDs, those stand by themselves.
        places: dotted path to type.
        names: gives the names of a type by ID, or nothing where they cannot be had.
    """
    result = without(props, ())
    for path, entity in places.items():
        value = get_path(props, path)
        listed = value if isinstance(value, list) else [value]
        pairs = [{"id": item, "name": ""} if is_revcent_id(item) else item for item in listed]
        if any(isinstance(pair, dict) and "name" in pair for pair in pairs):
            known = names(entity)
            pairs = [_with_current_name(pair, known) if isinstance(pair, dict) else pair for pair in pairs]
            set_path(result, path, pairs if isinstance(value, list) else pairs[0])
    return result


def _with_current_name(pair: Pair, known: Mapping[str, str]) -> Pair:
    if "name" not in pair or "id" not in pair:
        return pair
    name = known.get(pair["id"], pair["name"])
    return {"id": pair["id"], "name": name} if name else {"id": pair["id"]}


def names_of(props: Props, places: Mapping[str, str], names: Names) -> dict[str, str]:
    """Return the names of what is declared by its ID, as far as they can be had: people who read a state want them."""
    found: dict[str, str] = {}
    for path, entity in places.items():
        unnamed = [pair["id"] for pair in pairs_at(props, path) if "name" not in pair]
        if unnamed:
            known = names(entity)
            found.update({each: known[each] for each in unnamed if each in known})
    return found


def names_differ(olds: Props, news: Props, places: Iterable[str]) -> bool:
    """Whether something that is declared by name has another name than the one that is stored."""
    for path in places:
        stored = {pair["id"]: pair.get("name") for pair in pairs_at(olds, path)}
        if any("name" in pair and stored.get(pair["id"]) != pair["name"] for pair in pairs_at(news, path)):
            return True
    return False
