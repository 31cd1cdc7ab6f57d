"""Panels as rows: the message that shows a stream, and where it is to be."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import Panel


class PanelStore:
    """Reads and writes panels in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> Sequence[Panel]:
        """Every panel of every guild."""
        return (await self._session.exec(select(Panel))).all()

    async def count_others(self, guild_id: int, stream_id: int) -> int:
        """How many panels a guild has, but for the stream's."""
        others = select(func.count()).select_from(Panel).where(Panel.guild_id == guild_id, Panel.stream_id != stream_id)
        return (await self._session.exec(others)).one()

    async def with_problem(self) -> set[int]:
        """The streams whose panel can no longer be updated."""
        return set(await self._session.exec(select(Panel.stream_id).where(Panel.problem != "")))

    async def remove(self, stream_id: int | None) -> bool:
        """Deletes a stream's panel; says whether there was one."""
        return (await self._session.exec(delete(Panel).where(col(Panel.stream_id) == stream_id))).rowcount > 0

    async def remove_guild(self, guild_id: int) -> None:
        """Deletes all panels of a guild."""
        await self._session.exec(delete(Panel).where(col(Panel.guild_id) == guild_id))


class PlacedPanelStore:
    """Writes one panel, unless it was requested in another place or anew since its place was read."""

    def __init__(self, session: AsyncSession, stream_id: int, channel_id: int, posted_at: datetime | None) -> None:
        self._session = session
        self._is_unchanged: ColumnElement[bool] = and_(
            col(Panel.stream_id) == stream_id, col(Panel.channel_id) == channel_id, col(Panel.posted_at) == posted_at
        )

    async def write_message(self, message_id: int, posted_at: datetime) -> bool:
        """Writes the panel's new message; says whether the panel was unchanged."""
        posted = {"message_id": message_id, "posted_at": posted_at, "problem": ""}
        return (await self._session.exec(update(Panel).where(self._is_unchanged).values(**posted))).rowcount > 0

    async def write_problem(self, problem: str) -> None:
        """Writes why the panel can no longer be updated."""
        await self._session.exec(update(Panel).where(self._is_unchanged).values(problem=problem))

    async def remove(self) -> bool:
        """Deletes the panel; says whether it was unchanged."""
        return (await self._session.exec(delete(Panel).where(self._is_unchanged))).rowcount > 0
