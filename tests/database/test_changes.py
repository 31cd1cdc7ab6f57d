"""Being told of what others commit."""

import asyncio

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
    async def one() -> bool:
        async with database.changes() as changes:
            return await changes.wait(10)

    waiting = [asyncio.create_task(one()) for _ in range(40)]
    async with asyncio.timeout(5):
        async with database.session() as session:
            await session.connection()
        while not all(task.done() for task in waiting):
            await engine.beat()
            await asyncio.wait(waiting, timeout=0.1)
    assert all(task.result() for task in waiting)
