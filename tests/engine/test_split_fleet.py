"""The example of a fleet that is split over stacks, driven by the commands of its own workflow."""

from __future__ import annotations

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.docs.pages import CHECKOUT, Page
from tests.engine.account import changes
from tests.engine.programs import but
from tests.engine.stack import TIMEOUT, Result, Stack, end_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import Sandbox

pytestmark = pytest.mark.engine

EXAMPLE = CHECKOUT / "examples/split-fleet"
WORKFLOW = yaml.safe_load((EXAMPLE / "workflow.yml").read_text(encoding="utf-8"))
GROUPS = {"us": ["acme", "acme-store"], "eu": ["acme-eu", "acme-eu-recovery"], "bolt": ["bolt", "bolt-store"]}
AT_ONCE = 2


@dataclass
class Split:
    """A copy of the example, whose stacks exist.

    Attributes:
        directory: the copy.
        mail: the stack of the mail profile.
        portals: the stacks of the portals, by group.
    """

    directory: Path
    mail: Stack
    portals: dict[str, Stack] = field(default_factory=dict)

    @property
    def brands(self) -> Path:
        return self.directory / "portals/brands.yaml"

    def edit(self, old: str, new: str) -> None:
        self.brands.write_text(but(self.brands.read_text(), old, new))


@pytest.fixture
def split(new_stack: Callable[..., Stack], environment: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> Split:
    sandbox.switch(transition={"lookup": {"issue_seconds": 1}})
    environment["REVCENT_RESOLVERS"] = sandbox.dns_address
    copy = tmp_path / "split-fleet"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for settings in (copy / "portals").glob("Pulumi.*.yaml"):
        settings.write_text(but(settings.read_text(), "port: 8053", f"port: {sandbox.dns_port}"))

    def existing(place: tuple[str, str]) -> Stack:
        return new_stack(directory=copy / place[0], project=place[0], name=place[1], existing=True)

    mail, *portals = at_once(existing, [("mail", "shared"), *(("portals", group) for group in GROUPS)])
    return Split(copy, mail, {stack.name: stack for stack in portals})


def at_once(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def run_job(job: str, event: str, stack: Stack) -> tuple[Result, str]:
    """Run the scripts that a job of the workflow has for an event, as GitHub does.

    Returns:
        How it ended and what all of it printed, and the file to which it wrote for others.
    """
    written = stack.directory / f"written-by-{job}-{stack.name}"
    written.write_text("")
    environment = {"STACK": stack.name, "GITHUB_OUTPUT": str(written), "GITHUB_STEP_SUMMARY": str(written)}
    code, said = 0, ""
    for step in WORKFLOW["jobs"][job]["steps"]:
        condition = step.get("if", f"'{event}'")
        script = step.get("run", "")
        if f"'{event}'" not in condition or script.startswith("pip ") or (code and "always()" not in condition):
            continue
        process = subprocess.Popen(
            ["bash", "-e", "-c", script],
            cwd=stack.directory,
            env=stack.env() | environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            out, _ = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            end_session(process)
            raise
        code, said = code or process.returncode, said + out
    return Result(code, said), written.read_text()


def up(stack: Stack) -> tuple[Result, dict[str, Any]]:
    """Run what the workflow does with a stack of portals on the main branch; return the end and the outputs."""
    ended, outputs = run_job("portals", "push", stack)
    return ended, json.loads(outputs)


def settled(stack: Stack) -> Stack:
    return stack.settled()


def test_the_workflow_uses_the_actions_that_the_pages_name() -> None:
    used = {step["uses"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step}
    shown = yaml.safe_load(next(block for block in Page(CHECKOUT / "docs/ci.md").blocks("yaml") if "jobs:" in block))
    assert used == {step["uses"] for step in shown["jobs"]["portals"]["steps"] if "uses" in step}


def test_three_stacks_at_once_one_brand_fails_and_is_healed(
    split: Split, sandbox: Sandbox, new_stack: Callable[..., Stack]
) -> None:
    found, written = run_job("groups", "push", split.portals["us"])
    assert "::warning::" not in found.require().out
    matrix = json.loads(written.removeprefix("matrix="))
    assert matrix == {"include": [{"stack": stack, "brands": brands} for stack, brands in GROUPS.items()]}

    early = split.portals["us"].preview().require(ok=False)
    early.says("the stack organization/mail/shared has no output 'smtp_profile'", "run `pulumi up` there first")
    assert "Traceback" not in early.out
    run_job("mail", "push", split.mail)[0].require()

    sandbox.fault("status", method="POST", path="/customer_portals$", status=500)  # one of six, whichever is first
    ended = dict(zip(GROUPS, at_once(up, split.portals.values()), strict=True))
    made = {group: outputs["portals"] for group, (_, outputs) in ended.items()}
    pending = {group: outputs["pending"] for group, (_, outputs) in ended.items()}
    assert {group: sorted([*made[group], *pending[group]]) for group in GROUPS} == GROUPS
    ((failed, reasons),) = ((group, each) for group, each in pending.items() if each)
    ((brand, reason),) = reasons.items()
    assert reason == f"The portal itself failed: see the error on portals-{brand}-portal."
    assert {group for group, (result, _) in ended.items() if result.code} == {failed}
    assert "warning" not in "".join(result.out for result, _ in ended.values())
    confirmed = {object_id for each in made.values() for object_id in each.values()}
    assert confirmed == {portal["id"] for portal in sandbox.objects("customer_portal")}
    assert len(confirmed) == 5

    healed, outputs = up(split.portals[failed])
    healed.require()
    assert outputs["pending"] == {}
    made[failed] = outputs["portals"]
    at_once(settled, split.portals.values())

    portals = {portal["id"]: portal for portal in sandbox.objects("customer_portal")}
    (mail,) = sandbox.objects("smtp_profile")
    assert {portal["smtp_profile"] for portal in portals.values()} == {mail["id"]}
    senders = {email["from_address"] for each in portals.values() for email in each["customer_emails"].values()}
    assert senders == {"portal@brands.example"}
    names = {brand: portals[object_id]["display_name"] for each in made.values() for brand, object_id in each.items()}
    assert names == {
        "acme": "Acme",
        "acme-store": "Acme Store",
        "acme-eu": "Acme Europe",
        "acme-eu-recovery": "Acme Europe payments",
        "bolt": "Bolt",
        "bolt-store": "Bolt Store",
    }

    reader = new_stack(project="site").write(Page(CHECKOUT / "docs/splitting.md").program)
    reader.up().require()
    assert reader.outputs()["portals"] == {brand: each for stack in made.values() for brand, each in stack.items()}


def published(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return the records of a domain, without the serial number of its zone."""
    return [record for record in sandbox.records("acme.example") if record["type"] != "SOA"]


def test_a_brand_moves_to_another_group_and_its_portal_is_never_out_of_service(split: Split, sandbox: Sandbox) -> None:
    us, eu = split.portals["us"], split.portals["eu"]
    run_job("mail", "push", split.mail)[0].require()
    unpublished = published(sandbox)
    for ended, _ in at_once(up, [us, eu]):
        ended.require()
    zone = sandbox.records("acme.example")
    (store,) = (portal for portal in sandbox.objects("customer_portal") if portal["display_name"] == "Acme Store")

    steering = "    adopt: true\n    retain_on_delete: true\n"
    split.edit("    group: us\n    name: Acme Store\n", f"    group: us\n{steering}    name: Acme Store\n")
    with changes(sandbox) as changed:
        up(us)[0].require()
    assert changed == {}

    split.edit(f"    group: us\n{steering}", f"    group: eu\n{steering}")
    eu.pulumi("config", "cp", "storeCaptchaSecret", "--stack", "us", "--dest", "eu").require()
    sandbox.clear_calls()
    with changes(sandbox) as changed:
        (left, before), (taken, after) = at_once(up, [us, eu])
    left.require()
    taken.require()
    assert changed == {
        "customer_portal 'Acme Store portal'": {"description"},
        "tracking_domain 'acme.example'": {"description"},
    }
    written = [call["body"] for call in sandbox.calls if call["action"] == "edit"]
    assert len(written) == 2  # each was taken over once, and nothing was retired
    assert sandbox.records("acme.example") == zone  # the serial number, too
    assert before["portals"].keys() == {"acme"}
    assert after["portals"]["acme-store"] == store["id"]

    split.edit(steering, "")
    with changes(sandbox) as changed:
        up(eu)[0].require()
    assert changed == {}
    at_once(settled, [us, eu])

    # The group loses its last brand, so nothing updates its stack any more; to destroy it needs no file.
    split.edit("  acme:\n    group: us\n", "  acme:\n    group: eu\n")
    found, written_by = run_job("groups", "push", us)
    found.says("::warning::The stack us has no brands in the file: pulumi destroy --stack us")
    assert '"stack": "us"' not in written_by
    us.destroy().require()
    enabled = {portal["display_name"]: portal["enabled"] for portal in sandbox.objects("customer_portal")}
    assert enabled == {"Acme": False, "Acme Store": True, "Acme Europe": True, "Acme Europe payments": True}
    assert sandbox.records("acme.example") == zone

    eu.destroy().require()
    assert published(sandbox) == unpublished  # the records went with the portal
