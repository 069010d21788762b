"""The sandbox's own reading of RevCent's contract: entities, fields, wire keys and operations, as data only.

It is written from RevCent's documentation, apart from the client's contract module, on purpose: where the two readings
differ, a test that runs the client against the sandbox fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PERMISSIONS = (
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

RECORD_KEYS = ("type", "name", "value")
"""The logical names of a DNS record's parts."""


class Kind(StrEnum):
    """What a field holds, as JSON and as a rule."""

    TEXT = "a string"
    FLAG = "a boolean"
    NUMBER = "an integer"
    REFERENCE = "an ID"
    REFERENCES = "an array of IDs"
    TEXTS = "an array of strings"
    GROUP = "an object"
    GROUPS = "an array of objects"
    RECORDS = "an array of DNS records"


@dataclass(frozen=True)
class Field:
    """One field: its logical name, its wire spellings, and who may write it.

    `wire` is the key RevCent documents or most probably uses (the name when None; dots lead into nested objects of an
    answer), `other` the key it may use instead. `default` is what an object holds when a create leaves the field out.
    """

    name: str
    kind: Kind = Kind.TEXT
    wire: str | None = None
    other: tuple[str, ...] = ()
    required: bool = False
    in_create: bool = True
    in_edit: bool = True
    secret: bool = False
    default: object = ""
    refers_to: str = ""
    group: tuple[Field, ...] = ()
    words: tuple[str, ...] = ()
    between: tuple[int, int] | None = None

    @property
    def key(self) -> str:
        """The documented wire key."""
        return self.wire or self.name

    @property
    def is_address(self) -> bool:
        """Whether the field holds mail addresses, which some servers store in lower case."""
        return self.name in {"from_address", "cc", "bcc"}


@dataclass(frozen=True)
class Entity:
    """One kind of RevCent object: where it lives under /v2, what its operations are called, and its fields."""

    name: str
    plural: str
    operations: Mapping[str, str]
    fields: tuple[Field, ...]
    optional: frozenset[str] = frozenset()


def _read_only(name: str, kind: Kind = Kind.TEXT, **settings: object) -> Field:
    return Field(name, kind, in_create=False, in_edit=False, **settings)  # type: ignore[arg-type]


def _operations(**names: str) -> Mapping[str, str]:
    return MappingProxyType(names)


_NAME = Field("name", required=True)
_DESCRIPTION = Field("description")
_ENABLED = Field("enabled", Kind.FLAG, default=True)
_CREATED = _read_only("created_date", Kind.NUMBER, wire="created_date_unix", default=0)

_EMAIL = (
    Field("from_address", wire="from", required=True),
    Field("from_name"),
    Field("subject"),
    Field("cc", Kind.TEXTS, default=()),
    Field("bcc", Kind.TEXTS, default=()),
    Field("html", other=("template_html", "html_template", "template")),
)

TRACKING_DOMAIN = Entity(
    "tracking_domain",
    "tracking_domains",
    _operations(
        create="CreateTrackingDomain",
        get="GetTrackingDomain",
        list="GetTrackingDomains",
        edit="EditTrackingDomain",
        delete="DeleteTrackingDomain",
        initialize_ssl="InitializeTrackingDomainSSL",
        initialize_dns="InitializeTrackingDomainDNS",
    ),
    (
        _NAME,
        _DESCRIPTION,
        Field("domain", other=("domain_name", "root_domain"), required=True, in_edit=False),
        Field("url_parameter_sets", Kind.REFERENCES, default=(), refers_to="url_parameter_set"),
        _read_only("a_records", Kind.RECORDS, default=()),
        _read_only("cname_records", Kind.RECORDS, wire="ssl.cname_records", default=()),
        _read_only("ssl_status", wire="ssl.status", default="not_initialized"),
        _read_only("dns_status", wire="dns.status", default="not_initialized"),
        _CREATED,
    ),
    optional=frozenset({"delete"}),
)

SMTP_PROFILE = Entity(
    "smtp_profile",
    "smtp_profiles",
    _operations(
        create="CreateSMTPProfile",
        get="GetSMTPProfile",
        list="GetSMTPProfiles",
        edit="EditSMTPProfile",
        delete="DeleteSMTPProfile",
    ),
    (
        _NAME,
        _DESCRIPTION,
        _ENABLED,
        Field("host", other=("server", "smtp_host", "smtp_server"), required=True),
        Field("port", Kind.NUMBER, other=("smtp_port",), required=True, between=(1, 65535)),
        Field("secure", other=("encryption", "ssl", "tls"), words=("none", "starttls", "tls"), default="none"),
        Field("username", other=("user", "smtp_username"), required=True),
        Field("password", other=("pass", "smtp_password"), required=True, secret=True),
        _CREATED,
    ),
    optional=frozenset({"get", "list", "delete"}),
)

