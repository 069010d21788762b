"""The switches of rules: what may be set, and how it is written in a configuration."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_revcent_portal.models.base import Problem
from pulumi_revcent_portal.models.wording import kind, suggestion
from pulumi_revcent_portal.rules import RULES

SETTINGS: Final = ("off", "warning", "error")
"""What can become of a finding: nothing, a warning, a plan that fails."""


def setting_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Say which settings name no rule, or set it to what there is not.

    Args:
        settings: ID of the rule to setting.
    """
    for rule, setting in settings.items():
        if rule not in RULES:
            yield Problem(str(rule), f"there is no rule {rule!r}. {suggestion(str(rule), RULES)}")
        elif setting not in SETTINGS:
            hint = " Put it between quotes." if setting is False else ""
            yield Problem(rule, f"must be off, warning or error, not {kind(setting)}.{hint}")


def read_rule_settings(text: str) -> dict[str, str]:
    """Read settings as a configuration holds them.

    Args:
        text: `two-senders=off, nothing-allowed=error`, or the same as a JSON object, which is what
            `pulumi config set --path 'revcent:rules.two-senders' off` makes.

    Raises:
        ValueError: it cannot be read, or names what there is not.
    """
    settings = _parsed(text.strip())
    if problems := list(setting_problems(settings)):
        raise ValueError(" ".join(map(str, problems)))
    return settings


def _parsed(text: str) -> dict[str, Any]:
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            raise ValueError("is no JSON object. Write it like 'two-senders=off, nothing-allowed=error'.") from None
        return dict(found)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if wrong := [part for part in parts if "=" not in part]:
        raise ValueError(f"{wrong[0]!r} has no setting. Write it like 'two-senders=off, nothing-allowed=error'.")
    return {rule.strip(): setting.strip() for rule, _, setting in (part.partition("=") for part in parts)}
