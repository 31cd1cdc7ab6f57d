"""Engines as rows: their heartbeats, and the leases by which one of them publishes a stream."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import EngineHeartbeat, Lease


async def database_now(session: AsyncSession) -> datetime:
    """The time by the database's clock, which is the same for every engine and the bot."""
    now = (await session.exec(select(func.now()))).one()
    return now.replace(tzinfo=now.tzinfo or UTC)


class EngineStore:
    """Reads and writes heartbeats in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def beat(self, heartbeat: EngineHeartbeat) -> None:
        """Writes a heartbeat."""
        await self._session.merge(heartbeat)

    async def remove(self, name: str) -> None:
        """Removes an engine that ends."""
        await self._session.exec(delete(EngineHeartbeat).where(col(EngineHeartbeat.name) == name))

    async def alive(self, silent_after: timedelta) -> Sequence[EngineHeartbeat]:
        """The engines seen within that time, by name."""
        rows = (await self._session.exec(select(EngineHeartbeat).order_by(EngineHeartbeat.name))).all()
        now = await database_now(self._session)
        return [row for row in rows if abs(now - row.seen_at) <= silent_after]  # abs: clocks are set back, too


class LeaseStore:
    """Reads and writes the leases of one holder in the transaction of a session."""

    def __init__(self, session: AsyncSession, holder: str) -> None:
        self._session = session
        self._holder = holder

    async def acquire(self, name: str, life: timedelta) -> None:
        """Takes or renews a lease. The commit raises IntegrityError while another holder has it."""
        now = await database_now(self._session)
        is_free = (col(Lease.holder) == self._holder) | (col(Lease.expires_at) < now)
        until = now + life
        renewed = await self._session.exec(
            update(Lease).where(col(Lease.name) == name, is_free).values(holder=self._holder, expires_at=until)
        )
        if renewed.rowcount == 0:
            self._session.add(Lease(name=name, holder=self._holder, expires_at=until))

    async def has(self, name: str) -> bool:
        """Whether the lease is this holder's at present."""
        now = await database_now(self._session)
        ours = (col(Lease.name) == name, col(Lease.holder) == self._holder, col(Lease.expires_at) > now)
        return (await self._session.exec(select(Lease).where(*ours))).first() is not None

    async def release(self, name: str) -> None:
        """Gives a lease up; one of another holder stays."""
        await self._session.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == self._holder))