CUSTOMER_PORTAL = Entity(
    "customer_portal",
    "customer_portals",
    _operations(
        create="CreateCustomerPortal",
        get="GetCustomerPortal",
        list="GetCustomerPortals",
        edit="EditCustomerPortal",
        delete="DeleteCustomerPortal",
    ),
    (
        _NAME,
        _DESCRIPTION,
        _ENABLED,
        Field("tracking_domain", Kind.REFERENCE, required=True, refers_to="tracking_domain"),
        Field("smtp_profile", Kind.REFERENCE, required=True, refers_to="smtp_profile"),
        Field(
            "recaptcha",
            Kind.GROUP,
            required=True,
            group=(Field("site_key", required=True), Field("secret_key", required=True, secret=True)),
        ),
        Field(
            "customer_emails",
            Kind.GROUP,
            required=True,
            group=(
                Field(
                    "confirmation",
                    Kind.GROUP,
                    wire="customer_account_confirmation",
                    other=("account_confirmation",),
                    required=True,
                    group=_EMAIL,
                ),
                Field(
                    "password_reset",
                    Kind.GROUP,
                    wire="customer_account_password_reset",
                    other=("password_reset",),
                    required=True,
                    group=_EMAIL,
                ),
            ),
        ),
        Field(
            "customer_permissions",
            Kind.GROUP,
            group=tuple(Field(name, Kind.FLAG, default=False) for name in PERMISSIONS),
        ),
        Field(
            "customer_filters",
            Kind.GROUP,
            other=("customer_filter", "filters"),
            group=(
                Field("campaign", Kind.REFERENCES, default=(), refers_to="campaign"),
                Field("third_party_shop", Kind.REFERENCES, default=(), refers_to="third_party_shop"),
            ),
        ),
        Field("display_name"),
        Field("footer_html", other=("footer", "custom_footer")),
        Field("create_non_existing_customer", Kind.FLAG, default=False),
        Field(
            "campaign",
            Kind.REFERENCE,
            other=("campaign_id", "non_existing_customer_campaign"),
            default=None,
            refers_to="campaign",
        ),
        _read_only("logo"),
        _read_only("url", other=("portal_url",)),
        _CREATED,
    ),
    optional=frozenset({"delete"}),
)

CAMPAIGN = Entity(
    "campaign",
    "campaigns",
    _operations(get="GetCampaign", list="GetCampaigns"),
    (_NAME, _DESCRIPTION, _ENABLED, _CREATED),
)

THIRD_PARTY_SHOP = Entity(
    "third_party_shop",
    "user_shops",
    _operations(get="GetUserShop", list="GetUserShops"),
    (_NAME, _DESCRIPTION, _ENABLED, Field("url"), _CREATED),
)

URL_PARAMETER_SET = Entity(
    "url_parameter_set",
    "url_parameter_sets",
    _operations(
        create="CreateUrlParameterSet",
        get="GetUrlParameterSet",
        list="GetUrlParameterSets",
        edit="EditUrlParameterSet",
        delete="DeleteUrlParameterSet",
    ),
    (
        _NAME,
        _DESCRIPTION,
        _ENABLED,
        Field(
            "url_parameters",
            Kind.GROUPS,
            default=(),
            group=(Field("url_parameter", required=True), Field("metadata_name")),
        ),
        _CREATED,
    ),
    optional=frozenset({"delete"}),
)

ENTITIES: Mapping[str, Entity] = MappingProxyType(
    {
        entity.name: entity
        for entity in (TRACKING_DOMAIN, SMTP_PROFILE, CUSTOMER_PORTAL, CAMPAIGN, THIRD_PARTY_SHOP, URL_PARAMETER_SET)
    }
)
BY_PLURAL: Mapping[str, Entity] = MappingProxyType({entity.plural: entity for entity in ENTITIES.values()})
OPERATIONS = frozenset(name for entity in ENTITIES.values() for name in entity.operations.values())


def entity_named(name: str) -> Entity:
    """Return the entity of this logical name; a ValueError lists the names there are."""
    if name not in ENTITIES:
        raise ValueError(f"There is no entity {name!r}. There are: {', '.join(sorted(ENTITIES))}.")
    return ENTITIES[name]
