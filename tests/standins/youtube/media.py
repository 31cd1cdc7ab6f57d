"""The files behind the media URLs, made of one clip as YouTube stores it: split H.264 and AAC, muxed, VP9, Opus."""

import hashlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

MUXED = 18
AAC = 140
VP9 = 247
OPUS = 251
_AAC_LC = "mp4a.40.2"
_FRAGMENTED = ["-movflags", "+dash+global_sidx+frag_keyframe+delay_moov+skip_trailer", "-f", "mp4"]
_H264_360P = ["-vf", "scale=-2:'min(360,ih)'", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30"]
_VP9_FAST = ["-vf", "scale=320:-2", "-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime"]
_ENCODED: dict[int, list[str]] = {
    MUXED: [*_H264_360P, "-c:a", "aac", "-movflags", "+faststart", "-f", "mp4"],
    VP9: ["-an", "-t", "2", *_VP9_FAST, "-f", "webm"],
    OPUS: ["-vn", "-t", "2", "-c:a", "libopus", "-f", "webm"],
}


@dataclass(frozen=True, slots=True)
class Format:
    """One itag of a clip, as a player answer describes it; audio only has no height, muxed has both."""

    itag: int
    mime: str
    codecs: str
    length_bytes: int | None
    width: int = 0
    height: int = 0
    fps: int = 0
    sample_rate_hz: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True)
class ClipFiles:
    """A clip, its itags, and where the files are kept."""

    clip: Path
    folder: Path
    duration_seconds: float
    formats: tuple[Format, ...]

    def path(self, itag: int) -> Path:
        """Where the file of this itag is, or will be once asked for."""
        return (self.folder.parent if itag in (VP9, OPUS) else self.folder) / str(itag)

    def read(self, itag: int) -> bytes:
        """The bytes of this itag. What nobody should choose is encoded only when somebody does."""
        if itag in _ENCODED:
            _run(self.clip, _ENCODED[itag], self.path(itag))
        return self.path(itag).read_bytes()


def make_files(clip: Path, cache: Path) -> ClipFiles:
    """Splits a clip (MP4 with H.264 and, unless silent, AAC) into fragmented files with an index, without encoding."""
    folder = cache / hashlib.sha256(clip.read_bytes()).hexdigest()[:16]
    shape = _probe(clip)
    itag = _video_itag(shape)
    _run(clip, ["-map", "0:v", "-c", "copy", *_FRAGMENTED], folder / str(itag))
    if shape.channels:
        pieces = [*_FRAGMENTED, "-frag_duration", "2000000"]
        _run(clip, ["-map", "0:a:0", "-c", "copy", *pieces], folder / str(AAC))
    return ClipFiles(clip, folder, shape.duration_seconds, tuple(_formats(shape, itag, folder)))


@dataclass(frozen=True, slots=True)
class _Shape:
    duration_seconds: float
    width: int
    height: int
    fps: int
    sample_rate_hz: int
    channels: int


def _video_itag(shape: _Shape) -> int:
    """The rung of YouTube's H.264 ladder a clip stands on."""
    if shape.height <= 360:
        return 134
    if shape.height <= 480:
        return 135
    if shape.height <= 720:
        return 298 if shape.fps > 30 else 136
    return 299 if shape.fps > 30 else 137


def _formats(shape: _Shape, itag: int, folder: Path) -> list[Format]:
    """What is offered of a clip; without sound there is no muxed format either."""
    path = folder / str(itag)
    size = (shape.width, shape.height, shape.fps)
    h264 = _h264_codec(path.read_bytes())
    formats = [
        Format(itag, "video/mp4", h264, path.stat().st_size, *size),
        Format(VP9, "video/webm", "vp9", None, *size),
    ]
    if shape.channels:
        sound = (shape.sample_rate_hz, shape.channels)
        small = (round(shape.width * 180 / shape.height) * 2, 360, shape.fps) if shape.height > 360 else size
        length = (folder / str(AAC)).stat().st_size
        formats += [
            Format(MUXED, "video/mp4", f"avc1.42001E, {_AAC_LC}", None, *small, *sound),
            Format(AAC, "audio/mp4", _AAC_LC, length, 0, 0, 0, *sound),
            Format(OPUS, "audio/webm", "opus", None, 0, 0, 0, 48000, shape.channels),
        ]
    return formats


def _h264_codec(mp4: bytes) -> str:
    """The RFC 6381 name: profile, constraints and level from the avcC box."""
    at = mp4.index(b"avcC") + 5
    return f"avc1.{mp4[at : at + 3].hex()}"


def _probe(clip: Path) -> _Shape:
    text = _described(clip)
    hours, minutes, seconds = _search(r"Duration: (\d+):(\d+):([\d.]+)", text)
    width, height = _search(r"Video: .*? (\d{2,5})x(\d{2,5})", text)
    (fps,) = _search(r"([\d.]+) fps", text)
    audio = re.search(r"Audio: .*? (\d+) Hz, (mono)?", text)
    duration_seconds = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    sound = (int(audio[1]), 1 if audio[2] else 2) if audio else (0, 0)
    return _Shape(duration_seconds, int(width), int(height), round(float(fps)), *sound)


def _described(clip: Path) -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(clip)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stderr


def _search(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, text)
    if not found:
        raise ValueError(f"FFmpeg says nothing like {pattern!r} of the clip: {text}")
    return found.groups()


def _run(clip: Path, arguments: Sequence[str], path: Path) -> None:
    """Writes beside the target and renames, so that a half-written file is never served."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(clip), *arguments, str(unfinished)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=60)
    unfinished.replace(path)
