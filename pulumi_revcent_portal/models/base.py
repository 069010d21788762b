"""What every model shares: values that may be Outputs, problems in plain words, one way in and one way out.

This module knows nothing of RevCent. What a field may hold stands beside the field, in the module of its model.

The way in is `validate()`, or a model's own constructor at the line of the program that uses it. Both raise
`InvalidInputs`, which lists every problem at once. The way out is `Model.dump()`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, TypeVar, get_args, get_origin

from pulumi import Output, RunError
from pulumi.output import Unknown
from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from pulumi_revcent_portal.models import wording

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

T = TypeVar("T")
M = TypeVar("M", bound="Model")

_NOT_THE_PROGRAM = frozenset({__name__.partition(".")[0], "pydantic"})


UNKNOWN: Final = Unknown()  # type: ignore[no-untyped-call]
"""What cannot be known yet, as in a preview; or was wrong and is told already."""


def is_plain(value: object) -> bool:
    """Tell whether a value is known now: neither an Output of a program nor an unknown of a preview."""
    return not isinstance(value, Output | Unknown)


class _OutputsPass:
    """Validates and serializes plain values as their type says, and hands Outputs and unknowns through untouched."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        arms = [arm for arm in get_args(source) if get_origin(arm) is not Output]
        plain = handler(arms[0] if len(arms) == 1 else _union(arms))

        def skip_outputs(value: Any, go_on: Any) -> Any:
            return go_on(value) if is_plain(value) else value

        return core_schema.no_info_wrap_validator_function(
            skip_outputs,
            plain,
            serialization=core_schema.wrap_serializer_function_ser_schema(skip_outputs, schema=plain),
        )


def _union(arms: Sequence[Any]) -> Any:
    joined = arms[0]
    for arm in arms[1:]:
        joined |= arm
    return joined


In = Annotated[T | Output[T], _OutputsPass()]
"""A field that takes a plain `T`, or a `pulumi.Output` of one. Type checkers see `T | Output[T]`."""


class _ListOf:
    """Takes a list or a tuple, gives a list in the same order, refuses what stands in it twice."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (item,) = get_args(source)
        return core_schema.no_info_before_validator_function(
            wording.require_list,
            core_schema.no_info_after_validator_function(
                _refuse_repeats, core_schema.list_schema(handler.generate_schema(item))
            ),
        )


def _refuse_repeats(items: list[Any]) -> list[Any]:
    plain = [item for item in items if isinstance(item, str)]
    keys = [wording.sameness(item) for item in plain]
    repeated = sorted({item for item, key in zip(plain, keys, strict=True) if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"names {', '.join(map(repr, repeated))} more than once. Leave one of them.")
    return items


ListOf = Annotated[Sequence[In[T]], _ListOf()]
"""A list whose order is the user's and whose items may be Outputs. Type checkers see `Sequence[T | Output[T]]`."""

PlainListOf = Annotated[Sequence[T], _ListOf()]
"""The same without Outputs: a list by which the program itself decides what it declares."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a declaration.

    Attributes:
        field: Where it stands, as a program writes it: `customer_emails.confirmation.cc[1]`.
        message: What is wrong and what to do about it. Never holds the value of a secret.
    """

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message

    def below(self, path: str) -> Problem:
        """The same problem, seen from the model whose field at `path` holds this one's."""
        joint = "." if path and self.field and not self.field.startswith("[") else ""
        return Problem(f"{path}{joint}{self.field}", self.message)


class InvalidInputs(RunError, ValueError):  # noqa: N818  # it reads as what it is: inputs that are not valid
    """A declaration is wrong; `problems` says where and how, all of it at once.

    It is a `pulumi.RunError` too, so that a program which makes a wrong declaration ends with this message and not
    with a traceback.

    Args:
        problems: At least one problem, in the order of the fields.
        what: What the program called, such as `CustomerEmail(...)`: the message then begins with the program's line.
    """

    def __init__(self, problems: Iterable[Problem], what: str = "") -> None:
        self.problems = tuple(problems)
        told = map(str, self.problems)
        super().__init__(
            "\n  ".join([f"{line_of_the_program()}: {what} is not valid:", *told]) if what else "\n".join(told)
        )


def line_of_the_program() -> str:
    """Where the innermost call stands that belongs neither to this package nor to pydantic: `__main__.py:12`."""
    frame = sys._getframe(1)  # noqa: SLF001  # documented, and the only way to one's caller without a whole traceback
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_THE_PROGRAM:
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


