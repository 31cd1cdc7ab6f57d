"""The connections of this process to the database. Each is closed in the end, also when its user is cancelled."""

import asyncio
import sqlite3
from functools import partial
from typing import Any

import aiosqlite

from streaming.process.acquire import opened

_ENDS_WITHIN_SECONDS = 10.0
"""How long a thread may take to finish its query: twice the time a query waits for a lock."""
_ROWS_AT_ONCE = 64


class Connections:
    """Opens connections for the pool, and knows all of them until they are closed.

    The pool forgets a connection that is given back after it was disposed of, and aiosqlite one that is being opened
    when whoever waits is cancelled. The collector would find those, and cannot end their threads.
    """

    def __init__(self) -> None:
        self._opening: set[asyncio.Task[aiosqlite.Connection]] = set()
        self._open: set[aiosqlite.Connection] = set()
        self._is_closed = False

    async def open(self, *arguments: Any, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401  (SQLAlchemy's for sqlite3)
        """Opens a connection. If the caller is cancelled, the opening is completed and the connection closed."""
        if self._is_closed:
            raise sqlite3.ProgrammingError("The database was closed.")
        connector = partial(sqlite3.connect, *arguments, **options)
        opening = asyncio.create_task(self._opened(connector))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        return await opened(opening, close=aiosqlite.Connection.stop)

    def close(self) -> None:
        """Refuses new connections from now on, and closes those that are given back."""
        self._is_closed = True

    def given_back(self, connection: aiosqlite.Connection) -> None:
        """Takes a connection back; closes it if the database was closed meanwhile."""
        if self._is_closed:
            connection.stop()

    async def ended(self) -> None:
        """Waits for the threads of closed connections. Those still in use are closed when they are given back."""
        while self._opening:
            await asyncio.wait(self._opening)
        await asyncio.to_thread(self._join)

    async def _opened(self, connector: partial[sqlite3.Connection]) -> aiosqlite.Connection:
        connection = _Connection(connector, _ROWS_AT_ONCE)
        thread = connection._thread  # noqa: SLF001  (aiosqlite keeps it to itself; SQLAlchemy takes it, too)
        thread.daemon = True
        await connection
        self._open = {one for one in self._open if one._thread.is_alive()} | {connection}  # noqa: SLF001
        return connection

    def _join(self) -> None:
        for connection in self._open:
            if not connection._running:  # noqa: SLF001  (it is to end)
                connection._thread.join(_ENDS_WITHIN_SECONDS)  # noqa: SLF001


class _Connection(aiosqlite.Connection):
    """A connection that may be stopped twice: with aiosqlite the second call never returns."""

    def stop(self) -> "asyncio.Future[Any] | None":
        """Ends the thread once its queue is empty."""
        return super().stop() if self._running else None
