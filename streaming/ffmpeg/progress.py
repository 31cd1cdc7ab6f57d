"""What FFmpeg tells of itself on `-progress`: proof that time advances."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from streaming.children import lines

PERIOD_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """One report: how far the output is, its speed against the clock, and what was dropped."""

    out_time_ms: float
    total_bytes: int
    speed: float
    dropped_frames: int


class ProgressPipe:
    """The pipe FFmpeg reports on: `option` goes on its command line, `writing_end` into the child."""

    def __init__(self) -> None:
        self._reading_end, self.writing_end = os.pipe()

    @property
    def options(self) -> list[str]:
        """FFmpeg's options that make it report here."""
        return ["-progress", f"pipe:{self.writing_end}", "-stats_period", str(PERIOD_SECONDS), "-nostats"]

    async def reports(self) -> AsyncIterator[Progress]:
        """Yields reports until the child ends. Call it once, when the child was started."""
        os.close(self.writing_end)
        reader = asyncio.StreamReader()
        with os.fdopen(self._reading_end, "rb") as pipe:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), pipe
            )
            try:
                async for report in parse(lines(reader)):
                    yield report
            finally:
                transport.close()


async def parse(report_lines: AsyncIterator[str]) -> AsyncIterator[Progress]:
    """Turns `key=value` lines into reports, one for each line that starts with `progress=`."""
    fields: dict[str, str] = {}
    async for line in report_lines:
        key, _, value = line.partition("=")
        fields[key.strip()] = value.strip()
        if key == "progress" and fields.get("out_time_us", "N/A") != "N/A":
            yield Progress(
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
