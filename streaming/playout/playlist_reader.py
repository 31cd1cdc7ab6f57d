"""Reads the playlist into the lineup, however often the listing breaks off."""

import asyncio

from streaming.lineup.occurrences import Numbering
from streaming.model.errors import NonstopError, PlatformTrouble, PlaylistError, TransientError
from streaming.model.events import PlayoutEvents
from streaming.model.items import Playlist
from streaming.model.message import NOTHING
from streaming.model.states import LogLevel
from streaming.playout.messages import Listings, Tasks
from streaming.playout.order import PlayOrder
from streaming.playout.outage import PlatformOutage
from streaming.process.supervision import GivenUp, Supervisor

_RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class PlaylistReader:
    """Lists one playlist, once. It gives up only when there never was anything to play; what is known plays on."""

    def __init__(
        self,
        playlist: Playlist,
        order: PlayOrder,
        outage: PlatformOutage,
        supervisor: Supervisor,
        events: PlayoutEvents,
        *,
        was_listed_before: bool,
    ) -> None:
        """`was_listed_before` is whether an earlier run could list it."""
        self._playlist = playlist
        self._order = order
        self._lineup = order.lineup
        self._outage = outage
        self._supervisor = supervisor
        self._events = events
        self._was_listed_before = was_listed_before
        self._progress = asyncio.Event()
        self.reason = NOTHING
        """Why it cannot be listed now; empty while it can."""

    async def run(self) -> None:
        """Lists it to its end. Raises PlaylistError when it holds nothing, or cannot be listed at all."""
        try:
            await self._supervisor.essential(Tasks.LISTING(), self._read, final=(NonstopError,))
        except (GivenUp, PlaylistError):
            if not self._lineup.length:
                raise
            self._events.log(LogLevel.WARNING, Listings.INCOMPLETE())
        self._order.listing_ended()
        self._progress.set()
        if not self._lineup.length:
            raise PlaylistError(Listings.EMPTY(), hint=Listings.ADD_VIDEOS())
        self._events.log(LogLevel.INFO, Listings.LISTED(count=self._lineup.length))

    async def wait_for_more(self) -> None:
        """Waits until the listing has brought more items, or its end."""
        self._progress.clear()
        await self._progress.wait()

    async def _read(self) -> None:
        pauses = iter(_RETRY_SECONDS)
        while error := await self._read_once():
            pause_seconds = next(pauses, None)
            is_broken = isinstance(error, PlaylistError) and bool(self._lineup.length)
            if pause_seconds is None and (is_broken or not self._was_ever_listed):
                raise error
            await asyncio.sleep(pause_seconds or _RETRY_SECONDS[-1])

    @property
    def _was_ever_listed(self) -> bool:
        return bool(self._lineup.length) or self._was_listed_before

    async def _read_once(self) -> NonstopError | None:
        """Adds what is listed. Returns what broke the listing off, if anything did."""
        try:
            numbering = Numbering()
            async for item in self._playlist.items():
                self._order.add(numbering.numbered(item))
                self._progress.set()
        except PlatformTrouble as error:
            self._outage.begin(error)
            return error
        except PlaylistError as error:
            # A playlist that could be listed a moment ago most likely still exists.
            if not self._was_ever_listed:
                raise
            return self._log_once(error)
        except TransientError as error:
            return self._log_once(error)
        self._outage.end()
        self.reason = NOTHING
        return None

    def _log_once(self, error: NonstopError) -> NonstopError:
        if error.message != self.reason:
            self.reason = error.message
            self._events.log(LogLevel.WARNING, Listings.UNREADABLE(reason=error.full_message))
        return error
