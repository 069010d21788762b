"""State on S3 with KMS and in a directory: what is kept, who may read it, and what happens when two pipelines meet."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import IO

import pytest
import yaml

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine import backends
from tests.engine.account import require_one_brand, the
from tests.engine.backends import (
    AUDITOR,
    KEY,
    LOCKED,
    MAKER,
    PREVIEWER,
    UPDATER,
    URL,
    Amazon,
    Place,
    run,
    script,
    scripts,
    shell,
    wait_until,
)
from tests.engine.programs import HEAD, MAIL, SECRET_KEY, SITE_KEY, WHOLE, but
from tests.engine.stack import Stack, end_session
from tests.engine.test_secrets import API_KEY, CAPTCHA_SECRET, NEXT_PASSWORD, PASSWORD, found_in
from tests.faults.test_killed import kill, recover

pytestmark = [
    pytest.mark.engine,
    # moto's server hands its sockets to threads that end after the test
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SMALL = HEAD + MAIL
SECRETS = but(but(WHOLE, '"mail-password"', repr(PASSWORD)), SECRET_KEY, CAPTCHA_SECRET)


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with backends.amazon() as account:
        yield account


@pytest.fixture
def on_s3(new_stack: Callable[..., Stack], amazon: Amazon, environment: dict[str, str]) -> Stack:
    keys = {**amazon.user(MAKER), "PULUMI_CONFIG_PASSPHRASE": "not needed"}
    return new_stack(url=URL, secrets_provider=KEY, environment={**environment, **keys})


@pytest.fixture(params=["file", "s3"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "file":
        return backends.on_disk(request.getfixturevalue("stack"))
    return backends.on_s3(request.getfixturevalue("on_s3"), request.getfixturevalue("amazon"))


ONCE = {"tracking_domain": 1, "smtp_profile": 1, "customer_portal": 1}


def creates(sandbox: Sandbox) -> dict[str, int]:
    """How many objects of each kind were made."""
    made = [call["entity"] for call in sandbox.calls if call["action"] == "create" and call["status"] == HTTPStatus.OK]
    return {entity: made.count(entity) for entity in made}


def data_key(stack: Stack, amazon: Amazon) -> tuple[str, bytes]:
    """What wraps the data key of a stack in KMS, and the data key; the same in its settings and in its state."""
    in_state = stack.export()["deployment"]["secrets_providers"]
    settings = yaml.safe_load((stack.directory / f"Pulumi.{stack.name}.yaml").read_text())
    assert in_state["type"] == "cloud"
    assert in_state["state"] == {"url": settings["secretsprovider"], "encryptedkey": settings["encryptedkey"]}
    return amazon.unwrap(settings["encryptedkey"])


def test_a_stack_on_s3_with_its_secrets_wrapped_by_kms(on_s3: Stack, sandbox: Sandbox, amazon: Amazon) -> None:
    stack = on_s3.write(SECRETS)
    run(stack, script("A stack")).require()
    stack.name = "production"
    stack.settled().refresh().require()
    stack.settled()

    wrapped_by, key = data_key(stack, amazon)
    assert (wrapped_by, len(key)) == (amazon.key_id, 32)
    sandbox.add_key("canary", key=API_KEY)
    del stack.environment["REVCENT_API_KEY"]
    stack.pulumi("config", "set", "--secret", "revcent:apiKey", API_KEY, "--stack", stack.name).require()
    stack.write(SECRETS.replace(repr(PASSWORD), repr(NEXT_PASSWORD))).up().require()
    exported = json.dumps(stack.export())
    for readable in ("acme.com", "portal@acme.com", SITE_KEY, "email_code", "subscription_cancel"):
        assert readable in exported

    shown = stack.pulumi("stack", "export", "--show-secrets", "--stack", stack.name).require().out
    assert set(found_in(shown)) == {API_KEY, NEXT_PASSWORD, CAPTCHA_SECRET}, "else nothing would be found anywhere"
    stack.destroy().require()
    assert stack.resources() == {}

    kept = list(amazon.versions())
    assert {name.split("/")[1] for name, *_ in kept} == {"backups", "history", "locks", "meta.yaml", "stacks"}
    others = (key, sandbox.api_key.encode(), stack.environment["AWS_SECRET_ACCESS_KEY"].encode())
    assert [where for *where, text in kept if found_in(text) or any(each in text for each in others)] == []
    settings = (stack.directory / f"Pulumi.{stack.name}.yaml").read_text()
    assert found_in(exported) == found_in(settings) == []


def test_the_second_of_two_runs_is_refused_or_waits_and_nothing_is_lost(place: Place, sandbox: Sandbox) -> None:
    stack = place.stack
    with stopped_halfway(stack, sandbox) as (first, go_on):
        (lock,) = place.locks()
        second = stack.up().require(ok=False).says(LOCKED, "pulumi cancel", lock, f"(pid {first.pid}) at ")
        assert "Updating" not in second.out
        for word in ("refresh", "destroy"):
            stack.pulumi(word, "--yes", "--stack", stack.name).require(ok=False).says(LOCKED)
        stack.preview().require()
        assert place.locks() == [lock]
        waiting = shell(stack, but(script("A pipeline that waits"), "sleep 15", "echo so it waits; sleep 0.1"))
        try:
            assert waiting.stdout is not None
            wait_for_line(waiting.stdout, "so it waits")
            go_on()
            said, _ = waiting.communicate(timeout=backends.PATIENCE)
        finally:
            end_session(waiting)
        out, _ = first.communicate(timeout=backends.PATIENCE)
        assert (first.returncode, waiting.returncode) == (0, 0), out + said
        assert "8 unchanged" in said
    assert place.locks() == []
    require_one_brand(sandbox)
    assert creates(sandbox) == ONCE


def wait_for_line(stream: IO[str], wanted: str) -> None:
    """Read until a line says something."""
    said = []
    for line in stream:
        said.append(line)
        if wanted in line:
            return
    raise AssertionError(said)


def test_two_runs_at_the_same_instant_make_nothing_twice(place: Place, sandbox: Sandbox) -> None:
    stack = place.stack.write(WHOLE)
    runs = [stack.popen("up", "--yes", "--skip-preview", "--stack", stack.name) for _ in range(2)]
    try:
        said = [each.communicate(timeout=backends.PATIENCE)[0] for each in runs]
    finally:
        for each in runs:
            end_session(each)
    assert all(each.returncode == 0 or LOCKED in out for each, out in zip(runs, said, strict=True)), said
    assert sum(" created (" in out for out in said) <= 1, "two never go on"
    assert place.locks() == []
    stack.refresh().require()
    stack.up().require()
    assert creates(sandbox) == ONCE
    require_one_brand(sandbox)
    stack.settled()


@contextmanager
def stopped_halfway(stack: Stack, sandbox: Sandbox) -> Iterator[tuple[subprocess.Popen[str], Callable[[], None]]]:
    """Start an `up` that made all but the portal, and waits; yield it, and what lets it go on."""
    gate = stack.directory / "gate"
    waits = f"""
