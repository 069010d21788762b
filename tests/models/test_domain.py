from __future__ import annotations

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import InvalidInputs, TrackingDomainInputs, validate
from pulumi_revcent_portal.models.domain import root_domain


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("acme.com", "acme.com"),
        ("ACME.Com.", "acme.com"),
        ("acme.co.uk", "acme.co.uk"),
        ("acme.test", "acme.test"),
        ("acme.example", "acme.example"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("acme.github.io", "acme.github.io"),
        ("123.com", "123.com"),
    ],
)
def test_root_domains(written: str, canonical: str) -> None:
    assert root_domain(written) == canonical
    assert root_domain(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("shop.acme.com", "Write 'acme.com'"),
        ("www.acme.co.uk", "Write 'acme.co.uk'"),
        ("a.b.acme.test", "Write 'acme.test'"),
        ("www.bücher.de", "Write 'xn--bcher-kva.de'"),
        ("com", "single label"),
        ("localhost", "single label"),
        ("co.uk", "acme.co.uk"),
        ("github.io", "acme.github.io"),
        ("https://acme.com", "scheme"),
        ("acme.com/", "path"),
        ("acme.com?x=1", "path"),
        ("acme.com:443", "port"),
        ("*.acme.com", "wildcard"),
        ("portal@acme.com", "email address"),
        ("192.0.2.1", "IP address"),
        ("2001:db8::1", "IP address"),
        ("[2001:db8::1]", "IP address"),
        (" acme.com", "Write 'acme.com'"),
        ("", "not a domain name"),
        (".", "not a domain name"),
        ("acme..com", "not a domain name"),
        ("acme.com..", "not a domain name"),
        ("-acme.com", "not a domain name"),
        ("ac me.com", "not a domain name"),
        ("ac_me.com", "not a domain name"),
        (f"{'a' * 64}.com", "not a domain name"),
    ],
)
def test_what_is_no_root_domain(written: str, words: str) -> None:
    with pytest.raises(ValueError, match="Write") as caught:
        root_domain(written)
    assert words in str(caught.value)


def test_a_domain_is_named_after_itself() -> None:
    assert validate(TrackingDomainInputs, {"domain": "ACME.com."}).dump()["name"] == "acme.com"
    assert validate(TrackingDomainInputs, {"domain": "acme.com", "name": "Acme"}).dump()["name"] == "Acme"
    assert validate(TrackingDomainInputs, {"domain": UNKNOWN}).dump()["name"] is UNKNOWN


def test_the_name_waits_for_the_provider_while_the_domain_is_an_output() -> None:
    assert "name" not in validate(TrackingDomainInputs, {"domain": Output.from_input("ACME.com")}).dump()


def test_a_wrong_domain_gives_one_problem() -> None:
    with pytest.raises(InvalidInputs) as caught:
        validate(TrackingDomainInputs, {"domain": "co.uk"})
    assert [problem.field for problem in caught.value.problems] == ["domain"]
