"""The sequencer writes the program: one prepared item after the other, the slate while none is ready, and skips."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace

from streaming.continuation import Reached, following
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
_CONTINUATIONS = 3
"""How often a feeder may break off without getting on before its item is left."""
_PROGRESS_SECONDS = 3.0


class Sequencer:
    """Fills the program until `prepare_next` has nothing more."""

    def __init__(
        self,
        program: Program,
        prepare_next: Callable[[], Coroutine[None, None, Prepared | None]],
        *,
        prepare_again: Callable[[Item, float], Awaitable[Prepared | None]],
        begun: Callable[[Item], str],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """`prepare_again` prepares an item from a second on; `begun` is told of every item
        whose feeding begins, and gives the lineup's place.
        """
        self._program = program
        self._splice = Splice()
        self._prepare_next = prepare_next
        self._prepare_again = prepare_again
        self._begun = begun
        self._log = log
        self._upcoming: asyncio.Task[Prepared | None] | None = None
        self._feeding: asyncio.Task[bool] | None = None
        self._airing: Airing | None = None
        self._continuing: asyncio.Task[Prepared | None] | None = None
        self._showings = itertools.count(1)
        self._broken_off = 0
        self._broken_at_seconds = 0.0
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
            while (prepared := await self._bridged(self._prepare())) is not None:
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
            if airing.showing == skipped.showing:
                continue
            if airing is not placing:
                self._splice.begin(airing)
                placing = airing
            self._append(self._splice.add(cluster))

    async def _play(self, prepared: Prepared) -> None:
        """Plays one item to its end or until it is skipped; where a feeder breaks off, another one goes on."""
        self._upcoming = None
        reached = Reached()
        showing = next(self._showings)
        present: Prepared | None = prepared
        cursor = None
        while present is not None:
            airing = Airing(present.item, present.header, showing=showing, is_copy=present.treatment.copy_video)
            airing.offset_seconds = present.start_seconds
            airing.cursor = cursor = self._begun(present.item) if cursor is None else cursor
            if await self._feed_or_skip(present, airing, reached):
                return
            present = await self._bridged(self._own(self._again(present, reached)))

    async def _again(self, broken: Prepared, reached: Reached) -> Prepared | None:
        before_seconds = reached.pictures_end_ms / 1000
        self._broken_off = self._broken_off + 1 if before_seconds < self._broken_at_seconds + _PROGRESS_SECONDS else 0
        self._broken_at_seconds = before_seconds
        reason = broken.source.failure or "FFmpeg stopped reading it"
        if self._broken_off >= _CONTINUATIONS:
            self._log(LogLevel.WARNING, f"“{broken.item.title}” is left early: {reason}.")
            return None
        self._log(LogLevel.WARNING, f"“{broken.item.title}” broke off at {before_seconds:.0f} s: {reason}. Going on.")
        return await self._prepare_again(broken.item, before_seconds)

    async def _feed_or_skip(self, prepared: Prepared, airing: Airing, reached: Reached) -> bool:
        """Feeds one item into the program; says whether it came to its end, or was skipped."""
        self._airing = airing
        feeding = self._feeding = asyncio.create_task(self._feed(prepared, airing, reached), name="feed")
        try:
            await asyncio.wait([feeding])
            if feeding.cancelled():
                self._cut(airing)
                return True
            return feeding.result()
        finally:
            self._airing = None
            feeding.cancel()
            await prepared.close()

    async def _feed(self, prepared: Prepared, airing: Airing, reached: Reached) -> bool:
        """Says whether the item was read to its end."""
        is_copy, frame_ms = prepared.treatment.copy_video, prepared.header.frame_ms
        base_ms = 0.0 if is_copy else prepared.start_seconds * 1000
        clusters = prepared.feeder.clusters()
        if is_copy and reached.picture_ms is not None:
            clusters = following(clusters, replace(reached))
        self._splice.begin(airing)
        async for cluster in clusters:
            self._append(self._splice.add(cluster))
            reached.count(cluster, frame_ms, base_ms)
            if self._program.ahead_ms > _PREPARE_AHEAD_MS:
                self._prepare()
            await self._program.room()
        return await prepared.feeder.ended_well() and not self._is_short(prepared, reached)

    @staticmethod
    def _is_short(prepared: Prepared, reached: Reached) -> bool:
        """Whether it ended long before it should: FFmpeg calls it a success when a seek of its own is refused."""
        length_seconds = prepared.media.duration_seconds
        if prepared.source.failure is None or length_seconds is None:
            return False
        return reached.pictures_end_ms / 1000 < length_seconds - _PROGRESS_SECONDS

    async def _bridged(self, upcoming: "asyncio.Task[Prepared | None]") -> Prepared | None:
        """Waits for an item to be ready, with the slate on air when it takes too long."""
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
        airing = Airing(None, slate.header, showing=next(self._showings))
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
            self._upcoming = asyncio.create_task(self._prepare_next(), name="prepare the next item")
        return self._upcoming

    def _own(self, preparing: Coroutine[None, None, Prepared | None]) -> "asyncio.Task[Prepared | None]":
        self._continuing = asyncio.create_task(preparing, name="prepare the item again")
        return self._continuing

    def _append(self, placed: Placed | None) -> None:
        if placed:
            self._program.append(placed)

    async def _put_away(self) -> None:
        """Ends what was prepared and will not be played."""
        tasks = [task for task in (self._upcoming, self._continuing) if task]
        self._upcoming = self._continuing = None
        for task in tasks:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled() and task.exception() is None and (prepared := task.result()):
                await prepared.close()
