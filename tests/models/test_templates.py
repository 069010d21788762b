from __future__ import annotations

import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.models import template_engine
from pulumi_revcent_portal.models.templates import TemplateProblem, render, variables_of

VARIABLES: dict[str, Any] = {
    "brand": "Ärzte & Söhne <{{x}}>",
    "support_email": None,
    "links": ["terms", "privacy"],
    "nothing": [],
    "contact": {"phone": "+49 30 1", "items": "keys come first"},
    "flag": True,
    "count": 3,
    "rate": 0.5,
    "many": ["x"] * 1001,
    "long": "x" * 600_000,
}
HANDLEBARS = (
    "{{email_code}}",
    "{{ email_code }}",
    "{{{raw}}}",
    "{{#if x}}",
    "{{else}}",
    "{{/if}}",
    "{{!-- a comment --}}",
    "{{> partial}}",
    "{{~x~}}",
    "{{#each items}}{{this.[0]}}{{/each}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "<!--[if mso]>",
    "<![endif]-->",
    "]]",
    "%]",
    "#%]",
)
WORDS = (
    *("[[ ", " ]]", "[% ", " %]", "[%# ", " #%]", "[%- ", " -%]", "\n", "\r\n", "if ", "endif", "for x in ", "endfor"),
    *(
        "else",
        "raw",
        "endraw",
        "brand",
        "links",
        "contact",
        "count",
        "support_email",
        "loop",
        ".",
        "index",
        "[",
        "]",
        "0",
    ),
    *(
        "(",
        ")",
        "|upper",
        "|join",
        "|items",
        "|default('')",
        " is odd",
        "range",
        " not ",
        " and ",
        "==",
        " if ",
        "~",
        "'",
    ),
    *("[[ brand ]]", "[% if flag %]", "[% endif %]", "[% for x in links %]", "[% for x, y in contact|items %]", "x"),
    *("[% endfor %]", "{{email_code}}", "*", "-", "1", "set ", "include ", "=", ","),
)
pieces = st.one_of(st.text(), st.sampled_from((*HANDLEBARS, "\r\n", "\r", "\n", "&amp;", "<b>")))
# A bracket at the end of one piece and one at the beginning of the next are a delimiter.
texts = st.lists(pieces).map("".join).filter(lambda text: "[[" not in text and "[%" not in text)
before_a_delimiter = texts.filter(lambda text: not text.endswith("["))


def problem_of(source: str, variables: dict[str, Any] | None = None) -> tuple[int, str]:
    with pytest.raises(TemplateProblem) as caught:
        render(source, VARIABLES if variables is None else variables)
    assert str(caught.value) == caught.value.message
    return caught.value.line, str(caught.value)


@given(texts)
def test_text_without_delimiters_is_given_back_as_it_is(text: str) -> None:
    assert render(text, {}) is text
    assert variables_of(text) == frozenset()


@given(before_a_delimiter, before_a_delimiter, texts)
def test_text_between_delimiters_stays_byte_for_byte(first: str, second: str, third: str) -> None:
    source = f"{first}[% if flag %]{second}[%# a comment #%][% endif %]{third}"
    assert render(source, {"flag": True}) == first + second + third
    assert render(source, {"flag": False}) == first + third


