"""Prefetches the beginning of a remote part, and keeps it while its source is open.

FFmpeg opens an item in small steps, one part after the other: it reads the first bytes, closes the connection and
reads a little further. Each step would cost a round trip to the origin. Prefetching all parts at the same time costs
one round trip in all.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from streaming.sources.remote import RemoteReader

PREFETCH_BYTES = 256 << 10
"""More than the index and the first half second of a part."""


class PrefetchingReader:
    """A remote reader that keeps the first bytes after `begin`. Before that it only passes reads on."""

    def __init__(self, reader: RemoteReader) -> None:
        self._reader = reader
        self._pass = reader.read(0)
        self._is_pass_taken = False
        self._head = bytearray()
        self._grown = asyncio.Event()
        self._fetching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Starts the prefetch as a task. The caller has to close the reader."""
        self._fetching = asyncio.create_task(self._fetch(), name="fetch a beginning")
        self._fetching.add_done_callback(lambda task: task.cancelled() or task.exception())  # `read` raises it

    @property
    def length_bytes(self) -> int | None:
        return self._reader.length_bytes

    @property
    def bytes_read(self) -> int:
        """Bytes received from the origin, repeats included."""
        return self._reader.bytes_read

    @property
    def position(self) -> int:
        return self._reader.position

    async def measure(self) -> int | None:
        """Returns the whole length in bytes, or None if the origin does not say. Raises as `read` does."""
        async with aclosing(self.read(0, 1)) as chunks:
            await anext(chunks, b"")
        return await self._reader.measure()

    async def read(self, start: int, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yields the bytes from `start` to `stop` or the end. Raises as `RemoteReader.read` does."""
        position = start
        while self._fetching and position < PREFETCH_BYTES and (stop is None or position < stop):
            if position < len(self._head):
                chunk = bytes(self._head[position:stop])
                position += len(chunk)
                yield chunk
            elif self._fetching.done():
                self._fetching.result()
                break
            else:
                await self._grown.wait()
        if self._is_whole or (stop is not None and position >= stop):
            return
        async with aclosing(self._rest(position, stop)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def close(self) -> None:
        """Cancels the prefetch. Closing twice is harmless."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        if not self._is_pass_taken:
            await self._pass.aclose()

    async def _fetch(self) -> None:
        try:
            async for chunk in self._pass:
                self._head += chunk
                self._wake_readers()
                if len(self._head) >= PREFETCH_BYTES:
                    return
        finally:
            self._wake_readers()

    def _wake_readers(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    @property
    def _is_whole(self) -> bool:
        """Whether the prefetched bytes are the whole part."""
        return bool(self._head) and len(self._head) == self.length_bytes

    def _rest(self, position: int, stop: int | None) -> AsyncGenerator[bytes, None]:
        """Continues the prefetch's own connection, which only one reader can; others open a new one."""
        if not self._head or self._is_pass_taken or stop is not None or position != len(self._head):
            return self._reader.read(position, stop)
        self._is_pass_taken = True
        return self._pass
