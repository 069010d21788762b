"""What a rule is, and how rules are run over a declaration. The rules themselves stand in a module per resource.

A rule is about what is allowed and yet likely a mistake; what is not allowed is a model's affair.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pulumi_revcent_portal.models.base import is_plain

W = TypeVar("W")

Severity = Literal["warning"]
Place = tuple[str, str]
"""A field as a program writes it, and one sentence that says what is wrong there."""


@dataclass(frozen=True)
class Finding:
    """One place where a rule does not hold.

    Attributes:
        rule_id: Which rule: `registration-without-campaign`.
        severity: How bad it is.
        field: Where, as a program writes it: `customer_filters`.
        message: What is wrong and what to do about it, complete without the field. Holds no secret.
    """

    rule_id: str
    severity: Severity
    field: str
    message: str


@dataclass(frozen=True)
class Rule(Generic[W]):
    """One thing to look at.

    Attributes:
        id: Its name for people and reports; never changes.
        severity: How bad it is when it does not hold.
        reason: Why anybody should care, and who says so.
        cure: What to do, as an order.
        check: Given the canonical inputs (`Model.dump()`, unknowns included) and what is known of the world around
            them, gives the places where the rule does not hold.
    """

    id: str
    severity: Severity
    reason: str
    cure: str
    check: Callable[[Mapping[str, Any], W], Iterable[Place]]

    def findings(self, inputs: Mapping[str, Any], world: W) -> Iterator[Finding]:
        """Run the rule. One that needs a value which is not known yet finds nothing."""
        try:
            places = list(self.check(inputs, world))
        except NotKnown:
            places = []
        for field, sentence in places:
            yield Finding(self.id, self.severity, field, f"{sentence} {self.cure}")


def run(rules: Iterable[Rule[W]], inputs: Mapping[str, Any], world: W) -> list[Finding]:
    """Run rules over the canonical inputs of one resource, in their order."""
    return [finding for rule in rules for finding in rule.findings(inputs, world)]


def known(inputs: Mapping[str, Any], *path: str) -> Any:
    """The value at a path.

    Raises:
        NotKnown: When it, or what it stands in, is an Output or an unknown of a preview.
    """
    value: Any = inputs
    for key in path:
        value = value.get(key)
        if not is_plain(value):
            raise NotKnown
    return value


class NotKnown(Exception):  # noqa: N818  # nothing went wrong: there is only nothing to say yet
    """A value will be known later, so a rule that needs it has nothing to say now."""
