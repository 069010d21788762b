"""What every resource of a program has in common: validation at the user's line, hidden inputs, secrets, the owner.

It registers resources with the engine; what becomes of them is decided by the providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi
from pulumi.dynamic import Resource

from pulumi_revcent_portal.models.base import InvalidInputs, Model, Problem, long_paths, secret_paths, validate
from pulumi_revcent_portal.providers.moving import ACCOUNT_KEY
from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY, RULES_KEY
from pulumi_revcent_portal.providers.planning import without_idle_steering
from pulumi_revcent_portal.resources.account import account_of, named
from pulumi_revcent_portal.resources.component import declared_in, type_chain
from pulumi_revcent_portal.resources.program import (
    account_settings,
    let_registrations_begin,
    program_gate,
    program_rules,
    under_mocks,
)
from pulumi_revcent_portal.resources.stack_identity import stack_identity
from pulumi_revcent_portal.rules.settings import setting_problems

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Sequence

    from pulumi.dynamic import ResourceProvider

    from pulumi_revcent_portal.readiness.steps import Step
    from pulumi_revcent_portal.resources.account import Account

M = TypeVar("M", bound=Model)


def declare(model: type[M], resource: type[Resource], name: str, inputs: Mapping[str, Any]) -> M:
    """Validate what a resource was given, leaving Outputs to the provider's check.

    Args:
        model: the model of its inputs.
        resource: its class.
        name: its Pulumi name.
        inputs: what it was given; None is not given.

    Raises:
        InvalidInputs: something that is known already is wrong; all problems at once, with the line of the program.
    """
    given = {key: value for key, value in inputs.items() if value is not None}
    problems: list[Problem] = []
    try:
        declared = validate(model, given)
    except InvalidInputs as error:
        problems = list(error.problems)
    problems += _rule_problems(given.get("rules"), told={problem.field for problem in problems})
    if problems:
        raise InvalidInputs(problems, what=f'{resource.__name__} "{name}"')
    return declared


def _rule_problems(rules: Any, told: set[str]) -> Iterator[Problem]:
    """Yield which settings of rules name none; the model knows what a setting may be, and not which rules there are."""
    if isinstance(rules, Mapping):
        found = (problem.below("rules") for problem in setting_problems(rules))
        yield from (problem for problem in found if problem.field not in told)


@dataclass(frozen=True)
class Needs:
    """What a resource needs of its domain before it is registered.

    Attributes:
        step: what it does with the domain.
        domain: what the program passed for it: a resource, whose line in the CLI's tree shows the progress, or an ID.
        by_hand: whether a person may have to publish the domain's records, and be told them.
    """

    step: Step
    domain: Any
    by_hand: bool = True


class RevCentResource(Resource):
    """A resource of this package.

    Args:
        provider: the instance that the engine is to call.
        resource_name: the Pulumi name.
        inputs: the validated inputs.
        opts: Pulumi's options.
        computed: the outputs that are no inputs.
        hidden: the inputs that are no outputs.
        owned: whether the resource stands for something in RevCent, which is then known as this stack's.
        needs: what it waits for before it is registered.
        refers: by input, what the program passed for other objects of its account: resources, values, or lists of them.

    Raises:
        InvalidInputs: it refers to a resource of another account.
    """

    def __init__(
        self,
        provider: ResourceProvider,
        resource_name: str,
        inputs: Model,
        opts: pulumi.ResourceOptions | None,
        *,
        computed: Sequence[str] = (),
        hidden: Sequence[str] = (),
        owned: bool = True,
        needs: Needs | None = None,
        refers: Mapping[str, Any] | None = None,
    ) -> None:
        account = account_of(opts)
        self.accounts = frozenset([account] if owned else [])
        """The accounts that it belongs to: one, or none where RevCent does not know of it."""
        domain = {"tracking_domain": needs.domain} if needs else {}
        if problems := list(_elsewhere(account, {**domain, **(refers or {})})):
            raise InvalidInputs(problems, what=f'{type(self).__name__} "{resource_name}"')
        props = without_idle_steering(inputs.dump())
        props.pop("wait", None)  # it steers the program and means nothing elsewhere
        rules = props.pop("rules", {})
        for path in secret_paths(type(inputs)):
            _make_secret(props, path)
        owner = self._owner(resource_name, opts, account, marked=owned)
        if settings := {**program_rules(), **rules}:
            owner[RULES_KEY] = settings
        if needs is not None:
            wait = getattr(inputs, "wait", None)
            props["tracking_domain"], opts = _hold(needs, props["tracking_domain"], wait, owner["urn"], opts)
        with declared_in(opts.parent if opts else None):
            super().__init__(provider, resource_name, {**props, **dict.fromkeys(computed), OWNER_KEY: owner}, opts)
        if not under_mocks():
            let_registrations_begin()
        # An output that the provider does not return is unknown in the preview of an unchanged resource, and nobody
        # should build on one: what is not stored as an output is no attribute either.
        long = [path[0] for path in long_paths(type(inputs)) if len(path) == 1]
        for name in {OWNER_KEY, "__provider", *hidden, *long}:
            self.__dict__.pop(name, None)

    def _owner(
        self, resource_name: str, opts: pulumi.ResourceOptions | None, account: Account | None, *, marked: bool
    ) -> dict[str, Any]:
        kind = f"pulumi-python:{self._resource_type_name}"
        parent = opts.parent if opts else None
        # An Output for each URN would be a tenth of a program's work: only a stranger's component costs that.
        above = type_chain(parent)
        types = f"{above}${kind}" if above else kind
        urn = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{types}::{resource_name}"
        owner: dict[str, Any] = {"urn": _below(parent, resource_name, kind) if parent and not above else urn}
        owner[DRY_KEY] = pulumi.runtime.is_dry_run()
        if marked and account:
            owner[ACCOUNT_KEY] = account.pulumi_resource_name
        if marked and (identity := stack_identity(account)):
            owner["identity"] = identity.identity
        return owner


def _elsewhere(account: Account | None, refers: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield which inputs refer to a resource of another account."""
    for name, value in refers.items():
        several = isinstance(value, list | tuple)
        for index, each in enumerate(value if several else [value]):
            others = _accounts(each) if isinstance(each, pulumi.Resource) else set()
            if others and account not in others:
                whose, ours = " and ".join(sorted(map(named, others))), named(account)
                yield Problem(
                    f"{name}[{index}]" if several else name,
                    f'{type(each).__name__} "{each.pulumi_resource_name}" is in {whose}, and this resource in {ours}, '
                    f"which does not know it. Use one of {ours}, or give both the same "
                    "opts=pulumi.ResourceOptions(provider=...).",
                )


