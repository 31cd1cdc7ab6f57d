"""The media of one item for as long as it plays: perishable URLs are replaced once for everybody who reads by them."""

import asyncio
from collections.abc import Awaitable, Callable

from streaming.errors import TransientError
from streaming.media import Media

Refresh = Callable[[], Awaitable[Media]]


class LastingMedia:
    """Media that can be renewed while several readers use them."""

    def __init__(self, media: Media, refresh: Refresh, *, limit_seconds: float) -> None:
        self.current = media
        self.renewals = 0
        self._refresh = refresh
        self._limit_seconds = limit_seconds
        self._renewal: asyncio.Task[None] | None = None

    async def renew(self, stale: Media) -> None:
        """Replaces `stale`, unless it has been replaced already; askers at the same time share one refresh.

        Raises what the refresh raises, and TransientError when it takes too long.
        """
        if self.current is not stale:
            return
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(), name=f"refresh {stale.item.key}")
        await asyncio.shield(self._renewal)

    async def close(self) -> None:
        """Ends a refresh under way."""
        if self._renewal:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(self._limit_seconds):
                self.current = await self._refresh()
        except TimeoutError:
            raise TransientError(f"No fresh address came within {self._limit_seconds:g} s.") from None
        self.renewals += 1
