"""As much of Matroska as a playout needs: the header, clusters, and the blocks in them (RFC 9559).

FFmpeg writes each item as a live Matroska stream on a pipe: a header, then clusters of blocks. We read whole elements,
know which blocks are video keyframes, and can write clusters anew at another time.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

VIDEO_TRACK = 1
AUDIO_TRACK = 2
"""Feeders always map video first and sound second."""

_CLUSTER = 0x1F43B675
_TRACKS = 0x1654AE6B
_SEGMENT = 0x18538067
_TRACK_ENTRY = 0xAE
_TRACK_NUMBER = 0xD7
_CODEC_ID = 0x86
_CODEC_PRIVATE = 0x63A2
_CODEC_DELAY = 0x56AA
_DEFAULT_DURATION = 0x23E383
_VIDEO = 0xE0
_AUDIO = 0xE1
_PIXEL_WIDTH = 0xB0
_PIXEL_HEIGHT = 0xBA
_SAMPLING_FREQUENCY = 0xB5
_CHANNELS = 0x9F
_TIMESTAMP = 0xE7
_SIMPLE_BLOCK = 0xA3
_BLOCK_GROUP = 0xA0
_BLOCK = 0xA1
_REFERENCE_BLOCK = 0xFB

_CLUSTER_START = _CLUSTER.to_bytes(4, "big")
_READ_BYTES = 1 << 18
_LONGEST_CLUSTER_BYTES = 64 << 20
_KEYFRAME = 0x80


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first cluster."""

    data: bytes
    parameters: tuple[bytes, ...]
    """Codecs, private data, sizes and rates: items for which these are equal can follow each other unannounced."""
    frame_ms: float
    """How long one picture is shown, or 0 when the stream does not say."""
    packet_ms: float
    """How long one packet of sound lasts."""
    audio_delay_ms: float
    """How far a reader moves sound back because of encoder priming (CodecDelay)."""


@dataclass(frozen=True, slots=True)
class Block:
    """One packet; `time_ms` counts from the start of its stream as presented, priming allowed for."""

    track: int
    time_ms: float
    is_keyframe: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class Cluster:
    """Blocks that travel together, in decoding order."""

    blocks: tuple[Block, ...]

    @property
    def starts_at_keyframe(self) -> bool:
        """Whether a decoder may begin here."""
        return next((block.is_keyframe for block in self.blocks if block.track == VIDEO_TRACK), False)

    def later_by(self, shift_ms: float) -> "Cluster":
        """The same cluster at another time."""
        return Cluster(tuple(replace(block, time_ms=block.time_ms + shift_ms) for block in self.blocks))


@dataclass(frozen=True, slots=True)
class _Element:
    name: int
    start: int
    end: int


async def read(stream: asyncio.StreamReader) -> AsyncIterator[Header | Cluster]:
    """Yields the header, then every whole cluster, of a Matroska stream; a cluster cut short at the end is left out."""
    pending = bytearray()
    header: Header | None = None
    while piece := await stream.read(_READ_BYTES):
        pending += piece
        if header is None:
            if (at := pending.find(_CLUSTER_START)) < 0:
                continue
            header = parse_header(bytes(pending[:at]))
            del pending[:at]
            yield header
        while (cluster := _take_cluster(pending)) is not None:
            yield parse_cluster(cluster, header)


def _take_cluster(pending: bytearray) -> bytes | None:
    """Removes one whole cluster from the front, if it is all there. What follows the last one (cues) never is."""
    if len(pending) < 12 or not pending.startswith(_CLUSTER_START):
        return None
    size, length = _number(pending, 4)
    end = 4 + length + size
    if end > _LONGEST_CLUSTER_BYTES:
        raise ValueError(f"a cluster of {end} bytes")
    if len(pending) < end:
        return None
    cluster = bytes(pending[4 + length : end])
    del pending[:end]
    return cluster


