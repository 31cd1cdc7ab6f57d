"""How Alembic runs our migrations: with the async engine, in batches, and with names for every constraint."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import async_engine_from_config
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import streaming.storage.tables  # noqa: F401  (registers the tables)


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401
    """Writes plain SQLAlchemy types, so that an old migration survives a new SQLModel."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate_with(connection: Connection) -> None:
    """Runs what is due on one connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    """Opens the database the configuration names and migrates it."""
    engine = async_engine_from_config(context.config.get_section("alembic") or {}, poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(migrate_with)
    await engine.dispose()


asyncio.run(migrate())
