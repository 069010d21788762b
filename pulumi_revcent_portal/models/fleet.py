"""Brands as data: what each says of its portal, and what all of them share. How they are merged stands in `merging`."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from pulumi_revcent_portal.models.base import In, ListOf, Model, PlainListOf, Problem, plain_text
from pulumi_revcent_portal.models.branding import Colour
from pulumi_revcent_portal.models.dns import Ttl, ZoneName
from pulumi_revcent_portal.models.domain import RootDomain
from pulumi_revcent_portal.models.filters import CustomerFilters
from pulumi_revcent_portal.models.permissions import USE_CASES, CustomerPermissions
from pulumi_revcent_portal.models.publishers import Publisher
from pulumi_revcent_portal.models.recaptcha import RecaptchaKeys
from pulumi_revcent_portal.models.text import (
    EmailAddress,
    Flag,
    Html,
    HttpsUrl,
    Line,
    Name,
    NameOrId,
    RuleSetting,
    Text,
    TrackingDomainId,
)
from pulumi_revcent_portal.models.wait import WaitOrNot
from pulumi_revcent_portal.models.wording import kind, shown, suggestion

_KEY: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
_VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def key_problem(key: str) -> str | None:
    """Say why a text cannot be a key, from which resource names are made, or None."""
    if _KEY.fullmatch(key):
        return None
    return (
        f"{shown(key)} is no key. Write up to 63 letters, digits, hyphens and underscores, with a letter or a digit at "
        "both ends: the names of the resources are made from it."
    )


def _key(value: str) -> str:
    problem = key_problem(value)
    if problem:
        raise ValueError(problem)
    return value


def _use_case(value: str) -> str:
    if value not in USE_CASES:
        raise ValueError(f"there is no use case {value!r}. {suggestion(value, USE_CASES)}")
    return value


Key = Annotated[Text, AfterValidator(_key)]
UseCase = Annotated[Text, AfterValidator(_use_case)]


class BrandPermissions(CustomerPermissions):
    """What customers of a brand may do: what the use cases need, and single permissions that differ from that."""

    use_cases: PlainListOf[UseCase] = Field(default_factory=list)
    """Use cases of RevCent's guide, such as payment_method_update, whose permissions add up. A permission that is said
    by itself wins over them."""

    def granted(self) -> dict[str, Any]:
        """All twelve permissions, by name."""
        cases = {name: True for case in self.use_cases for name in USE_CASES[case]}
        said = {name: getattr(self, name) for name in self.model_fields_set if name != "use_cases"}
        return CustomerPermissions(**(cases | said)).dump()


def _as_brand_permissions(value: Any) -> Any:
    if isinstance(value, CustomerPermissions) and not isinstance(value, BrandPermissions):
        return BrandPermissions(**{name: getattr(value, name) for name in value.model_fields_set})
    return value


if TYPE_CHECKING:  # a program may write either
    Permissions: TypeAlias = CustomerPermissions
else:
    Permissions = Annotated[BrandPermissions, BeforeValidator(_as_brand_permissions)]


class BrandEmail(Model):
    """What one of a brand's two emails has of its own."""

    subject: In[Name | None] = None
    """The subject; may hold variables such as [[ brand ]]."""

    html: In[Html | None] = Field(default=None, json_schema_extra={"long": True})
    """The text in HTML in place of the ready-made one, showing {{email_code}}; may hold variables such as [[ brand ]].
    RevCent's own {{...}} stay as they are."""

    cc: In[ListOf[EmailAddress] | None] = None
    """Addresses that get a copy of this one, in place of those of both."""

    bcc: In[ListOf[EmailAddress] | None] = None
    """Addresses that get a copy of this one without being named, in place of those of both."""


class BrandEmails(Model):
    """How a brand's two emails look and whom they come from. Without html they are the ready-made ones."""

    from_address: In[EmailAddress | None] = None
    """The sender's address; the SMTP profile's sender by default."""

    from_name: In[Line | None] = None
    """The sender's name; the brand's by default. It may hold variables."""

    accent: Colour | None = None
    """The brand's colour, #rrggbb."""

    support_email: In[EmailAddress | None] = None
    """An address that customers may ask for help."""

    logo_url: In[HttpsUrl | None] = None
    """An https URL of the brand's logo."""

    cc: In[ListOf[EmailAddress] | None] = None
    """Addresses that get a copy of both."""

    bcc: In[ListOf[EmailAddress] | None] = None
    """Addresses that get a copy of both without being named."""

    confirmation: BrandEmail | None = None
    """What the email has of its own that is sent when a customer registers."""

    password_reset: BrandEmail | None = None
    """What the email has of its own that is sent when a customer asks for a new password."""


def _entries(value: Any) -> dict[str, Any]:
    """Take a mapping without its entries that are null: those are not said, as fields are not."""
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a dict, not {kind(value)}.")  # noqa: TRY004 - reported with the field
    return {str(name): entry for name, entry in value.items() if entry is not None}


