"""Means to look with, for tests. Not a test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.dns.lookup import Lookup
from pulumi_revcent_portal.doctor.account import Account
from pulumi_revcent_portal.doctor.means import Means
from pulumi_revcent_portal.doctor.names import Names
from pulumi_revcent_portal.doctor.results import Verdict

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox
    from tests.dns.servers import World


def settings_of(sandbox: Sandbox | None, key: str = "", contract: str | None = None) -> Settings:
    if sandbox is None:
        return Settings()
    key = key or sandbox.api_key
    return Settings(api_key=key, base_url=sandbox.api_url, contract=contract, key_source="environment")


def look(
    check: Callable[[Means], Awaitable[Verdict]],
    dns: World | None = None,
    sandbox: Sandbox | None = None,
    *,
    key: str = "",
    contract: str | None = None,
    seconds: float = 3.0,
    **options: Any,
) -> Verdict:
    """Make one check with means that reach this machine only."""

    async def whole() -> Verdict:
        resolvers = [str(dns.resolver)] if dns else []
        account = Account(settings_of(sandbox, key, contract), seconds)
        names = Names(resolvers, seconds / 2) if dns else None
        means = Means(account, names, Lookup(resolvers, timeout=0.3) if dns else None, seconds=seconds, **options)
        try:
            return await check(means)
        finally:
            await account.close()
            if names is not None:
                await names.close()

    return asyncio.run(whole())
