"""APScheduler's jobs, waited for at the end."""

import asyncio
import logging
from datetime import UTC
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Scheduler(AsyncIOScheduler):  # type: ignore[misc]  # it says nothing of its types
    """A scheduler whose end is the end of its jobs: what a job has open is closed only when the job has seen to it."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (as APScheduler has them)
        self._jobs = _Executor()
        super().__init__(timezone=UTC, executors={"default": self._jobs}, **options)

    async def end(self) -> None:
        """Cancels the jobs in work and waits for them."""
        self.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler ends in the loop's next turn
        if self._jobs.cancelled:
            await asyncio.wait(self._jobs.cancelled)


class _Executor(AsyncIOExecutor):  # type: ignore[misc]
    """Remembers which jobs it cancels, and logs failures alone: a job that is cancelled at the end is none."""

    cancelled: frozenset["asyncio.Future[object]"] = frozenset()

    def start(self, scheduler: AsyncIOScheduler, alias: str) -> None:
        super().start(scheduler, alias)
        self._logger.addFilter(_is_no_cancellation)

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002  (APScheduler's way to call it)
        self.cancelled = frozenset(self._pending_futures)
        super().shutdown(wait)


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