def parse_header(data: bytes) -> Header:
    """Reads the tracks from what stands before the first cluster."""
    parameters: list[bytes] = []
    frame_ms = packet_ms = delay_ms = 0.0
    for entry in _tracks(data):
        fields = {field.name: data[field.start : field.end] for field in _elements(data, entry.start, entry.end)}
        duration_ms = int.from_bytes(fields.get(_DEFAULT_DURATION, b""), "big") / 1e6
        parameters += [fields.get(_CODEC_ID, b""), fields.get(_CODEC_PRIVATE, b"")]
        if _VIDEO in fields:
            frame_ms = duration_ms
            parameters += _fields(fields[_VIDEO], _PIXEL_WIDTH, _PIXEL_HEIGHT)
        elif _AUDIO in fields:
            packet_ms = duration_ms
            delay_ms = int.from_bytes(fields.get(_CODEC_DELAY, b""), "big") / 1e6
            parameters += [*_fields(fields[_AUDIO], _SAMPLING_FREQUENCY, _CHANNELS), fields.get(_CODEC_DELAY, b"")]
    return Header(data, tuple(parameters), frame_ms, packet_ms, delay_ms)


def parse_cluster(body: bytes, header: Header) -> Cluster:
    """Reads the blocks of a cluster's body."""
    start_ms = 0
    blocks = []
    for element in _elements(body, 0, len(body)):
        if element.name == _TIMESTAMP:
            start_ms = int.from_bytes(body[element.start : element.end], "big")
        elif element.name == _SIMPLE_BLOCK:
            keyframe = bool(body[element.start + 3] & _KEYFRAME)
            blocks.append(_block(body, element, start_ms, keyframe, header))
        elif element.name == _BLOCK_GROUP:
            inner = {part.name: part for part in _elements(body, element.start, element.end)}
            blocks.append(_block(body, inner[_BLOCK], start_ms, _REFERENCE_BLOCK not in inner, header))
    return Cluster(tuple(blocks))


def write_cluster(blocks: list[Block], header: Header) -> bytes:
    """Writes blocks as one cluster, at the times they carry."""
    raw_times = [round(b.time_ms + (header.audio_delay_ms if b.track == AUDIO_TRACK else 0)) for b in blocks]
    start_ms = max(0, min(raw_times))
    parts = [b"\xe7\x88", start_ms.to_bytes(8, "big")]
    for block, raw in zip(blocks, raw_times, strict=True):
        flags = _KEYFRAME if block.is_keyframe else 0
        head = (0x80 | block.track, *(raw - start_ms).to_bytes(2, "big", signed=True), flags)
        parts += [b"\xa3", _size(4 + len(block.payload)), bytes(head), block.payload]
    body = b"".join(parts)
    return b"".join((_CLUSTER_START, _size(len(body)), body))


def _block(body: bytes, element: _Element, start_ms: int, keyframe: bool, header: Header) -> Block:  # noqa: FBT001
    at = element.start
    track = body[at] & 0x7F
    time_ms = start_ms + int.from_bytes(body[at + 1 : at + 3], "big", signed=True)
    delay_ms = header.audio_delay_ms if track == AUDIO_TRACK else 0.0
    return Block(track, time_ms - delay_ms, keyframe, body[at + 4 : element.end])


def _tracks(data: bytes) -> Iterator[_Element]:
    """The track entries of a header; the segment's size is unknown, so its children are looked for at its start."""
    for top in _elements(data, 0, len(data)):
        if top.name == _SEGMENT:
            for part in _elements(data, top.start, len(data)):
                if part.name == _TRACKS:
                    yield from (e for e in _elements(data, part.start, part.end) if e.name == _TRACK_ENTRY)


def _fields(data: bytes, *names: int) -> list[bytes]:
    found = {field.name: data[field.start : field.end] for field in _elements(data, 0, len(data))}
    return [found.get(name, b"") for name in names]


def _elements(data: bytes, at: int, end: int) -> Iterator[_Element]:
    while at < end:
        id_length = 9 - data[at].bit_length()
        name = int.from_bytes(data[at : at + id_length], "big")
        size, size_length = _number(data, at + id_length)
        start = at + id_length + size_length
        at = min(start + size, end)
        yield _Element(name, start, at)


def _number(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """A variable-length number: its value and its own length in bytes."""
    length = 9 - data[at].bit_length()
    return int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1), length


def _size(value: int) -> bytes:
    return (value | 0x10000000).to_bytes(4, "big")
