"""Opening what has to be closed again, though whoever waits for it may be cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

_opening: set["asyncio.Future[Any]"] = set()
"""The loop keeps weak references alone."""


async def opened(opening: Awaitable[T], close: Callable[[T], object]) -> T:
    """Gives what `opening` opens. If the wait is cancelled it is opened to the end all the same, and closed then.

    For what finishes in another thread whether somebody waits or not: asyncio forgets its result.
    """
    task = asyncio.ensure_future(opening)
    _opening.add(task)
    task.add_done_callback(_opening.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(lambda done: _close(done, close))
        raise


def _close(task: "asyncio.Future[T]", close: Callable[[T], object]) -> None:
    if not task.cancelled() and not task.exception():
        close(task.result())
