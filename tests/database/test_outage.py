"""Work with a database that is out of use for a while, and mistakes that waiting does not mend."""

import logging
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from streaming.storage.database import Database, is_passing
from streaming.storage.tables import EngineHeartbeat


async def add_one(database: Database) -> None:
    async with database.session() as session:
        session.add(EngineHeartbeat(name="one", pid=1))
        await session.commit()


async def test_work_is_done_once_the_database_is_back_and_the_outage_is_told_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "streaming.storage.database")
    tries = 0

    async def work() -> str:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OperationalError("INSERT", None, sqlite3.OperationalError("database is locked"))
        return "done"

    assert await database.patiently(work) == "done"
    assert tries == 3
    assert len(caplog.messages) == 2
    assert caplog.messages[0].startswith("The database cannot be used: database is locked")


async def test_a_mistake_is_not_waited_for(database: Database) -> None:
    await add_one(database)
    with pytest.raises(IntegrityError):
        await database.patiently(lambda: add_one(database))


async def test_a_table_that_is_not_there_is_a_mistake(database: Database) -> None:
    async with database.session() as session:
        with pytest.raises(OperationalError) as caught:
            await (await session.connection()).execute(text("SELECT * FROM nowhere"))
    assert not is_passing(caught.value)


def test_a_damaged_file_may_be_put_back() -> None:
    assert is_passing(DatabaseError("SELECT", None, sqlite3.DatabaseError("database disk image is malformed")))
