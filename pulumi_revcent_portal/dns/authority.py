"""Asks all authoritative servers of a name the same question; what was wanted is compared elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from pulumi_revcent_portal.dns.names import parse
from pulumi_revcent_portal.dns.reading import CIRCLE, Answer, Kind, read, silent
from pulumi_revcent_portal.dns.transport import Silence

if TYPE_CHECKING:
    from collections.abc import Callable

    import dns.name
    import dns.rdatatype

    from pulumi_revcent_portal.dns.delegation import Delegation, Delegations, Server
    from pulumi_revcent_portal.dns.network import Network
    from pulumi_revcent_portal.dns.transport import Endpoint

__all__ = ["Answers", "Authority"]

Answers: TypeAlias = tuple[Answer, ...]
"""What one server says; more than one where a CNAME leads to several servers of another zone that disagree."""

_LONGEST_HELD: Final = 60
_MOST_ALIASES: Final = 8


@dataclass(frozen=True)
class _Question:
    """What is asked, in which zone.

    Attributes:
        accept: whether an answer that is remembered will do.
        before: the names whose CNAMEs led here.
    """

    name: dns.name.Name
    rdtype: dns.rdatatype.RdataType
    zone: dns.name.Name
    accept: Callable[[Answers], bool]
    before: tuple[dns.name.Name, ...] = ()


class Authority:
    """The authoritative servers of all names.

    Args:
        network: carries the questions.
        delegations: finds the servers.
        clock: the time in seconds.
    """

    def __init__(self, network: Network, delegations: Delegations, clock: Callable[[], float]) -> None:
        self._network = network
        self._delegations = delegations
        self._clock = clock
        self._held: dict[tuple[Endpoint, dns.name.Name, dns.rdatatype.RdataType], tuple[float, Answers]] = {}

    async def ask(
        self,
        delegation: Delegation,
        name: dns.name.Name,
        rdtype: dns.rdatatype.RdataType,
        accept: Callable[[Answers], bool] = lambda _: False,
    ) -> list[tuple[str, Answers]]:
        """Ask every server of a delegation.

        Args:
            delegation: the servers.
            name: what to ask about.
            rdtype: the type of record.
            accept: whether an answer will do that was given less than its time to live, and 60 s, ago.

        Returns:
            For each server its label and what it says; an entry for each address where they differ.
        """
        question = _Question(name, rdtype, parse(delegation.zone), accept)
        return await self._everywhere(delegation, question)

    async def _everywhere(self, delegation: Delegation, question: _Question) -> list[tuple[str, Answers]]:
        found = await asyncio.gather(*(self._server(server, question) for server in delegation.servers))
        return [each for server in found for each in server]

    async def _server(self, server: Server, question: _Question) -> list[tuple[str, Answers]]:
        if not server.endpoints:
            return [(server.name, (silent(server.reason),))]
        answers = await asyncio.gather(*(self._at(endpoint, question) for endpoint in server.endpoints))
        heard = self._without_unreachable(list(zip(server.endpoints, answers, strict=True)))
        if len({answer for _, answer in heard}) == 1:
            return [(server.name, heard[0][1])]
        return [(f"{server.name} ({endpoint})", answer) for endpoint, answer in heard]

    def _without_unreachable(self, heard: list[tuple[Endpoint, Answers]]) -> list[tuple[Endpoint, Answers]]:
        """Leave out addresses that this machine cannot reach, if the server has another one.

        Where a network drops IPv6 without a word, no server at all answers over it: then an address that is merely
        silent is left out as well, if another one of the server answers.
        """
        answered = any(not _is_silent(answers) for _, answers in heard)
        if answered and not self._network.ipv6_works:
            for endpoint, answers in heard:
                if _is_silent(answers) and answers[0].late and endpoint.is_ipv6 and not endpoint.is_loopback:
                    self._network.give_up(endpoint, Silence(answers[0].reason, no_route=True))
                    heard = [each for each in heard if each[0] != endpoint]
        return [each for each in heard if not each[1][0].no_route] or heard

    async def _at(self, endpoint: Endpoint, question: _Question) -> Answers:
        key = (endpoint, question.name, question.rdtype)
        until, held = self._held.get(key, (0.0, ()))
        if held and self._clock() < until and question.accept(held):
            return held
        message = await self._network.ask(endpoint, question.name, question.rdtype)
        answer, onward = read(message, question.name, question.rdtype, question.zone)
        answers = (answer,) if onward is None else await self._onward(endpoint, question, answer, onward)
        self._held[key] = (self._clock() + min(_LONGEST_HELD, *(each.ttl for each in answers)), answers)
        return answers

    async def _onward(self, endpoint: Endpoint, question: _Question, alias: Answer, target: dns.name.Name) -> Answers:
        """Return what is at the end of CNAMEs that a server does not follow itself."""
        before = (*question.before, question.name, *(parse(each) for each in alias.aliases[:-1]))
        if target in before:
            return (replace(alias, reason=CIRCLE),)
        if len(before) > _MOST_ALIASES:
            return (replace(alias, reason=f"its CNAMEs go on for more than {_MOST_ALIASES} steps"),)
        delegation = await self._delegations.find(target)
        if not delegation.servers:
            return (replace(alias, reason=f"a CNAME that leads nowhere: {delegation.problem.rstrip('.')}"),)
        zone = parse(delegation.zone)
        onward = replace(question, name=target, zone=zone, before=before)
        if zone == question.zone:
            answers = await self._at(endpoint, onward)
        else:
            everywhere = await self._everywhere(delegation, onward)
            answers = tuple(replace(each, at=each.at or label) for label, said in everywhere for each in said)
        return tuple(dict.fromkeys(each.after(alias.aliases, alias.ttl) for each in answers))


def _is_silent(answers: Answers) -> bool:
    return answers[0].kind is Kind.SILENT and not answers[0].aliases
