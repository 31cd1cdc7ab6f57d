"""Reads lines from a terminal or standard input so that waiting for one can be cancelled."""

import asyncio
import contextlib
import os
import sys
import termios
import threading
from collections.abc import Iterator

from streaming.model.errors import UsageError
from streaming.model.message import Message

_CHUNK_BYTES = 65_536
_LINE_BYTES = 65_536


class Lines:
    """Standard input, line by line."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self.is_terminal = os.isatty(self._descriptor)
        self._reader = asyncio.StreamReader(limit=_LINE_BYTES)
        # A thread, because the loop cannot wait for files; a daemon, because nothing ends a blocked read.
        threading.Thread(target=self._pump, args=(asyncio.get_running_loop(),), name="lines", daemon=True).start()

    async def read(self) -> str | None:
        """The next line without its end, or None at the end of input. Raises UsageError when it is too long."""
        try:
            line = await self._reader.readline()
        except ValueError:
            raise UsageError(Message("A line on standard input is longer than any command.")) from None
        return line.decode(errors="replace").strip() if line else None

    @contextlib.contextmanager
    def hidden(self) -> Iterator[None]:
        """Turns a terminal's echo off."""
        if not self.is_terminal:
            yield
            return
        before = termios.tcgetattr(self._descriptor)
        silent = before.copy()
        silent[3] &= ~termios.ECHO
        termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, silent)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, before)

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the console has ended
            while chunk := self._chunk():
                loop.call_soon_threadsafe(self._reader.feed_data, chunk)
            loop.call_soon_threadsafe(self._reader.feed_eof)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._descriptor, _CHUNK_BYTES)
        except OSError:  # the terminal is gone
            return b""
