"""A fleet file as what `PortalFleet` takes: references resolved, texts read from the files that they stand in.

A fleet file has four parts: `brands` and `smtp_profiles`, and perhaps `defaults` and `accounts`, each a mapping. What
the fields of a brand mean is the affair of `models.fleet`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from pulumi import Output

from pulumi_revcent_portal.fleet.document import Document, read_document
from pulumi_revcent_portal.fleet.places import FileProblem
from pulumi_revcent_portal.fleet.references import Encrypted, Reference, parse_reference, require_reference, resolve
from pulumi_revcent_portal.models.base import UNKNOWN, is_at_or_below
from pulumi_revcent_portal.models.fleet import BrandEntry
from pulumi_revcent_portal.models.permissions import CustomerPermissions
from pulumi_revcent_portal.models.wording import AN_OUTPUT, SHOWN_CHARACTERS, kind, unknown_key

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.models.base import Problem

PARTS: Final = ("defaults", "smtp_profiles", "accounts", "brands")
SECRETS: Final = frozenset({"password", "secret_key", "api_key", "key_secret"})
"""Fields that hold a secret, whatever they stand in."""
SECRET_MAPPINGS: Final = frozenset({"secrets"})
"""Fields whose entries are all secret: those of an octoDNS provider."""
TEXTS: Final = frozenset({"html", "footer_html"})
"""Fields that may stand in a file of their own: `{file: emails/confirmation.html}`."""
NUMBERS: Final = frozenset({"port", "ttl", "requests_per_minute", "max_retries", "timeout"})
"""Fields that take a number, which a reference may stand for."""


def _takes_flag(annotation: Any) -> bool:
    return annotation is bool or any(map(_takes_flag, get_args(annotation)))


FLAGS: Final = frozenset(
    name
    for model in (BrandEntry, CustomerPermissions)
    for name, each in model.model_fields.items()
    if _takes_flag(each.annotation)
)
"""Fields that take a truth value, which a reference may stand for."""
OBJECTS: Final = frozenset({"dns"})
"""Fields that take a mapping, which a reference to the configuration may stand for as a whole."""
_LONGEST: Final = 1_000_000
_SHORTEST: Final = 4
_SHORTEST_SECRET: Final = 8
"""Shorter texts stand in messages by chance: in those about any field, and in those about another one."""


class Value(NamedTuple):
    """A text for which a reference stands in a file, or a part of one that is JSON."""

    text: str
    reference: str
    place: str


@dataclass
class FleetFile:
    """What was read of a fleet file.

    Attributes:
        document: the file, which knows where everything stands.
        brands: the brands with their keys, in the order of the file.
        defaults: what they share.
        smtp_profiles: mail profiles by key.
        accounts: accounts by key.
        left_out: the keys of brands that are not chosen, and of which more than secrets is not known in this stack.
        unresolved: the fields of references that have no value in this stack, and need none.
        sealed: the references that are Outputs, because what they stand for is to be encrypted, by field.
        values: what references stand for.
        problems: what is wrong with the file itself, its references and the files that it names.
    """

    document: Document
    brands: list[dict[str, Any]] = field(default_factory=list, repr=False)  # they hold secrets
    defaults: dict[str, Any] = field(default_factory=dict, repr=False)
    smtp_profiles: dict[str, Any] = field(default_factory=dict, repr=False)
    accounts: dict[str, Any] = field(default_factory=dict, repr=False)
    left_out: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    sealed: dict[str, Reference] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list, repr=False)
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        """Fields of which nothing more is to be said."""
        return [*(problem.place.field for problem in self.problems), *self.unresolved]


def _typed(name: str, text: str) -> Any:
    """Return what a reference stands for in the type that its field takes: configurations and environments hold texts.

    Raises:
        ValueError: a publisher that is no JSON object.
    """
    if name in NUMBERS and text.isascii() and text.isdigit():
        return int(text)
    if name in FLAGS and text in {"true", "false"}:
        return text == "true"
    if name in OBJECTS:
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ValueError(f"must be a JSON object there. Set it with 'pulumi config set --path {name}.kind ...'.")
        return found
    return text


def load_fleet(
    path: Path,
    *,
    config: Callable[[str], str | None],
    environment: Mapping[str, str],
    chosen: Callable[[str, Mapping[str, Any]], bool] = lambda _key, _brand: True,
    shown: str = "",
) -> FleetFile:
    """Read a fleet file. Nothing about the file is an exception: all that is wrong stands in `problems`.

    Args:
        path: the file.
        config: gives the value of a key of the stack's configuration, or None. What is `Encrypted` becomes a secret
            Output in fields that are not secret by themselves.
        environment: the environment variables.
        chosen: whether a brand, by its key and its fields, is to be declared; the references of the others, and of
            accounts and mail profiles that only they use, need no value. Without any, no reference does.
        shown: the file as people are told it; as it was given by default.
    """
    document = read_document(path, shown=shown)
    return _Loading(document, path.parent, config, environment).load(chosen)


class _Loading:
    def __init__(
        self,
        document: Document,
        directory: Path,
        config: Callable[[str], str | None],
        environment: Mapping[str, str],
    ) -> None:
        self._document = document
        self._directory = directory
        self._config = config
        self._environment = environment
        self._found = FleetFile(document, problems=list(document.problems))
        self._read: dict[Path, str] = {}
        self._holes = 0

    def load(self, chosen: Callable[[str, Mapping[str, Any]], bool]) -> FleetFile:
        data, found = self._document.data, self._found
        for part in data:
            if part not in PARTS:
                self._wrong(part, unknown_key(part, PARTS))
        if data.get("brands") in (None, {}) and not found.problems:
            self._wrong("brands", "is required: the brands by their keys, each with its name, its domain and so on.")
        brands = self._section("brands")
        anybody = any(chosen(key, brand if isinstance(brand, Mapping) else {}) for key, brand in brands.items())
        found.defaults = self._value(self._section("defaults"), "defaults", needed=anybody)
        here = []
        for key, brand in brands.items():
            place = f"brands.{key}"
            if not isinstance(brand, Mapping):
                told = kind(brand, secret=True)
                self._wrong(place, f"must be a mapping with the fields of a brand, not {told}.")
            fields = brand if isinstance(brand, Mapping) else {}
            if "key" in fields:
                self._wrong(f"{place}.key", f"is not a field here: the brand's key is {key!r}, before it.")
            is_chosen, before = chosen(key, fields), self._holes
            found.brands.append({**self._value(fields, place, needed=is_chosen), "key": key})
            here += found.brands[-1:] if is_chosen else []
            found.left_out += [key] if self._holes > before else []
        everything = len(here) == len(found.brands)
        for part, name in (("smtp_profiles", "smtp_profile"), ("accounts", "account")):
            used = [brand.get(name) or found.defaults.get(name) for brand in here]
            alone = part == "smtp_profiles" and None in used  # such brands take the only one
            setattr(found, part, {
                key: self._value(value, f"{part}.{key}", needed=everything or alone or key in used)
                for key, value in self._section(part).items()
            })  # fmt: skip
        return found

    def _wrong(self, place: str, message: str) -> None:
        self._found.problems.append(FileProblem(self._document.place(place), message))

    def _section(self, part: str) -> Mapping[str, Any]:
        value = self._document.data.get(part)
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self._wrong(part, f"must be a mapping, not {kind(value, secret=True)}.")
        return {}

    def _value(self, value: Any, place: str, *, name: str = "", secret: bool = False, needed: bool = True) -> Any:
        """Return a value of the file as a program would have written it.

        Args:
            value: the value.
            place: where it stands.
            name: the field that it is the value of.
            secret: whether it stands in something that is secret.
            needed: whether references must have a value in this stack.
        """
        secret = secret or name in SECRETS
        if isinstance(value, Mapping):
            if name in TEXTS and value.keys() == {"file"}:
                return self._text(value["file"], f"{place}.file")
            inside = secret or name in SECRET_MAPPINGS
            return {
                key: self._value(item, f"{place}.{key}", name=key, secret=inside, needed=needed)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [
                self._value(item, f"{place}[{index}]", secret=secret, needed=needed) for index, item in enumerate(value)
            ]
        return None if value is None else self._scalar(value, place, name, secret=secret, needed=needed)

    def _scalar(self, value: Any, place: str, name: str, *, secret: bool, needed: bool) -> Any:
        try:
            reference = require_reference(value) if secret else _reference(value)
        except ValueError as error:
            self._wrong(place, str(error))
            return UNKNOWN
        if reference is None:
            return value
        try:
            text = resolve(reference, config=self._config, environment=self._environment)
            found = text if secret else _typed(name, text)
        except ValueError as error:
            if needed:
                self._wrong(place, str(error))
            else:
                self._found.unresolved.append(place)
                self._holes += not secret
            return UNKNOWN
        self._found.values += [Value(each, str(reference), place) for each in _texts(found)]
        # of a secret field, and of a publisher, the model knows what is to be encrypted
        if secret or name in OBJECTS or not isinstance(text, Encrypted):
            return found
        self._found.sealed[place] = reference
        return Output.secret(found)

    def _text(self, name: Any, place: str) -> str | None:
        """Read the file that a text stands in; its path is relative to the fleet file."""
        if not isinstance(name, str) or not name:
            self._wrong(place, f"must be the path of a file, not {kind(name)}.")
            return None
        path = self._directory / name
        if path not in self._read:
            try:
                text = path.read_text(encoding="utf-8-sig")
            except FileNotFoundError:
                self._wrong(place, f"there is no file {name!r} beside {self._document.file}.")
                return None
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
                self._wrong(place, f"{name!r} cannot be read: {why}.")
                return None
            if len(text) > _LONGEST:
                self._wrong(place, f"{name!r} has more than {_LONGEST:,} characters, which no email or footer needs.")
                return None
            self._read[path] = text
        return self._read[path]


def _reference(value: Any) -> Reference | None:
    return parse_reference(value) if isinstance(value, str) and " " not in value else None


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in what a reference stands for."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif not isinstance(value, bool):
        yield str(value)


def told(read: FleetFile, problems: Iterable[Problem]) -> list[FileProblem]:
    """Return all that is wrong with a fleet file, in its order; what is wrong with a field is said once.

    What references stand for may be secret, and is not shown.

    Args:
        read: the file.
        problems: what the models found, by the fields of the file.
    """
    known = {problem.place.field for problem in read.problems}
    found = [
        FileProblem(read.document.place(problem.field), _in_terms_of_the_file(problem, read))
        for problem in problems
        if not any(is_at_or_below(problem.field, field) for field in known)
    ]
    return sorted([*read.problems, *found], key=lambda each: (each.place.line, each.place.column))


def _in_terms_of_the_file(problem: Problem, read: FleetFile) -> str:
    reference = read.sealed.get(problem.field)
    if reference and AN_OUTPUT in problem.message:
        return (
            f"{reference} is secret in the stack's configuration, and nothing is encrypted here. Set it without "
            "--secret, or write the value itself."
        )
    return _without_values(problem, read.values)


def _without_values(problem: Problem, values: Sequence[Value]) -> str:
    """Return a message with references in the place of what they stand for, and without parts of that."""
    message = problem.message
    here, references = [], {value.reference for value in values}
    for value in sorted(values, key=lambda each: len(each.text), reverse=True):
        if is_at_or_below(problem.field, value.place):
            here.append(value.text.casefold())
        elif len(value.text) < _SHORTEST_SECRET:
            continue
        for spelling in (value.text, repr(value.text)[1:-1], repr(value.text[:SHOWN_CHARACTERS])[1:-1]):
            message = message.replace(spelling, value.reference) if len(spelling) >= _SHORTEST else message

    def hidden(quoted: re.Match[str]) -> str:
        part = quoted[1].casefold()
        return quoted[0] if quoted[1] in references or not any(part in text for text in here) else "'...'"

    return re.sub(rf"'([^']{{{_SHORTEST},}})'", hidden, message)
