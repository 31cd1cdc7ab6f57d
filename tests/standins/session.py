"""What an ingest received in one publication, message by message, and the figures that are read off it."""

import asyncio
import itertools
import struct
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.standins.amf0 import encode
from tests.standins.media import AudioHeader, Kind, MediaMessage, VideoHeader, audio_header, video_header
from tests.standins.rtmp import TIMESTAMP_RANGE

AAC_SAMPLES_PER_FRAME = 1024
_SET_DATA_FRAME = encode("@setDataFrame")
_FLV_HEADER = b"FLV\x01\x05" + struct.pack(">II", 9, 0)
_FLV_TAG = {Kind.AUDIO: 8, Kind.VIDEO: 9, Kind.METADATA: 18}


class End(StrEnum):
    """Why a publication ended."""

    UNPUBLISHED = "unpublished"  # the publisher said so (FCUnpublish or deleteStream)
    CLOSED = "closed"  # the connection ended without a word
    RESET = "reset"  # the publisher's side reset the connection
    DROPPED = "dropped"  # a fault a test asked for
    PROTOCOL_ERROR = "protocol error"
    SHUTDOWN = "shutdown"  # the ingest itself ended


@dataclass(frozen=True, slots=True)
class Hole:
    """Missing sound: where it begins and how long it lasts, in milliseconds."""

    timestamp_ms: int
    length_ms: float


