"""The slate, which is on air while nothing else is ready. It is rendered once, kept in memory, and looped.

It has the parameters of encoded items, so in encode mode it needs no new slot. It costs no process and no time when it
is needed.
"""

import asyncio
import importlib.util
import itertools
import logging
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from streaming.bitstream.matroska import Cluster, Header
from streaming.ffmpeg.encoding import encode_audio, encode_video, matroska_output
from streaming.ffmpeg.feeder import Feeder
from streaming.model.errors import ConfigurationError
from streaming.model.profiles import Profile
from streaming.model.text import clean
from streaming.timeline.messages import Slates

_log = logging.getLogger(__name__)

_LENGTH_SECONDS = 4
_LONGEST_LINE = 60
_RENDER_LIMIT_SECONDS = 20.0
_NICENESS = 10
"""Feeders go first: drawing the slate must not be why an item is late."""


@dataclass(frozen=True, slots=True)
class Slate:
    """A few seconds of picture and silence that can be placed again and again."""

    header: Header
    clusters: tuple[Cluster, ...]

    async def loop(self) -> AsyncIterator[Cluster]:
        """Yields its clusters in an endless loop, with times that go on."""
        for turn in itertools.count():
            for cluster in self.clusters:
                yield cluster.later_by(turn * self.length_ms)

    @property
    def length_ms(self) -> float:
        """How long one loop lasts."""
        return _LENGTH_SECONDS * 1000


async def render(ffmpeg: str, profile: Profile, title: str, up_next: str = "") -> Slate:
    """Draws the slate of a stream; without a title, a slate without text.

    Raises ConfigurationError when FFmpeg cannot.
    """
    complaints: list[str] = []
    with tempfile.TemporaryDirectory(prefix="nonstop-slate-") as folder:
        picture = await asyncio.to_thread(_picture, profile, Path(folder), title, up_next)
        feeder = await Feeder.start(_command(ffmpeg, profile, picture), complaints.append, niceness=_NICENESS)
        try:
            header = await feeder.ready(timeout_seconds=_RENDER_LIMIT_SECONDS)
            clusters = tuple([cluster async for cluster in feeder.clusters()])
        finally:
            await feeder.stop()
    if header is None:
        raise ConfigurationError(Slates.FAILED(complaint=complaints[-1]) if complaints else Slates.NO_OUTPUT())
    return Slate(header, clusters)


def font_path() -> Path:
    """The typeface on all pictures: DejaVu Sans, which matplotlib ships."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec and spec.submodule_search_locations, "matplotlib is one of our requirements"
    return Path(spec.submodule_search_locations[0], "mpl-data", "fonts", "ttf", "DejaVuSans.ttf")


def _picture(profile: Profile, folder: Path, title: str, up_next: str) -> str:
    """The filter graph of the picture. Texts are read from files, where nothing has to be escaped."""
    unit = profile.height // 18
    parts = [f"color=c=0x16181d:s={profile.width}x{profile.height}:r={profile.fps}"]
    if title:
        parts += [
            f"drawbox=x=(iw-{4 * unit})/2:y=ih/2+{unit}:w={4 * unit}:h={max(2, unit // 12)}:color=0xe8b04b:t=fill",
            _text(folder / "title.txt", title, size=unit * 1.4, y=f"h/2-{1.6 * unit:.0f}"),
            _text(folder / "word.txt", "back shortly", size=unit * 0.8, y=f"h/2+{2 * unit}"),
        ]
    if title and up_next:
        parts.append(_text(folder / "next.txt", f"up next: {up_next}", size=unit * 0.6, y=f"h-{2 * unit}"))
    return ",".join(parts)


def _text(path: Path, text: str, *, size: float, y: str) -> str:
    text = clean(text)
    path.write_text(text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…")
    place = f"x=(w-text_w)/2:y={y}:fontsize={size:.0f}:fontcolor=0xf2efe9"
    return f"drawtext=fontfile={font_path()}:{place}:textfile={path}:expansion=none"


def _command(ffmpeg: str, profile: Profile, picture: str) -> list[str]:
    return [
        *(ffmpeg, "-nostdin", "-hide_banner", "-v", "error", "-f", "lavfi", "-i", picture),
        *("-f", "lavfi", "-i", f"anullsrc=r={profile.audio_rate}:cl=stereo", "-t", str(_LENGTH_SECONDS)),
        *("-map", "0:v", "-map", "1:a", *encode_video(profile), *encode_audio(profile), *matroska_output()),
    ]
