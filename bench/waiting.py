"""Measure waiting on the real engine: 50 domains that become ready after 20 to 60 seconds each.

Prints seconds, requests to RevCent by ten seconds, and the ratio that is wanted of them. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.run import HERE, pulumi_in
from pulumi_revcent_portal.sandbox import Sandbox

QUICKEST, SLOWEST = 20.0, 60.0


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
        pulumi("config", "set", "waiting:timeout", f"{int(SLOWEST * 1.5)}s")
        print(f"waiting for {given.domains} domains ...", file=sys.stderr, flush=True)
        began, started = time.time(), time.perf_counter()
        out = pulumi("up", "--yes", "--skip-preview", "--continue-on-error", fail=not given.never)
        took = time.perf_counter() - started
        calls = [call for call in sandbox.calls if call["entity"] == "tracking_domain" and call["method"] == "GET"]
        waits = [call["at"] - began for call in calls if call["action"] == "list" or call["key_name"]]
        profile = next(
            call["at"] - began
            for call in sandbox.calls
            if call["path"] == "/smtp_profiles" and call["body"]["name"] == "Late mail"
        )
        portals = len(sandbox.objects("customer_portal"))
    print(report(given.domains, took, waits, profile, portals))
    if given.never:
        print("\n".join(line for line in out.splitlines() if "is not ready after" in line)[:400])


def report(domains: int, took: float, waits: list[float], profile: float, portals: int) -> str:
    """Return the figures and the ratio as text."""
    tens = Counter(int(at // 10) * 10 for at in waits)
    lines = [
        f"{domains} domains, ready after {QUICKEST:.0f} to {SLOWEST:.0f} s; {portals} portals at the end",
        f"{'up':32}{took:>8.1f} s",
        f"{'up / slowest domain':32}{took / SLOWEST:>8.2f}   wanted <= 1.2",
        f"{'reads of domains at RevCent':32}{len(waits):>8}",
        f"{'a profile beside them after':32}{profile:>8.1f} s",
        "reads by ten seconds: " + json.dumps({f"{ten}s": count for ten, count in sorted(tens.items())}),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
