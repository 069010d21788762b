"""What a rule is, and how rules are run over a declaration. The rules themselves stand in a module per subject.

A rule is about what is allowed and yet likely a mistake; what is not allowed is a model's affair. Each has a switch:
its ID, set to `off`, `warning` or `error`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from pulumi_revcent_portal.models.base import is_plain

S = TypeVar("S")
W = TypeVar("W")

Severity = Literal["warning", "error"]
Settings: TypeAlias = Mapping[str, str]
"""What becomes of the findings of rules: ID to `off`, `warning` or `error`; a rule that is not named keeps its own."""
OFF: Final = "off"
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

    def __str__(self) -> str:
        """What people read: the message, and by which ID the rule is switched."""
        return f"{self.message} [rule {self.rule_id}]"


@dataclass(frozen=True)
class Rule(Generic[S, W]):
    """One thing to look at.

    Attributes:
        id: Its name for people and reports; never changes.
        severity: How bad it is when it does not hold.
        reason: Why anybody should care, and who says so.
        cure: What to do, as an order.
        check: Given the subject (for a resource its canonical inputs, `Model.dump()`, unknowns included) and what is
            known of the world around it, gives the places where the rule does not hold.
    """

    id: str
    severity: Severity
    reason: str
    cure: str
    check: Callable[[S, W], Iterable[Place]]

    def findings(self, subject: S, world: W, settings: Settings | None = None) -> Iterator[Finding]:
        """Run the rule. One that needs a value which is not known yet finds nothing."""
        setting = (settings or {}).get(self.id, self.severity)
        if setting == OFF:
            return
        try:
            places = list(self.check(subject, world))
        except NotKnown:
            places = []
        for field, sentence in places:
            severity: Severity = "error" if setting == "error" else "warning"
            yield Finding(self.id, severity, field, f"{sentence} {self.cure}")


def run(rules: Iterable[Rule[S, W]], subject: S, world: W, settings: Settings | None = None) -> list[Finding]:
    """Run rules over one subject, in their order.

    Args:
        rules: The rules.
        subject: What they look at.
        world: What is known of the world around it.
        settings: What becomes of the findings.
    """
    return [finding for rule in rules for finding in rule.findings(subject, world, settings)]


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
