"""The sequencer decides what is written into the program: item after item, resumed items, skips and jumps.

Its states and the moves between them; whatever ends `run()` leads to Idle:

    from            to              when
    Idle            Cueing          `run()` begins
    Cueing          Playing         the next item is ready: its first feeder is read
    Playing         BetweenFeeders  the feeder has ended or broken off, or was cancelled by a skip or a jump
    BetweenFeeders  Resuming        the feeder broke off, and the item was not left
    Resuming        BetweenFeeders  the cue is settled, or the item was left
    BetweenFeeders  Playing         another feeder of the item is ready
    BetweenFeeders  Cueing          the item has come to its end, was left, or cannot go on

While it waits in Cueing, Playing or Resuming, the fallback fills the program. Beside the state there is one cue: the
next item, awaited or ready. It is begun in Cueing, and in Playing as soon as the present item has some lead.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from streaming.ffmpeg.treatment import Fault, FaultKind
from streaming.input.inspection import Inspector
from streaming.input.loader import CuedItem
from streaming.model.errors import NotFound, Unexpected
from streaming.model.events import PlayoutEvents
from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.playout.fallback import GATHERED_SECONDS, Fallback, discard
from streaming.playout.feed import Feed
from streaming.playout.messages import Controls, Plays
from streaming.playout.play import BetweenFeeders, Cueing, Idle, Play, Playing, Resuming, State
from streaming.timeline.splice import Airing
from streaming.timeline.writer import ProgramWriter

_log = logging.getLogger(__name__)

_SKIP_WAIT_SECONDS = 20.0
_END_MS = 1500.0
"""This long before the end of the last item it is settled that nothing follows."""

Cue = asyncio.Future[CuedItem | None]


class Cues(Protocol):
    """Cues items: the lineup's next one, and one that broke off."""

    async def next(self) -> CuedItem | None:
        """The next item; None at the end of the lineup."""

    async def resume(self, broken: CuedItem, start_seconds: float, fault: Fault | None = None, /) -> CuedItem | None:
        """The same item from a second on, treated otherwise after a fault; None when it cannot go on."""


