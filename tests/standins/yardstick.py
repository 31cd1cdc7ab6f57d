"""A plain FFmpeg that publishes beside what is tested: what it suffers, the machine did."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import imageio_ffmpeg

from streaming.process.subprocesses import Child

_FAIR = 1.5


@asynccontextmanager
async def plain_publication(clip: Path, url: str) -> AsyncIterator[None]:
    """Publishes a clip again and again, as it is, for as long as the block lasts."""
    source = ["-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(clip)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *source, "-c", "copy", "-f", "flv", "-tcp_nodelay", "1", url]
    child = await Child.start(command, stdout=False, on_error_line=print)
    try:
        yield
    finally:
        await child.stop()


def allowed_gap_seconds(limit_seconds: float, plain_gap_seconds: float) -> float:
    """The longest wait that is not held against us: one over the limit is forgiven when two thirds of it were plain's.

    `plain_gap_seconds` is the longest wait of the plain publication in the same time.
    """
    return max(limit_seconds, _FAIR * plain_gap_seconds)
