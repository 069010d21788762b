from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.contract_file import dump_contract
from pulumi_revcent_portal.api.errors import ContractFileError
from pulumi_revcent_portal.api.fields import Spelling

DEFAULT = Contract.default()


def load(folder: Path, content: Any) -> Contract:
    path = folder / "contract.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Contract.load(path)


def test_a_contract_survives_its_file(tmp_path: Path) -> None:
    listing = DEFAULT.operations["campaign", "list"]
    contract = Contract(
        {
            **DEFAULT.operations,
            ("campaign", "list"): dataclasses.replace(listing, offered=False, query=(("date_end", "now"),)),
        },
        {
            ("smtp_profile", "create"): {
                "host": Spelling("smtp_host"),
                "secure": Spelling("encryption", words=(("tls", "SSL"),)),
            },
            ("smtp_profile", "edit"): {"secure": Spelling("secure", boolean=True)},
            ("customer_portal", "edit"): {"customer_emails.confirmation.html": Spelling("template")},
        },
        "https://example.com/openapi.json",
    )
    assert load(tmp_path, dump_contract(contract)) == contract


def test_the_default_needs_no_file(tmp_path: Path) -> None:
    assert load(tmp_path, {"format": 1, "source": "", "operations": {}}).operations == DEFAULT.operations


def test_a_file_may_say_only_what_differs(tmp_path: Path) -> None:
    contract = load(
        tmp_path,
        {"format": 1, "operations": {"smtp_profile.get": {}, "smtp_profile.create": {"keys": {"host": "server"}}}},
    )
    assert contract.supports("smtp_profile", "get")
    assert contract.encode("smtp_profile", "create", {"host": "h"}) == {"server": "h"}
    assert contract.source == str(tmp_path / "contract.json")


def test_the_example_of_the_documentation_is_a_contract_file(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
    contract = load(tmp_path, page.split("```yaml\n")[1].split("```")[0])
    assert contract.encode("smtp_profile", "create", {"host": "h", "secure": "tls"}) == {
        "smtp_host": "h",
        "encryption": "SSL",
    }
    assert contract.supports("customer_portal", "delete")
    assert contract.page_query("campaign", 1)["date_start"] == "0"


def operations(**entry: Any) -> dict[str, Any]:
    return {"format": 1, "operations": {"smtp_profile.get": entry}}


WRONG: list[tuple[Any, str]] = [
    ("", "is not JSON"),
    ("{", "is not JSON"),
    ("[" * 100_000, "is not JSON"),
    ("[]", "holds no JSON object"),
    ({}, "'format' is null"),
    ({"format": 2}, "'format' is 2"),
    ({"format": 1, "operations": []}, "'operations' must be an object"),
    ({"format": 1, "operations": {"smtp_profile.fly": {}}}, "'operations.smtp_profile.fly' is no operation"),
    ({"format": 1, "operations": {"smtp_profile": {}}}, "'operations.smtp_profile' is no operation"),
    ({"format": 1, "operations": {"smtp_profile.get": None}}, "'operations.smtp_profile.get' must be an object"),
    (operations(verb="GET"), "'operations.smtp_profile.get.verb' is unknown"),
    (operations(method="FETCH"), "'operations.smtp_profile.get.method' must be one of GET, POST"),
    (operations(path="smtp/{id}"), "'operations.smtp_profile.get.path' must be a path such as /smtp_profiles/{id}"),
    (operations(path="/smtp"), "get.path'"),
    (operations(path="/{id}/{id}"), "get.path'"),
    (operations(path="/a b/{id}"), "get.path'"),
    (operations(path="/../{id}?x=1"), "get.path'"),
    (operations(path=7), "get.path'"),
    (operations(offered="yes"), "'operations.smtp_profile.get.offered' must be true or false"),
    (operations(query=[]), "'operations.smtp_profile.get.query' must be an object"),
    (operations(query={"a": 1}), "'operations.smtp_profile.get.query' must hold strings"),
    (operations(keys=[]), "'operations.smtp_profile.get.keys' must be an object"),
    (operations(keys={"hostname": "x"}), "'operations.smtp_profile.get.keys.hostname' is no field"),
    (operations(keys={"host": ""}), "'operations.smtp_profile.get.keys.host' must name a key"),
    (operations(keys={"host": 5}), "get.keys.host' must be an object"),
    (operations(keys={"host": {"boolean": True}}), "get.keys.host' must name a key"),
    (operations(keys={"host": {"key": "h", "boolean": True}}), "get.keys.host' can have no words"),
    (operations(keys={"host": {"key": "h", "words": {"a": "b"}}}), "get.keys.host' can have no words"),
    (operations(keys={"secure": {"key": "h", "boolean": 1}}), "get.keys.secure' must hold a key"),
    (operations(keys={"secure": {"key": "h", "words": {"tls": 1}}}), "get.keys.secure' must hold a key"),
    (operations(keys={"secure": {"key": "h", "words": []}}), "get.keys.secure.words' must be an object"),
]


@pytest.mark.parametrize(("content", "what"), WRONG)
def test_a_wrong_file_names_itself_the_place_and_the_cure(tmp_path: Path, content: Any, what: str) -> None:
    with pytest.raises(ContractFileError) as caught:
        load(tmp_path, content)
    message = str(caught.value)
    assert message.startswith(f"Contract file {tmp_path / 'contract.json'}")
    assert what in message
    assert message.endswith("Write the file anew with 'revcent-portal contract check --write FILE'.")


def test_a_file_that_cannot_be_read_names_the_option(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "absent.json", "No such file"), (tmp_path, "directory")):
        with pytest.raises(ContractFileError, match=why) as caught:
            Contract.load(path)
        assert "revcent:contract" in str(caught.value)
        assert "REVCENT_CONTRACT" in str(caught.value)


def test_the_file_is_for_people_too() -> None:
    content = json.loads(dump_contract(DEFAULT))
    assert content["format"] == 1
    assert content["operations"]["smtp_profile.get"] == {
        "method": "GET",
        "path": "/smtp_profiles/{id}",
        "offered": False,
    }
    assert list(content["operations"]) == [f"{entity}.{action}" for entity, action in DEFAULT.operations]
