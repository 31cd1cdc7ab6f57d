"""Joins the Matroska streams of successive items into one timeline, to the packet.

The first picture of an item is placed where the last one ends. Sound comes in packets of some 23 ms that do not end
where pictures do, and an encoder begins with a packet of priming. So at a join the packets of both items keep their
true times: those that overlap by more than half a packet are left out, and holes are filled with silence. Sound and
picture of an item always move together, so no join can shift lip-sync.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Block, Cluster, Header, last_sound_in, write_cluster
from streaming.model.items import Item
from streaming.model.message import NOTHING, Message

_AUDIBLE_HOLE_MS = 15.0
_LONGEST_TRIM_MS = 500.0
_SHORT_MS = 100.0
_LONGEST_HELD_MS = 1000.0
_EARLY_PACKETS = 50
"""No more of the sound before an item's first picture is ever audible than an encoder's priming."""
_FALLBACK_FRAME_MS = 1000 / 30
_PICTURES_KEPT = 3
_LONGEST_SILENCE_MS = 30_000.0
"""More silence than this is never filled in at once: only a broken clock needs it."""
_SILENCE = bytes.fromhex("211004608c1c")
"""A stereo AAC-LC packet without sound; it is the same at every sample rate."""


@dataclass(slots=True, eq=False)
class Airing:
    """One item's time on the program; `item` is None for the slate."""

    item: Item | None
    header: Header
    play_id: int = 0
    """The play it belongs to. An item that goes on after a break has several airings of one play."""
    base_seconds: float = 0.0
    """The second of the item from which the feeder's times count."""
    offset_seconds: float = 0.0
    """The second of the item at which it begins, once its first cluster is placed."""
    start_ms: float = 0.0
    """Where on the program's timeline it begins, once its first cluster is placed."""
    is_copy: bool = False
    treatment: Message = NOTHING
    """Why it is copied or encoded, in words for people."""
    begins_anew: bool = False
    """Whether it begins at a keyframe, and not in the packet where the airing before it broke off."""
    is_filler: bool = False
    """Whether it fills a wait: a rerun or the slate."""
    play_number: int = 0
    """The number of the play in the lineup; 0 for a filler."""


@dataclass(frozen=True, slots=True)
class TimelineCluster:
    """A cluster with its place on the program's timeline."""

    airing: Airing
    header: Header
    pieces: tuple[bytes | memoryview, ...]
    """The cluster as it is written to uplinks."""
    start_ms: float
    end_ms: float
    is_keyframe: bool
    sound_end_ms: float | None
    """Where the sound ends behind this cluster."""
    cluster: Cluster
    """The cluster as the feeder wrote it, to be placed again when what lies before it is skipped."""
    pictures_ms: tuple[float, ...] = ()
    """When its last pictures are shown."""

    @property
    def length_bytes(self) -> int:
        """Its size as written to uplinks."""
        return sum(map(len, self.pieces))


