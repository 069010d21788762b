"""A fleet file as it can be seen without a stack: each brand by itself, complete or with what is wrong with it.

A reference without a value stands for itself. Brands are not compared with each other, and what a program adds to the
file (mail profiles, accounts) is not known, so that a key which the file does not hold is no mistake here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pulumi_revcent_portal.fleet.loading import FleetFile, load_fleet, told
from pulumi_revcent_portal.fleet.places import FileProblem
from pulumi_revcent_portal.fleet.references import is_reference
from pulumi_revcent_portal.fleet.schema import AccountOptions
from pulumi_revcent_portal.models.base import UNKNOWN, InvalidInputs, Model, Problem, is_plain, validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults, key_problem
from pulumi_revcent_portal.models.merging import Complete, complete
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs, SmtpProfileRef, profile_model
from pulumi_revcent_portal.models.text import is_revcent_id
from pulumi_revcent_portal.models.wording import kind, unknown_key
from pulumi_revcent_portal.rules.settings import setting_problems

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.fleet.document import Document

M = TypeVar("M", bound=Model)

_FORMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("account", "group"), "{}"),
    **dict.fromkeys(("from_address", "support_email", "sender", "username", "cc", "bcc"), "{}@reference.test"),
    **dict.fromkeys(("logo_url", "portal_url"), "https://{}.test/"),
    "domain": "{}.test",
    "tracking_domain": "{:0<20}",
}
"""What a reference without a value stands as while the models look at it, where its own text would not do."""
_AS_WRITTEN: Final = frozenset(
    {
        *("name", "portal_name", "display_name", "description", "footer_html"),
        *("from_name", "subject", "html", "variables", "smtp_profile", "stack", "output"),
    }
)
"""Where its own text does. Everywhere else it is unknown, and left out where nothing may be unknown."""


@dataclass(frozen=True)
class Seen:
    """A brand that is complete.

    Attributes:
        key: its key.
        group: the group that it is deployed with; empty without one.
        account: the key of its account; empty for the stack's own.
        profile: the key of its mail profile, or the ID of one; empty where the file holds none.
        whole: the brand with everything filled in.
    """

    key: str
    group: str
    account: str
    profile: str
    whole: Complete


@dataclass(frozen=True)
class Overview:
    """A fleet file that was looked at.

    Attributes:
        document: the file, which knows where everything stands.
        brands: the brands that are complete, by key; None for the others. In the order of the file.
        problems: all that is wrong, in the order of the file.
        uses: the fields of the shared things that a brand needs, by its key.
        references: the texts of references without a value, by what stands for them.
    """

    document: Document
    brands: Mapping[str, Seen | None]
    problems: tuple[FileProblem, ...]
    uses: Mapping[str, frozenset[str]]
    references: Mapping[str, str]

    def shown(self, text: str) -> str:
        """Give the references in a text back."""
        return _given_back(text, self.references)

    def problems_of(self, key: str) -> list[FileProblem]:
        """All that is wrong with a brand: not what is wrong with others, or with what only others use."""
        own = {"", key, *self.uses.get(key, ())}
        return [each for each in self.problems if self._subject(each.place.field) in own]

    def _subject(self, field: str) -> str:
        """Which brand, profile or account a field belongs to: `acme`, `smtp_profiles.main`; empty for all of them."""
        part, _, rest = field.partition(".")
        if part == "brands":
            return max((key for key in self.brands if f"{rest}.".startswith(f"{key}.")), key=len, default=rest)
        return f"{part}.{rest.partition('.')[0]}" if part in {"smtp_profiles", "accounts"} and rest else ""


def look(path: Path, *, environment: Mapping[str, str], shown: str = "") -> Overview:
    """Read a fleet file. Nothing about the file is an exception: all that is wrong stands in the problems.

    Args:
        path: the file.
        environment: the environment variables, for references to them.
        shown: the file as people are told it; as it was given by default.
    """
    read = load_fleet(
        path, config=lambda _name: None, environment=environment, chosen=lambda _key, _brand: False, shown=shown
    )
    looking = _Looking(read)
    brands = looking.brands()
    references = looking.standing.references
    problems = (FileProblem(each.place, _given_back(each.message, references)) for each in told(read, looking.problems))
    return Overview(read.document, brands, tuple(problems), looking.uses, references)


def _given_back(text: str, references: Mapping[str, str]) -> str:
    if not references:
        return text
    stand_ins = "|".join(map(re.escape, sorted(references, key=len, reverse=True)))
    return re.sub(stand_ins, lambda found: references[found[0].lower()], text, flags=re.IGNORECASE)


class _Standing:
    """Puts something in the place of references without a value that the models take for one.

    Attributes:
        references: their own texts, by what stands for them in lower case.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.references: dict[str, str] = {}

    def placed(self, value: Any, written: Any, name: str = "") -> Any:
        """Return a value with stand-ins.

        Args:
            value: a value as it was loaded, where a reference without a value is unknown.
            written: the same as it stands in the file.
            name: the field that it is the value of.
        """
        if isinstance(value, Mapping) and isinstance(written, Mapping):
            inside = name if name in _AS_WRITTEN else ""
            return {key: self.placed(item, written.get(key), inside or key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.placed(*both, name) for both in zip(value, written, strict=True)]
        if is_plain(value) or not is_reference(written) or (name not in _FORMS and name not in _AS_WRITTEN):
            return value
        number = self._numbers.setdefault(written, len(self._numbers) + 1)
        stand_in = _FORMS[name].format(f"reference{number:04}") if name in _FORMS else str(written)
        self.references[stand_in.lower()] = str(written)
        return stand_in


class _Looking:
    """Reads the parts of a file, and gathers problems by the fields of the file."""

    def __init__(self, read: FleetFile) -> None:
        self.problems: list[Problem] = []
        self.uses: dict[str, frozenset[str]] = {}
        self.standing = _Standing()
        self._read = read
        self._written = read.document.data
        self._shared = self._placed(read.defaults, "defaults")
        self._defaults = self._model(BrandDefaults, self._shared, "defaults")
        self._accounts()
        self._senders = {key: self._sender(key, value) for key, value in read.smtp_profiles.items()}

    def _placed(self, value: Any, *path: str) -> Any:
        return self.standing.placed(value, _at(self._written, *path))

    def _tell(self, place: str, message: str) -> None:
        problem = Problem(place, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def _is_wrong(self, place: str) -> bool:
        """Whether something was wrong there when the file was loaded."""
        return any(f"{each.place.field}.".startswith(f"{place}.") for each in self._read.problems)

    def _model(self, model: type[M], value: Any, place: str, what: str = "brand") -> M | None:
        if not isinstance(value, Mapping):
            self._tell(place, f"must be a mapping with the fields of a {what}, not {kind(value, secret=True)}.")
            return None
        try:
            return validate(model, value)
        except InvalidInputs as error:
            known = _without_unknown(value, [_steps(each.field) for each in error.problems])
            if known != value:
                return self._model(model, known, place, what)
            for problem in error.problems:
                self._tell(problem.below(place).field, problem.message)
            return None

    def _accounts(self) -> None:
        for key, value in self._read.accounts.items():
            place = f"accounts.{key}"
            if problem := key_problem(key):
                self._tell(place, problem)
            if not isinstance(value, Mapping):
                self._tell(place, f"must be a mapping with the options of an account, not {kind(value, secret=True)}.")
                continue
            for name in value.keys() - AccountOptions.model_fields.keys():
                self._tell(f"{place}.{name}", unknown_key(name, AccountOptions.model_fields))
            if value.get("api_key") is None:
                self._tell(f"{place}.api_key", "is required: a reference to the API key of the account.")

    def _sender(self, key: str, value: Any) -> Any:
        place = f"smtp_profiles.{key}"
        if problem := key_problem(key):
            self._tell(place, problem)
        made = self._model(profile_model(value), self._placed(value, "smtp_profiles", key), place, "mail profile")
        return made.sender if isinstance(made, SmtpProfileRef | SmtpProfileInputs) else UNKNOWN

    def brands(self) -> dict[str, Seen | None]:
        """Read the brands."""
        return {each["key"]: self._brand(each["key"], each) for each in self._read.brands}

    def _brand(self, key: str, loaded: Mapping[str, Any]) -> Seen | None:
        place = f"brands.{key}"
        own = self._placed(loaded, "brands", key)
        account, profile = self._said(own, "account"), self._said(own, "smtp_profile")
        if not profile and len(self._senders) == 1:
            profile = next(iter(self._senders))
        self.uses[key] = frozenset({f"accounts.{account}", f"smtp_profiles.{profile}"})
        brand = self._model(Brand, own, place)
        if brand is None or self._defaults is None or self._is_wrong(place) or self._is_wrong("defaults"):
            return None

        def tell(field: str, message: str) -> None:
            path = _steps(field)
            by_all = _at(own, *path) is None and _at(self._shared, *path) is not None
            owner = "defaults" if by_all else place
            self._tell(f"{owner}.{field}", message)

        if not profile and self._senders:
            known = ", ".join(self._senders)
            tell("smtp_profile", f"is required: the mail profile that sends its emails. Known are: {known}.")
        try:
            whole = complete(brand, self._defaults, self._sender_for(own, profile))
        except InvalidInputs as error:
            for problem in error.problems:
                tell(problem.field, problem.message)
            return None
        for problem in setting_problems(whole.rules):
            tell(f"rules.{problem.field}", problem.message)
        group, account, profile = (
            _given_back(text, self.standing.references) for text in (brand.group or "", account, profile)
        )
        return Seen(key, group, account, profile, whole)

    def _said(self, own: Mapping[str, Any], name: str) -> str:
        value = own.get(name) or self._shared.get(name)
        return value if isinstance(value, str) else ""

    def _sender_for(self, own: Mapping[str, Any], profile: str) -> Any:
        """The profile's sender, unless it cannot be held against the address that the brand gives."""
        if is_revcent_id(profile) and profile not in self._senders:
            return None
        sender = self._senders.get(profile, UNKNOWN)
        address = _at(own, "customer_emails", "from_address") or _at(self._shared, "customer_emails", "from_address")
        stand_ins = self.standing.references
        return UNKNOWN if address and (address in stand_ins or sender in stand_ins) else sender


def _steps(field: str) -> list[str]:
    return field.partition("[")[0].split(".")


def _at(fields: Any, *path: str) -> Any:
    for name in path:
        fields = fields.get(name) if isinstance(fields, Mapping) else None
    return fields


def _without_unknown(fields: Mapping[str, Any], paths: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return fields without what is unknown at some paths; None is as good as not said."""
    left = dict(fields)
    for first, *rest in paths:
        value = left.get(first)
        if rest and isinstance(value, Mapping):
            left[first] = _without_unknown(value, [rest])
        elif isinstance(value, list):
            left[first] = [item for item in value if is_plain(item)]
        elif first in left and not is_plain(value):
            left[first] = None
    return left
