from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.doctor.export import read_export
from pulumi_revcent_portal.doctor.inventory import Domain, Inventory, Mail, Portal, Secret, SelectionError
from tests.doctor.exports import brand, export

BOLT = ("domain00000000000002", "profile0000000000002", "portal00000000000002")


def two_brands(**options: Any) -> Inventory:
    return read_export("x.json", export(*brand(**options), *brand("Bolt", "bolt.test", ids=BOLT, **options)))


@pytest.mark.parametrize("name", ["bolt-portal", "Bolt customer portal", "BOLT-PORTAL"])
def test_a_brand_is_its_portal_with_all_that_it_uses(name: str) -> None:
    found = two_brands().of_brand(name)
    assert [portal.name for portal in found.portals] == ["Bolt customer portal"]
    assert [domain.name for domain in found.domains] == ["bolt.test"]
    assert [mail.name for mail in found.mails] == ["Bolt mail"]
    assert len(found.captchas) == 1
    assert found.sender_domains == ("bolt.test",)


def test_a_brand_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(SelectionError, match=r"No portal is called 'Nil'\. There are: acme-portal, bolt-portal"):
        two_brands().of_brand("Nil")
    with pytest.raises(SelectionError, match="There are: none"):
        Inventory().of_brand("Nil")


def test_a_long_list_of_brands_is_cut() -> None:
    many = Inventory(portals=tuple(Portal(f"p{number}") for number in range(15)))
    with pytest.raises(SelectionError, match="p11 and 3 more"):
        many.of_brand("Nil")


def test_domains_bring_their_portals_and_unknown_ones_come_alone() -> None:
    found = two_brands().of_domains(["bolt.test", "other.test", "bolt.test"])
    assert [domain.name for domain in found.domains] == ["bolt.test", "other.test"]
    assert found.domains[1] == Domain("other.test")
    assert [portal.name for portal in found.portals] == ["Bolt customer portal"]


def test_a_password_goes_to_the_one_profile_without() -> None:
    only = two_brands(shown=False).of_brand("bolt-portal").with_password(Secret("given"))
    assert only.mails[0].password.value == "given"
    assert only.secrets == ("given",)


def test_a_password_that_could_be_for_several_or_none_is_refused() -> None:
    with pytest.raises(SelectionError, match="could be that of Acme mail, Bolt mail: choose one with --brand"):
        two_brands(shown=False).with_password(Secret("given"))
    with pytest.raises(SelectionError, match="--smtp-host"):
        two_brands().with_password(Secret("given"))


def test_sender_domains_are_named_once_and_in_lower_case() -> None:
    mail = Mail("m", "smtp", 25, "none", "robot", Secret("x"), sender="A@ACME.test.")
    nobody = Mail("n", "smtp", 25, "none", "robot", Secret("x"), sender="robot")
    found = Inventory(mails=(mail, nobody), senders=("b@acme.test", "c@other.test"))
    assert found.sender_domains == ("acme.test", "other.test")


def test_a_server_with_an_ipv6_address_is_shown_in_brackets() -> None:
    assert Mail("m", "::1", 25, "none", "u", Secret("x")).server == "[::1]:25"
