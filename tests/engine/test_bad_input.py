"""Every wrong declaration is refused before anything is touched: in the program where it is known, else in `check`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_revcent_portal.providers.ownership import DRY_KEY, OWNER_KEY
from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.provider_process import provider_process
from tests.engine.stack import Stack
from tests.providers.programs import KINDS
from tests.wrong_declarations import LEFT_OUT, SECRETS, VALUES, WRONG, Wrong
from tests.wrong_programs import field_told

pytestmark = pytest.mark.engine

ALL = """\
import json, os
import pulumi_revcent_portal as revcent
from tests.wrong_declarations import WRONG
from tests.wrong_programs import declare

told = {}
for wrong in WRONG:
    try:
        declare(wrong)
    except revcent.InvalidInputs as error:
        told[wrong.id] = str(error)
with open(os.environ["TOLD"], "w") as file:
    json.dump(told, file)
"""

HIDDEN = """\
import pulumi
from tests.wrong_declarations import WRONG
from tests.wrong_programs import declare

(wrong,) = [wrong for wrong in WRONG if wrong.id == {id!r}]
declare(wrong, hide=pulumi.Output.from_input)
"""

OPEN = """\
import pulumi
import pulumi_revcent_portal as revcent

{line}
"""


def require_told(wrong: Wrong, told: str) -> None:
    """Assert that a message names field and cure, and no secret."""
    for words in (field_told(wrong), *wrong.says, wrong.cure):
        assert " ".join(words.split()) in told, f"{wrong.id}: {told}"
    for secret in SECRETS:
        assert secret not in told


def require_only_reads(sandbox: Sandbox) -> None:
    assert {call["method"] for call in sandbox.calls} <= {"GET"}


def test_a_program_is_told_of_every_wrong_declaration_that_it_makes(
    stack: Stack, sandbox: Sandbox, tmp_path: Any
) -> None:
    stack.environment["TOLD"] = str(tmp_path / "told.json")
    stack.write(ALL).preview().require()
    told = json.loads((tmp_path / "told.json").read_text())
    assert told.keys() == {wrong.id for wrong in WRONG}
    for wrong in WRONG:
        require_told(wrong, " ".join(told[wrong.id].split()))
        assert told[wrong.id].startswith("wrong_programs.py:")
    assert sandbox.calls == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            'revcent.CustomerEmails(confirmation={"from_address": "acme"})',
            "__main__.py:4: CustomerEmails(...) is not valid: confirmation.from_address: 'acme' is not an email",
        ),
        (
            'revcent.CustomerPermissions.for_use_cases("typo")',
            "__main__.py:4: CustomerPermissions.for_use_cases(...) is not valid: there is no use case 'typo'",
        ),
        (
            'revcent.TrackingDomain("acme", doman="acme.com")',
            "__main__.py:4: TrackingDomain \"acme\" is not valid: doman: there is no input 'doman' here. Did you mean",
        ),
    ],
    ids=["nested", "permissions", "keyword"],
)
def test_a_program_that_does_not_catch_it_ends_with_the_sentence_and_its_line(
    line: str, says: str, stack: Stack, sandbox: Sandbox
) -> None:
    told = stack.write(OPEN.format(line=line)).preview().require(ok=False).says(says)
    assert "Traceback" not in told.out
    assert 'File "' not in told.out
    assert sandbox.calls == []


def arrives(value: Any) -> bool:
    """Whether a value can be sent to a provider at all; a set cannot, and is refused in the program."""
    if isinstance(value, dict):
        return all(arrives(item) for item in value.values())
    if isinstance(value, list):
        return all(arrives(item) for item in value)
    return not isinstance(value, set)


def test_a_provider_refuses_every_wrong_declaration_that_a_program_could_not_see(sandbox: Sandbox) -> None:
    entries = [wrong for wrong in WRONG if wrong.resource in KINDS and arrives(wrong.value)]
    assert {wrong.resource for wrong in WRONG} - {wrong.resource for wrong in entries} == set(VALUES)
    assert len(entries) > len([wrong for wrong in WRONG if wrong.resource not in VALUES]) - 5, "but for sets"
    with provider_process({}) as provider:
        provider.configure({"revcent:apiKey": sandbox.api_key, "revcent:baseUrl": sandbox.api_url})
        for wrong in entries:
            kind, _ = KINDS[wrong.resource]
            owner = {"urn": f"urn:pulumi:dev::acme::t::{wrong.resource}", "identity": "theword", DRY_KEY: True}
            failures = provider.check(kind, {**wrong.declaration(), OWNER_KEY: owner})
            assert [name for name, _ in failures] == [""], f"{wrong.id}: {failures}"
            require_told_by_provider(wrong, failures[0][1])
    assert sandbox.calls == []


def require_told_by_provider(wrong: Wrong, reason: str) -> None:
    assert reason.startswith(wrong.path)
    for words in (*wrong.says, wrong.cure):
        assert words in reason, f"{wrong.id}: {reason}"
    for secret in SECRETS:
        assert secret not in reason


def kind_of(wrong: Wrong) -> str:
    """What is wrong with a declaration, roughly: one of each is previewed on the real engine."""
    if wrong.value is LEFT_OUT:
        return "left out"
    if any(words.startswith("no input") for words in wrong.says):
        return "unknown"
    if any(words.startswith("must be") for words in wrong.says):
        return "type"
    if wrong.rule:
        return "guide"
    return "nested" if "." in wrong.path else "value"


def one_of_each_kind() -> list[Wrong]:
    """The last entry of each kind: those are the portal's, whose parents hold a secret that must not be printed."""
    nested_too = [
        wrong
        for wrong in WRONG
        if arrives(wrong.value)
        and ("." in wrong.path or kind_of(wrong) != "unknown")
        and not wrong.path.startswith("rules")  # which can be no Output, so that the program always sees them
    ]
    entries = {kind_of(wrong): wrong for wrong in nested_too if wrong.resource == "CustomerPortal"}
    secret = next(wrong for wrong in WRONG if wrong.path == "recaptcha.secret_key" and wrong.value is not LEFT_OUT)
    return [*entries.values(), secret]


@pytest.mark.parametrize("wrong", one_of_each_kind(), ids=lambda wrong: wrong.id)
def test_a_preview_refuses_what_only_the_provider_sees(wrong: Wrong, stack: Stack, sandbox: Sandbox) -> None:
    told = stack.write(HIDDEN.format(id=wrong.id)).preview().require(ok=False)
    require_told(wrong, told.flat)
    assert "Traceback" not in told.out
    require_only_reads(sandbox)
