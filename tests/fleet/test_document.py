from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_revcent_portal.fleet import tree
from pulumi_revcent_portal.fleet.document import Document, FileProblem, Place, read_document

LOADERS = (yaml.CSafeLoader, yaml.SafeLoader)


@pytest.fixture(params=LOADERS, ids=("C", "Python"))
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type:
    monkeypatch.setattr(tree, "_LOADER", request.param)
    found: type = request.param
    return found


PRINTABLE = "\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"


def read(folder: Path, content: str | bytes) -> Document:
    path = folder / "brands.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, shown="brands.yaml")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


def problems(document: Document) -> list[str]:
    return [str(problem) for problem in document.problems]


def lines(document: Document, *fields: str) -> list[int]:
    return [document.place(field).line for field in fields]


# -- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("written", "value"),
    [
        *((word, word) for word in ("no", "No", "NO", "yes", "y", "n", "on", "off", "Off", "nulL", "tRue", "=", "<<")),
        *((word, word) for word in ("20m", "12:30", "190:20:30", "2026-11-23", "2026-11-23T10:00Z", "1_000", "+49")),
        *((word, word) for word in ("0123", "0o17", "0x1F", "1e5", "1234e90", "1.", ".5", ".inf", ".nan", "-.5")),
        *((word, word) for word in ("01.5", "--1", "1.5.2", "12345678901234567890", "1.0e999", "1,5", "~x")),
        *((word, None) for word in ("", "~", "null", "Null", "NULL", "# a comment")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, int(word)) for word in ("0", "-1", "587", "999999999999999")),
        *((word, float(word)) for word in ("0.5", "-1.50", "1.0e+16", "1.5e-3", "1234567890123456.5", "0.0")),
        *((f"{quote}{word}{quote}", word) for quote in "'\"" for word in ("true", "12", "~", "", "config:x")),
        ("! 12", "12"),
        ("!!str 12", "12"),
        ("!!str", ""),
        ("|\n    12\n", "12\n"),
        (">-\n    true", "true"),
        ("a # comment", "a"),
        ("a#b", "a#b"),
        ("[1, no, {a: ~}]", [1, "no", {"a": None}]),
        ("{a: [], b: {}}", {"a": [], "b": {}}),
    ],
)  # fmt: skip
def test_values_are_read_as_yaml_1_2_reads_them_and_never_guessed(tmp_path: Path, written: str, value: object) -> None:
    document = read(tmp_path, f"brands:\n  it: {written}\n")
    assert problems(document) == []
    assert document.data == {"brands": {"it": value}}
    assert type(document.data["brands"]["it"]) is type(value)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(
    TEXTS,
    st.sampled_from(["no", "0123", "1e5", "1_0", "12:30", "2026-11-23", "null", "<<", "- a", "a: b", "\n\n a\n"]),
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: "." in repr(number)),  # 5e-324 is a string
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=12)


@given(
    data=st.dictionaries(TEXTS, VALUES, min_size=1),
    flow=st.sampled_from([None, True, False]),
    indent=st.integers(2, 6),
    width=st.sampled_from([20, 80, 1000]),
    unicode=st.booleans(),
)
def test_what_is_dumped_comes_back(
    shared: Path, *, data: dict[str, Any], flow: bool | None, indent: int, width: int, unicode: bool
) -> None:
    text = yaml.safe_dump(
        data, default_flow_style=flow, indent=indent, width=width, allow_unicode=unicode, sort_keys=False
    )
    assume(not re.search(f"[^{PRINTABLE}]", text))
    assume(yaml.safe_load(text) == data)  # PyYAML sometimes folds a line where it must not
    document = read(shared, text)
    assert problems(document) == []
    assert json.dumps(document.data) == json.dumps(data)  # true is no 1, and the order stays


# -- where it stands -------------------------------------------------------------------------------------------------

KEYS = st.text(st.sampled_from("abc.:# ä[]0-"), min_size=1, max_size=5)
FIELDS = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12)


