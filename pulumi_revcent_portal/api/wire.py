"""Everything this package knows of RevCent's wire format: operations, keys, marks and spellings; no I/O, no HTTP.

No other module spells a path, a wire key or a status word. Where RevCent turns out to be different, one line here
changes, or a file written by `revcent-portal contract check --write` says so (`Contract.load`).

Marks: `D` documented by RevCent, `I` inferred from its other operations, `?` unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pulumi_revcent_portal.api.fields import Entity, Field, Kind, Mark, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_KEY_HEADER: Final = "x-api-key"
PAGE_LIMIT: Final = 25
"""The largest page that a list serves (inferred)."""
ID_PLACE: Final = "{id}"

# --- envelope ------------------------------------------------------------------------------------------------

ENVELOPE: Final = (
    Field("call_id", Kind.STRING, "api_call_id", "D"),
    Field("code", Kind.INTEGER, "code", "D"),
    Field("error_code", Kind.STRING, "error_code", "D"),
    Field("message", Kind.STRING, "message", "D", ("result",)),
)
SUCCESS_CODE: Final = 1
ITEMS: Final = "results"
LIMIT: Final = "limit"
PAGE: Final = "page"
PERIOD: Final[Mapping[str, str]] = {"date_start": "0", "date_end": "now"}
"""Parameters that some lists demand (inferred), with the values for all of time; `now` becomes the present."""

# --- fields --------------------------------------------------------------------------------------------------

_BOTH: Final = frozenset({"create", "edit"})
_CREATE: Final = frozenset({"create"})
_ID: Final = Field("id", Kind.STRING, "id", "D")


def _text(name: str, mark: Mark, *alternatives: str, wire: str = "", required: bool = False) -> Field:
    return Field(name, Kind.STRING, wire or name, mark, alternatives, writes=_BOTH, required=required)


def _flag(name: str, mark: Mark) -> Field:
    return Field(name, Kind.BOOLEAN, name, mark, writes=_BOTH)


def _secret(name: str, mark: Mark, *alternatives: str) -> Field:
    return Field(name, Kind.STRING, name, mark, alternatives, writes=_BOTH, required=True, reads=False, secret=True)


def _reference(name: str, mark: Mark, *alternatives: str, required: bool = False) -> Field:
    return Field(name, Kind.REFERENCE, name, mark, alternatives, writes=_BOTH, required=required, fields=(_ID,))


def _references(name: str, mark: Mark) -> Field:
    return Field(name, Kind.REFERENCES, name, mark, writes=_BOTH, fields=(_ID,))


def _object(
    name: str, mark: Mark, fields: tuple[Field, ...], *alternatives: str, wire: str = "", required: bool = False
) -> Field:
    return Field(name, Kind.OBJECT, wire or name, mark, alternatives, writes=_BOTH, required=required, fields=fields)


_RECORD: Final = (
    Field("type", Kind.STRING, "type", "I", ("record_type",)),
    Field("name", Kind.STRING, "name", "I", ("host", "hostname")),
    Field("value", Kind.STRING, "value", "I", ("target", "ip", "points_to", "content")),
)


def _records(name: str, wire: str, record_type: str, *alternatives: str) -> Field:
    return Field(name, Kind.RECORDS, wire, "D", alternatives, fields=_RECORD, record_type=record_type)


def _answer(name: str, kind: Kind, mark: Mark, *alternatives: str, wire: str = "") -> Field:
    return Field(name, kind, wire or name, mark, alternatives)


def _created(mark: Mark) -> Field:
    return _answer("created_date", Kind.INTEGER, mark, wire="created_date_unix")


_TRACKING_DOMAIN: Final = (
    _ID,
    _text("name", "D", required=True),
    _text("description", "D"),
    Field("domain", Kind.STRING, "domain", "I", ("domain_name", "root_domain"), writes=_CREATE, required=True),
    _references("url_parameter_sets", "D"),
    _records("a_records", "a_records", "A"),
    _records("cname_records", "ssl.cname_records", "CNAME", "cname_records"),
    _answer("ssl_status", Kind.STRING, "D", "ssl_status", wire="ssl.status"),
    _answer("dns_status", Kind.STRING, "D", "dns_status", wire="dns.status"),
    _created("I"),
)

_SMTP_PROFILE: Final = (
    _ID,
    _text("name", "I", required=True),
    _text("description", "I"),
    _flag("enabled", "I"),
    _text("host", "I", "server", "smtp_host", "smtp_server", required=True),
    Field("port", Kind.INTEGER, "port", "I", ("smtp_port",), writes=_BOTH, required=True),
    Field("secure", Kind.SECURITY, "secure", "I", ("encryption", "ssl", "tls"), writes=_BOTH),
    _text("username", "I", "user", "smtp_username", required=True),
    _secret("password", "I", "pass", "smtp_password"),
)

_EMAIL: Final = (
    _text("from_address", "D", "from_address", "from_email", wire="from", required=True),
    _text("from_name", "I"),
    _text("subject", "I"),
    Field("cc", Kind.STRINGS, "cc", "I", writes=_BOTH),
    Field("bcc", Kind.STRINGS, "bcc", "I", writes=_BOTH),
    _text("html", "I", "template_html", "html_template", "template"),
)


def _email(name: str, key: str, *alternatives: str) -> Field:
    return _object(name, "I", _EMAIL, *alternatives, wire=key, required=True)


PERMISSIONS: Final = (
    "contact_modify",
    "credit_card_add",
    "credit_card_remove",
    "credit_card_set_default",
    "shipping_modify_ship_to",
    "subscription_renew",
    "subscription_activate",
    "subscription_suspend",
    "subscription_cancel",
    "trial_expire",
    "trial_cancel",
    "salvage_transaction_process",
)

_CUSTOMER_PORTAL: Final = (
    _ID,
    _text("name", "D", required=True),
    _text("description", "D"),
    _flag("enabled", "D"),
    _reference("tracking_domain", "D", required=True),
    _reference("smtp_profile", "D", required=True),
    _object("recaptcha", "D", (_text("site_key", "D", required=True), _secret("secret_key", "D")), required=True),
    _object(
        "customer_emails",
        "D",
        (
            _email("confirmation", "customer_account_confirmation", "account_confirmation", "confirmation"),
            _email("password_reset", "customer_account_password_reset", "password_reset", "account_password_reset"),
        ),
        required=True,
    ),
    _object("customer_permissions", "D", tuple(_flag(name, "D") for name in PERMISSIONS)),
    _object(
        "customer_filters",
        "I",
        (_references("campaign", "D"), _references("third_party_shop", "D")),
        "customer_filter",
        "filters",
    ),
    _text("display_name", "I"),
    _text("footer_html", "I", "footer", "custom_footer"),
    _flag("create_non_existing_customer", "D"),
    _reference("campaign", "I", "campaign_id", "non_existing_customer_campaign"),
    _answer("logo", Kind.STRING, "D"),
    _answer("url", Kind.STRING, "?", "portal_url"),
    _created("D"),
)

_CAMPAIGN: Final = (
    _ID,
    _answer("name", Kind.STRING, "I"),
    _answer("description", Kind.STRING, "I"),
    _answer("enabled", Kind.BOOLEAN, "I"),
    _created("I"),
)

_URL_PARAMETER_SET: Final = (
    _ID,
    _text("name", "D", required=True),
    _text("description", "D"),
    _flag("enabled", "D"),
    Field(
        "url_parameters",
        Kind.OBJECTS,
        "url_parameters",
        "D",
        writes=_BOTH,
        fields=(_text("url_parameter", "D", required=True), _text("metadata_name", "D", required=True)),
    ),
)

ENTITIES: Final = (
    Entity("tracking_domain", "tracking domain", "tracking_domain", _TRACKING_DOMAIN),
    Entity("smtp_profile", "SMTP profile", "smtp_profile", _SMTP_PROFILE),
    Entity("customer_portal", "customer portal", "customer_portal", _CUSTOMER_PORTAL),
    Entity("campaign", "campaign", "campaign", _CAMPAIGN),
    Entity(
        "third_party_shop",
        "third-party shop",
        "user_shop",
        (*_CAMPAIGN, _answer("url", Kind.STRING, "D")),
    ),
    Entity("url_parameter_set", "URL parameter set", "url_parameter_set", _URL_PARAMETER_SET),
)


def created_keys(entity: Entity) -> tuple[str, ...]:
    """Return the keys under which the answer to a create may hold the new ID, most likely first."""
    return (f"{entity.wire}_id", _ID.wire)


# --- operations ----------------------------------------------------------------------------------------------

_VERBS: Final[Mapping[str, tuple[str, str, str]]] = {
    "create": ("POST", "", "Create{}"),
    "list": ("GET", "", "Get{}s"),
    "get": ("GET", "/{id}", "Get{}"),
    "edit": ("POST", "/{id}", "Edit{}"),
    "delete": ("POST", "/{id}/delete", "Delete{}"),
    "initialize_ssl": ("POST", "/{id}/initialize_ssl", "Initialize{}SSL"),
    "initialize_dns": ("POST", "/{id}/initialize_dns", "Initialize{}DNS"),
}


def _operations(
    plural: str, entity: str, name: str, marks: Mapping[str, Mark], absent: tuple[str, ...] = ()
) -> Iterator[Operation]:
    """Yield the operations of one type: those RevCent is known to have, and `absent` ones that wait to be found."""
    for action, mark in (*marks.items(), *((action, "?") for action in absent)):
        method, path, pattern = _VERBS[action]
        yield Operation(entity, action, pattern.format(name), method, f"/{plural}{path}", mark, action not in absent)


OPERATIONS: Final = (
    *_operations(
        "tracking_domains",
        "tracking_domain",
        "TrackingDomain",
        {"create": "I", "list": "I", "get": "I", "edit": "I", "initialize_ssl": "D", "initialize_dns": "I"},
        ("delete",),
    ),
    *_operations(
        "smtp_profiles", "smtp_profile", "SMTPProfile", {"create": "I", "edit": "I"}, ("get", "list", "delete")
    ),
    *_operations(
        "customer_portals",
        "customer_portal",
        "CustomerPortal",
        {"create": "D", "list": "I", "get": "D", "edit": "I"},
        ("delete",),
    ),
    *_operations("campaigns", "campaign", "Campaign", {"list": "I", "get": "I"}),
    *_operations("user_shops", "third_party_shop", "UserShop", {"list": "D", "get": "D"}),
    *_operations(
        "url_parameter_sets",
        "url_parameter_set",
        "UrlParameterSet",
        {"create": "D", "list": "D", "get": "D", "edit": "D"},
        ("delete",),
    ),
)

# --- status words --------------------------------------------------------------------------------------------

_READY: Final = frozenset({"issued", "active", "complete", "completed", "success", "ready", "valid", "verified"})
_FAILED: Final = frozenset({"failed", "error", "expired", "revoked", "validation_timed_out", "inactive"})


def status_kind(word: str | None) -> Literal["ready", "failed", "pending"]:
    """Classify the status word of a certificate or of DNS.

    RevCent does not document its words; one that nobody has heard of means pending and is shown as it stands.
    """
    plain = (word or "").strip().lower().replace("-", "_").replace(" ", "_")
    return "ready" if plain in _READY else "failed" if plain in _FAILED else "pending"
