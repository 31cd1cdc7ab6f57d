"""Reads a recording back: which frame of which clip is shown when, where the beeps are, and what was lost or repeated.

Everything here runs FFmpeg and waits for it; from a test with a stream on air call it through `asyncio.to_thread`.
"""

import math
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from tests.standins import picture_code
from tests.standins.clips import BEEP_HZ, BEEP_SECONDS, ClipSpec
from tests.standins.picture_code import Picture

Samples: TypeAlias = NDArray[np.float32]
Times: TypeAlias = NDArray[np.float64]

DECODING_LIMIT_SECONDS = 120
WIDTH, HEIGHT = 160, 90  # enough for the code in a vertical picture: 6 pixels a block
SAMPLE_RATE = 48000
_PERIOD = SAMPLE_RATE // BEEP_HZ  # of a beep, in samples
_LEAST_POWER = 0.02  # of a full-scale sine's 0.5; the clips' beeps have 0.125
_WINDOW = SAMPLE_RATE // 100  # of what is looked at for silence, in samples
_LEAST_LEVEL = 0.008  # of what is heard at all; the hum of odd items has 0.04
_SAME_SECOND_SECONDS = 0.4  # a beep further from a picture than this belongs to another second


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """A picture of the recording; without numbers it shows no clip (slate, for instance)."""

    time_seconds: float
    clip_number: int | None
    frame_number: int | None


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch of the recording in which nothing is heard: no sound, or sound without a tone."""

    begins_seconds: float
    ends_seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of a recording: when each beep begins, within 1 ms or so, and where nothing is heard."""

    beeps: list[float]
    silences: list[Silence]


@dataclass(frozen=True, slots=True)
class LipSync:
    """How much later than its picture the beep of a whole second is heard, in milliseconds."""

    clip_number: int
    second: int
    late_ms: float


@dataclass(frozen=True, slots=True)
class Showing:
    """One playing of a clip: when it was seen, and which of its own frames are not as they should be.

    `lost` are frames missing in its middle, `repeated` those shown too often or again; `lost_before` and `lost_after`
    count what is missing at its ends, as when a recording begins late or an item is skipped.
    """

    clip_number: int
    begins_seconds: float
    ends_seconds: float
    lost: tuple[int, ...]
    repeated: tuple[int, ...]
    lost_before: int
    lost_after: int

    @property
    def is_whole(self) -> bool:
        """Every frame was shown as it should be."""
        return not (self.lost or self.repeated or self.lost_before or self.lost_after)


def frames(path: Path, aspects: Iterable[Fraction] = picture_code.ASPECTS) -> list[FrameSeen]:
    """Every picture in the order of presentation. Pictures narrower than 16:9 are looked for between bars."""
    grey, times = _decode_video(path)
    clips, numbers = picture_code.read(grey, aspects)
    return [
        FrameSeen(time, clip, number) if clip >= 0 else FrameSeen(time, None, None)
        for time, clip, number in zip(times.tolist(), clips.tolist(), numbers.tolist(), strict=True)
    ]


def beeps(path: Path) -> list[float]:
    """When each beep begins, in seconds of the recording, within 1 ms or so."""
    return _beeps(*_decode_audio(path))


def hear(path: Path) -> Heard:
    """Beeps, and the silence between and under them."""
    samples, times = _decode_audio(path)
    return Heard(_beeps(samples, times), _silences(samples, times))


def _beeps(samples: Samples, times: Times) -> list[float]:
    power = _power(samples)
    rises = np.diff((power > _LEAST_POWER).astype(np.int8), prepend=0)
    onsets: list[float] = []
    for begin in np.flatnonzero(rises > 0).tolist():
        onset = float(times[_onset(power, begin)])
        if not onsets or onset - onsets[-1] > BEEP_SECONDS:
            onsets.append(onset)
    return onsets


def lip_sync(seen: Iterable[FrameSeen], heard: Sequence[float], specs: Iterable[ClipSpec]) -> list[LipSync]:
    """Compares each picture of a whole second with the beep nearest to it; seconds without a beep are left out."""
    rates = {spec.clip_number: spec.fps for spec in specs}
    found = []
    for clip_number, frame_number, time_seconds in _first_sights(seen):
        second, rest = divmod(frame_number, rates[clip_number])
        beep = min(heard, key=lambda moment: abs(moment - time_seconds), default=math.inf)
        if rest == 0 and abs(beep - time_seconds) < _SAME_SECOND_SECONDS:
            found.append(LipSync(clip_number, second, (beep - time_seconds) * 1000))
    return found


def showings(seen: Iterable[FrameSeen], specs: Iterable[ClipSpec], *, fps: int = 30) -> list[Showing]:
    """The clips in the order they were shown, at `fps` pictures a second; pictures without a code are passed over.

    For a clip of that rate the lists are exact; for others a frame more or less than the rates ask for is let through.
    """
    known = {spec.clip_number: spec for spec in specs}
    return [_showing(known[part.clip_number], part, fps) for part in _parts(seen, known)]


# Content


@dataclass(slots=True)
class _Part:
    """Consecutive sights of one clip."""

    clip_number: int
    times: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def _numbered(seen: Iterable[FrameSeen]) -> Iterator[tuple[int, int, float]]:
    for frame in seen:
        if frame.clip_number is not None and frame.frame_number is not None:
            yield frame.clip_number, frame.frame_number, frame.time_seconds


def _first_sights(seen: Iterable[FrameSeen]) -> Iterator[tuple[int, int, float]]:
    """Leaves out pictures that show the same frame as the one before, as conversion to a higher rate makes them."""
    last = None
    for clip_number, frame_number, time_seconds in _numbered(seen):
        if (clip_number, frame_number) != last:
            yield clip_number, frame_number, time_seconds
        last = clip_number, frame_number


