"""The demo's clips, drawn by FFmpeg when they are first needed."""

import asyncio
import hashlib
import re
import signal
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

from streaming.ffmpeg.progress import parse
from streaming.model.errors import ItemUnplayable
from streaming.playlists.messages import Demo
from streaming.process.subprocesses import Child, lines

WIDTH, HEIGHT, FPS, SAMPLE_RATE = 1280, 720, 30, 44_100
CLIP_SECONDS = 44
"""Longer than the 20 s that its URLs live."""

_LEFT, _RIGHT = 82, 1198
_RENDER_LIMIT_SECONDS = 180.0
_PATIENT = ("nice", "-n", "10")  # for clips drawn ahead

OnProgress = Callable[[str, float], None]
"""Called with the title of the clip and the completed share from 0 to 1."""


@dataclass(frozen=True, slots=True)
class DemoClip:
    """One clip: its layers from back to front, and its chord."""

    number: int
    title: str
    layers: tuple[str, ...]
    chord_hz: tuple[float, ...]


def _text(text: str, size: int, x: str, y: str, colour: str = "white", *, bold: bool = False, more: str = "") -> str:
    font = _escaped(_fonts() / f"DejaVuSans{'-Bold' if bold else ''}.ttf")
    return f"drawtext=fontfile={font}:text='{text}':fontsize={size}:fontcolor={colour}:x={x}:y={y}{more}"


def _disc(size: int, x: str, y: str, colour: str) -> str:
    """A disc around its centre: a glyph is the one round shape that FFmpeg draws fast and moves smoothly."""
    return _text("●", size, f"{x}-tw/2", f"{y}-th/2", colour)


def _gradient(kind: str, colours: str, line: str, *, shrink: int = 1, more: str = "") -> str:
    named = ":".join(f"c{number}={colour}" for number, colour in enumerate(colours.split()))
    size = f"s={WIDTH // shrink}x{HEIGHT // shrink}:r={FPS}"
    return f"gradients={size}:type={kind}:n={len(colours.split())}:{named}:{line}:seed=1{more},format=yuv420p"


def _still(kind: str, colours: str, line: str) -> str:
    """A gradient that is drawn once."""
    return _gradient(kind, colours, line) + ",loop=-1:1"


def _turning(kind: str, colours: str, line: str) -> str:
    """A turning gradient, scaled up from a small one because every frame is drawn."""
    small = _gradient(kind, colours, line, shrink=8, more=":speed=0.004")
    return f"{small},scale={WIDTH}:{HEIGHT}:flags=bicubic"


def _bubbles() -> Iterator[str]:
    for n in range(9):
        x = f"{(331 * n + 120) % 1240}+{12 + 3 * n}*sin(t/{1.5 + n % 3}+{n})"
        y = f"{HEIGHT + 80}-mod({97 * n}+{16 + 7 * (n % 4)}*t\\,{HEIGHT + 160})"
        yield _disc(40 + 22 * (n * 5 % 7), x, y, f"white@{0.14 + 0.04 * (n % 4):.2f}")


def _stars() -> Iterator[str]:
    for n in range(8):
        x, y = f"{(137 * n + 60) % 1240}+{2 + n % 3}*t", f"{(89 * n + 30) % 400}"
        twinkle = f":alpha='0.55+0.45*sin(t*{1 + n % 3}/2+{n})'"
        yield _text("✦", 16 + 6 * (n % 3), x, y, more=twinkle)


def clips() -> tuple[DemoClip, ...]:
    sun = ("760+2*t", "330-3*t")
    return (
        DemoClip(
            1,
            "First Light",
            (
                _still("linear", "0x25274d 0x8d4e85 0xf4845f 0xfcd29f", "x0=0:y0=0:x1=0:y1=719"),
                _disc(380, *sun, "0xffe8a3@0.25"),
                _disc(290, *sun, "0xfff3c4@0.9"),
            ),
            (220.0, 277.18, 329.63),
        ),
        DemoClip(
            2,
            "Open Water",
            (_still("linear", "0xa8e6e1 0x118ab2 0x073b4c", "x0=0:y0=0:x1=300:y1=719"), *_bubbles()),
            (196.0, 246.94, 293.66),
        ),
        DemoClip(
            3,
            "Slow Orbit",
            (
                _still("radial", "0x5b3fbf 0x1c0c5b 0x0a0424", "x0=640:y0=250:x1=1280:y1=600"),
                _disc(230, "640", "250", "0xffc857"),
                _disc(60, "640+210*cos(t/2)", "250+80*sin(t/2)", "0xe9724c"),
                _disc(90, "640+360*cos(t/3+2)", "250+130*sin(t/3+2)", "0x5bc0eb"),
                _disc(46, "640+500*cos(t/5+4)", "250+180*sin(t/5+4)", "0xc5d86d"),
            ),
            (174.61, 220.0, 261.63),
        ),
        DemoClip(
            4,
            "Northern Night",
            (
                _turning("spiral", "0x03071e 0x0b525b 0x57cc99 0x4b3b8f 0x03071e", "x0=80:y0=130:x1=80:y1=20"),
                *_stars(),
            ),
            (146.83, 220.0, 293.66),
        ),
    )


