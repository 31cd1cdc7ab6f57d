"""A task works once after each wake, outlives its failures, and ends when it is told to."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from streaming.process.woken_task import WokenTask

LIMIT_SECONDS = 5.0


class Bench:
    """Work that waits to be let go on, and counts how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.error: Exception | None = None
        self.has_begun = asyncio.Condition()
        self.task = WokenTask(self.work, name="the bench")

    async def work(self) -> None:
        async with self.has_begun:
            self.begun += 1
            self.has_begun.notify_all()
        await self.may_end.wait()
        if self.error:
            raise self.error

    async def until_begun(self, times: int) -> None:
        async with asyncio.timeout(LIMIT_SECONDS), self.has_begun:
            await self.has_begun.wait_for(lambda: self.begun >= times)

    async def idle(self) -> None:
        async with asyncio.timeout(LIMIT_SECONDS):
            await self.task.idle()


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    await bench.task.close()


async def test_work_is_done_once_after_a_wake(bench: Bench) -> None:
    bench.task.wake()
    bench.task.wake()
    await bench.idle()
    assert bench.begun == 1
    bench.task.wake()
    await bench.idle()
    assert bench.begun == 2


async def test_a_wake_during_the_work_is_not_lost(bench: Bench) -> None:
    bench.may_end.clear()
    bench.task.wake()
    await bench.until_begun(1)
    bench.task.wake()
    assert bench.task.is_working
    bench.may_end.set()
    await bench.idle()
    assert bench.begun == 2
    assert not bench.task.is_working


async def test_the_earliest_alarm_counts(bench: Bench) -> None:
    bench.task.wake_in(0.02)
    bench.task.wake_in(3600.0)
    await bench.until_begun(1)
    bench.task.wake_in(3600.0)
    bench.task.wake_in(0.02)
    await bench.until_begun(2)
    await bench.idle()
    assert bench.begun == 2


async def test_work_that_fails_is_logged_and_tried_again(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.error = ValueError("broken")
    bench.task.wake()
    await bench.idle()
    assert "the bench failed" in caplog.text
    bench.error = None
    bench.task.wake()
    await bench.idle()
    assert bench.begun == 2


async def test_finishing_waits_for_the_work_and_lets_none_begin(bench: Bench) -> None:
    bench.may_end.clear()
    bench.task.wake()
    await bench.until_begun(1)
    bench.task.wake()
    finishing = asyncio.create_task(bench.task.finish())
    await asyncio.sleep(0)
    assert not finishing.done()
    bench.may_end.set()
    await asyncio.wait_for(finishing, LIMIT_SECONDS)
    assert bench.begun == 1


async def test_closing_does_not_wait_for_the_work(bench: Bench) -> None:
    bench.may_end.clear()
    bench.task.wake()
    await bench.until_begun(1)
    await asyncio.wait_for(bench.task.close(), LIMIT_SECONDS)
    assert not bench.task.is_working


async def test_a_task_may_stop_itself(bench: Bench) -> None:
    bench.may_end.clear()
    bench.task.wake()
    await bench.until_begun(1)
    bench.task.stop()
    bench.may_end.set()
    await asyncio.wait_for(bench.task.finish(), LIMIT_SECONDS)
    assert bench.begun == 1


async def test_a_task_that_has_ended_is_idle_and_wakes_no_more(bench: Bench) -> None:
    await asyncio.wait_for(bench.task.close(), LIMIT_SECONDS)
    bench.task.wake()
    bench.task.wake_in(0.0)
    await bench.idle()
    assert bench.begun == 0
