"""The number in the picture: clip and frame as black and white blocks, drawn into frames and read from small ones.

The upper half of the picture is a grid of 8 by 4 blocks. Its corners are the reference (white above, black below); the
others hold 8 bits of clip number, 16 of frame number and 4 of check sum, row by row, the highest bit first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
Levels: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.int64]

ROWS, COLUMNS = 4, 8
CLIP_BITS, FRAME_BITS, CHECK_BITS = 8, 16, 4
CHECK_OF_ZERO = 0b1010  # so that neither all black nor all white is a code
ASPECTS = (Fraction(16, 9), Fraction(4, 3), Fraction(1), Fraction(3, 4), Fraction(9, 16))  # the widest first

_LEAST_CONTRAST = 90  # of 255, between the reference blocks
_LEAST_CLARITY = 0.2  # how far from the middle between black and white every block must be
_SAMPLED = (0.3, 0.7)  # the part of a block that is looked at: its edges are blurred by scaling
_WHITE_CORNERS, _BLACK_CORNERS = (0, COLUMNS - 1), (-COLUMNS, -1)
_DATA_BLOCKS = np.delete(np.arange(ROWS * COLUMNS), [*_WHITE_CORNERS, *_BLACK_CORNERS])


@dataclass(frozen=True, slots=True)
class Area:
    """Where in a frame the picture is, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, aspect: Fraction, *, frame_width: int, frame_height: int) -> "Area":
        """The area of a picture of this aspect ratio fitted into a 16:9 frame (of whatever pixels) with bars."""
        relative = float(aspect / Fraction(16, 9))
        width, height = frame_width * min(1.0, relative), frame_height * min(1.0, 1 / relative)
        return cls((frame_width - width) / 2, (frame_height - height) / 2, width, height)


def draw(luma: Picture, *, clip_number: int, frame_number: int, black: int, white: int) -> None:
    """Draws the code into the upper half of a luma plane (height by width)."""
    blocks = np.zeros(ROWS * COLUMNS, np.uint8)
    blocks[list(_WHITE_CORNERS)] = 1
    blocks[_DATA_BLOCKS] = _bits(clip_number, frame_number)
    height, width = luma.shape
    rows = np.arange(height // 2) * ROWS // (height // 2)
    columns = np.arange(width) * COLUMNS // width
    grid = np.where(blocks.reshape(ROWS, COLUMNS), white, black).astype(np.uint8)
    luma[: height // 2] = grid[rows][:, columns]


def read(frames: Picture, aspects: Iterable[Fraction] = ASPECTS) -> tuple[Numbers, Numbers]:
    """Clip and frame numbers of grey frames (count by height by width, showing 16:9); -1 where there is no code."""
    clips, numbers = np.full((2, len(frames)), -1, np.int64)
    for aspect in aspects:  # a wider one never reads a narrower picture: its upper corners would be the bars
        unread = np.flatnonzero(clips < 0)
        area = Area.of(aspect, frame_width=frames.shape[2], frame_height=frames.shape[1])
        clips[unread], numbers[unread] = _read_area(frames[unread], area)
    return clips, numbers


def _bits(clip_number: int, frame_number: int) -> list[int]:
    check = int(_check(np.array([clip_number]), np.array([frame_number]))[0])
    value = (clip_number << FRAME_BITS | frame_number) << CHECK_BITS | check
    return [value >> bit & 1 for bit in reversed(range(len(_DATA_BLOCKS)))]


def _check(clips: Numbers, numbers: Numbers) -> Numbers:
    """The exclusive or of all nibbles."""
    value = clips << FRAME_BITS | numbers
    check = np.full_like(value, CHECK_OF_ZERO)
    for shift in range(0, CLIP_BITS + FRAME_BITS, CHECK_BITS):
        check ^= value >> shift & 0xF
    return check


def _read_area(frames: Picture, area: Area) -> tuple[Numbers, Numbers]:
    levels = _block_levels(frames, area)
    white = levels[:, list(_WHITE_CORNERS)].min(axis=1)
    black = levels[:, list(_BLACK_CORNERS)].max(axis=1)
    contrast = np.maximum(white - black, 1.0)
    shades = (levels - black[:, None]) / contrast[:, None] - 0.5
    value = _value(shades[:, _DATA_BLOCKS] > 0)
    check, numbers, clips = value & 0xF, value >> CHECK_BITS & 0xFFFF, value >> (CHECK_BITS + FRAME_BITS)
    is_clear = (contrast >= _LEAST_CONTRAST) & (np.abs(shades).min(axis=1) >= _LEAST_CLARITY)
    is_read = is_clear & (check == _check(clips, numbers))
    return np.where(is_read, clips, -1), np.where(is_read, numbers, -1)


def _value(bits: NDArray[np.bool_]) -> Numbers:
    weights = 1 << np.arange(bits.shape[1], dtype=np.int64)[::-1]
    value: Numbers = bits @ weights
    return value


def _block_levels(frames: Picture, area: Area) -> Levels:
    """The mean grey of the middle of every block: count by blocks."""
    rows = _middles(area.top, area.height / 2 / ROWS, ROWS)
    columns = _middles(area.left, area.width / COLUMNS, COLUMNS)
    return np.stack([frames[:, row, column].mean(axis=(1, 2)) for row in rows for column in columns], axis=1)


def _middles(begin: float, size: float, count: int) -> Sequence[slice]:
    """The pixels in the middle of each block along one axis, at least one."""
    firsts = [round(begin + (block + _SAMPLED[0]) * size) for block in range(count)]
    lasts = [round(begin + (block + _SAMPLED[1]) * size) for block in range(count)]
    return [slice(first, max(last, first + 1)) for first, last in zip(firsts, lasts, strict=True)]
