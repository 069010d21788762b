"""Which customers may enter a portal. Nothing here looks a campaign or a shop up."""

from pydantic import Field

from pulumi_revcent_portal.models.base import In, ListOf, Model
from pulumi_revcent_portal.models.text import NameOrId


class CustomerFilters(Model):
    """Who may enter: customers of at least one listed campaign and of at least one listed shop.

    An empty list asks for nothing, and without any filter every customer of the account may enter (both documented;
    that the two lists are joined by "and" is inferred).
    """

    campaign: In[ListOf[NameOrId]] = Field(default_factory=list)
    """Campaigns, by name or by ID (20 characters); the customer belongs to at least one of them. Documented by
    RevCent, which itself takes IDs."""

    third_party_shop: In[ListOf[NameOrId]] = Field(default_factory=list)
    """Third-party shops, by name or by ID (20 characters); the customer belongs to at least one of them. Documented by
    RevCent, which itself takes IDs."""
