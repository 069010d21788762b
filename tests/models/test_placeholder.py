from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.models.placeholder import require_email_code, shows_email_code
from tests.strategies import email_html


@pytest.mark.parametrize(
    "html",
    [
        "{{email_code}}",
        "Your code: {{ email_code }}.",
        "{{\temail_code\n}}",
        "{{{email_code}}}",
        "<!doctype html><html><head><title>x</title></head><body><p>{{email_code}}</p></body></html>",
        "<p>1 < 2 {{email_code}}",
        "<p hidden>preview<p>{{email_code}}",  # a paragraph ends where the next one begins
        "<div style='display:none'>preview</div>{{email_code}}",
        "<div hidden><div>a</div><div>b</div></div><div>{{email_code}}</div>",
        "<span hidden>never ends {{email_code}}",
        "<input hidden value=x>{{email_code}}",
        "<div hidden/></div>{{email_code}}",
        "<!--[if mso]>x<![endif]-->{{email_code}}",
        "<!--[if !mso]><!--><b>{{email_code}}</b><!--<![endif]-->",
        "<![if !mso]>{{email_code}}<![endif]>",
        "<![nonsense[ {{email_code}}",
        "<!-- {{email_code}} --><p>{{email_code}}</p>",
        "{{! a note }}{{email_code}}",
        "</div></div>{{email_code}}",
        "<DIV STYLE='color:red'>{{email_code}}</DIV>",
    ],
)
def test_codes_that_a_reader_sees(html: str) -> None:
    assert shows_email_code(html)
    assert require_email_code(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<!-- {{email_code}} -->",
        "<!--[if mso]>{{email_code}}<![endif]-->",
        "<a href='https://acme.test/?code={{email_code}}'>Confirm</a>",
        "<img alt='{{email_code}}'>",
        "<head><title>{{email_code}}</title></head><body></body>",
        "<style>.{{email_code}}{}</style>",
        "<script>'{{email_code}}'</script>",
        "<template>{{email_code}}</template>",
        "<div hidden>{{email_code}}</div>",
        "<div style='color:red; DISPLAY : none'><p>{{email_code}}</p></div>",
        "<span style='visibility:hidden'><span></span>{{email_code}}</span>",
        "{{!-- {{email_code}} --}}",
    ],
)
def test_codes_that_no_reader_sees(html: str) -> None:
    assert not shows_email_code(html)
    with pytest.raises(ValueError, match=r"cannot read it.*Put it into the visible text"):
        require_email_code(html)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("{email_code}", "{email_code}"),
        ("{{ EMAIL_CODE }}", "{{ EMAIL_CODE }}"),
        ("{{emailcode}}", "{{emailcode}}"),
        ("{{ email-code }}", "{{ email-code }}"),
        ("<p>${email_code}</p>", "${email_code"),
        ("$email_code", "$email_code"),
    ],
)
def test_near_misses_are_named(html: str, found: str) -> None:
    with pytest.raises(ValueError, match=r"Write \{\{email_code\}\}") as caught:
        require_email_code(html)
    assert repr(found) in str(caught.value)


@pytest.mark.parametrize(
    "html", ["", "<p>Hello</p>", "email_code", "{{<b>email_code</b>}}", "&#123;&#123;email_code}}"]
)
def test_no_code_at_all(html: str) -> None:
    with pytest.raises(ValueError, match=r"does not show \{\{email_code\}\}"):
        require_email_code(html)


@given(email_html())
def test_valid_emails_show_it(html: str) -> None:
    assert require_email_code(html) == html


@given(st.text(alphabet=st.sampled_from("<>!-[]{}/= 'a\"&;"), max_size=40))
def test_no_markup_breaks_the_reader(html: str) -> None:
    assert not shows_email_code(html)
