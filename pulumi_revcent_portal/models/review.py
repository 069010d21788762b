"""What a fleet tells the account about itself, so that rules which need the account can be applied. No I/O."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from pulumi_revcent_portal.models.base import Model


class Reviewed(Model):
    """One brand, as far as a review looks at it."""

    key: str
    """The brand's key."""

    domain: str = ""
    """The root domain, or nothing where that is not known."""

    enabled: bool = True
    """Whether customers can reach the portal."""

    names: Mapping[str, Sequence[str | None]] = Field(default_factory=dict)
    """Names and IDs by the field in which they stand, such as customer_filters.campaign; null is one that is not known
    yet."""

    lines: Mapping[str, str] = Field(default_factory=dict)
    """Where fields stand in a file, such as brands.yaml:12, by field."""

    rules: Mapping[str, str] = Field(default_factory=dict)
    """What becomes of what the rules find, by the ID of the rule."""

    elsewhere: bool = False
    """Whether another stack declares it, of the same fleet."""


class FleetReviewInputs(Model):
    """What the resource `FleetReview` takes."""

    brands: Sequence[Reviewed]
    """The brands whose portals are in the account."""

    whole: bool = True
    """Whether these are all brands of the fleet in the account, as far as anybody knows."""
