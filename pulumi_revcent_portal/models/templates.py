"""Emails and footers as templates with a brand's variables. Files are not read here, and no brand is known.

A template is text with `[[ brand ]]`, `[% if support_email %]...[% endif %]` and `[%# comments #%]`: Jinja's language,
as far as an email needs it. RevCent's own placeholders, `{{email_code}}`, are text like any other. What is inserted
into HTML is escaped, braces included, so that no value can make markup or a placeholder.

Jinja is loaded when the first template is used, and not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_revcent_portal.models.template_engine import Compiled

Value = str | bool | int | float | list[Any] | dict[str, Any] | None
"""What a variable may be; None for what a brand does not have."""


class TemplateProblem(ValueError):  # noqa: N818  # it reads as what it is
    """Something is wrong with a template, or with a variable for it.

    Args:
        message: What is wrong and what to do about it.
        line: Where in the template, counted from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def variables_of(source: str) -> frozenset[str]:
    """Which variables a template uses, in branches that a brand never sees too.

    Raises:
        TemplateProblem: The template cannot be read, or uses what templates cannot do.
    """
    return frozenset(_compiled(source).names) if _has_delimiters(source) else frozenset()


def render(source: str, variables: Mapping[str, Value], *, html: bool = True) -> str:
    """A template with a brand's variables in their places. All other text stays as it is, byte for byte.

    Args:
        source: The template. Text without a delimiter is given back as it is.
        variables: What the template may use, by name.
        html: Whether it is HTML, and no plain text such as a name or a subject, where values stand as they are.

    Raises:
        TemplateProblem: The template cannot be read, uses a variable that does not exist, inserts what is no text, or
            gives more than 1,000,000 characters.
    """
    return _compiled(source, html=html).render(variables) if _has_delimiters(source) else source


def _has_delimiters(source: str) -> bool:
    return "[[" in source or "[%" in source


def _compiled(source: str, *, html: bool = True) -> Compiled:
    from pulumi_revcent_portal.models.template_engine import compiled  # noqa: PLC0415  # loads Jinja

    return compiled(source, html=html)
