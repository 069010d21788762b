"""What CAA records say about certificates: RFC 8659. Pure; the records are looked up elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["CaaFinding", "CaaRecord", "judge", "record"]

_CRITICAL: Final = 128
_KNOWN: Final = frozenset({"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"})
_TEXT: Final = re.compile(r'(\d+) ([A-Za-z0-9]+) "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class CaaRecord:
    """One CAA record: `0 issue "ca.example"`."""

    flags: int
    tag: str
    value: str

    def __str__(self) -> str:
        return f'{self.flags} {self.tag} "{self.value}"'

    @property
    def issuer(self) -> str:
        """The certificate authority of an `issue` or `issuewild`, without parameters; empty for nobody."""
        return self.value.partition(";")[0].strip().lower()


@dataclass(frozen=True)
class CaaFinding:
    """Something that keeps a certificate from being issued.

    Attributes:
        name: the name that needs a certificate.
        owner: where the records are: the name itself or one above it.
        server: the servers that have them, where not all do; else empty.
        records: the effective set; empty when it could not be looked up.
        reason: why it forbids the certificate, in words that go on from the records.
    """

    name: str
    owner: str
    server: str
    records: tuple[CaaRecord, ...]
    reason: str

    def __str__(self) -> str:
        if not self.records:
            return (
                f"CAA of {self.owner} cannot be looked up, so no certificate is issued for {self.name}: {self.reason}"
            )
        shown = ", ".join(str(each) for each in self.records)
        where = f" on {self.server}" if self.server else ""
        return f"CAA of {self.owner}{where} ({shown}) forbids a certificate for {self.name}: {self.reason}"


def record(text: str) -> CaaRecord | None:
    """Return a CAA record from its presentation form, or None for what is none."""
    found = _TEXT.fullmatch(text)
    return CaaRecord(int(found[1]), found[2].lower(), found[3]) if found else None


def judge(records: Iterable[CaaRecord], *, wildcard: bool, issuers: Collection[str] = ()) -> str:
    """Return why a set of records forbids a certificate, or an empty text when it does not.

    Args:
        records: the effective set.
        wildcard: whether the certificate is for a wildcard, of which `issuewild` decides before `issue` (section 4.3).
        issuers: the authorities that may be used, such as `letsencrypt.org`; without any, only a set that allows
            nobody forbids.
    """
    records = tuple(records)
    unknown = next((each for each in records if each.flags & _CRITICAL and each.tag not in _KNOWN), None)
    if unknown is not None:
        return f"no authority knows the property {unknown.tag!r}, which is marked critical"
    deciding = [each for each in records if each.tag == "issuewild"] if wildcard else []
    deciding = deciding or [each for each in records if each.tag == "issue"]
    if not deciding:
        return ""
    allowed = sorted({each.issuer for each in deciding} - {""})
    if not allowed:
        return "it allows no authority at all"
    usable = {each.strip().lower().rstrip(".") for each in issuers}
    if usable and not usable.intersection(allowed):
        return f"it allows {', '.join(allowed)}, not {' or '.join(sorted(usable))}"
    return ""
