"""What resolvers say of a name: texts, addresses, mail servers; the authoritative servers are asked elsewhere."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dns.asyncresolver import Resolver

__all__ = ["Names", "NoAnswerError"]


class NoAnswerError(Exception):
    """No resolver answered; the text is a sentence."""


class Names:
    """The resolvers of this machine, or those that were given. Answers are kept for as long as this object lives.

    Args:
        resolvers: addresses, with a port where it is not 53; the system's own when empty.
        seconds: how long one look-up may take.
    """

    def __init__(self, resolvers: Sequence[str], seconds: float) -> None:
        self._given = tuple(resolvers)
        self._seconds = seconds
        self._resolver: Resolver | None = None
        self._asked: dict[tuple[str, str], asyncio.Task[tuple[Any, ...]]] = {}

    @property
    def are_given(self) -> bool:
        """Whether resolvers were given, so that the system's are not to be trusted with a name."""
        return bool(self._given)

    async def texts(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of a name, each with its strings joined; none where there are none.

        Raises:
            NoAnswerError: no resolver answered.
        """
        found = await self._look(name, "TXT")
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in found)

    async def addresses(self, name: str) -> tuple[str, ...]:
        """Return the IPv4 and then the IPv6 addresses of a name.

        Raises:
            NoAnswerError: no resolver answered.
        """
        both = await asyncio.gather(self._look(name, "A"), self._look(name, "AAAA"))
        return tuple(record.address for found in both for record in found)

    async def mail_servers(self, name: str) -> tuple[str, ...]:
        """Return the hosts in the MX records of a name.

        Raises:
            NoAnswerError: no resolver answered.
        """
        return tuple(record.exchange.to_text(omit_final_dot=True) for record in await self._look(name, "MX"))

    async def close(self) -> None:
        """Give up what nobody waits for any more."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def _look(self, name: str, kind: str) -> tuple[Any, ...]:
        key = (name.lower().rstrip("."), kind)
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(self._ask(*key))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # an error may meet nobody
        return await asyncio.shield(task)

    async def _ask(self, name: str, kind: str) -> tuple[Any, ...]:
        import dns.exception  # noqa: PLC0415 - only who looks something up pays for it
        import dns.resolver  # noqa: PLC0415

        try:
            answer = await self._ready().resolve(
                f"{name}.", kind, raise_on_no_answer=False, lifetime=self._seconds, search=False
            )
        except dns.resolver.NXDOMAIN:
            return ()
        except dns.resolver.NoResolverConfiguration:
            raise NoAnswerError("This machine has no DNS resolver configured.") from None
        except dns.resolver.LifetimeTimeout:
            raise NoAnswerError(f"No resolver answered for {name} {kind} within {self._seconds:g} s.") from None
        except dns.resolver.NoNameservers:
            raise NoAnswerError(f"Every resolver failed to answer for {name} {kind}.") from None
        except (dns.exception.DNSException, ValueError, OSError) as error:
            raise NoAnswerError(f"{name} cannot be looked up: {error}") from None
        return tuple(answer.rrset or ())

    def _ready(self) -> Resolver:
        import dns.asyncresolver  # noqa: PLC0415 - only who looks something up pays for it
        import dns.nameserver  # noqa: PLC0415

        from pulumi_revcent_portal.dns.resolvers import endpoint  # noqa: PLC0415 - loads dnspython, too

        if self._resolver is None:
            resolver = dns.asyncresolver.Resolver(configure=not self._given)
            if self._given:
                servers = [endpoint(each) for each in self._given]
                resolver.nameservers = [dns.nameserver.Do53Nameserver(each.address, each.port) for each in servers]
            resolver.timeout = self._seconds / 3
            self._resolver = resolver
        return self._resolver
