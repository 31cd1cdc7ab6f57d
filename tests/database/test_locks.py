"""Transactions that exclude each other."""

import asyncio

import pytest
from sqlmodel import select

from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import EngineHeartbeat


async def count_up(database: Database) -> None:
    """Reads and then writes what it has read, as whoever counts before a limit does."""
    async with database.session() as session:
        await exclusive(session, Lock.STREAMS, guild_id=1)
        row = (await session.exec(select(EngineHeartbeat))).first() or EngineHeartbeat(name="one", pid=0)
        await asyncio.sleep(0.01)
        row.pid += 1
        session.add(row)
        await session.commit()


async def test_who_comes_second_reads_what_the_first_has_written(database: Database) -> None:
    await asyncio.gather(*(count_up(database) for _ in range(10)))
    async with database.session() as session:
        assert (await session.exec(select(EngineHeartbeat.pid))).one() == 10


@pytest.mark.parametrize("lock", Lock)
async def test_a_lock_may_be_taken_twice_and_after_a_write(database: Database, lock: Lock) -> None:
    async with database.session() as session:
        await exclusive(session, lock)
        await exclusive(session, lock)
        session.add(EngineHeartbeat(name="one", pid=1))
        await session.flush()
        await exclusive(session, lock, guild_id=2)
        await session.commit()
    await count_up(database)


async def test_a_transaction_that_is_rolled_back_lets_go(database: Database) -> None:
    async with database.session() as session:
        await exclusive(session, Lock.STREAMS)
    async with asyncio.timeout(2):
        await count_up(database)


async def test_others_may_read_meanwhile(database: Database) -> None:
    async with database.session() as session, database.session() as reader:
        await exclusive(session, Lock.STREAMS)
        async with asyncio.timeout(2):
            assert (await reader.exec(select(EngineHeartbeat))).all() == []
