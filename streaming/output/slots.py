"""Slots: what an uplink's FFmpeg reads. Its concat list names one Unix socket 20,000 times; each line is one slot.

All items with equal parameters flow through one slot as one Matroska stream. A new slot begins only where the
parameters change or an uplink has to jump.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from streaming.timeline.program import Program
from streaming.timeline.read_position import ReadPosition

_OPENINGS = 20_000
"""A list of 20,000 lines costs FFmpeg almost nothing; 200,000 lines cost 70 MB."""
_SOCKET_BYTES = 1 << 16


class Slots:
    """Serves the slots of one uplink from the program, at the uplink's read position."""

    def __init__(self, program: Program, position: ReadPosition, folder: Path) -> None:
        self._program = program
        self._position = position
        self._socket_path = folder / "slot.sock"
        self.list_path = folder / "slots.ffconcat"
        self._server: asyncio.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listens while one FFmpeg of the uplink runs."""
        self._write_list()
        # Serving begins below: if it began in this call, a cancellation would leave a server that nobody closes.
        self._server = await asyncio.start_unix_server(self._opened, self._socket_path, start_serving=False)
        try:
            await self._server.start_serving()
            yield
        finally:
            await self.close()

    def _write_list(self) -> None:
        """Writes the list once: an uplink that comes back must not depend on room on the disk."""
        content = "ffconcat version 1.0\n" + f"file 'unix:{self._socket_path}'\n" * _OPENINGS
        if not self.list_path.exists() or self.list_path.stat().st_size != len(content.encode()):
            self.list_path.write_text(content)

    async def close(self) -> None:
        """Ends the open slot and stops listening, which releases an FFmpeg that waits in the slot."""
        if self._server:
            self._server.close()
            self._server = None
            self._socket_path.unlink(missing_ok=True)
        if self._serving:
            self._serving.cancel()
            await asyncio.wait([self._serving])

    async def _opened(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving = asyncio.current_task()
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BYTES)
        writer.transport.set_write_buffer_limits(high=_SOCKET_BYTES)
        try:
            await self._fill(writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the uplink is gone, and `Uplink` notices
        finally:
            writer.close()

    async def _fill(self, writer: asyncio.StreamWriter) -> None:
        """Writes header and clusters until the next cluster needs a new slot."""
        placed = await self._program.next_cluster(self._position)
        self._position.start_slot(placed)
        header = placed.header
        writer.write(header.data)
        while placed.header is header and not self._position.jumped:
            writer.writelines(placed.pieces)
            self._program.advance(self._position)
            await writer.drain()
            placed = await self._program.next_cluster(self._position)
