"""What is inside an item, read from what FFmpeg prints about an input (there is no ffprobe in the wheel)."""

import asyncio
import re
import signal
from collections.abc import Sequence
from dataclasses import replace

from streaming.children import Child
from streaming.errors import ItemUnplayable, NonstopError, TransientError
from streaming.ffmpeg.complaints import Complaint, classify
from streaming.ffmpeg.inputs import guarded_input, why_refused
from streaming.media import Shape

_LINES = 2_000  # a file can bring any number of streams and tags; nothing of interest comes so late

_INPUT = re.compile(r"^Input #0, (\S+), from ")
_STREAM = re.compile(
    r"^  Stream #0:\d+.*?: (?P<kind>Video|Audio): (?P<codec>(?!none)\w+)(?: \((?P<profile>[^()/]+)\))?(?P<rest>.*)"
)
_ASIDE = re.compile(r" ?(\([^()]*\)|\[[^]]*\])")
_SIZE = re.compile(r"(\d+)x(\d+)")
_RATE = re.compile(r"(\d+) Hz")
_FPS = re.compile(r"([\d.]+)(k?) fps")
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4, "hexagonal": 6, "octagonal": 8}

_UNPLAYABLE = {
    Complaint.INPUT_REFUSED: "access to it is refused",
    Complaint.INPUT_MISSING: "it is not there any more",
    Complaint.INPUT_BROKEN: "it is not a media file, or it is damaged",
}


async def probe(ffmpeg: str, url: str, *, timeout_seconds: float, memory_mb: int = 0) -> Shape:
    """Opens a URL or file as a feeder would, and says what its first picture and its first sound are like.

    Raises ItemUnplayable when there is nothing in it to play, TransientError when it cannot be read just now.
    """
    lines = await _said_of(ffmpeg, url, timeout_seconds, memory_mb)
    if not any(_INPUT.match(line) for line in lines):
        raise _why_not_open(lines)
    found = read(lines)
    if not found.video_codec and not found.audio_codec:
        if refusal := why_refused(lines):
            raise ItemUnplayable(refusal)
        raise ItemUnplayable("it has neither picture nor sound")
    return found


async def _said_of(ffmpeg: str, url: str, timeout_seconds: float, memory_mb: int) -> list[str]:
    lines: list[str] = []

    def keep(line: str) -> None:
        if len(lines) < _LINES:
            lines.append(line)

    command = [ffmpeg, "-hide_banner", "-nostdin", *guarded_input(url)]
    child = await Child.start(command, stdout=False, on_error_line=keep, memory_mb=memory_mb)
    try:
        async with asyncio.timeout(timeout_seconds):
            await child.wait()
    except TimeoutError:
        raise TransientError(f"it did not answer within {timeout_seconds:g} s") from None
    finally:
        await child.stop(first=signal.SIGKILL)  # it has nothing to put away, and may sit in a read that ignores TERM
    return lines


def _why_not_open(lines: Sequence[str]) -> NonstopError:
    if not lines:
        return TransientError("FFmpeg ended without a word")
    if refusal := why_refused(lines):
        return ItemUnplayable(refusal)
    complaint = next(filter(None, map(classify, lines)), None)
    if complaint is None:
        return ItemUnplayable(f"it cannot be opened ({lines[-1].rpartition(': ')[2]})")
    if complaint in _UNPLAYABLE:
        return ItemUnplayable(_UNPLAYABLE[complaint])
    return TransientError("its server does not answer as it should")


def read(lines: Sequence[str]) -> Shape:
    """What FFmpeg's lines about an input say. Raises ItemUnplayable for what FFmpeg takes and people do not mean."""
    kind = next((match[1] for line in lines if (match := _INPUT.match(line))), "")
    if kind == "tty":  # FFmpeg shows any text file, as a terminal would
        raise ItemUnplayable("it is a text, not a media file")
    if kind == "image2" or kind.endswith("_pipe"):
        raise ItemUnplayable("it is a still picture")
    found = Shape()
    for line in lines:
        stream = _STREAM.match(line)
        if stream and stream["kind"] == "Video" and not found.video_codec and "(attached pic)" not in line:
            found = _with_video(found, stream)
        elif stream and stream["kind"] == "Audio" and not found.audio_codec:
            found = _with_audio(found, stream)
    return found


def _with_video(found: Shape, stream: re.Match[str]) -> Shape:
    """Adds a picture, unless its size is unknown: `…, yuv420p(tv, bt709), 640x360 [SAR 1:1], 203 kb/s, 25 fps, …`."""
    values = _values(stream)
    size = next(filter(None, map(_SIZE.fullmatch, values)), None)
    if not size:
        return found
    fps = next(filter(None, map(_FPS.fullmatch, values)), None)
    return replace(
        found,
        video_codec=stream["codec"],
        width=int(size[1]),
        height=int(size[2]),
        fps=float(fps[1]) * (1000 if fps[2] else 1) if fps else 0.0,
        pixel_format=values[0],
    )


def _with_audio(found: Shape, stream: re.Match[str]) -> Shape:
    """Adds a sound, unless its rate or channels are unknown: `…, 44100 Hz, stereo, fltp, 128 kb/s`."""
    values = _values(stream)
    rate = next(filter(None, map(_RATE.fullmatch, values)), None)
    channels = _channels(values[1]) if len(values) > 1 else 0
    if not rate or not channels:
        return found
    return replace(
        found,
        audio_codec=stream["codec"],
        audio_profile=stream["profile"] or "",
        sample_rate=int(rate[1]),
        channels=channels,
    )


def _values(stream: re.Match[str]) -> list[str]:
    """What stands between the commas after the codec, without remarks in brackets."""
    return _ASIDE.sub("", stream["rest"]).removeprefix(", ").split(", ")


def _channels(layout: str) -> int:
    """Counts the channels of a layout as FFmpeg writes it: `stereo`, `5.1`, `7.1.4`, `3 channels`; 0 if unknown."""
    numbers = re.findall(r"\d+", layout)
    return _LAYOUTS.get(layout, sum(map(int, numbers)))
