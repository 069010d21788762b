"""The life of an object that RevCent keeps (tracking domain, SMTP profile, portal): create, read, update, retire.

It is written against plain dictionaries and a session that is passed in; what differs per type stands in the
subclasses. Who may touch an object is decided in `ownership`, what counts as a change in `drift`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pulumi_revcent_portal.api.errors import NotFound, RevCentError
from pulumi_revcent_portal.models.base import InvalidInputs, long_paths, secret_paths, validate
from pulumi_revcent_portal.providers import drift
from pulumi_revcent_portal.providers.claims import mark_of, require_free, require_same_immutables, taken_by_another
from pulumi_revcent_portal.providers.gone import require_gone
from pulumi_revcent_portal.providers.live import Live
from pulumi_revcent_portal.providers.ownership import MISSING_MARK, Owner, new_nonce, split_mark, with_mark
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_revcent_portal.models.base import Model
    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session

STEERING: Final = ("adopt", "adopt_id", "wait")
"""Inputs that say how to act, not what is wanted: they never make a difference by themselves."""


def without_idle_steering(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs without the steering ones that say nothing, so that plans and states do not show them."""
    return {key: value for key, value in inputs.items() if value or key not in STEERING}


class EntityCore:
    """Reconciles one type of object; a subclass names the type and adds what is particular to it."""

    entity: ClassVar[str]
    noun: ClassVar[str]
    """What people call it: `customer portal`."""
    inputs_model: ClassVar[type[Model]]
    settings: ClassVar[tuple[str, ...]]
    """The inputs that are RevCent's; the others stay here."""
    immutable: ClassVar[tuple[str, ...]] = ()
    """The settings that RevCent cannot change: a new value replaces the object."""
    computed: ClassVar[tuple[str, ...]] = ()
    """What RevCent adds by itself."""

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

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

    def plan_warnings(self, olds: Props, news: Props, *, preview: bool) -> Iterable[str]:  # noqa: ARG002 - for subclasses
        """Yield what a user should know about valid inputs; read requests only in the preview of something new."""
        return ()

    def before_write(self, changed: dict[str, Any]) -> None:
        """Raise ProviderProblem when RevCent would refuse these settings."""

    def after_write(self, object_id: str, sent: dict[str, Any]) -> None:
        """Keep caches true."""

    def derived(self, outputs: Props) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """Return what follows from the other outputs."""
        return {}

    def retire(self, object_id: str, description: str, outputs: Props, urn: str) -> None:
        """Do what comes nearest to deleting; `description` already says so."""
        raise NotImplementedError

    # --- plan -------------------------------------------------------------------------------------------------------

    def check(self, olds: Props, news: Props) -> Checked:
        """Validate, fill in defaults, warn; the hidden inputs pass through."""
        declared = {key: value for key, value in news.items() if key not in ("owner", "dry")}
        try:
            inputs = without_idle_steering(validate(self.inputs_model, declared).dump())
        except InvalidInputs as error:
            return Checked(dict(declared), [f"{problem.field}: {problem.message}" for problem in error.problems])
        inputs |= {key: news[key] for key in ("owner",) if key in news}
        problems = list(self.plan_problems(olds, inputs))
        if not problems:
            preview = bool(news.get("dry")) and not self.session.settings.offline
            problems = list(self.name_problems(inputs)) if preview and not olds else []
            for warning in self.plan_warnings(olds, inputs, preview=preview):
                self.warn(Owner.of(inputs).urn, warning)
        return Checked(inputs, problems)

    def name_problems(self, inputs: Props) -> Iterable[str]:
        """Yield why creating would be refused because of an object that exists; the preview's early word only."""
        if inputs.get("adopt") or inputs.get("adopt_id") or not isinstance(inputs.get("name"), str):
            return
        try:
            if not self.session.client.may_list(self.entity):
                return
            found = self.session.client.find(self.entity, inputs["name"])
            if found is None:
                return
            require_free(self.noun, self.session.client.get(self.entity, found["id"]), inputs, self.immutable)
        except ProviderProblem as problem:
            yield str(problem)
        except RevCentError:
            return  # a preview works offline and with a key that may look at nothing; create has the last word

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
        """Whether the inputs that are neither RevCent's nor steering are the same: `sender` and its like."""
        beside = (olds.keys() | news.keys()) - {*self.settings, *STEERING, *self.computed, "owner", Live.KEY}
        return all(drift.same(olds.get(key), news.get(key)) for key in beside if key in self.inputs_model.model_fields)

    def _settings(self, props: Props) -> dict[str, Any]:
        return {key: props[key] for key in self.settings if key in props}

    # --- create -----------------------------------------------------------------------------------------------------

    def create(self, props: Props) -> State:
        """Make the object; if its name is taken, take it over where that is safe, and else refuse."""
        owner, nonce = Owner.of(props), new_nonce()
        self.before_write(self._settings(props))
        if adopt_id := props.get("adopt_id"):
            return self._adopt(str(adopt_id), props, owner, nonce)
        try:
            created = self.session.client.create(self.entity, self._wire(props, owner, nonce))
        except RevCentError as error:
            return self._after_failed_create(error, props, owner, nonce)
        return self._settle(created.id, props, owner, nonce, answer=created.fields)

    def _wire(self, props: Props, owner: Owner, nonce: str) -> dict[str, Any]:
        return self._settings(props) | {"description": with_mark(props.get("description", ""), owner.mark(nonce))}

    def _after_failed_create(self, error: RevCentError, props: Props, owner: Owner, nonce: str) -> State:
        """Look whether the object is there: this run made it, or an earlier one did, or somebody else has the name."""
        found = self._find_after(error, props["name"])
        if found is None:
            raise error
        existing = self.session.client.get(self.entity, found["id"])
        mark = mark_of(existing)
        if mark is not None and mark.nonce == nonce:
            return self._settle(existing["id"], props, owner, nonce, answer=existing, read=existing)
        require_free(self.noun, existing, props, self.immutable)
        return self._take_over(existing["id"], props, owner, nonce)

    def _find_after(self, error: RevCentError, name: str) -> dict[str, Any] | None:
        try:
            if self.session.client.may_list(self.entity):
                return self.session.client.find(self.entity, name, fresh=True)
        except RevCentError as second:
            if not error.ambiguous:
                raise error from None
            why = f"and looking for it failed too ({second})"
        else:
            if not error.ambiguous:
                raise error
            why = "and RevCent offers this key no look-up by name to find out"
        raise ProviderProblem(
            f"It is not known whether RevCent made the {self.noun} '{name}': {error} - {why}. Look in RevCent: if it is "
            f'there, set adopt_id="<the ID shown in RevCent>" and run `pulumi up` again; if not, just run it again.'
        )

    def _adopt(self, object_id: str, props: Props, owner: Owner, nonce: str) -> State:
        """Take over the object that the user names by its ID."""
        if self.session.client.contract.supports(self.entity, "get"):
            try:
                existing = self.session.client.get(self.entity, object_id)
            except NotFound as error:
                raise self._no_such_id(object_id, error) from None
            require_same_immutables(existing, props, self.immutable, f"The {self.noun} {object_id} exists in RevCent")
        return self._take_over(object_id, props, owner, nonce)

    def _no_such_id(self, object_id: str, error: RevCentError) -> ProviderProblem:
        return ProviderProblem(
            f"There is no {self.noun} with the ID {object_id} in this account. Correct or remove adopt_id. [{error}]"
        )

    def _take_over(self, object_id: str, props: Props, owner: Owner, nonce: str) -> State:
        """Write all settings and a new nonce to an object that exists."""
        try:
            self.session.client.edit(self.entity, object_id, self._editable(self._wire(props, owner, nonce)))
        except NotFound as error:
            raise self._no_such_id(object_id, error) from None
        return self._settle(object_id, props, owner, nonce, answer={})

    def _editable(self, wire: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in wire.items() if key not in self.immutable}

    def _settle(
        self,
        object_id: str,
        props: Props,
        owner: Owner,
        nonce: str,
        *,
        answer: Props,
        read: Props | None = None,
    ) -> State:
        """Read the object once after all its settings were written, and build the outputs.

        From here on nothing may fail: the object exists, and an error would lose its ID.
        """
        self.session.remember(object_id, nonce)
        self.after_write(object_id, self._settings(props))
        answered = read if read is not None else self._read_back(object_id, owner)
        live = Live(nonce).after_write(self._sent(props), self._answered(answered), long=self.long)
        return State(object_id, self._outputs(props, live, {**answer, **(answered or {})}))

    def _read_back(self, object_id: str, owner: Owner) -> dict[str, Any] | None:
        if not self.session.client.contract.supports(self.entity, "get"):
            return None
        try:
            return self.fetch(object_id, fresh=True)
        except RevCentError as error:
            self.warn(owner.urn, f"It was written, but reading it back failed: {error} The next refresh looks again.")
            return None

    def fetch(self, object_id: str, *, fresh: bool) -> dict[str, Any]:  # noqa: ARG002 - domains are shared reads
        """Return the object as RevCent answers it."""
        return self.session.client.get(self.entity, object_id)

    def _sent(self, props: Props) -> dict[str, Any]:
        flat = drift.flatten(self._settings(props))
        return {path: value for path, value in flat.items() if path not in self.secret}

    def _answered(self, answer: Props | None) -> dict[str, Any] | None:
        if answer is None:
            return None
        flat = drift.flatten(self._settings(answer))
        if isinstance(flat.get("description"), str):
            flat["description"] = split_mark(flat["description"])[0]
        return {path: value for path, value in flat.items() if path not in self.secret}

    def _outputs(self, props: Props, live: Live, answer: Props) -> dict[str, Any]:
        outputs = drift.without(props, self.long)
        outputs.update({key: answer[key] for key in self.computed if answer.get(key) is not None})
        outputs[Live.KEY] = live.dump()
        return outputs | self.derived(outputs)

    # --- read -------------------------------------------------------------------------------------------------------

    def read(self, object_id: str, olds: Props) -> State:
        """Look for drift: what changed since the last write, the ownership mark included."""
        if not self.session.client.contract.supports(self.entity, "get"):
            return State(object_id, dict(olds))
        try:
            answer = self.fetch(object_id, fresh=False)
        except NotFound as error:
            require_gone(self.session, self.entity, self.noun, object_id, olds, error)
            return State(None)
        self.session.saw_own()
        return self._compare(object_id, olds, answer)

    def _compare(self, object_id: str, olds: Props, answer: Props) -> State:
        live = Live.of(olds)
        answered = self._answered(answer) or {}
        if isinstance(answer.get("description"), str):
            answered["description"] = self._shown_description(answer["description"], olds, live)
        sent = {path: value for path, value in drift.flatten(self._settings(olds)).items() if path not in self.secret}
        seen = live.compare(sent, answered, long=self.long)
        outputs = drift.without(olds, ())
        outputs.update({key: answer[key] for key in self.computed if answer.get(key) is not None})
        for path, value in seen.drifted.items():
            if path not in self.long:
                drift.set_path(outputs, path, value)
        outputs[Live.KEY] = seen.live.dump()
        outputs |= self.derived(outputs)
        if not seen.drifted or seen.live.texts_lost:
            return State(object_id, outputs)
        inputs = {key: outputs[key] for key in (*self.inputs_model.model_fields, "owner") if key in outputs}
        for path, text in seen.texts.items():
            drift.set_path(inputs, path, text)
        return State(object_id, outputs, inputs)

    def _shown_description(self, description: str, olds: Props, live: Live) -> str:
        """Return the description as refresh shows it: without our mark, with another's, or saying that it is missing."""
        text, mark = split_mark(description)
        owner = Owner.of(olds)
        if owner.identity is None or (mark is not None and mark == owner.mark(live.nonce)):
            return text
        return description if mark is not None else f"{text} {MISSING_MARK}".lstrip()

    # --- update -----------------------------------------------------------------------------------------------------

    def update(self, object_id: str, olds: Props, news: Props) -> State:
        """Write what changed, after looking whose object it is by now."""
        live, owner = Live.of(olds), Owner.of(news)
        changed = {path.split(".")[0] for path in self._changed_paths(olds, live, news)}
        nonce, take_over = live.nonce, False
        if self.session.client.contract.supports(self.entity, "get"):
            existing = self._existing_for_update(object_id, olds)
            take_over = taken_by_another(self.noun, existing, olds, news, nonce)
            if mark_of(existing) != owner.mark(nonce):
                changed.add("description")
        elif Owner.of(olds) != owner:
            changed.add("description")
        if take_over:
            nonce = new_nonce()
            changed = set(self.settings)
        wire = self._editable(self._wire(news, owner, nonce))
        sent = {key: wire.get(key, "") for key in sorted(changed) if key not in self.immutable}
        if sent:
            self.before_write({key: news[key] for key in sent if key in news})
            self._edit(object_id, olds, sent)
            self.session.remember(object_id, nonce)
            self.after_write(object_id, {key: news.get(key) for key in sent})
        answered = self._read_back(object_id, owner) if sent else None
        paths = {key: "" for key in sent if key not in news} | {
            path: value
            for path, value in self._sent(news).items()
            if path.split(".")[0] in sent or (live.unread and answered is not None)
        }
        kept = live.with_nonce(nonce)
        if sent:
            kept = kept.after_write(paths, self._answered(answered), long=self.long)
        computed = {key: olds[key] for key in self.computed if key in olds}
        return State(object_id, self._outputs(news, kept, computed | (answered or {})))

    def _existing_for_update(self, object_id: str, olds: Props) -> dict[str, Any]:
        try:
            existing = self.fetch(object_id, fresh=True)
        except NotFound as error:
            require_gone(self.session, self.entity, self.noun, object_id, olds, error)
            raise ProviderProblem(
                f"The {self.noun} {object_id} is no longer in RevCent. Run `pulumi refresh`, then `pulumi up` makes it anew."
            ) from None
        self.session.saw_own()
        return existing

    def _edit(self, object_id: str, olds: Props, sent: dict[str, Any]) -> None:
        try:
            self.session.client.edit(self.entity, object_id, sent)
        except NotFound as error:
            require_gone(self.session, self.entity, self.noun, object_id, olds, error)
            raise

    # --- delete -----------------------------------------------------------------------------------------------------

    def delete(self, object_id: str, olds: Props) -> None:
        """Delete or retire the object, unless somebody else has it by now."""
        owner, live = Owner.of(olds), Live.of(olds)
        if self.session.replaced_here(object_id, live.nonce):
            self.warn(owner.urn, f"The {self.noun} {object_id} was left as it is: its replacement took it over.")
            return
        text, mark = olds.get("description", ""), None
        contract = self.session.client.contract
        if contract.supports(self.entity, "get"):
            try:
                existing = self.fetch(object_id, fresh=True)
            except NotFound as error:
                require_gone(self.session, self.entity, self.noun, object_id, olds, error)
                return
            self.session.saw_own()
            text, mark = split_mark(existing.get("description") or "")
            if mark is not None and mark.nonce != live.nonce:
                self.warn(
                    owner.urn, f"The {self.noun} {object_id} was left as it is: it belongs to {mark.label} by now."
                )
                return
        if contract.supports(self.entity, "delete"):
            self.session.client.delete(self.entity, object_id)
            return
        self.retire(object_id, with_mark(text, owner.mark(live.nonce, retired=True)), olds, owner.urn)
