"""Reading domains with few requests: by the list, or one by one where that is less or all that there is."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_revcent_portal.api.errors import NotFound, RevCentError
from pulumi_revcent_portal.readiness.source import Source
from pulumi_revcent_portal.sandbox.reading import OPERATIONS
from tests.providers.account import Account


def filled(count: int = 60, **switches: Any) -> tuple[Account, Source, list[str]]:
    """An account of so many domains, a source, and the IDs."""
    account = Account()
    ids = [account.box.add("tracking_domain", {"domain": f"d{number:03}.test"}) for number in range(count)]
    account.box.switch(**switches)
    return account, Source(account.session().client), ids


def asked(account: Account) -> list[str]:
    calls = [call["action"] for call in account.box.calls]
    account.box.clear_calls()
    return calls


def test_one_list_serves_a_whole_run() -> None:
    account, source, ids = filled()
    assert source.shared().keys() == set(ids)
    assert source.shared()[ids[59]]["ssl_status"] == "not_initialized"
    assert asked(account) == ["list"] * 3


def test_many_are_read_by_the_list_and_few_one_by_one() -> None:
    account, source, ids = filled()
    source.shared()
    asked(account)
    assert source.fresh(ids[:3]).keys() == set(ids[:3])
    assert asked(account) == ["get"] * 3
    assert source.fresh(ids[:4]).keys() == set(ids[:4])
    assert asked(account) == ["list"] * 3
    assert (source.cost(2), source.cost(50)) == (2, 3)


def test_what_is_read_later_does_not_change_what_the_list_said() -> None:
    account, source, _ = filled(1)
    listed = source.shared()
    made = account.box.add("tracking_domain", {"domain": "made.test"})
    source.fresh([made])
    assert made not in listed


def test_what_changed_is_seen() -> None:
    account, source, ids = filled(4)
    source.shared()
    account.box.change("tracking_domain", ids[0], {"ssl_status": "issued"})
    found: dict[str, Any] = dict(source.fresh(ids))
    assert [found[each]["ssl_status"] for each in ids] == ["issued", *["not_initialized"] * 3]


def test_lists_that_say_nothing_of_the_state_are_not_asked_for_again() -> None:
    account, source, ids = filled(3, slim_lists=True)
    assert source.shared() == {}
    asked(account)
    found: dict[str, Any] = dict(source.fresh(ids))
    assert {each["ssl_status"] for each in found.values()} == {"not_initialized"}
    assert asked(account) == ["get"] * 3


def test_a_key_that_may_not_list_reads_one_by_one() -> None:
    account, _, ids = filled(3)
    key = account.box.add_key("blind", allow=OPERATIONS - {"GetTrackingDomains"})
    source = Source(account.session(api_key=key).client)
    assert source.shared() == {}
    assert source.shared() == {}
    asked(account)
    assert source.fresh(ids).keys() == set(ids)
    assert asked(account) == ["get"] * 3


def test_records_that_lists_leave_out_are_read_once() -> None:
    account, source, ids = filled(3)
    source.shared()
    account.alter = lambda payload: (
        payload | {"results": [{k: v for k, v in item.items() if k != "a_records"} for item in payload["results"]]}
        if "results" in payload
        else payload
    )
    source = Source(account.session().client)
    source.shared()
    asked(account)
    assert all(each["a_records"] for each in dict[str, Any](source.fresh(ids)).values())
    assert sorted(asked(account)) == ["get"] * 3 + ["list"]
    assert all(each["a_records"] for each in dict[str, Any](source.fresh(ids)).values())
    assert asked(account) == ["list"]


def test_what_is_gone_is_told_beside_what_is_there() -> None:
    account, source, ids = filled(3)
    source.shared()
    account.box.remove("tracking_domain", ids[0])
    found = source.fresh(ids)
    assert isinstance(found[ids[0]], NotFound)
    assert not isinstance(found[ids[1]], RevCentError)


@pytest.mark.parametrize("wanted", [1, 3])
def test_a_revcent_that_fails_is_the_answer_for_all(wanted: int) -> None:
    account, source, ids = filled(3)
    source.shared()
    account.box.fault("status", status=400, times=None)
    found = source.fresh(ids[:wanted])
    assert len(found) == wanted
    assert all(isinstance(each, RevCentError) for each in found.values())