def _parts(seen: Iterable[FrameSeen], specs: dict[int, ClipSpec]) -> Iterator[_Part]:
    """Cuts where the clip changes, and where the same clip begins anew (a step back over half of it)."""
    part: _Part | None = None
    for clip_number, frame_number, time_seconds in _numbered(seen):
        is_anew = part and frame_number < part.numbers[-1] - specs[clip_number].frames // 2
        if part is None or clip_number != part.clip_number or is_anew:
            if part:
                yield part
            part = _Part(clip_number)
        part.times.append(time_seconds)
        part.numbers.append(frame_number)
    if part:
        yield part


def _showing(spec: ClipSpec, part: _Part, fps: int) -> Showing:
    widest_step = 1 if spec.fps == fps else math.ceil(spec.fps / fps) + 1
    most_sights = 1 if spec.fps == fps else math.ceil(fps / spec.fps) + 1
    steps = list(pairwise(part.numbers))
    lost = (range(earlier + 1, later) for earlier, later in steps if later - earlier > widest_step)
    again = {later for earlier, later in steps if later < earlier}
    again |= {number for number, sights in Counter(part.numbers).items() if sights > most_sights}
    before, after = part.numbers[0], spec.frames - 1 - part.numbers[-1]
    return Showing(
        spec.clip_number,
        begins_seconds=part.times[0],
        ends_seconds=part.times[-1],
        lost=tuple(number for numbers in lost for number in numbers),
        repeated=tuple(sorted(again)),
        lost_before=before if before >= widest_step else 0,
        lost_after=after if after >= widest_step else 0,
    )


# Sound


def _power(samples: Samples) -> Times:
    """The mean power over one period of the beep around each sample."""
    sums = np.cumsum(np.pad(samples.astype(np.float64) ** 2, (_PERIOD // 2 + 1, _PERIOD // 2)))
    power: Times = (sums[_PERIOD:] - sums[:-_PERIOD]) / _PERIOD
    return power


def _silences(samples: Samples, times: Times) -> list[Silence]:
    """Where no window is louder than noise, and where time goes on without samples."""
    windows = len(samples) // _WINDOW
    if not windows:
        return []
    levels = np.sqrt((samples[: windows * _WINDOW].astype(np.float64).reshape(windows, _WINDOW) ** 2).mean(axis=1))
    begins = times[: windows * _WINDOW : _WINDOW]
    is_loud = levels > _LEAST_LEVEL
    loud_from, loud_to = begins[is_loud], begins[is_loud] + _WINDOW / SAMPLE_RATE
    edges = [(float(times[0]), float(loud_from[0]))] if len(loud_from) else [(float(times[0]), float(times[-1]))]
    edges += list(zip(loud_to[:-1].tolist(), loud_from[1:].tolist(), strict=True))
    edges += [(float(loud_to[-1]), float(times[-1]))] if len(loud_from) else []
    return [Silence(begin, end) for begin, end in edges if end - begin > _WINDOW / SAMPLE_RATE / 2]


def _onset(power: Times, begin: int) -> int:
    """Where the power is half of the beep's own: with a window around each sample, that is where the beep begins."""
    plateau = power[begin + 10 * _PERIOD : begin + 40 * _PERIOD]
    half = float(np.median(plateau)) / 2 if len(plateau) else 0.0
    return begin + int(np.argmax(power[begin : begin + 40 * _PERIOD] >= half))


# Decoding


def _decode_video(path: Path) -> tuple[Picture, Times]:
    """Small grey pictures (count by height by width) and their times in seconds."""
    picture = ["-vf", f"scale={WIDTH}:{HEIGHT}:flags=area,format=gray", "-fps_mode", "passthrough"]
    data, stats = _decode(path, ["-map", "0:v", *picture, "-f", "rawvideo"], "{pts} {tb}")
    return np.frombuffer(data, np.uint8).reshape(-1, HEIGHT, WIDTH), _moments(stats)


def _decode_audio(path: Path) -> tuple[Samples, Times]:
    """Mono samples and the time of each in seconds; a hole in the recording is a step in the times."""
    sound = ["-map", "0:a", "-ac", "1", "-ar", str(SAMPLE_RATE)]
    data, stats = _decode(path, [*sound, "-f", "f32le"], "{pts} {tb} {samp}")
    counts = np.array([int(line[2]) for line in stats], np.int64)
    firsts = np.cumsum(counts) - counts
    times = np.repeat(_moments(stats) - firsts / SAMPLE_RATE, counts) + np.arange(counts.sum()) / SAMPLE_RATE
    return np.frombuffer(data, np.float32), times


def _moments(stats: list[list[str]]) -> Times:
    return np.array([float(int(line[0]) * Fraction(line[1])) for line in stats])


def _decode(path: Path, output: list[str], stats_format: str) -> tuple[bytes, list[list[str]]]:
    """The decoded data and a line of words on each frame. Raises CalledProcessError when FFmpeg fails."""
    with tempfile.TemporaryDirectory() as folder:
        stats = Path(folder) / "stats"
        telling = ["-enc_time_base", "demux", "-stats_enc_pre", str(stats), "-stats_enc_pre_fmt", stats_format]
        start = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-copyts", "-i", str(path)]
        finished = subprocess.run(
            [*start, *output, *telling, "pipe:1"], capture_output=True, check=True, timeout=DECODING_LIMIT_SECONDS
        )
        return finished.stdout, [line.split() for line in stats.read_text().splitlines()]
