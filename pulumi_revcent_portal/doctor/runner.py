"""Makes all checks at the same time, each within its time; what they look at and what they say is theirs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pulumi_revcent_portal.doctor.results import Report, Result, Verdict, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_revcent_portal.doctor.catalogue import Job
    from pulumi_revcent_portal.doctor.means import Means

__all__ = ["Progress", "examine"]

_AT_ONCE: Final = 32


@dataclass
class Progress:
    """How far the examination is.

    Attributes:
        total: how many checks there are.
        done: how many have ended.
        running: what is being looked at, by check and subject, oldest first.
    """

    total: int
    done: int = 0
    running: list[str] = field(default_factory=list)


async def examine(
    jobs: Sequence[Job], means: Means, on_progress: Callable[[Progress], object] = lambda _progress: None
) -> Report:
    """Make the checks and return their results in the order of the jobs.

    Args:
        jobs: what to do.
        means: what to look with; `means.seconds` bounds each check from its beginning, 32 are made at the same time.
        on_progress: told whenever a check begins or ends.
    """
    progress = Progress(len(jobs))
    places = asyncio.Semaphore(_AT_ONCE)
    began = time.monotonic()

    async def make(job: Job) -> Result:
        async with places:
            title = f"{job.check} {job.subject}"
            progress.running.append(title)
            on_progress(progress)
            verdict = await _verdict(job, means)
            progress.running.remove(title)
            progress.done += 1
            on_progress(progress)
        return Result(job.check, job.subject, verdict)

    results = await asyncio.gather(*map(make, jobs))
    return Report(tuple(results), time.monotonic() - began)


async def _verdict(job: Job, means: Means) -> Verdict:
    try:
        async with asyncio.timeout(means.seconds):
            return await job.look(means)
    except TimeoutError:
        return failed(
            f"Nothing came of it within {means.seconds:g} s.",
            "Look whether this machine reaches what is checked; --timeout gives it longer.",
        )
    except Exception as error:  # noqa: BLE001 - a fault of one check must not take the others' results away
        # The text of an unforeseen error may hold anything.
        return failed(f"The check itself broke off ({type(error).__name__}).", "Report it as an error of this package.")
