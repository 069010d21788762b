"""The plan of an object that RevCent keeps: what is declared, is it valid, does it differ? It writes nothing.

The only requests are reads, and only in the preview of something new: an unchanged stack is planned offline.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pulumi_revcent_portal.models.base import InvalidInputs, long_paths, secret_paths, validate
from pulumi_revcent_portal.providers import drift, naming
from pulumi_revcent_portal.providers.claims import require_free
from pulumi_revcent_portal.providers.live import Live
from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY, PASSING, RULES_KEY, Owner
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, noun_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_revcent_portal.api.client import Client
    from pulumi_revcent_portal.models.base import Model, Problem
    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session
    from pulumi_revcent_portal.rules import Finding, Settings

STEERING: Final = ("adopt", "adopt_id", "wait", "overwrite", "verify", "verify_url", "rules")
"""Inputs that say how to act, not what is wanted: they never make a difference by themselves."""


def without_idle_steering(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs without the steering ones that say nothing, so that neither plans nor states show them."""
    return {key: value for key, value in inputs.items() if value or key not in STEERING}


def is_preview(news: Props) -> bool:
    """Whether the program that declares these inputs runs for a preview; its hidden input says so."""
    return bool((news.get(OWNER_KEY) or {}).get(DRY_KEY))


def rules_of(news: Props) -> Settings:
    """Return what the program says shall become of the findings of rules."""
    return dict((news.get(OWNER_KEY) or {}).get(RULES_KEY) or {})


def checked(model: type[Model], news: Props) -> Checked:
    """Validate inputs and fill in their defaults; the owner is kept, whether this is a preview is not.

    Under `--continue-on-error` the outputs of a resource that failed are missing here, and the engine skips what
    depends on it, but only after this. A problem would end the whole run, so what is missing is no problem in an `up`.
    """
    declared = {key: value for key, value in news.items() if key != OWNER_KEY}
    owner = news.get(OWNER_KEY)
    hidden = {OWNER_KEY: {key: value for key, value in owner.items() if key not in PASSING}} if owner else {}
    try:
        inputs = validate(model, declared).dump()
    except InvalidInputs as error:
        problems = [each for each in error.problems if is_preview(news) or not _is_missing(each, declared)]
        told = [f"{problem.field}: {problem.message}" for problem in problems]
        return Checked(declared | hidden, told, complete=False)
    return Checked(without_idle_steering(inputs) | hidden)


def _is_missing(problem: Problem, declared: Props) -> bool:
    return "[" not in problem.field and drift.get_path(declared, problem.field) is None


def require_complete(model: type[Model], props: Props) -> None:
    """Raise ProviderProblem before anything is written with an input missing, see `checked`.

    Args:
        model: the model of the inputs.
        props: the inputs, with IDs where pairs stood.
    """
    if problems := checked(model, {**props, OWNER_KEY: {DRY_KEY: True}}).problems:
        raise ProviderProblem(f"{' '.join(problems)} Did the resource that it comes from fail? Nothing was written.")


