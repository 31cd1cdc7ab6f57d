"""The part of Matroska that a playout needs: the header, clusters, and their blocks (RFC 9559).

FFmpeg writes each item as a live Matroska stream on a pipe: a header, then clusters of blocks. This module reads whole
elements, knows video keyframes, and writes clusters at other times.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

VIDEO_TRACK = 1
AUDIO_TRACK = 2
"""Feeders always map video first and sound second."""

_CLUSTER = 0x1F43B675
_TRACKS = 0x1654AE6B
_SEGMENT = 0x18538067
_INFO = 0x1549A966
_DURATION = 0x4489
_DURATION_HEAD_BYTES = 3
_VOID = b"\xec"
_TRACK_ENTRY = 0xAE
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
_LONGEST_HEADER_BYTES = 1 << 20
_LONGEST_CLUSTER_BYTES = 64 << 20
_LONGEST_CLUSTER_MS = 0x7FFF
"""The time of a block is relative to its cluster's, in 16 bits with a sign."""
_LONGEST_FRAME_MS = 125.0
_LONGEST_PACKET_MS = 200.0
_LONGEST_DELAY_MS = 1000.0
"""The durations that a stream states are believed up to these limits: nothing waits for a slower picture."""
_ELEMENT_HEAD_BYTES = 12
"""The longest identifier and the longest size."""
_KEYFRAME = 0x80


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first cluster."""

    data: bytes
    parameters: tuple[bytes, ...]
    """Codecs, private data, sizes and rates. Items with equal parameters can share a slot."""
    frame_ms: float
    """How long one picture is shown, or 0 when the stream does not say."""
    packet_ms: float
    """How long one packet of sound lasts."""
    audio_delay_ms: float
    """How far a reader moves sound back because of encoder priming (CodecDelay)."""

    @property
    def video_private(self) -> bytes:
        """The configuration of the video decoder: an `avcC` record."""
        return self.parameters[1] if len(self.parameters) > 1 else b""

    @property
    def aac_private(self) -> bytes:
        """The configuration of the audio decoder: an `AudioSpecificConfig`; empty when it is not AAC."""
        found = (private for codec, private in pairwise(self.parameters) if codec == b"A_AAC")
        return next(found, b"")


@dataclass(frozen=True, slots=True)
class Block:
    """One packet; `time_ms` is its presentation time in its stream, less the encoder's priming."""

    track: int
    time_ms: float
    is_keyframe: bool
    payload: bytes | memoryview

    def later_by(self, shift_ms: float) -> "Block":
        """The same packet at another time."""
        return Block(self.track, self.time_ms + shift_ms, self.is_keyframe, self.payload)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Blocks in decoding order, written together."""

    blocks: tuple[Block, ...]
    start_ms: float = 0.0
    """The time of the cluster, to which the times in `body` are relative."""
    body: bytes | memoryview = b""
    """The blocks as they were read; empty when they were put together here."""

    @property
    def starts_at_keyframe(self) -> bool:
        """Whether a decoder may begin here."""
        return next((block.is_keyframe for block in self.blocks if block.track == VIDEO_TRACK), False)

    @property
    def has_pictures(self) -> bool:
        """Whether it contains pictures."""
        return any(block.track == VIDEO_TRACK for block in self.blocks)

    def later_by(self, shift_ms: float) -> "Cluster":
        """The same cluster at another time."""
        moved = tuple(block.later_by(shift_ms) for block in self.blocks)
        return Cluster(moved, self.start_ms + shift_ms, self.body)

    def pieces_at(self, shift_ms: float) -> tuple[bytes | memoryview, ...] | None:
        """The cluster as bytes at another time, without rewriting its blocks; None when that is impossible."""
        start_ms = self.start_ms + shift_ms
        if not self.body or start_ms < 0 or not start_ms.is_integer():
            return None
        timestamp = b"\xe7\x88" + int(start_ms).to_bytes(8, "big")
        return b"".join((_CLUSTER_START, _size(len(timestamp) + len(self.body)), timestamp)), self.body


@dataclass(frozen=True, slots=True)
class _Element:
    name: int
    start: int
    end: int


async def read(stream: asyncio.StreamReader) -> AsyncIterator[Header | Cluster]:
    """Yields the header and then every whole cluster of a Matroska stream. A cluster cut short at the end is left out.

    Raises ValueError for any other stream.
    """
    pending = bytearray()
    header: Header | None = None
    while piece := await stream.read(_READ_BYTES):
        pending += piece
        if header is None:
            if (at := pending.find(_CLUSTER_START)) < 0:
                if len(pending) > _LONGEST_HEADER_BYTES:
                    raise ValueError("no cluster where one should begin")
                continue
            header = parse_header(bytes(pending[:at]))
            del pending[:at]
            yield header
        while (cluster := _pop_cluster(pending)) is not None:
            for part in at_keyframes(parse_cluster(cluster, header)):
                yield part


def at_keyframes(cluster: Cluster) -> Iterator[Cluster]:
    """Splits a cluster before every keyframe: FFmpeg begins a new one there only after more than 4 KiB."""
    pictures = [at for at, block in enumerate(cluster.blocks) if block.track == VIDEO_TRACK]
    cuts = [at for at in pictures[1:] if cluster.blocks[at].is_keyframe]
    if not cuts:
        yield cluster  # unchanged, so that `pieces_at` stays possible
        return
    for begin, end in zip([0, *cuts], [*cuts, len(cluster.blocks)], strict=True):
        yield Cluster(cluster.blocks[begin:end])


def _pop_cluster(pending: bytearray) -> bytes | None:
    """Removes the next whole cluster from the front, with any other elements before it."""
    while len(pending) > _ELEMENT_HEAD_BYTES:
        is_cluster = pending.startswith(_CLUSTER_START)
        id_length = 9 - pending[0].bit_length()
        size, length = _number(pending, id_length)
        start, end = id_length + length, id_length + length + size
        if id_length > 4 or end > _LONGEST_CLUSTER_BYTES:
            raise ValueError(f"an element of {size} bytes in the place of a cluster")
        if len(pending) < end:
            return None
        body = bytes(memoryview(pending)[start:end])
        del pending[:end]
        if is_cluster:
            return body
    return None


def parse_header(data: bytes) -> Header:
    """Reads the tracks from what stands before the first cluster. Raises ValueError when they cannot be read."""
    try:
        return _header(data)
    except IndexError as error:
        raise ValueError("a damaged header") from error


def _header(data: bytes) -> Header:
    parameters: list[bytes] = []
    frame_ms = packet_ms = delay_ms = 0.0
    for entry in _tracks(data):
        fields = {field.name: data[field.start : field.end] for field in _elements(data, entry.start, entry.end)}
        duration_ms = int.from_bytes(fields.get(_DEFAULT_DURATION, b""), "big") / 1e6
        parameters += [fields.get(_CODEC_ID, b""), fields.get(_CODEC_PRIVATE, b"")]
        if _VIDEO in fields:
            frame_ms = duration_ms if duration_ms <= _LONGEST_FRAME_MS else 0.0
            parameters += _fields(fields[_VIDEO], _PIXEL_WIDTH, _PIXEL_HEIGHT)
        elif _AUDIO in fields:
            packet_ms = duration_ms if duration_ms <= _LONGEST_PACKET_MS else 0.0
            delay_ms = min(int.from_bytes(fields.get(_CODEC_DELAY, b""), "big") / 1e6, _LONGEST_DELAY_MS)
            parameters += [*_fields(fields[_AUDIO], _SAMPLING_FREQUENCY, _CHANNELS), fields.get(_CODEC_DELAY, b"")]
    return Header(_without_duration(data), tuple(parameters), frame_ms, packet_ms, delay_ms)


def _without_duration(data: bytes) -> bytes:
    """Blanks the duration: FFmpeg begins the next slot where this one should end by it, whatever came."""
    for part in _parts(data, _INFO):
        for field in _elements(data, part.start, part.end):
            if field.name == _DURATION:
                length = field.end - field.start
                blank = _VOID + bytes([0x80 | length + _DURATION_HEAD_BYTES - 2]) + bytes(length + 1)
                return data[: field.start - _DURATION_HEAD_BYTES] + blank + data[field.end :]
    return data


def parse_cluster(body: bytes, header: Header) -> Cluster:
    """Reads the blocks of a cluster's body. Raises ValueError when they cannot be read."""
    try:
        elements = _elements(body, 0, len(body))
        timestamp = next(elements)
        if timestamp.name != _TIMESTAMP:
            raise ValueError("a cluster that does not begin with its time")
        start_ms = int.from_bytes(body[timestamp.start : timestamp.end], "big")
        view = memoryview(body)
        blocks = tuple(_blocks(view, elements, start_ms, header))
    except (IndexError, KeyError, StopIteration) as error:
        raise ValueError("a damaged cluster") from error
    return Cluster(blocks, float(start_ms), view[timestamp.end :])


