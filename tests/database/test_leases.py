"""Leases: one holder at a time, taken over when they expire, told when they are lost."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import col, update

from streaming.engine.leases import Leases
from streaming.storage.database import Database
from streaming.storage.tables import Lease


async def expire(database: Database, name: str) -> None:
    async with database.session() as session:
        past = datetime.now(UTC) - timedelta(seconds=5)
        await session.exec(update(Lease).where(col(Lease.name) == name).values(expires_at=past))
        await session.commit()


async def test_only_one_engine_holds_a_lease(database: Database) -> None:
    assert await Leases(database, "one").take("stream 1")
    assert not await Leases(database, "other").take("stream 1")
    assert await Leases(database, "other").take("stream 2")


async def test_an_engine_in_the_same_place_takes_its_lease_over_at_once(database: Database) -> None:
    assert await Leases(database, "one").take("stream 1")
    assert await Leases(database, "one").take("stream 1")


async def test_a_lease_from_before_a_restart_is_held_while_nobody_may_write(database: Database) -> None:
    assert await Leases(database, "one").take("stream 1")
    async with database.session() as writer:
        await writer.exec(update(Lease).values(holder="one"))  # not committed: nobody else may write meanwhile
        async with asyncio.timeout(2), Leases(database, "one").hold("stream 1", lost=lambda: None):
            await writer.rollback()


async def test_an_expired_lease_of_our_own_is_taken_anew(database: Database) -> None:
    assert await Leases(database, "one").take("stream 1")
    await expire(database, "stream 1")
    async with Leases(database, "one").hold("stream 1", lost=lambda: None):
        assert not await Leases(database, "other").take("stream 1")


async def test_an_expired_lease_is_taken_over_once(database: Database) -> None:
    assert await Leases(database, "one").take("stream 1")
    await expire(database, "stream 1")
    assert sum(await asyncio.gather(*(Leases(database, f"engine {n}").take("stream 1") for n in range(5)))) == 1


async def test_a_released_lease_is_free(database: Database) -> None:
    async with Leases(database, "one").hold("stream 1", lost=lambda: None):
        assert not await Leases(database, "other").take("stream 1")
    assert await Leases(database, "other").take("stream 1")


async def test_whoever_waits_gets_the_lease_when_it_is_released(database: Database) -> None:
    one, other = Leases(database, "one"), Leases(database, "other", ask_seconds=0.05)

    async def wait_for_it() -> None:
        async with other.hold("stream 1", lost=lambda: None):
            pass

    async with one.hold("stream 1", lost=lambda: None):
        waiting = asyncio.create_task(wait_for_it())
        await asyncio.wait([waiting], timeout=0.2)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 5)


async def test_a_lost_lease_is_told_at_the_next_renewal(database: Database) -> None:
    lost = asyncio.Event()
    async with Leases(database, "one", renew_seconds=0.05).hold("stream 1", lost=lost.set):
        await expire(database, "stream 1")
        while not await Leases(database, "other").take("stream 1"):  # it may have been renewed just in between
            await expire(database, "stream 1")
        await asyncio.wait_for(lost.wait(), 5)
