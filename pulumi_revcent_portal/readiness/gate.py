"""Holds a resource of a program back until its domain is far enough; the verdict is given by a hook of the engine.

An Output that waits before the registration holds up nothing else, and ends with the first Ctrl-C. It must not raise,
because that would end the whole program: it keeps the verdict, and the hook makes it this one resource's failure.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.settings import get_engine

from pulumi_revcent_portal.api.settings import NO_LOOKUP
from pulumi_revcent_portal.api.wire import status_kind
from pulumi_revcent_portal.models.wait import Wait
from pulumi_revcent_portal.readiness.source import Source
from pulumi_revcent_portal.readiness.steps import Step
from pulumi_revcent_portal.readiness.watcher import Watcher, Wish

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from pulumi_revcent_portal.api.client import Client
    from pulumi_revcent_portal.api.settings import Settings
    from pulumi_revcent_portal.dns.lookup import Lookup

HOOK: Final = "domain is ready"
"""The name of the one hook of a program; the engine shows it: `before hook "domain is ready" failed: ...`."""


_RESOLVED: Final = ("domain_id", "urn", "shown_on", "wait", "records", "status")
"""What may be an Output of a `Held`."""


class NotReady(Exception):  # noqa: N818 - the engine shows the message only
    """The domain of a resource is not far enough."""


@dataclass(frozen=True)
class Held:
    """A resource that is held back.

    Attributes:
        step: what it does with the domain.
        domain_id: the domain.
        wait: how long at most; False looks once, None means 20 minutes.
        urn: its own URN.
        settings: gives its account, and the name servers to ask, when they are known.
        shown_on: the URN of the resource on whose line progress is shown; empty for the stack's.
        after: resources that come first, such as the ones that publish records.
        by_hand: whether a person publishes the records, and has to be told them.
        records: the A records of a `TrackingDomain` of this program, so that RevCent need not be asked for them.
        status: RevCent's word for the DNS, as the step before this resource saw it.
    """

    step: Step
    domain_id: pulumi.Input[str]
    wait: pulumi.Input[Wait | bool] | None
    urn: pulumi.Input[str]
    settings: Callable[[], Awaitable[Settings]]
    shown_on: pulumi.Input[str] = ""
    after: Sequence[pulumi.Resource] = ()
    by_hand: bool = True
    records: pulumi.Input[Sequence[Mapping[str, str]]] = ()
    status: pulumi.Input[str] = ""


class Gate:
    """What the resources of one program wait at. Each of its accounts is watched by itself.

    Args:
        client_of: gives the client by which the program asks an account, for its budget is one.
    """

    def __init__(self, client_of: Callable[[Settings], Client]) -> None:
        self._client_of = client_of
        self._verdicts: dict[str, tuple[Step, str]] = {}
        self._watchers: dict[Settings, Watcher] = {}
        self._hook: pulumi.ResourceHook | None = None

    def hold(self, held: Held) -> pulumi.Input[str]:
        """Return the domain's ID, known when the domain is far enough or will not be."""
        given = {name: getattr(held, name) for name in _RESOLVED}
        # What is known already needs no Output: one is made for each value that is handed to `all`.
        awaited = [name for name, value in given.items() if isinstance(value, pulumi.Output)]

        async def waited(values: list[Any]) -> str:
            known = given | dict(zip(awaited, values, strict=False))
            await self._wait(replace(held, **known))
            return str(known["domain_id"])

        return pulumi.Output.all(*(given[name] for name in awaited), *(each.urn for each in held.after)).apply(waited)

    def hooks(self) -> pulumi.ResourceHookBinding:
        """Return what makes a verdict the failure of the resource that was held back."""
        if self._hook is None:  # registering a second one of this name would end the program
            self._hook = pulumi.ResourceHook(HOOK, self._give_verdict)
        return pulumi.ResourceHookBinding(before_create=[self._hook], before_update=[self._hook])

    def _give_verdict(self, args: pulumi.ResourceHookArgs) -> None:
        step, verdict = self._verdicts.get(args.urn, (Step.SERVICE, ""))
        if step is Step.SERVICE and _domain(args.old_inputs) == _domain(args.new_inputs):
            return  # a portal that stays on its domain can be changed, and disabled, whatever becomes of that
        if verdict:
            raise NotReady(verdict)

    async def _wait(self, held: Held) -> None:
        """Wait for a domain whose inputs are known by now, and keep the verdict."""
        resolved: Any = held
        chosen = Wait() if resolved.wait in (None, True) else resolved.wait
        seconds = float(chosen.seconds) if isinstance(chosen, Wait) else 0.0

        async def tell(text: str, passing: bool) -> None:
            await asyncio.to_thread(_log, resolved.shown_on, text, passing=passing)

        wish = Wish(
            held.step,
            str(resolved.domain_id),
            seconds,
            tell,
            by_hand=held.by_hand and bool(seconds),
            records=tuple(resolved.records or ()),
            settled=status_kind(resolved.status) == "ready",
        )
        try:
            settings = await held.settings()
            verdict = await self._watcher(settings).until(wish)
            if verdict and settings.account:
                verdict = f'Account "{settings.account}": {verdict}'
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the program
            verdict = f"It is not known whether the domain is ready: {error or type(error).__name__}"
        self._verdicts[resolved.urn] = (held.step, verdict)
        if verdict and seconds:
            await tell(verdict.partition("\n")[0], False)

    def _watcher(self, settings: Settings) -> Watcher:
        if settings not in self._watchers:
            source = Source(self._client_of(settings))
            self._watchers[settings] = Watcher(source, _lookup(settings), chatty=not os.environ.get("CI"))
        return self._watchers[settings]


def _lookup(settings: Settings) -> Lookup | None:
    if settings.resolvers == (NO_LOOKUP,):
        return None
    from pulumi_revcent_portal.dns.lookup import Lookup as Looking  # noqa: PLC0415 - only an update looks

    return Looking(settings.resolvers)


def _domain(inputs: Any) -> Any:
    return (inputs or {}).get("tracking_domain")


def _log(urn: str, text: str, *, passing: bool) -> None:
    request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=text, urn=urn, ephemeral=passing)
    if engine := get_engine():
        engine.Log(request)
