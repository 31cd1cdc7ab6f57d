"""What the ingest keeps of long publications: parts of some seconds on disk, each a recording read by itself."""

from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standins.media import Kind, MediaMessage
from tests.standins.session import End, Session

PART_SECONDS = 30.0
_HEARD = np.dtype([("arrival", "f8"), ("shown_ms", "i8"), ("is_picture", "?")])

Heard = NDArray[np.void]
"""A row for each picture and each packet of sound as they came: `arrival` (monotonic, seconds), `shown_ms`,
`is_picture`."""


@dataclass(frozen=True, slots=True)
class Tape:
    """One publication on disk: when it was open, on the monotonic clock, and why it ended, if it did."""

    key: str
    number: int
    opened_at: float
    closed_at: float | None
    end: str
    parts: tuple[Path, ...]

    @classmethod
    def read(cls, values: dict[str, Any]) -> "Tape":
        """From what `TapedSession.describe` gave."""
        return cls(**{**values, "parts": tuple(map(Path, values["parts"]))})


def heard(part: Path) -> Heard:
    """What arrived in a part."""
    rows: Heard = np.load(part.with_suffix(".npy"))
    return rows


def remove(part: Path) -> None:
    """Forgets a part."""
    part.unlink()
    part.with_suffix(".npy").unlink()


class TapedSession(Session):
    """A publication that is put on disk as it goes; only the part that is under way is held in memory."""

    def __init__(self, key: str, number: int, folder: Path, writer: Executor) -> None:
        super().__init__(key)
        self.last_media_at = 0.0
        self.first_media_at = 0.0
        self._number = number
        self._folder = folder
        self._writer = writer
        self._headers: dict[Kind, MediaMessage] = {}
        self._parts: list[Path] = []
        self._part_number = 0
        self._part_began_at: float | None = None
        self._is_cut_next = False

    def record(self, kind: Kind, wire_timestamp: int, payload: bytes) -> None:
        """Adds a message as it arrives; parts begin at keyframes."""
        super().record(kind, wire_timestamp, payload)
        message = self.messages[-1]
        if message.is_video_header or message.is_audio_header:
            self._headers[kind] = message
        if not message.is_media:
            return
        self.last_media_at = message.arrival
        self.first_media_at = self.first_media_at or message.arrival
        if self._part_began_at is None:
            self._part_began_at = message.arrival
        if message.is_keyframe and (self._is_cut_next or message.arrival - self._part_began_at >= PART_SECONDS):
            self.messages.pop()
            self.end_part()
            self.messages.append(message)
            self._part_began_at = message.arrival

    def cut_at_next_keyframe(self) -> None:
        """Ends the present part sooner, so that it can be read."""
        self._is_cut_next = self._part_began_at is not None

    @property
    def is_cut(self) -> bool:
        """Whether everything up to the last call of `cut_at_next_keyframe` is on its way to disk."""
        return not self._is_cut_next

    def close(self, end: End, detail: str = "") -> None:
        """Notes the end, and puts the rest on disk."""
        if self.end is None:
            self.end_part()
        super().close(end, detail)

    def describe(self) -> dict[str, Any]:
        """The publication as plain values, for `Tape.read`."""
        tape = Tape(self.key, self._number, self.opened_at, self.closed_at, self.end or "", tuple(self._parts))
        return {**asdict(tape), "parts": list(map(str, self._parts))}

    def forget(self) -> None:
        """Leaves the parts on disk to somebody else."""
        self._parts = []

    def end_part(self) -> None:
        """Hands a part to the writer; the next one begins with the headers in force."""
        part = Session(self.key)
        part.messages, self.messages = self.messages, list(self._headers.values())
        self._is_cut_next, self._part_began_at = False, None
        if part.first_media:
            path = self._folder / f"{self.key}-{self._number:04}-{self._part_number:05}.flv"
            self._part_number += 1
            self._parts.append(path)
            self._writer.submit(_write, part, path)


def _write(part: Session, path: Path) -> None:
    media = [message for message in part.messages if message.is_media]
    rows = [(message.arrival, message.presentation_ms, message.is_picture) for message in media]
    np.save(path.with_suffix(".npy"), np.array(rows, _HEARD))
    part.to_flv(path)
