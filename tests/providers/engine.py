"""Pulumi's engine as far as a provider can tell: what it calls, with which values, and what it keeps. Not a test.

It does what engine 3.259 and the SDK's provider process were seen to do, one resource after the other:

* `check` with the old inputs, `diff` with the old outputs, then create, update, replace or nothing; an unchanged
  resource keeps its outputs and takes the new inputs; `diff` without a verdict leaves it to a comparison of inputs.
* Numbers become floats, keys whose value is None vanish, nothing but plain JSON values passes.
* Providers get secrets in plain text. On the way back a value is secret again at the same path only.
* A preview knows nothing of the outputs of what it would create or change, and only what is stored of the others.
* `read` gets the outputs only. Inputs that it returns replace the old ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.base import Provider
    from tests.providers.account import Account

PROVIDER_KEY = "__provider"
BLOB = "the pickled reference to a class"

Bag = dict[str, Any]


@dataclass(frozen=True)
class Secret:
    """A value that the engine keeps encrypted."""

    value: Any


@dataclass(frozen=True)
class Ref:
    """An output of another resource of the program."""

    name: str
    output: str = "id"


@dataclass(frozen=True)
class Declared:
    """One resource of a program, after those that it refers to.

    Attributes:
        name: the Pulumi name.
        provider: the class that the engine calls.
        props: what the resource class registers; `Ref`, `Secret` and `IsPreview` may stand at any depth.
    """

    name: str
    provider: type[Provider]
    props: Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """One resource in the state."""

    provider: type[Provider]
    object_id: str
    inputs: Bag
    outputs: Bag


@dataclass(frozen=True)
class Step:
    """What a command does, or would do, to a resource: create, update, replace, delete, same."""

    name: str
    op: str
    keys: tuple[str, ...] = ()


class IsPreview:
    """Stands for `pulumi.runtime.is_dry_run()`."""


class Failed(Exception):  # noqa: N818 - as the engine says it
    """A command ended at a resource; what was done before it is in the state."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(f"{name}: {message}")


def unknown() -> Any:
    """A value that a preview does not know yet."""
    return Unknown()  # type: ignore[no-untyped-call]


def given(value: Any) -> Any:
    """A value as a provider gets it from the engine, or the engine from a provider."""
    if isinstance(value, Secret):
        return given(value.value)
    if isinstance(value, Unknown):
        return unknown()
    if isinstance(value, Mapping):
        return {str(key): given(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [given(item) for item in value]
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be sent")


def with_secrets(values: Bag, secrets: Mapping[str, Any]) -> Bag:
    """Plain values, secret where the same path is secret in `secrets`."""
    return {key: _marked(value, secrets[key]) if key in secrets else value for key, value in values.items()}


def _marked(value: Any, like: Any) -> Any:
    if isinstance(value, dict) and isinstance(like, Mapping):
        return with_secrets(value, like)
    return Secret(value) if _holds_secret(like) else value


def _holds_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_secret(item) for item in value)
    return isinstance(value, Secret)


def shown(value: Any) -> Any:
    """A value as a state file or a log shows it."""
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, Mapping):
        return {key: shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list) else value


def holds_unknown(value: Any) -> bool:
    if isinstance(value, Secret):
        return holds_unknown(value.value)
    if isinstance(value, Mapping):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return isinstance(value, Unknown)


def changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The engine's own comparison of inputs: order matters, and so does whether a value is secret."""
    keys = sorted(old.keys() | new.keys())
    return tuple(key for key in keys if holds_unknown(new.get(key)) or old.get(key) != new.get(key))