@given(st.text(), before_a_delimiter, texts)
def test_a_brand_is_inserted_as_text_whatever_it_is_called(brand: str, before: str, after: str) -> None:
    inserted = render("[[ brand ]]", {"brand": brand})
    assert unescape(inserted) == brand
    assert not set("{}<>\"'") & set(inserted)
    assert render(f"{before}[[ brand ]]{after}", {"brand": brand}) == before + inserted + after


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_a_template_gives_text_or_a_problem_with_its_line_and_nothing_else(source: str) -> None:
    try:
        render(source, VARIABLES)
    except TemplateProblem as problem:
        assert 1 <= problem.line <= len(source.split("\n"))  # noqa: PT017  # most raise none


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_in_an_address_is_what_the_address_holds(value: str) -> None:
    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag == "a"
            self.href = dict(attrs)["href"] or ""

    page = Links()
    page.feed(render('<a href="mailto:[[ it|url ]]?subject=[[ it|url ]]">', {"it": value}))
    parts = urlsplit(page.href)
    assert unquote(parts.path) == value
    assert parse_qs(parts.query, keep_blank_values=True) == {"subject": [value]}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[[ brand ]] {{email_code}}", "Ärzte &amp; Söhne &lt;&#123;&#123;x&#125;&#125;&gt; {{email_code}}"),
        ("[[brand|upper]]", "ÄRZTE &amp; SÖHNE &lt;&#123;&#123;X&#125;&#125;&gt;"),
        ("[[ brand|replace('Ärzte', '<') ]]", "&lt; &amp; Söhne &lt;&#123;&#123;x&#125;&#125;&gt;"),
        ("[[ 'a{{b' ]]", "a&#123;&#123;b"),
        ("[[ '<' ~ count ]]", "&lt;3"),
        ("[[ count ]] [[ rate ]]", "3 0.5"),
        ("[% if support_email %]yes[% else %]no[% endif %]", "no"),
        ("[% if support_email is defined %]yes[% elif flag %]flag[% endif %]", "flag"),
        ("[% if support_email is none and not nothing %]x[% endif %]", "x"),
        ("[[ support_email|default('-') ]][[ ''|default('?') ]][[ count|default('-') ]]", "-?3"),
        ("[[ 'a' if flag ]][[ 'b' if not flag ]][[ 'c' if not flag else 'd' ]]", "ad"),
        ("[% for x in links %][[ loop.index ]][[ x ]][% if loop.first %] [% endif %][% endfor %]", "1terms 2privacy"),
        ("[% for link in links if link != 'terms' %][[ link ]][% endfor %]", "privacy"),
        ("[% for x in support_email %]x[% else %]none[% endfor %]", "none"),
        ("[% for key in contact %][[ key ]];[% endfor %]", "phone;items;"),
        ("[% for key, it in contact|items %][[ key ]]=[[ it ]];[% endfor %]", "phone=+49 30 1;items=keys come first;"),
        ("[% for x in range(3) %][% for y in range(2) %][[ x ]][[ y ]] [% endfor %][% endfor %]", "00 01 10 11 20 21 "),
        ("[% for x in [1, 2, 3] %][[ 'odd' if x is odd ]][[ 'even' if x is even ]] [% endfor %]", "odd even odd "),
        ("[[ contact.items ]] [[ contact['phone'] ]]", "keys come first +49 30 1"),
        ("[[ links[0] ]] [[ brand[0] ]]", "terms Ä"),
        ("[[ links|join(', ') ]] [[ links|length ]] [[ ' a '|trim ]] [[ 'aB'|capitalize ]] [[ 'aB'|lower ]]",
         "terms, privacy 2 a Ab ab"),
        ("[% if 'terms' in links and count >= 3 %]x[% endif %]", "x"),
        ("[% raw %][[ x ]] {{y}}[% endraw %]", "[[ x ]] {{y}}"),
        ("a\n[%- if flag -%]\r\n b[% endif %]\n", "ab\n"),
        ("a\r\n[[ count ]]\rb\n\r\n", "a\r\n3\rb\n\r\n"),
        ("[[ 'a\r\nb'\r\n]]", "a\r\nb"),
        ("[[ count\n", None),
        ("\x1c\r\n[[ count ]]", "\x1c\r\n3"),
    ],
)  # fmt: skip
def test_what_a_template_can_do(source: str, expected: str | None) -> None:
    if expected is None:
        assert problem_of(source)[1] == "'[[' or '[%' is never closed. Write ']]' or '%]'."
    else:
        assert render(source, VARIABLES) == expected


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("\n[[ brnd ]]", 2, "there is no variable 'brnd'. Did you mean 'brand'?"),
        ("[% if not flag %]\n[[ self ]][% endif %][[ self ]]", 2, "there is no variable 'self'. Known are: brand, "),
        ("[[ loop.index ]]", 1, "there is no variable 'loop'."),
        ("[% for x in links %][% endfor %]\n[[ x ]]", 2, "there is no variable 'x'."),
        ("[% for x in links %][% else %]\n[[ x ]][% endfor %]", 2, "there is no variable 'x'."),
        ("a\n[[ contact.fone ]]", 2, "there is no 'fone' in it. Did you mean 'phone'?"),
        ("[[ links[2] ]]", 1, "there is no item [2]. It has 2, and the first is [0]."),
        ("[[ links.first ]]", 1, "a list has no 'first'."),
        ("a\n\n[[ brand ]]\n[[ support_email ]]", 4,
         "support_email is not given. Put it between [% if support_email %] and [% endif %], or write [[ "),
        ("[[ none ]]", 1, "the value is not given. Put it between [% if ... %] and [% endif %]"),
        ("[[ flag ]]", 1, "flag is true or false, and no text. Ask for it: [% if flag %]."),
        ("[[ links ]]", 1, "links is a list. Write [[ links|join(', ') ]], or [% for item in links %]."),
        ("[[ contact ]]", 1, "contact is a dict. Name one of its values: [[ contact.KEY ]]."),
        ("[[ range(2) ]]", 1, "the value is a range object, and no text."),
        ("[[ (contact|items)[0] ]]", 1, "the value is a tuple, and no text."),
        ("[[ support_email|url ]]", 1, "|url takes a text, not None. Ask first with [% if ... %] whether there is"),
        ("[[ flag|upper ]]", 1, "|upper takes a text, not True."),
        ("[[ brand|join ]]", 1, "|join takes a list, not the string"),
        ("[[ brand|items ]]", 1, "|items takes a dict, not the string"),
        ("[[ count|length ]]", 1, "|length takes a list or a text, not 3."),
        ("[% if brand is odd %][% endif %]", 1, "'is odd' asks for a whole number, not the string"),
        ("[% if count < brand %][% endif %]", 1, "cannot be rendered: '<' not supported between instances of "),
        ("[[ '\\ud800'|url ]]", 1, "a value holds half of a surrogate pair, which a URL cannot carry."),
        ("[% for x in count %][% endfor %]", 1, "count is 3, and a loop needs a list."),
        ("[% for x in many %][% endfor %]", 1, "a loop goes over at most 1,000 items, and many has 1,001."),
        ("[% for x in range(1001) %][% endfor %]", 1, "range() goes over at most 1,000 numbers."),
        ("[% for x in range(1000000000000000000000000) %][% endfor %]", 1, "range() goes over at most 1,000 numbers."),
        ("[[ long ]][[ long ]]", 1, "gives more than 1,000,000 characters."),
        ("[% for x in range(1000) %][% for y in range(1000) %]ab[% endfor %][% endfor %]", 1, "gives more than"),
        ("[[ long|replace('x', 'xx') ]]", 1, "gives more than 1,000,000 characters."),
        ("[[ many|join(long) ]]", 1, "gives more than 1,000,000 characters."),
        ("[[ brand|uper ]]", 1, "there is no filter '|uper' here. Did you mean 'upper'?"),
        ("[[ brand|safe ]]", 1, "there is no filter '|safe' here."),
        ("[[ brand|e ]]", 1, "whatever is inserted is escaped already. Leave the filter out."),
        ("[[ brand|upper(1) ]]", 1, "this filter takes other arguments. Write |upper."),
        ("[[ brand|default('x', true) ]]", 1, "this filter takes other arguments. Write |default('...')."),
        ("[[ links|join(separator='-') ]]", 1, "arguments have no names here: write |join(', ')."),
        ("[[ links|join(*links) ]]", 1, "arguments are written out here, without '*'."),
        ("[[ brand is sameas brand ]]", 1, "there is no test 'is sameas' here."),
        ("a\n[[ brand.upper() ]]", 2, "nothing can be called here but range(). Use a filter, such as |upper."),
        ("[[ count * 3 ]]", 1, "this can be no part of an expression here."),
        ("[[1, 2]]", 1, "this can be no part of an expression here."),
        ("[% for a in links %][% for b in links %]\n[% for c in links %][% endfor %][% endfor %][% endfor %]", 2,
         "loops can be nested 2 deep, and are never recursive."),
        ("[% for a in links recursive %][% endfor %]", 1, "loops can be nested 2 deep, and are never recursive."),
        ("[% if flag %]" * 30 + "[% endif %]" * 30, 1, "statements can be nested 20 deep."),
        ("[[ " + "(" * 3000 + "1" + ")" * 3000 + " ]]", 1, "an expression is nested too deeply."),
        ("[[ " + " and ".join(["count"] * 3000) + " ]]", 1, "an expression is nested too deeply."),
        ("[[ " + "9" * 5000 + " ]]", 1, "holds a number that is too long."),
        ("a\n[% if flag %]\n[% if flag %][% endif %]\n\n", 2, "'[% if %]' is never closed. Write '[% endif %]'."),
        ("[% for x in links %]\n[%- if x %]\n\n", 2, "'[% if %]' is never closed. Write '[% endif %]'."),
        ("a\n[% endif %]", 2, "'[% endif %]' does not fit here."),
        ("[% if flag %][% endfor %]", 1,
         "'[% endfor %]' does not fit here. '[% if %]' is open, and ends with '[% endif %]'."),
        ("[% iff flag %]", 1, "there is no '[% iff %]' here. Did you mean 'if'?"),
        ("[% block x %]", 1, "there is no '[% block %]' here."),
        ("a\n[%# x\n", 2, "'[%#' is never closed. Write '#%]'."),
        ("a\n[% raw %]\n", 2, "'[% raw %]' is never closed. Write '[% endraw %]'."),
        ("[[ a b ]]", 1, "cannot be read: expected token ']]', got 'b'. Text that is to stay as it is stands between"),
        ("[[ a ? b ]]", 1, "cannot be read: unexpected char '?'. Text"),
        ("[[ ]]", 1, "cannot be read: expected an expression, got ']]'. Text"),
        ("[% if %]", 1, "cannot be read: expected an expression, got '%]'. Text"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_told_with_its_line_and_the_cure(source: str, line: int, message: str) -> None:
    assert problem_of(source)[0] == line
    assert problem_of(source)[1].startswith(message)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("[% include 'x' %]", "include"),
        ("[% extends 'x' %]", "extends"),
        ("[% import 'x' as y %]", "import"),
        ("[% from 'x' import y %]", "from"),
        ("[% set a = 1 %]", "set"),
        ("[% set a %][% endset %]", "set"),
        ("[% block x %][% endblock %]", "block"),
        ("[% macro x() %][% endmacro %]", "macro"),
        ("[% call range() %][% endcall %]", "call"),
        ("[% filter upper %][% endfilter %]", "filter"),
        ("[% with a = 1 %][% endwith %]", "with"),
        ("[% autoescape false %][[ brand ]][% endautoescape %]", "autoescape"),
    ],
)
def test_statements_that_templates_do_not_have_are_refused(source: str, word: str) -> None:
    line, message = problem_of(f"\n{source}")
    assert line == 2
    assert message.startswith(f"there is no '[% {word} %]' here. Known are: if, elif, else, ")


