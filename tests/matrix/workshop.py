"""Draws what odd files are made of: numbered pictures with shapes and colours to measure, beeps over a steady hum.

The upper half of a picture is the code of `tests.standins.picture_code`. The lower half holds a circle (is the shape
right?), a white, a grey and a red patch (are the colours?), and bars that run along the bottom (is it combed?).
"""

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from tests.standins import picture_code
from tests.standins.clips import BEEP_HZ, BEEP_SECONDS
from tests.standins.picture_code import Picture

CLIP_NUMBER = 200
"""The number in the pictures of every odd item."""
HUM_HZ = 330
LIMIT_SECONDS = 120
BLACK, WHITE, DARK, GREY, CIRCLE = 16, 235, 60, 126, 235
RED = (63, 102, 240)
"""Y, Cb and Cr of pure red by BT.709."""
BARS = 32
"""Pixels after which the running bars are the same again, in a picture 640 wide; they move by a quarter of it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in parts of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


CIRCLE_BOX = Box(0.02, 0.53, 0.48, 0.88)
WHITE_BOX = Box(0.52, 0.58, 0.64, 0.84)
GREY_BOX = Box(0.66, 0.58, 0.78, 0.84)
RED_BOX = Box(0.80, 0.58, 0.92, 0.84)
BARS_BOX = Box(0.0, 0.90, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Master:
    """Pictures and sound before they are made odd; `first` is the number of the first picture."""

    seconds: float = 6.0
    fps: float = 30
    width: int = 640
    height: int = 360
    first: int = 0
    shown_twice: bool = False
    """Each number is in two pictures, for those that become one of two fields."""


class Workshop:
    """Makes files in a folder that is its own."""

    def __init__(self, masters: Path, folder: Path) -> None:
        self._masters = masters
        self.folder = folder

    def run(self, *arguments: str | Path) -> None:
        """Runs FFmpeg. Raises CalledProcessError, with what it said, when it fails."""
        run_ffmpeg(*arguments)

    def master(self, master: Master | None = None) -> Path:
        """A master without loss, made if it is not there yet."""
        wanted = master or Master()
        path = self._masters / f"{hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]}.mov"
        if not path.exists():
            with tempfile.TemporaryDirectory(dir=self._masters) as folder:
                made = Path(folder) / path.name
                draw_master(made, wanted)
                made.replace(path)
        return path

    def place(self, name: str) -> Path:
        """Where something is put that is needed on the way."""
        return self.folder / name

    def plain(self, master: Master | None = None, *, name: str = "plain.mp4", options: tuple[str, ...] = ()) -> Path:
        """An ordinary file of H.264 and AAC, to be spoiled."""
        path = self.folder / name
        self.run("-i", self.master(master), *H264, *AAC, *options, path)
        return path

    def picture(self, name: str = "cover.jpg") -> Path:
        """A bright square picture, as covers are."""
        path = self.folder / name
        self.run("-f", "lavfi", "-i", "color=c=0xd0d0d0:s=600x600", "-frames:v", "1", path)
        return path


H264 = (
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-g", "60"),
    *("-sc_threshold", "0", "-bf", "2"),
)
AAC = ("-c:a", "aac", "-b:a", "128k", "-ar", "44100", "-ac", "2")


def run_ffmpeg(*arguments: str | Path) -> None:
    """Runs FFmpeg. Raises CalledProcessError, with what it said, when it fails."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    finished = subprocess.run(command, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    if finished.returncode:
        raise subprocess.CalledProcessError(finished.returncode, command, stderr=finished.stderr.decode())


def draw_master(path: Path, master: Master) -> None:
    """Draws a master: H.264 without loss and PCM."""
    size, rate = f"{master.width}x{master.height}", f"{master.fps:g}"
    tags = "range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "yuv444p", "-s", size, "-r", rate, "-i", "pipe:0"),
        *("-f", "lavfi", "-i", f"{sound(master.first / master.fps)}:d={master.seconds}"),
        *("-vf", f"setparams={tags}", "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv444p"),
        *("-g", "30", "-c:a", "pcm_s16le", str(path)),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin
        for frame in Drawing(master).frames():
            ffmpeg.stdin.write(frame)
        ffmpeg.stdin.close()
        if ffmpeg.wait(LIMIT_SECONDS):
            raise subprocess.CalledProcessError(ffmpeg.returncode, command)


def sound(begins_seconds: float = 0.0) -> str:
    """The source of the sound: a hum that never ends, and a beep at every whole second."""
    time = f"(t+{begins_seconds:g})"
    beep = f"0.5*sin(2*PI*{BEEP_HZ}*t)*lt(mod({time}\\,1)\\,{BEEP_SECONDS})"
    one = f"0.06*sin(2*PI*{HUM_HZ}*t)+{beep}"
    return f"aevalsrc={one}|{one}:s=48000:c=stereo"


@dataclass
class Drawing:
    """The pictures of a master."""

    master: Master

    def frames(self) -> Iterator[bytes]:
        """Every picture as yuv444p."""
        master = self.master
        luma, chroma = self._still
        for count in range(round(master.seconds * master.fps)):
            number = master.first + (count // 2 if master.shown_twice else count)
            picture_code.draw(luma, clip_number=CLIP_NUMBER, frame_number=number, black=BLACK, white=WHITE)
            self._run_bars(luma, count)
            yield luma.tobytes() + chroma

    @cached_property
    def _still(self) -> tuple[Picture, bytes]:
        """What stays as it is: the lower half, and the colours of all."""
        shape = (self.master.height, self.master.width)
        planes = [np.full(shape, level, np.uint8) for level in (DARK, 128, 128)]
        self._fill(planes[0], WHITE_BOX, WHITE)
        self._fill(planes[0], GREY_BOX, GREY)
        for plane, level in zip(planes, RED, strict=True):
            self._fill(plane, RED_BOX, level)
        rows, columns = np.mgrid[: shape[0], : shape[1]]
        centre = (
            (CIRCLE_BOX.top + CIRCLE_BOX.bottom) / 2 * shape[0],
            (CIRCLE_BOX.left + CIRCLE_BOX.right) / 2 * shape[1],
        )
        radius = 0.46 * min(
            (CIRCLE_BOX.bottom - CIRCLE_BOX.top) * shape[0], (CIRCLE_BOX.right - CIRCLE_BOX.left) * shape[1]
        )
        planes[0][(rows + 0.5 - centre[0]) ** 2 + (columns + 0.5 - centre[1]) ** 2 <= radius**2] = CIRCLE
        return planes[0], planes[1].tobytes() + planes[2].tobytes()

    def _fill(self, plane: Picture, box: Box, level: int) -> None:
        height, width = plane.shape
        plane[
            round(box.top * height) : round(box.bottom * height), round(box.left * width) : round(box.right * width)
        ] = level

    def _run_bars(self, luma: Picture, count: int) -> None:
        height, width = luma.shape
        period = max(2, BARS * width // 640)
        columns = (np.arange(width) + count * period // 4) // (period // 2) % 2
        luma[round(BARS_BOX.top * height) :] = np.where(columns, WHITE, BLACK).astype(np.uint8)