class _Scalar:
    """Takes a text, a whole number or a truth value, and tells what else it finds in one sentence."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = handler.generate_schema(Text)

        def scalar(value: Any, as_text: Any) -> Any:
            if isinstance(value, bool | int):
                return value
            if isinstance(value, str):
                return as_text(value)
            raise ValueError(f"must be a string, a whole number, True or False, not {kind(value)}.")

        return core_schema.no_info_wrap_validator_function(scalar, text)


Variable = Annotated[
    str | bool | int,
    _Scalar(),
    WithJsonSchema({"anyOf": [{"type": each} for each in ("string", "boolean", "integer")]}),
]
Variables = Annotated[Mapping[str, In[Variable]], BeforeValidator(_entries)]
Rules = Annotated[Mapping[str, RuleSetting], BeforeValidator(_entries)]


class BrandSettings(Model):
    """What can be said of one brand, or of all of them."""

    account: Key | None = None
    """The account: a key of the fleet's accounts. The stack's own by default."""

    domain: RootDomain | None = None
    """The root domain to serve the portal on, such as acme.com, which the fleet makes ready. Brands may share one."""

    tracking_domain: In[TrackingDomainId | None] = None
    """The ID of a tracking domain that is ready already, in place of domain."""

    dns: In[Publisher | None] = None
    """Where the records of domain are published; without it the program tells them, and waits."""

    zone: ZoneName | None = None
    """The DNS zone of the records; domain by default."""

    ttl: Ttl | None = None
    """How long resolvers may keep the records, in seconds."""

    overwrite: Flag | None = None
    """Whether to replace record sets of the same names that somebody else made."""

    wait: WaitOrNot | None = None
    """How long each step of the domain waits; 20 minutes by default. False looks once."""

    url_parameter_sets: In[ListOf[NameOrId] | None] = None
    """URL parameter sets of domain, by name or by ID."""

    smtp_profile: Text | None = None
    """The mail profile: a key of the fleet's smtp_profiles, or the ID of one. The fleet's only one by default."""

    recaptcha: In[RecaptchaKeys | None] = None
    """The reCAPTCHA v2 keys made for the domain."""

    portal_name: Name | None = None
    """RevCent's name of the portal, unique in the account; by default [[ brand ]] customer portal. It may hold
    variables."""

    display_name: Line | None = None
    """The name that customers see; the brand's by default. It may hold variables."""

    description: Text | None = None
    """Free text for the people who run the account; may hold variables."""

    footer_html: In[Html | None] = Field(default=None, json_schema_extra={"long": True})
    """HTML at the foot of every page; may hold variables such as [[ domain ]]."""

    customer_emails: BrandEmails | None = None
    """How the two emails look and whom they come from."""

    customer_permissions: Permissions | None = None
    """What customers may do; nothing by default."""

    customer_filters: CustomerFilters | None = None
    """Which customers may enter; all of the account's by default."""

    create_non_existing_customer: In[Flag | None] = None
    """Whether people who are no customers yet may register."""

    campaign: In[NameOrId | None] = None
    """The campaign for customers who register that way, by name or ID."""

    portal_url: In[HttpsUrl | None] = None
    """The portal's address as shown in RevCent, for embed_html."""

    enabled: In[Flag | None] = None
    """Whether customers can reach the portal; they can by default."""

    adopt: Flag | None = None
    """Take over a portal, and a tracking domain with its published records, that others made under these names. It
    only steers."""

    protect: Flag | None = None
    """Whether the engine refuses to delete the brand's portal."""

    retain_on_delete: Flag | None = None
    """Whether RevCent keeps the portal, its domain and its DNS records when the brand is removed from the fleet."""

    variables: Variables | None = None
    """More variables for templates, by name."""

    rules: Rules | None = None
    """What becomes of what the rules find, by the ID of the rule: off, warning or error."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """A portal has one domain, and variables have names that a template can write."""
        if given.get("domain") is not None and given.get("tracking_domain") is not None:
            yield Problem("tracking_domain", "stands beside domain. Leave one: the fleet's own, or one that exists.")
        variables = given.get("variables")
        for name in map(str, variables) if isinstance(variables, Mapping) else ():
            if not _VARIABLE.fullmatch(name):
                yield Problem(
                    f"variables.{name}",
                    f"{shown(name)} is no name of a variable. Write a letter, then letters, digits and underscores.",
                )
            elif name in BUILT_IN:
                yield Problem(f"variables.{name}", f"{name!r} is a variable already. Choose another name.")


BUILT_IN: Final = (
    "brand", "key", "domain", "display_name", "portal_name", "support_email", "logo_url", "accent", "on_accent",
)  # fmt: skip
"""The variables that templates have. Of display_name and portal_name, which are templates themselves, the first one
has neither, and the second has display_name."""

MERGED: Final = ("customer_emails", "customer_permissions", "customer_filters", "variables", "rules")
"""What is merged entry by entry."""


class BrandDefaults(BrandSettings):
    """What all brands of a fleet share, said once."""


class BrandEntry(BrandSettings):
    """One brand of a fleet file, where its key stands before it."""

    name: Name
    """The brand's name as customers know it, one line."""

    former_keys: PlainListOf[Key] = Field(default_factory=list)
    """Keys that the brand had before, so that a new key renames its resources and does not replace them."""

    group: Key | None = None
    """The group of brands that it is deployed with, where a fleet is split over stacks."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """A brand's name stands in emails, where it must not look like a placeholder."""
        yield from super().relations(given)
        if "{{" in (plain_text(given, "name") or ""):
            yield Problem("name", "holds '{{', which RevCent would read as a placeholder. Write it without.")


class Brand(BrandEntry):
    """One brand of a fleet."""

    key: Key
    """What the names of its resources are made from; never changes, or else stands in former_keys."""
