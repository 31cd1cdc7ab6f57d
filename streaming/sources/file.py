"""Local files as bytes that can be served from any offset."""

import asyncio
from collections.abc import AsyncGenerator
from io import BufferedReader
from pathlib import Path

from streaming.model.errors import ItemUnavailable
from streaming.model.message import Message
from streaming.process.acquire import opened

_CHUNK_BYTES = 64 << 10


class FileReader:
    """One file, readable from any byte."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.length_bytes: int | None = None
        self.bytes_read = 0
        self.position = 0

    def begin(self) -> None:
        """Does nothing: a file needs no prefetch."""

    async def close(self) -> None:
        """Does nothing: every read closes its own handle."""

    async def measure(self) -> int:
        """Returns the length in bytes. Raises ItemUnavailable when the file cannot be read."""
        try:
            self.length_bytes = (await asyncio.to_thread(self._path.stat)).st_size
        except OSError as error:
            raise self._unavailable(error) from error
        return self.length_bytes

    async def read(self, start: int, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yields the bytes from `start` to `stop` or the end. Raises ItemUnavailable when the file cannot be read."""
        length = await self.measure()
        end = length if stop is None else min(stop, length)
        try:
            with await opened(asyncio.to_thread(self._path.open, "rb"), close=BufferedReader.close) as file:
                file.seek(start)
                while chunk := await asyncio.to_thread(file.read, min(_CHUNK_BYTES, end - start)):
                    self.bytes_read += len(chunk)
                    self.position = start = start + len(chunk)
                    yield chunk
        except OSError as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: OSError) -> ItemUnavailable:
        return ItemUnavailable(Message(f"{self._path} cannot be read: {error.strerror or 'a fault of this machine'}"))
