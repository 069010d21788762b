"""Hypothesis strategies for valid declarations: plain dicts, as programs write them, over the whole space of inputs."""

from __future__ import annotations

from functools import cache
from string import ascii_letters, ascii_lowercase, digits
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pulumi_revcent_portal.models import CustomerPermissions

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[..., Any]

_ALNUM = ascii_letters + digits
_VISIBLE = st.characters(exclude_categories=["C", "Z"])
_HTML_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


@cache  # to build one costs more than to draw from it
def lines(min_size: int = 1, max_size: int = 40) -> st.SearchStrategy[str]:
    """One line of any script, without white space around it."""
    inner = st.text(st.one_of(_VISIBLE, st.just(" ")), max_size=max_size)
    padded = st.builds(lambda first, rest, last: f"{first}{rest}{last}", _VISIBLE, inner, _VISIBLE)
    filled = st.one_of(
        _VISIBLE, padded, st.sampled_from(["Acme", "Ärzte & Söhne", "日本の店", 'O\'Neil "Best" <shop>'])
    )
    return filled if min_size else st.one_of(st.just(""), filled)


@cache
def descriptions() -> st.SearchStrategy[str]:
    """Any number of lines, without the ownership mark."""
    return st.lists(lines(), max_size=4).map("\n".join).filter(lambda text: "[pulumi " not in text)


@cache
def ids() -> st.SearchStrategy[str]:
    """RevCent IDs."""
    return st.text(_ALNUM, min_size=20, max_size=20)


@cache
def id_lists() -> st.SearchStrategy[list[str]]:
    """Lists of different IDs, in any order."""
    return st.lists(ids(), max_size=5, unique=True)


@cache
def root_domains() -> st.SearchStrategy[str]:
    """Root domains, as people write them: any case, punycode or not, with or without the last dot."""
    label = st.builds(
        "{}{}7".format,  # de.com is a public suffix; none below these ends in a 7
        st.sampled_from(ascii_lowercase),
        st.text(ascii_lowercase + digits, max_size=20),
    )
    ending = st.sampled_from(["com", "co.uk", "test", "example", "de", "com.au", "github.io"])
    plain = st.builds(lambda label, ending: f"{label}.{ending}", label, ending)
    return st.one_of(
        plain, plain.map(str.upper), plain.map("{}.".format), st.sampled_from(["bücher.de", "食狮.com.cn"])
    )


@cache
def email_addresses() -> st.SearchStrategy[str]:
    """Email addresses, kept as they are written."""
    local = st.text(_ALNUM + "_+-", min_size=1, max_size=12)
    host = st.text(ascii_lowercase, min_size=1, max_size=10)
    ending = st.sampled_from(["com", "test", "co.uk", "example", "DE"])
    return st.builds(lambda local, host, ending: f"{local}@{host}.{ending}", local, host, ending)


@cache
def address_lists() -> st.SearchStrategy[list[str]]:
    """Lists of different addresses, in any order."""
    return st.lists(email_addresses(), max_size=4, unique_by=str.casefold)


@cache
def secrets() -> st.SearchStrategy[str]:
    """Passwords of any characters; white space is part of them."""
    return st.text(_HTML_CHARACTERS, min_size=1, max_size=40).filter(lambda text: bool(text.strip()))


@cache
def email_html() -> st.SearchStrategy[str]:
    """HTML that shows the code, with whatever else people and programs write around it."""
    before = st.sampled_from(
        [
            "",
            "<!doctype html><html><head><title>Code</title><style>p{color:red}</style></head><body>",
            "<!-- {{email_code}} -->",
            "<p>Unclosed <b>tags",
            "<div hidden>preview</div>",
            '<table role="presentation"><tr><td style="padding:0">',
            "<![CDATA[ ]]>",
            "<!--[if mso]>{{email_code}}<![endif]-->",
            "1 < 2 & 3 > 2 &nbsp; &#123; ",
            "\r\n\t  ",
            "{{#if name}}{{name}}{{/if}} $x ${y} %s {0} ",
        ]
    )
    code = st.sampled_from(["{{email_code}}", "{{ email_code }}", "{{  email_code}}", "{{{email_code}}}"])
    after = st.one_of(
        st.sampled_from(["", "</td></tr></table>", "</body></html>\n", "<script>if (a<b) {}</script>", "<!-- open"]),
        st.text(_HTML_CHARACTERS, max_size=60),
    )
    return st.builds(lambda before, code, after: before + code + after, before, code, after)