class Session:
    """One publication of one key, from its start to its end; times are of the monotonic clock, in seconds."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.opened_at = time.monotonic()
        self.closed_at: float | None = None
        self.end: End | None = None
        self.detail = ""
        self.messages: list[MediaMessage] = []
        self._last_timestamp_ms = 0
        self._over = asyncio.Event()

    # What the ingest writes down

    def record(self, kind: Kind, wire_timestamp: int, payload: bytes) -> None:
        """Adds a message as it arrives."""
        self._last_timestamp_ms += _signed((wire_timestamp - self._last_timestamp_ms) % TIMESTAMP_RANGE)
        self.messages.append(MediaMessage(kind, self._last_timestamp_ms, time.monotonic(), payload))

    def close(self, end: End, detail: str = "") -> None:
        """Notes the end; only the first reason counts."""
        if self.end is None:
            self.end, self.detail, self.closed_at = end, detail, time.monotonic()
            self._over.set()

    async def ended(self, *, timeout_seconds: float = 10.0) -> End:
        """Waits for the end and returns its reason. Raises TimeoutError."""
        async with asyncio.timeout(timeout_seconds):
            await self._over.wait()
        assert self.end is not None
        return self.end

    # What arrived

    @property
    def pictures(self) -> list[MediaMessage]:
        return [message for message in self.messages if message.is_picture]

    @property
    def sounds(self) -> list[MediaMessage]:
        return [message for message in self.messages if message.is_sound]

    @property
    def first_media(self) -> MediaMessage | None:
        return next((message for message in self.messages if message.is_media), None)

    @property
    def media_seconds(self) -> float:
        """Length of what arrived, by its timestamps."""
        times = [message.timestamp_ms for message in self.messages if message.is_media]
        return (max(times) - min(times)) / 1000 if times else 0.0

    # Figures of the timestamps

    def video_steps_ms(self) -> list[int]:
        """Steps between the pictures in the order of presentation."""
        return _steps(sorted(picture.presentation_ms for picture in self.pictures))

    def video_decoding_steps_ms(self) -> list[int]:
        """Steps between the pictures' own timestamps, in the order of arrival; each must be over zero."""
        return _steps([picture.timestamp_ms for picture in self.pictures])

    def audio_steps_ms(self) -> list[int]:
        """Steps between the audio frames; zero is a repeated timestamp, below zero a step back."""
        return _steps([sound.timestamp_ms for sound in self.sounds])

    def repeated_audio_timestamps(self) -> list[int]:
        """Timestamps that do not come after the one before."""
        pairs = itertools.pairwise(sound.timestamp_ms for sound in self.sounds)
        return [later for earlier, later in pairs if later <= earlier]

    def audio_holes(self, *, over_ms: float = 1.0) -> list[Hole]:
        """Steps that exceed an audio frame by more than `over_ms` (FLV rounds to 1 ms)."""
        return [hole for hole in self._audio_excesses() if hole.length_ms > over_ms]

    def _audio_excesses(self) -> Iterator[Hole]:
        frame_ms, previous_ms = 0.0, None
        for message in self.messages:
            if message.is_audio_header:
                frame_ms = AAC_SAMPLES_PER_FRAME * 1000 / audio_header(message).sample_rate
            elif message.is_sound:
                if previous_ms is not None:
                    yield Hole(previous_ms, message.timestamp_ms - previous_ms - frame_ms)
                previous_ms = message.timestamp_ms

    # Figures of the wire

    def worst_wire_gap_seconds(self, *, kind: Kind | None = None, after_seconds: float = 0.0) -> float:
        """The longest wait between two media messages (of one kind, if given).

        A publisher's first burst can be left out: only waits that end `after_seconds` after the first media count.
        """
        arrivals = [m.arrival for m in self.messages if m.is_media and kind in (None, m.kind)]
        pairs = itertools.pairwise(arrivals)
        return max((later - earlier for earlier, later in pairs if later - arrivals[0] > after_seconds), default=0.0)

    # Sequence headers

    def video_headers(self) -> list[VideoHeader]:
        """The AVC sequence headers in order, leaving out repetitions of the one in force."""
        headers = (video_header(message) for message in self.messages if message.is_video_header)
        return [next(group) for _, group in itertools.groupby(headers, key=lambda header: (header.sps, header.pps))]

    def audio_headers(self) -> list[AudioHeader]:
        """The AAC sequence headers in order, leaving out repetitions of the one in force."""
        headers = (audio_header(message) for message in self.messages if message.is_audio_header)
        return [next(group) for _, group in itertools.groupby(headers, key=lambda header: header.config)]

    # For FFmpeg, people and other processes

    def to_flv(self, path: Path) -> Path:
        """Writes the session as a file that FFmpeg reads, its timestamps as they came; returns the path."""
        with path.open("wb") as file:
            file.write(_FLV_HEADER)
            file.writelines(_flv_tag(message) for message in self.messages)
        return path

    def report(self) -> dict[str, Any]:
        """The session as plain values, for JSON; processes of one machine share the monotonic clock."""
        return {
            "key": self.key,
            "opened_at": self.opened_at,
            "closed_at": self.closed_at,
            "end": self.end,
            "detail": self.detail,
            "first_media_at": self.first_media.arrival if self.first_media else None,
            "pictures": len(self.pictures),
            "sounds": len(self.sounds),
            "media_seconds": self.media_seconds,
            "worst_wire_gap_seconds": self.worst_wire_gap_seconds(),
            "video_steps_ms": Counter(self.video_steps_ms()),
            "audio_steps_ms": Counter(self.audio_steps_ms()),
            "audio_holes_ms": [hole.length_ms for hole in self.audio_holes()],
            "video_headers": len(self.video_headers()),
            "audio_headers": len(self.audio_headers()),
        }


def _signed(difference: int) -> int:
    return difference - TIMESTAMP_RANGE if difference >= TIMESTAMP_RANGE // 2 else difference


def _steps(times: list[int]) -> list[int]:
    return [later - earlier for earlier, later in itertools.pairwise(times)]


def _flv_tag(message: MediaMessage) -> bytes:
    payload = message.payload.removeprefix(_SET_DATA_FRAME)
    timestamp = message.timestamp_ms % TIMESTAMP_RANGE
    head = struct.pack(
        ">B3s3sB3x",
        _FLV_TAG[message.kind],
        len(payload).to_bytes(3, "big"),
        timestamp.to_bytes(4, "big")[1:],
        timestamp >> 24,
    )
    return head + payload + struct.pack(">I", len(head) + len(payload))
