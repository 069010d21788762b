"""What Jinja does for templates, and what it is kept from doing. How templates look is documented in `templates`.

A template reaches no file and no attribute of Python's, calls nothing but `range()`, and cannot run for long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from pulumi_revcent_portal.models.template_language import explained, require_language, variables_in
from pulumi_revcent_portal.models.template_values import (
    FILTERS,
    TESTS,
    WrongUse,
    gone_over,
    inserted,
    inserted_as_it_is,
    limited_range,
    require_size,
)
from pulumi_revcent_portal.models.templates import TemplateProblem
from pulumi_revcent_portal.models.wording import kind, suggestion

_INSERTED: Final = "[[ ]]"  # names of filters that no template can spell
_AS_IT_IS: Final = "[[ ]] in plain text"
_GONE_OVER: Final = "[% for %]"
_LOOP_FIELDS: Final = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
# Jinja reads "\r\n" as "\n". White space that no email holds stands in for the "\r" meanwhile, also within statements.
_STAND_INS: Final = "\x1c\x1d\x1e\x1f\x0b\x85\u2028\u2029"


class _Environment(SandboxedEnvironment):
    """Jinja without files, without globals but `range()`, and without a way to anything of Python's."""

    def __init__(self) -> None:
        super().__init__(
            *("[%", "%]", "[[", "]]", "[%#", "#%]"),
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )
        self.globals = {"range": limited_range}
        self.filters = {**FILTERS, _INSERTED: inserted, _AS_IT_IS: inserted_as_it_is, _GONE_OVER: gone_over}
        self.tests = dict(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`contact.phone`: a key of a dict or a field of `loop`, and never an attribute of Python's."""
        if isinstance(obj, LoopContext) and attribute in _LOOP_FIELDS:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`links["terms"]`, `links[0]`."""
        if isinstance(obj, Mapping):
            if argument not in obj:
                raise WrongUse(f"there is no {argument!r} in it. {suggestion(str(argument), map(str, obj))}")
            return obj[argument]
        if isinstance(obj, list | str) and isinstance(argument, int):
            if argument >= len(obj):
                raise WrongUse(f"there is no item [{argument}]. It has {len(obj)}, and the first is [0].")
            return obj[argument]
        raise WrongUse(f"{kind(obj)} has no {argument!r}.")


_ENVIRONMENT: Final = _Environment()


@dataclass(frozen=True)
class Compiled:
    """A template that can be rendered any number of times.

    Attributes:
        names: The variables that it uses, and the line where each stands first.
    """

    names: Mapping[str, int]
    _template: Template

    def render(self, variables: Mapping[str, Any]) -> str:
        """`templates.render()`, with the template read already."""
        for name, line in self.names.items():
            if name not in variables:
                raise TemplateProblem(f"there is no variable {name!r}. {suggestion(name, variables)}", line)
        pieces, characters = [], 0
        try:
            for piece in self._template.root_render_func(self._template.new_context(dict(variables))):
                pieces.append(piece)
                characters += len(piece)
                require_size(characters)
        except WrongUse as wrong:
            raise TemplateProblem(str(wrong), self._line(wrong)) from None
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise TemplateProblem(f"cannot be rendered: {error}.", self._line(error)) from None
        return "".join(pieces)

    def _line(self, error: Exception) -> int:
        line, trace = 1, error.__traceback__
        while trace:
            if trace.tb_frame.f_globals.get("__jinja_template__") is self._template:
                line = self._template.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        return line


@lru_cache(maxsize=4096)  # a fleet's brands share their templates
def compiled(source: str, *, html: bool = True) -> Compiled:
    """Read a template.

    Args:
        source: The template.
        html: Whether what is inserted is to be escaped for HTML.

    Raises:
        TemplateProblem: It cannot be read, or uses what templates cannot do.
    """
    stand_in = next((character for character in _STAND_INS if character not in source), "\r")
    standing = source.replace("\r", stand_in)
    try:
        tree = _ENVIRONMENT.parse(standing)
        require_language(tree)
        names = variables_in(tree)
        _prepare(tree, stand_in, _INSERTED if html else _AS_IT_IS)
        code = _ENVIRONMENT.compile(tree)
    except TemplateSyntaxError as error:
        raise TemplateProblem(explained(error.message or ""), _open_line(standing, error)) from None
    except ValueError as error:
        if isinstance(error, TemplateProblem):
            raise
        raise TemplateProblem("holds a number that is too long.", 1) from None
    except (RecursionError, MemoryError, SyntaxError):  # of Jinja's parser, and of Python's
        raise TemplateProblem("an expression is nested too deeply. Write it in simpler steps.", 1) from None
    return Compiled(names, Template.from_code(_ENVIRONMENT, code, _ENVIRONMENT.globals))


def _open_line(source: str, error: TemplateSyntaxError) -> int:
    """Where to look: for a statement without its end, where it begins, which Jinja does not tell."""
    if "Unexpected end of template" not in (error.message or ""):
        return error.lineno
    opened: list[int] = []
    begins = False
    for line, sort, value in _ENVIRONMENT.lexer.tokeniter(source, None):
        if begins and value in {"if", "for"}:
            opened.append(line)
        elif begins and value in {"endif", "endfor"}:
            opened.pop()
        begins = sort == "block_begin" or (begins and sort == "whitespace")
    return opened[-1] if opened else error.lineno


def _prepare(tree: nodes.Template, stand_in: str, inserting: str) -> None:
    """Let every value pass through our hands, and give the text its line breaks back."""
    node: Any
    for node in tree.find_all((nodes.TemplateData, nodes.Const, nodes.CondExpr, nodes.Output, nodes.For)):
        if isinstance(node, nodes.TemplateData):
            node.data = node.data.replace(stand_in, "\r")
        elif isinstance(node, nodes.Const):
            node.value = node.value.replace(stand_in, "\r") if isinstance(node.value, str) else node.value
        elif isinstance(node, nodes.CondExpr):
            node.expr2 = node.expr2 or nodes.Const("", lineno=node.lineno)
        elif isinstance(node, nodes.Output):
            node.nodes = [
                item if isinstance(item, nodes.TemplateData) else _through(inserting, item) for item in node.nodes
            ]
        else:
            node.iter = _through(_GONE_OVER, node.iter)
    tree.set_environment(_ENVIRONMENT)


def _through(name: str, node: Any) -> nodes.Filter:
    written = nodes.Const(_written(node), lineno=node.lineno)
    return nodes.Filter(node, name, [written], [], None, None, lineno=node.lineno)


def _written(node: nodes.Node) -> str:
    """What an expression is about, as the template names it; nothing when that takes more than a name."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and _written(node.node):
        return f"{_written(node.node)}.{node.attr}"
    return ""
