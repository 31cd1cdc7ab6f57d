"""Jobs end with their scheduler, and only those that fail by themselves are told of."""

import asyncio

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_REMOVED

from streaming.process.scheduler import Scheduler

LIMIT_SECONDS = 5.0


async def begun(scheduler: Scheduler, error: Exception | None) -> None:
    """Starts a job that fails, or never ends."""
    is_at_work = asyncio.Event()

    async def work() -> None:
        is_at_work.set()
        if error:
            raise error
        await asyncio.Event().wait()

    scheduler.start()
    scheduler.add_job(work)
    await asyncio.wait_for(is_at_work.wait(), LIMIT_SECONDS)


async def test_job_that_is_cancelled_at_the_end_leaves_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    scheduler = Scheduler()
    await begun(scheduler, None)
    await scheduler.end()
    assert not [record for record in caplog.records if record.exc_info]


async def test_job_that_would_run_in_a_thread_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    """What a job wakes belongs to the event loop."""
    scheduler = Scheduler()
    ran: list[int] = []
    has_failed = asyncio.Event()
    scheduler.add_listener(lambda _: has_failed.set(), EVENT_JOB_ERROR | EVENT_JOB_EXECUTED | EVENT_JOB_REMOVED)
    scheduler.start()
    scheduler.add_job(ran.append, args=[1])
    await asyncio.wait_for(has_failed.wait(), LIMIT_SECONDS)
    await scheduler.end()
    assert ran == []
    assert "would run in a thread" in caplog.text


async def test_job_that_fails_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    scheduler = Scheduler()
    await begun(scheduler, ValueError("broken"))
    await scheduler.end()
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["broken"]
