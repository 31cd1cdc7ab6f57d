"""Work with the database that is cancelled: at whatever await that happens, what it opened is closed."""

import asyncio
import gc
import threading
import warnings
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from itertools import count
from typing import Any

import pytest

from streaming.storage.database import Database
from streaming.storage.tables import EngineHeartbeat

_ENDS_WITHIN_SECONDS = 5.0


class CancelledAt:
    """Work that has its task cancelled at awaits of given numbers.

    That happens before what it awaits is there, or when it is and the task has not seen it yet.
    """

    def __init__(self, work: Awaitable[None], *points: int, is_answered: bool) -> None:
        self._work = work
        self._points = points
        self._is_answered = is_answered
        self.awaits = 0

    async def run(self) -> None:
        """Does the work."""
        await self

    def __await__(self) -> Generator[Any, Any, None]:
        steps = self._work.__await__()
        step: Callable[[], Any] = partial(steps.send, None)
        while True:
            try:
                awaited = step()
            except StopIteration:
                return
            if self.awaits in self._points:
                self._cancel(awaited)
            self.awaits += 1
            try:
                yield awaited
                step = partial(steps.send, None)
            except BaseException as error:  # noqa: BLE001  (it is the work's to see)
                step = partial(steps.throw, error)

    def _cancel(self, awaited: "asyncio.Future[Any] | None") -> None:
        task = asyncio.current_task()
        assert task
        if awaited is not None and self._is_answered:
            awaited.add_done_callback(lambda _: task.cancel())
        else:
            task.cancel()


async def _write(database: Database) -> None:
    async with database.session() as session:
        await session.merge(EngineHeartbeat(name="one", pid=1))
        await session.commit()


async def _watch(database: Database) -> None:
    async with database.changes() as changes:
        await changes.seen()


_LEAST_AWAITS: dict[Callable[[Database], Awaitable[None]], int] = {_write: 5, _watch: 1}
"""A listener awaits the feed alone, whose own task does the rest."""

WORKS = pytest.mark.parametrize("work", [_write, _watch])
WHEN = pytest.mark.parametrize("is_answered", [False, True], ids=["before the answer", "with the answer there"])


@pytest.mark.parametrize("is_awaited", [True, False], ids=["awaited", "closed meanwhile"])
@WORKS
@WHEN
async def test_what_is_opened_is_closed_wherever_it_is_cancelled(
    database_url: str, work: Callable[[Database], Awaitable[None]], *, is_answered: bool, is_awaited: bool
) -> None:
    for point in count():
        cancelled = await _left_nothing(database_url, work, point, is_answered=is_answered, is_awaited=is_awaited)
        if cancelled.awaits <= point:
            break
    assert point > _LEAST_AWAITS[work]


@WORKS
@WHEN
async def test_what_is_opened_is_closed_though_it_is_cancelled_twice(
    database_url: str, work: Callable[[Database], Awaitable[None]], *, is_answered: bool
) -> None:
    for point in count():
        for second in count(point + 1):
            cancelled = await _left_nothing(database_url, work, point, second, is_answered=is_answered)
            if cancelled.awaits <= second:
                break
        if cancelled.awaits <= point:
            break
    assert point > _LEAST_AWAITS[work]


async def test_feed_is_closed_wherever_its_task_is(database_url: str) -> None:
    for steps in range(150):
        before = _threads()
        database = Database(database_url)
        watching = asyncio.create_task(_watch(database))
        for _ in range(steps):
            await asyncio.sleep(0)
        await database.close()
        await asyncio.wait({watching})
        watching.exception()
        async with asyncio.timeout(_ENDS_WITHIN_SECONDS):
            while not _threads() <= before:
                await asyncio.sleep(0)


async def _left_nothing(
    url: str, work: Callable[[Database], Awaitable[None]], *points: int, is_answered: bool, is_awaited: bool = True
) -> CancelledAt:
    before = _threads()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        database = Database(url)
        cancelled = CancelledAt(work(database), *points, is_answered=is_answered)
        task = asyncio.create_task(cancelled.run())
        while not is_awaited and not (task.done() or cancelled.awaits > points[0]):
            await asyncio.sleep(0)
        if is_awaited:
            await asyncio.wait({task})
        await database.close()
        await asyncio.wait({task})
        async with asyncio.timeout(_ENDS_WITHIN_SECONDS):
            while not _threads() <= before:
                await asyncio.sleep(0)
        if not task.cancelled():
            task.exception()
        del database, task
        gc.collect()
    assert not told, f"cancelled at {points}: {told[0].message}"
    return cancelled


def _threads() -> set[threading.Thread]:
    """Those of connections; the loop's own stay."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}
