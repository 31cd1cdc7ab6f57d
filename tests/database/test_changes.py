"""The change feed: every listener hears of every commit, over one connection."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError
from sqlalchemy.pool import QueuePool

from streaming.storage.database import Database
from streaming.storage.tables import EngineHeartbeat
from tests.standins.paper_engine import PaperEngine


async def test_commit_of_another_process_wakes_who_waits(database: Database, engine: PaperEngine) -> None:
    async with database.changes() as changes:
        waiting = asyncio.create_task(changes.wait(5))
        await engine.beat()
        assert await waiting


async def test_commit_of_our_own_wakes_too(database: Database) -> None:
    async with database.changes() as changes:
        async with database.session() as session:
            session.add(EngineHeartbeat(name="one", pid=1))
            await session.commit()
        assert await changes.seen()


async def test_commit_before_the_wait_is_not_missed(database: Database, engine: PaperEngine) -> None:
    async with database.changes() as changes:
        await engine.beat()
        assert await changes.wait(0)


async def test_without_a_commit_the_wait_ends_at_its_limit(database: Database) -> None:
    async with database.changes() as changes:
        assert not await changes.wait(0.2)


async def test_many_who_wait_leave_connections_for_others(database: Database, engine: PaperEngine) -> None:
    waiting = [asyncio.create_task(_waited(database)) for _ in range(40)]
    async with asyncio.timeout(5):
        async with database.session() as session:
            await session.connection()
        while not all(task.done() for task in waiting):
            await engine.beat()
            await asyncio.wait(waiting, timeout=0.1)
    assert all(task.result() for task in waiting)


async def test_fifty_listeners_share_one_connection(database: Database, engine: PaperEngine) -> None:
    async with AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(database.changes()) for _ in range(50)]
        waiting = [asyncio.create_task(each.wait(10)) for each in listeners]
        await engine.beat()
        assert all(await asyncio.gather(*waiting))
        assert _connections(database) == 1
    await _until_idle(database)


async def test_polling_begins_again_with_the_next_listener(database: Database, engine: PaperEngine) -> None:
    for _ in range(3):
        async with database.changes() as changes:
            await engine.beat()
            assert await changes.wait(5)
        await _until_idle(database)


async def test_a_change_is_new_to_each_listener_once(database: Database, engine: PaperEngine) -> None:
    async with database.changes() as one, database.changes() as other:
        await engine.beat()
        assert await one.seen()
        assert not await one.seen()
        assert await other.wait(0)
        assert not await other.wait(0)


async def test_what_was_committed_before_is_no_change(database: Database, engine: PaperEngine) -> None:
    async with database.changes():
        await engine.beat()
        async with database.changes() as later:
            assert not await later.seen()


async def test_no_commit_is_lost_between_two_waits(database: Database, engine: PaperEngine) -> None:
    async with database.changes() as changes:
        for _ in range(20):
            await engine.beat()
            assert await changes.wait(5)


async def test_a_cancelled_listener_harms_no_other(database: Database, engine: PaperEngine) -> None:
    async with database.changes() as changes:
        for steps in range(10):
            other = asyncio.create_task(_waited(database))
            for _ in range(steps):
                await asyncio.sleep(0)
            other.cancel()
        await engine.beat()
        assert await changes.wait(5)
        assert _connections(database) == 1


async def test_an_outage_is_waited_out_and_its_commits_are_not_missed(
    database: Database, engine: PaperEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.changes() as changes:
        waiting = asyncio.create_task(changes.wait(20))
        await asyncio.sleep(0.2)
        with _outage(database):
            await _logged(caplog, "The database cannot be used")
            with pytest.raises(DatabaseError):
                await changes.seen()
            with pytest.raises(DatabaseError):
                await _waited(database)
            await engine.beat()
            assert not waiting.done()
        assert await waiting
        assert _connections(database) == 1
    assert caplog.text.count("The database cannot be used") == caplog.text.count("The database can be used again") == 1


async def test_polling_ends_with_the_last_listener_during_an_outage(database: Database) -> None:
    with _outage(database):
        with pytest.raises(DatabaseError):
            await _waited(database)
        await _until_idle(database)


async def test_closing_fails_those_who_wait(database: Database) -> None:
    async with database.changes() as changes:
        waiting = asyncio.create_task(changes.wait(20))
        await asyncio.sleep(0.2)
        await database.close()
        with pytest.raises(ProgrammingError, match="closed"):
            await waiting
        with pytest.raises(ProgrammingError, match="closed"):
            await changes.seen()


async def _waited(database: Database) -> bool:
    async with database.changes() as changes:
        return await changes.wait(10)


@contextmanager
def _outage(database: Database) -> Iterator[None]:
    """Every query of this process fails, as on a disk that does not answer."""

    def fail(*_: object) -> None:
        raise OperationalError("", None, sqlite3.OperationalError("disk I/O error"))

    event.listen(database.engine.sync_engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", fail)


async def _logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(5):
        while words not in caplog.text:
            await asyncio.sleep(0.01)


async def _until_idle(database: Database) -> None:
    async with asyncio.timeout(5):
        while _connections(database) or any(task.get_name() == "poll for changes" for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)


def _connections(database: Database) -> int:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()
