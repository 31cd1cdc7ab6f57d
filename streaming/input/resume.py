"""Resumes an item whose feeder broke off: how far it came, and what to leave out of the next feeder."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Block, Cluster

_SAME_MS = 1.5
"""Times of the same packet may differ by rounding."""
_SOUND_BEFORE_MS = 50.0
"""A packet of sound is shorter than this, and may overlap the first picture."""


@dataclass(slots=True)
class ResumePoint:
    """How far into an item its feeders have come; times count from the item's beginning."""

    picture_ms: float | None = None
    """The last picture in decoding order."""
    pictures_end_ms: float = 0.0
    sound_ms: float | None = None

    @property
    def is_sound_behind(self) -> bool:
        """Whether the sound of the last pictures is still missing."""
        return self.sound_ms is not None and self.sound_ms < self.pictures_end_ms - _SOUND_BEFORE_MS

    def left_seconds(self, length_seconds: float | None) -> float:
        """How much of an item of this length is left; infinite when the length is not known."""
        return math.inf if length_seconds is None else length_seconds - self.pictures_end_ms / 1000

    def count(self, cluster: Cluster, frame_ms: float, base_ms: float) -> None:
        """Counts a cluster whose times start at `base_ms` in the item."""
        for block in cluster.blocks:
            time_ms = block.time_ms + base_ms
            if block.track == AUDIO_TRACK:
                self.sound_ms = time_ms
            else:
                self.picture_ms = time_ms
                self.pictures_end_ms = max(self.pictures_end_ms, time_ms + frame_ms)


async def following(clusters: AsyncIterator[Cluster], reached: ResumePoint) -> AsyncIterator[Cluster]:
    """Yields the packets behind `reached` of a copied item, from a feeder that began somewhat before it.

    If the reached picture does not come again, it goes on at the first keyframe behind it.
    """
    is_past = reached.picture_ms is None
    async for cluster in clusters:
        kept: list[Block] = []
        for block in cluster.blocks:
            if block.track == VIDEO_TRACK:
                if is_past or _is_behind(block, reached):
                    is_past = True
                    kept.append(block)
                elif reached.picture_ms is not None and abs(block.time_ms - reached.picture_ms) < _SAME_MS:
                    is_past = True
            elif reached.sound_ms is None or block.time_ms > reached.sound_ms + _SAME_MS:
                kept.append(block)
        if kept:
            yield Cluster(tuple(kept))


async def from_keyframe(clusters: AsyncIterator[Cluster]) -> AsyncIterator[Cluster]:
    """Leaves out sound before the first picture: FFmpeg reads from before the place where it begins."""
    first_ms: float | None = None
    async for cluster in clusters:
        if first_ms is not None:
            yield cluster
            continue
        first_ms = next((block.time_ms for block in cluster.blocks if block.track == VIDEO_TRACK), None)
        if first_ms is not None:
            yield Cluster(tuple(block for block in cluster.blocks if block.time_ms > first_ms - _SOUND_BEFORE_MS))


def _is_behind(block: Block, reached: ResumePoint) -> bool:
    return block.is_keyframe and reached.picture_ms is not None and block.time_ms > reached.picture_ms + _SAME_MS
