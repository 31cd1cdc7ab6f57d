"""Reads an item's streams from FFmpeg's description of its input (the wheel has no ffprobe)."""

import asyncio
import re
import signal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from streaming.ffmpeg.inputs import guarded_input, why_refused
from streaming.ffmpeg.messages import Probe
from streaming.ffmpeg.stderr import Complaint, classify
from streaming.model.errors import ItemUnplayable, NonstopError, TransientError
from streaming.model.items import MediaInfo
from streaming.process.subprocesses import Child

_LINES = 2_000  # bounds the memory for files with countless streams and tags

_INPUT = re.compile(r"^Input #0, (\S+), from ")
_STREAM = re.compile(
    r"^ +Stream #0:(?P<index>\d+).*?: (?P<kind>Video|Audio): "
    r"(?P<codec>(?!none)\w+)(?: \((?P<profile>[^()/]+)\))?(?P<rest>.*)"
)
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)")
_EDIT = re.compile(r"Processing st: (?P<index>\d+), edit list \d+ - media time: (?P<time>-?\d+), duration")
_ASIDE = re.compile(r" ?(\([^()]*\)|\[[^]]*\])")
_LEVEL = re.compile(r"^(?P<who>\[[^]]* @ \w+\] )?\[(?P<level>\w+)\] ")
_SIZE = re.compile(r"(\d+)x(\d+)")
_RATE = re.compile(r"(\d+) Hz")
_FPS = re.compile(r"([\d.]+)(k?) fps")
_KBPS = re.compile(r"(\d+) kb/s")
_START = re.compile(r"start (-?[\d.]+)")
_TIME_BASE = re.compile(r", 1/(\d+): (?:Video|Audio): ")
_PIXEL_ASPECT = re.compile(r"SAR (\d+):(\d+)")
"""The codec's stands in brackets; the container's follows where it differs."""
_REFERENCES = re.compile(r"\d+ reference frames?")
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4, "hexagonal": 6, "octagonal": 8}
_INTERLACED = ("top first", "bottom first", "top coded first", "bottom coded first")
_HDR = ("smpte2084", "arib-std-b67")
_STILL_CODECS = frozenset({"mjpeg", "png", "bmp", "gif", "webp", "tiff", "jpegls", "jpeg2000", "ppm"})
_REORDERING_SECONDS = 0.3
"""An edit list that begins no later than this only compensates for an encoder's delay.

At five frames a second two reordered frames are 0.4 s, and FFmpeg needs so much of a copy before it sends the first of
it that viewers would wait for two seconds.
"""
_LONGEST_GAP_SECONDS = 24 * 3600.0

_UNPLAYABLE = {
    Complaint.INPUT_REFUSED: Probe.REFUSED(),
    Complaint.INPUT_MISSING: Probe.MISSING(),
    Complaint.INPUT_BROKEN: Probe.DAMAGED(),
}


async def probe(ffmpeg: str, url: str, *, timeout_seconds: float, memory_mb: int = 0) -> MediaInfo:
    """Opens a URL or file as a feeder would, and describes its streams.

    Raises ItemUnplayable when it holds nothing to play, TransientError when it cannot be read now.
    """
    lines = await _describe(ffmpeg, url, timeout_seconds, memory_mb)
    if not any(_INPUT.match(line) for line in lines):
        raise _why_not_open(lines)
    found = read(lines)
    if not found.video_codec and not found.audio_codec:
        if refusal := why_refused(lines):
            raise ItemUnplayable(refusal)
        raise ItemUnplayable(Probe.EMPTY())
    return found


async def _describe(ffmpeg: str, url: str, timeout_seconds: float, memory_mb: int) -> list[str]:
    lines: list[str] = []

    def keep(line: str) -> None:
        level = _LEVEL.match(line)
        is_chatter = level is not None and level["level"] in ("debug", "verbose") and not _EDIT.search(line)
        if len(lines) < _LINES and not is_chatter:
            lines.append(_LEVEL.sub(lambda found: found["who"] or "", line))

    # FFmpeg prints edit lists at level debug only.
    command = [ffmpeg, "-hide_banner", "-nostdin", "-v", "level+debug", *guarded_input(url)]
    child = await Child.start(command, stdout=False, on_error_line=keep, memory_mb=memory_mb)
    try:
        async with asyncio.timeout(timeout_seconds):
            await child.wait()
    except TimeoutError:
        raise TransientError(Probe.TIMEOUT(seconds=timeout_seconds)) from None
    finally:
        await child.stop(first=signal.SIGKILL)  # a blocking read ignores SIGTERM
    return lines


