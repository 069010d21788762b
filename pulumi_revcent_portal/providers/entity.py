"""The life of an object that RevCent keeps (tracking domain, SMTP profile, portal): create, read, update, retire.

It is written against plain dictionaries and a session that is passed in; what differs per type stands in the
subclasses. Who may touch an object is decided in `claims`, what counts as a change in `drift` and `live`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_revcent_portal.api.errors import NotFound, Refused, RevCentError
from pulumi_revcent_portal.providers import drift, naming
from pulumi_revcent_portal.providers.claims import (
    alias_cure,
    mark_of,
    require_free,
    require_same_immutables,
    taken_by_another,
)
from pulumi_revcent_portal.providers.gone import require_gone
from pulumi_revcent_portal.providers.live import Live
from pulumi_revcent_portal.providers.ownership import MISSING_MARK, OWNER_KEY, Owner, new_nonce, split_mark, with_mark
from pulumi_revcent_portal.providers.planning import PlanningCore, require_complete
from pulumi_revcent_portal.providers.results import ProviderProblem, State

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.results import Props


class EntityCore(PlanningCore):
    """Reconciles one type of object; a subclass names the type and adds what is particular to it."""

    # --- what a subclass may add ------------------------------------------------------------------------------------

    def before_write(self, changed: dict[str, Any]) -> None:
        """Raise ProviderProblem when RevCent would refuse these settings."""

    def after_write(self, object_id: str, sent: dict[str, Any]) -> None:
        """Keep caches true."""

    def derived(self, outputs: Props) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """Return what follows from the other outputs."""
        return {}

    users: ClassVar[str] = ""
    """What in the account uses such an object, in words; it is not retired while something does."""

    def used_by(self, object_id: str) -> list[str]:  # noqa: ARG002 - for subclasses
        """Return the names of what uses the object; RevCentError where that cannot be known."""
        return []

    def retire(self, object_id: str, description: str, outputs: Props, urn: str) -> None:
        """Do what comes nearest to deleting; `description` already says so."""
        raise NotImplementedError

    # --- create -----------------------------------------------------------------------------------------------------

    def create(self, props: Props) -> State:
        """Make the object; if its name is taken, take it over where that is safe, and else refuse."""
        require_complete(self.inputs_model, naming.with_ids(props, self.named))
        props = naming.require_ids(props, self.named, self.session.current_list)
        nonce = new_nonce()
        self.before_write(self._settings(props))
        if adopt_id := props.get("adopt_id"):
            return self._adopt(str(adopt_id), props, nonce)
        try:
            created = self.session.client.create(self.entity, self._wire(props, nonce))
        except RevCentError as error:
            return self._after_failed_create(error, props, nonce)
        return self._settle(created.id, props, nonce, answer=created.fields)

    def _wire(self, props: Props, nonce: str) -> dict[str, Any]:
        return self._settings(props) | {
            "description": with_mark(props.get("description", ""), Owner.of(props).mark(nonce))
        }

    def _after_failed_create(self, error: RevCentError, props: Props, nonce: str) -> State:
        """Look whether the object is there: this run made it, or an earlier one did, or somebody else has the name."""
        found = self._find_after(error, props)
        if found is None:
            raise error
        existing = self.session.client.get(self.entity, found["id"])
        mark = mark_of(existing)
        if mark is not None and mark.nonce == nonce:
            return self._settle(existing["id"], props, nonce, answer=existing, read=existing)
        require_free(self.noun, existing, props, self.immutable)
        return self._take_over(existing["id"], props, nonce, existing)

    def _find_after(self, error: RevCentError, props: Props) -> dict[str, Any] | None:
        name = props["name"]
        try:
            if self.session.client.may_list(self.entity):
                return self.session.client.find(self.entity, name, fresh=True)
        except RevCentError as second:
            if not error.ambiguous:
                raise self._perhaps_taken(error, props) from None
            why = f"and looking for it failed too ({second})"
        else:
            if not error.ambiguous:
                raise self._perhaps_taken(error, props)
            why = "and RevCent offers this key no look-up by name to find out"
        raise ProviderProblem(
            f"It is not known whether RevCent made the {self.noun} '{name}': {error} - {why}. Look in RevCent: if "
            'it is there, set adopt_id="<the ID shown in RevCent>" and run `pulumi up` again; if not, just run that.'
        )

    def _perhaps_taken(self, error: RevCentError, props: Props) -> Exception:
        """Name the cures of a name that is taken: RevCent's words for that are not known, and looking is impossible."""
        if not isinstance(error, Refused):
            return error
        return ProviderProblem(
            f"{error} If the account has one named '{props['name']}' already: was the resource renamed, "
            f"{alias_cure(Owner.of(props))}; was it "
            'made by hand or by an interrupted run, set adopt_id="<the ID shown in RevCent>"; else choose another name.'
        )

    def _adopt(self, object_id: str, props: Props, nonce: str) -> State:
        """Take over the object that the user names by its ID."""
        existing: dict[str, Any] = {}
        if self.session.client.contract.supports(self.entity, "get"):
            try:
                existing = self.session.client.get(self.entity, object_id)
            except NotFound as error:
                raise self._no_such_id(object_id, error) from None
            require_same_immutables(existing, props, self.immutable, f"The {self.noun} {object_id} exists in RevCent")
        return self._take_over(object_id, props, nonce, existing)

    def _no_such_id(self, object_id: str, error: RevCentError) -> ProviderProblem:
        return ProviderProblem(
            f"There is no {self.noun} with the ID {object_id} in this account. Correct or remove adopt_id. [{error}]"
        )

    def _take_over(self, object_id: str, props: Props, nonce: str, existing: Props) -> State:
        """Write all settings and a new nonce to an object that exists; what it has and we do not declare is cleared."""
        try:
            self.session.client.edit(self.entity, object_id, self._everything(props, nonce, existing))
        except NotFound as error:
            raise self._no_such_id(object_id, error) from None
        return self._settle(object_id, props, nonce, answer={})

    def _everything(self, props: Props, nonce: str, existing: Props) -> dict[str, Any]:
        wire = {key: "" for key in self.settings if existing.get(key)} | self._wire(props, nonce)
        return {key: value for key, value in wire.items() if key not in self.immutable}

    def _settle(
        self,
        object_id: str,
        props: Props,
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
        answered = read if read is not None else self._read_back(object_id, props)
        live = Live(nonce, unmarked=self._lost_mark(answered, props))
        live = live.after_write(self._sent(props), self._answered(answered), long=self.long)
        return State(object_id, self._outputs(props, live, {**answer, **(answered or {})}))

    def _lost_mark(self, answered: Props | None, props: Props) -> bool:
        """Whether RevCent answered the description without the mark that was just written: then it keeps none."""
        if answered is None or "description" not in answered or Owner.of(props).identity is None:
            return False
        return mark_of(answered) is None

    def _read_back(self, object_id: str, props: Props) -> dict[str, Any] | None:
        if not self.session.client.contract.supports(self.entity, "get"):
            return None
        try:
            return self.fetch(object_id, fresh=True)
        except RevCentError as error:
            self.warn(
                Owner.of(props).urn,
                f"It was written, but reading it back failed: {error} The next refresh looks again.",
            )
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
        # Blank where RevCent answers none: an output that is left out is unknown in every later preview.
        outputs.update({key: "" if answer.get(key) is None else answer[key] for key in self.computed})
        outputs[Live.KEY] = replace(live, names=self._names(props)).dump()
        return outputs | self.derived(outputs)

    def _names(self, props: Props) -> dict[str, str]:
        return naming.names_of(props, self.named, self.session.names)

    # --- read -------------------------------------------------------------------------------------------------------

    def read(self, object_id: str, olds: Props) -> State:
        """Look for drift: what changed since the last write, the ownership mark included."""
        if not self.session.client.contract.supports(self.entity, "get"):
            kept = f"RevCent's API does not show {self.noun}s: the last known settings of {object_id} were kept."
            self.warn(Owner.of(olds).urn, kept)
            return State(object_id, dict(olds))
        try:
            answer = self.fetch(object_id, fresh=False)
        except NotFound as error:
            require_gone(self.session, self.entity, object_id, olds, error)
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
        outputs = naming.with_current_names(outputs, self.named, self.session.names)
        outputs[Live.KEY] = replace(seen.live, names=seen.live.names | self._names(outputs)).dump()
        outputs |= self.derived(outputs)
        renamed = naming.names_differ(olds, outputs, self.named)
        if not (seen.drifted or renamed) or seen.live.texts_lost or seen.texts_lost:
            return State(object_id, outputs)
        shown = {key: outputs[key] for key in (*self.inputs_model.model_fields, OWNER_KEY) if key in outputs}
        inputs = drift.without(shown, ())  # a copy: the texts belong into the inputs only
        for path, text in seen.texts.items():
            drift.set_path(inputs, path, text)
        return State(object_id, outputs, inputs)

    def _shown_description(self, description: str, olds: Props, live: Live) -> str:
        """Return the description as refresh shows it: without our mark, with another's, or saying none is there."""
        text, mark = split_mark(description)
        if mark is None:
            is_expected = Owner.of(olds).identity is not None and not live.unmarked
            return f"{text} {MISSING_MARK}".lstrip() if is_expected else text
        is_ours = mark.nonce == live.nonce and not mark.retired and mark.names(Owner.of(olds))
        return text if is_ours else description

    # --- update -----------------------------------------------------------------------------------------------------

    def update(self, object_id: str, olds: Props, news: Props) -> State:
        """Write what changed, after looking whose object it is by now."""
        require_complete(self.inputs_model, naming.with_ids(news, self.named))
        news = naming.require_ids(news, self.named, self.session.current_list)
        live, old_owner, owner = Live.of(olds), Owner.of(olds), Owner.of(news)
        changed = {path.split(".")[0] for path in self._changed_paths(olds, live, news)}
        existing = None
        if self.session.client.contract.supports(self.entity, "get"):
            existing = self._existing_for_update(object_id, olds)
        known = mark_of(existing or {}) or old_owner.mark(live.nonce)
        # A state that was copied into another stack holds the same words: a new one keeps the copy's source out.
        nonce = live.nonce if known is None or known.is_of(owner) else new_nonce()
        if old_owner != owner or (existing is not None and mark_of(existing) != owner.mark(nonce)):
            changed.add("description")
        if existing is not None and taken_by_another(self.noun, existing, olds, news, live.nonce):
            nonce = new_nonce()
            sent = self._everything(news, nonce, existing)
        else:
            wire = self._wire(news, nonce)
            sent = {key: wire.get(key, "") for key in sorted(changed) if key not in self.immutable}
        if sent:
            self.before_write({key: news[key] for key in sent if key in news})
            self._edit(object_id, olds, sent)
            self.session.remember(object_id, nonce)
            self.after_write(object_id, {key: news.get(key) for key in sent})
        answered = self._read_back(object_id, news) if sent else None
        paths = {key: "" for key in sent if key not in news} | {
            path: value
            for path, value in self._sent(news).items()
            if path.split(".")[0] in sent or (live.unread and answered is not None)
        }
        kept = replace(live, nonce=nonce, unmarked=live.unmarked or self._lost_mark(answered, news))
        if sent:
            kept = kept.after_write(paths, self._answered(answered), long=self.long)
        computed = {key: olds[key] for key in self.computed if key in olds}
        return State(object_id, self._outputs(news, kept, computed | (answered or {})))

    def _existing_for_update(self, object_id: str, olds: Props) -> dict[str, Any]:
        try:
            existing = self.fetch(object_id, fresh=True)
        except NotFound as error:
            raise self._vanished(
                object_id, olds, error, "Run `pulumi refresh`, then `pulumi up` makes it anew."
            ) from None
        self.session.saw_own()
        return existing

    def _vanished(self, object_id: str, olds: Props, error: NotFound, cure: str) -> ProviderProblem:
        require_gone(self.session, self.entity, object_id, olds, error)
        return ProviderProblem(f"The {self.noun} {object_id} is no longer in RevCent. {cure}")

    def _edit(self, object_id: str, olds: Props, sent: dict[str, Any]) -> None:
        try:
            self.session.client.edit(self.entity, object_id, sent)
        except NotFound as error:
            cure = f"Run `pulumi up --replace '{Owner.of(olds).urn}'` to make it anew."
            raise self._vanished(object_id, olds, error, cure) from None

    # --- delete -----------------------------------------------------------------------------------------------------

    def delete(self, object_id: str, olds: Props) -> None:
        """Delete or retire the object, unless somebody else has it by now."""
        owner, live = Owner.of(olds), Live.of(olds)
        if self.session.replaced_here(object_id, live.nonce):
            self.warn(owner.urn, f"The {self.noun} {object_id} was left as it is: its replacement took it over.")
            return
        self._require_unclaimed(object_id, olds)
        text, mark = olds.get("description", ""), None
        contract = self.session.client.contract
        if contract.supports(self.entity, "get"):
            try:
                existing = self.fetch(object_id, fresh=True)
            except NotFound as error:
                require_gone(self.session, self.entity, object_id, olds, error)
                return
            self.session.saw_own()
            text, mark = split_mark(existing.get("description") or "")
            if mark is not None and mark.nonce != live.nonce:
                self.warn(
                    owner.urn, f"The {self.noun} {object_id} was left as it is: it belongs to {mark.label} by now."
                )
                return
        if self._in_use(object_id, olds, owner.urn):
            return
        try:
            if contract.supports(self.entity, "delete"):
                self.session.client.delete(self.entity, object_id)
                self.after_write(object_id, {"enabled": False})
            else:
                self.retire(object_id, with_mark(text, owner.mark(live.nonce, retired=True)), olds, owner.urn)
        except NotFound as error:  # the first look at a type that cannot be read
            require_gone(self.session, self.entity, object_id, olds, error)

    def _in_use(self, object_id: str, olds: Props, urn: str) -> bool:
        """Whether something uses the object, or might, for all that is known; then warn and say what."""
        what = f"{self.noun[0].upper()}{self.noun[1:]} '{olds.get('name')}' ({object_id}) was left as it is"
        try:
            users = self.used_by(object_id)
        except RevCentError as error:
            self.warn(urn, f"{what}: this key cannot tell which {self.users} use it. {error}")
            return True
        if users:
            self.warn(urn, f"{what}: {self.users} use it: {', '.join(users)}.")
        return bool(users)

    def _require_unclaimed(self, object_id: str, olds: Props) -> None:
        """Refuse to retire what another resource of this run wants and did not get.

        A resource that was renamed without an alias fails to be created, but with `--continue-on-error` the engine
        goes on to delete what had the old name in the program: the object that is in service.
        """
        name = str(olds.get("name"))
        claimant = self.session.declared_by(self.entity, name)
        if claimant is not None and claimant != Owner.of(olds).urn:
            raise ProviderProblem(
                f"The {self.noun} {object_id} was left as it is: {Owner(claimant, None).label} declares the name "
                f"'{name}' too, and could not be created in this run. If the resource was renamed, "
                f"{alias_cure(Owner(claimant, None))}."
            )