@pytest.mark.parametrize(
    "source",
    [
        "[[ brand.__class__ ]]",
        "[[ brand['__class__'] ]]",
        "[[ contact.__class__.__mro__ ]]",
        "[[ contact.keys ]]",
        "[[ range.__globals__ ]]",
        "[% for x in links %][[ loop.__init__ ]][% endfor %]",
        "[% for x in links %][[ loop._iterator ]][% endfor %]",
        "[% for x in links %][[ loop.changed ]][% endfor %]",
        "[% for x in links %][[ loop.cycle(1) ]][% endfor %]",
        "[[ self._TemplateReference__context ]]",
        "[[ '%x'|format(1) ]]",
        "[[ ().__class__ ]]",
        "[[ lipsum ]]",
    ],
)
def test_nothing_of_python_can_be_reached(source: str) -> None:
    problem_of(source)


def test_variables_are_found_in_every_branch_and_no_others() -> None:
    source = """
        [% if a %][[ b.c ]][% elif d %][[ e|default(f) ]][% else %][[ g['h' ~ i] ]][% endif %]
        [% for j, k in l|items if j != m %][[ j ]][[ k ]][[ loop.index ]][% for n in k %][[ n ]][[ o ]][% endfor %]
        [% else %][[ p ]][% endfor %][% for q in range(r) %][[ q ]][% endfor %]
        [%# [[ s ]] #%][% raw %][[ t ]][% endraw %][[ 'u' if 'v' is none else w ]]"""
    assert variables_of(source) == set("abdefgilmoprw")


def test_a_variable_that_is_missing_is_told_in_a_branch_that_is_not_taken_too() -> None:
    assert problem_of("[% if flag %]x[% else %][[ brnd ]][% endif %]") == (
        1,
        "there is no variable 'brnd'. Did you mean 'brand'?",
    )


def test_each_distinct_template_is_read_once() -> None:
    template_engine.compiled.cache_clear()
    for number in range(5):
        assert render("[[ number ]] {{email_code}}", {"number": number}) == f"{number} {{{{email_code}}}}"
    assert variables_of("[[ number ]] {{email_code}}") == {"number"}
    assert template_engine.compiled.cache_info().misses == 1


def test_jinja_is_not_loaded_for_a_text_without_delimiters() -> None:
    program = (
        "import sys; from pulumi_revcent_portal.models.templates import render; "
        "assert render('{{email_code}}', {}) == '{{email_code}}'; print('jinja2' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "False"
