from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_revcent_portal.doctor.names import NoAnswerError
from pulumi_revcent_portal.doctor.results import Status, Verdict
from pulumi_revcent_portal.doctor.spf import SpfError, check_spf, parse_spf
from tests.dns.servers import World, silence
from tests.doctor.looking import look

if TYPE_CHECKING:
    from pulumi_revcent_portal.doctor.means import Means


def spf(dns: World, domain: str = "acme.test") -> Verdict:
    async def check(means: Means) -> Verdict:
        assert means.names is not None
        return await check_spf(domain, means.names)

    return look(check, dns)


def publish(dns: World, *records: str, more: str = "") -> None:
    dns.zone("acme.test", "".join(f'@ 300 TXT "{record}"\n' for record in records) + more)


def test_a_good_record_is_shown_with_what_it_costs(dns: World) -> None:
    publish(
        dns,
        "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx a:www.acme.test/24//64 include:mail.acme.test -all",
        "google-site-verification=x",
        more='mail 300 TXT "v=spf1 exists:%{i}.list.acme.test ?all"\n@ 300 MX 10 mail\n'
        "@ 300 A 192.0.2.1\nwww 300 A 192.0.2.2\n",
    )
    verdict = spf(dns)
    assert verdict.status is Status.OK
    assert "-all (5 of 10 look-ups)" in verdict.seen


def test_a_record_in_several_strings_is_one(dns: World) -> None:
    dns.zone("acme.test", '@ 300 TXT "v=spf1 ip4:192.0." "2.1 -all"\n')
    assert spf(dns).seen == "v=spf1 ip4:192.0.2.1 -all (0 of 10 look-ups)"


def test_no_record_is_a_warning_with_an_example(dns: World) -> None:
    publish(dns, "v=spf10 -all")
    verdict = spf(dns)
    assert verdict.status is Status.WARNING
    assert verdict.lines[0].startswith('acme.test. 300 IN TXT "v=spf1 ')


def test_two_records_are_a_failure_that_shows_both(dns: World) -> None:
    publish(dns, "v=spf1 -all", "V=SPF1 a -all")
    verdict = spf(dns)
    assert verdict.status is Status.FAILED
    assert "has 2 SPF records" in verdict.seen
    assert len(verdict.lines) == 2


@pytest.mark.parametrize("record", ["v=spf1 +all", "v=spf1 mx all"])
def test_a_record_that_lets_everybody_send_is_a_warning(dns: World, record: str) -> None:
    publish(dns, record, more="@ 300 MX 10 mail\n")
    verdict = spf(dns)
    assert verdict.status is Status.WARNING
    assert "everybody may send as acme.test" in verdict.seen


def test_a_record_without_an_end_is_a_warning(dns: World) -> None:
    publish(dns, "v=spf1 ip4:192.0.2.1")
    assert "says nothing about servers that it does not name" in spf(dns).seen


def test_a_redirect_is_followed_and_is_an_end(dns: World) -> None:
    publish(dns, "v=spf1 redirect=_spf.acme.test", more='_spf 300 TXT "v=spf1 ip4:192.0.2.1 -all"\n')
    assert spf(dns).status is Status.OK
    assert "(1 of 10 look-ups)" in spf(dns).seen


def test_what_follows_all_costs_nothing_and_neither_does_a_redirect_beside_it(dns: World) -> None:
    publish(dns, "v=spf1 redirect=nowhere.test -all include:nowhere.test")
    assert "(0 of 10 look-ups)" in spf(dns).seen


def test_more_than_ten_lookups_are_a_permanent_error(dns: World) -> None:
    includes = " ".join(f"include:s{number}.acme.test" for number in range(4))
    inner = "".join(f's{number} 300 TXT "v=spf1 a:h{number}.acme.test mx ~all"\n' for number in range(4))
    addresses = "".join(f"h{number} 300 A 192.0.2.1\ns{number} 300 MX 1 h{number}\n" for number in range(4))
    publish(dns, f"v=spf1 {includes} -all", more=inner + addresses)
    verdict = spf(dns)
    assert verdict.status is Status.FAILED
    assert "more than 10 look-ups (reached at 'a' of s3.acme.test)" in verdict.seen
    assert "replace includes" in verdict.cure
    assert verdict.lines[0].startswith('acme.test. IN TXT "v=spf1 include')


