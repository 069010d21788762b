from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from dns.rcode import Rcode

from pulumi_revcent_portal.doctor.inventory import Domain
from pulumi_revcent_portal.doctor.results import Status, Verdict
from pulumi_revcent_portal.doctor.zone import check_caa, check_delegation, check_records
from tests.dns.servers import World, lame, silence, with_rcode
from tests.doctor.looking import look

if TYPE_CHECKING:
    from pulumi_revcent_portal.sandbox import Sandbox

A = {"type": "A", "name": "acme.test", "value": "203.0.113.10"}
CNAME = {"type": "CNAME", "name": "_x.acme.test", "value": "_y.revcent.example"}
ACME = Domain("acme.test", records=(A, CNAME))
BOTH = (1, 2)
VISIBLE = "@ 300 A 203.0.113.10\n_x 300 CNAME _y.revcent.example.\n"


def delegation(dns: World, domain: Domain = ACME) -> Verdict:
    return look(partial(check_delegation, domain), dns)


def records(dns: World | None, domain: Domain = ACME, sandbox: Sandbox | None = None) -> Verdict:
    return look(partial(check_records, domain), dns, sandbox)


def caa(dns: World, domain: Domain = ACME, *issuers: str) -> Verdict:
    return look(partial(check_caa, domain), dns, issuers=issuers)


# --- delegation ----------------------------------------------------------------------------------------------


def test_servers_that_are_authoritative_are_named_with_their_addresses(dns: World) -> None:
    dns.zone("acme.test", servers=BOTH)
    verdict = delegation(dns)
    assert verdict.status is Status.OK
    assert "ns1.acme.test (127.0.0.2), ns2.acme.test (127.0.0.3)" in verdict.seen


def test_one_lame_server_of_two_is_a_warning(dns: World) -> None:
    dns.zone("acme.test", servers=BOTH)
    dns[2].behave(lame)
    verdict = delegation(dns)
    assert verdict.status is Status.WARNING
    assert "ns2.acme.test" in verdict.seen
    assert "repair these servers" in verdict.cure


def test_servers_of_which_none_is_authoritative_are_a_failure(dns: World) -> None:
    dns.zone("acme.test", servers=BOTH)
    for number in BOTH:
        dns[number].behave(with_rcode(Rcode.REFUSED))
    verdict = delegation(dns)
    assert verdict.status is Status.FAILED
    assert "At the registrar of acme.test" in verdict.cure


def test_a_domain_without_a_zone_is_a_failure(dns: World) -> None:
    verdict = delegation(dns)
    assert verdict.status is Status.FAILED
    assert verdict.seen
    assert "--resolver" in verdict.cure


def test_a_domain_inside_another_zone_is_a_failure(dns: World) -> None:
    dns.zone("acme.test")
    verdict = delegation(dns, Domain("shop.acme.test"))
    assert verdict.status is Status.FAILED
    assert "the servers of acme.test answer for it" in verdict.seen


# --- records -------------------------------------------------------------------------------------------------


def test_records_that_are_visible_everywhere_are_well(dns: World) -> None:
    dns.zone("acme.test", VISIBLE, servers=BOTH)
    assert records(dns).status is Status.OK
    assert "All 2 records" in records(dns).seen


def test_missing_records_are_named_per_server_and_given_as_zone_lines(dns: World) -> None:
    dns.zone("acme.test", VISIBLE, servers=BOTH)
    dns[2].remove("_x.acme.test", "CNAME")
    verdict = records(dns)
    assert verdict.status is Status.FAILED
    assert "1 of 2 records not visible everywhere: CNAME _x.acme.test is not on ns2.acme.test" in verdict.seen
    assert verdict.cure.startswith("Publish this record in the zone.")
    assert verdict.lines == ("_x.acme.test. 300 IN CNAME _y.revcent.example.",)


def test_another_value_is_shown_and_is_to_be_removed(dns: World) -> None:
    dns.zone("acme.test", "@ 300 A 192.0.2.9\n_x 300 CNAME other.example.\n", BOTH)
    verdict = records(dns, Domain("acme.test", records=(A, {**A, "value": "203.0.113.20"}, CNAME)))
    assert "A acme.test is 192.0.2.9, not 203.0.113.10, 203.0.113.20, on ns1.acme.test, ns2.acme.test;" in verdict.seen
    assert "CNAME _x.acme.test is other.example, not _y.revcent.example, on ns1" in verdict.seen
    assert "in place of what is there" in verdict.cure
    assert len(verdict.lines) == 3


def test_an_alias_that_ends_elsewhere_is_told_with_where_it_leads(dns: World) -> None:
    dns.zone("acme.test", "www 300 CNAME elsewhere\nelsewhere 300 A 192.0.2.9\n")
    verdict = records(dns, Domain("acme.test", records=({**A, "name": "www.acme.test"},)))
    assert "A www.acme.test is 192.0.2.9 (" in verdict.seen
    assert "elsewhere.acme.test" in verdict.seen


def test_servers_that_do_not_answer_are_not_taken_for_missing_records(dns: World) -> None:
    dns.zone("acme.test", VISIBLE, servers=BOTH)
    dns[2].behave(silence, "_x.acme.test")
    verdict = records(dns)
    assert verdict.status is Status.FAILED
    assert "ns2.acme.test does not answer (timed out" in verdict.seen
    assert verdict.lines == ()
    assert "name servers" in verdict.cure


