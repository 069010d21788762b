"""Measure waiting on the real engine: 50 domains that become ready after 20 to 60 seconds each.

Prints seconds and what is wanted of them, and what the wait asked of RevCent. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.run import HERE, pulumi_in
from pulumi_revcent_portal.sandbox import Sandbox

QUICKEST, SLOWEST, PATIENCE = 20.0, 60.0, 90.0


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domains", type=int, default=50, help="how many domains, each with a portal")
    parser.add_argument("--never", type=int, default=0, help="how many of them never become ready")
    given = parser.parse_args()
    step = (SLOWEST - QUICKEST) / max(1, given.domains - 1)
    seconds = {f"brand{number}.com": QUICKEST + number * step for number in range(given.domains)}
    with tempfile.TemporaryDirectory() as directory, Sandbox.start() as sandbox:
        rules: dict[str, object] = {domain: {"certificate": {"seconds": after}} for domain, after in seconds.items()}
        rules |= dict.fromkeys(list(seconds)[: given.never], "never")
        sandbox.switch(transition={"domains": {**rules, "*": "immediate"}})
        pulumi = pulumi_in(Path(directory), HERE / "programs" / "waiting", sandbox)
        pulumi("stack", "init", "bench")
        pulumi("config", "set", "waiting:domains", str(given.domains))
        pulumi("config", "set", "waiting:timeout", f"{PATIENCE:.0f}s")
        print(f"waiting for {given.domains} domains ...", file=sys.stderr, flush=True)
        began, started = time.time(), time.perf_counter()
        out = pulumi("up", "--yes", "--skip-preview", "--continue-on-error", fail=not given.never)
        took = time.perf_counter() - started
        calls = [call for call in sandbox.calls if call["entity"] == "tracking_domain" and call["method"] == "GET"]
        reads = {
            action: [call["at"] - began for call in calls if call["action"] == action] for action in ("list", "get")
        }
        profile = next(
            call["at"] - began
            for call in sandbox.calls
            if call["path"] == "/smtp_profiles" and call["body"]["name"] == "Late mail"
        )
        portals = len(sandbox.objects("customer_portal"))
    print(Waited(given.domains, took, PATIENCE if given.never else SLOWEST, reads, profile, portals).report())
    if given.never:
        print("\n".join(said(out)))


def said(out: str) -> list[str]:
    """Return the lines of the first error, without the blanks before them."""
    lines = [line.strip() for line in out.splitlines()]
    errors = (at for at, line in enumerate(lines) if line.startswith("error:") and "is not ready after" in line)
    first = next(errors, max(0, len(lines) - 8))  # an `up` that failed otherwise ends with its reason
    return lines[first : first + 8]


@dataclass(frozen=True)
class Waited:
    """What was seen of one `pulumi up`.

    Attributes:
        domains: how many were waited for.
        took: the seconds of the whole command.
        last: the seconds until the last of them was ready, or given up.
        reads: when domains were read at RevCent, in seconds since the start, by kind of request.
        profile: when the mail profile beside them was made, in seconds since the start.
        portals: how many there are at the end.
    """

    domains: int
    took: float
    last: float
    reads: dict[str, list[float]]
    profile: float
    portals: int

    def report(self) -> str:
        """Return the figures and the ratio as text."""
        gets, lists = self.reads["get"], self.reads["list"]
        lines = [
            f"{self.domains} domains, ready after {QUICKEST:.0f} to {SLOWEST:.0f} s; {self.portals} portals at the end",
            f"{'up':32}{self.took:>8.1f} s",
            f"{'up / last domain':32}{self.took / self.last:>8.2f}   wanted <= 1.2",
            f"{'a profile beside them after':32}{self.profile:>8.1f} s",
            f"{'single reads per domain':32}{len(gets) / self.domains:>8.1f}   whatever time it takes",
            f"{'requests for lists':32}{len(lists):>8}   by ten seconds: {by_tens(lists)}",
        ]
        return "\n".join(lines)


def by_tens(moments: list[float]) -> str:
    """Count by ten seconds: `12 10 8`."""
    tens = Counter(int(at // 10) for at in moments)
    return " ".join(str(tens[ten]) for ten in range(max(tens, default=-1) + 1))


if __name__ == "__main__":
    main()