def _blocks(body: memoryview, elements: Iterable[_Element], start_ms: int, header: Header) -> Iterator[Block]:
    for element in elements:
        if element.name == _SIMPLE_BLOCK:
            yield _block(body, element, start_ms, bool(body[element.start + 3] & _KEYFRAME), header)
        elif element.name == _BLOCK_GROUP:
            inner = {part.name: part for part in _elements(body, element.start, element.end)}
            yield _block(body, inner[_BLOCK], start_ms, _REFERENCE_BLOCK not in inner, header)


def write_cluster(blocks: list[Block], header: Header, *, sound_until_ms: float | None = None) -> bytes:
    """Writes blocks as one cluster, at the times they carry. With `sound_until_ms` the last sound lasts until then.

    A cluster can hold times within 32 s of its own; blocks further apart are written as several clusters.
    """
    raw_times = [round(b.time_ms + (header.audio_delay_ms if b.track == AUDIO_TRACK else 0)) for b in blocks]
    if blocks and max(raw_times) - min(raw_times) > _LONGEST_CLUSTER_MS:
        cut = next(i for i, raw in enumerate(raw_times) if abs(raw - raw_times[0]) > _LONGEST_CLUSTER_MS // 2)
        behind = write_cluster(blocks[cut:], header, sound_until_ms=sound_until_ms)
        return write_cluster(blocks[:cut], header) + behind
    start_ms = max(0, min(raw_times, default=0))
    parts: list[bytes | memoryview] = [b"\xe7\x88", start_ms.to_bytes(8, "big")]
    last_sound = None if sound_until_ms is None else last_sound_in(blocks)
    for number, (block, raw) in enumerate(zip(blocks, raw_times, strict=True)):
        flags = _KEYFRAME if block.is_keyframe else 0
        head = (0x80 | block.track, *max(-_LONGEST_CLUSTER_MS, raw - start_ms).to_bytes(2, "big", signed=True), flags)
        packet = [_size(4 + len(block.payload)), bytes(head), block.payload]
        if number == last_sound and sound_until_ms is not None:
            duration_ms = max(1, round(sound_until_ms - block.time_ms))
            group = b"".join((b"\xa1", *packet, b"\x9b\x84", duration_ms.to_bytes(4, "big")))
            parts += [b"\xa0", _size(len(group)), group]
        else:
            parts += [b"\xa3", *packet]
    body = b"".join(parts)
    return b"".join((_CLUSTER_START, _size(len(body)), body))


def last_sound_in(blocks: Sequence[Block]) -> int | None:
    """The index of the last sound."""
    return next((i for i in reversed(range(len(blocks))) if blocks[i].track == AUDIO_TRACK), None)


def _block(body: memoryview, element: _Element, start_ms: int, keyframe: bool, header: Header) -> Block:  # noqa: FBT001
    at = element.start
    track = body[at] & 0x7F
    time_ms = start_ms + int.from_bytes(body[at + 1 : at + 3], "big", signed=True)
    delay_ms = header.audio_delay_ms if track == AUDIO_TRACK else 0.0
    return Block(track, time_ms - delay_ms, keyframe, body[at + 4 : element.end])


def _tracks(data: bytes) -> Iterator[_Element]:
    for part in _parts(data, _TRACKS):
        yield from (e for e in _elements(data, part.start, part.end) if e.name == _TRACK_ENTRY)


def _parts(data: bytes, name: int) -> Iterator[_Element]:
    """Parts of a header. The segment's size is unknown, so its children are read from its start."""
    for top in _elements(data, 0, len(data)):
        if top.name == _SEGMENT:
            yield from (part for part in _elements(data, top.start, len(data)) if part.name == name)


def _fields(data: bytes, *names: int) -> list[bytes]:
    found = {field.name: data[field.start : field.end] for field in _elements(data, 0, len(data))}
    return [found.get(name, b"") for name in names]


def _elements(data: bytes | memoryview, at: int, end: int) -> Iterator[_Element]:
    while at < end:
        id_length = 9 - data[at].bit_length()
        name = int.from_bytes(data[at : at + id_length], "big")
        size, size_length = _number(data, at + id_length)
        start = at + id_length + size_length
        at = min(start + size, end)
        yield _Element(name, start, at)


def _number(data: bytes | bytearray | memoryview, at: int) -> tuple[int, int]:
    """A variable-length number: its value and its own length in bytes."""
    length = 9 - data[at].bit_length()
    return int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1), length


def _size(value: int) -> bytes:
    return (value | 0x10000000).to_bytes(4, "big")
