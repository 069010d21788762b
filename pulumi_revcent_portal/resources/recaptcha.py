"""`Recaptcha`: the pair of reCAPTCHA v2 keys that a portal needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.recaptcha import RecaptchaInputs
from pulumi_revcent_portal.providers.recaptcha import RecaptchaProvider
from pulumi_revcent_portal.resources.base import RevCentResource, declare

if TYPE_CHECKING:
    import pulumi


class Recaptcha(RevCentResource, module="revcent", name="Recaptcha"):
    """reCAPTCHA v2 keys ("I'm not a robot"), made for the portal's domain in Google's admin console.

    RevCent keeps them inside each portal; this resource declares them once for several.

    Args:
        resource_name: the Pulumi name.
        site_key: the public key, 40 characters.
        secret_key: the secret key, 40 characters; always encrypted in the state.
        verify: ask the siteverify service, when the keys are created or changed, whether the secret is real.
        verify_url: the address of that service; Google's by default.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RevCent's guide to customer portals (required: reCAPTCHA); Google's documentation for the shape of the keys.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        site_key: pulumi.Output[str]
        """The public key."""
        secret_key: pulumi.Output[str]
        """The secret key, a secret Output."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        site_key: pulumi.Input[str],
        secret_key: pulumi.Input[str],
        verify: bool = False,
        verify_url: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given = {"site_key": site_key, "secret_key": secret_key, "verify": verify, "verify_url": verify_url}
        inputs = declare(RecaptchaInputs, type(self), resource_name, given)
        super().__init__(RecaptchaProvider(), resource_name, inputs, opts, hidden=["verify", "verify_url"], owned=False)
