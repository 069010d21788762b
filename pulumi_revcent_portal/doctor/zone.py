"""The domain in the DNS: its delegation, the records that RevCent wants to see, and CAA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.api.domains import zone_lines
from pulumi_revcent_portal.api.errors import RevCentError
from pulumi_revcent_portal.doctor.results import Verdict, counted, failed, ok, skipped, warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_revcent_portal.dns.delegation import Server
    from pulumi_revcent_portal.dns.records import Record, Sighting
    from pulumi_revcent_portal.doctor.inventory import Domain
    from pulumi_revcent_portal.doctor.means import Means

__all__ = ["NOT_LOOKED_UP", "check_caa", "check_delegation", "check_records", "wanted_records"]

NOT_LOOKED_UP: Final = skipped("REVCENT_RESOLVERS is 'none', so nothing is looked up in the DNS.", "Name a --resolver.")
_SAID: Final = 6
"""How many sightings are told one by one."""
_SERVERS_FIRST: Final = "Have the DNS host repair the name servers (see the check 'delegation')."
_NOBODY: Final = "nobody.invalid"
"""An authority that no record allows: whatever limits the choice forbids this one."""
_ISSUERS_BY_TARGET: Final = {
    ".acm-validations.aws": ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"),
    ".dcv.digicert.com": ("digicert.com",),
    ".sectigo.com": ("sectigo.com",),
}
"""Which authority checks a CNAME that leads there, by the authorities' own documentation."""


async def check_delegation(domain: Domain, means: Means) -> Verdict:
    """Say which servers are authoritative for a domain, and whether they say so themselves."""
    if means.lookup is None:
        return NOT_LOOKED_UP
    delegation = await means.lookup.delegation(domain.name)
    servers = ", ".join(map(_shown, delegation.servers))
    if delegation.problem and any(server.endpoints and not server.problem for server in delegation.servers):
        return warning(
            f"Served by {servers}. {delegation.problem}",
            "Have the DNS host repair these servers, or remove them from the domain's name servers.",
        )
    if delegation.problem or not delegation.servers:
        return failed(
            delegation.problem or f"No name servers of {domain.name} could be found.",
            f"At the registrar of {domain.name}, set the name servers that its DNS host names, and have the zone "
            "created there. If they are set, this machine's resolvers are at fault: name others with --resolver.",
        )
    if delegation.zone.rstrip(".").lower() != domain.name:
        return failed(
            f"{domain.name} is no zone of its own: the servers of {delegation.zone} answer for it ({servers}).",
            f"Register {domain.name}, or correct its name.",
        )
    return ok(f"Served by {servers}.")


def _shown(server: Server) -> str:
    addresses = ", ".join(server.addresses)
    return (
        f"{server.name} ({addresses})" if addresses and server.name not in map(str, server.endpoints) else server.name
    )


async def wanted_records(domain: Domain, means: Means) -> tuple[list[Mapping[str, str]], str]:
    """Return the records that RevCent names for a domain, and why it may name none.

    RevCent's own answer of now counts more than the export's; of a kind of which it says nothing, the export does.
    """
    live: Mapping[str, Any] = {}
    why = means.account.missing
    if not why:
        try:
            live = await means.account.domain(domain) or {}
        except RevCentError as error:
            why = str(error)
    found: list[Mapping[str, str]] = []
    for kind, name in (("A", "a_records"), ("CNAME", "cname_records")):
        known = [record for record in domain.records if record["type"].upper() == kind]
        found += live.get(name) or known
    return found, why or "RevCent names no records for it yet."


async def check_records(domain: Domain, means: Means) -> Verdict:
    """Say whether every record that RevCent names is visible on every authoritative server."""
    if means.lookup is None:
        return NOT_LOOKED_UP
    named, why = await wanted_records(domain, means)
    if not named:
        return skipped(
            f"Nobody says which records {domain.name} needs. {why}",
            "Set REVCENT_API_KEY, or give --export, --a-record or --cname-record.",
        )
    try:
        records = [_record(each) for each in named]
    except ValueError as error:
        return failed(f"RevCent names a record that cannot be: {error}", "Report it to RevCent.")
    missing = await means.lookup.missing(records)
    if not missing:
        return ok(f"All {counted(len(records), 'record')} visible on every authoritative server.")
    return _about(missing, records)