@cache
def footers() -> st.SearchStrategy[str]:
    """Any text at all."""
    return st.one_of(st.just(""), st.just("<a href='https://acme.test/terms'>Terms</a>"), st.text(_HTML_CHARACTERS))


@cache
def recaptcha_keys() -> st.SearchStrategy[dict[str, str]]:
    """Two different keys."""
    key = st.text(_ALNUM + "_-", min_size=38, max_size=38).map("6L{}".format)
    pair = st.tuples(key, key).filter(lambda keys: keys[0] != keys[1])
    return pair.map(lambda keys: {"site_key": keys[0], "secret_key": keys[1]})


@cache
def permissions() -> st.SearchStrategy[dict[str, bool]]:
    """Any of the twelve, on or off or not mentioned."""
    return st.fixed_dictionaries({}, optional={name: st.booleans() for name in CustomerPermissions.model_fields})


@st.composite
def smtp_profiles(draw: Draw) -> dict[str, Any]:
    """Inputs of an SMTP profile."""
    host = st.sampled_from(["smtp.acme.test", "mail_1.acme.test", "localhost", "192.0.2.7", "2001:db8::1"])
    required = {
        "name": lines(),
        "host": host,
        "port": st.integers(1, 65535),
        "username": st.one_of(email_addresses(), lines()),
        "password": secrets(),
    }
    optional = {
        "description": descriptions(),
        "enabled": st.booleans(),
        "secure": st.sampled_from(["none", "starttls", "tls"]),
        "sender": email_addresses(),
    }
    inputs: dict[str, Any] = draw(st.fixed_dictionaries(required, optional=optional))
    return inputs


@st.composite
def tracking_domains(draw: Draw) -> dict[str, Any]:
    """Inputs of a tracking domain."""
    optional = {"name": lines(), "description": descriptions(), "url_parameter_sets": id_lists()}
    inputs: dict[str, Any] = draw(st.fixed_dictionaries({"domain": root_domains()}, optional=optional))
    return inputs


@st.composite
def url_parameter_sets(draw: Draw) -> dict[str, Any]:
    """Inputs of a URL parameter set; several parameters may share a metadata name."""
    names = st.one_of(
        st.sampled_from(["utm_source", "gclid", "utm[source]", "größe", "a%20b", "q.1~*"]),
        st.text(_ALNUM + "_-.", min_size=1, max_size=12),
    )
    parameter = st.fixed_dictionaries({"url_parameter": names}, optional={"metadata_name": lines()})
    required = {
        "name": lines(),
        "url_parameters": st.lists(
            parameter, min_size=1, max_size=4, unique_by=lambda each: str(each["url_parameter"])
        ),
    }
    optional = {"description": descriptions(), "enabled": st.booleans()}
    inputs: dict[str, Any] = draw(st.fixed_dictionaries(required, optional=optional))
    return inputs


@st.composite
def customer_portals(draw: Draw) -> dict[str, Any]:
    """Inputs of a customer portal: references are IDs, the sender of the profile may be known or not."""
    sender = draw(email_addresses())

    def email() -> st.SearchStrategy[dict[str, Any]]:
        optional = {"from_name": lines(0), "subject": lines(), "cc": address_lists(), "bcc": address_lists()}
        return st.fixed_dictionaries({"from_address": st.just(sender), "html": email_html()}, optional=optional)

    required = {
        "name": lines(),
        "tracking_domain": ids(),
        "smtp_profile": ids(),
        "recaptcha": recaptcha_keys(),
        "customer_emails": st.fixed_dictionaries({"confirmation": email(), "password_reset": email()}),
    }
    optional = {
        "description": descriptions(),
        "enabled": st.booleans(),
        "smtp_sender": st.just(sender),
        "customer_permissions": permissions(),
        "customer_filters": st.fixed_dictionaries(
            {}, optional={"campaign": id_lists(), "third_party_shop": id_lists()}
        ),
        "display_name": lines(0),
        "footer_html": footers(),
        "create_non_existing_customer": st.booleans(),
        "campaign": ids(),
        "portal_url": st.sampled_from(["https://acme.test/portal", "https://shop.acme.test:8443/?a=1#x"]),
    }
    inputs: dict[str, Any] = draw(st.fixed_dictionaries(required, optional=optional))
    return inputs
