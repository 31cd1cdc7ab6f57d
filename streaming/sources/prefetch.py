"""Fetches the beginning of a remote part before it is asked for, and keeps it while its source is open.

FFmpeg opens an item in small steps, one part after the other: it reads the first bytes, closes, reads on a little
further. Each step would cost a journey to the origin. With the beginnings of all parts on their way at once they cost
one in all.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from streaming.sources.remote import RemoteReader

PREFETCH_BYTES = 256 << 10
"""More than the index and the first half second of a part."""


class PrefetchingReader:
    """A remote reader whose beginning is kept once `begin` has been called; until then, just a reader."""

    def __init__(self, reader: RemoteReader) -> None:
        self._reader = reader
        self._pass = reader.read(0)
        self._is_pass_taken = False
        self._head = bytearray()
        self._grown = asyncio.Event()
        self._fetching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Fetches the beginning, in a task of its own. Whoever calls this has to close the reader."""
        self._fetching = asyncio.create_task(self._fetch(), name="fetch a beginning")
        self._fetching.add_done_callback(lambda task: task.cancelled() or task.exception())  # told to whoever reads

    @property
    def length_bytes(self) -> int | None:
        """The whole length, as far as it is known."""
        return self._reader.length_bytes

    @property
    def bytes_read(self) -> int:
        """What has come from the origin, repeats included."""
        return self._reader.bytes_read

    @property
    def position(self) -> int:
        """Up to which byte it was read last."""
        return self._reader.position

    async def measure(self) -> int | None:
        """The whole length in bytes, or None if the origin does not tell. Raises as `read` does."""
        async with aclosing(self.read(0, 1)) as chunks:
            await anext(chunks, b"")
        return await self._reader.measure()

    async def read(self, start: int, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yields the bytes from `start` up to `stop` or the end, and raises, as the reader behind it does."""
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
        """Ends the fetching. Closing twice does no harm."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        if not self._is_pass_taken:
            await self._pass.aclose()

    async def _fetch(self) -> None:
        try:
            async for chunk in self._pass:
                self._head += chunk
                self._tell()
                if len(self._head) >= PREFETCH_BYTES:
                    return
        finally:
            self._tell()

    def _tell(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    @property
    def _is_whole(self) -> bool:
        """Whether the head is all there is."""
        return bool(self._head) and len(self._head) == self.length_bytes

    def _rest(self, position: int, stop: int | None) -> AsyncGenerator[bytes, None]:
        """Goes on with the pass that fetched the head, which only one reader can do; others ask anew."""
        if not self._head or self._is_pass_taken or stop is not None or position != len(self._head):
            return self._reader.read(position, stop)
        self._is_pass_taken = True
        return self._pass