def _record(named: Mapping[str, str]) -> Record:
    from pulumi_revcent_portal.dns.records import Record  # noqa: PLC0415 - what it holds is parsed by dnspython

    return Record(named["type"].upper(), named["name"], named["value"])


def _about(sightings: Sequence[Sighting], records: Sequence[Record]) -> Verdict:
    from pulumi_revcent_portal.dns.records import State  # noqa: PLC0415 - see above

    absent = [each for each in sightings if each.state is not State.NO_ANSWER]
    nowhere = [str(each) for each in sightings if not each.server][:1]  # the reason is the same for all
    silent = [str(each) for each in sightings if each.server and each.state is State.NO_ANSWER]
    said = [*_other_values(absent), *_not_there(absent), *dict.fromkeys(silent), *nowhere]
    lacking = list(dict.fromkeys(each.record for each in absent))
    summary = f"{len(lacking)} of {counted(len(records), 'record')} not visible everywhere: " if lacking else ""
    more = f"; and {len(said) - _SAID} more" if len(said) > _SAID else ""
    seen = f"{summary}{'; '.join(said[:_SAID])}{more}."
    if not lacking:
        return failed(seen, _SERVERS_FIRST)
    which = "this record" if len(lacking) == 1 else "these records"
    instead = " in place of what is there" if any(each.state is State.OTHER_VALUE for each in absent) else ""
    lines = zone_lines([{"type": each.type, "name": each.name, "value": each.value} for each in lacking])
    return failed(
        seen,
        f"Publish {which} in the zone{instead}. If that is done, wait until every server has them.",
        [line.strip() for line in lines.splitlines()],
    )


def _other_values(sightings: Sequence[Sighting]) -> list[str]:
    """Tell in one clause what stands at a name, on which servers, and everything that should stand there."""
    places: dict[tuple[str, tuple[str, ...], str], list[Sighting]] = {}
    for each in sightings:
        if each.found:
            places.setdefault((str(each.record), each.found, each.reason), []).append(each)
    return [
        f"{record} is {', '.join(found)}{f' ({reason})' if reason else ''}, not "
        f"{_each_once(each.record.value for each in group)}, on {_each_once(each.server for each in group)}"
        for (record, found, reason), group in places.items()
    ]


def _not_there(sightings: Sequence[Sighting]) -> list[str]:
    """Tell in one clause which records lack on the same servers."""
    servers: dict[str, list[str]] = {}
    for each in sightings:
        if not each.found:
            servers.setdefault(str(each.record), []).append(each.server)
    records: dict[str, list[str]] = {}
    for record, places in servers.items():
        records.setdefault(_each_once(places), []).append(record)
    return [
        f"{_each_once(names)} {'is' if len(names) == 1 else 'are'} not on {places}" for places, names in records.items()
    ]


def _each_once(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


async def check_caa(domain: Domain, means: Means) -> Verdict:
    """Say whether CAA records would forbid the certificate."""
    if means.lookup is None:
        return NOT_LOOKED_UP
    issuers = means.issuers or _issuers((await wanted_records(domain, means))[0])
    forbidding = await means.lookup.caa(domain.name, issuers)
    if any(finding.records for finding in forbidding):
        example = [f'{domain.name}. 300 IN CAA 0 issue "{issuers[0]}"'] if issuers else []
        allowed = issuers[0] if issuers else "the certificate authority that RevCent uses"
        return failed(
            _sentences(forbidding), f"Add a CAA record that allows {allowed}, or delete those that are there.", example
        )
    if forbidding:
        return failed(_sentences(forbidding), _SERVERS_FIRST)
    limiting = [] if issuers else await means.lookup.caa(domain.name, (_NOBODY,))
    if limiting:
        records = dict.fromkeys(str(record) for finding in limiting for record in finding.records)
        return warning(
            f"CAA of {limiting[0].owner} allows some certificate authorities only: {', '.join(records)}.",
            "Ask RevCent which authority it uses, and look whether it is among them (--issuer checks that).",
        )
    return ok("No CAA record forbids the certificate.")


def _sentences(findings: Sequence[object]) -> str:
    return " ".join(f"{str(finding).rstrip('.')}." for finding in findings)


def _issuers(records: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the certificate authority that the CNAME records lead to, where that is known."""
    targets = [f".{record['value'].lower().rstrip('.')}" for record in records if record["type"].upper() == "CNAME"]
    for suffix, issuers in _ISSUERS_BY_TARGET.items():
        if any(target.endswith(suffix) for target in targets):
            return issuers
    return ()
