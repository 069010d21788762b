"""Measure fleets of growing size beside resources that do nothing, the home-made provider, and the same fleet split.

Prints seconds, ratios, memory and requests; nothing is asserted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import yaml

from bench import brands
from bench.run import HERE, Pulumi, pulumi_in
from pulumi_revcent_portal.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

UP = ["up", "--yes", "--skip-preview"]
PREVIEW = ["preview", "--expect-no-changes"]
GENEROUS = 1_000_000
"""Requests a minute where the engine is to be measured and not the budget."""
UNSAVED = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""Lets the engine write the state once, at the end: unsafe, and only here to show what writing costs."""
PROCESSES = {"program": b"pulumi-language-python-exec", "provider": b"pulumi.dynamic", "engine": b"pulumi\0"}
"""What the command line of each process holds; the first that fits counts."""


@dataclass
class Cost:
    """What a program cost: seconds and requests by step, CPU seconds of the create and the most MB by process."""

    seconds: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    state: int = 0


class Watch:
    """Watches the processes of an engine: their highest resident set and their CPU time, as Linux has them."""

    def __init__(self, directory: Path) -> None:
        self._mark = str(directory).encode()
        self.most: dict[str, float] = dict.fromkeys(PROCESSES, 0.0)
        self._spent: dict[tuple[str, str], float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def spent(self) -> dict[str, float]:
        """Return the CPU seconds so far, by kind of process."""
        return {kind: sum(each for (name, _), each in self._spent.items() if name == kind) for kind in PROCESSES}

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    self._look(process)

    def _look(self, process: Path) -> None:
        command = (process / "cmdline").read_bytes()
        kind = next((kind for kind, word in PROCESSES.items() if word in command), None)
        if kind is None or self._mark not in (process / "environ").read_bytes():
            return
        status, fields = (process / "status").read_text(), (process / "stat").read_text().rpartition(")")[2].split()
        if "VmHWM:" in status:
            self.most[kind] = max(self.most[kind], int(status.partition("VmHWM:")[2].split()[0]) / 1024)
        self._spent[kind, process.name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prepared(directory: Path, program: str, sandbox: Sandbox, count: int, *, groups: int = 1) -> Pulumi:
    """Return what runs commands in a project with so many brands, whose stack exists."""
    extra = {
        "REVCENT_REQUESTS_PER_MINUTE": str(GENEROUS),
        "BENCH_PASSWORD": brands.mail(0)["password"],
        "BENCH_CAPTCHA": brands.SECRET_KEY,
    }
    pulumi = pulumi_in(directory, HERE / "programs" / program, sandbox, extra)
    declare(directory, brands.fleet(count, groups))
    pulumi("stack", "init", "bench")
    pulumi("config", "set", "bench:brands", str(count))
    pulumi("config", "set", "bench:mails", "1")
    return pulumi


def declare(directory: Path, fleet: Mapping[str, Any]) -> None:
    """Write the file of a fleet."""
    (directory / "project" / "brands.yaml").write_text(yaml.safe_dump(fleet, sort_keys=False))


def furnished() -> Sandbox:
    """Return a sandbox without the objects of its own seed."""
    return Sandbox.start(seed={"keys": [{"name": "bench", "key": "key-of-the-bench"}], "objects": {}})


def add_campaigns(sandbox: Sandbox, count: int) -> None:
    """Make the campaigns that the brands name."""
    for number in range(count):
        sandbox.add("campaign", {"name": f"Campaign {number}"})


def measure(program: str, count: int, *, extra: dict[str, str] | None = None, components: bool = False) -> Cost:
    """Create a fleet, preview it unchanged, and change one brand of it.

    Args:
        program: which one.
        count: how many brands.
        extra: what is added to the environment.
        components: whether the trivial program has a resource for each component, too.
    """
    cost = Cost()
    with tempfile.TemporaryDirectory() as name, furnished() as sandbox:
        directory = Path(name)
        add_campaigns(sandbox, count)
        pulumi = prepared(directory, program, sandbox, count)
        pulumi("config", "set", "bench:components", str(components).lower())
        with Watch(directory) as watch:
            for step, words, times in (("create", UP, 1), ("preview", PREVIEW, 3), ("change one", UP, 1)):
                if step == "change one":
                    if program != "fleet":  # it does not read the file
                        break
                    declare(directory, brands.fleet(count, footer_of_the_first="<p>Another</p>"))
                took = []
                for _ in range(times):
                    sandbox.clear_calls()
                    started = time.perf_counter()
                    pulumi(*words, extra=extra)
                    took.append(time.perf_counter() - started)
                cost.seconds[step], cost.requests[step] = min(took), len(sandbox.calls)
                cost.spent = cost.spent or watch.spent()
        cost.memory = watch.most
        cost.state = len(pulumi("stack", "export"))
    return cost


def measure_split(count: int, stacks: int, at_once: int) -> float:
    """Create a fleet in several stacks, some at once, and return the seconds."""
    with tempfile.TemporaryDirectory() as name, furnished() as sandbox:
        add_campaigns(sandbox, count)
        settings = {key: value for key, value in brands.mail(0).items() if key != "sender"}
        profile = sandbox.add("smtp_profile", settings)
        made = []
        for number in range(stacks):
            directory = Path(name) / f"stack{number}"
            directory.mkdir()
            pulumi = prepared(directory, "fleet", sandbox, count, groups=stacks)
            pulumi("config", "set", "bench:group", f"group{number}")
            pulumi("config", "set", "bench:profile", profile)
            made.append(pulumi)
        started = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda pulumi: pulumi(*UP), made))
        return time.perf_counter() - started