def test_a_zone_that_nobody_has_is_told_once(dns: World) -> None:
    verdict = records(dns)
    assert verdict.status is Status.FAILED
    assert verdict.seen.count("cannot be looked up") == 1
    assert verdict.lines == ()


def test_many_missing_records_are_told_in_part_and_given_in_full(dns: World) -> None:
    dns.zone("acme.test", servers=BOTH)
    many = tuple({**A, "name": f"n{number}.acme.test"} for number in range(8))
    for number in range(8):
        dns[1 + number % 2].set(f"n{number}.acme.test", "A", f"192.0.2.{number}")
    verdict = records(dns, Domain("acme.test", records=many))
    assert "8 of 8 records" in verdict.seen
    assert "and 4 more" in verdict.seen
    assert len(verdict.lines) == 8


def test_records_that_lack_on_the_same_servers_are_told_together(dns: World) -> None:
    dns.zone("acme.test", servers=BOTH)
    assert "A acme.test, CNAME _x.acme.test are not on ns1.acme.test, ns2.acme.test." in records(dns).seen


def test_without_records_to_look_for_nothing_is_looked_for(dns: World) -> None:
    verdict = records(dns, Domain("acme.test"))
    assert verdict.status is Status.SKIPPED
    assert "no RevCent API key" in verdict.seen
    assert "--a-record" in verdict.cure


def test_what_revcent_says_now_counts_more_than_the_export(dns: World, sandbox: Sandbox) -> None:
    domain_id = sandbox.add("tracking_domain", {"domain": "acme.test"})
    dns.zone("acme.test", "@ 300 A 203.0.113.10\n@ 300 A 203.0.113.20\n_x 300 CNAME _y.revcent.example.\n")
    old = ({**A, "value": "192.0.2.1"}, CNAME)
    verdict = records(dns, Domain("acme.test", domain_id, old), sandbox)
    assert verdict == records(dns, Domain("acme.test", records=old), sandbox)  # found by its name as well
    assert (verdict.status, verdict.seen.partition(" visible")[0]) == (Status.OK, "All 3 records")


def test_the_export_counts_where_revcent_cannot_be_asked(dns: World, sandbox: Sandbox) -> None:
    dns.zone("acme.test", VISIBLE)
    sandbox.revoke(sandbox.api_key)
    assert records(dns, ACME, sandbox).status is Status.OK
    verdict = records(dns, Domain("acme.test"), sandbox)
    assert verdict.status is Status.SKIPPED
    assert "revoked" in verdict.seen


def test_a_record_that_cannot_be_is_said_to_be_revcent_s(dns: World) -> None:
    dns.zone("acme.test")
    verdict = records(dns, Domain("acme.test", records=({**A, "value": "nonsense"},)))
    assert verdict.status is Status.FAILED
    assert "nonsense" in verdict.seen


# --- CAA -----------------------------------------------------------------------------------------------------


def test_without_caa_records_everybody_may_issue(dns: World) -> None:
    dns.zone("acme.test")
    assert caa(dns).status is Status.OK


def test_a_caa_record_that_forbids_everybody_is_a_failure(dns: World) -> None:
    dns.zone("acme.test", '@ 300 CAA 0 issue ";"\n')
    verdict = caa(dns)
    assert verdict.status is Status.FAILED
    assert "acme.test" in verdict.seen
    assert "allows the certificate authority that RevCent uses" in verdict.cure
    assert verdict.lines == ()


def test_a_caa_record_for_some_is_a_warning_while_nobody_knows_the_authority(dns: World) -> None:
    dns.zone("acme.test", '@ 300 CAA 0 issue "letsencrypt.org"\n')
    verdict = caa(dns)
    assert verdict.status is Status.WARNING
    assert 'letsencrypt.org"' in verdict.seen
    assert caa(dns, ACME, "letsencrypt.org").status is Status.OK


def test_the_authority_is_known_from_where_the_cname_leads(dns: World) -> None:
    dns.zone("acme.test", '@ 300 CAA 0 issue "letsencrypt.org"\n')
    domain = Domain("acme.test", records=({**CNAME, "value": "_y.abc.ACM-validations.aws."},))
    verdict = caa(dns, domain)
    assert verdict.status is Status.FAILED
    assert verdict.lines == ('acme.test. 300 IN CAA 0 issue "amazon.com"',)
    dns[1].set("acme.test", "CAA", '0 issue "amazonaws.com"')
    assert caa(dns, domain).status is Status.OK


def test_caa_records_that_cannot_be_looked_up_point_to_the_name_servers(dns: World) -> None:
    dns.zone("acme.test")
    dns[1].behave(with_rcode(Rcode.SERVFAIL), type="CAA")
    verdict = caa(dns)
    assert verdict.status is Status.FAILED
    assert "cannot be looked up" in verdict.seen
    assert "delegation" in verdict.cure


@pytest.mark.parametrize("check", [check_delegation, check_records, check_caa])
def test_where_nothing_is_to_be_looked_up_nothing_is(check: Any) -> None:
    assert look(partial(check, ACME)).status is Status.SKIPPED
