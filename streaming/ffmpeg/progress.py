"""FFmpeg's `-progress` reports, which prove that its output advances."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

PERIOD_SECONDS = 0.1
_READ_BYTES = 4096
_END = re.compile(rb"progress=\w+\n")
"""The last line of every report."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One report: output time, size, speed relative to the clock, dropped frames."""

    out_time_ms: float
    total_bytes: int
    speed: float
    dropped_frames: int


class ProgressPipe:
    """The pipe for FFmpeg's reports: `options` go on its command line, `writing_end` into the child."""

    def __init__(self) -> None:
        self._reading_end, self.writing_end = os.pipe()

    @property
    def options(self) -> list[str]:
        return ["-progress", f"pipe:{self.writing_end}", "-stats_period", str(PERIOD_SECONDS), "-nostats"]

    def close(self) -> None:
        """Closes both ends when no child was started."""
        os.close(self._reading_end)
        os.close(self.writing_end)

    async def reports(self) -> AsyncIterator[Progress]:
        """Yields reports until the child ends. Call it once, after the child has started."""
        os.close(self.writing_end)
        text = b""
        async with aclosing(_chunks(self._reading_end)) as chunks:
            async for chunk in chunks:
                *whole, text = _END.split(text + chunk)
                for report in whole:
                    if (progress := _read(_fields(report.decode(errors="replace").splitlines()))) is not None:
                        yield progress


async def _chunks(descriptor: int) -> AsyncGenerator[bytes, None]:
    """Reads a pipe to its end. Reports are short and many, and asyncio's own reader allocates 256 KiB for each read."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[bytes] = asyncio.Queue()
    loop.add_reader(descriptor, lambda: arrived.put_nowait(os.read(descriptor, _READ_BYTES)))
    try:
        while chunk := await arrived.get():
            yield chunk
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def parse(report_lines: AsyncIterator[str]) -> AsyncIterator[Progress]:
    """Groups `key=value` lines into reports, each ended by a line `progress=…`."""
    gathered: list[str] = []
    async for line in report_lines:
        gathered.append(line)
        if line.startswith("progress="):
            if (progress := _read(_fields(gathered))) is not None:
                yield progress
            gathered = []


def _fields(report_lines: list[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in report_lines)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _read(fields: dict[str, str]) -> Progress | None:
    """Builds a report; None before the first output."""
    if fields.get("out_time_us", "N/A") == "N/A":
        return None
    return Progress(
        out_time_ms=int(fields["out_time_us"]) / 1000,
        total_bytes=_whole(fields.get("total_size", "")),
        speed=_decimal(fields.get("speed", "").removesuffix("x")),
        dropped_frames=_whole(fields.get("drop_frames", "")),
    )


def _whole(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 0


def _decimal(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # N/A before the first packet
        return 0.0
