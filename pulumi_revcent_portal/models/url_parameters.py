"""URL parameter sets: which parameters of visitors' URLs RevCent saves, and under which names. Nothing here asks it."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, cast

from pulumi.output import Unknown
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from pulumi_revcent_portal.models.base import In, ListOf, Model, Problem, plain_text
from pulumi_revcent_portal.models.text import Description, Flag, Name, ObjectId
from pulumi_revcent_portal.models.wording import shown

# What separates parameters from each other, from their values and from the rest of a URL (RFC 3986, section 3.4, and
# the URL standard's application/x-www-form-urlencoded), and white space, which a URL does not hold.
_SEPARATOR = re.compile(r"[\s?&=#]")


def _parameter(value: str) -> str:
    found = _SEPARATOR.search(value)
    if found:
        raise ValueError(
            f"{shown(value)} is not the name of one URL parameter: it holds {shown(found[0])}. Write the name alone, "
            "like utm_source; each parameter is an item of its own."
        )
    return value


ParameterName = Annotated[Name, AfterValidator(_parameter)]


class UrlParameter(Model):
    """One parameter of a URL's query whose value RevCent saves as metadata of visitors and purchases."""

    url_parameter: In[ParameterName]
    """The parameter's name as it stands in the URL, such as utm_source: no ?, &, = or #. Documented by RevCent."""

    metadata_name: In[Name | None] = Field(default=None, validate_default=True)
    """The name of the metadata that its value is saved as. The parameter's own name by default. Documented by
    RevCent."""

    @field_validator("metadata_name")
    @classmethod
    def _named_after_the_parameter(cls, name: In[str | None], info: ValidationInfo) -> In[str | None]:
        parameter = info.data.get("url_parameter")
        if name is None and isinstance(parameter, str | Unknown):
            # An Output is left to the provider, which sees the name behind it.
            return cast("str", parameter)
        return name


class UrlParameterSetInputs(Model):
    """What the resource `UrlParameterSet` takes."""

    name: In[Name]
    """The set's name in RevCent, unique among URL parameter sets. Documented by RevCent."""

    url_parameters: In[ListOf[UrlParameter]]
    """The parameters to save, at least one. Their order says nothing. Documented by RevCent."""

    description: In[Description] = ""
    """Free text for the people who run the account. Documented by RevCent."""

    enabled: In[Flag] = True
    """Whether the set is in use. True or False; documented by RevCent."""

    adopt: In[Flag] = False
    """Take over a set of this name that another stack or a person made. True or False; it only steers."""

    adopt_id: In[ObjectId | None] = None
    """The ID of an existing set to take over: 20 characters, as shown in RevCent. It only steers."""

    @classmethod
    def relations(cls, given: Mapping[str, Any]) -> Iterator[Problem]:
        """There are parameters, and each of them once: what a visitor's URL held cannot be had again later."""
        parameters = given.get("url_parameters")
        if not isinstance(parameters, list | tuple):
            return
        if not parameters:
            yield Problem(
                "url_parameters",
                "is empty, so nothing would be saved. Name at least one parameter; to stop saving, set enabled=False.",
            )
        seen: dict[str, int] = {}
        for index, parameter in enumerate(parameters):
            name = plain_text({"item": parameter}, "item", "url_parameter")
            if name is not None and (first := seen.setdefault(name, index)) != index:
                yield Problem(
                    f"url_parameters[{index}]",
                    f"is {shown(name)} once more, after url_parameters[{first}]. Leave one of them.",
                )