class Model(BaseModel):
    """A declaration that is checked where it is made, and cannot be changed afterwards.

    None means "not given" everywhere, because the engine drops such keys on their way to a provider.

    Raises:
        InvalidInputs: Listing every problem in the words of the program, without the value of any secret.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _keys_are_names(cls, given: Any, validated: ModelWrapValidatorHandler[Self]) -> Self:
        """Let a key that is no string be reported as the unknown input that it is: Python would raise a TypeError."""
        if isinstance(given, dict) and not all(isinstance(key, str) for key in given):
            given = {str(key): value for key, value in given.items()}
        return validated(given)

    if not TYPE_CHECKING:  # type checkers see the fields as keyword arguments

        def __init__(self, /, **given: Any) -> None:
            given = {key: value for key, value in given.items() if value is not None}
            problems: list[Problem] = []
            try:
                super().__init__(**given)
            except ValidationError as error:
                problems = _problems(type(self), error)
            told = [problem.field for problem in problems]
            problems += [
                problem
                for problem in type(self).relations(given)
                if not any(is_at_or_below(problem.field, field) for field in told)
            ]
            if problems:
                raise InvalidInputs(problems, what=f"{type(self).__name__}(...)")

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """The rules that look at two fields together.

        They run even when single fields are wrong, so that everything is reported at once; what they say about a
        field that is wrong by itself is dropped. They must skip what is not plain: see `plain_text()`.

        Args:
            given: What was passed to the constructor, not yet checked.
        """
        del given
        return iter(())

    def dump(self) -> dict[str, Any]:
        """The canonical form: nested dicts with every default filled in, None left out, Outputs untouched."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: _plain(value) for name, value in values if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.dump()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def validate(model: type[M], data: Mapping[str, Any]) -> M:
    """Check a plain dict, as a program wrote it or as the engine sends it.

    Args:
        model: The model to check against.
        data: Inputs by name; Outputs and unknowns may stand at any depth.

    Raises:
        InvalidInputs: Listing every problem.
    """
    try:
        return model(**{str(key): value for key, value in data.items()})
    except InvalidInputs as error:
        raise InvalidInputs(error.problems) from None


def plain_text(given: Mapping[str, Any], *path: str) -> str | None:
    """The string at a path of nested dicts and models, or None when there is none or it is not known yet."""
    value: Any = given
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else _attribute(value, key)
    return value if isinstance(value, str) else None


def _attribute(value: Any, key: str) -> Any:
    return getattr(value, key, None) if isinstance(value, Model) else None


def secret_paths(model: type[Model]) -> list[tuple[str, ...]]:
    """Where a model holds secrets: `[("recaptcha", "secret_key")]`."""
    return list(_marked(model, "secret"))


def long_paths(model: type[Model]) -> list[tuple[str, ...]]:
    """Where a model holds strings that may be long, such as an email's HTML."""
    return list(_marked(model, "long"))


@cache  # asked for by every resource of a program
def _marked(model: type[Model], mark: str) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    for name, field in model.model_fields.items():
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get(mark):
            found.append((name,))
        inner = model_of(field)
        if inner is not None:
            found += [(name, *path) for path in _marked(inner, mark)]
    return tuple(found)


def model_of(field: FieldInfo) -> type[Model] | None:
    """The model that a field holds, if it holds one: `CustomerFilters` for `In[CustomerFilters]`."""
    waiting = [field.annotation]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, Model):
            return kind
        waiting += [arm for arm in get_args(kind) if get_origin(arm) is not Output]
    return None


def _problems(model: type[Model], error: ValidationError) -> list[Problem]:
    found: list[Problem] = []
    for detail in error.errors(include_url=False):
        path = _written(detail["loc"])
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InvalidInputs):
            found += [problem.below(path) for problem in cause.problems]
        else:
            found.append(Problem(path, _message(model, detail)))
    return found


def _message(model: type[Model], detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return wording.unknown_key(str(detail["loc"][0]), list(model.model_fields))
    field = model.model_fields[str(detail["loc"][0])]
    inner = model_of(field)
    extra = field.json_schema_extra
    secret = bool(isinstance(extra, dict) and extra.get("secret")) or bool(inner and secret_paths(inner))
    keys = list(inner.model_fields) if inner else []
    return wording.of(
        detail, purpose=field.description or "", model=inner.__name__ if inner else "", keys=keys, secret=secret
    )


def _written(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def is_at_or_below(path: str, field: str) -> bool:
    """Whether a field is another one, or stands in it: `dns.zone` and `cc[1]` stand in `dns` and `cc`."""
    return path == field or path.startswith((f"{field}.", f"{field}["))
