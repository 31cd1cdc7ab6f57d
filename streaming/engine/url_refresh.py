"""Refreshing: the URLs of everything in play or next up are replaced before they expire, by a job of APScheduler's.

What is missed here is no harm, for a source also replaces what is refused; but a URL with half its life to go can wait
out an hour of trouble with the platform, and one about to expire cannot.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Self
from weakref import WeakKeyDictionary

from apscheduler.job import Job

from streaming.model.errors import NonstopError
from streaming.process.scheduler import Scheduler
from streaming.process.supervision import Supervisor
from streaming.sources.server import OpenSource, SourceServer

_log = logging.getLogger(__name__)

_INTERVAL_SECONDS = 15.0
_LONGEST_MARGIN_SECONDS = 300.0
_MARGIN_OF_LIFE = 0.1
_RENEWED_AT_LIFE = 0.5
"""A URL that does not last to its item's end is replaced with so much of its life to go: the rest is for retries."""
_RETRIED_AT_LIFE = 0.9
"""After a failure, once so much of what was left then is left."""


class Refresher:
    """Looks after the sources of an engine, from entering to leaving."""

    def __init__(self, sources: SourceServer, *, interval_seconds: float = _INTERVAL_SECONDS) -> None:
        self._sources = sources
        self._interval_seconds = interval_seconds
        self._failed_at: WeakKeyDictionary[OpenSource, float] = WeakKeyDictionary()  # seconds of life left
        self.scheduler = Scheduler()

    async def __aenter__(self) -> Self:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        job = self.scheduler.add_job(
            self.refresh,
            "interval",
            seconds=self._interval_seconds,
            coalesce=True,
            misfire_grace_time=None,  # late is better than not at all
            max_instances=4,  # one that waits for the platform does not hold up the others
        )
        self.scheduler.start()
        minding = Supervisor(_log.error).auxiliary("The clock watcher", lambda: self._mind_the_clock(job))
        self._minding = asyncio.create_task(minding, name="mind the clock")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._minding.cancel()
        await asyncio.wait([self._minding])
        await self.scheduler.end()

    async def refresh(self) -> None:
        """Refreshes every source for which it is time."""
        await asyncio.gather(*(self._refresh(source) for source in self._sources.sources if self._is_due(source)))

    def _is_due(self, source: OpenSource) -> bool:
        life = source.life
        if life is None or life.left_seconds > self._failed_at.get(source, life.whole_seconds) * _RETRIED_AT_LIFE:
            return False
        margin_seconds = min(_LONGEST_MARGIN_SECONDS, life.whole_seconds * _MARGIN_OF_LIFE)
        unread_seconds = source.unread_seconds
        lasts = unread_seconds is not None and life.left_seconds >= unread_seconds + margin_seconds
        return not lasts and life.left_seconds < life.whole_seconds * _RENEWED_AT_LIFE

    async def _refresh(self, source: OpenSource) -> None:
        life, title = source.life, source.media.item.title
        try:
            await source.refresh()
        except NonstopError as error:
            _log.info("The URLs of “%s” are not refreshed yet: %s", title, error)
            self._failed_at[source] = life.left_seconds if life else 0.0
        except Exception:  # noqa: BLE001  (the other sources must not wait for the next round)
            _log.exception("The URLs of “%s” could not be refreshed", title)
            self._failed_at[source] = life.left_seconds if life else 0.0
        else:
            _log.debug("The URLs of “%s” are fresh", title)
            self._failed_at.pop(source, None)

    async def _mind_the_clock(self, job: Job) -> None:
        """When the clock is set back, APScheduler would let the job wait until its old time has come round again."""
        interval = timedelta(seconds=self._interval_seconds)
        while True:
            await asyncio.sleep(self._interval_seconds)
            if job.next_run_time > datetime.now(UTC) + 2 * interval:
                job.modify(next_run_time=datetime.now(UTC))
