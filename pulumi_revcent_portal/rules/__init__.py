"""Checklist and risk rules: pure functions over canonical inputs, each with an id. They decide nothing, they point."""

from pulumi_revcent_portal.rules.base import Finding, Rule
from pulumi_revcent_portal.rules.portal import PORTAL_RULES, portal_findings
from pulumi_revcent_portal.rules.smtp import SMTP_RULES, smtp_findings
from pulumi_revcent_portal.rules.url_parameters import URL_PARAMETER_RULES, url_parameter_findings

__all__ = [
    "PORTAL_RULES",
    "SMTP_RULES",
    "URL_PARAMETER_RULES",
    "Finding",
    "Rule",
    "portal_findings",
    "smtp_findings",
    "url_parameter_findings",
]
