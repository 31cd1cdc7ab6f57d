"""Items, clusters and programs made up for tests of the engine's middle: no FFmpeg, only times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Block, Cluster, Header, parse_cluster
from streaming.model.items import Item
from streaming.timeline.splice import Airing, Splice, TimelineCluster

FRAME_MS = 1000 / 30
PACKET_MS = 1024 / 44.1
CLUSTER_MS = 250


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """What a feeder would make of an item; times in milliseconds."""

    pictures: int = 60
    frame_ms: float = FRAME_MS
    gop: int = 60
    b_frames: int = 0
    packet_ms: float = PACKET_MS
    priming_ms: float = PACKET_MS
    sound_from_ms: float = 0.0
    sound_ms: float | None = None  # None: as long as the picture; 0: none
    parameters: bytes = b"alike"


def header(spec: ItemSpec) -> Header:
    parameters = (spec.parameters, str((spec.packet_ms, spec.priming_ms)).encode())
    return Header(b"header", parameters, spec.frame_ms, spec.packet_ms, spec.priming_ms)


def airing(spec: ItemSpec, play_id: int) -> Airing:
    return Airing(Item(f"item {play_id}", f"Item {play_id}"), header(spec), play_id=play_id, is_copy=True)


def clusters(spec: ItemSpec) -> list[Cluster]:
    """The item in clusters of 250 ms, the blocks in decoding order and each with its name as payload."""
    packets = sorted([*_pictures(spec), *_sounds(spec)], key=lambda timed: timed[0])
    groups = groupby(packets, key=_ClusterNumbers())
    return [Cluster(tuple(block for _, block in group)) for _, group in groups]


class _ClusterNumbers:
    """Counts as FFmpeg does: a cluster ends at a keyframe, and when it is as long as it may be."""

    def __init__(self) -> None:
        self._number, self._began_ms = 0, 0.0

    def __call__(self, timed: tuple[float, Block]) -> int:
        decoded_ms, block = timed
        is_keyframe = block.track == VIDEO_TRACK and block.is_keyframe
        if is_keyframe or decoded_ms >= self._began_ms + CLUSTER_MS:
            self._number, self._began_ms = self._number + 1, decoded_ms
        return self._number


def _pictures(spec: ItemSpec) -> Iterator[tuple[float, Block]]:
    for number, shown in enumerate(_decoding_order(spec)):
        time_ms = float(round(shown * spec.frame_ms))  # as Matroska rounds
        decoded_ms = (number - spec.b_frames) * spec.frame_ms
        yield decoded_ms, Block(VIDEO_TRACK, time_ms, shown % spec.gop == 0, f"picture {shown}".encode())


def _decoding_order(spec: ItemSpec) -> Iterator[int]:
    """Numbers of pictures as an encoder with closed GOPs sends them: each reference before its B-frames."""
    for first in range(0, spec.pictures, spec.gop):
        last = min(first + spec.gop, spec.pictures) - 1
        yield first
        shown = first
        while shown < last:
            reference = min(shown + spec.b_frames + 1, last)
            yield reference
            yield from range(shown + 1, reference)
            shown = reference


def _sounds(spec: ItemSpec) -> Iterator[tuple[float, Block]]:
    length_ms = spec.pictures * spec.frame_ms if spec.sound_ms is None else spec.sound_ms
    for number in range(int((length_ms + spec.priming_ms) / spec.packet_ms)):
        raw_ms = round(spec.sound_from_ms + number * spec.packet_ms)
        time_ms = raw_ms - spec.priming_ms
        yield time_ms, Block(AUDIO_TRACK, time_ms, True, f"sound {number}".encode())


def spliced(specs: Iterable[ItemSpec]) -> list[TimelineCluster]:
    """Items one after the other, as the sequencer has them placed."""
    splice, placed = Splice(), []
    for number, spec in enumerate(specs, 1):
        splice.begin(airing(spec, number))
        placed += [splice.add(cluster) for cluster in clusters(spec)]
    return [one for one in [*placed, splice.flush()] if one]


def read_back(placed: Iterable[TimelineCluster]) -> list[tuple[Airing, Block]]:
    """The blocks as an uplink gets them, times rounded to Matroska's milliseconds."""
    found = []
    for one in placed:
        data = b"".join(one.pieces)
        body = data[8:]  # a cluster of ours has four bytes of name and four of size
        found += [(one.airing, block) for block in parse_cluster(body, one.header).blocks]
    return found
