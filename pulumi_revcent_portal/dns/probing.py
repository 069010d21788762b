"""Whether the servers of a delegation are authoritative at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import dns.rdatatype

from pulumi_revcent_portal.dns.names import parse
from pulumi_revcent_portal.dns.reading import Kind

if TYPE_CHECKING:
    from pulumi_revcent_portal.dns.authority import Authority
    from pulumi_revcent_portal.dns.delegation import Delegation, Server

__all__ = ["probed"]


async def probed(authority: Authority, delegation: Delegation) -> Delegation:
    """Return the delegation with the problems of its servers, each of which is asked for the start of authority."""
    if not delegation.servers:
        return delegation
    zone = parse(delegation.zone)
    asked = await authority.ask(delegation, zone, dns.rdatatype.SOA)
    problems = {label: _problem(label, answers[0].kind, answers[0].reason, delegation.zone) for label, answers in asked}
    servers = tuple(_with_problems(server, problems) for server in delegation.servers)
    found = dict.fromkeys(server.problem for server in servers if server.problem)
    return replace(delegation, servers=servers, problem=" ".join(found))


def _problem(label: str, kind: Kind, reason: str, zone: str) -> str:
    if kind is Kind.FOUND:
        return ""
    if kind is Kind.SILENT:
        return f"{label} does not answer for {zone}: {reason}."
    return f"{label} has no start of authority for {zone}."


def _with_problems(server: Server, problems: dict[str, str]) -> Server:
    """Return a server with the problems of its name, or of its name and one of its addresses."""
    if not server.endpoints:
        return server
    labels = (server.name, *(f"{server.name} ({each})" for each in server.endpoints))
    return replace(server, problem=" ".join(filter(None, (problems.get(label, "") for label in labels))))
