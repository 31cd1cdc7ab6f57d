"""A scheduler of APScheduler that waits for its jobs at the end."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.util import iscoroutinefunction_partial


class Scheduler(AsyncIOScheduler):  # type: ignore[misc]  # it is not typed
    """A scheduler that ends with its jobs: resources that jobs use are closed after that."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (those of APScheduler)
        self._jobs = _Executor()
        super().__init__(timezone=UTC, executors={"default": self._jobs}, **options)

    async def end(self) -> None:
        """Cancels the jobs in work and waits for them."""
        self.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler shuts down in the loop's next iteration
        if self._jobs.cancelled:
            await asyncio.wait(self._jobs.cancelled)


class _Executor(AsyncIOExecutor):  # type: ignore[misc]
    """Remembers the jobs it cancels, and logs only failures: a cancelled job is none."""

    cancelled: frozenset["asyncio.Future[object]"] = frozenset()

    def start(self, scheduler: AsyncIOScheduler, alias: str) -> None:
        super().start(scheduler, alias)
        self._logger.addFilter(_is_no_cancellation)

    def _do_submit_job(self, job: Job, run_times: Sequence[datetime]) -> None:
        assert iscoroutinefunction_partial(job.func), f"{job.func} would run in a thread"
        super()._do_submit_job(job, run_times)

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002  (APScheduler calls it so)
        self.cancelled = frozenset(self._pending_futures)
        super().shutdown(wait)


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