@dataclass
class FakeEngine:
    """One stack. Each command runs in a provider process of its own.

    Attributes:
        account: where the providers' requests go.
        stored: the resources in the state, by name, in the order of their creation.
        pending: what was replaced and could not be deleted yet.
        settings: the configuration, where it differs from the account's.
    """

    account: Account
    stored: dict[str, Stored] = field(default_factory=dict)
    pending: list[tuple[str, Stored]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    def preview(self, program: Sequence[Declared], *, replacing: Iterable[str] = ()) -> list[Step]:
        """What `up` would do."""
        return self._run(program, set(replacing), preview=True)

    def up(self, program: Sequence[Declared], *, replacing: Iterable[str] = ()) -> list[Step]:
        return self._run(program, set(replacing), preview=False)

    def settled(self, program: Sequence[Declared]) -> None:
        """Assert that a preview shows no change."""
        changes = [step for step in self.preview(program) if step.op != "same"]
        assert not changes, changes

    def refresh(self) -> list[Step]:
        """Look at everything; a step is what an `up` of an unchanged program would do afterwards."""
        process = self._process()
        steps = []
        for name, old in list(self.stored.items()):
            provider = process[old.provider]
            with _blaming(name):
                result = provider.read(old.object_id, given(old.outputs))
            if result.id is None:
                del self.stored[name]
                steps.append(Step(name, "delete"))
                continue
            outs = result.outs or {}
            outs[PROVIDER_KEY] = BLOB
            inputs = old.inputs
            if result.inputs is not None:
                inputs = with_secrets(given({**result.inputs, PROVIDER_KEY: BLOB}), old.inputs)
            outputs = with_secrets(given(outs), old.outputs)
            new = replace(old, object_id=result.id, inputs=inputs, outputs=outputs)
            self.stored[name] = new
            steps.append(_difference(provider, name, new, old.inputs))
        return steps

    def destroy(self) -> list[Step]:
        return self._run([], set(), preview=False)

    def exported(self) -> str:
        """The state as a file shows it to everybody: without what is secret."""
        everything = [*self.stored.items(), *self.pending]
        return json.dumps(
            [[name, each.object_id, shown(each.inputs), shown(each.outputs)] for name, each in everything]
        )

    def outputs(self, name: str) -> Bag:
        """The outputs of a resource in plain text, as a provider gets them."""
        plain: Bag = given(self.stored[name].outputs)
        return plain

    # --- the parts of a command --------------------------------------------------------------------------------------

    def _process(self) -> _Process:
        return _Process(self.account, self.settings)

    def _run(self, program: Sequence[Declared], replacing: set[str], *, preview: bool) -> list[Step]:
        process = self._process()
        known: dict[str, tuple[Any, Mapping[str, Any]]] = {}
        doomed = list(self.pending)
        steps = []
        for declared in program:
            props: Bag = {**_resolved(declared.props, known, preview=preview), PROVIDER_KEY: BLOB}
            step, inputs = self._planned(process, declared, props, forced=declared.name in replacing)
            old = self.stored.get(declared.name)
            steps.append(step)
            if preview:
                stays = old is not None and step.op in ("same", "update")
                known[declared.name] = (
                    old.object_id if old and stays else unknown(),
                    old.outputs if old and step.op == "same" else {},
                )
                continue
            assert not holds_unknown(inputs), f"{declared.name} would be written with unknown values"
            new = self._carried_out(process, declared, step.op, inputs)
            if old is not None and step.op == "replace":
                doomed.append((declared.name, old))
                self.pending = list(doomed)
            self.stored[declared.name] = new
            known[declared.name] = (new.object_id, {**given(props), **new.outputs})
        names = {declared.name for declared in program}
        removed = [(name, each) for name, each in self.stored.items() if name not in names]
        steps += [Step(name, "delete") for name, _ in removed]
        if not preview:
            self._delete(process, doomed, removed)
        return steps

    def _planned(self, process: _Process, declared: Declared, props: Bag, *, forced: bool) -> tuple[Step, Bag]:
        name, old = declared.name, self.stored.get(declared.name)
        provider = process[declared.provider]
        inputs = _checked(provider, name, {} if old is None or forced else old.inputs, props)
        if old is None:
            return Step(name, "create"), inputs
        if forced:
            return Step(name, "replace"), inputs
        step = _difference(provider, name, old, inputs)
        if step.op == "replace":
            inputs = _checked(provider, name, {}, props)
        return step, inputs

    def _carried_out(self, process: _Process, declared: Declared, op: str, inputs: Bag) -> Stored:
        provider = process[declared.provider]
        old = self.stored.get(declared.name)
        with _blaming(declared.name):
            if op in ("create", "replace"):
                created = provider.create(given(inputs))
                assert isinstance(created.id, str)
                object_id, outs = created.id, created.outs or {}
            else:
                assert old is not None
                object_id, outs = old.object_id, old.outputs
                if op == "update":
                    outs = provider.update(object_id, given(old.outputs), given(inputs)).outs or {}
        if op == "same":
            return Stored(declared.provider, object_id, inputs, outs)
        outs[PROVIDER_KEY] = BLOB
        return Stored(declared.provider, object_id, inputs, with_secrets(given(outs), inputs))

    def _delete(
        self, process: _Process, doomed: Sequence[tuple[str, Stored]], removed: Sequence[tuple[str, Stored]]
    ) -> None:
        for name, each in reversed([*removed, *doomed]):
            with _blaming(name):
                process[each.provider].delete(each.object_id, given(each.outputs))
            if self.stored.get(name) is each:
                del self.stored[name]
            self.pending = [(other, kept) for other, kept in self.pending if kept is not each]


class _Process(dict[type["Provider"], "Provider"]):
    """The providers of one command, which share a session."""

    def __init__(self, account: Account, settings: Mapping[str, Any]) -> None:
        super().__init__()
        self._account = account
        self._session = account.session(**settings)

    def __missing__(self, kind: type[Provider]) -> Provider:
        provider = kind()
        provider._core = kind.core(self._session, self._account.warn)
        self[kind] = provider
        return provider


def _checked(provider: Provider, name: str, olds: Mapping[str, Any], props: Bag) -> Bag:
    result = provider.check(given(olds), given(props))
    # The engine prints the value of the property that a failure names, secrets inside of it included.
    assert {failure.property for failure in result.failures} <= {""}
    if result.failures:
        raise Failed(name, "\n".join(failure.reason for failure in result.failures))
    result.inputs[PROVIDER_KEY] = BLOB
    return with_secrets(given(result.inputs), props)


def _difference(provider: Provider, name: str, old: Stored, inputs: Bag) -> Step:
    result = provider.diff(old.object_id, given(old.outputs), given(inputs))
    keys = changed_keys(old.inputs, inputs)
    changes = bool(keys) if result.changes is None else result.changes
    if not changes:
        return Step(name, "same")
    return Step(name, "replace" if result.replaces else "update", keys)


def _resolved(value: Any, known: Mapping[str, tuple[Any, Mapping[str, Any]]], *, preview: bool) -> Any:
    if isinstance(value, Ref):
        object_id, outputs = known[value.name]
        return object_id if value.output == "id" else outputs.get(value.output, unknown() if preview else None)
    if isinstance(value, IsPreview):
        return preview
    if isinstance(value, Secret):
        inner = _resolved(value.value, known, preview=preview)
        return inner if isinstance(inner, Secret) else Secret(inner)
    if isinstance(value, Mapping):
        resolved = {key: _resolved(item, known, preview=preview) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not None}
    return [_resolved(item, known, preview=preview) for item in value] if isinstance(value, list) else value


class _blaming:  # noqa: N801 - reads as a statement: with _blaming("portal")
    """Turns a provider's error for people into a failed command."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None and kind.__name__ == "RevCentError":
            assert kind.__module__ == "builtins", "else the engine prints a dotted name"
            raise Failed(self._name, str(error)) from error


def ops(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """What happens to which resource, without those that stay the same."""
    return ((step.name, step.op) for step in steps if step.op != "same")
