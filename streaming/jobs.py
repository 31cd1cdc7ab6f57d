"""APScheduler's jobs, waited for at the end."""

import asyncio
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
    """Tells whom it cancels."""

    cancelled: frozenset["asyncio.Future[object]"] = frozenset()

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002  (APScheduler's way to call it)
        self.cancelled = frozenset(self._pending_futures)
        super().shutdown(wait)
