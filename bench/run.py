"""Measure this package beside (a) resources that do nothing and (b) a home-made provider, on the real engine.

Prints seconds, requests and bytes, and the ratios that are wanted. Nothing is asserted: figures depend on the machine,
ratios of programs that ran beside each other hardly do.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pulumi_revcent_portal.api.client import Client
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).resolve().parent
STEPS = {
    "create": ["up", "--yes", "--skip-preview"],
    "preview, no change": ["preview", "--expect-no-changes"],
    "up, no change": ["up", "--yes", "--skip-preview", "--expect-no-changes"],
    "refresh": ["refresh", "--yes", "--skip-preview"],
}
REPEATED = {"preview, no change": 3, "up, no change": 3, "refresh": 3}
"""Steps that leave everything as it is are run several times; the quickest counts, for the rest is the machine's."""
FOREIGN = ("PULUMI_", "REVCENT_", "PYTHON")  # a person's own settings, which would be measured too
QUIET = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
    "PULUMI_NEO": "false",
    "PULUMI_SUPPRESS_NEO_LINK": "true",
    "PULUMI_CONFIG_PASSPHRASE": "bench",
}


@dataclass
class Measured:
    """What one program cost.

    Attributes:
        seconds: by step.
        requests: by step.
        state: size of the exported state in bytes.
        resources: how many resources the state holds beside the stack's own and the provider's.
        reading: seconds that the requests of the refresh take by themselves, by four threads of one client.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    state: int = 0
    resources: int = 0
    reading: float = 0.0


class Pulumi(Protocol):
    """Runs a command of the CLI in a project, and returns what it printed."""

    def __call__(self, *words: str, fail: bool = True, extra: Mapping[str, str] | None = None) -> str:
        """Run it; `fail` ends the benchmark when the command fails, `extra` adds to the environment."""


def pulumi_in(directory: Path, program: Path, sandbox: Sandbox, settings: Mapping[str, str] | None = None) -> Pulumi:
    """Copy a program into a fresh project with a backend of its own, and return what runs commands there."""
    project = directory / "project"
    shutil.copytree(program, project)
    (project / "Pulumi.yaml").write_text(f"name: bench-{program.name}\nruntime: python\n")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)},
        **QUIET,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}",
        "PULUMI_HOME": f"{directory}/home",
        "PULUMI_BACKEND_URL": f"file://{directory}",
        "REVCENT_API_KEY": sandbox.api_key,
        "REVCENT_BASE_URL": sandbox.api_url,
        "REVCENT_RESOLVERS": "none",  # the sandbox's domains are in nobody's DNS
        **(settings or {}),
    }

    def pulumi(*words: str, fail: bool = True, extra: Mapping[str, str] | None = None) -> str:
        command = ["pulumi", *words, "--non-interactive", "--color=never"]
        done = subprocess.run(
            command,
            cwd=project,
            env=environment | {**(extra or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        if done.returncode and fail:
            raise SystemExit(f"pulumi {' '.join(words)} failed for '{program.name}':\n{done.stdout}\n{done.stderr}")
        return done.stdout

    return pulumi


def measure(program: str, brands: int) -> Measured:
    """Run all steps of one program against a fresh sandbox and a fresh backend."""
    measured = Measured()
    with tempfile.TemporaryDirectory() as directory, Sandbox.start() as sandbox:
        pulumi = pulumi_in(Path(directory), HERE / "programs" / program, sandbox)
        pulumi("stack", "init", "bench")
        pulumi("config", "set", "bench:brands", str(brands))
        pulumi("config", "set", "bench:mails", str(brands))
        for step, words in STEPS.items():
            took = []
            for _ in range(REPEATED.get(step, 1)):
                sandbox.clear_calls()
                started = time.perf_counter()
                pulumi(*words)
                took.append(time.perf_counter() - started)
            measured.seconds[step] = min(took)
            measured.requests[step] = len(sandbox.calls)
        measured.reading = read_all(sandbox)
        exported = pulumi("stack", "export")
        measured.state = len(exported)
        kinds = Counter(resource["type"] for resource in json.loads(exported)["deployment"]["resources"])
        measured.resources = sum(count for kind, count in kinds.items() if kind.startswith("pulumi-python:dynamic"))
    return measured


def read_all(sandbox: Sandbox) -> float:
    """Return the seconds that it takes to get every domain and portal of the account once."""
    client = Client(Settings(api_key=sandbox.api_key, base_url=sandbox.api_url))
    wanted = [
        (entity, item["id"]) for entity in ("tracking_domain", "customer_portal") for item in sandbox.objects(entity)
    ]
    started = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: client.get(*each), wanted))
    client.close()
    return time.perf_counter() - started


def table(results: dict[str, Measured], brands: int) -> str:
    """Return the figures and the ratios as text."""
    ours, trivial, homemade = results["ours"], results["trivial"], results["homemade"]
    lines = [
        f"{brands} brands: {ours.resources} resources. Budget: {Settings.requests_per_minute} requests a minute.",
        "",
    ]
    lines.append(f"{'':22}{'ours':>18}{'(a) trivial':>18}{'(b) home-made':>18}")
    for step in STEPS:
        cells = [f"{each.seconds[step]:.1f} s, {each.requests[step]} req" for each in results.values()]
        lines.append(f"{step:22}" + "".join(f"{cell:>18}" for cell in cells))
    lines.append(f"{'state':22}" + "".join(f"{each.state / 1024:>15.0f} kB" for each in results.values()))
    objects = brands * 3  # a domain, a profile and a portal; its certificate and its DNS are two steps of the domain
    rows = [
        ("preview / (a)", ours.seconds["preview, no change"] / trivial.seconds["preview, no change"], 1.25),
        ("refresh less its requests / (a)", (ours.seconds["refresh"] - ours.reading) / trivial.seconds["refresh"], 1.5),
        ("create / (b)", ours.seconds["create"] / homemade.seconds["create"], 0.8),
        ("state / (b)", ours.state / homemade.state, 0.5),
        ("requests in a no-change preview", ours.requests["preview, no change"], 0),
        ("requests per created object, domain steps too", ours.requests["create"] / ours.resources, 2),
        ("requests per created object alone", ours.requests["create"] / objects, 2),
        ("requests per object on refresh", ours.requests["refresh"] / objects, 1),
    ]
    lines.append(f"{'its requests alone':22}{ours.reading:>16.1f} s")
    lines += ["", f"{'':46}{'measured':>10}{'wanted':>10}"]
    lines += [f"{name:46}{value:>10.2f}{'<= ' + format(wanted, 'g'):>10}" for name, value, wanted in rows]
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brands", type=int, default=100, help="portals, each with a profile and a domain")
    brands = parser.parse_args().brands
    results = {}
    for program in ("ours", "trivial", "homemade"):
        print(f"measuring {program} ...", file=sys.stderr, flush=True)
        results[program] = measure(program, brands)
    print(table(results, brands))


if __name__ == "__main__":
    main()
