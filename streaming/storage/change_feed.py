"""The feed of commits: one task polls the database for every listener of a process.

SQLite sends no notifications. `PRAGMA data_version` changes for a connection when another connection has committed
(https://www.sqlite.org/pragma.html#pragma_data_version), so the feed keeps one connection that never writes. On a
database server a LISTEN would take the place of the polling; listeners would not notice.
"""

import asyncio
import contextvars
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_POLL_SECONDS = 0.1
_QUERY = "PRAGMA data_version"

Patiently = Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]


class ChangeFeed:
    """Polls while somebody listens, from the first listener to the last."""

    def __init__(self, engine: AsyncEngine, patiently: Patiently) -> None:
        """`patiently` retries a poll while the database is away, as `Database.patiently` does."""
        self._engine = engine
        self._patiently = patiently
        self._listeners = 0
        self._poller: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._connection: AsyncConnection | None = None
        self._version: int | None = None
        self._changes = 0
        self._requests: list[asyncio.Future[None]] = []
        self._wake = asyncio.Event()
        self._pauses: set[asyncio.Timeout] = set()
        self._failure: Exception | None = None
        self._is_closed = False

    @asynccontextmanager
    async def listen(self) -> AsyncIterator["Changes"]:
        """Gives a listener that sees every commit from now on. Raises what the database raises when it is away."""
        self._listeners += 1
        try:
            await self.poll()
            yield Changes(self)
        finally:
            self._listeners -= 1
            self._wake.set()

    async def close(self) -> None:
        """Ends the polling; whoever still waits gets the error of a closed database."""
        self._is_closed = True
        self._fail(_closed())
        if self._poller:
            self._poller.cancel()
        while unfinished := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(unfinished)

    @property
    def changes(self) -> int:
        """Counts the polls that found a commit."""
        return self._changes

    async def poll(self) -> None:
        """Polls now. Everybody who asks meanwhile shares the next query, so this costs little.

        Raises what the database raises. The query runs in the poller's task: cancelling one listener must not cost the
        connection, and with it the version that was read last.
        """
        if self._is_closed:
            raise _closed()
        request = asyncio.get_running_loop().create_future()
        self._requests.append(request)
        self._wake.set()
        if self._poller is None:
            self._failure = None
            self._poller = self._spawn(self._run(), "poll for changes")
        await request

    async def wait(self, after: int, timeout_seconds: float) -> None:
        """Waits until more than `after` changes were counted, at most `timeout_seconds`.

        Raises what ended the polling, if something did.
        """
        if self._changes == after and not self._failure:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as pause:
                    self._pauses.add(pause)
                    try:
                        await asyncio.sleep(timeout_seconds)
                    finally:
                        self._pauses.discard(pause)
        if self._failure:
            raise self._failure

    async def _run(self) -> None:
        try:
            while self._listeners or self._requests:
                await self._patiently(self._poll)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_POLL_SECONDS):
                        await self._wake.wait()
                self._wake.clear()
        except Exception as error:  # noqa: BLE001  (listeners are told, and the next one begins again)
            self._fail(error)
        finally:
            self._poller = None
            await self._disconnect()

    async def _poll(self) -> None:
        if not (self._listeners or self._requests):
            return  # the last listener left while the database was away
        requests, self._requests = self._requests, []
        try:
            version = await self._read_version()
        except BaseException as error:
            _settle(requests, error if isinstance(error, Exception) else _closed())
            await self._disconnect()
            raise
        if version != self._version:
            self._version = version
            self._changes += 1
            self._end_pauses()
        _settle(requests)

    async def _read_version(self) -> int:
        if self._connection is None:
            self._connection = await self._engine.connect()
            # A transaction would keep the version it began with.
            await self._connection.execution_options(isolation_level="AUTOCOMMIT")
        return int((await self._connection.exec_driver_sql(_QUERY)).scalar_one())

    async def _disconnect(self) -> None:
        """Closes the connection. Versions of two connections do not compare, so the next one counts as changed."""
        connection, self._connection, self._version = self._connection, None, None
        if connection:
            # A close that is cancelled half-way leaves the connection's thread behind.
            await asyncio.shield(self._spawn(_close(connection), "close the connection of the change feed"))

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> "asyncio.Task[None]":
        # All listeners share the task, so it must not inherit the context of the one that came first.
        return contextvars.Context().run(self._start, work, name)

    def _start(self, work: Coroutine[None, None, None], name: str) -> "asyncio.Task[None]":
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _fail(self, error: Exception) -> None:
        requests, self._requests = self._requests, []
        self._failure = error
        _settle(requests, error)
        self._end_pauses()

    def _end_pauses(self) -> None:
        pauses, self._pauses = self._pauses, set()
        for pause in pauses:
            pause.reschedule(0.0)  # in the past, so it expires at once


class Changes:
    """One listener's view of the feed: what it has seen, and what is new."""

    def __init__(self, feed: ChangeFeed) -> None:
        self._feed = feed
        self._seen = feed.changes

    async def seen(self) -> bool:
        """Whether anything was committed since the last call."""
        await self._feed.poll()
        return self._is_new()

    async def wait(self, timeout_seconds: float) -> bool:
        """Waits for the next change, at most `timeout_seconds`; says whether there was one."""
        if not await self.seen():
            await self._feed.wait(self._seen, timeout_seconds)
            return self._is_new()
        return True

    def _is_new(self) -> bool:
        before, self._seen = self._seen, self._feed.changes
        return before != self._seen


def _settle(requests: list["asyncio.Future[None]"], error: Exception | None = None) -> None:
    for request in requests:
        if request.done():
            continue
        if error:
            request.set_exception(error)
        else:
            request.set_result(None)


async def _close(connection: AsyncConnection) -> None:
    with suppress(DBAPIError):
        await connection.close()


def _closed() -> ProgrammingError:
    return ProgrammingError(_QUERY, None, sqlite3.ProgrammingError("The database was closed."))