def _why_not_open(lines: Sequence[str]) -> NonstopError:
    if not lines:
        return TransientError(Probe.NO_MESSAGE())
    if refusal := why_refused(lines):
        return ItemUnplayable(refusal)
    complaint = next(filter(None, map(classify, lines)), None)
    if complaint is None:
        return ItemUnplayable(Probe.NOT_OPENED(reason=lines[-1].rpartition(": ")[2]))
    if complaint in _UNPLAYABLE:
        return ItemUnplayable(_UNPLAYABLE[complaint])
    return TransientError(Probe.SERVER())


@dataclass(slots=True)
class _Track:
    """One stream, as FFmpeg describes it."""

    index: int
    codec: str
    profile: str
    rest: str
    time_base: int = 0
    is_default: bool = False
    is_cover: bool = False
    is_rotated: bool = False
    edits: list[int] = field(default_factory=list)
    """Start of each edit in the media, in units of the time base."""

    @property
    def values(self) -> list[str]:
        """The comma-separated values after the codec, without remarks in brackets."""
        values = _ASIDE.sub("", self.rest).removeprefix(", ").split(", ")
        return [value for value in values if not _REFERENCES.fullmatch(value)]

    def first(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first value that a pattern matches as a whole."""
        return next(filter(None, map(pattern.fullmatch, self.values)), None)

    def number(self, pattern: re.Pattern[str]) -> float:
        """The number in the first value that matches; 0 without one."""
        found = self.first(pattern)
        return float(found[1]) if found else 0.0

    @property
    def is_trimmed(self) -> bool:
        """Whether the edits hide more than an encoder's delay."""
        shown = [time for time in self.edits if time >= 0]
        return len(shown) > 1 or any(time > _REORDERING_SECONDS * self.time_base for time in shown if self.time_base)

    @property
    def fps(self) -> float:
        """Frames a second; 0 where the container does not say."""
        found = self.first(_FPS)
        return float(found[1]) * (1000 if found[2] else 1) if found else 0.0


def read(lines: Sequence[str]) -> MediaInfo:
    """Parses FFmpeg's lines about an input. Raises ItemUnplayable for texts and stills, which FFmpeg accepts."""
    kind = next((match[1] for line in lines if (match := _INPUT.match(line))), "")
    if kind == "tty":  # FFmpeg renders any text file as a terminal
        raise ItemUnplayable(Probe.TEXT())
    if kind == "image2" or kind.endswith("_pipe"):
        raise ItemUnplayable(Probe.STILL())
    pictures, sounds = _tracks(lines)
    found = MediaInfo(container=kind, duration_seconds=_duration_seconds(lines))
    picture, cover = _chosen_picture(pictures), _cover(pictures)
    if picture:
        found = _with_video(found, picture)
    elif cover:
        found = replace(found, cover_stream=cover.index)
    chosen = _chosen_sounds(sounds)
    if chosen:
        found = _with_audio(found, chosen)
    if picture and chosen:
        gap_seconds = chosen[0].number(_START) - picture.number(_START)
        found = replace(found, start_gap_seconds=max(-_LONGEST_GAP_SECONDS, min(gap_seconds, _LONGEST_GAP_SECONDS)))
    return found


def _duration_seconds(lines: Iterable[str]) -> float | None:
    found = next(filter(None, map(_DURATION.match, lines)), None)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None


def _tracks(lines: Iterable[str]) -> tuple[list[_Track], list[_Track]]:
    """The picture and sound streams. Those that FFmpeg cannot describe it cannot decode, so they are left out."""
    pictures: dict[int, _Track] = {}
    sounds: dict[int, _Track] = {}
    edits: dict[int, list[int]] = {}
    latest: _Track | None = None
    for line in lines:
        if edit := _EDIT.search(line):
            edits.setdefault(int(edit["index"]), []).append(int(edit["time"]))
        elif stream := _STREAM.match(line):
            latest = _track(line, stream)
            (pictures if stream["kind"] == "Video" else sounds)[latest.index] = latest
        elif latest and ("Display Matrix" in line or "displaymatrix" in line):
            latest.is_rotated = True
        elif "Stream #0:" in line:
            latest = None
    for index, times in edits.items():
        for track in filter(None, (pictures.get(index), sounds.get(index))):
            track.edits = times
    return (
        [track for track in pictures.values() if track.first(_SIZE)],
        [track for track in sounds.values() if track.number(_RATE) and _channels_of(track)],
    )


def _track(line: str, stream: re.Match[str]) -> _Track:
    base = _TIME_BASE.search(line)
    return _Track(
        int(stream["index"]),
        stream["codec"],
        stream["profile"] or "",
        stream["rest"],
        time_base=int(base[1]) if base else 0,
        is_default="(default)" in line,
        is_cover="(attached pic)" in line or "(still image)" in line or "(timed thumbnails)" in line,
    )


def _chosen_picture(tracks: Sequence[_Track]) -> _Track | None:
    """The picture stream: moving before still, default before others, first before the rest."""
    moving = [track for track in tracks if not track.is_cover]
    if any(track.codec not in _STILL_CODECS for track in moving):
        moving = [track for track in moving if track.codec not in _STILL_CODECS]
    return max(moving, key=lambda track: (track.is_default, -track.index), default=None)


def _cover(tracks: Sequence[_Track]) -> _Track | None:
    return next((track for track in tracks if track.is_cover), None)


def _chosen_sounds(tracks: Sequence[_Track]) -> list[_Track]:
    """The sound streams: the default, else the first; exactly two mono streams are left and right."""
    defaults = [track for track in tracks if track.is_default]
    is_pair = len(tracks) == 2 and all(_channels_of(track) == 1 for track in tracks) and len(defaults) != 1
    return list(tracks) if is_pair else (defaults or list(tracks))[:1]


def _with_video(found: MediaInfo, track: _Track) -> MediaInfo:
    """Adds a picture: `…, yuv420p(tv, bt709, progressive), 640x360 [SAR 1:1 DAR 16:9], 203 kb/s, 25 fps, …`."""
    size = track.first(_SIZE)
    assert size
    remarks = next(iter(re.findall(r"\w+\(([^()]*)\)", track.rest[track.rest.find(", ") :])), "")
    aspects = _PIXEL_ASPECT.findall(track.rest)
    return replace(
        found,
        video_codec=track.codec,
        width=int(size[1]),
        height=int(size[2]),
        fps=track.fps,
        pixel_format=track.values[0],
        video_kbps=track.number(_KBPS),
        is_rotated=track.is_rotated,
        is_interlaced=any(word in remarks for word in _INTERLACED),
        has_square_pixels=all(width == height or "0" in (width, height) for width, height in aspects),
        is_hdr=any(word in remarks for word in _HDR),
        is_trimmed=track.is_trimmed,
        video_stream=track.index,
    )


def _with_audio(found: MediaInfo, tracks: Sequence[_Track]) -> MediaInfo:
    """Adds a sound: `…, 44100 Hz, stereo, fltp, 128 kb/s`."""
    first = tracks[0]
    return replace(
        found,
        audio_codec=first.codec,
        audio_profile=first.profile,
        sample_rate=int(first.number(_RATE)),
        channels=sum(map(_channels_of, tracks)),
        audio_streams=tuple(track.index for track in tracks),
    )


def _channels_of(track: _Track) -> int:
    after_rate = _after_rate(track.values)
    return _channels(next(after_rate, ""))


def _after_rate(values: Sequence[str]) -> Iterator[str]:
    at = next((i for i, value in enumerate(values) if _RATE.fullmatch(value)), len(values))
    return iter(values[at + 1 :])


def _channels(layout: str) -> int:
    """The number of channels in FFmpeg's layout: `stereo`, `5.1`, `7.1.4`, `3 channels`; 0 if unknown."""
    numbers = re.findall(r"\d+", layout)
    return _LAYOUTS.get(layout, min(64, sum(map(int, numbers))))
