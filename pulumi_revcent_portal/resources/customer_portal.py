"""`CustomerPortal`: where a merchant's customers change cards, manage subscriptions and pay failed renewals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.portal import CustomerPortalInputs
from pulumi_revcent_portal.models.smtp import SmtpProfileRef
from pulumi_revcent_portal.providers.customer_portal import CustomerPortalProvider
from pulumi_revcent_portal.readiness.steps import Step
from pulumi_revcent_portal.resources.base import Needs, RevCentResource, declare
from pulumi_revcent_portal.resources.mapped import Mapped, text, whole
from pulumi_revcent_portal.resources.recaptcha import Recaptcha
from pulumi_revcent_portal.resources.smtp_profile import SmtpProfile
from pulumi_revcent_portal.resources.tracking_domain import domain_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.models.emails import CustomerEmails
    from pulumi_revcent_portal.models.filters import CustomerFilters
    from pulumi_revcent_portal.models.permissions import CustomerPermissions
    from pulumi_revcent_portal.models.recaptcha import RecaptchaKeys
    from pulumi_revcent_portal.models.wait import Wait
    from pulumi_revcent_portal.resources.tracking_domain import (
        HasTrackingDomain,
        TrackingDomain,
        TrackingDomainDns,
        TrackingDomainSsl,
    )

    Nested = Mapping[str, Any]


class CustomerPortal(RevCentResource, module="revcent", name="CustomerPortal"):
    """A customer portal.

    Nested values are models of this package, or plain dicts of the same keys; each field takes an Output too.

    Args:
        resource_name: the Pulumi name.
        name: the portal's name, unique in the account.
        tracking_domain: the domain to serve it on: a `PortalDomain`, a `TrackingDomainDns`, or the ID of a domain.
        smtp_profile: the `SmtpProfile` that sends the emails, an `SmtpProfileRef(id, sender)` of another stack, or an
            ID (then the senders cannot be compared).
        recaptcha: the `Recaptcha`, or its two keys.
        customer_emails: the two emails, each with `{{email_code}}`; `CustomerEmails.branded(...)` makes both.
        customer_permissions: what customers may do; nothing by default.
        customer_filters: which customers may enter; all by default.
        display_name: what customers see; the name if blank.
        description: free text for the account's people.
        footer_html: HTML at the foot of every page.
        enabled: whether customers can use it.
        create_non_existing_customer: whether people who are no customers yet may register.
        campaign: the campaign for such customers, by name or ID.
        portal_url: the portal's address as shown in RevCent, for `embed_html`; not sent. Of an Output the HTML is
            secret.
        rules: what becomes of what a rule finds in this portal, by the ID of the rule: "off", "warning" or "error".
        wait: how long the program waits until the domain is ready; 20 minutes by default. False looks once, and fails
            with what is missing.
        adopt: take over an existing portal of this name, with all its settings.
        adopt_id: take over the portal with this ID.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RevCent's CreateCustomerPortal and its guide to customer portals.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        name: pulumi.Output[str]
        """RevCent's name for it."""
        display_name: pulumi.Output[str]
        """What customers see; blank means the name."""
        description: pulumi.Output[str]
        """The free text, without the ownership mark."""
        enabled: pulumi.Output[bool]
        """Whether it is in service."""
        tracking_domain: pulumi.Output[str]
        """The ID of the tracking domain."""
        smtp_profile: pulumi.Output[str]
        """The ID of the SMTP profile."""
        customer_emails: pulumi.Output[dict[str, Any]]
        """Both emails without their HTML, which is not stored as an output."""
        customer_permissions: pulumi.Output[dict[str, bool]]
        """What customers may do: all twelve, by name."""
        customer_filters: pulumi.Output[dict[str, list[dict[str, str]]]]
        """Which customers may enter: `campaign` and `third_party_shop`, each a list of `{"id": ..., "name": ...}`,
        without a name where an ID was declared."""
        create_non_existing_customer: pulumi.Output[bool]
        """Whether people who are no customers yet may register."""
        created_date: pulumi.Output[int | None]
        """When RevCent made it, in Unix seconds."""
        url: pulumi.Output[str | None]
        """The portal's address, when RevCent's answer names one."""
        logo: pulumi.Output[str | None]
        """The address of the portal's logo, which is set in RevCent."""
        embed_html: pulumi.Output[str | None]
        """The iframe to paste into a page of the same domain; known when `url` or `portal_url` is."""
    else:
        created_date = Mapped(whole)
        url = Mapped(text)
        logo = Mapped(text)
        embed_html = Mapped(text)

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        name: pulumi.Input[str],
        tracking_domain: HasTrackingDomain | TrackingDomainDns | TrackingDomainSsl | TrackingDomain | pulumi.Input[str],
        smtp_profile: SmtpProfile | SmtpProfileRef | pulumi.Input[str],
        recaptcha: Recaptcha | RecaptchaKeys | Nested | pulumi.Output[Any],
        customer_emails: CustomerEmails | Nested | pulumi.Output[Any],
        customer_permissions: CustomerPermissions | Nested | pulumi.Output[Any] | None = None,
        customer_filters: CustomerFilters | Nested | pulumi.Output[Any] | None = None,
        display_name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        footer_html: pulumi.Input[str] | None = None,
        enabled: pulumi.Input[bool] | None = None,
        create_non_existing_customer: pulumi.Input[bool] | None = None,
        campaign: pulumi.Input[str] | None = None,
        portal_url: pulumi.Input[str] | None = None,
        rules: Mapping[str, str] | None = None,
        wait: pulumi.Input[Wait | bool] | None = None,
        adopt: bool = False,
        adopt_id: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "name": name,
            "tracking_domain": domain_id(tracking_domain),
            **_profile(smtp_profile),
            "recaptcha": _keys(recaptcha),
            "customer_emails": customer_emails,
            "customer_permissions": customer_permissions,
            "customer_filters": customer_filters,
            "display_name": display_name,
            "description": description,
            "footer_html": footer_html,
            "enabled": enabled,
            "create_non_existing_customer": create_non_existing_customer,
            "campaign": campaign,
            "portal_url": portal_url,
            "rules": rules,
            "wait": wait,
            "adopt": adopt,
            "adopt_id": adopt_id,
        }
        inputs = declare(CustomerPortalInputs, type(self), resource_name, given)
        if isinstance(portal_url, pulumi.Output):  # it may be secret, and the HTML holds it
            sealed = pulumi.ResourceOptions(additional_secret_outputs=["embed_html"])
            opts = pulumi.ResourceOptions.merge(opts, sealed)
        super().__init__(
            CustomerPortalProvider(), resource_name, inputs, opts,
            computed=["created_date", "url", "logo", "embed_html"],
            hidden=["recaptcha", "smtp_sender", "portal_url", "adopt", "adopt_id"],
            needs=Needs(Step.SERVICE, tracking_domain, by_hand=False), refers={"smtp_profile": smtp_profile},
        )  # fmt: skip


def _profile(profile: SmtpProfile | SmtpProfileRef | pulumi.Input[str]) -> dict[str, Any]:
    if isinstance(profile, SmtpProfile | SmtpProfileRef):
        return {"smtp_profile": profile.id, "smtp_sender": profile.sender}
    return {"smtp_profile": profile}


def _keys(recaptcha: Any) -> Any:
    if isinstance(recaptcha, Recaptcha):
        return {"site_key": recaptcha.site_key, "secret_key": recaptcha.secret_key}
    return recaptcha
