"""Lets blocking work wait beside an event loop, without anybody waiting for it at the end of the program."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["in_thread"]

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Return what blocking work returns, or raise what it raises.

    The loop's own executor is not used: the end of the loop waits for its threads, and one that talks to a server
    which answers a byte a minute would hold up the whole command. This one is abandoned when it is cancelled.

    Args:
        work: what to do.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type] # the result is None only where T is
        else:
            future.set_exception(error)

    def carry_out() -> None:
        result, failure = None, None
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - it is raised again where it is awaited
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=carry_out, name="revcent-doctor", daemon=True).start()
    return await future
