"""Media with expiring URLs, refreshed once for all readers of an item."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from streaming.model.errors import ItemUnavailable, TransientError
from streaming.model.items import Media
from streaming.sources.messages import Urls

Refresh = Callable[[], Awaitable[Media]]


@dataclass(frozen=True, slots=True)
class Life:
    """How long URLs live in all, and how much of that is left."""

    whole_seconds: float
    left_seconds: float


class RefreshableMedia:
    """The current media of one item; `current` changes with every refresh."""

    def __init__(
        self, media: Media, refresh: Refresh, *, limit_seconds: float, now: Callable[[], float] = time.time
    ) -> None:
        """`now` is the clock of the URLs' expiry: Unix time."""
        self.refreshes = 0
        self._resolve = refresh
        self._limit_seconds = limit_seconds
        self._now = now
        self._refreshing: asyncio.Task[None] | None = None
        self._set_current(media)

    @property
    def life(self) -> Life | None:
        """None for URLs without an expiry, and for URLs that were expired on arrival: then this clock is wrong."""
        expires_at = self.current.expires_at
        if expires_at is None or self._whole_seconds <= 0:
            return None
        return Life(self._whole_seconds, min(expires_at - self._now(), self._whole_seconds))

    @property
    def has_expired(self) -> bool:
        return self.life is not None and self.life.left_seconds <= 0

    async def refresh(self, stale: Media) -> None:
        """Replaces `stale` unless that has happened already; simultaneous callers share one refresh.

        Raises what the refresh raises, TransientError at the time limit, and ItemUnavailable when the item now has
        other formats, whose bytes do not continue those read so far.
        """
        if self.current is not stale:
            return
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._replace(), name=f"refresh {stale.item.key}")
            # Retrieves the exception, which asyncio reports as lost when every caller has been cancelled.
            self._refreshing.add_done_callback(lambda done: done.cancelled() or done.exception())
        refreshing = self._refreshing
        await asyncio.wait([refreshing])  # unlike awaiting the task, this does not cancel it with the caller
        if refreshing.cancelled():
            raise TransientError(Urls.ABANDONED())
        refreshing.result()

    async def close(self) -> None:
        """Cancels a refresh under way."""
        if self._refreshing:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    async def _replace(self) -> None:
        try:
            async with asyncio.timeout(self._limit_seconds):
                fresh = await self._resolve()
        except TimeoutError:
            raise TransientError(Urls.TIMEOUT(seconds=self._limit_seconds)) from None
        if fresh.formats != self.current.formats:
            raise ItemUnavailable(Urls.OTHER_FORMAT())
        self._set_current(fresh)
        self.refreshes += 1

    def _set_current(self, media: Media) -> None:
        self.current = media
        self._whole_seconds = (media.expires_at or 0.0) - self._now()
