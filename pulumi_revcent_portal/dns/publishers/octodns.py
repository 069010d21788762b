"""A zone at any DNS host that octoDNS has a provider for. octoDNS plans whole zones; here only our record sets change.

The zone is read, and a plan that holds nothing but our changes is handed to the provider. DNS hosts carry out such a
plan one record set after the other, so it may break off half-way: what was done is then looked for.
"""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.dns.publishers.errors import Partial, PublisherError, Stale
from pulumi_revcent_portal.dns.publishers.records import RecordSet, Sets, canonical_name, canonical_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_revcent_portal.dns.publishers.records import Change

PUBLISHED: Final = frozenset({"A", "AAAA", "CNAME", "TXT"})
_ROUTED: Final = ("dynamic", "geo", "weight")
"""What octoDNS's records have when they answer differently to different people."""


@dataclass(frozen=True)
class OctoDnsPublisher:
    """One zone by one provider; a provider is made anew for every use, because providers keep what they read."""

    zone: str
    provider: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def where(self) -> str:
        """The DNS host, for messages."""
        return f"DNS host of {self.provider}"

    def read(self, names: Iterable[str]) -> Sets:
        """Return the record sets of these names."""
        wanted = set(names)
        _, existing = self._populated()
        return {each.key: each for record in existing.records if (each := _record_set(record)).name in wanted}

    def apply(self, changes: Iterable[Change]) -> None:
        """Carry out all changes by a plan that holds nothing else."""
        from octodns.provider.plan import Plan  # noqa: PLC0415 - an extra, loaded only when it is used
        from octodns.record import Create, Delete, Update  # noqa: PLC0415

        provider, existing = self._populated()
        desired = existing.copy()
        found = {each.key: each for each in map(_record_set, existing.records)}
        steps: list[Any] = []
        for change in changes:
            now = found.get(change.key)
            if (now.values if now else None) != (change.before.values if change.before else None):
                raise Stale(
                    f"Records of {self.zone} at the {self.where} are changed by somebody else at the same time."
                )
            if now is not None:
                desired.remove_record(now.raw)
            if change.after is None:
                steps.append(Delete(now.raw if now else None))
                continue
            self._require_support(provider, change.after.type)
            new = self._record(desired, change.after, now)
            desired.add_record(new, lenient=True)
            steps.append(Update(now.raw, new) if now else Create(new))
        try:
            count = provider.apply(Plan(existing, desired, steps, True))
        except Exception as error:  # noqa: BLE001 - each provider raises errors of its own
            raise Partial(f"The {self.where} failed while records were written: {self._told(error)}.") from None
        if not count:
            raise PublisherError(
                f"The provider {self.provider} is set not to write (apply_disabled). Correct settings."
            )

    def _require_support(self, provider: Any, kind: str) -> None:
        if kind not in provider.SUPPORTS:
            raise PublisherError(
                f"The provider {self.provider} knows no {kind} records. Nothing was written. Leave them out, or use "
                "another provider."
            )

    def _record(self, zone: Any, after: RecordSet, now: RecordSet | None) -> Any:
        from octodns.record import Record  # noqa: PLC0415 - an extra, loaded only when it is used

        values = [_written(after.type, value) for value in sorted(after.values)]
        given: dict[str, Any] = {"type": after.type, "ttl": after.ttl}
        if now is not None and now.raw.octodns:
            given["octodns"] = now.raw.octodns  # such as Cloudflare's proxied
        given |= {"value": values[0]} if after.type == "CNAME" else {"values": values}
        relative = after.name.removesuffix(self.zone).removesuffix(".")
        return Record.new(zone, relative, given, lenient=True)

    def _populated(self) -> tuple[Any, Any]:
        """Return a new provider, and the zone as it has it."""
        try:
            from octodns.zone import Zone  # noqa: PLC0415 - an extra, loaded only when it is used
        except ImportError:
            raise PublisherError(
                'OctoDns needs octoDNS, which is not installed. Run `pip install "pulumi_revcent_portal[octodns]"`, '
                "and install the package of the provider."
            ) from None
        _quiet()
        provider = self._made()
        zone = Zone(f"{self.zone}.", [])
        try:
            # As a target: a provider that writes whole files reads nothing then, and is refused.
            exists = provider.populate(zone, target=True, lenient=True)
        except Exception as error:  # noqa: BLE001 - each provider raises errors of its own
            raise PublisherError(f"The {self.where} cannot read the zone {self.zone}: {self._told(error)}") from None
        if not exists and not zone.records:
            raise PublisherError(
                f"The {self.where} shows no zone {self.zone}. Nothing was written. Make the zone there first, and "
                "correct zone and settings; a provider that writes whole files cannot be used here."
            )
        return provider, zone

    def _made(self) -> Any:
        module, _, name = self.provider.rpartition(".")
        try:
            kind = getattr(importlib.import_module(module), name)
        except ImportError:
            package = module.partition(".")[0].replace("_", "-")
            raise PublisherError(
                f"The provider {self.provider} cannot be imported. Install its package, most likely `pip install "
                f"{package}`, or correct provider."
            ) from None
        except AttributeError:
            raise PublisherError(f"The module {module} has no class {name}. Correct provider.") from None
        try:
            return kind("pulumi-revcent-portal", **_plain(self.settings), **_plain(self.secrets))
        except Exception as error:  # noqa: BLE001 - each provider raises errors of its own
            raise PublisherError(
                f"{self.provider} cannot be made with these settings and secrets: {self._told(error)}"
            ) from None

    def _told(self, error: Exception) -> str:
        """What a provider's error says, without the secrets that it may repeat."""
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        for secret in sorted(_texts(self.secrets), key=len, reverse=True):
            text = text.replace(secret, "[secret]")
        return " ".join(text.split())


def _quiet() -> None:
    """Keep off the screen what octoDNS says about records and zones of others; it is nobody's business here."""
    for name in ("Record", "Zone"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _texts(value: Any) -> set[str]:
    """Every text in a nested value that is long enough to be told from other words."""
    if isinstance(value, str):
        return {value, repr(value)[1:-1]} if value else set()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return set().union(*map(_texts, parts)) if parts else set()


def _plain(value: Any) -> Any:
    """Undo that the engine turns every number into a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _record_set(record: Any) -> RecordSet:
    kind = record._type  # noqa: SLF001 - octoDNS's own name for it, used by all of its providers
    name = canonical_name(record.fqdn)
    if kind not in PUBLISHED:
        return RecordSet(name, kind, frozenset(), record.ttl, "", record)
    special = "a record set that answers differently to different people" if _is_routed(record) else ""
    values = record.values if hasattr(record, "values") else [record.value] if record.value else []
    return RecordSet(name, kind, frozenset(_value(kind, str(each)) for each in values), record.ttl, special, record)


def _is_routed(record: Any) -> bool:
    return any(getattr(record, part, None) for part in _ROUTED)


def _value(kind: str, value: str) -> str:
    return value.replace("\\;", ";") if kind == "TXT" else canonical_value(kind, value)


def _written(kind: str, value: str) -> str:
    if kind == "TXT":
        return value.replace(";", "\\;")
    return f"{value}." if kind == "CNAME" else value