class Writer:
    """Writes YAML line by line and keeps the line of every field; nothing of it comes from PyYAML."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.places: list[tuple[str, int]] = []

    def write(self, value: Any, path: str, start: str, indent: str) -> int:
        """Write a value behind its key or its dash, which stand in `start`; gives the line where the value begins."""
        line = len(self.lines) + 1
        if isinstance(value, str) and value.isalnum() and self.draw(st.booleans()):
            self.lines += [f"{start} |-", f"{indent} {value}"]
        elif not value or not isinstance(value, dict | list):
            self.lines.append(f"{start} {json.dumps(value, ensure_ascii=False)}")
        else:
            self.lines += [start] if start else []
            indent += " " * self.draw(st.integers(1, 4)) if start else ""
            fields = [self.field(item, key, path, indent) for key, item in entries(value)]
            line = fields[0]
        return line

    def field(self, item: Any, key: str | int, path: str, indent: str) -> int:
        self.lines += self.draw(st.lists(st.sampled_from(["", "# a: comment", "# - it"]), max_size=2))
        before, line = len(self.places), len(self.lines) + 1
        field = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else key
        start = "-" if isinstance(key, int) else f"{json.dumps(key, ensure_ascii=False)}:"
        begun = self.write(item, field, indent + start, indent)
        self.places.insert(before, (field, begun if isinstance(key, int) else line))
        return line


def entries(value: dict[str, Any] | list[Any]) -> Iterable[tuple[str | int, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


@st.composite
def written_files(draw: st.DrawFn) -> tuple[dict[str, Any], Writer]:
    data = draw(st.dictionaries(KEYS, FIELDS, min_size=1))
    writer = Writer(draw)
    writer.write(data, "", "", "")
    fields = [field for field, _ in writer.places]
    assume(len({*fields}) == len(fields))  # keys with dots can spell two fields in the same way
    return data, writer


@given(written_files(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_every_place_points_at_the_line_where_the_field_stands(
    shared: Path, it: tuple[dict[str, Any], Writer], line_break: str, mark: bool
) -> None:
    data, writer = it
    text = line_break.join(writer.lines)
    assume(not re.search(f"[^{PRINTABLE}]", text))
    document = read(shared, (b"\xef\xbb\xbf" if mark else b"") + text.encode())
    assert problems(document) == []
    assert document.data == data
    for field, line in writer.places:
        assert lines(document, field) == [line]
        assert lines(document, f"{field}.missing", f"{field}[99].missing") == [line, line]


FLEET = """\
# The brands of the shop.
defaults: &defaults
  accent: "#123456"
  cc: [a@acme.test,
       b@acme.test]
footer: &footer
  <p>Thanks</p>

brands:
  acme:
    <<: *defaults
    domain: acme.com
    footer: *footer
    emails:
      - to: x
        cc:
          - y
          - *footer
  "best.com": {domain: best.com, <<: [{wait: 20m}, *defaults], accent: red}
domains:
  acme: {com: 1}
  acme.com:
    dns: route53
  "a[0]":
    - {b: 1}
