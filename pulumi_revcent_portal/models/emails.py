"""The two emails that a portal sends. How the ready-made ones look stands in `branding`."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator

from pulumi_revcent_portal.models import branding
from pulumi_revcent_portal.models.base import In, InvalidInputs, ListOf, Model, validate
from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.placeholder import require_email_code
from pulumi_revcent_portal.models.text import EmailAddress, Html, Line, Name

CONFIRMATION_SUBJECT = "Confirm your account"
PASSWORD_RESET_SUBJECT = "Reset your password"  # noqa: S105  # a subject, not a password

EmailHtml = Annotated[Html, AfterValidator(require_email_code)]


class CustomerEmail(Model):
    """One email of a portal."""

    from_address: In[EmailAddress]
    """The sender's address, which must be the one that the SMTP profile sends from. Required by RevCent."""

    from_name: In[Line] = ""
    """The sender's name, one line; may be empty. Inferred."""

    subject: In[Name | None] = None
    """The subject, one line that is not blank; a default fits the email that it becomes. Inferred."""

    cc: In[ListOf[EmailAddress]] = Field(default_factory=list)
    """Addresses that get a copy. Documented by RevCent, the key is inferred."""

    bcc: In[ListOf[EmailAddress]] = Field(default_factory=list)
    """Addresses that get a copy without being named. Documented by RevCent, the key is inferred."""

    html: In[EmailHtml] = Field(json_schema_extra={"long": True})
    """The text in HTML, showing {{email_code}} where the customer can read it: without the code nobody can register
    or reset a password. Passed on to the letter. The code is documented by RevCent, the key is inferred."""


class CustomerEmails(Model):
    """The two emails of a portal; RevCent requires both."""

    confirmation: In[CustomerEmail]
    """Sent when a customer registers. Required by RevCent."""

    password_reset: In[CustomerEmail]
    """Sent when a customer asks for a new password. Required by RevCent."""

    @field_validator("confirmation")
    @classmethod
    def _confirmation_has_a_subject(cls, email: In[CustomerEmail]) -> In[CustomerEmail]:
        return _with_subject(email, CONFIRMATION_SUBJECT)

    @field_validator("password_reset")
    @classmethod
    def _password_reset_has_a_subject(cls, email: In[CustomerEmail]) -> In[CustomerEmail]:
        return _with_subject(email, PASSWORD_RESET_SUBJECT)

    @classmethod
    @explained
    def branded(  # noqa: PLR0913  # keyword arguments, as a form has fields
        cls,
        *,
        brand: In[str],
        from_address: In[str],
        from_name: In[str] | None = None,
        accent: str = branding.DEFAULT_ACCENT,
        support_email: In[str] | None = None,
        logo_url: In[str] | None = None,
        cc: In[ListOf[str]] = (),
        bcc: In[ListOf[str]] = (),
    ) -> Self:
        """Make both emails in the look of a brand: plain, accessible, and readable in every mail client.

        Args:
            brand: The brand's name as customers know it, one line.
            from_address: The address of the SMTP profile's sender.
            from_name: The sender's name; the brand by default.
            accent: The brand's colour, `#rrggbb`. The text on it is black or white, whichever reads better.
            support_email: An address that customers may ask for help.
            logo_url: An https URL of the brand's logo. Nothing else is loaded from anywhere.
            cc: Addresses that get a copy of both.
            bcc: Addresses that get a copy of both without being named.

        Raises:
            InvalidInputs: Listing every argument that does not fit.
        """
        given = {
            "brand": brand,
            "from_address": from_address,
            "from_name": from_name,
            "accent": accent,
            "support_email": support_email,
            "logo_url": logo_url,
            "cc": cc,
            "bcc": bcc,
        }
        try:
            return validate(cls, validate(branding.BrandedEmails, given).emails())
        except InvalidInputs as error:
            raise InvalidInputs(error.problems, what="CustomerEmails.branded(...)") from None


def _with_subject(email: In[CustomerEmail], default: str) -> In[CustomerEmail]:
    if isinstance(email, CustomerEmail) and email.subject is None:
        return email.model_copy(update={"subject": default})
    return email
