"""Names that the accounts do not have: told beside the other mistakes of a fleet, and only where a list says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from pulumi_revcent_portal.components import names
from pulumi_revcent_portal.components.names import unknown_names
from pulumi_revcent_portal.models.base import Problem, validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults
from tests.wrong_declarations import CAMPAIGN_ID, SHOP_ID

LISTS: dict[str, list[Mapping[str, Any]]] = {
    "campaign": [
        {"id": CAMPAIGN_ID, "name": "Acme US"},
        {"id": "A" * 20, "name": "Two"},
        {"id": "B" * 20, "name": "Two"},
    ],
    "third_party_shop": [{"id": SHOP_ID, "name": "acme-woo"}],
    "url_parameter_set": [],
}
EU = {"api_key": "key-of-eu"}


class World:
    """Accounts with lists, that count who asked them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.closed: set[Any] = set()

    def items_of(self, entity: str, account: Any) -> list[Mapping[str, Any]]:
        self.asked.append((entity, account and account.get("api_key")))
        if (account and account.get("api_key")) in self.closed:
            raise pulumi.RunError("RevCent's campaigns could not be had")
        return [{"id": "E" * 20, "name": "Europe"}] if account else LISTS[entity]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(names, "items_of", made.items_of)
    return made


def found(
    *brands: Any, told: tuple[str, ...] = (), defaults: Any = None, accounts: Any = None
) -> list[tuple[str, str]]:
    problems = unknown_names(brands, defaults, accounts or {}, [Problem(place, "") for place in told])
    return [(problem.field, problem.message) for problem in problems]


def brand(key: str = "acme", **fields: Any) -> dict[str, Any]:
    return {"key": key, **fields}


@pytest.mark.usefixtures("world")
def test_names_are_looked_for_wherever_a_brand_may_write_one() -> None:
    wrong = brand(
        campaign="Acme UK",
        customer_filters={"campaign": ["Acme US", CAMPAIGN_ID, "Acme EU", "Two"], "third_party_shop": ["woo", SHOP_ID]},
        url_parameter_sets=["Ads"],
    )
    told = dict(found(wrong))
    assert list(told) == [
        "brands.acme.customer_filters.campaign[2]",
        "brands.acme.customer_filters.campaign[3]",
        "brands.acme.customer_filters.third_party_shop[0]",
        "brands.acme.campaign",
        "brands.acme.url_parameter_sets[0]",
    ]
    assert told["brands.acme.campaign"].startswith(
        "there is no campaign 'Acme UK' in this account. Near are: 'Acme US'"
    )
    assert "2 campaigns are called 'Two'" in told["brands.acme.customer_filters.campaign[3]"]
    assert "such as 'acme-woo'" in told["brands.acme.customer_filters.third_party_shop[0]"]


def test_models_and_dicts_are_read_alike(world: World) -> None:
    fields: dict[str, Any] = {"name": "Acme", "customer_filters": {"campaign": ["Acme EU"]}}
    as_model = validate(Brand, brand(**fields))
    defaults = validate(BrandDefaults, {"campaign": "Acme UK"})
    assert found(as_model, defaults=defaults) == found(brand(**fields), defaults={"campaign": "Acme UK"})
    assert world.asked == [("campaign", None)] * 2, "once each"


def test_a_name_in_the_defaults_is_told_once_and_there(world: World) -> None:
    defaults = {"customer_filters": {"campaign": ["Acme EU"]}}
    brands = [brand("a"), brand("b"), brand("c", customer_filters={"campaign": ["Acme US"]})]
    assert [place for place, _ in found(*brands, defaults=defaults)] == ["defaults.customer_filters.campaign[0]"]
    assert found(brands[2], defaults=defaults) == [], "nobody has it"
    assert world.asked == [("campaign", None)] * 2


def test_each_account_is_asked_for_the_names_of_its_brands(world: World) -> None:
    brands = [
        brand("a", campaign="Europe"),
        brand("b", campaign="Europe", account="eu"),
        brand("c", campaign="Acme US", account="eu"),
    ]
    assert [place for place, _ in found(*brands, accounts={"eu": EU})] == ["brands.a.campaign", "brands.c.campaign"]
    assert world.asked == [("campaign", None), ("campaign", "key-of-eu")]
    defaults = {"account": "eu", "campaign": "Europe"}
    assert found(brand("d"), defaults=defaults, accounts={"eu": EU}) == []


def test_an_account_that_cannot_be_asked_says_nothing(world: World) -> None:
    world.closed = {None, "key-of-eu"}
    brands = [brand("a", campaign="x", url_parameter_sets=["y"]), brand("b", campaign="x", account="eu")]
    assert found(*brands, accounts={"eu": EU}) == []
    assert found(brand("c", campaign="x", account="nobody")) == []
    assert len(world.asked) == 3, "no list is asked for twice"


@pytest.mark.usefixtures("world")
def test_what_is_told_already_is_not_told_again() -> None:
    wrong = brand(customer_filters={"campaign": ["Acme\nEU", "Acme EU"], "third_party_shop": "woo"}, campaign="Acme UK")
    told = (
        "brands.acme.customer_filters.campaign[0]", "brands.acme.customer_filters.third_party_shop",
        "brands.acme.campaign",
    )  # fmt: skip
    assert [place for place, _ in found(wrong, told=told)] == ["brands.acme.customer_filters.campaign[1]"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "odd",
    [
        "acme",
        None,
        7,
        brand(customer_filters="x"),
        brand(customer_filters={"campaign": {"a": 1}}),
        brand(campaign=7),
        brand(campaign=pulumi.Output.from_input("x")),
        brand(customer_filters={"campaign": [None, 7, pulumi.Output.from_input("x")]}),
    ],
)
def test_what_is_no_name_is_not_looked_for(odd: Any) -> None:
    assert found(odd, defaults=odd) == []


def test_a_fleet_without_names_asks_nothing(world: World) -> None:
    assert found(brand(), brand("b", customer_filters={})) == []
    assert world.asked == []
