"""Mutual exclusion between transactions: those that check first and write afterwards."""

from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

EVERY_GUILD = 0


class Lock(StrEnum):
    """What one transaction at a time may check and change, in one guild or in all of them."""

    COMMANDS = "commands"
    ENCODES = "encodes"
    GUILDS = "guilds"
    PANELS = "panels"
    PLAYLISTS = "playlists"
    RUNS = "runs"
    SETTINGS = "settings"
    STREAMS = "streams"
    TARGETS = "targets"


async def exclusive(session: AsyncSession, lock: Lock, guild_id: int = EVERY_GUILD) -> None:  # noqa: ARG001  (see below)
    """Waits until no other transaction holds the lock, and holds it until this one ends.

    Take it before the first read, or what was read may be out of date. Taking it twice does no harm.

    SQLite has one write lock for the whole file, so `lock` and `guild_id` make no difference there
    (https://www.sqlite.org/lang_transaction.html). They are what `pg_advisory_xact_lock` would be given.
    """
    connection = await session.connection()
    driver = (await connection.get_raw_connection()).driver_connection
    # The driver begins transactions only before it writes, so one that is open has the write lock already.
    if driver is not None and not driver.in_transaction:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
