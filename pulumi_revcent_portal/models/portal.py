"""A customer portal: everything that can be set in RevCent, and the rules between those settings."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from pulumi_revcent_portal.models.base import In, Model, Problem, plain_text
from pulumi_revcent_portal.models.emails import CustomerEmails
from pulumi_revcent_portal.models.filters import CustomerFilters
from pulumi_revcent_portal.models.permissions import CustomerPermissions
from pulumi_revcent_portal.models.recaptcha import RecaptchaKeys
from pulumi_revcent_portal.models.text import (
    Description,
    EmailAddress,
    Flag,
    Html,
    HttpsUrl,
    Line,
    Name,
    NameOrId,
    ObjectId,
    RuleSetting,
    SmtpProfileId,
    TrackingDomainId,
    is_email_address,
)
from pulumi_revcent_portal.models.wait import WaitOrNot
from pulumi_revcent_portal.models.wording import sameness


class CustomerPortalInputs(Model):
    """What the resource `CustomerPortal` takes."""

    name: In[Name]
    """The portal's name, unique among the account's portals. Required by RevCent."""

    description: In[Description] = ""
    """Free text for the people who run the account. Documented by RevCent."""

    enabled: In[Flag] = True
    """Whether customers can reach the portal. True or False; documented by RevCent."""

    tracking_domain: In[TrackingDomainId]
    """The ID of a tracking domain with an active certificate: 20 characters. Required by RevCent."""

    smtp_profile: In[SmtpProfileId]
    """The ID of the SMTP profile that sends the emails: 20 characters. Required by RevCent."""

    smtp_sender: In[EmailAddress | None] = None
    """The address that the SMTP profile sends from, against which both emails are held. Passed on by the resource
    class from the profile's `sender`. Ours: RevCent asks for the match and has no such field."""

    recaptcha: In[RecaptchaKeys]
    """The reCAPTCHA v2 keys made for the portal's domain. Required by RevCent."""

    customer_emails: In[CustomerEmails]
    """The two emails that the portal sends. Required by RevCent."""

    customer_permissions: In[CustomerPermissions] = Field(default_factory=CustomerPermissions)
    """What customers may do; nothing by default. Documented by RevCent."""

    customer_filters: In[CustomerFilters] = Field(default_factory=CustomerFilters)
    """Which customers may enter; all of the account's by default. Documented by RevCent."""

    display_name: In[Line] = ""
    """The name that customers see, one line; blank means the portal's name. Documented, the key is inferred."""

    footer_html: In[Html] = Field(default="", json_schema_extra={"long": True})
    """HTML at the foot of every page; may be empty. Documented by RevCent, the key is inferred."""

    create_non_existing_customer: In[Flag] = False
    """Whether people who are no customers yet may register. True or False; RevCent recommends False."""

    campaign: In[NameOrId | None] = None
    """The campaign for customers who register that way, by name or by ID (20 characters). Documented, the key is
    inferred."""

    portal_url: In[HttpsUrl | None] = None
    """The portal's address as shown in RevCent, an https URL, from which `embed_html` is made when RevCent's API does
    not tell it. Ours: it is not sent."""

    rules: Mapping[str, RuleSetting] | None = None
    """What becomes of what a rule finds in this portal, by the ID of the rule: "off", "warning" or "error". It only
    steers; ours."""

    wait: In[WaitOrNot | None] = None
    """How long the program waits until the domain is ready: 20 minutes by default. False looks once, and fails with
    what is missing. It only steers; ours."""

    adopt: In[Flag] = False
    """Take over a portal of this name that another stack or a person made. True or False; it only steers."""

    adopt_id: In[ObjectId | None] = None
    """The ID of an existing portal to take over: 20 characters, as shown in RevCent. It only steers."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """Both emails come from the sender of the profile, as RevCent's guide asks."""
        sender = plain_text(given, "smtp_sender")
        if sender is None or not is_email_address(sender):
            return
        for email in CustomerEmails.model_fields:
            address = plain_text(given, "customer_emails", email, "from_address")
            if address is not None and sameness(sender) != sameness(address):
                yield Problem(
                    f"customer_emails.{email}.from_address",
                    f"{address!r} is not the sender {sender!r} of the SMTP profile. "
                    f"Change it, or set sender={address!r} on the profile.",
                )
