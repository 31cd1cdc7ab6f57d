"""Opens a resource that has to be closed again, even when the wait for it is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

_opening: set["asyncio.Future[Any]"] = set()
"""The event loop keeps only weak references to tasks."""


async def opened(opening: Awaitable[T], close: Callable[[T], object]) -> T:
    """Returns what `opening` opens. When the wait is cancelled, the opening still completes, and its result is closed.

    For work that completes in another thread: asyncio drops its result after a cancellation.
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
