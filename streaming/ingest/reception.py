"""Measurements of a received stream, from its FLV tags' timestamps and times of arrival."""

import re
import statistics
import struct
from asyncio import IncompleteReadError, StreamReader
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

FILE_HEADER_BYTES = 13
"""The signature and an empty PreviousTagSize before the first tag."""

_HOLE_MS = 20  # less than one AAC frame


class Kind(IntEnum):
    """The tags of an FLV file (Adobe Flash Video File Format Specification 10.1, E.4.1)."""

    AUDIO = 8
    VIDEO = 9
    SCRIPT = 18


@dataclass(frozen=True, slots=True)
class Tag:
    """One message: a picture, a sound, or a decoder's configuration."""

    kind: Kind
    timestamp_ms: int
    body: bytes

    @property
    def is_header(self) -> bool:
        """Whether it holds no picture or sound (AVCPacketType or AACPacketType 0)."""
        return self.body[1:2] == b"\0"


async def tags(reader: StreamReader) -> AsyncIterator[Tag]:
    """Yields the tags after the file header, up to the last complete one."""
    with suppress(IncompleteReadError):
        while True:
            kind, *size, high, middle, low, extended = struct.unpack("8B3x", await reader.readexactly(11))
            body = await reader.readexactly(int.from_bytes(bytes(size)) + 4)
            yield Tag(Kind(kind), extended << 24 | high << 16 | middle << 8 | low, body[:-4])


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Measurements of everything received. Gaps, steps and holes count within sessions, not between them."""

    sessions: int = 0
    seconds: float = 0.0
    """Media time, all sessions added up."""
    size_bytes: int = 0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    longest_gap_seconds: float = 0.0
    """The longest time between the arrivals of two pictures."""
    steps_over_nominal_ms: float = 0.0
    """The excess of the widest step between two pictures' timestamps over the usual one."""
    sound_holes: int = 0
    """Steps between sounds that exceed the usual one by more than 20 ms."""
    recording: Path | None = None
    """The file of the newest minute."""


@dataclass(slots=True)
class Track:
    """The pictures, or the sounds, of one session."""

    steps_ms: Counter[int] = field(default_factory=Counter)
    longest_gap_seconds: float = 0.0
    _first_ms: int | None = None
    _last_ms: int = 0
    _last_arrival: float = 0.0

    def add(self, timestamp_ms: int, arrival: float) -> None:
        """Adds a picture or sound that arrived at `arrival` on a monotonic clock."""
        if self._first_ms is None:
            self._first_ms = timestamp_ms
        else:
            self.steps_ms[timestamp_ms - self._last_ms] += 1
            self.longest_gap_seconds = max(self.longest_gap_seconds, arrival - self._last_arrival)
        self._last_ms, self._last_arrival = timestamp_ms, arrival

    @property
    def seconds(self) -> float:
        """From the start of the first one to the end of the last one."""
        return 0.0 if self._first_ms is None else (self._last_ms - self._first_ms + self.nominal_ms) / 1000

    @property
    def nominal_ms(self) -> float:
        """The usual step: the mean of those near the median, since 30 fps alternates between 33 ms and 34 ms."""
        if not self.steps_ms:
            return 0.0
        steps = list(self.steps_ms.elements())
        usual = statistics.median_low(steps)
        return statistics.fmean(step for step in steps if abs(step - usual) <= usual / 2)

    @property
    def widest_over_nominal_ms(self) -> float:
        """The widest step's excess over the usual one."""
        return max(self.steps_ms, default=0) - self.nominal_ms

    @property
    def holes(self) -> int:
        """The number of steps that exceed the usual one by more than 20 ms."""
        return sum(count for step, count in self.steps_ms.items() if step > self.nominal_ms + _HOLE_MS)


@dataclass(slots=True)
class Session:
    """One publication."""

    video: Track = field(default_factory=Track)
    audio: Track = field(default_factory=Track)
    size_bytes: int = 0
    width: int = 0
    height: int = 0

    @property
    def seconds(self) -> float:
        """Media time."""
        return max(self.video.seconds, self.audio.seconds)

    def add(self, tag: Tag, arrival: float) -> None:
        """Adds a message that arrived at `arrival` on a monotonic clock."""
        self.size_bytes += len(tag.body)
        if tag.kind is Kind.SCRIPT:
            self.width, self.height = _number(tag.body, b"width"), _number(tag.body, b"height")
        elif not tag.is_header:
            (self.video if tag.kind is Kind.VIDEO else self.audio).add(tag.timestamp_ms, arrival)


def summarize(sessions: Sequence[Session], recording: Path | None) -> IngestReport:
    """Adds up the sessions; the picture's size and rate are those of the newest one."""
    if not sessions:
        return IngestReport()
    newest = sessions[-1]
    return IngestReport(
        sessions=len(sessions),
        seconds=sum(session.seconds for session in sessions),
        size_bytes=sum(session.size_bytes for session in sessions),
        width=newest.width,
        height=newest.height,
        fps=1000 / newest.video.nominal_ms if newest.video.nominal_ms else 0.0,
        longest_gap_seconds=max(session.video.longest_gap_seconds for session in sessions),
        steps_over_nominal_ms=max(session.video.widest_over_nominal_ms for session in sessions),
        sound_holes=sum(session.audio.holes for session in sessions),
        recording=recording,
    )


def _number(metadata: bytes, key: bytes) -> int:
    """Reads a number of `onMetaData`: its name, AMF0's marker 0, and a double."""
    found = re.search(re.escape(key) + rb"\0(.{8})", metadata, re.DOTALL)
    return int(struct.unpack(">d", found[1])[0]) if found else 0