class PlanningCore:
    """Plans one type of object; a subclass names the type and adds what is particular to it."""

    entity: ClassVar[str]
    inputs_model: ClassVar[type[Model]]
    settings: ClassVar[tuple[str, ...]]
    """The inputs that are RevCent's; the others stay here."""
    immutable: ClassVar[tuple[str, ...]] = ()
    """The settings that RevCent cannot change: a new value replaces the object."""
    computed: ClassVar[tuple[str, ...]] = ()
    """What RevCent adds by itself."""
    named: ClassVar[Mapping[str, str]] = {}
    """Where something that exists in RevCent is declared by its name or its ID: dotted path to type."""

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

    @property
    def noun(self) -> str:
        """What people call it."""
        return noun_of(self.entity)

    @cached_property
    def long(self) -> frozenset[str]:
        """The paths that outputs leave out, because the engine rewrites all outputs after every step."""
        return frozenset(".".join(path) for path in long_paths(self.inputs_model))

    @cached_property
    def secret(self) -> frozenset[str]:
        """The paths that RevCent never returns."""
        return frozenset(".".join(path) for path in secret_paths(self.inputs_model))

    # --- what a subclass may add ------------------------------------------------------------------------------------

    def plan_problems(self, olds: Props, news: Props) -> Iterable[str]:  # noqa: ARG002 - for subclasses
        """Yield what is wrong with a change, knowing the old inputs; no requests."""
        return ()

    def plan_findings(
        self,
        olds: Props,  # noqa: ARG002
        news: Props,  # noqa: ARG002
        rules: Settings,  # noqa: ARG002
        *,
        preview: bool,  # noqa: ARG002
    ) -> Iterable[Finding]:
        """Yield what rules find in valid inputs; read requests only in the preview of something new."""
        return ()

    # --- plan -------------------------------------------------------------------------------------------------------

    def check(self, olds: Props, news: Props) -> Checked:
        """Validate, fill in defaults, warn; the hidden inputs pass through."""
        # ignore_changes puts what is stored, with its pairs, in the place of what the program says
        result = checked(self.inputs_model, naming.with_ids(news, self.named, once=False))
        if result.problems or not result.complete:
            return result
        inputs = result.inputs
        if problems := list(self.plan_problems(olds, inputs)):
            return Checked(inputs, problems)
        if (twin := self._twin(inputs)) and is_preview(news):  # in an `up` RevCent refuses the second, and only that
            return Checked(inputs, [twin])
        inputs, problems = self._with_pairs(olds, inputs, preview=is_preview(news))
        preview = is_preview(news) and not self.session.settings.offline
        for finding in self.plan_findings(olds, inputs, rules_of(news), preview=preview):
            if finding.severity == "error":
                problems.append(f"{finding.field}: {finding}")
            else:
                self.warn(Owner.of(inputs).urn, str(finding))
        return Checked(inputs, problems + (list(self.name_problems(inputs)) if preview and not olds else []))

    def _with_pairs(self, olds: Props, inputs: dict[str, Any], *, preview: bool) -> tuple[dict[str, Any], list[str]]:
        """Resolve names. What an `up` cannot resolve is left to create and update: a problem would end the run."""
        if not self.named:
            return inputs, []
        resolved = naming.resolve(inputs, olds, self.named, self.session.planned_list, planning=preview)
        if not preview:
            return resolved.inputs, []
        if not self.session.settings.offline:
            for sentence in resolved.unasked:
                self.warn(Owner.of(inputs).urn, f"{sentence} `pulumi up` looks again.")
        return resolved.inputs, resolved.problems

    def _twin(self, inputs: Props) -> str | None:
        """Note the name, and say when another resource of the program has it."""
        name, urn = inputs.get("name"), Owner.of(inputs).urn
        if not isinstance(name, str) or not urn:
            return None
        other = self.session.declare(self.entity, name, urn)
        if other is None:
            return None
        return (
            f"name: '{name}' is the name of {Owner(other, None).label} too, and RevCent's {self.noun}s have unique "
            "names. Give one of them another name."
        )

    def name_problems(self, inputs: Props) -> Iterable[str]:
        """Yield why creating would be refused because of an object that exists; the preview's early word only."""
        if inputs.get("adopt") or inputs.get("adopt_id") or not isinstance(inputs.get("name"), str):
            return
        try:
            existing = self.session.in_preview(lambda client: self._named(client, inputs["name"]))
            if existing is not None:
                require_free(self.noun, existing, inputs, self.immutable)
        except ProviderProblem as problem:
            yield str(problem)

    def _named(self, client: Client, name: str) -> dict[str, Any] | None:
        found = client.find(self.entity, name) if client.may_list(self.entity) else None
        return client.get(self.entity, found["id"]) if found else None

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:  # noqa: ARG002 - the engine's signature
        """Compare outputs with new inputs, long strings by their digests."""
        live = Live.of(olds)
        changed = self._changed_paths(olds, live, news)
        if not changed and Owner.of(olds) == Owner.of(news) and self._same_beside(olds, news):
            return Difference(changes=False)
        replaces = sorted(path for path in changed if path in self.immutable)
        return Difference(changes=True if live.texts_lost and changed else None, replaces=replaces)

    def _changed_paths(self, olds: Props, live: Live, news: Props) -> list[str]:
        old, new = drift.flatten(self._settings(olds)), drift.flatten(self._settings(news))
        changed = [
            path
            for path in old.keys() | new.keys()
            if path not in self.long and not drift.same(old.get(path), new.get(path))
        ]
        return changed + [path for path in self.long if live.text_differs(path, new.get(path, ""))]

    def _same_beside(self, olds: Props, news: Props) -> bool:
        """Whether the inputs that are neither RevCent's nor steering are the same: `sender`, names, and their like."""
        if naming.names_differ(olds, news, self.named):
            return False
        beside = (olds.keys() | news.keys()) - {*self.settings, *STEERING, *self.computed, OWNER_KEY, Live.KEY}
        return all(drift.same(olds.get(key), news.get(key)) for key in beside if key in self.inputs_model.model_fields)

    def _settings(self, props: Props) -> dict[str, Any]:
        """Return what RevCent keeps, as it takes it: with IDs and no names."""
        return naming.with_ids({key: props[key] for key in self.settings if key in props}, self.named)