import asyncio, pathlib

async def acme(_):
    while not pathlib.Path({str(gate)!r}).exists():
        await asyncio.sleep(0.02)
    return "Acme"
"""
    stack.write(but(but(WHOLE, MAIL, waits + MAIL), 'display_name="Acme"', "display_name=ready.id.apply(acme)"))
    first = stack.popen("up", "--yes", "--skip-preview", "--stack", stack.name)
    try:
        wait_until(lambda: any(call["action"] == "initialize_dns" for call in sandbox.calls), first)
        stack.write(WHOLE)
        yield first, gate.touch
    finally:
        end_session(first)


def test_cancel_does_not_stop_a_run_and_what_both_did_is_found_again(stack: Stack, sandbox: Sandbox) -> None:
    with stopped_halfway(stack, sandbox) as (first, go_on):
        stack.pulumi("cancel", "--yes", "--stack", stack.name).require()
        both = WHOLE + 'revcent.TrackingDomain("more", domain="bolt.com")\n'
        stack.write(both).up().require()
        assert {"more", "portal"} <= stack.resources().keys()
        assert first.poll() is None
        go_on()
        out, _ = first.communicate(timeout=backends.PATIENCE)
        assert first.returncode == 0, out
    assert "more" not in stack.resources(), "the last one to write the state wins"
    made = {each["domain"]: each["id"] for each in sandbox.objects("tracking_domain")}
    stack.refresh().require()
    stack.up().require()
    stack.settled()
    assert {each["domain"]: each["id"] for each in sandbox.objects("tracking_domain")} == made
    assert stack.resources()["more"]["id"] == made["bolt.com"]
    assert creates(sandbox) == {**ONCE, "tracking_domain": 2}


def test_a_killed_run_on_s3_and_an_older_state(on_s3: Stack, sandbox: Sandbox, amazon: Amazon) -> None:
    stack = on_s3.write(WHOLE)
    place = backends.on_s3(stack, amazon)
    kill(stack, sandbox, "POST", "^/customer_portals$")
    made = the(sandbox, "customer_portal")["id"]
    assert len(place.locks()) == 1
    stack.up().require(ok=False).says(LOCKED, "pulumi cancel")
    recover(stack).require()
    assert place.locks() == []
    require_one_brand(sandbox)

    state = f".pulumi/stacks/{stack.project}/{stack.name}.json"
    older = next(version for _, version, content in amazon.versions(state) if b"::portal" not in content)
    amazon.restore(state, older)
    assert "portal" not in stack.resources()
    stack.refresh("--clear-pending-creates").require()
    stack.up().require()
    assert the(sandbox, "customer_portal")["id"] == made
    require_one_brand(sandbox)
    stack.settled()


def test_what_each_role_may_do(on_s3: Stack, amazon: Amazon) -> None:
    export = ("stack", "export", "--stack", on_s3.name)
    on_s3.write(SMALL)

    def become(who: str) -> Stack:
        on_s3.environment.update(amazon.user(who))
        return on_s3

    become(UPDATER).up().require()
    assert backends.on_s3(on_s3, amazon).locks() == []
    on_s3.pulumi("stack", "change-secrets-provider", KEY).require(ok=False).says("KMS: Encrypt")
    become(PREVIEWER).settled().pulumi(*export, "--show-secrets").require()
    on_s3.up().require(ok=False).says("S3: PutObject", "AccessDenied")
    become(AUDITOR).pulumi(*export).require().says("portal@acme.com")
    on_s3.pulumi("stack", "output", "--stack", on_s3.name).require()
    on_s3.pulumi(*export, "--show-secrets").require(ok=False).says("KMS: Decrypt")
    on_s3.preview().require(ok=False).says("KMS: Decrypt")


def test_a_stack_moves_from_a_directory_to_s3_and_its_key_is_changed(
    new_stack: Callable[..., Stack], amazon: Amazon
) -> None:
    stack = new_stack(name="production").write(but(SMALL, '"mail-password"', repr(PASSWORD)))
    stack.environment.update(amazon.user(MAKER))
    stack.pulumi("config", "set", "--secret", "token", API_KEY, "--stack", stack.name).require()
    stack.up().require()
    before = stack.resources("--show-secrets")
    moving, forgetting = scripts("From a directory to S3")
    directory = stack.env()["PULUMI_BACKEND_URL"]
    run(stack, moving).require()
    run(stack, but(forgetting, "file:///srv/pulumi", directory)).require()
    assert [path for path in (stack.backend / ".pulumi").rglob("*.json*") if path.is_file()] == []

    stack.url = URL
    stack.environment["PULUMI_CONFIG_PASSPHRASE"] = "not this one"
    assert stack.resources("--show-secrets") == before
    keys = [data_key(stack, amazon)]
    assert keys[0][0] == amazon.key_id
    change = script("Another data key, another KMS key")
    other = amazon.make_key("alias/another")
    for command, key_id in ((change, amazon.key_id), (but(change, "acme-pulumi", "another"), other)):
        run(stack, command).require()
        keys.append(data_key(stack, amazon))
        assert keys[-1][0] == key_id
        assert stack.resources("--show-secrets") == before
    assert len({key for _, key in keys}) == len(keys)
    assert stack.pulumi("config", "get", "token", "--stack", stack.name).require().out.strip() == API_KEY
    assert [where for *where, text in amazon.versions() if found_in(text)] == []


def test_a_stack_in_a_directory_gets_another_passphrase(new_stack: Callable[..., Stack], tmp_path: Path) -> None:
    stack = new_stack(name="unused").write(SMALL)
    (tmp_path / "passphrase").write_text("first")
    beginning = script("A directory").replace("/srv", str(tmp_path))
    run(stack, f"unset PULUMI_CONFIG_PASSPHRASE\n{beginning}").require()
    stack.url, stack.name = f"file://{tmp_path}/pulumi", "production"
    change = script("Another passphrase")
    run(stack, change, PULUMI_CONFIG_PASSPHRASE="first", NEW_PASSPHRASE="second").require()
    export = ("stack", "export", "--show-secrets", "--stack", stack.name)
    stack.environment["PULUMI_CONFIG_PASSPHRASE"] = "first"
    stack.preview().require(ok=False).says("incorrect passphrase")
    stack.environment["PULUMI_CONFIG_PASSPHRASE"] = "second"
    stack.pulumi(*export).require().says("mail-password")
    run(stack, change.splitlines()[0].partition("|")[2]).require()  # no input
    stack.environment["PULUMI_CONFIG_PASSPHRASE"] = ""
    stack.pulumi(*export).require().says("mail-password")