"""


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("field", "line", "column"),
    [
        ("", 2, 1),
        ("brands", 9, 1),
        ("brands.acme", 10, 3),
        ("brands.acme.domain", 12, 5),
        ("brands.acme.smtp.host", 10, 3),
        ("brands.acme.accent", 3, 3),
        ("brands.acme.cc[1]", 5, 8),
        ("brands.acme.cc[2]", 4, 3),
        ("brands.acme.cc[x]", 4, 3),
        ("brands.acme.cc.x", 4, 3),
        ("brands.acme.footer", 6, 9),
        ("brands.acme.footer.x[1]", 6, 9),
        ("brands.acme.emails[0]", 15, 9),
        ("brands.acme.emails[0].subject", 15, 9),
        ("brands.acme.emails[0].cc[1]", 6, 9),
        ("brands.best.com.accent", 19, 64),
        ("brands.best.com.wait", 19, 40),
        ("brands.best.com.cc[0]", 4, 8),
        ("brands.best.org", 9, 1),
        ("brands.acmeX", 9, 1),
        ("domains.acme.com.dns", 23, 5),
        ("domains.acme.com", 22, 3),
        ("domains.acme.org", 21, 3),
        ("domains.acme", 21, 3),
        ("domains.a[0][0].b", 25, 8),
        ("elsewhere", 2, 1),
    ],
)
def test_a_field_stands_where_its_key_does_or_where_an_alias_has_it_from(
    tmp_path: Path, field: str, line: int, column: int
) -> None:
    document = read(tmp_path, FLEET)
    assert problems(document) == []
    assert document.place(field) == Place("brands.yaml", line, column, field)
    assert str(document.place(field)) == f"brands.yaml:{line}"


def test_anchors_aliases_and_merge_keys_give_the_values_that_they_stand_for(tmp_path: Path) -> None:
    brands = read(tmp_path, FLEET).data["brands"]
    cc = ["a@acme.test", "b@acme.test"]
    assert brands["acme"] == {
        "accent": "#123456",
        "cc": cc,
        "domain": "acme.com",
        "footer": "<p>Thanks</p>",
        "emails": [{"to": "x", "cc": ["y", "<p>Thanks</p>"]}],
    }
    assert brands["best.com"] == {"domain": "best.com", "wait": "20m", "accent": "red", "cc": cc}
    assert brands["acme"]["cc"] is not brands["best.com"]["cc"]


def test_the_first_of_several_merged_mappings_wins_and_an_anchor_can_be_set_anew(tmp_path: Path) -> None:
    document = read(
        tmp_path, "a: &x {k: 1, l: 2}\nb: &y {k: 3}\nc: {<<: [*y, *x]}\nd: &x 5\ne: *x\nf: {<<: ~, '<<': 6}\n"
    )
    assert problems(document) == []
    assert document.data["c"] == {"k": 3, "l": 2}
    assert document.data["e"] == 5
    assert document.data["f"] == {"<<": 6}


# -- what is wrong ---------------------------------------------------------------------------------------------------

BRACES = "Put text that begins with '{' or '[', such as '{{email_code}}', in quotes or below a '|'."
OPEN_BRACKET = f"the bracket that opens here is not closed, or lacks a comma. {BRACES}"
APOSTROPHE = "within single quotes an apostrophe is written twice."
OPEN_QUOTE = f"the quote that opens here is never closed. Close it; {APOSTROPHE}"
BEHIND_A_QUOTE = f"something follows behind the closing quote. Put the whole text between the quotes; {APOSTROPHE}"
TAB = "the line is indented with a tab, and YAML takes only plain spaces. Replace it by spaces."
NBSP = "the line is indented with the space U+00A0, and YAML takes only plain spaces. Replace it by spaces."
NO_KEY = (
    "this line has no 'key: value'. Add the colon and a space behind it; a text of several lines goes below a '|', "
    "indented."
)
IN_A_VALUE = (
    "a key stands where the value above it goes on. Indent it like the keys above, or correct the line before it: a "
    "colon lacks the space behind it, or a text its quotes."
)
COLUMNS = "this line is indented like none above it. Begin the keys of one mapping in the same column."
MEANING = (
    "a line that begins with '%', '---' or '...' has a meaning of its own in YAML. Remove it, or put the text in "
    "quotes."
)
ESCAPE = "a backslash in double quotes begins an escape, and this is none. Write two backslashes, or use single quotes."
TAG = (
    "'!' begins a tag, and tags mean nothing here. For a secret write a reference: config:NAME or env:NAME. Put text "
    "that begins with '!' in quotes."
)
NO_ANCHOR = (
    "'*' begins an alias, and no anchor of that name ('&' and the name) stands above it. Correct the name, or put text "
    "that begins with '*' in quotes."
)
NO_ALIAS = "'*' begins an alias, and this is no name of one. Put text that begins with '*' in quotes."
BAD_ANCHOR = "'&' begins an anchor, and this is no name of one. Put text that begins with '&' in quotes."
EMPTY_ANCHOR = "'&' begins an anchor, and no value follows it. Put text that begins with '&' in quotes, or write null."
OF_ITSELF = "the alias stands inside of what it stands for, which would never end. Remove it."
ITEM = (
    "'- ' begins an item of a list, which cannot stand behind its key. Begin it in a line of its own, or put text that "
)
NO_ITEM = "this line is no item of the list above it. Begin it with '- ', or correct its indentation."
DEEP = "values are nested more than 100 levels deep here. Nest them less."
BOMB = "aliases up to here stand for more than 5 MB. Use fewer aliases of aliases."
SECOND = "a second document begins here. Leave its '---' out, or make it a file of its own."
BEHIND_A_BAR = "behind '|' or '>' nothing more can stand. Begin the text in the next line, indented."


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: {b: 1}\nc: 2\na: 3\n", "3: a: stands in line 1 already. Remove one of the two."),
        ("b:\n  - {f: 1, f: 2}\n", "2: b[0].f: stands in line 2 already. Remove one of the two."),
        (
            "b:\n  acme:\n    d: 1\n    e: 2\n    d: 3\n",
            "5: b.acme.d: stands in line 3 already. Remove one of the two.",
        ),
        (
            "a: &x {}\nb:\n  <<: *x\n  <<: *x\n",
            "4: b.<<: there is a '<<' in line 3 already. Write one: '<<: [*this, *that]'.",
        ),
        ("a: {<<: 5}\n", "1: a.<<: '<<' takes mappings, not a number. Write '<<: *name'."),
        ("a: {<<: [{b: 1}, text]}\n", "1: a.<<: '<<' takes mappings, not a string. Write '<<: *name'."),
        ("a: {<<: [[]]}\n", "1: a.<<: '<<' takes mappings, not a list. Write '<<: *name'."),
        ("a:\n  1: b\n", "2: a.1: the key 1 is a number. Put it in quotes: '1'."),
        ("no: a\n0123: b\n0.50: c\n", "3: 0.50: the key 0.50 is a number. Put it in quotes: '0.50'."),
        ("true: a\n", "1: true: the key true is a truth value. Put it in quotes: 'true'."),
        ("a:\n  ~: 1\n", "2: a: nothing stands where a key belongs. Write a name before the colon."),
        ("a: &x 5\n*x : 1\n", "2: a number stands where a key belongs. Write a name before the colon."),
        ("html: {{email_code}}\n", f"1: html: a mapping stands where a key belongs. {BRACES}"),
        ("? [a]\n: b\n", f"1: a list stands where a key belongs. {BRACES}"),
        ("a: 1\n---\nb: 2\n", f"2: {SECOND}"),
        ("---\na: 1\n---\n", f"3: {SECOND}"),
        ("a: *b\n", f"1: a: {NO_ANCHOR}"),
        ("a: &x [b, *x]\n", f"1: a[1]: {OF_ITSELF}"),
        ("a: &x\n  b: 1\n  <<: *x\n", f"3: a.<<: {OF_ITSELF}"),
        ("a: &b\n", f"1: a: {EMPTY_ANCHOR}"),
        ("a:\n  b: !secret x\n", f"2: a.b: {TAG}"),
        ("a: !x {c: 1}\n", f"1: a: {TAG}"),
        ("a: !x [d]\n", f"1: a: {TAG}"),
        ("a: !!python/object/apply:os.system [id]\n", f"1: a: {TAG}"),
        ("a: !!int 3\n", f"1: a: {TAG}"),
    ],
)
def test_what_leaves_the_rest_readable_is_told_with_its_field(tmp_path: Path, content: str, told: str) -> None:
    assert problems(read(tmp_path, content)) == [f"brands.yaml:{told}"]


def test_what_is_readable_beside_problems_is_there(tmp_path: Path) -> None:
    document = read(tmp_path, "a: {b: 1, b: 2}\nc: !x {d: 1}\ne: [*f, 3]\n7: g\n? [h]\n: i\nj: !secret k\n---\nl: m\n")
    assert document.data == {"a": {"b": 1}, "c": None, "e": [None, 3], "7": "g", "j": None}
    assert lines(document, "a.b", "c.d", "e[0]", "7", "j") == [1, 2, 3, 4, 7]
    assert [problem.place.field for problem in document.problems] == ["a.b", "c", "e[0]", "7", "", "j", ""]


SECRET = "hunter2"


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "value",
    [f"!{SECRET}", f"*{SECRET}", f"@{SECRET}", f"'{SECRET}'{SECRET}", f'"\\{SECRET}"', f"%{SECRET}", f"[{SECRET}"],
)
def test_a_secret_that_is_no_yaml_is_not_repeated(tmp_path: Path, value: str) -> None:
    told = problems(read(tmp_path, f"password: {value}\n"))
    assert told
    assert SECRET not in str(told)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("brands:\n\tacme: 1\n", 2, TAB),
        ("brands:\n  acme:\n  \tdomain: a\n", 3, TAB),
        ("a: 1\n \u00a0b: 2\n", 2, NBSP),
        ("brands:\n  acme:\n    domain: a\n   x: b\n", 4, COLUMNS),
        ("a:\n  b: 1\n c: 1\n", 3, COLUMNS),
        ("a: 1\n b: 2\n", 2, IN_A_VALUE),
        ("domain:acme.com\nb: 1\n", 2, IN_A_VALUE),
        ("a: 1\ndomain:acme.com\n", 2, NO_KEY),
        ("a: 1\nb\nc: 2\n", 2, NO_KEY),
        ("a: |\ntext\n", 2, NO_KEY),
        ("a: 1\nb: Acme: the brand\n", 2, "a second ': ' stands in this line. Put the text in quotes."),
        ('a:\n  b: "abc\n  c: 1\n', 2, OPEN_QUOTE),
        ("a: 'abc\n---\n", 1, OPEN_QUOTE),
        ("a: 'it's me'\n", 1, BEHIND_A_QUOTE),
        ("a: [1, 2\nb: 3\n", 1, OPEN_BRACKET),
        ("a:\n  b: {c: 1\n\nd: 3\n", 2, OPEN_BRACKET),
        ("a: {", 1, OPEN_BRACKET),
        ("a: {{#if x}}y\n", 1, OPEN_BRACKET),
        ("a: [[ brand ]] x\n", 1, f"something follows behind the closing bracket. {BRACES}"),
        ("a: &x 1\nb: *x y\n", 2, "this does not belong to the text before it. Put the text in quotes."),
        *((f"a: {sign}x\n", 1, f"text cannot begin with '{sign}' here. Put the text in quotes.") for sign in "@`%},]"),
        ("]\n", 1, "text cannot begin with ']' here. Put the text in quotes."),
        ("...\n", 1, "no value begins here. Put the text in quotes."),
        ("a: *.acme.com\n", 1, NO_ALIAS),
        ("a: & b\n", 1, BAD_ANCHOR),
        ("a: !a!b c\n", 1, TAG),
        ("a: 1\n- b\n", 2, "an item of a list stands among keys. Indent it below its key, or give it a key."),
        ("- a\nb: 1\n", 2, NO_ITEM),
        ("a: - b\n", 1, f"{ITEM}begins with '- ' in quotes."),
        ("a: ? b\n", 1, "'? ' begins a key in YAML, which cannot stand here. Put the text in quotes."),
        ('a: "\\d"\n', 1, ESCAPE),
        ('a: "\\xZZ"\n', 1, ESCAPE),
        ('a: 1\nb: "\\UFFFFFFFF"\n', 2, ESCAPE),
        ("a: | x\n", 1, BEHIND_A_BAR),
        ("%x: 1\n", 1, MEANING),
        ("a: 1\n...\nb: 2\n", 3, MEANING),
        ("a: 1\nb: \x01\n", 2, "holds the character U+0001, which nobody can see. Remove it."),
        ("a: 1\r\nb: '\u2028'\n", 2, "holds the character U+2028, which nobody can see. Remove it."),
        ("a:" + " [" * 101 + "]" * 101, 1, DEEP),
        ("a:\n  " + "[" * 100_000, 2, DEEP),
        ("\n".join(f"a{n}: &a{n} [{f'*a{n - 1}' if n else ''}]" for n in range(150)), 101, DEEP),
        ("\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'lol'] * 10)}]" for n in range(30)), 7, BOMB),
        ("a: &a [" + "v, " * 10_000 + "]\nb: [" + "*a, " * 1000 + "]\n", 2, BOMB),
        ("a: &a {k: " + "v" * 50_000 + "}\n" + "".join(f"b{n}: {{<<: *a}}\n" for n in range(999)), 101, BOMB),
    ],
)
def test_a_text_that_is_no_yaml_is_told_with_line_and_cure(
    tmp_path: Path, content: str, line: int, message: str
) -> None:
    document = read(tmp_path, content)
    assert problems(document)[-1] == f"brands.yaml:{line}: {message}"
    assert document.data == {}
    assert lines(document, "a.b") == [1]


PIECES = (
    *(
        "a",
        "b: ",
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        "? ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&x ",
        "*x ",
        "<<: ",
        "!",
        "!!str ",
    ),
    *(
        "'",
        '"',
        "|",
        "> ",
        "#",
        "%",
        "@",
        "\t",
        "---\n",
        "...\n",
        "\\",
        "\\x4",
        "\\ud800",
        "\r\n",
        "\r",
        "1",
        "~",
        "😀",
    ),
)


@pytest.mark.parametrize("loader_class", LOADERS)
@given(text=st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_is_data_or_problems_with_lines_of_the_file(shared: Path, loader_class: type, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "_LOADER", loader_class)
        document = read(shared, text)
    assert document.data or document.problems or "{" in text or "<<" in text  # an empty mapping
    for problem in document.problems:
        assert 1 <= problem.place.line <= len(re.split("\r\n|\r|\n", text))
        assert problem.place.column >= 1


# -- what is no text -------------------------------------------------------------------------------------------------

AT_THE_TOP = "Write keys at the top, such as 'brands:', and their values indented below."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", f"1: the file is empty. {AT_THE_TOP}"),
        (b"\n# a comment\n", f"1: the file is empty. {AT_THE_TOP}"),
        (b"\n~\n", f"2: the file is empty. {AT_THE_TOP}"),
        (b"# a comment\n- a\n", f"2: the file holds a list at the top. {AT_THE_TOP}"),
        (b"hunter2", f"1: the file holds a string at the top. {AT_THE_TOP}"),
        (b"a: 1\nb: \xe4\n", "2: the file is not UTF-8. Save it as UTF-8."),
        ("a: 1".encode("utf-16"), "1: the file is not UTF-8. Save it as UTF-8."),
        (
            b"a: 1\n" * 1_000_001,
            "1: the file is larger than 5 MB. Split it, or move long texts into files of their own.",
        ),
    ],
    ids=["nothing", "a comment", "null", "a list", "a string", "Latin-1", "UTF-16", "large"],
)
def test_a_file_that_cannot_be_a_fleet_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    document = read(tmp_path, content)
    assert problems(document) == [f"brands.yaml:{told}"]
    assert document.data == {}


def test_a_large_file_is_read(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"a: " + b"x" * 4_999_997).data["a"]) == 4_999_997


def test_what_is_no_readable_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert problems(read_document(Path("brands.yaml"))) == [
        f"brands.yaml:1: there is no such file. A relative path begins at {tmp_path}."
    ]
    missing = tmp_path / "brands.yaml"
    assert problems(read_document(missing)) == [f"{missing}:1: there is no such file."]
    assert problems(read_document(tmp_path, shown=".")) == [".:1: is a directory. Name the YAML file in it."]
    assert problems(read_document(Path("a\0b"), shown="x")) == ["x:1: the file cannot be read: embedded null byte."]


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problems(read_document(tmp_path / "x.yaml", shown="x.yaml")) == [
        "x.yaml:1: the file cannot be read: Permission denied."
    ]


def test_a_problem_is_told_with_file_line_and_field() -> None:
    place = Place("brands.yaml", 12, 5, "brands.acme.domain")
    assert str(FileProblem(place, "is wrong.")) == "brands.yaml:12: brands.acme.domain: is wrong."
    assert str(FileProblem(Place("brands.yaml", 12, 5, ""), "is wrong.")) == "brands.yaml:12: is wrong."


def test_documents_are_equal_when_what_they_say_is(tmp_path: Path) -> None:
    assert read(tmp_path, "a: {b: 1}") == read(tmp_path, "a:\n  b: 1\n") == Document("brands.yaml", {"a": {"b": 1}}, ())
    shown = repr(read(tmp_path, "a: canary"))
    assert shown == "Document(file='brands.yaml', problems=())", "somebody may have written a secret into it"
