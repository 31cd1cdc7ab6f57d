"""The database that bot and engine share: connections, outages and migrations."""

import asyncio
import fcntl
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import ConfigurationError, DatabaseDamaged, SchemaError
from streaming.model.message import Message
from streaming.storage.change_feed import ChangeFeed, Changes
from streaming.storage.connections import Connections

_log = logging.getLogger(__name__)

_BUSY_MILLISECONDS = 5000
_RETRY_SECONDS = 0.5
_LOOK_FOR_DAMAGE_SECONDS = 3.0
_INSTRUCTIONS_AT_ONCE = 10_000
_NO_LIMIT = -1
"""A session that waits for a lock must not keep others from reading."""
_REVISIONS = Path(__file__).parent / "migrations" / "versions"

T = TypeVar("T")


class Database:
    """The pool of connections. One session per unit of work, never shared between tasks."""

    def __init__(self, url: str) -> None:
        self._connections = Connections()
        self.engine: AsyncEngine = create_async_engine(
            _existing(url),
            max_overflow=_NO_LIMIT,
            hide_parameters=True,
            connect_args={"async_creator_fn": self._connections.open},
        )
        self._outage = Outage()
        self._feed = ChangeFeed(self.engine, self.patiently)
        event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(self.engine.sync_engine, "checkin", self._given_back)
        self.session = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    async def close(self) -> None:
        """Closes idle connections now, and those in use when their sessions end. No new one is opened."""
        self._connections.close()
        await self._feed.close()
        await self.engine.dispose()
        await self._connections.ended()

    def _given_back(self, connection: Any, _record: object) -> None:  # noqa: ANN401  (SQLAlchemy's adapted DBAPI connection)
        if connection:
            self._connections.given_back(connection.driver_connection)

    async def patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Does a unit of work; repeats it every half second while the database is locked, away, or its disk full.

        `work` opens its own session and has no effect when it fails. There is no limit: cancel it to give up.
        """
        try:
            return await work()
        except DatabaseError as error:
            if not is_passing(error):
                raise
            cause = error
        with self._outage.logged(cause):
            while True:
                await asyncio.sleep(_RETRY_SECONDS)
                try:
                    return await work()
                except DatabaseError as error:
                    if not is_passing(error):
                        raise

    def changes(self) -> AbstractAsyncContextManager[Changes]:
        """Listens for commits of any process, from now on. Entering raises what the database raises when it is away."""
        return self._feed.listen()


class Outage:
    """Logs the beginning of an outage once, and its end once nobody waits any more."""

    def __init__(self) -> None:
        self._waiting = 0
        self._began = 0.0

    @contextmanager
    def logged(self, error: DatabaseError) -> Iterator[None]:
        """Counts one more that waits while the block runs."""
        if not self._waiting:
            self._began = time.monotonic()
            hint = "; `python -m bot check` says how to recover it" if is_damage(error.orig) else ""
            _log.warning("The database cannot be used: %s. Streams stay on air; retrying%s", error.orig, hint)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
        if not self._waiting:
            _log.warning("The database can be used again, after %.0f s", time.monotonic() - self._began)


def is_passing(error: Exception) -> bool:
    """Whether the error is about the state of the database and not about the statement, so that a retry may help."""
    if not isinstance(error, OperationalError) and type(error) is not DatabaseError:
        return False
    # A missing table is an operational error, too; its code is that of any faulty statement.
    return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite found the file damaged."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _existing(url: str) -> URL:
    """The URL that opens the file only if it exists. A new empty file would hide the real one once that is back."""
    parsed = make_url(url)
    return parsed.set(database=f"file:{quote(parsed.database or '')}", query={"mode": "rw", "uri": "true"})


def migrate(url: str) -> None:
    """Brings the database to this version's schema, making it where there is none.

    Runs an event loop of its own: call it before yours, or in a thread. Raises ConfigurationError when the place cannot
    be written, SchemaError when what is there is newer than us or not ours.
    """
    path = Path(make_url(url).database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _only_one_at_a_time(path):
            _check_is_whole(path)
            if _revision(path) != _newest():
                from streaming.storage.migrations import running  # noqa: PLC0415  (Alembic is slow to load, and seldom needed)

                _check_is_ours(path, running.is_known)
                running.upgrade(url)
            _use_write_ahead_log(path)
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {path.parent} cannot be written: {error.strerror}.",
            hint=Message("Set [streaming] data_dir to a folder of this user, or [database] url to a file in one."),
        ) from error
    except (sqlite3.DatabaseError, DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        if is_damage(cause):
            raise _damaged(path, _sentence(error)) from error
        _log.debug("%s cannot be used", path, exc_info=error)
        raise SchemaError(f"{path} cannot be used as a database: {_sentence(error)}.") from error


def _sentence(error: Exception) -> str:
    """The message of SQLite without the statement and values that SQLAlchemy adds."""
    original = getattr(error, "orig", None) or error
    return str(original).partition("\n")[0] if isinstance(original, sqlite3.Error) else type(original).__name__


def _newest() -> str:
    """The revision of this version: they count up, and so do the names of their files."""
    return max(file.name for file in _REVISIONS.glob("[0-9]*.py")).partition("_")[0]


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _revision(path: Path) -> str | None:
    """The schema's revision, as Alembic keeps it; None where it never ran."""
    if "alembic_version" not in _tables(path):
        return None
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _check_is_ours(path: Path, is_known: Callable[[str], bool]) -> None:
    revision = _revision(path)
    if _tables(path) and revision is None:
        raise SchemaError(
            f"{path} holds another program's tables.",
            hint=Message("Name another file in [database] url, or move this one."),
        )
    if revision and not is_known(revision):
        raise SchemaError(
            f"{path} was made by a newer Nonstop (schema {revision}).",
            hint=Message("Update Nonstop, or name another file in [database] url."),
        )


def _check_is_whole(path: Path) -> None:
    """Checks the file for a few seconds at most, because the start waits for it. Raises DatabaseDamaged."""
    if not path.exists():
        return
    until = time.monotonic() + _LOOK_FOR_DAMAGE_SECONDS
    with closing(sqlite3.connect(path)) as connection:
        connection.set_progress_handler(lambda: time.monotonic() > until, _INSTRUCTIONS_AT_ONCE)
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY):
                raise
            return
    if found != "ok":
        raise _damaged(path, " ".join(found.split()).removeprefix("*** in database main *** "))


def _damaged(path: Path, reason: str) -> DatabaseDamaged:
    return DatabaseDamaged(
        f"{path} cannot be used as a database: it is damaged ({reason}).",
        hint=Message("`python -m bot check` says how to recover what is in it."),
    )


@contextmanager
def _only_one_at_a_time(path: Path) -> Iterator[None]:
    """Bot and engine start together: one migrates, and the other finds the work done."""
    with path.with_name(path.name + ".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use_write_ahead_log(path: Path) -> None:
    """Lets readers and one writer work at the same time. The file keeps the mode; setting it needs exclusive access."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  (SQLAlchemy's adapted DBAPI connection)
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_MILLISECONDS}", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