def test_an_include_that_leads_in_a_circle_ends(dns: World) -> None:
    publish(dns, "v=spf1 include:acme.test -all")
    assert "more than 10 look-ups" in spf(dns).seen


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("v=spf1 include:none.acme.test -all", "'include' leads to none.acme.test, which has no SPF record"),
        ("v=spf1 redirect=two.acme.test", "'redirect' leads to two.acme.test, which has 2 SPF records"),
        ("v=spf1 include:bad.acme.test -all", "the record of bad.acme.test, to which 'include' leads: 'ipv4:1.2.3.4'"),
        ("v=spf1 mx:many.acme.test -all", "many.acme.test has 11 mail servers"),
    ],
)
def test_what_a_record_leads_to_must_be_usable_too(dns: World, record: str, words: str) -> None:
    more = 'two 300 TXT "v=spf1 -all"\ntwo 300 TXT "v=spf1 ~all"\nbad 300 TXT "v=spf1 ipv4:1.2.3.4 -all"\n'
    publish(dns, record, more=more + "".join(f"many 300 MX {number} m{number}\n" for number in range(11)))
    verdict = spf(dns)
    assert verdict.status is Status.FAILED
    assert words in verdict.seen


def test_many_names_without_a_record_are_a_warning(dns: World) -> None:
    publish(dns, "v=spf1 a:x.acme.test a:y.acme.test mx:z.acme.test -all")
    verdict = spf(dns)
    assert verdict.status is Status.WARNING
    assert "x.acme.test, y.acme.test, z.acme.test" in verdict.seen


def test_a_resolver_that_does_not_answer_is_no_verdict_on_the_record(dns: World) -> None:
    publish(dns, "v=spf1 -all")
    dns.resolver.behave(silence)
    with pytest.raises(NoAnswerError, match=r"No resolver answered for acme\.test TXT within 1\.5 s"):
        spf(dns)


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("ipv4:192.0.2.1", "is no mechanism"),
        ("-", "is no mechanism"),
        ("all:x", "takes none"),
        ("ip4:192.0.2.300", "no IPv4"),
        ("ip4:2001:db8::1", "no IPv4"),
        ("ip4/24", "no IPv4"),
        ("ip6:192.0.2.1", "no IPv6"),
        ("include", "names no domain"),
        ("include/24", "names no domain"),
        ("include:", "names no domain"),
        ("a:", "names no domain"),
        ("ptr/24", "names no domain"),
        ("redirect=", "names no domain"),
        ("redirect=a.test redirect=b.test", "occurs twice"),
        ("exp=a.test exp=b.test", "occurs twice"),
        ("a/33", "wrong length"),
        ("mx//129", "wrong length"),
        ("a:x.test/abc", "wrong length"),
    ],
)
def test_words_without_a_meaning_make_the_record_an_error(word: str, problem: str) -> None:
    with pytest.raises(SpfError, match=problem):
        parse_spf(f"v=spf1 {word} -all")


def test_the_syntax_of_rfc_7208_is_understood() -> None:
    terms = parse_spf("v=spf1  A MX/24 a//64 mx:m.test/24//64 Include:i.test PTR ptr:p.test ~ALL moo=cow exp=e.test")
    assert [(term.qualifier, term.name, term.domain) for term in terms] == [
        ("+", "a", ""),
        ("+", "mx", ""),
        ("+", "a", ""),
        ("+", "mx", "m.test"),
        ("+", "include", "i.test"),
        ("+", "ptr", ""),
        ("+", "ptr", "p.test"),
        ("~", "all", ""),
        ("", "moo", "cow"),
        ("", "exp", "e.test"),
    ]
