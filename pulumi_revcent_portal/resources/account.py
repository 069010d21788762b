"""`Account`: one of several RevCent accounts of a program, and which of them a resource belongs to.

What its options may be is decided in `api.settings`, as for those of a stack; nothing here talks to RevCent.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final

import pulumi

from pulumi_revcent_portal.api.settings import (
    ACCOUNT_NAME,
    EXPLICIT_ACCOUNT,
    Settings,
    option_name,
    wrong_options,
)
from pulumi_revcent_portal.models.base import InvalidInputs, Problem, is_plain
from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.wording import kind, unknown_key
from pulumi_revcent_portal.providers.moving import account_label

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = "pulumi-python"
"""The package of all dynamic resources of Python programs, ours and others'."""


class Account(pulumi.ProviderResource):
    """A RevCent account beside, or instead of, the stack's own: that of its configuration, or of the environment.

    `opts=pulumi.ResourceOptions(provider=account)` puts a resource into it, or a component with all that is in it.
    It takes only what it is given here, and nothing from the stack's configuration or from the environment; but for
    the name servers to ask, which depend on where the program runs and not on the account.

    Args:
        resource_name: the Pulumi name, by which messages call it.
        api_key: the API key of the account; always encrypted in the state.
        base_url: where the API lives: an https URL, or http on this machine.
        requests_per_minute: how many requests a minute it may take, a whole number. Each account counts for itself.
        timeout: seconds to wait for a connection, and for each part of an answer; up to 600.
        max_retries: how often a request is repeated at most, 0 to 10.
        contract: path of a file with RevCent's own spellings.
        offline: whether to make no request at all.
        ownership_mark: whether its objects carry a mark of their owner in their description. It cannot be an Output.
        resolvers: the name servers to ask about the DNS: a list of IP addresses, or a text with commas between them;
            "none" looks nothing up. The stack's by default.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an option is wrong; the message names the option and the cure.

    Source: RevCent's API keys, each of which belongs to one account; the other options are ours.
    """

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        api_key: pulumi.Input[str],
        base_url: pulumi.Input[str] | None = None,
        requests_per_minute: pulumi.Input[int] | None = None,
        timeout: pulumi.Input[float] | None = None,
        max_retries: pulumi.Input[int] | None = None,
        contract: pulumi.Input[str] | None = None,
        offline: pulumi.Input[bool] | None = None,
        ownership_mark: bool | None = None,
        resolvers: pulumi.Input[str] | Sequence[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "api_key": api_key,
            "base_url": base_url,
            "requests_per_minute": requests_per_minute,
            "timeout": timeout,
            "max_retries": max_retries,
            "contract": contract,
            "offline": offline,
            "ownership_mark": ownership_mark,
            "resolvers": resolvers,
        }
        given = {name: _without_awaitables(value) for name, value in given.items() if value is not None}
        if problems := list(_problems(given)):
            raise InvalidInputs(problems, what=f'{type(self).__name__} "{resource_name}"')
        self.ownership_mark = Settings.ownership_mark if ownership_mark is None else ownership_mark
        """Whether its objects carry a mark of their owner."""
        self.options: dict[str, pulumi.Input[str]] = configured_options(given) | {ACCOUNT_NAME: resource_name}
        """What its provider is configured with, by the names of a stack's options."""
        super().__init__(PACKAGE, resource_name, dict(self.options), opts)


def configured_options(given: Mapping[str, Any]) -> dict[str, pulumi.Input[str]]:
    """Return the configuration of a provider of the options of an account, by the names of a stack's options.

    Args:
        given: what `Account` takes, by name.
    """
    return {
        **{option_name(name): _configured(value) for name, value in given.items()},
        option_name("api_key"): pulumi.Output.secret(_configured(given["api_key"])),
        EXPLICIT_ACCOUNT: "true",
    }


def _without_awaitables(value: Any) -> Any:
    return pulumi.Output.from_input(value) if isawaitable(value) else value


def _configured(value: Any) -> pulumi.Input[str]:
    """Return a value as it would stand in a stack's configuration; what an Output holds is left to the provider."""
    return value.apply(_text) if isinstance(value, pulumi.Output) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


_OPTIONS: Final = tuple(
    each.name
    for each in inspect.signature(Account.__init__).parameters.values()
    if each.kind is each.KEYWORD_ONLY and each.name != "opts"
)


def account_problems(options: Mapping[str, Any]) -> Iterator[Problem]:
    """Say what is wrong with the options of an account before one is made of them.

    Args:
        options: what `Account` takes, by name; Outputs are left to the provider.
    """
    for name in options:
        if name not in _OPTIONS:
            yield Problem(str(name), unknown_key(str(name), _OPTIONS))
    yield from _problems({name: value for name, value in options.items() if name in _OPTIONS and value is not None})


def _problems(given: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the options that are known already, or missing."""
    strange = {name: problem for name, value in given.items() if (problem := _strange(name, value))}
    plain = {name: value for name, value in given.items() if name not in strange and is_plain(value)}
    yield from map(Problem, strange.keys(), strange.values())
    texts = {option_name(name): _text(value) for name, value in plain.items()}
    for wrong in wrong_options({**texts, EXPLICIT_ACCOUNT: "true"}.get):
        if wrong.name in plain or wrong.name not in given:
            yield Problem(wrong.name, f"{wrong.problem}.")


def _strange(name: str, value: Any) -> str:
    """Say why a value could not stand in a stack's configuration, whatever it holds."""
    if name == "ownership_mark":
        fits = isinstance(value, bool)
        return "" if fits else "must be True or False, and no Output: it decides what the program declares."
    if not is_plain(value) or isinstance(value, str | int | float):
        return ""
    if name == "resolvers" and isinstance(value, list | tuple):
        return ""
    return f"must be a string, a number, True or False, not {kind(value)}."


def account_of(opts: pulumi.ResourceOptions | None) -> Account | None:
    """Return the account that a resource or a component with these options belongs to; None is the stack's own.

    It is found as the SDK finds the provider of a resource: in `provider`, in `providers`, or with the parent.

    Raises:
        InvalidInputs: the SDK would overlook an account, or would use a provider that is no account.
    """
    if opts is None:
        return None
    inherited = opts.parent._providers if isinstance(opts.parent, pulumi.Resource) else {}  # noqa: SLF001 - as the SDK
    known = {**inherited, **_by_package(opts.providers)}
    chosen = opts.provider if opts.provider and opts.provider.package == PACKAGE else known.get(PACKAGE)
    problems = [
        Problem("providers", f"Pulumi overlooks {named(each)} under the key {key!r}. Write providers=[account].")
        for key, each in known.items()
        if isinstance(each, Account) and key != PACKAGE
    ]
    if chosen is not None and not isinstance(chosen, Account):
        name = chosen.pulumi_resource_name
        problems.append(Problem("provider", f"'{name}' is no account of RevCent. Use a revcent.Account(...)."))
    if problems:
        raise InvalidInputs(problems, what="ResourceOptions(...)")
    return chosen if isinstance(chosen, Account) else None


def _by_package(
    providers: Mapping[str, pulumi.ProviderResource] | Sequence[pulumi.ProviderResource] | None,
) -> Mapping[str, pulumi.ProviderResource]:
    return providers if isinstance(providers, Mapping) else {each.package: each for each in providers or ()}


def named(account: Account | None) -> str:
    """Return what messages call an account."""
    return account_label(account.pulumi_resource_name if account else "")
