"""The sequencer decides what is written: item after item, going on where a feeder broke off, skips and jumps."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace

from streaming.bitstream.matroska import AUDIO_TRACK, Cluster
from streaming.ffmpeg.treatment import Fault, FaultKind
from streaming.input.inspection import Inspector
from streaming.input.loader import CuedItem
from streaming.input.resume import ResumePoint, following, from_keyframe
from streaming.model.errors import UNFORESEEN, ItemUnavailable, NotFound, TransientError
from streaming.model.items import Item
from streaming.model.states import LogLevel
from streaming.playout.fallback import GATHERED_SECONDS, Fallback, discard
from streaming.timeline.splice import Airing
from streaming.timeline.writer import ProgramWriter

_log = logging.getLogger(__name__)

_PREPARE_AHEAD_MS = 3000.0
"""The next item is prepared once the present one has this lead, so that it does not slow the start of a stream."""
_PREPARE_BEFORE_END_SECONDS = 1.5
"""A short item never has that lead: what follows it is prepared while the last of it is fed."""
_SKIP_WAIT_SECONDS = 20.0
_END_MS = 1500.0
"""So long before the end of the last item it is settled that nothing follows."""
_CONTINUATIONS = 3
"""How often a feeder may break off without getting on before its item is left."""
_PROGRESS_SECONDS = 3.0
_LAST_SOUND_SECONDS = 1.0
"""How long the last sound of a feeder that is given up may take to come."""
_ROUNDED_END_SECONDS = 0.5
"""What says how long an item is need not be exact."""


class Sequencer:
    """Fills the program until `cue_next` has nothing more."""

    def __init__(
        self,
        writer: ProgramWriter,
        fallback: Fallback,
        cue_next: Callable[[], Coroutine[None, None, CuedItem | None]],
        *,
        cue_again: Callable[[CuedItem, float, Fault | None], Awaitable[CuedItem | None]],
        inspector: Callable[[CuedItem], Inspector],
        item_started: Callable[[Item], int],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """`cue_again` prepares an item that broke off, from a second on, treated otherwise after a fault.

        `inspector` gives what looks through everything an item's feeder gives.

        `item_started` is told of every item whose feeding begins, and gives its turn.
        """
        self._writer = writer
        self._program = writer.program
        self._fallback = fallback
        self._cue_next = cue_next
        self._cue_again = cue_again
        self._inspector = inspector
        self._item_started = item_started
        self._log = log
        self._upcoming: asyncio.Future[CuedItem | None] | None = None
        self._continuing: asyncio.Task[CuedItem | None] | None = None
        self._feeding: asyncio.Task[bool] | None = None
        self._airing: Airing | None = None
        self._present: CuedItem | None = None
        self._play_id = 0
        self._is_left = False
        self._has_ended = False
        self._was_bridged = False
        self._fault: Fault | None = None
        self._cut_at_seconds: float | None = None
        self._broken_off = 0
        self._broken_at_seconds = 0.0
        self.clusters_fed = 0
        """How many clusters of items were written, ever; a sign of life."""

    async def run(self) -> None:
        """Plays to the end of the lineup. Raises what `cue_next` raises; run again, it goes on behind the present.

        Whatever else happens while an item is fed is that item's fault.
        """
        self._upcoming = self._continuing = None
        self._has_ended = False
        try:
            while not await self._is_over():
                cued = await self._next_cued()
                if cued:
                    try:
                        await self._play(cued)
                    finally:
                        await cued.close()
            self._writer.finish()
        finally:
            self._has_ended = True
            await self._put_away_what_is_prepared()

    async def _put_away_what_is_prepared(self) -> None:
        for task in (self._upcoming, self._continuing):
            if task:
                await discard(task)

    async def skip(self) -> Item:
        """Goes on to the next item at once, or as soon as it is ready; gives the item that was left.

        Raises NotFound when no item is on air.
        """
        airing = self._program.on_air
        if airing is None or airing.item is None:
            raise NotFound("Nothing is playing that could be skipped.")
        if self._has_more(airing):  # it plays on until the next one is ready
            with suppress(TimeoutError):
                async with asyncio.timeout(_SKIP_WAIT_SECONDS):
                    await self._until_prepared()
        if self._has_more(airing) and self._airing and self._feeding:
            self._feeding.cancel()
            await asyncio.wait([self._feeding])
            return airing.item
        if self._has_more(airing) and self._continuing:
            self._is_left = True
            self._continuing.cancel()
        if not airing.is_filler:
            self._writer.cut(airing)
        return airing.item

    def _has_more(self, airing: Airing) -> bool:
        """Whether what is seen is still being fed, or about to be again because its feeder broke off."""
        return airing.play_id == self._play_id and bool(self._airing or self._continuing)

    async def go_to(self, cued: CuedItem | None, *, behind: Airing | None = None) -> None:
        """Goes on with an item that is ready, at once or behind what is seen; what was to come before it is not.

        Without an item, what follows is prepared anew. Raises NotFound when the stream has gone off the air meanwhile.
        """
        if self._has_ended:
            if cued:
                await cued.close()
            raise NotFound("The stream is not on air.", hint="Start it again with /stream restart.")
        replaced, self._upcoming = self._upcoming, _done(cued) if cued else None
        if behind is None or self._play_id != behind.play_id:
            self._is_left = True
            for task in filter(None, (self._feeding, self._continuing)):
                task.cancel()
            self._writer.drop(behind=behind)
        if replaced:
            await discard(replaced)

    async def recue(self) -> None:
        """Has the next item prepared again: it is to be another one."""
        replaced, self._upcoming = self._upcoming, None
        if replaced:
            await discard(replaced)

    @property
    def feeding(self) -> CuedItem | None:
        """What is being fed into the program."""
        return self._present

    def restart_feeder(self) -> None:
        """Has the present item go on with another feeder."""
        if self._present:
            self._present.feeder.kill()

    def change_treatment(self, fault: Fault) -> None:
        """Has the item that viewers see treated otherwise from here on; what nobody has yet of it is taken back."""
        on_air = self._program.on_air
        if on_air is None:
            return
        self._writer.cut(on_air)
        if self._present and on_air.play_id == self._play_id:
            self._fault = fault
            self._cut_at_seconds = on_air.offset_seconds + (self._program.end_ms - on_air.start_ms) / 1000
            self._present.feeder.kill()

    async def _play(self, cued: CuedItem) -> None:
        """Plays one item to its end or until it is left; where a feeder breaks off, another one goes on."""
        self._upcoming, self._is_left = None, False
        self._broken_off, self._broken_at_seconds = 0, 0.0
        self._fault = self._cut_at_seconds = None
        reached = ResumePoint()
        play_id, play_number = self._writer.new_play_id(), self._item_started(cued.item)
        self._play_id = play_id
        present: CuedItem | None = cued
        while present is not None:
            airing = Airing(
                present.item,
                present.header,
                play_id=play_id,
                base_seconds=0.0 if present.treatment.copy_video else present.start_seconds,
                is_copy=present.treatment.copy_video,
                treatment=present.treatment.reason,
                begins_anew=not present.continues,
                play_number=play_number,
            )
            if await self._feed_or_skip(present, airing, reached) or self._is_left:
                return
            again = self._continuing = asyncio.create_task(self._again(present, reached), name="prepare the item again")
            self._was_bridged = await self._bridged(again)
            self._continuing = None
            if self._is_left:  # what was to go on may have been ready by then
                await discard(again)
                return
            present = None if again.cancelled() else again.result()

    async def _next_cued(self) -> CuedItem | None:
        """Waits for the next item to be ready, with something on air meanwhile; None at the end of the lineup."""
        while True:
            upcoming = self._prepare()
            self._was_bridged = await self._bridged(upcoming, with_reruns=True)
            if upcoming is self._upcoming:  # else it is to be another one by now
                return upcoming.result()

    async def _bridged(self, upcoming: "asyncio.Future[CuedItem | None]", *, with_reruns: bool = False) -> bool:
        """Waits for an item to be ready, with something on air meanwhile; says whether there was."""
        ready = asyncio.create_task(self._with_lead(upcoming), name="ready to follow")
        try:
            return await self._fallback.fill_until(ready, with_reruns=with_reruns)
        finally:
            ready.cancel()
            await asyncio.wait([ready])

    async def _with_lead(self, upcoming: "asyncio.Future[CuedItem | None]") -> None:
        """Waits for the item; when it begins with nothing queued before it, until some seconds of it are at hand."""
        await asyncio.wait([upcoming])
        is_there = not upcoming.cancelled() and upcoming.exception() is None
        if is_there and self._fallback.is_filling and (cued := upcoming.result()):
            await cued.feeder.gather(GATHERED_SECONDS)

    async def _is_over(self) -> bool:
        """Whether nothing follows; as long as the end has not been seen, people may change their minds."""
        upcoming = self._upcoming
        if upcoming is None or not upcoming.done() or upcoming.cancelled() or upcoming.result() is not None:
            return False
        await self._program.until(lambda p: p.ahead_ms < _END_MS or self._upcoming is not upcoming)
        return self._upcoming is upcoming

    async def _until_prepared(self) -> None:
        while not (upcoming := self._prepare()).done():
            await asyncio.wait([upcoming])

    async def _again(self, broken: CuedItem, reached: ResumePoint) -> CuedItem | None:
        if self._cut_at_seconds is not None:
            reached.pictures_end_ms, self._cut_at_seconds = self._cut_at_seconds * 1000, None
        before_seconds = reached.pictures_end_ms / 1000
        fault, self._fault = self._fault if broken.source.failure is None else None, None
        if fault:
            self._log(
                LogLevel.WARNING,
                f"“{broken.item.title}” is played another way from {before_seconds:.0f} s on: {fault.reason}.",
            )
            return await self._cue_again(broken, before_seconds, fault)
        self._broken_off = self._broken_off + 1 if before_seconds < self._broken_at_seconds + _PROGRESS_SECONDS else 0
        self._broken_at_seconds = before_seconds
        reason = broken.source.failure.clause if broken.source.failure else "FFmpeg stopped reading it"
        if self._broken_off >= _CONTINUATIONS:
            self._log(LogLevel.WARNING, f"“{broken.item.title}” is left early: {reason}.")
            return None
        self._log(LogLevel.WARNING, f"“{broken.item.title}” broke off at {before_seconds:.0f} s: {reason}. Going on.")
        is_items_own = self._broken_off > 0 and broken.source.failure is None
        return await self._cue_again(broken, before_seconds, Fault(FaultKind.BROKEN, reason) if is_items_own else None)

    async def _feed_or_skip(self, cued: CuedItem, airing: Airing, reached: ResumePoint) -> bool:
        """Feeds one item into the program; says whether it came to its end, or was skipped."""
        self._airing, self._present = airing, cued
        feeding = self._feeding = asyncio.create_task(self._feed(cued, airing, reached), name="feed")
        try:
            await asyncio.wait([feeding])
            if feeding.cancelled():
                self._writer.cut(self._airing)
                return True
            if error := feeding.exception():  # not foreseen, so taken for the item's fault: that has an end
                _log.error("Feeding “%s” failed", cued.item.title, exc_info=error)
                self._fault = self._fault or Fault(FaultKind.BROKEN, UNFORESEEN)
                return False
            return feeding.result()
        finally:
            self._airing = self._present = None
            feeding.cancel()
            await asyncio.wait([feeding])  # its feeder can be stopped only when nobody reads it
            await cued.close()

    async def _feed(self, cued: CuedItem, airing: Airing, reached: ResumePoint) -> bool:
        """Says whether the item was read to its end."""
        frame_ms = cued.header.frame_ms
        clusters = self._from_where_it_was(cued, reached)
        inspector = self._inspector(cued)
        since_keyframe: list[Cluster] = []
        self._writer.begin(airing)
        while (cluster := await self._next_cluster(clusters)) is not None:
            self.clusters_fed += 1
            self._fault = self._fault or self._damage(cued) or inspector.find(cluster)
            if self._fault:
                if self._cut_at_seconds is None:
                    await self._finish_sound(cluster, clusters, reached, airing.base_seconds * 1000)
                return False
            if inspector.is_sound_over:
                return True
            since_keyframe = [cluster] if cluster.starts_at_keyframe else [*since_keyframe, cluster]
            if self._was_bridged:
                airing = self._resume_after_bridge(airing, since_keyframe)
            else:
                self._writer.add(cluster)
            reached.count(cluster, frame_ms, airing.base_seconds * 1000)
            is_nearly_fed = reached.left_seconds(cued.length_seconds) < _PREPARE_BEFORE_END_SECONDS
            if self._program.ahead_ms > _PREPARE_AHEAD_MS or is_nearly_fed:
                self._prepare()
            await self._program.wait_for_room()
        ended_well = await cued.feeder.ended_well() or self._is_complete(cued, reached)
        return ended_well and self._fault is None and not self._is_short(cued, reached)

    @staticmethod
    def _damage(cued: CuedItem) -> Fault | None:
        """What FFmpeg knows of the packets that are to be copied next; it leaves out those it finds damaged."""
        is_damaged = cued.treatment.copy_video and cued.feeder.found_damage
        return Fault(FaultKind.UNFIT, "a part of it is damaged") if is_damaged else None

    async def _finish_sound(
        self, cluster: Cluster | None, clusters: AsyncIterator[Cluster], reached: ResumePoint, base_ms: float
    ) -> None:
        """Takes the sound up to where the pictures end from a feeder that is given up: pictures come before theirs."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SOUND_SECONDS):
                while cluster is not None and reached.is_sound_behind:
                    sounds = tuple(each for each in cluster.blocks if each.track == AUDIO_TRACK)
                    kept = tuple(each for each in sounds if each.time_ms + base_ms < reached.pictures_end_ms)
                    if kept:
                        self._writer.add(Cluster(kept))
                        reached.count(Cluster(kept), 0.0, base_ms)
                    if len(kept) < len(sounds):
                        return
                    cluster = await anext(clusters, None)

    def _from_where_it_was(self, cued: CuedItem, reached: ResumePoint) -> AsyncIterator[Cluster]:
        """What is new in a feeder that goes on; after a bridge, and in another format, from the keyframe before."""
        clusters, was_bridged = cued.feeder.clusters(), self._was_bridged
        self._was_bridged = False
        if cued.continues and cued.treatment.copy_video and not was_bridged:
            return following(clusters, replace(reached))
        return from_keyframe(clusters) if cued.treatment.copy_video else clusters

    async def _next_cluster(self, clusters: AsyncIterator[Cluster]) -> Cluster | None:
        """The next cluster of the item, with something else on air when it is too long in coming."""
        coming = asyncio.create_task(_next(clusters), name="next cluster")
        try:
            self._was_bridged = await self._fallback.fill_until(coming)
            return coming.result()
        finally:
            if not coming.done():  # a feeder can be stopped only when nobody reads it
                coming.cancel()
                await asyncio.wait([coming])

    def _resume_after_bridge(self, broken: Airing, since_keyframe: list[Cluster]) -> Airing:
        """Goes on with an item that something else was put in for: from the keyframe before, for decoders need it."""
        self._was_bridged = False
        airing = self._airing = replace(broken)
        self._writer.begin(airing)
        for cluster in since_keyframe:
            self._writer.add(cluster)
        return airing

    @staticmethod
    def _is_complete(cued: CuedItem, reached: ResumePoint) -> bool:
        """Whether it came to where it should end, so that there is nothing to go on with."""
        left_seconds = reached.left_seconds(cued.length_seconds)
        return cued.source.failure is None and left_seconds < _ROUNDED_END_SECONDS

    @staticmethod
    def _is_short(cued: CuedItem, reached: ResumePoint) -> bool:
        """Whether it ended long before it should: FFmpeg calls it a success when a seek of its own is refused."""
        failure, length_seconds = cued.source.failure, cued.media.duration_seconds
        if failure is None:
            return False
        if length_seconds is None:
            return isinstance(failure, TransientError | ItemUnavailable)
        return reached.pictures_end_ms / 1000 < length_seconds - _PROGRESS_SECONDS

    def _prepare(self) -> "asyncio.Future[CuedItem | None]":
        if self._upcoming is None:
            self._upcoming = asyncio.create_task(self._cue_next(), name="prepare the next item")
        return self._upcoming


def _done(cued: CuedItem) -> "asyncio.Future[CuedItem | None]":
    future: asyncio.Future[CuedItem | None] = asyncio.get_running_loop().create_future()
    future.set_result(cued)
    return future


async def _next(clusters: AsyncIterator[Cluster]) -> Cluster | None:
    return await anext(clusters, None)
