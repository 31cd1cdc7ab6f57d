"""Incidents as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import Incident


class IncidentStore:
    """Reads and writes incidents in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self) -> Sequence[Incident]:
        """Every incident that is not over."""
        return (await self._session.exec(select(Incident).where(col(Incident.ended_at).is_(None)))).all()

    async def last(self, stream_id: int) -> Incident | None:
        """A stream's newest incident."""
        last = select(Incident).where(Incident.stream_id == stream_id).order_by(col(Incident.id).desc()).limit(1)
        return (await self._session.exec(last)).first()

    async def end_all(self, guild_id: int, ended_at: datetime) -> None:
        """Ends the open incidents of a guild."""
        is_open = (col(Incident.guild_id) == guild_id, col(Incident.ended_at).is_(None))
        await self._session.exec(update(Incident).where(*is_open).values(ended_at=ended_at))