def _accounts(resource: pulumi.Resource) -> set[Account | None]:
    """Return the accounts that a resource, or what is in a component, belongs to."""
    if isinstance(resource, RevCentResource):
        return set(resource.accounts)
    return {account for child in resource._childResources for account in _accounts(child)}  # noqa: SLF001 - no other way


def _hold(
    needs: Needs, domain_id: Any, wait: Any, urn: Any, opts: pulumi.ResourceOptions | None
) -> tuple[Any, pulumi.ResourceOptions | None]:
    """Return the domain's ID as it is known after the wait, and the options with the hook that gives the verdict."""
    from pulumi_revcent_portal.readiness.gate import Held  # noqa: PLC0415 - stays out of `import`

    first = opts.depends_on if opts else None
    after = [each for each in (first if isinstance(first, list) else [first]) if isinstance(each, pulumi.Resource)]
    if pulumi.runtime.is_dry_run() or under_mocks():  # but with the dependencies of an update, or a saved plan fails
        return (pulumi.Output.all(domain_id, *(each.urn for each in after)).apply(_first) if after else domain_id), opts
    gate, domain = program_gate(), needs.domain
    held = Held(
        needs.step,
        domain_id,
        wait,
        urn,
        partial(account_settings, account_of(opts)),
        shown_on=_without_dependency(domain.urn) if isinstance(domain, pulumi.Resource) else "",
        after=after,
        by_hand=needs.by_hand and not after,
        records=getattr(domain, "a_records", ()) if isinstance(domain, pulumi.CustomResource) else (),
        status=getattr(domain, "status", "") if isinstance(domain, pulumi.Resource) else "",
    )
    return gate.hold(held), pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hooks=gate.hooks()))


def _first(values: list[Any]) -> Any:
    return values[0]


def _below(parent: pulumi.Resource, resource_name: str, kind: str) -> pulumi.Output[str]:
    """Return the URN of a resource with a parent, without depending on the parent.

    A dependency on a component is one on all of its children, the resource itself among them: a circle.
    """
    return _without_dependency(pulumi.create_urn(resource_name, kind, parent))


def _without_dependency(urn: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return a URN to which nothing is owed: knowing it means to wait for it, not to depend on what it names."""
    value: Awaitable[Any] = urn.future()
    return pulumi.Output.from_input(value)


def _make_secret(props: dict[str, Any], path: tuple[str, ...]) -> None:
    """Wrap the value at a path, whatever the user passed; an Output on the way is wrapped as a whole."""
    *parents, last = path
    for key in parents:
        inner = props.get(key)
        if not isinstance(inner, dict):
            last = key
            break
        props = inner
    if props.get(last) is not None:
        props[last] = pulumi.Output.secret(props[last])
