"""Whether an email shows `{{email_code}}` to its reader. Nothing here changes the email.

RevCent's guide asks for the placeholder in both emails. A placeholder in a comment, a style sheet, an attribute or a
hidden element fulfils that to the letter and leaves the customer without a code, so it does not count here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

CODE = re.compile(r"\{\{\s*email_code\s*\}\}")
_NEAR_MISS = re.compile(
    r"(?<!\{)\{\s*email_code\s*\}(?!\})|\{\{\s*e-?mail[\s_-]*code\s*\}\}|\$\{?email_code", re.IGNORECASE
)
_TEMPLATE_COMMENT = re.compile(r"\{\{~?!--.*?--~?\}\}|\{\{~?![^}]*\}\}", re.DOTALL)
_HIDING_STYLE = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_NEVER_SHOWN = frozenset({"head", "script", "style", "template", "title", "noscript"})
# Elements that never end, or may end without saying so: what they hide cannot be told simply.
_OPEN_ENDED = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
        *("body", "colgroup", "dd", "dt", "html", "li", "optgroup", "option", "p", "rb", "rp", "rt"),
        *("tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)


class _ShownText(HTMLParser):
    """Collects the text that a reader sees, with a gap wherever markup stands between two pieces."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)  # "&#123;&#123;" is no placeholder for RevCent
        self.shown: list[str] = []
        self._hidden_by = ""
        self._depth = 0
        self._doubtful: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_by:
            self._depth += tag == self._hidden_by
        elif tag in _NEVER_SHOWN or (tag not in _OPEN_ENDED and _hides(attrs)):
            self._hidden_by, self._depth = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A slash at the end of a start tag means nothing in HTML, except on elements that have no end anyway."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden_by:
            self._depth -= 1
            if not self._depth:
                self._hidden_by = ""
                self._doubtful.clear()

    def handle_data(self, data: str) -> None:
        (self._doubtful if self._hidden_by else self.shown).append(data)

    def finish(self) -> list[str]:
        """The pieces shown; a hidden element that never ends gets the benefit of the doubt."""
        self.close()
        return self.shown + self._doubtful


def _hides(attributes: list[tuple[str, str | None]]) -> bool:
    return any(
        name == "hidden" or (name == "style" and _HIDING_STYLE.search(value or "")) for name, value in attributes
    )


@lru_cache(maxsize=2048)  # the same email is looked at by its model, its portal's, a whole fleet's and each check
def shows_email_code(html: str) -> bool:
    """Tell whether the reader of an email sees the code.

    Args:
        html: The email's HTML, or plain text.
    """
    text = _TEMPLATE_COMMENT.sub("", html)
    reader = _ShownText()
    try:
        reader.feed(text)
        pieces = reader.finish()
    except AssertionError:  # html.parser gives up on a malformed "<!["; mail clients show what follows
        pieces = [re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)]
    return any(CODE.search(piece) for piece in pieces)


def require_email_code(html: str) -> str:
    """Give the HTML back as it is.

    Raises:
        ValueError: When the reader would not see the code.
    """
    if shows_email_code(html):
        return html
    if CODE.search(html):
        raise ValueError(
            "holds {{email_code}} only where customers cannot read it: in a comment, an attribute, a style or a hidden "
            "part. Put it into the visible text."
        )
    near = _NEAR_MISS.search(html)
    if near:
        raise ValueError(f"holds {near.group()!r}, which RevCent does not replace. Write {{{{email_code}}}}.")
    raise ValueError(
        "does not show {{email_code}}. Put it into the visible text: customers need the code to register or to reset "
        "their password."
    )