class Splice:
    """Places clusters one after the other. The newest is held back until the next one is known."""

    def __init__(self) -> None:
        self._airing: Airing | None = None
        self._header: Header | None = None
        self._shift_ms: float | None = None
        self._last_shift_ms: float | None = None
        self._video_end_ms = 0.0
        self._audio_end_ms: float | None = None
        self._held: _Held | None = None
        self._early: tuple[Block, ...] = ()

    def begin(self, airing: Airing) -> None:
        """Begins an airing: of another item, or of one that broke off. Clusters added from now on belong to it."""
        goes_on = self._airing is not None and self._airing.play_id == airing.play_id and not airing.begins_anew
        self._last_shift_ms = self._shift_ms if goes_on and airing.is_copy else None
        self._airing, self._shift_ms, self._early = airing, None, ()

    def add(self, cluster: Cluster) -> TimelineCluster | None:
        """Adds the item's next cluster. Returns the one before it, whose end is settled now."""
        assert self._airing, "begin() comes first"
        if self._shift_ms is None:
            cluster = self._with_early_sound(cluster)
            if not cluster.has_pictures:
                self._early = cluster.blocks[-_EARLY_PACKETS:]
                return None
            self._join(cluster)
        assert self._shift_ms is not None
        moved = [block.later_by(self._shift_ms) for block in cluster.blocks]
        if self._held and not self._is_sound_alone and self._held.absorbs(self._airing, cluster):
            self._held.append(self._continuous(moved), self._end_ms, cluster)
            return None
        self._settle_sound(self._next_sound_ms(moved))
        if self._has_new_parameters:
            self._end_slot()
        settled = self.flush()
        assert self._header
        kept = self._continuous(moved)
        as_read = cluster.pieces_at(self._shift_ms) if len(kept) == len(moved) else None
        self._held = _Held(self._airing, self._header, kept, self._end_ms, cluster, as_read)
        return settled

    def flush(self) -> TimelineCluster | None:
        """Returns the cluster that is held back, without waiting for the next one."""
        held, self._held = self._held, None
        return held.place(self._audio_end_ms) if held and held.blocks else None

    @property
    def held(self) -> tuple[Airing, Cluster] | None:
        """The cluster that is held back, as it was added."""
        return (self._held.airing, self._held.cluster) if self._held else None

    def rewind(self, last: TimelineCluster | None) -> None:
        """Goes on after `last`. Clusters placed or held since then are gone; no uplink has read them."""
        self._held = None
        self._header = last.header if last else None
        self._video_end_ms = last.end_ms if last else 0.0
        self._audio_end_ms = last.sound_end_ms if last else None

    def _with_early_sound(self, cluster: Cluster) -> Cluster:
        """Adds the sound that came in a cluster of its own: only the first picture says where an item begins."""
        return Cluster(self._early + cluster.blocks) if self._early else cluster

    def _join(self, first: Cluster) -> None:
        """Settles where the new item begins."""
        assert self._airing
        pictures = [block.time_ms for block in first.blocks if block.track == VIDEO_TRACK]
        first_ms, start_ms = min(pictures, default=0.0), round(self._end_ms)
        self._airing.start_ms, self._shift_ms = start_ms, start_ms - first_ms
        if self._last_shift_ms is not None and first_ms + self._last_shift_ms < start_ms:
            self._shift_ms = self._last_shift_ms  # it broke off between pictures that are not in their order of display
        self._airing.offset_seconds = self._airing.base_seconds + (start_ms - self._shift_ms) / 1000
        if self._audio_end_ms is None:
            self._audio_end_ms = start_ms - self._airing.header.audio_delay_ms

    @property
    def _end_ms(self) -> float:
        """Where the next item begins. Sound that is much longer plays out while the picture holds."""
        assert self._audio_end_ms is not None or self._video_end_ms == 0
        return self._audio_end_ms if self._audio_end_ms and self._is_sound_alone else self._video_end_ms

    @property
    def _is_sound_alone(self) -> bool:
        return self._audio_end_ms is not None and self._audio_end_ms > self._video_end_ms + _LONGEST_TRIM_MS

    def _end_slot(self) -> None:
        """Ends the held cluster where the next slot begins, as FFmpeg begins a slot where the last one ends."""
        assert self._airing
        if self._held:
            self._held.slot_end_ms = self._airing.start_ms
        self._header = self._airing.header

    @property
    def _has_new_parameters(self) -> bool:
        assert self._airing
        return self._header is None or self._header.parameters != self._airing.header.parameters

    def _next_sound_ms(self, blocks: list[Block]) -> float:
        """When the sound of a new cluster begins; with its pictures, if it has none."""
        assert self._airing
        sounds = [block.time_ms for block in blocks if block.track == AUDIO_TRACK]
        pictures = [block.time_ms for block in blocks if block.track == VIDEO_TRACK]
        return min(sounds, default=min(pictures, default=self._video_end_ms) - self._airing.header.audio_delay_ms)

    def _settle_sound(self, next_ms: float) -> None:
        """Trims or fills the held sound so that it ends within half a packet of `next_ms`."""
        if not self._header or not self._held or self._audio_end_ms is None:
            return
        blocks, packet_ms = self._held.blocks, self._header.packet_ms
        length = len(blocks)
        while self._audio_end_ms > next_ms + packet_ms / 2 and (last := last_sound_in(blocks)) is not None:
            self._audio_end_ms = blocks.pop(last).time_ms
        for silent in self._silence(next_ms, self._header):
            blocks.insert(_place_among(blocks, silent.time_ms), silent)
        if len(blocks) != length:
            self._held.as_read = None

    def _continuous(self, blocks: list[Block]) -> list[Block]:
        """Leaves out sound that would overlap, and fills holes in it."""
        assert self._header
        packet_ms = self._header.packet_ms
        kept: list[Block] = []
        for block in blocks:
            if block.track == VIDEO_TRACK:
                end_ms = block.time_ms + (self._header.frame_ms or _FALLBACK_FRAME_MS)
                self._video_end_ms = max(self._video_end_ms, end_ms)
            elif self._audio_end_ms is None or block.time_ms >= self._audio_end_ms - packet_ms / 2:
                kept += self._silence(block.time_ms, self._header)
                self._audio_end_ms = block.time_ms + packet_ms
            else:
                continue
            kept.append(block)
        return kept

    def _silence(self, until_ms: float, header: Header) -> list[Block]:
        """Packets of silence that fill an audible hole up to `until_ms`."""
        filled: list[Block] = []
        if self._audio_end_ms is None or not header.packet_ms:
            return filled
        if until_ms - self._audio_end_ms > _LONGEST_SILENCE_MS:
            self._audio_end_ms = until_ms - _LONGEST_SILENCE_MS
        while until_ms - self._audio_end_ms > max(_AUDIBLE_HOLE_MS, header.packet_ms / 2):
            filled.append(Block(AUDIO_TRACK, self._audio_end_ms, True, _SILENCE))  # noqa: FBT003
            self._audio_end_ms += header.packet_ms
        return filled


