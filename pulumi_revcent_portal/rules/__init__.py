"""Checklist and risk rules: pure functions over canonical inputs, each with an id. They decide nothing, they point."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pulumi_revcent_portal.rules.base import Finding, Rule, Settings, run
from pulumi_revcent_portal.rules.fleet import FLEET_RULES, AccountView, Member
from pulumi_revcent_portal.rules.portal import PORTAL_RULES, portal_findings
from pulumi_revcent_portal.rules.smtp import SMTP_RULES, smtp_findings
from pulumi_revcent_portal.rules.url_parameters import URL_PARAMETER_RULES, url_parameter_findings

RULES: Mapping[str, Rule[Any, Any]] = MappingProxyType(
    {rule.id: rule for rules in (PORTAL_RULES, SMTP_RULES, URL_PARAMETER_RULES, FLEET_RULES) for rule in rules}
)
"""Every rule by its ID."""

__all__ = [
    "FLEET_RULES",
    "PORTAL_RULES",
    "RULES",
    "SMTP_RULES",
    "URL_PARAMETER_RULES",
    "AccountView",
    "Finding",
    "Member",
    "Rule",
    "Settings",
    "portal_findings",
    "run",
    "smtp_findings",
    "url_parameter_findings",
]
