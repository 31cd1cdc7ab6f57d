"""The sequencer writes the program: one prepared item after the other, the slate while none is ready, and skips."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from streaming.errors import NotFound
from streaming.media import Item
from streaming.models import LogLevel
from streaming.preparing import Prepared
from streaming.program import Program
from streaming.slate import Slate
from streaming.splice import Airing, Placed, Splice

_log = logging.getLogger(__name__)

_SLATE_BELOW_MS = 1000.0
"""When less than this is left to send and no item is ready, the slate goes on."""
_PREPARE_AHEAD_MS = 3000.0
"""The next item is prepared once the present one has this lead, so that it does not slow the start of a stream."""
_SKIP_WAIT_SECONDS = 20.0


class Sequencer:
    """Fills the program until `prepare_next` has nothing more."""

    def __init__(
        self,
        program: Program,
        prepare_next: Callable[[], Awaitable[Prepared | None]],
        *,
        begun: Callable[[Item], None],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """`begun` is told of every item whose feeding begins."""
        self._program = program
        self._splice = Splice()
        self._prepare_next = prepare_next
        self._begun = begun
        self._log = log
        self._upcoming: asyncio.Task[Prepared | None] | None = None
        self._feeding: asyncio.Task[None] | None = None
        self._airing: Airing | None = None
        self.slate: Slate | None = None

    @property
    def upcoming_title(self) -> str:
        """The title of the item that is ready to follow, or nothing."""
        task = self._upcoming
        is_ready = task and task.done() and not task.cancelled() and task.exception() is None
        prepared = task.result() if task and is_ready else None
        return prepared.item.title if prepared else ""

    async def run(self) -> None:
        """Plays to the end of the lineup. Raises what `prepare_next` raises."""
        try:
            while (prepared := await self._next_prepared()) is not None:
                await self._play(prepared)
            self._append(self._splice.flush())
            self._program.finish()
        finally:
            await self._put_away()

    async def skip(self) -> Item:
        """Goes on to the next item at once, or as soon as it is ready; gives the item that was left.

        Raises NotFound when no item is on air.
        """
        airing = self._program.on_air
        if airing is None or airing.item is None:
            raise NotFound("Nothing is playing that could be skipped.")
        if airing is self._airing:  # it is still being fed: it plays on until the next one is ready
            await asyncio.wait([self._prepare()], timeout=_SKIP_WAIT_SECONDS)
        if airing is self._airing and self._feeding:
            self._feeding.cancel()
            await asyncio.wait([self._feeding])
        elif airing is self._program.handed:  # else its end is less than a second away
            self._cut(airing)
        return airing.item

    def _cut(self, skipped: Airing) -> None:
        """Takes the rest of an airing out of the program; what was queued behind it moves up."""
        taken = [(placed.airing, placed.cluster) for placed in self._program.cut()]
        taken += [self._splice.held] if self._splice.held else []
        self._splice.rewind(self._program.newest)
        placing = skipped
        for airing, cluster in taken:
            if airing is skipped:
                continue
            if airing is not placing:
                self._splice.begin(airing)
                placing = airing
            self._append(self._splice.add(cluster))

    async def _play(self, prepared: Prepared) -> None:
        """Feeds one item into the program, to its end or until it is skipped."""
        self._upcoming = None
        self._begun(prepared.item)
        feeding = self._feeding = asyncio.create_task(self._feed(prepared), name=f"feed {prepared.item.key}")
        try:
            await asyncio.wait([feeding])
            if feeding.cancelled() and self._airing:
                self._cut(self._airing)
            else:
                feeding.result()
        finally:
            self._airing = None
            feeding.cancel()
            await prepared.close()

    async def _feed(self, prepared: Prepared) -> None:
        self._airing = Airing(prepared.item, prepared.header, is_copy=prepared.treatment.copy_video)
        self._splice.begin(self._airing)
        async for cluster in prepared.feeder.clusters():
            self._append(self._splice.add(cluster))
            if self._program.ahead_ms > _PREPARE_AHEAD_MS:
                self._prepare()
            await self._program.room()
        if not await prepared.feeder.ended_well():
            reason = prepared.source.failure or "FFmpeg stopped reading it"
            self._log(LogLevel.WARNING, f"“{prepared.item.title}” ended early: {reason}")

    async def _next_prepared(self) -> Prepared | None:
        """Waits for the next item, with the slate on air when it takes too long."""
        upcoming = self._prepare()
        while not upcoming.done():
            await self._until_low_or(upcoming)
            if not upcoming.done() and self.slate:
                await self._show_slate(self.slate, upcoming)
        return upcoming.result()

    async def _until_low_or(self, upcoming: "asyncio.Task[Prepared | None]") -> None:
        """Waits until the program runs low or the item is ready; what was never on air needs no bridge."""
        low = asyncio.create_task(
            self._program.until(
                lambda p: p.on_air is not None and self.slate is not None and p.ahead_ms < _SLATE_BELOW_MS
            )
        )
        try:
            await asyncio.wait([low, upcoming], return_when=asyncio.FIRST_COMPLETED)
        finally:
            low.cancel()

    async def _show_slate(self, slate: Slate, upcoming: "asyncio.Task[Prepared | None]") -> None:
        airing = Airing(None, slate.header)
        self._log(LogLevel.WARNING, "Nothing is ready to play: the slate is on air.")
        self._splice.begin(airing)
        for cluster in slate.loop():
            self._append(self._splice.add(cluster))
            await self._until_low_or(upcoming)
            if upcoming.done():
                break
        self._cut(airing)

    def _prepare(self) -> "asyncio.Task[Prepared | None]":
        if self._upcoming is None:
            self._upcoming = asyncio.create_task(self._call_prepare(), name="prepare the next item")
        return self._upcoming

    async def _call_prepare(self) -> Prepared | None:
        return await self._prepare_next()

    def _append(self, placed: Placed | None) -> None:
        if placed:
            self._program.append(placed)

    async def _put_away(self) -> None:
        """Ends what was prepared and will not be played."""
        upcoming, self._upcoming = self._upcoming, None
        if upcoming is None:
            return
        upcoming.cancel()
        await asyncio.wait([upcoming])
        if not upcoming.cancelled() and upcoming.exception() is None and (prepared := upcoming.result()):
            await prepared.close()