@dataclass(slots=True)
class _Held:
    """The newest cluster, whose sound may still be trimmed or filled."""

    airing: Airing
    header: Header
    blocks: list[Block]
    end_ms: float
    cluster: Cluster
    as_read: tuple[bytes | memoryview, ...] | None
    """Its bytes, as long as nothing was trimmed or filled."""
    slot_end_ms: float | None = None
    """Where the next slot begins, when this is the last cluster before a change of parameters."""

    def absorbs(self, airing: Airing, cluster: Cluster) -> bool:
        """Whether a cluster is held together with this one: one of them is too short to be trimmed at an item's end.

        A cluster at a keyframe stays apart if it can: an uplink may have to come back there.
        """
        if airing is not self.airing or self.end_ms - self.start_ms >= _LONGEST_HELD_MS:
            return False
        is_short = self._pictures_ms(self.blocks) < _SHORT_MS
        return is_short or (self._pictures_ms(cluster.blocks) < _SHORT_MS and not cluster.starts_at_keyframe)

    def _pictures_ms(self, blocks: Sequence[Block]) -> float:
        pictures = sum(block.track == VIDEO_TRACK for block in blocks)
        return pictures * (self.header.frame_ms or _FALLBACK_FRAME_MS)

    def append(self, blocks: list[Block], end_ms: float, cluster: Cluster) -> None:
        """Holds a cluster with this one."""
        self.blocks += blocks
        self.end_ms = end_ms
        self.cluster = Cluster(self.cluster.blocks + cluster.blocks)
        self.as_read = None

    @property
    def start_ms(self) -> float:
        """The time of its first picture, else of its first sound."""
        pictures = [block.time_ms for block in self.blocks if block.track == VIDEO_TRACK]
        return min(pictures or [block.time_ms for block in self.blocks], default=self.end_ms)

    def place(self, sound_end_ms: float | None) -> TimelineCluster:
        pictures = [block for block in self.blocks if block.track == VIDEO_TRACK]
        as_read = self.as_read if self.slot_end_ms is None else None
        return TimelineCluster(
            airing=self.airing,
            header=self.header,
            pieces=as_read or (write_cluster(self.blocks, self.header, sound_until_ms=self.slot_end_ms),),
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            is_keyframe=bool(pictures) and pictures[0].is_keyframe,
            sound_end_ms=sound_end_ms,
            cluster=self.cluster,
            pictures_ms=tuple(picture.time_ms for picture in pictures[-_PICTURES_KEPT:]),
        )


def _place_among(blocks: list[Block], time_ms: float) -> int:
    """The index for a sound of this time: before the first later picture, as readers wait for the later track."""
    last = last_sound_in(blocks)
    later = (i for i in range(0 if last is None else last + 1, len(blocks)) if blocks[i].time_ms > time_ms)
    return next(later, len(blocks))
