"""`UrlParameterSet`: which URL parameters RevCent saves for the visitors of tracking domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_revcent_portal.models.keywords import explained
from pulumi_revcent_portal.models.url_parameters import UrlParameterSetInputs
from pulumi_revcent_portal.providers.url_parameter_set import UrlParameterSetProvider
from pulumi_revcent_portal.resources.base import RevCentResource, declare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from pulumi_revcent_portal.models.url_parameters import UrlParameter

    Parameter = UrlParameter | Mapping[str, Any]


class UrlParameterSet(RevCentResource, module="revcent", name="UrlParameterSet"):
    """A set of URL parameters whose values RevCent saves as metadata, for every tracking domain that uses the set.

    Args:
        resource_name: the Pulumi name.
        name: RevCent's name for it, unique in the account.
        url_parameters: the parameters, each with the name of the metadata it is saved as.
        description: free text.
        enabled: whether the set is in use.
        adopt: take over an existing set of this name, with all its settings.
        adopt_id: take over the set with this ID.
        opts: Pulumi's options.

    Raises:
        InvalidInputs: an input is wrong; the message names the field and the cure.

    Source: RevCent's CreateUrlParameterSet.
    """

    if TYPE_CHECKING:  # at run time the SDK would resolve these annotations anew for every resource
        name: pulumi.Output[str]
        """RevCent's name for it."""
        url_parameters: pulumi.Output[list[dict[str, str]]]
        """The parameters: `{"url_parameter": "utm_source", "metadata_name": "source"}`."""
        description: pulumi.Output[str]
        """The free text, without the ownership mark."""
        enabled: pulumi.Output[bool]
        """Whether it is in use."""

    @explained
    def __init__(
        self,
        resource_name: str,
        /,
        *,
        name: pulumi.Input[str],
        url_parameters: Sequence[Parameter | pulumi.Output[Any]] | pulumi.Output[Any],
        description: pulumi.Input[str] | None = None,
        enabled: pulumi.Input[bool] | None = None,
        adopt: bool = False,
        adopt_id: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "name": name,
            "url_parameters": url_parameters,
            "description": description,
            "enabled": enabled,
            "adopt": adopt,
            "adopt_id": adopt_id,
        }
        inputs = declare(UrlParameterSetInputs, type(self), resource_name, given)
        super().__init__(UrlParameterSetProvider(), resource_name, inputs, opts, hidden=["adopt", "adopt_id"])