def file_name(clip: DemoClip, seconds: int) -> str:
    """A clip's file name. It depends on the drawing, so that an update draws the clip again."""
    drawing = repr((clip.layers, clip.chord_hz, _arguments(clip, seconds))).replace(str(_fonts()), "")
    return f"{clip.number}-{hashlib.sha256(drawing.encode()).hexdigest()[:8]}.mp4"


async def render(
    ffmpeg: str, clip: DemoClip, path: Path, *, seconds: int, on_progress: OnProgress | None, is_urgent: bool = True
) -> None:
    """Draws a clip. The file appears complete, even if another process draws it at the same time.

    Raises ItemUnplayable on failure.
    """
    unfinished = path.with_name(f".{path.stem}-{token_hex(4)}.mp4")
    said: deque[str] = deque(maxlen=3)
    program = (ffmpeg,) if is_urgent else (*_PATIENT, ffmpeg)
    try:
        child = await Child.start([*program, *_arguments(clip, seconds), str(unfinished)], on_error_line=said.append)
        try:
            async with asyncio.timeout(_RENDER_LIMIT_SECONDS):
                async for report in parse(lines(child.stdout)):
                    if on_progress:
                        on_progress(clip.title, min(1.0, report.out_time_ms / 1000 / seconds))
                code = await child.wait()
        finally:
            await child.stop(first=signal.SIGKILL)
        if code:
            raise ItemUnplayable(Demo.NOT_DRAWN(reason=" ".join(said) or Demo.ENDED(exit_code=code)))
        await asyncio.to_thread(unfinished.replace, path)
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or Demo.TOO_SLOW()
        raise ItemUnplayable(Demo.NOT_DRAWN(reason=reason)) from error
    finally:
        await asyncio.to_thread(unfinished.unlink, missing_ok=True)


def _arguments(clip: DemoClip, seconds: int) -> list[str]:
    # fmt: off
    return [
        "-v", "error", "-nostdin", "-y", "-progress", "pipe:1", "-stats_period", "0.2",
        "-f", "lavfi", "-i", ",".join((*clip.layers, *_titles(clip, seconds))),
        "-f", "lavfi", "-i", _sound(clip, seconds),
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-maxrate", "1500k", "-bufsize", "3000k",
        "-g", str(2 * FPS), "-keyint_min", str(2 * FPS), "-sc_threshold", "0", "-flags", "+cgop",
        "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-t", str(seconds),
    ]
    # fmt: on


def _titles(clip: DemoClip, seconds: int) -> tuple[str, ...]:
    shadow = ":shadowcolor=black@0.3:shadowx=2:shadowy=2"
    running = rf"%{{pts\:gmtime\:0\:%-M\\\:%S}} / {seconds // 60}\:{seconds % 60:02}"
    return (
        _text(clip.title, 76, str(_LEFT - 2), "500", bold=True, more=shadow),
        _text(f"Nonstop demo · {clip.number} of 4", 30, str(_LEFT), "592", "white@0.85"),
        _text(running, 30, f"{_RIGHT}-tw", "592", "white@0.85"),
        f"drawbox=x={_LEFT}:y=650:w={_RIGHT - _LEFT}:h=4:color=white@0.35:t=fill",
        _disc(34, f"{_LEFT}+{_RIGHT - _LEFT}*t/{seconds}", "652", "white"),
    )


def _sound(clip: DemoClip, seconds: int) -> str:
    """A chord whose notes swell in turn, faded at both ends."""
    notes = "+".join(f"sin(2*PI*{hz}*t)*(1+sin(2*PI*t/{6 + n}))" for n, hz in enumerate(clip.chord_hz))
    fades = f"afade=d=1,afade=t=out:st={seconds - 1}:d=1"
    return f"aevalsrc=exprs='0.04*({notes})':s={SAMPLE_RATE}:d={seconds}:c=mono,{fades},pan=stereo|c0=c0|c1=c0"


def _fonts() -> Path:
    """The folder of the DejaVu fonts in matplotlib, found without importing it, which takes a second."""
    package = find_spec("matplotlib")
    assert package
    assert package.origin
    return Path(package.origin).parent / "mpl-data" / "fonts" / "ttf"


def _escaped(path: Path) -> str:
    """Escapes a path as a filter option: FFmpeg unescapes the filter graph first, then the option."""
    option = re.sub(r"([\\':])", r"\\\1", str(path))
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
