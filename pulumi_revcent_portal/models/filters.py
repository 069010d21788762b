"""Which customers may enter a portal. Nothing here looks a campaign or a shop up."""

from pydantic import Field

from pulumi_revcent_portal.models.base import In, ListOf, Model
from pulumi_revcent_portal.models.text import CampaignId, ShopId


class CustomerFilters(Model):
    """Who may enter: customers of at least one listed campaign and of at least one listed shop.

    An empty list asks for nothing, and without any filter every customer of the account may enter (both documented;
    that the two lists are joined by "and" is inferred).
    """

    campaign: In[ListOf[CampaignId]] = Field(default_factory=list)
    """IDs of campaigns, 20 characters each; the customer belongs to at least one of them. Documented by RevCent."""

    third_party_shop: In[ListOf[ShopId]] = Field(default_factory=list)
    """IDs of third-party shops, 20 characters each; the customer belongs to at least one of them.
    Documented by RevCent."""
