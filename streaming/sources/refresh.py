"""The media of one item for as long as it plays: perishable URLs are replaced once for everybody who reads by them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from streaming.model.errors import ItemUnavailable, TransientError
from streaming.model.items import Media

Refresh = Callable[[], Awaitable[Media]]


@dataclass(frozen=True, slots=True)
class Life:
    """How long URLs live in all, and how much of that is left."""

    whole_seconds: float
    left_seconds: float


class LastingMedia:
    """Media that can be renewed while several readers use them."""

    def __init__(
        self, media: Media, refresh: Refresh, *, limit_seconds: float, now: Callable[[], float] = time.time
    ) -> None:
        """`now` is the clock of the URLs' expiry: Unix time."""
        self.renewals = 0
        self._refresh = refresh
        self._limit_seconds = limit_seconds
        self._now = now
        self._renewal: asyncio.Task[None] | None = None
        self._take(media)

    @property
    def life(self) -> Life | None:
        """None when its URLs have no expiry, or had expired when they came: then this clock is wrong."""
        expires_at = self.current.expires_at
        if expires_at is None or self._whole_seconds <= 0:
            return None
        return Life(self._whole_seconds, min(expires_at - self._now(), self._whole_seconds))

    @property
    def has_expired(self) -> bool:
        """Whether the URLs have had their time."""
        return self.life is not None and self.life.left_seconds <= 0

    async def renew(self, stale: Media) -> None:
        """Replaces `stale`, unless it has been replaced already; askers at the same time share one refresh.

        Raises what the refresh raises, TransientError when it takes too long, and ItemUnavailable when the item is now
        offered in other formats, which cannot be read on from the same byte.
        """
        if self.current is not stale:
            return
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(), name=f"refresh {stale.item.key}")
            self._renewal.add_done_callback(lambda done: done.cancelled() or done.exception())  # all askers may be gone
        renewal = self._renewal
        await asyncio.wait([renewal])  # who asks may be cancelled, and the refresh goes on for the others
        if renewal.cancelled():
            raise TransientError("it is not read any more")
        renewal.result()

    async def close(self) -> None:
        """Ends a refresh under way."""
        if self._renewal:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(self._limit_seconds):
                fresh = await self._refresh()
        except TimeoutError:
            raise TransientError(f"no fresh address came within {self._limit_seconds:g} s") from None
        if fresh.formats != self.current.formats:
            raise ItemUnavailable("it is now offered in another format, which cannot continue the one before")
        self._take(fresh)
        self.renewals += 1

    def _take(self, media: Media) -> None:
        self.current = media
        self._whole_seconds = (media.expires_at or 0.0) - self._now()
