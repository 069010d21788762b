"""The switches of a sandbox: every way in which the real RevCent may differ from the default reading. Data only."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.sandbox.reading import RECORD_KEYS
from pulumi_revcent_portal.sandbox.switch_values import check_value
from pulumi_revcent_portal.sandbox.values import digest

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox.reading import Field

_OTHER_RECORD_KEYS: Final = {"name": "host", "value": "target"}


@dataclass(frozen=True)
class Switches:
    """How this RevCent behaves. The defaults are what RevCent documents, or what is most probable.

    Attributes:
        error_style: "http" answers refusals with a 4xx status, "ok" with HTTP 200 and `code: 0`.
        references: gets answer references as an "object" (`{id, name}`) or as a "string".
        spelling: wire keys: "default", "alternative" (the other known spelling of every key), or a mapping of
            `entity.field.path` to a key, in which "*" chooses the spelling of all others.
        record_spelling: the keys of DNS records: "default" (type, name, value), "alternative" (type, host, target), or
            a mapping of some of type, name, value to keys.
        status_words: the word answered for a state (not_initialized, pending, issued, complete, failed).
        delete: `POST .../{id}/delete` exists for portals, tracking domains and SMTP profiles.
        smtp_get: SMTP profiles can be fetched and listed.
        normalise: answers hold trimmed texts and HTML, and addresses in lower case.
        omit: logical field paths that answers leave out, `footer_html` or `customer_portal.footer_html`.
        slim_lists: list items hold only id and name.
        list_extra: lists answer `total_count` and `total_pages`.
        list_dates: lists demand `date_start` and `date_end` (Unix seconds).
        require_ready_domain: a portal is refused while its domain has no active certificate.
        url: portals answer a `url`.
        echo: failure messages repeat the request, key and body, as a careless server does. For tests of redaction.
        transition: how a certificate and the DNS get ready: "immediate", "never", "failed", `{"reads": n}` (n gets
            still show it pending) or `{"seconds": t}`, the last two also with `"outcome": "failed"`; or a mapping with
            one of these for "certificate" and one for "dns". `{"lookup": {}}`: both wait for what is really in the DNS;
            it takes "issue_seconds" (3; from when the CNAME records are seen until the certificate is issued),
            "dns_seconds" (0) and "resolver" (the sandbox's own name server). `{"domains": {"acme.com": ...}}`: one of
            all these for each domain, under "*" for all others ("immediate").
        recaptcha_secrets: the reCAPTCHA secrets that siteverify knows; None: every one of the right shape.
        bad_recaptcha_secrets: secrets that siteverify does not know, whatever their shape.
    """

    error_style: str = "http"
    references: str = "object"
    spelling: str | Mapping[str, str] = "default"
    record_spelling: str | Mapping[str, str] = "default"
    status_words: Mapping[str, str] = field(default_factory=dict)
    delete: bool = False
    smtp_get: bool = False
    normalise: bool = False
    omit: tuple[str, ...] = ()
    slim_lists: bool = False
    list_extra: bool = False
    list_dates: bool = False
    require_ready_domain: bool = True
    url: bool = False
    echo: bool = False
    transition: str | Mapping[str, Any] = "immediate"
    recaptcha_secrets: tuple[str, ...] | None = None
    bad_recaptcha_secrets: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Switches:
        """Return these switches with some of them changed.

        Raises:
            ValueError: a name is not one of the switches, or a value is not one it can have; the text lists what there
                is.
        """
        names = [entry.name for entry in dataclasses.fields(self)]
        ready: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in names:
                raise ValueError(f"There is no switch {name!r}. There are: {', '.join(names)}.")
            check_value(name, value)
            settled = tuple(value) if isinstance(value, list) else value
            if name.endswith("recaptcha_secrets") and settled is not None:
                settled = tuple(digest(secret) for secret in settled)
            ready[name] = settled
        return dataclasses.replace(self, **ready)

    def as_dict(self) -> dict[str, Any]:
        """Return the switches as JSON values; secrets as digests."""
        return {name: _plain(value) for name, value in vars(self).items()}

    @property
    def looks_up(self) -> bool:
        """Whether the life of a domain may be driven by look-ups in the DNS."""
        return '"lookup"' in json.dumps(_plain(self.transition))

    def key(self, path: str, entry: Field) -> str:
        """Return the wire key of a field.

        Args:
            path: the field as `entity.field.path`.
            entry: the field.
        """
        base = self.spelling
        if not isinstance(base, str):
            if path in base:
                return base[path]
            base = base.get("*", "default")
        return entry.other[0] if base == "alternative" and entry.other else entry.key

    def record(self, record: Mapping[str, str]) -> dict[str, str]:
        """Return a DNS record under the keys it is answered with."""
        keys = self.record_spelling
        if isinstance(keys, str):
            keys = _OTHER_RECORD_KEYS if keys == "alternative" else {}
        return {keys.get(name, name): record[name] for name in RECORD_KEYS}

    def word(self, state: str) -> str:
        """Return the word that is answered for a state."""
        return self.status_words.get(state, state)

    def leaves_out(self, path: str) -> bool:
        """Tell whether answers leave a field out; `path` is `entity.field.path`."""
        if path == "customer_portal.url" and not self.url:
            return True
        return path in self.omit or path.partition(".")[2] in self.omit


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return list(value) if isinstance(value, tuple) else value
