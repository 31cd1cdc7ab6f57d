"""Bytes on their way from an origin to a reader, in memory only and never more than a limit."""

import asyncio
from collections import deque


class Buffer:
    """A queue of chunks between one filling task and one reading task."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._chunks: deque[bytes] = deque()
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._is_ended = False
        self.size_bytes = 0

    async def put(self, chunk: bytes) -> None:
        """Adds a chunk, waiting while the buffer is full; it passes the limit by one chunk at most."""
        await self.drained_below(self._limit_bytes)
        self._chunks.append(chunk)
        self.size_bytes += len(chunk)
        self._filled.set()

    async def drained_below(self, size_bytes: int) -> None:
        """Waits until fewer than `size_bytes` are left to read."""
        while self.size_bytes >= size_bytes:
            self._drained.clear()
            await self._drained.wait()

    async def get(self) -> bytes:
        """The next chunk, or nothing when the end was marked and all has been read."""
        while not self._chunks and not self._is_ended:
            self._filled.clear()
            await self._filled.wait()
        if not self._chunks:
            return b""
        chunk = self._chunks.popleft()
        self.size_bytes -= len(chunk)
        self._drained.set()
        return chunk

    def end(self) -> None:
        """Marks that nothing more will come."""
        self._is_ended = True
        self._filled.set()