def say(text: str) -> None:
    """Tell what is being done, beside the figures."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[25, 100, 400], help="how many brands")
    parser.add_argument("--beside", type=int, default=100, help="the size that is compared with other programs")
    parser.add_argument("--split", type=int, default=4, help="stacks into which the largest fleet is split")
    chosen = parser.parse_args()

    sizes = {}
    print(_HEAD)
    for count in chosen.sizes:
        say(f"a fleet of {count} ...")
        sizes[count] = measure("fleet", count)
        print(row(count, sizes[count]), flush=True)
    beside = chosen.beside
    ours = sizes.get(beside) or measure("fleet", beside)
    print(comparison(beside, ours), flush=True)
    largest = max(chosen.sizes)
    print(splitting(largest, chosen.split, sizes[largest]))


_HEAD = (
    f"{'brands':>8}{'create':>10}{'a brand':>10}{'requests':>10}{'preview':>10}{'change one':>12}{'state':>10}"
    f"{'CPU: program, provider, engine':>34}{'memory: program, provider':>28}"
)


def row(count: int, cost: Cost) -> str:
    """Return a line of the table of sizes."""
    cpu = ", ".join(f"{cost.spent[each]:.0f} s" for each in ("program", "provider", "engine"))
    memory = ", ".join(f"{cost.memory[each]:.0f} MB" for each in ("program", "provider"))
    return (
        f"{count:>8}{cost.seconds['create']:>8.1f} s{1000 * cost.seconds['create'] / count:>7.0f} ms"
        f"{cost.requests['create']:>10}{cost.seconds['preview']:>8.1f} s{cost.seconds['change one']:>10.1f} s"
        f"{cost.state / 1024:>7.0f} kB"
        f"{cpu:>34}{memory:>28}"
    )


def comparison(count: int, ours: Cost) -> str:
    """Return the ratios to trivial resources and to the home-made provider."""
    say(f"{count} brands as trivial resources, and by the home-made provider ...")
    trivial, as_many = measure("trivial", count), measure("trivial", count, components=True)
    homemade = measure("homemade", count)
    rows = [
        ("preview / as many trivial resources", ours.seconds["preview"] / as_many.seconds["preview"], 1.2),
        ("preview / as many as are dynamic", ours.seconds["preview"] / trivial.seconds["preview"], None),
        ("create / home-made", ours.seconds["create"] / homemade.seconds["create"], 0.7),
        ("requests in a preview without a change", float(ours.requests["preview"]), 0),
    ]
    wanted = ["" if most is None else f"<= {most:g}" for _, _, most in rows]
    told = [f"{name:46}{value:>10.2f}{most:>10}" for (name, value, _), most in zip(rows, wanted, strict=True)]
    seconds = (
        f"\n{count} brands: preview {ours.seconds['preview']:.1f} s, as many trivial resources "
        f"{as_many.seconds['preview']:.1f} s; create {ours.seconds['create']:.1f} s, home-made "
        f"{homemade.seconds['create']:.1f} s"
    )
    return "\n".join([seconds, *told])


def splitting(count: int, stacks: int, whole: Cost) -> str:
    """Return what writing the state costs, and what splitting gives."""
    say(f"{count} brands, with the state written once ...")
    unsaved = measure("fleet", count, extra=UNSAVED)
    say(f"{count} brands in {stacks} stacks ...")
    at_once = os.cpu_count() or 2
    split = measure_split(count, stacks, at_once=at_once)
    return (
        f"\n{count} brands: create {whole.seconds['create']:.1f} s in one stack; {unsaved.seconds['create']:.1f} s "
        f"without writing the state after each step; {split:.1f} s in {stacks} stacks, {at_once} at once"
    )


if __name__ == "__main__":
    main()
