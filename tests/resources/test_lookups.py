"""What a program asks of its account: typed results, fetched once per account and run, and errors with the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.models.found import Campaign, Found, Listing
from pulumi_revcent_portal.sandbox import Sandbox
from tests.resources.program import run

KEYS = [{"name": "live", "key": "key-of-the-account"}]
SEED = {"keys": KEYS, "objects": {"campaign": [{"id": "Z" * 20, "name": "Theirs"}]}}
US = "campaignAcmeUS000001"
LOOKUPS: dict[str, Callable[..., Listing[Any]]] = {
    "campaign": revcent.get_campaigns,
    "third_party_shop": revcent.get_third_party_shops,
    "customer_portal": revcent.get_customer_portals,
    "tracking_domain": revcent.get_tracking_domains,
}
each_lookup = pytest.mark.parametrize("entity", LOOKUPS)


@pytest.fixture(autouse=True)
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the connections of each program, which in life end with its process."""
    made: list[Client] = []

    class Remembered(Client):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr("pulumi_revcent_portal.api.client.Client", Remembered)
    yield
    for each in made:
        each.close()


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start() as started:
        yield started


def configuration(box: Sandbox, **more: str) -> dict[str, str]:
    given = {"apiKey": box.api_key, "baseUrl": box.api_url, "resolvers": "none", "maxRetries": "0", **more}
    return {f"revcent:{name}": value for name, value in given.items()}


def asked(box: Sandbox, program: Callable[[], Any], **how: Any) -> Any:
    """What a program gets, one that returns a dict: Outputs in it are waited for."""
    return run(lambda: [program()], config=configuration(box), **how).result[0]


# --- results --------------------------------------------------------------------------------------------------------


def test_campaigns_are_typed_and_in_the_order_of_revcent(box: Sandbox) -> None:
    found = asked(box, revcent.get_campaigns)
    assert isinstance(found, Listing)
    assert {type(each) for each in found} == {revcent.Campaign}
    assert [each.id for each in found] == [each["id"] for each in box.objects("campaign")]
    first = found[0]
    assert (first.id, first.name, first.enabled) == (US, "Acme US", True)
    assert first.description == "Acme's customers in the United States"
    assert isinstance(first.created_date, int)
    with pytest.raises(FrozenInstanceError):
        first.name = "Acme"


def test_shops_have_an_address(box: Sandbox) -> None:
    shops = asked(box, revcent.get_third_party_shops)
    assert {type(each) for each in shops} == {revcent.ThirdPartyShop}
    known = {each["name"]: each.get("url") for each in box.objects("third_party_shop")}
    assert {each.name: each.url for each in shops} == known


def test_portals_and_domains_show_no_mark_and_whether_they_are_ready(box: Sandbox) -> None:
    ready = box.add("tracking_domain", {"domain": "acme.com", "ssl_status": "issued", "dns_status": "complete"})
    box.add("tracking_domain", {"domain": "bolt.com", "description": "Bolt's [pulumi a/b/c identity #nonce]"})
    email = {"from_address": "portal@acme.com", "subject": "Code", "html": "{{email_code}}"}
    profile = box.add(
        "smtp_profile",
        {"name": "Mail", "host": "smtp.acme.com", "port": 25, "username": "portal@acme.com", "password": "p"},
    )
    box.add(
        "customer_portal",
        {
            "name": "Acme customer portal", "display_name": "Acme", "description": "By hand [pulumi a/b/c identity #n]",
            "tracking_domain": ready, "smtp_profile": profile,
            "customer_emails": {"confirmation": email, "password_reset": email},
        },
    )  # fmt: skip
    portals, domains = asked(box, lambda: (revcent.get_customer_portals(), revcent.get_tracking_domains()))
    (portal,) = portals
    assert (portal.name, portal.description) == ("Acme customer portal", "By hand")
    assert domains.by_id[ready].domain == "acme.com"
    assert domains.named("bolt.com").description == "Bolt's"
    assert {each.domain: each.ready for each in domains} == {"acme.com": True, "bolt.com": False}


