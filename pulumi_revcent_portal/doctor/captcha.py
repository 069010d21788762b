"""The reCAPTCHA secret: asks the siteverify service whether it knows it. It solves nothing and sends no visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pulumi_revcent_portal.api.settings import is_loopback
from pulumi_revcent_portal.doctor.results import Verdict, failed, ok, skipped
from pulumi_revcent_portal.models.recaptcha import SITEVERIFY_URL

if TYPE_CHECKING:
    from pulumi_revcent_portal.doctor.inventory import Captcha
    from pulumi_revcent_portal.doctor.means import Means

__all__ = ["check_recaptcha"]

_CONSOLE: Final = "https://www.google.com/recaptcha/admin"


async def check_recaptcha(captcha: Captcha, means: Means) -> Verdict:
    """Say whether the service knows the secret.

    It is sent with an empty answer of a visitor: the service objects to that only, when the secret is real.
    Source: Google's documentation of the siteverify error codes (`invalid-input-secret`).
    """
    if not captcha.secret.value:
        return skipped(f"The secret key cannot be read: {captcha.secret.missing}.", "Export with --show-secrets.")
    url = means.siteverify_url or captcha.verify_url or SITEVERIFY_URL
    import httpx  # noqa: PLC0415 - loaded only when it is used

    local = is_loopback(urlsplit(url).hostname or "")
    try:
        async with httpx.AsyncClient(timeout=means.seconds, trust_env=not local) as http:
            answer = await http.post(url, data={"secret": captcha.secret.value, "response": ""})
        codes = set(answer.raise_for_status().json().get("error-codes") or ())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError, TypeError) as error:
        return failed(
            f"{url} gave no verdict on the secret key ({type(error).__name__}).",
            "Look whether this machine reaches it, and try again.",
        )
    if {"invalid-input-secret", "missing-input-secret"} & codes:
        return failed(
            f"The siteverify service ({url}) does not know the secret key, so nobody can pass the portal's forms.",
            f'Copy the secret key of this site key from {_CONSOLE} (type v2, "I\'m not a robot"), and run `pulumi up`.',
        )
    return ok(f"{url} knows the secret key.")
