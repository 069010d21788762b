"""What a template may say, and what is told where it says something else. Nothing is rendered here.

Whatever Jinja has and this list has not is refused before anything runs.
"""

from __future__ import annotations

import re
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes

from pulumi_revcent_portal.models.template_values import FILTERS, TESTS
from pulumi_revcent_portal.models.templates import TemplateProblem
from pulumi_revcent_portal.models.wording import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_LOOPS_IN_LOOPS: Final = 2
MAX_DEPTH: Final = 20  # Python takes 100 levels of indentation

_RAW: Final = "Text that is to stay as it is stands between '[% raw %]' and '[% endraw %]'."
_TAGS: Final = ("if", "elif", "else", "endif", "for", "endfor", "raw", "endraw")
_LANGUAGE: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Scope),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test),
    *(nodes.Call, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.CondExpr, nodes.Concat),
)
_WORDS_OF_JINJA: Final = {
    "Assign": "set",
    "AssignBlock": "set",
    "CallBlock": "call",
    "FilterBlock": "filter",
    "FromImport": "from",
    "ScopedEvalContextModifier": "autoescape",
}

_USAGE: Final = {"default": "default('...')", "join": "join(', ')", "replace": "replace('old', 'new')"}


def require_language(node: nodes.Node, *, loops: int = 0, depth: int = 0) -> None:
    """Refuse what a template cannot do.

    Args:
        node: A template as Jinja has read it, or a part of it.
        loops: In how many loops it stands.
        depth: In how many statements it stands.

    Raises:
        TemplateProblem: At the first thing that is refused.
    """
    loops += isinstance(node, nodes.For)
    depth += isinstance(node, nodes.Stmt)
    problem = _problem(node, loops, depth)
    if problem:
        raise TemplateProblem(problem, node.lineno)
    for child in node.iter_child_nodes():
        require_language(child, loops=loops, depth=depth)


def _problem(node: Any, loops: int, depth: int) -> str | None:
    if not isinstance(node, _LANGUAGE) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
        return _not_in_the_language(node)
    if isinstance(node, nodes.Filter | nodes.Test | nodes.Call):
        return _problem_of_a_call(node)
    if loops > MAX_LOOPS_IN_LOOPS or (isinstance(node, nodes.For) and node.recursive):
        return f"loops can be nested {MAX_LOOPS_IN_LOOPS} deep, and are never recursive."
    return f"statements can be nested {MAX_DEPTH} deep." if depth > MAX_DEPTH else None


def _problem_of_a_call(node: nodes.Filter | nodes.Test | nodes.Call) -> str | None:
    if node.dyn_args or node.dyn_kwargs:
        return "arguments are written out here, without '*'."
    if isinstance(node, nodes.Filter):
        if node.name in {"e", "escape"}:
            return "whatever is inserted is escaped already. Leave the filter out."
        return _unknown(f"filter '|{node.name}'", node.name, FILTERS) or _wrong_arguments(node)
    if isinstance(node, nodes.Test):
        return _unknown(f"test 'is {node.name}'", node.name, TESTS)
    if isinstance(node.node, nodes.Name) and node.node.name == "range":
        return None
    return "nothing can be called here but range(). Use a filter, such as |upper."


def _wrong_arguments(node: nodes.Filter) -> str | None:
    try:
        signature(FILTERS[node.name]).bind(node.node, *node.args)
    except TypeError:
        return f"this filter takes other arguments. Write |{_USAGE.get(node.name, node.name)}."
    return None


def _unknown(what: str, name: str, known: Collection[str]) -> str | None:
    return None if name in known else f"there is no {what} here. {suggestion(name, known)}"


def _not_in_the_language(node: nodes.Node) -> str:
    if isinstance(node, nodes.Stmt):
        name = type(node).__name__
        return f"there is no '[% {_WORDS_OF_JINJA.get(name, name.lower())} %]' here. Known are: {', '.join(_TAGS)}."
    if isinstance(node, nodes.Keyword):
        return "arguments have no names here: write |join(', ')."
    return (
        "this can be no part of an expression here. Use names, texts, numbers, lists, 'and', 'or', 'not', 'in', 'is', "
        f"comparisons, '~', filters, and 'A if B else C'. {_RAW}"
    )


def variables_in(tree: nodes.Node) -> dict[str, int]:
    """The variables that a template needs, and the first line where each stands.

    Args:
        tree: A template that `require_language()` has let through.
    """
    found: dict[str, int] = {}
    _collect(tree, frozenset({"range"}), found)
    return found


def _collect(node: nodes.Node, bound: frozenset[str], found: dict[str, int]) -> None:
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in bound:
        found[node.name] = min(node.lineno, found.get(node.name, node.lineno))
    elif isinstance(node, nodes.For):
        targets = {
            name.name for name in (node.target, *node.target.find_all(nodes.Name)) if isinstance(name, nodes.Name)
        }
        _collect(node.iter, bound, found)
        for child in filter(None, (node.test, *node.body)):
            _collect(child, bound | targets | {"loop"}, found)
        for child in node.else_:
            _collect(child, bound, found)
    else:
        for child in node.iter_child_nodes():
            _collect(child, bound, found)


_SYNTAX: Final = (
    (r"end of comment", "'[%#' is never closed. Write '#%]'."),
    (r"end of raw", "'[% raw %]' is never closed. Write '[% endraw %]'."),
    (r"end of template'|end of template,", "'[[' or '[%' is never closed. Write ']]' or '%]'."),
)


def explained(said: str) -> str:
    """Say in the words of our delimiters what Jinja says of a syntax error.

    Args:
        said: Jinja's message.
    """
    tag = re.search(r"unknown tag '(.*?)'", said)
    opened = re.search(r"needs to be closed is '(.*?)'", said)
    for found in filter(None, (tag, opened)):
        if found[1] not in _TAGS:
            return f"there is no '[% {found[1]} %]' here. {suggestion(found[1], _TAGS)}"
    end = f" '[% {opened[1]} %]' is open, and ends with '[% end{opened[1]} %]'." if opened else ""
    if tag:
        return f"'[% {tag[1]} %]' does not fit here.{end}"
    if opened:
        return f"'[% {opened[1]} %]' is never closed. Write '[% end{opened[1]} %]'."
    for pattern, message in _SYNTAX:
        if re.search(pattern, said):
            return message
    said = re.sub(r" at \d+$", "", said).replace("end of print statement", "]]").replace("end of statement block", "%]")
    return f"cannot be read: {said[:1].lower()}{said[1:]}. {_RAW}"
