"""reCAPTCHA keys: two strings that a portal needs. RevCent has no such object, so nothing is written anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_revcent_portal.models.recaptcha import RecaptchaInputs
from pulumi_revcent_portal.models.text import is_loopback
from pulumi_revcent_portal.providers.base import Provider
from pulumi_revcent_portal.providers.planning import checked, require_complete
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, State

if TYPE_CHECKING:
    from pulumi_revcent_portal.providers.results import Props, Warn
    from pulumi_revcent_portal.providers.session import Session


class RecaptchaCore:
    """Validates the keys and, when asked, lets the siteverify service say whether the secret is real."""

    def __init__(self, session: Session, warn: Warn) -> None:
        self.session = session
        self.warn = warn

    def check(self, olds: Props, news: Props) -> Checked:  # noqa: ARG002 - the old inputs do not matter here
        """Validate; without `verify` the service's address says nothing."""
        result = checked(RecaptchaInputs, news)
        if not result.problems and not result.inputs.get("verify"):
            result.inputs.pop("verify_url", None)
        return result

    def diff(self, object_id: str, olds: Props, news: Props) -> Difference:  # noqa: ARG002 - the engine's signature
        """Another site key is another pair; another secret is an update."""
        replaces = ["site_key"] if olds.get("site_key") != news.get("site_key") else []
        changed = replaces or olds.get("secret_key") != news.get("secret_key")
        return Difference(changes=None if changed else False, replaces=replaces)

    def create(self, props: Props) -> State:
        """Keep the keys, after asking about the secret if `verify` is set."""
        require_complete(RecaptchaInputs, props)
        if props.get("verify"):
            self._verify(str(props["secret_key"]), str(props["verify_url"]))
        return State(str(props["site_key"]), dict(props))

    def _verify(self, secret_key: str, url: str) -> None:
        """Send the secret with an empty answer: the service objects to the answer only, when the secret is real.

        Source: Google's documentation of the siteverify error codes (`invalid-input-secret`).
        """
        import httpx  # noqa: PLC0415 - loaded only when it is used

        local = is_loopback(urlsplit(url).hostname or "")
        try:
            answer = httpx.post(
                url,
                data={"secret": secret_key, "response": ""},
                timeout=self.session.settings.timeout,
                trust_env=not local,  # no proxy stands between this machine and itself
            )
            codes = set(answer.raise_for_status().json().get("error-codes") or ())
        except (httpx.HTTPError, ValueError, AttributeError, TypeError) as error:
            raise ProviderProblem(
                f"secret_key could not be verified: {url} answered no verdict ({type(error).__name__}). Try again, or "
                "set verify=False."
            ) from None
        if {"invalid-input-secret", "missing-input-secret"} & codes:
            raise ProviderProblem(
                f"secret_key is not known to the siteverify service ({url}). Copy the secret key of the site key "
                f"from the reCAPTCHA admin console (type: v2, 'I'm not a robot')."
            )

    def read(self, object_id: str, olds: Props) -> State:
        """Keep the keys: there is nothing to look at."""
        return State(object_id, dict(olds))

    def update(self, object_id: str, olds: Props, news: Props) -> State:  # noqa: ARG002 - the engine's signature
        """Keep the new secret, after asking about it if `verify` is set."""
        return State(object_id, self.create(news).outputs)

    def delete(self, object_id: str, olds: Props) -> None:
        """Forget the keys with the state."""


class RecaptchaProvider(Provider):
    """The provider of `Recaptcha`."""

    core = RecaptchaCore
