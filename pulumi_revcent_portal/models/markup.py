"""Text on its way into HTML and into URLs. It knows no email and no template."""

from html import escape
from urllib.parse import quote


def escaped(text: str) -> str:
    """Text for HTML, attributes between quotes included; braces too, or a brand could name a placeholder."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


def percent_encoded(text: str) -> str:
    """Text for the query of a URL or the address of a `mailto:`, RFC 3986; its result needs no escaping in HTML.

    Raises:
        UnicodeEncodeError: The text holds half of a surrogate pair.
    """
    return quote(text, safe="@")
