"""Thumbnails: a short FFmpeg at low priority converts one keyframe to JPEG."""

import asyncio
from contextlib import suppress

from streaming.ffmpeg.messages import FFmpeg, Thumbnails
from streaming.model.errors import ServiceUnavailable
from streaming.process.subprocesses import Child

_NICENESS = 15
_LIMIT_SECONDS = 5.0
_WIDTH = 640


def command(ffmpeg: str) -> list[str]:
    """The command line: Matroska in, its first keyframe out, 640 pixels wide in its display aspect."""
    return [
        *(ffmpeg, "-nostdin", "-hide_banner", "-v", "error", "-threads", "1", "-skip_frame", "nokey"),
        *("-f", "matroska", "-i", "pipe:0", "-map", "0:v:0", "-frames:v", "1"),
        *("-vf", f"scale={_WIDTH}:trunc(ow/dar/2)*2,setsar=1", "-threads", "1", "-q:v", "4"),
        *("-f", "image2pipe", "-c:v", "mjpeg", "pipe:1"),
    ]


async def jpeg(ffmpeg: str, keyframe: bytes) -> bytes:
    """Converts the keyframe that begins a Matroska stream. Raises ServiceUnavailable when no picture comes."""
    try:
        child = await Child.start(command(ffmpeg), stdin=True, niceness=_NICENESS)
    except OSError as error:
        raise ServiceUnavailable(FFmpeg.CANNOT_RUN(reason=str(error.strerror))) from error
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            picture = await _through(child, keyframe)
    except TimeoutError:
        raise ServiceUnavailable(Thumbnails.NONE(), hint=Thumbnails.TOO_BUSY()) from None
    finally:
        await child.stop()
    if not picture:
        raise ServiceUnavailable(Thumbnails.NONE(), hint=Thumbnails.NEXT_ITEM())
    return picture


async def _through(child: Child, keyframe: bytes) -> bytes:
    """Writes and reads concurrently: neither pipe may fill up while the other one is awaited."""
    reading = asyncio.create_task(child.stdout.read())
    try:
        with suppress(ConnectionError):  # FFmpeg closes its input once it has the picture
            child.stdin.write(keyframe)
            await child.stdin.drain()
        child.stdin.close()
        return await reading
    finally:
        reading.cancel()
        await asyncio.wait([reading])
