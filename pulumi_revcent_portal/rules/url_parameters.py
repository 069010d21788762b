"""Rules about a URL parameter set: what RevCent allows and what may lose a part of the attribution."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_revcent_portal.models.base import is_plain
from pulumi_revcent_portal.rules.base import Finding, Place, Rule, Settings, known, run


def _two_parameters_one_metadata(inputs: Mapping[str, Any], _: None) -> Iterator[Place]:
    by_metadata: dict[str, list[str]] = {}
    for each in filter(is_plain, known(inputs, "url_parameters")):
        parameter, metadata = each.get("url_parameter"), each.get("metadata_name")
        if isinstance(parameter, str) and isinstance(metadata, str):
            by_metadata.setdefault(metadata, []).append(parameter)
    for metadata, parameters in by_metadata.items():
        if len(parameters) > 1:
            names = " and ".join(map(repr, parameters))
            yield (
                "url_parameters",
                f"{names} are saved as one metadata, {metadata!r}: of a URL that holds both, one value may be lost.",
            )


URL_PARAMETER_RULES: tuple[Rule[Mapping[str, Any], None], ...] = (
    Rule(
        id="two-parameters-one-metadata",
        severity="warning",
        reason="RevCent saves a parameter's value under its metadata name; it does not say that it keeps two.",
        cure="Give each a metadata_name of its own, unless no URL ever holds both.",
        check=_two_parameters_one_metadata,
    ),
)


def url_parameter_findings(inputs: Mapping[str, Any], *, settings: Settings | None = None) -> list[Finding]:
    """What to warn about in a URL parameter set's canonical inputs.

    Args:
        inputs: `UrlParameterSetInputs.dump()`; unknowns of a preview may stand at any depth.
        settings: What becomes of the findings of single rules.
    """
    return run(URL_PARAMETER_RULES, inputs, None, settings)
