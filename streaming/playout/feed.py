"""Feeds the clusters of one feeder into the program."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from streaming.bitstream.matroska import AUDIO_TRACK, Cluster
from streaming.ffmpeg.treatment import Fault, FaultKind
from streaming.input.inspection import Inspector
from streaming.input.loader import CuedItem
from streaming.input.messages import Faults
from streaming.input.resume import following, from_keyframe
from streaming.playout.fallback import Fallback
from streaming.playout.play import Play
from streaming.timeline.writer import ProgramWriter

_CUE_AHEAD_MS = 3000.0
"""The next item is cued once the present one has this lead, so that it does not slow the start of a stream."""
_CUE_BEFORE_END_SECONDS = 1.5
"""A short item never has that lead: the next one is cued while the last of it is fed."""
_LAST_SOUND_SECONDS = 1.0
"""How long the last sound of a feeder that is given up may take to come."""


class Progress(Protocol):
    """Learns how the feeding goes."""

    def cluster_given(self) -> None:
        """The feeder has given a cluster."""

    def begin_cue(self) -> object:
        """The next item may be cued now."""


class Feed:
    """The feeding from one feeder: every cluster is inspected, then written."""

    def __init__(
        self,
        play: Play,
        cued: CuedItem,
        writer: ProgramWriter,
        fallback: Fallback,
        *,
        inspector: Callable[[CuedItem], Inspector],
        progress: Progress,
    ) -> None:
        """`inspector` makes what inspects the clusters."""
        self.airing = play.airing(cued)
        """The present airing: another one begins when the fallback was on air within the item."""
        self._play = play
        self._cued = cued
        self._inspector = inspector
        self._writer = writer
        self._program = writer.program
        self._fallback = fallback
        self._progress = progress
        self._base_ms = self.airing.base_seconds * 1000

    async def run(self, *, was_filled: bool) -> bool:
        """Feeds until the feeder ends, or a fault is found. Returns whether the item was read to its end.

        `was_filled` is whether the fallback was on air since the feeder before.
        """
        clusters = self._new_clusters(was_filled=was_filled)
        inspector = self._inspector(self._cued)
        since_keyframe: list[Cluster] = []
        self._writer.begin(self.airing)
        while True:
            cluster, was_filled = await self._next_cluster(clusters)
            if cluster is None:
                return await self._is_whole()
            self._progress.cluster_given()
            if self._find_fault(cluster, inspector):
                if self._play.cut_at_seconds is None:
                    await self._finish_sound(cluster, clusters)
                return False
            if inspector.is_sound_over:
                return True
            since_keyframe = [cluster] if cluster.starts_at_keyframe else [*since_keyframe, cluster]
            if was_filled:
                self._go_on_after_filler(since_keyframe)
            else:
                self._writer.add(cluster)
            self._play.reached.count(cluster, self._cued.header.frame_ms, self._base_ms)
            if self._program.ahead_ms > _CUE_AHEAD_MS or self._is_nearly_fed:
                self._progress.begin_cue()
            await self._program.wait_for_room()

    def _new_clusters(self, *, was_filled: bool) -> AsyncIterator[Cluster]:
        """What the feeder adds to the play. After a filler, and in another format, it begins at the keyframe before."""
        cued, clusters = self._cued, self._cued.feeder.clusters()
        if cued.continues and cued.treatment.copy_video and not was_filled:
            return following(clusters, replace(self._play.reached))
        return from_keyframe(clusters) if cued.treatment.copy_video else clusters

    async def _next_cluster(self, clusters: AsyncIterator[Cluster]) -> tuple[Cluster | None, bool]:
        """The next cluster of the item, and whether the fallback was on air because it took too long."""
        coming = asyncio.create_task(_next(clusters), name="next cluster")
        try:
            was_filled = await self._fallback.fill_until(coming)
            return coming.result(), was_filled
        finally:
            if not coming.done():  # a feeder can be stopped only when nobody reads it
                coming.cancel()
                await asyncio.wait([coming])

    def _find_fault(self, cluster: Cluster, inspector: Inspector) -> Fault | None:
        play = self._play
        play.fault = play.fault or self._damage or inspector.find(cluster)
        return play.fault

    @property
    def _damage(self) -> Fault | None:
        """The damage FFmpeg found in the packets that are copied next: it leaves such packets out."""
        is_damaged = self._cued.treatment.copy_video and self._cued.feeder.found_damage
        return Fault(FaultKind.UNFIT, Faults.DAMAGED()) if is_damaged else None

    @property
    def _is_nearly_fed(self) -> bool:
        return self._play.reached.left_seconds(self._cued.length_seconds) < _CUE_BEFORE_END_SECONDS

    async def _is_whole(self) -> bool:
        play, cued = self._play, self._cued
        ended_well = await cued.feeder.ended_well() or play.is_complete(cued)
        return ended_well and play.fault is None and not play.is_short(cued)

    def _go_on_after_filler(self, since_keyframe: list[Cluster]) -> None:
        """Goes on with the item from the keyframe before: decoders need it after another picture."""
        self.airing = replace(self.airing)
        self._writer.begin(self.airing)
        for cluster in since_keyframe:
            self._writer.add(cluster)

    async def _finish_sound(self, first: Cluster, clusters: AsyncIterator[Cluster]) -> None:
        """Reads a feeder that is given up until its sound ends where its pictures do: pictures come before theirs."""
        reached, cluster = self._play.reached, first
        with suppress(TimeoutError, StopAsyncIteration):
            async with asyncio.timeout(_LAST_SOUND_SECONDS):
                while reached.is_sound_behind:
                    sounds = tuple(each for each in cluster.blocks if each.track == AUDIO_TRACK)
                    kept = tuple(each for each in sounds if each.time_ms + self._base_ms < reached.pictures_end_ms)
                    if kept:
                        self._writer.add(Cluster(kept))
                        reached.count(Cluster(kept), 0.0, self._base_ms)
                    if len(kept) < len(sounds):
                        return
                    cluster = await anext(clusters)


async def _next(clusters: AsyncIterator[Cluster]) -> Cluster | None:
    return await anext(clusters, None)
