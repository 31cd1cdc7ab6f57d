"""A worker works once after each wake, outlives its failures, and ends when it is told to."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from streaming.process.worker import Worker

LIMIT_SECONDS = 5.0


class Bench:
    """Work that waits to be let go on, and counts how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.error: Exception | None = None
        self.has_begun = asyncio.Condition()
        self.worker = Worker(self.work, name="the bench")

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
            await self.worker.idle()


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    await bench.worker.close()


async def test_work_is_done_once_after_a_wake(bench: Bench) -> None:
    bench.worker.wake()
    bench.worker.wake()
    await bench.idle()
    assert bench.begun == 1
    bench.worker.wake()
    await bench.idle()
    assert bench.begun == 2


async def test_a_wake_during_the_work_is_not_lost(bench: Bench) -> None:
    bench.may_end.clear()
    bench.worker.wake()
    await bench.until_begun(1)
    bench.worker.wake()
    assert bench.worker.is_working
    bench.may_end.set()
    await bench.idle()
    assert bench.begun == 2
    assert not bench.worker.is_working


async def test_the_earliest_alarm_counts(bench: Bench) -> None:
    bench.worker.wake_in(0.02)
    bench.worker.wake_in(3600.0)
    await bench.until_begun(1)
    bench.worker.wake_in(3600.0)
    bench.worker.wake_in(0.02)
    await bench.until_begun(2)
    await bench.idle()
    assert bench.begun == 2


async def test_work_that_fails_is_logged_and_tried_again(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.error = ValueError("broken")
    bench.worker.wake()
    await bench.idle()
    assert "the bench failed" in caplog.text
    bench.error = None
    bench.worker.wake()
    await bench.idle()
    assert bench.begun == 2


async def test_finishing_waits_for_the_work_and_lets_none_begin(bench: Bench) -> None:
    bench.may_end.clear()
    bench.worker.wake()
    await bench.until_begun(1)
    bench.worker.wake()
    finishing = asyncio.create_task(bench.worker.finish())
    await asyncio.sleep(0)
    assert not finishing.done()
    bench.may_end.set()
    await asyncio.wait_for(finishing, LIMIT_SECONDS)
    assert bench.begun == 1


async def test_closing_does_not_wait_for_the_work(bench: Bench) -> None:
    bench.may_end.clear()
    bench.worker.wake()
    await bench.until_begun(1)
    await asyncio.wait_for(bench.worker.close(), LIMIT_SECONDS)
    assert not bench.worker.is_working


async def test_a_worker_may_stop_itself(bench: Bench) -> None:
    bench.may_end.clear()
    bench.worker.wake()
    await bench.until_begun(1)
    bench.worker.stop()
    bench.may_end.set()
    await asyncio.wait_for(bench.worker.finish(), LIMIT_SECONDS)
    assert bench.begun == 1
