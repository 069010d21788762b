"""Whether DNS records are visible on every authoritative server; it publishes nothing, and waits for nobody."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from pulumi_revcent_portal.dns.records import Record, Sighting, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pulumi_revcent_portal.dns.caa import CaaFinding
    from pulumi_revcent_portal.dns.delegation import Delegation

__all__ = ["Lookup", "Record", "Sighting", "State"]


class Lookup:
    """Looks records up where they are published, past every cache but its own short one.

    The zone of a name, its name servers and their addresses come from resolvers; the records come from each address
    of each of those servers. A delegation is remembered for its time to live (5 to 300 s). A record that was seen on a
    server is not asked for again until its time to live has passed (60 s at most); what is missing is asked for at
    every call. One object serves a whole process: calls at the same time share their questions, and at most 64 are on
    their way at once.

    What the DNS may do never raises; a cancelled call closes its sockets.

    Resolvers on a port of their own, such as `127.0.0.1:8053`, are for split DNS and tests. One that answers a question
    for the zone authoritatively *is* the authoritative server, with all other such resolvers: only they are asked
    then, whatever the zone says of its name servers, which need not exist. If it only resolves, the name servers are
    asked on the same port as the resolver, at the addresses that it tells.

    An IPv6 address to which this machine has no route is left out when another address of the same server answers; so
    is one that stays silent, as long as no server at all has answered over IPv6.

    Args:
        resolvers: addresses such as `192.0.2.53`, `192.0.2.53:5353` or `[::1]:5353`; empty for the system's.
        timeout: seconds to wait for an answer; each question is repeated once.
        clock: the time in seconds.

    Raises:
        ValueError: a resolver is no address, or the time-out is not positive.
    """

    def __init__(
        self, resolvers: Sequence[str] = (), *, timeout: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        # importing this module must not load dnspython: programs do so before they need it
        from pulumi_revcent_portal.dns.authority import Authority  # noqa: PLC0415
        from pulumi_revcent_portal.dns.delegation import Delegations  # noqa: PLC0415
        from pulumi_revcent_portal.dns.network import Network  # noqa: PLC0415
        from pulumi_revcent_portal.dns.resolvers import Resolvers, endpoint  # noqa: PLC0415

        if timeout <= 0:
            raise ValueError(f"A time-out of {timeout:g} s leaves no time for an answer.")
        self._network = Network(timeout, clock)
        self._resolvers = Resolvers(self._network, [endpoint(each) for each in resolvers])
        self._delegations = Delegations(self._network, self._resolvers, clock)
        self._authority = Authority(self._network, self._delegations, clock)

    @property
    def queries(self) -> int:
        """How many questions were sent so far, repetitions included."""
        return self._network.questions

    async def missing(self, records: Iterable[Record]) -> list[Sighting]:
        """Return everything that is not visible yet, over all records and all their authoritative servers.

        A wanted address or text must be among those of its name; others beside it do no harm. A CNAME in the place of
        an address or a text is followed, and what is at its end compared.

        Returns:
            In the order of the records; empty when all is visible everywhere.
        """
        found = await asyncio.gather(*(self._sightings(record) for record in dict.fromkeys(records)))
        missing = (each for sightings in found for each in sightings if each.state is not State.VISIBLE)
        return list(dict.fromkeys(missing))

    async def _sightings(self, record: Record) -> list[Sighting]:
        import dns.rdatatype  # noqa: PLC0415 - see above

        from pulumi_revcent_portal.dns.names import parse  # noqa: PLC0415
        from pulumi_revcent_portal.dns.verdicts import judged  # noqa: PLC0415

        name = parse(record.name)
        delegation = await self._delegations.find(name)
        if not delegation.servers:
            return [Sighting(record, "", State.NO_ANSWER, reason=delegation.problem.rstrip("."))]
        asked = await self._authority.ask(
            delegation,
            name,
            dns.rdatatype.from_text(record.type),
            lambda answers: judged(record, "", answers).state is State.VISIBLE,
        )
        return [judged(record, server, answers) for server, answers in asked]

    async def delegation(self, name: str) -> Delegation:
        """Return the zone of a name with its servers, each of which was asked whether it is authoritative.

        Raises:
            ValueError: the name is none.
        """
        from pulumi_revcent_portal.dns.names import parse  # noqa: PLC0415 - see above
        from pulumi_revcent_portal.dns.probing import probed  # noqa: PLC0415

        return await probed(self._authority, await self._delegations.find(parse(name)))

    async def caa(self, name: str, issuers: Iterable[str] = ()) -> list[CaaFinding]:
        """Return what would keep a certificate for a name from being issued; empty when nothing would.

        The effective records are those of the name, or else of the nearest name above it that has any (RFC 8659,
        section 3). In the zone of the name every authoritative server is asked; above it the resolvers are, and what
        they cannot tell is passed over.

        Args:
            name: the name that needs a certificate; `*.acme.com` for a wildcard.
            issuers: the authorities that may issue it, such as `letsencrypt.org`: a list of others forbids it then.
                Without, only a list that allows nobody does.

        Raises:
            ValueError: the name is none.
        """
        from pulumi_revcent_portal.dns.climbing import climb  # noqa: PLC0415 - see above
        from pulumi_revcent_portal.dns.names import parse  # noqa: PLC0415

        wanted = parse(name)
        delegation = await self._delegations.find(parse(name.strip().removeprefix("*.")))
        return await climb(self._authority, self._resolvers, delegation, wanted, tuple(issuers))
