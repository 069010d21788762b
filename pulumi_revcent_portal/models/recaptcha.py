"""The pair of reCAPTCHA v2 keys that a portal needs. Nothing here asks Google anything."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pulumi_revcent_portal.models.base import In, Model, Problem, plain_text
from pulumi_revcent_portal.models.text import Flag, Text, web_address_problem

SITEVERIFY_URL = "https://www.google.com/recaptcha/api/siteverify"
"""Google's service that says whether a secret key is real."""

# What every v2 key that Google has issued looks like; Google documents no grammar.
_KEY = re.compile(r"6L[A-Za-z0-9_-]{38}")
_LENGTH = 40
_SHAPE = "A reCAPTCHA key is 40 letters, digits, - and _, and begins with 6L."
_WHERE = 'Copy it from https://www.google.com/recaptcha/admin (type v2, "I\'m not a robot").'


def _key(value: str) -> str:
    """Hold a key against the shape. Neither key is shown: a secret key may stand where the site key should."""
    if _KEY.fullmatch(value):
        return value
    if value != value.strip():
        raise ValueError(f"begins or ends with white space. Remove it. {_SHAPE}")
    wrong = (
        "it is blank"
        if not value
        else f"it has {len(value)} characters"
        if len(value) != _LENGTH
        else "this one does not"
    )
    raise ValueError(f"is no key of reCAPTCHA v2: {wrong}. {_SHAPE} {_WHERE}")


def _verify_url(value: str) -> str:
    problem = web_address_problem(value, loopback=True)
    if problem:
        raise ValueError(f"{problem} Plain http is accepted only for this machine itself.")
    return value


Key = Annotated[Text, AfterValidator(_key)]
VerifyUrl = Annotated[Text, AfterValidator(_verify_url)]


class RecaptchaKeys(Model):
    """The keys of one reCAPTCHA v2 "I'm not a robot" site, made for the portal's domain."""

    site_key: In[Key]
    """The public key: 40 characters beginning with 6L. Required by RevCent; its shape is Google's."""

    secret_key: In[Key] = Field(repr=False, json_schema_extra={"secret": True})
    """The secret key: 40 characters beginning with 6L, not the site key. Required by RevCent; its shape is Google's."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """The two keys of a site always differ."""
        secret = plain_text(given, "secret_key")
        if secret is not None and secret == plain_text(given, "site_key"):
            yield Problem("secret_key", f"is the site key once more. The secret key is the other one. {_WHERE}")


class RecaptchaInputs(RecaptchaKeys):
    """What the resource `Recaptcha` takes."""

    verify: In[Flag] = False
    """Whether to ask the siteverify service if the secret key is real. True or False; ours, not RevCent's."""

    verify_url: In[VerifyUrl] = SITEVERIFY_URL
    """The siteverify service: an https URL, or http on this machine. Google's by default; ours."""