@each_lookup
def test_what_a_list_leaves_out_is_none_or_empty(entity: str, monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> None:
    bare = [{"id": "A" * 20, "name": None, "description": None, "something": "else"}]
    monkeypatch.setattr("pulumi_revcent_portal.api.client.Client.list", lambda *_: bare)
    (found,) = asked(box, LOOKUPS[entity])
    left = {each.name: getattr(found, each.name) for each in fields(found)}
    assert left.pop("id") == "A" * 20
    texts = {"name", "description", "display_name", "domain"} & left.keys()
    assert left == {name: "" if name in texts else None for name in left}


@each_lookup
def test_an_account_without_any_gives_none(entity: str) -> None:
    with Sandbox.start(seed={"keys": KEYS}) as empty:
        found = asked(empty, LOOKUPS[entity])
    assert (found, found.by_id) == ((), {})
    with pytest.raises(revcent.InvalidInputs, match="The account has 0"):
        found.named("Acme")


# --- one of them ----------------------------------------------------------------------------------------------------

LISTING = Listing(Campaign(id=mark * 20, name=name) for mark, name in [("A", "Acme US"), ("B", "Acme EU"), ("C", "")])
TWICE = Listing((*LISTING, Campaign(id="D" * 20, name="Acme US")))


def test_one_is_found_by_its_name_as_it_stands() -> None:
    assert LISTING.named("Acme US") is LISTING[0]
    assert LISTING.named("") is LISTING[2]
    assert LISTING.by_id["B" * 20] is LISTING[1]
    assert list(LISTING.by_id) == [each.id for each in LISTING]


@pytest.mark.parametrize(
    ("listing", "name", "says"),
    [
        (LISTING, "acme us", "there is no 'acme us' in this account. Near are: 'Acme US', 'Acme EU'."),
        (LISTING, "Acme US ", "there is no 'Acme US ' in this account. Near are: 'Acme US', 'Acme EU'."),
        (LISTING, "Zebra", "there is no 'Zebra' in this account. The account has 3."),
        (TWICE, "Acme US", f"2 are called 'Acme US': {'A' * 20} or {'D' * 20}. Take one by its ID."),
        (Listing[Found](), "x", "there is no 'x' in this account. The account has 0."),
    ],
)
def test_one_that_is_missing_or_ambiguous_is_refused_at_the_line_of_the_program(
    listing: Listing[Found], name: str, says: str
) -> None:
    with pytest.raises(revcent.InvalidInputs) as caught:
        listing.named(name)
    assert str(caught.value).startswith("test_lookups.py:")
    assert ": named(...) is not valid:\n  " in str(caught.value)
    assert [problem.message for problem in caught.value.problems] == [says]
    assert isinstance(caught.value, pulumi.RunError)


# --- once per program -----------------------------------------------------------------------------------------------


@each_lookup
def test_a_list_is_fetched_once_per_program_in_a_preview_too(entity: str, box: Sandbox) -> None:
    look = LOOKUPS[entity]
    for preview in (True, False):
        box.clear_calls()
        first, second = asked(box, lambda: (look(), look()), preview=preview)
        assert first == second
        assert [(call["action"], call["entity"]) for call in box.calls] == [("list", entity)]


def test_another_program_asks_anew(box: Sandbox) -> None:
    before = asked(box, revcent.get_campaigns)
    box.add("campaign", {"name": "New"})
    after = asked(box, revcent.get_campaigns)
    assert {each.name for each in after} - {each.name for each in before} == {"New"}


def test_a_program_without_questions_asks_nothing(box: Sandbox) -> None:
    assert asked(box, lambda: 1) == 1
    assert box.calls == []


# --- accounts -------------------------------------------------------------------------------------------------------


def test_an_account_is_asked_with_its_own_key_and_by_itself(box: Sandbox) -> None:
    with Sandbox.start(seed=SEED) as other:

        def program() -> dict[str, Any]:
            account = revcent.Account("eu", api_key=other.api_key, base_url=other.api_url, max_retries=0)
            found = [revcent.get_campaigns(account=each) for each in (account, None, account)]
            return {"found": [[each.name for each in listing] for listing in found]}

        found = asked(box, program)["found"]
        assert found[0] == found[2] == ["Theirs"]
        assert "Acme US" in found[1]
        assert len(box.calls) == len(other.calls) == 1


def test_an_account_that_is_an_output_is_waited_for(box: Sandbox) -> None:
    def program() -> list[str]:
        account = revcent.Account("eu", api_key=pulumi.Output.secret(box.api_key), base_url=box.api_url)
        return [each.name for each in revcent.get_campaigns(account=account)]

    assert "Acme US" in run(program).result


# --- errors ---------------------------------------------------------------------------------------------------------


def refusal(program: Callable[[], Any], config: dict[str, str]) -> str:
    with pytest.raises(pulumi.RunError) as caught:
        run(program, config=config)
    assert not isinstance(caught.value, revcent.InvalidInputs)
    assert caught.value.__suppress_context__, "no traceback of what happened inside"
    return str(caught.value)


@each_lookup
def test_offline_there_is_no_answer(entity: str, box: Sandbox) -> None:
    message = refusal(LOOKUPS[entity], configuration(box, offline="true"))
    plural = {"third_party_shop": "third-party shops"}.get(entity, f"{entity.replace('_', ' ')}s")
    assert message.startswith(f"The program asks RevCent for its {plural}, which it cannot offline: ")
    assert box.calls == []


@each_lookup
def test_a_refused_key_is_told_and_not_shown(entity: str, box: Sandbox) -> None:
    message = refusal(LOOKUPS[entity], configuration(box, apiKey="canary-of-a-key"))
    assert " could not be had: " in message
    assert "key" in message
    assert "canary" not in message


def test_an_account_is_named_in_the_error(box: Sandbox) -> None:
    def program() -> None:
        revcent.get_campaigns(account=revcent.Account("eu", api_key="canary", base_url=box.api_url, max_retries=0))

    message = refusal(program, configuration(box))
    assert message.startswith('Account "eu": RevCent\'s campaigns could not be had: ')
    assert "canary" not in message


def test_a_key_that_may_not_list_is_told_what_it_lacks(box: Sandbox) -> None:
    key = box.add_key("narrow", allow=["GetCustomerPortals"])
    message = refusal(revcent.get_campaigns, configuration(box, apiKey=key))
    assert "GetCampaigns" in message
    assert run(lambda: list(revcent.get_customer_portals()), config=configuration(box, apiKey=key)).result == []


def test_a_server_that_is_not_there_is_told(box: Sandbox) -> None:
    config = configuration(box)
    box.stop()
    assert "RevCent's campaigns could not be had: " in refusal(revcent.get_campaigns, config)


def test_a_program_without_a_key_is_told_where_to_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REVCENT_API_KEY", raising=False)
    message = refusal(revcent.get_campaigns, {"revcent:baseUrl": "http://127.0.0.1:1/v2"})
    assert "apiKey" in message


def test_an_account_whose_key_is_not_known_yet_cannot_be_asked(box: Sandbox) -> None:
    def program() -> None:
        mail = revcent.SmtpProfile("m", name="m", host="h.test", port=25, username="u", password="p", sender="a@b.test")
        revcent.get_campaigns(account=revcent.Account("eu", api_key=mail.id, base_url=box.api_url))

    with pytest.raises(pulumi.RunError, match='Account "eu": an option is not known before `pulumi up`'):
        run(program, preview=True, config=configuration(box))
