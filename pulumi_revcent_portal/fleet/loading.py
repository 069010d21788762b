"""A fleet file as what `PortalFleet` takes: references resolved, texts read from the files that they stand in.

A fleet file has four parts: `brands` and `smtp_profiles`, and perhaps `defaults` and `accounts`, each a mapping. What
the fields of a brand mean is the affair of `models.fleet`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi.output import Unknown

from pulumi_revcent_portal.fleet.document import Document, read_document
from pulumi_revcent_portal.fleet.places import FileProblem
from pulumi_revcent_portal.fleet.references import parse_reference, require_reference, resolve
from pulumi_revcent_portal.models.fleet import BrandEntry
from pulumi_revcent_portal.models.permissions import CustomerPermissions
from pulumi_revcent_portal.models.wording import kind, unknown_key

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
FLAGS: Final = frozenset(
    name
    for model in (BrandEntry, CustomerPermissions)
    for name, each in model.model_fields.items()
    if "bool" in str(each.annotation)
)
"""Fields that take a truth value, which a reference may stand for."""
OBJECTS: Final = frozenset({"dns"})
"""Fields that take a mapping, which a reference to the configuration may stand for as a whole."""
_LONGEST: Final = 1_000_000


@dataclass
class FleetFile:
    """What was read of a fleet file.

    Attributes:
        document: the file, which knows where everything stands.
        brands: the brands with their keys, in the order of the file; those that need a reference of another stack and
            are not chosen are left out.
        defaults: what they share.
        smtp_profiles: mail profiles by key.
        accounts: accounts by key.
        left_out: the keys of those brands.
        problems: what is wrong with the file itself, its references and the files that it names.
    """

    document: Document
    brands: list[dict[str, Any]] = field(default_factory=list)
    defaults: dict[str, Any] = field(default_factory=dict)
    smtp_profiles: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)


def _typed(name: str, text: str) -> Any:
    """Return what a reference stands for in the type that its field takes: configurations and environments hold texts.

    Raises:
        ValueError: a publisher that is no JSON object.
    """
    if name in NUMBERS and text.isdigit():
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


class _Unresolved(Exception):  # noqa: N818 - it never leaves this module
    """A reference has no value in this stack."""


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
        config: gives the value of a key of the stack's configuration, or None.
        environment: the environment variables.
        chosen: whether a brand, by its key and its fields, is to be declared; the references of the others need no
            value.
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

    def load(self, chosen: Callable[[str, Mapping[str, Any]], bool]) -> FleetFile:
        data, found = self._document.data, self._found
        for part in data:
            if part not in PARTS:
                self._wrong(part, unknown_key(part, PARTS))
        found.defaults = self._section(data, "defaults", optional=True)
        found.smtp_profiles = self._section(data, "smtp_profiles", optional=True)
        found.accounts = self._section(data, "accounts", optional=True)
        brands = self._mapping(data, "brands", optional=bool(found.problems) and "brands" not in data)
        for key, brand in brands.items():
            place = f"brands.{key}"
            if not isinstance(brand, Mapping):
                self._wrong(place, f"must be a mapping with the fields of a brand, not {kind(brand)}.")
            elif "key" in brand:
                self._wrong(f"{place}.key", f"is not a field here: the brand's key is {key!r}, before it.")
            else:
                self._brand(place, key, brand, needed=chosen(key, brand))
        return found

    def _brand(self, place: str, key: str, brand: Mapping[str, Any], *, needed: bool) -> None:
        before = len(self._found.problems)
        try:
            self._found.brands.append({"key": key, **self._value(brand, place, needed=needed)})
        except _Unresolved:
            del self._found.problems[before:]
            self._found.left_out.append(key)

    def _wrong(self, place: str, message: str) -> None:
        self._found.problems.append(FileProblem(self._document.place(place), message))

    def _section(self, data: Mapping[str, Any], part: str, *, optional: bool) -> dict[str, Any]:
        found: dict[str, Any] = self._value(self._mapping(data, part, optional=optional), part)
        return found

    def _mapping(self, data: Mapping[str, Any], part: str, *, optional: bool) -> Mapping[str, Any]:
        value = data.get(part)
        if value is None and optional:
            return {}
        if isinstance(value, Mapping) and (value or optional):
            return value
        if part not in data or not value:
            self._wrong(part, "is required: the brands by their keys, each with its name, its domain and so on.")
        else:
            self._wrong(part, f"must be a mapping, not {kind(value)}.")
        return {}

    def _value(self, value: Any, place: str, *, name: str = "", needed: bool = True) -> Any:
        """Return a value of the file as a program would have written it."""
        if isinstance(value, Mapping):
            if name in TEXTS and value.keys() == {"file"}:
                return self._text(value["file"], f"{place}.file")
            inside = SECRET_MAPPINGS & {name}
            return {
                key: self._value(item, f"{place}.{key}", name="secret_key" if inside else key, needed=needed)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._value(item, f"{place}[{index}]", needed=needed) for index, item in enumerate(value)]
        if value is None:
            return None
        return self._scalar(value, place, name, needed=needed)

    def _scalar(self, value: Any, place: str, name: str, *, needed: bool) -> Any:
        secret = name in SECRETS
        try:
            if secret:
                reference = require_reference(value)
            elif isinstance(value, str) and " " not in value:
                found = parse_reference(value)
                if found is None:
                    return value
                reference = found
            else:
                return value
        except ValueError as error:
            self._wrong(place, str(error))
            return None
        try:
            text = resolve(reference, config=self._config, environment=self._environment)
            return text if secret else _typed(name, text)
        except ValueError as error:
            if not needed and secret:
                return Unknown()  # type: ignore[no-untyped-call]
            if not needed:
                raise _Unresolved from None
            self._wrong(place, str(error))
            return None

    def _text(self, name: Any, place: str) -> str | None:
        """Read the file that a text stands in; its path is relative to the fleet file."""
        if not isinstance(name, str) or not name:
            self._wrong(place, f"must be the path of a file, not {kind(name)}.")
            return None
        path = self._directory / name
        if path not in self._read:
            try:
                text = path.read_text(encoding="utf-8")
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


def told(read: FleetFile, problems: Iterable[Problem]) -> list[FileProblem]:
    """Return all that is wrong with a fleet file, in its order; what is wrong with a field is said once.

    Args:
        read: the file.
        problems: what the models found, by the fields of the file.
    """
    known = {problem.place.field for problem in read.problems}
    found = [
        FileProblem(read.document.place(problem.field), problem.message)
        for problem in problems
        if not any(problem.field == field or problem.field.startswith((f"{field}.", f"{field}[")) for field in known)
    ]
    return sorted([*read.problems, *found], key=lambda each: (each.place.line, each.place.column))
