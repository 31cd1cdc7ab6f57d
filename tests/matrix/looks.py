"""Measures pictures as a player shows them: how round the circle is, how true the colours, whether it is combed."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from tests.matrix.workshop import BARS_BOX, CIRCLE_BOX, GREY_BOX, RED_BOX, WHITE_BOX, Box
from tests.standins.picture_code import Area

WIDTH, HEIGHT = 640, 360
_LIMIT_SECONDS = 120
_ROUNDED_SECONDS = 0.002
_BARS_LOOKED_AT = Box(0.02, 0.93, 0.98, 0.985)
Shades: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture looks like; levels count from 0 to 255."""

    roundness: float
    """The circle's width by its height."""
    white: tuple[float, float, float]
    grey: tuple[float, float, float]
    red: tuple[float, float, float]
    comb: float
    """How far lines differ from their neighbours where they should not."""
    mean: float
    """How bright the whole picture is."""


def looks(path: Path, moments: Sequence[float], aspect: Fraction) -> list[Look]:
    """What the pictures of some moments of a recording look like on a 16:9 screen."""
    if not moments:
        return []
    area = Area.of(aspect, frame_width=WIDTH, frame_height=HEIGHT)
    return [_look(picture, area) for picture in _pictures(path, moments)]


def _pictures(path: Path, moments: Sequence[float]) -> Shades:
    """Pictures as red, green and blue, fitted into 16:9 by the shape their pixels say they have.

    They are chosen by their times: where their size changes, FFmpeg begins to count anew.
    """
    chosen = "+".join(
        f"between(t,{moment - _ROUNDED_SECONDS:.4f},{moment + _ROUNDED_SECONDS:.4f})" for moment in moments
    )
    fitted = f"scale={WIDTH}:{HEIGHT}:force_original_aspect_ratio=decrease:reset_sar=1,pad={WIDTH}:{HEIGHT}:-1:-1"
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-copyts", "-i", str(path), "-map", "0:v"),
        *("-vf", f"select='{chosen}',{fitted},format=rgb24", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"),
    ]
    finished = subprocess.run(command, capture_output=True, check=True, timeout=_LIMIT_SECONDS)
    pictures: Shades = np.frombuffer(finished.stdout, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).astype(np.float64)
    return pictures


def _look(picture: Shades, area: Area) -> Look:
    bars = _part(picture, _BARS_LOOKED_AT, area).mean(axis=2)
    between = (bars[:-2] + bars[2:]) / 2
    return Look(
        roundness=_roundness(_part(picture, CIRCLE_BOX, area).mean(axis=2)),
        white=_colour(_part(picture, WHITE_BOX, area)),
        grey=_colour(_part(picture, GREY_BOX, area)),
        red=_colour(_part(picture, RED_BOX, area)),
        comb=float(np.abs(bars[1:-1] - between).mean()),
        mean=float(picture.mean()),
    )


def _part(picture: Shades, box: Box, area: Area) -> Shades:
    rows = slice(round(area.top + box.top * area.height), round(area.top + box.bottom * area.height))
    columns = slice(round(area.left + box.left * area.width), round(area.left + box.right * area.width))
    return picture[rows, columns]


def _roundness(part: Shades) -> float:
    """The extent of what is bright, across by down, to parts of a pixel."""
    is_bright = part > (part.min() + part.max()) / 2
    across, down = is_bright.sum(axis=1).max(initial=0), is_bright.sum(axis=0).max(initial=0)
    return float(across / down) if down else 0.0


def _colour(part: Shades) -> tuple[float, float, float]:
    height, width = part.shape[:2]
    middle = part[height // 4 : max(height // 4 + 1, 3 * height // 4), width // 4 : max(width // 4 + 1, 3 * width // 4)]
    red, green, blue = middle.mean(axis=(0, 1)).tolist()
    return red, green, blue


assert BARS_BOX.top < _BARS_LOOKED_AT.top