class Sequencer:
    """Fills the program until there is no next item."""

    def __init__(
        self,
        writer: ProgramWriter,
        fallback: Fallback,
        cues: Cues,
        *,
        inspector: Callable[[CuedItem], Inspector],
        item_started: Callable[[Item], int],
        events: PlayoutEvents,
    ) -> None:
        """`inspector` makes what inspects the clusters of one feeder.

        `item_started` is called for every item whose feeding begins, and returns its play number.
        """
        self._writer = writer
        self._program = writer.program
        self._fallback = fallback
        self._cues = cues
        self._inspector = inspector
        self._item_started = item_started
        self._events = events
        self._state: State = Idle()
        self._cue: Cue | None = None
        self._play_id = 0
        """Of the newest play, over or not."""
        self._clusters_fed = 0

    async def run(self) -> None:
        """Plays to the end of the lineup. Raises what cueing raises; run again, it goes on behind the present item.

        Any other failure while an item is fed counts as a fault of that item.
        """
        self._cue = None
        try:
            self._state = Cueing()
            while not await self._is_over():
                cued = await self._next_cued()
                if cued:
                    try:
                        await self._play(cued)
                    finally:
                        await cued.close()
                self._state = Cueing()
            self._writer.finish()
        finally:
            state, self._state = self._state, Idle()
            for cue in (self._cue, state.cue if isinstance(state, Resuming) else None):
                if cue:
                    await discard(cue)

    # What people and the health monitor ask for

    async def skip(self) -> Item:
        """Goes on to the next item at once, or as soon as it is ready. Returns the item that was left.

        Raises NotFound when no item is on air.
        """
        airing = self._program.on_air
        if airing is None or airing.item is None:
            raise NotFound(Controls.NOTHING_TO_SKIP())
        if self._is_under_way(airing):  # it plays on until the next one is ready
            with suppress(TimeoutError):
                async with asyncio.timeout(_SKIP_WAIT_SECONDS):
                    await self._until_cued()
        state = self._state if airing.play_id == self._play_id else None
        if isinstance(state, Playing):
            state.feeding.cancel()
            await asyncio.wait([state.feeding])
            return airing.item
        if isinstance(state, Resuming):
            state.play.is_left = True
            state.cue.cancel()
        if not airing.is_filler:
            self._writer.cut(airing)
        return airing.item

    def _is_under_way(self, airing: Airing) -> bool:
        """Whether the item that viewers see is still fed, or will be again."""
        return airing.play_id == self._play_id and isinstance(self._state, Playing | Resuming)

    async def go_to(self, cued: CuedItem | None, *, behind: Airing | None = None) -> None:
        """Goes on with an item that is ready, at once or behind an airing. It replaces what was to come before.

        Without an item, the next one is cued again. Raises NotFound when the stream has gone off the air meanwhile.
        """
        state = self._state
        if isinstance(state, Idle):
            if cued:
                await cued.close()
            raise NotFound(Controls.OFF_AIR(), hint=Controls.START_AGAIN())
        replaced, self._cue = self._cue, _done(cued) if cued else None
        if behind is None or self._play_id != behind.play_id:
            self._leave(state)
            self._writer.drop(behind=behind)
        if replaced:
            await discard(replaced)

    def _leave(self, state: State) -> None:
        if isinstance(state, Playing | BetweenFeeders | Resuming):
            state.play.is_left = True
        if isinstance(state, Playing):
            state.feeding.cancel()
        elif isinstance(state, Resuming):
            state.cue.cancel()

    async def recue(self) -> None:
        """Cues the next item again: it is another one by now."""
        replaced, self._cue = self._cue, None
        if replaced:
            await discard(replaced)

    @property
    def clusters_fed(self) -> int:
        """How many clusters feeders have given, ever; a sign of life."""
        return self._clusters_fed

    @property
    def feeding(self) -> CuedItem | None:
        """What is fed into the program."""
        return self._state.cued if isinstance(self._state, Playing) else None

    def restart_feeder(self) -> None:
        """Lets another feeder go on with the present item."""
        if self.feeding:
            self.feeding.feeder.kill()

    def change_treatment(self, fault: Fault) -> None:
        """Treats the item on air otherwise from here on. What no uplink has read of it is taken back."""
        on_air = self._program.on_air
        if on_air is None:
            return
        self._writer.cut(on_air)
        state = self._state
        if isinstance(state, Playing) and on_air.play_id == self._play_id:
            state.play.fault = fault
            state.play.cut_at_seconds = on_air.offset_seconds + (self._program.end_ms - on_air.start_ms) / 1000
            state.cued.feeder.kill()

    # One item

    async def _play(self, cued: CuedItem) -> None:
        """Plays one item to its end, or until it is left."""
        self._cue = None
        self._play_id = self._writer.new_play_id()
        play = Play(self._play_id, self._item_started(cued.item))
        present: CuedItem | None = cued
        was_filled = False
        while present is not None:
            if await self._feed_to_end(play, present, was_filled=was_filled) or play.is_left:
                return
            cue = asyncio.create_task(self._resume(play, present), name="cue the item again")
            self._state = Resuming(play, cue)
            was_filled = await self._filled_until(cue)
            self._state = BetweenFeeders(play)
            if play.is_left:  # the cue may be ready by then
                await discard(cue)
                return
            present = None if cue.cancelled() else cue.result()

    async def _resume(self, play: Play, broken: CuedItem) -> CuedItem | None:
        title, failure = broken.item.title, broken.source.failure
        at_seconds = play.rewind_to_cut()
        if fault := play.pop_fault(broken):
            self._warn(Plays.TREATED_DIFFERENTLY(title=title, seconds=at_seconds, reason=fault.reason))
            return await self._cues.resume(broken, at_seconds, fault)
        play.note_break(at_seconds)
        reason = failure.message if failure else Plays.NO_LONGER_READ()
        if play.breaks_too_often:
            self._warn(Plays.LEFT(title=title, reason=reason))
            return None
        self._warn(Plays.INTERRUPTED(title=title, seconds=at_seconds, reason=reason))
        is_items_own = play.has_broken_again and failure is None
        return await self._cues.resume(broken, at_seconds, Fault(FaultKind.BROKEN, reason) if is_items_own else None)

    def _warn(self, message: Message) -> None:
        self._events.log(LogLevel.WARNING, message)

    async def _feed_to_end(self, play: Play, cued: CuedItem, *, was_filled: bool) -> bool:
        """Feeds from one feeder, and closes it. Returns whether the item ended or was skipped."""
        feed = Feed(play, cued, self._writer, self._fallback, inspector=self._inspector, progress=self)
        feeding = asyncio.create_task(feed.run(was_filled=was_filled), name="feed")
        self._state = Playing(play, cued, feeding)
        try:
            await asyncio.wait([feeding])
            if feeding.cancelled():
                self._writer.cut(feed.airing)
                return True
            if error := feeding.exception():
                # Nobody foresaw it, so it counts as a fault of the item: trying again has an end then.
                _log.error("Feeding “%s” failed", cued.item.title, exc_info=error)
                play.fault = play.fault or Fault(FaultKind.BROKEN, Unexpected.ERROR())
                return False
            return feeding.result()
        finally:
            self._state = BetweenFeeders(play)
            feeding.cancel()
            await asyncio.wait([feeding])  # its feeder can be stopped only when nobody reads it
            await cued.close()

    def cluster_given(self) -> None:
        """Counts a cluster of a feeder."""
        self._clusters_fed += 1

    # The next item

    def begin_cue(self) -> Cue:
        """The cue of the next item, begun now if it was not before."""
        if self._cue is None:
            self._cue = asyncio.create_task(self._cues.next(), name="cue the next item")
        return self._cue

    async def _until_cued(self) -> None:
        while not (cue := self.begin_cue()).done():
            await asyncio.wait([cue])

    async def _next_cued(self) -> CuedItem | None:
        """Waits for the next item, with the fallback on air meanwhile; None at the end of the lineup."""
        while True:
            cue = self.begin_cue()
            await self._filled_until(cue, with_reruns=True)
            if cue is self._cue:  # else it was replaced meanwhile
                return cue.result()

    async def _filled_until(self, cue: Cue, *, with_reruns: bool = False) -> bool:
        """Waits for a cue, with the fallback on air meanwhile. Returns whether it was."""
        ready = asyncio.create_task(self._with_lead(cue), name="ready to follow")
        try:
            return await self._fallback.fill_until(ready, with_reruns=with_reruns)
        finally:
            ready.cancel()
            await asyncio.wait([ready])

    async def _with_lead(self, cue: Cue) -> None:
        """Waits for a cue. An item that follows a filler has no lead, so some seconds of it are gathered first."""
        await asyncio.wait([cue])
        is_there = not cue.cancelled() and cue.exception() is None
        if is_there and self._fallback.is_filling and (cued := cue.result()):
            await cued.feeder.gather(GATHERED_SECONDS)

    async def _is_over(self) -> bool:
        """Whether nothing follows. Until viewers have nearly reached the end, people may change their minds."""
        cue = self._cue
        if cue is None or not cue.done() or cue.cancelled() or cue.result() is not None:
            return False
        await self._program.until(lambda p: p.ahead_ms < _END_MS or self._cue is not cue)
        return self._cue is cue


def _done(cued: CuedItem) -> Cue:
    future: Cue = asyncio.get_running_loop().create_future()
    future.set_result(cued)
    return future
